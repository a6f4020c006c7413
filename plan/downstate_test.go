package plan_test

import (
	"strings"
	"testing"

	"fastpath/plan"
)

// A target that reads the environment at its module level stays only where the
// tree changes what it reads, as far as names tell.
func TestEnvironmentByVariable(t *testing.T) {
	const reader = "-- settings.py --\nimport os, shutil, pathlib, getpass, tempfile\nX = READ\n-- a.py --\nimport settings\ndef f(): return settings.X\n-- b.py --\nimport os, dotenv\ndef g(name):\n    CHANGE\n"
	for _, c := range []struct {
		read, change string
		blocked      bool
	}{
		{`os.environ["HOME"]`, `os.environ["HOME"] = "/"`, true},
		{`os.environ["HOME"]`, `os.environ["LANG"] = "C"`, false},
		{`os.getenv("HOME")`, `os.environ.pop("LANG", None)`, false},
		{`os.getenv("home")`, `os.putenv("HOME", "/")`, true},
		{`os.environ.get("HOME")`, `os.environ[name] = "/"`, true},
		{`os.environ.get("HOME")`, `os.environ.update(LANG="C")`, true},
		{`os.environ.get("HOME")`, `dotenv.load_dotenv("LANG")`, true},
		{`dict(os.environ)`, `os.environ["LANG"] = "C"`, true},
		{`os.environ["HOME"]`, `os.environ = name`, true},
		{`shutil.which("git")`, `os.environ["PATH"] = "/bin"`, true},
		{`os.path.expandvars("$HOME")`, `os.environ["HOME"] = "/"`, true},
		{`shutil.which("git")`, `os.environ["LANG"] = "C"`, false},
		{`os.path.expanduser("~")`, `os.environ["HOME"] = "/"`, true},
		{`os.path.expanduser("~")`, `os.environ["USER"] = "me"`, false},
		{`pathlib.Path("~/x").expanduser()`, `os.environ["HOME"] = "/"`, true},
		{`pathlib.Path("~/x").expanduser()`, `os.environ["USER"] = "me"`, false},
		{`getpass.getuser()`, `os.environ["USER"] = "me"`, true},
		{`getpass.getuser()`, `os.environ["HOME"] = "/"`, false},
		{`tempfile.mkdtemp()`, `os.environ["TMPDIR"] = "/"`, true},
		{`tempfile.mkdtemp()`, `os.environ["HOME"] = "/"`, false},
	} {
		in := plan.Input{Policy: plan.Default(), Modules: tree(t, strings.NewReplacer("READ", c.read, "CHANGE", c.change).Replace(reader))}
		everything(&in, 500, 1)
		got := lines(in, plan.Make(in))
		if blocked := strings.Contains(got, "a.py settings: state-at-import"); blocked != c.blocked || !blocked && !strings.Contains(got, "a.py settings: sink f") {
			t.Errorf("%s after %s: want blocked %v, got\n%s", c.read, c.change, c.blocked, got)
		}
	}
}

// What asks for the encoding is changed only by what sets LC_CTYPE, which has
// the user's preference from the start.
func TestLocaleByCategory(t *testing.T) {
	const reader = "-- settings.py --\nimport locale\nX = READ\n-- a.py --\nimport settings\ndef f(): return settings.X\n-- b.py --\nimport locale, os, gettext, time\ndef g(name):\n    CHANGE\n"
	for _, c := range []struct {
		read, change string
		blocked      bool
	}{
		{`locale.getlocale()`, `locale.setlocale(locale.LC_ALL, "")`, false},
		{`locale.getpreferredencoding(False)`, `locale.setlocale(locale.LC_CTYPE, "")`, false},
		{`locale.getlocale()`, `locale.setlocale(locale.LC_ALL)`, false},
		{`locale.getlocale()`, `locale.setlocale(locale.LC_ALL, None)`, false},
		{`locale.getlocale()`, `locale.setlocale(locale.LC_TIME, "C")`, false},
		{`locale.getlocale()`, `gettext.textdomain("app")`, false},
		{`locale.getlocale()`, `time.tzset()`, false},
		{`locale.getlocale()`, `locale.setlocale(locale.LC_ALL, "C")`, true},
		{`locale.getlocale()`, `locale.setlocale(locale.LC_ALL, name)`, true},
		{`locale.getlocale()`, `locale.setlocale(name, "C")`, true},
		{`locale.getlocale()`, `locale.setlocale(*name)`, true},
		{`locale.getlocale()`, `os.environ["LANG"] = name; locale.setlocale(locale.LC_ALL, "")`, true},
		{`locale.getlocale()`, `os.environ["HOME"] = name; locale.setlocale(locale.LC_ALL, "")`, false},
		{`locale.getlocale()`, `os.environ[name] = name; locale.setlocale(locale.LC_ALL, "")`, true},
		{`locale.getlocale()`, `os.environ = name; locale.setlocale(locale.LC_ALL, "")`, false},
	} {
		in := plan.Input{Policy: plan.Default(), Modules: tree(t, strings.NewReplacer("READ", c.read, "CHANGE", c.change).Replace(reader))}
		everything(&in, 500, 1)
		got := lines(in, plan.Make(in))
		if blocked := strings.Contains(got, "a.py settings: state-at-import"); blocked != c.blocked || !blocked && !strings.Contains(got, "a.py settings: sink f") {
			t.Errorf("%s after %s: want blocked %v, got\n%s", c.read, c.change, c.blocked, got)
		}
	}
}

// A folder that is added to the search path hides nothing, and a change of the
// working directory hides only what was found through a relative folder.
func TestSearchPath(t *testing.T) {
	const user = "-- a.py --\nimport yaml\ndef f(): return yaml.x\n-- b.py --\nimport os, sys\ndef g(monkeypatch, name):\n    CHANGE\n"
	for _, c := range []struct {
		change, file string
		blocked      bool
	}{
		{`monkeypatch.syspath_prepend(name)`, "", false},
		{`sys.path.insert(0, name)`, "", false},
		{`sys.path.insert(0, "package"); os.chdir(name)`, "", true},
		{`sys.path.insert(0, "package"); os.chdir(name)`, "package/yaml/__init__.py", true},
		{`sys.path.insert(0, "package"); os.chdir(name)`, "<site>/yaml/__init__.py", false},
		{`sys.path.pop(0)`, "<site>/yaml/__init__.py", true},
		{`sys.path[:] = name`, "", true},
		{`saved = sys.path[:]; sys.path[:] = saved`, "", false},
		{`saved = list(sys.path); sys.path = saved`, "", false},
		{`saved = list(sys.path); saved = name; sys.path = saved`, "", true},
	} {
		in := plan.Input{Policy: plan.Default(), Modules: tree(t, strings.Replace(user, "CHANGE", c.change, 1))}
		everything(&in, 500, 1)
		m := in.Profile.Modules["yaml"]
		m.File = c.file
		in.Profile.Modules["yaml"] = m
		got := lines(in, plan.Make(in))
		if blocked := strings.Contains(got, "a.py yaml: state-at-import"); blocked != c.blocked || !blocked && !strings.Contains(got, "a.py yaml: sink f") {
			t.Errorf("%s, found in %q: want blocked %v, got\n%s", c.change, c.file, c.blocked, got)
		}
	}
}

// The modules that importing runs on sink like others, but not into what
// importing itself calls.
func TestImportSystem(t *testing.T) {
	for _, c := range []struct {
		source  string
		blocked bool
	}{
		{"import importlib\ndef f(name): return importlib.import_module(name)\n", false},
		{"import importlib.util\ndef f(name): return importlib.util.find_spec(name)\n", false},
		{"import codecs\ndef f(x): return codecs.encode(x)\n", false},
		{"import importlib, sys\ndef f(name): return importlib.import_module(name)\ndef g(hook): sys.meta_path.append(hook)\n", true},
		{"import json\nclass Finder:\n    def find_spec(self, name, path=None, target=None): return read(name)\ndef read(name): return json.loads(name)\n", true},
		{"import json\ndef __getattr__(name): return read(name)\ndef read(name): return json.loads(name)\n", true},
		{"import json\nclass A:\n    def __getattr__(self, name): return json.loads(name)\n", false},
	} {
		in := plan.Input{Policy: plan.Default(), Modules: tree(t, "-- a.py --\n"+c.source)}
		everything(&in, 500, 1)
		got := lines(in, plan.Make(in))
		if blocked := strings.Contains(got, "import-system"); blocked != c.blocked || !blocked && !strings.Contains(got, "sink") {
			t.Errorf("%s: want blocked %v, got\n%s", c.source, c.blocked, got)
		}
	}
}

// What a process has one of, and what code makes of it: a target that finds it when
// it loads stays where the tree sets it.
func TestStates(t *testing.T) {
	const reader = "-- lib.py --\nimport READS\nX = READ\n-- a.py --\nimport lib\ndef f(): return lib.X\n-- b.py --\nimport SETS\ndef g(name, tmp_path):\n    CHANGE\n"
	imports := func(expression string) string {
		var list []string
		for _, m := range []string{"builtins", "concurrent.futures", "datetime", "decimal", "freezegun", "gc", "glob", "importlib.resources", "json", "locale", "logging.config", "moto",
			"multiprocessing", "os", "pathlib", "pytest", "random", "shutil", "socket", "subprocess", "sys", "threading", "time", "uuid", "warnings"} {
			if root, _, _ := strings.Cut(m, "."); strings.Contains(expression, root) {
				list = append(list, m)
			}
		}
		return strings.Join(append(list, "types"), ", ")
	}
	for _, c := range []struct {
		read, change string
		blocked      bool
	}{
		{`sys.getrecursionlimit()`, `sys.setrecursionlimit(9)`, true},
		{`sys.getswitchinterval()`, `sys.setrecursionlimit(9)`, false},
		{`gc.isenabled()`, `gc.disable()`, true},
		{`decimal.Decimal(1) / 3`, `decimal.getcontext().prec = 3`, true},
		{`decimal.Decimal("1.5")`, `decimal.getcontext().prec = 3`, false},
		{`random.random()`, `random.seed(name)`, true},
		{`random.Random(1)`, `random.seed(name)`, false},
		{`time.timezone`, `time.tzset()`, true},
		{`time.time()`, `freezegun.freeze_time(name)`, true},
		{`datetime.datetime.now()`, `time.sleep(1)`, false},
		{`warnings.warn("old")`, `warnings.simplefilter("ignore")`, true},
		{`warnings.warn("old")`, `with pytest.warns(name): pass`, true},
		{`warnings.warn("old")`, `name.assertWarns(Warning)`, true},
		{`logging.getLogger("x")`, `logging.setLoggerClass(name)`, true},
		{`logging.getLogger("x")`, `logging.config.dictConfig(name)`, true},
		{`logging.getLogger("x")`, `logging.config.dictConfig({"disable_existing_loggers": False})`, false},
		{`logging.getLogger("x")`, `logging.config.fileConfig(name, disable_existing_loggers=False)`, false},
		{`logging.getLogger("x").isEnabledFor(10)`, `logging.getLogger().setLevel(10)`, true},
		{`logging.getLogger("lib.x").setLevel(10)`, `logging.getLogger("lib.x").setLevel(20)`, true},
		{`logging.getLogger("lib.x").setLevel(10)`, `logging.getLogger("lib.y").setLevel(20)`, false},
		{`logging.getLogger("lib.x").setLevel(10)`, `name.set_level(20, logger="x")`, true},
		{`logging.getLogger("lib.x").setLevel(10)`, `logging.getLogger("lib.x").info("x")`, false},
		{`hasattr(builtins, "_")`, `builtins._ = name`, true},
		{`json.JSONEncoder.default`, `json.JSONEncoder.default = name`, true},
		{`json.JSONEncoder.encode`, `json.JSONEncoder.default = name`, false},
		{`os.getpid()`, `os.fork()`, true},
		{`uuid.uuid4()`, `multiprocessing.Process(target=name)`, true},
		{`threading.get_ident()`, `concurrent.futures.ThreadPoolExecutor()`, true},
		{`locale.localeconv()`, `locale.setlocale(locale.LC_ALL, "C")`, true},
		{`subprocess.run(["git"])`, `os.chdir(name)`, true},
		{`socket.create_connection(0)`, `socket.setdefaulttimeout(1)`, true},
		{`socket.create_connection(0)`, `moto.mock_aws()`, true},
		{`socket.create_connection(0)`, `os.environ["AWS_PROFILE"] = name`, true},
		{`socket.create_connection(0)`, `os.environ["HOME"] = name`, false},
		{`print("hello")`, `sys.stdout = name`, true},
		{`print("hello", file=sys.stderr)`, `sys.stdout = name`, false},
		{`open("a.txt").read()`, `open("a.txt", "w")`, true},
		{`open("a.txt").read()`, `open("b.txt", "w")`, false},
		{`open("a.txt").read()`, `open("a.txt")`, false},
		{`open("a.txt").read()`, `open(name, "w")`, true},
		{`open("a.txt").read()`, `open(name, name)`, true},
		{`open("a.txt").read()`, `os.chdir(name)`, true},
		{`open("/a/b.txt").read()`, `os.chdir(name)`, false},
		{`open("/a/b.txt").read()`, `open(name, "w")`, false},
		{`open("/a/b.txt").read()`, `shutil.copy(name, "/c/b.txt")`, true},
		{`glob.glob("*.txt")`, `pathlib.Path("x.txt").touch()`, true},
		{`glob.glob("*.txt")`, `pathlib.Path("x.py").touch()`, false},
		{`pathlib.Path("a").exists()`, `os.rename(name, "a")`, true},
		{`pathlib.Path("a").exists()`, `(tmp_path / "a").write_text("")`, true},
		{`pathlib.Path("a").exists()`, `(tmp_path / "b").write_text("")`, false},
		{`pathlib.Path("a").resolve()`, `os.chdir(name)`, true},
		{`pathlib.Path(__file__).resolve()`, `os.chdir(name)`, false},
		{`(pathlib.Path(__file__).parent / "a").read_text()`, `os.chdir(name)`, false},
		{`(pathlib.Path(__file__).parent / "a").read_text()`, `open(name, "w")`, false},
		{`(pathlib.Path(__file__).parent / "a").read_text()`, `(tmp_path / "a").write_text("")`, true},
		{`os.listdir(os.path.dirname(__file__))`, `open(name, "w")`, false},
		{`os.listdir(os.path.dirname(__file__))`, `open(os.path.join(os.path.dirname(__file__), name), "w")`, true},
	} {
		in := plan.Input{Policy: plan.Default(), Modules: tree(t, strings.NewReplacer("READS", imports(c.read), "SETS", imports(c.change), "READ", c.read, "CHANGE", c.change).Replace(reader))}
		everything(&in, 500, 1)
		got := lines(in, plan.Make(in))
		if blocked := strings.Contains(got, "a.py lib: state-at-import"); blocked != c.blocked || !blocked && !strings.Contains(got, "a.py lib: sink f") {
			t.Errorf("%s after %s: want blocked %v, got\n%s", c.read, c.change, c.blocked, got)
		}
	}
}
