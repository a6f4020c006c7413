package facts

import (
	"bytes"
	"slices"
	"strings"

	"fastpath/plan/syntax"
)

// A state is something that a process has one of: some code sets it, and other
// code finds it as it is at that time. Paths that end in ".*" stand for whatever
// is below.
type state struct {
	name  string   // the code of what reads it
	sets  []string // functions that are called, and objects that are changed
	reads []string // functions that are called
	last  []string // those through which no other function of Python code finds it
	looks []string // objects that are looked at, whether called or not
}

var states = [...]state{
	{name: "the recursion limit", sets: []string{"sys.setrecursionlimit"}, reads: []string{"sys.getrecursionlimit"}},
	{name: "the switch interval", sets: []string{"sys.setswitchinterval"}, reads: []string{"sys.getswitchinterval"}},
	{name: "the limit of digits", sets: []string{"sys.set_int_max_str_digits"}, reads: []string{"sys.get_int_max_str_digits"}},
	{name: "the tracing function", sets: []string{"sys.settrace", "threading.settrace", "threading.settrace_all_threads", "sys.setprofile", "threading.setprofile"},
		reads: []string{"sys.gettrace", "sys.getprofile", "threading.gettrace", "threading.getprofile"}},
	{name: "the garbage collector", sets: []string{"gc.enable", "gc.disable", "gc.freeze", "gc.unfreeze", "gc.set_threshold", "gc.set_debug"},
		reads: []string{"gc.isenabled", "gc.get_threshold", "gc.get_debug", "gc.get_freeze_count"}},
	{name: "the user", sets: []string{"os.setuid", "os.seteuid", "os.setreuid", "os.setresuid", "os.setgid", "os.setegid", "os.setregid", "os.setgroups"},
		reads: []string{"os.getuid", "os.geteuid", "os.getgid", "os.getegid", "os.getgroups", "os.getlogin", "os.access"}},
	{name: "resource limits", sets: []string{"resource.setrlimit"}, reads: []string{"resource.getrlimit"}},
	// What is made before a fork is the same in all processes that it makes.
	{name: "the process it is in", sets: []string{"os.fork", "os.forkpty", "pty.fork", "multiprocessing.Process", "multiprocessing.Pool", "multiprocessing.pool.Pool",
		"multiprocessing.context.*", "concurrent.futures.ProcessPoolExecutor", "concurrent.futures.process.ProcessPoolExecutor"},
		reads: []string{"os.getpid", "os.getppid", "os.urandom", "os.getrandom", "uuid.uuid1", "uuid.uuid4", "secrets.token_bytes", "secrets.token_hex",
			"secrets.token_urlsafe", "secrets.randbits", "secrets.choice", "secrets.randbelow", "multiprocessing.current_process", "multiprocessing.parent_process",
			"multiprocessing.Lock", "multiprocessing.RLock", "multiprocessing.Semaphore", "multiprocessing.BoundedSemaphore", "multiprocessing.Condition",
			"multiprocessing.Event", "multiprocessing.Barrier", "multiprocessing.Queue", "multiprocessing.SimpleQueue", "multiprocessing.JoinableQueue",
			"multiprocessing.Pipe", "multiprocessing.Value", "multiprocessing.Array", "multiprocessing.RawValue", "multiprocessing.RawArray"}},
	{name: "the thread it is in", sets: []string{"threading.Thread", "threading.Timer", "_thread.start_new_thread", "multiprocessing.pool.ThreadPool",
		"concurrent.futures.ThreadPoolExecutor", "concurrent.futures.thread.ThreadPoolExecutor", "asyncio.to_thread"},
		reads: []string{"threading.get_ident", "threading.get_native_id", "threading.current_thread", "threading.currentThread", "_thread.get_ident"}},
	{name: "the decimal context", sets: []string{"decimal.setcontext", "decimal.localcontext", "decimal.getcontext().*", "decimal.DefaultContext.*"},
		reads: []string{"decimal.getcontext", "decimal.Decimal", "decimal.Context"}},
	{name: "the random numbers", sets: []string{"random.seed", "random.setstate"},
		reads: []string{"random.random", "random.uniform", "random.randint", "random.randrange", "random.choice", "random.choices", "random.sample", "random.shuffle",
			"random.getrandbits", "random.randbytes", "random.gauss", "random.normalvariate", "random.triangular", "random.expovariate", "random.getstate"}},
	{name: "the random numbers of numpy", sets: []string{"numpy.random.seed", "numpy.random.set_state"},
		reads: []string{"numpy.random.rand", "numpy.random.randn", "numpy.random.randint", "numpy.random.random", "numpy.random.random_sample", "numpy.random.uniform",
			"numpy.random.normal", "numpy.random.choice", "numpy.random.permutation", "numpy.random.shuffle", "numpy.random.get_state"}},
	{name: "the time zone", sets: []string{"time.tzset"},
		reads: []string{"time.localtime", "time.mktime", "time.strftime", "time.ctime", "datetime.datetime.now", "datetime.datetime.fromtimestamp", "datetime.date.today"},
		looks: []string{"time.timezone", "time.altzone", "time.daylight", "time.tzname"}},
	{name: "the locale", sets: []string{"locale.setlocale"},
		reads: []string{"locale.localeconv", "locale.nl_langinfo", "locale.setlocale", "locale.str", "locale.format_string", "locale.currency", "locale.atof", "locale.strcoll",
			"locale.strxfrm", "time.strftime", "time.strptime", "calendar.LocaleTextCalendar"}},
	{name: "the clock", sets: []string{"freezegun.freeze_time", "time_machine.travel"},
		reads: []string{"time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "time.localtime", "time.gmtime", "time.ctime", "time.strftime",
			"datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today", "uuid.uuid1"}},
	{name: "the warning filters", sets: []string{"warnings.simplefilter", "warnings.filterwarnings", "warnings.resetwarnings", "warnings.catch_warnings", "warnings.filters", "warnings.filters.*",
		"pytest.warns", "pytest.deprecated_call", "pytest.mark.filterwarnings", "logging.captureWarnings"},
		reads: []string{"warnings.warn", "warnings.warn_explicit"},
		looks: []string{"warnings.filters"}},
	{name: "the class of loggers", sets: []string{"logging.setLoggerClass"}, reads: []string{"logging.getLogger", "logging.getLoggerClass"}},
	{name: "the loggers there are", sets: []string{"logging.config.dictConfig", "logging.config.fileConfig", "logging.root.manager.*", "logging.Logger.manager.*"},
		reads: []string{"logging.getLogger"}},
	{name: "the levels of loggers", sets: []string{"logging.getLogger().setLevel", "logging.getLogger().level", "logging.getLogger().propagate", "logging.getLogger().disabled",
		"logging.config.dictConfig", "logging.config.fileConfig"}},
	{name: "the settings of logging", sets: []string{"logging.basicConfig", "logging.config.dictConfig", "logging.config.fileConfig", "logging.disable", "logging.addLevelName",
		"logging.setLogRecordFactory", "logging.getLogger().*", "logging.root.*"},
		reads: []string{"logging.getLevelName", "logging.getLogRecordFactory", "logging.debug", "logging.info", "logging.warning", "logging.warn", "logging.error",
			"logging.exception", "logging.critical", "logging.log", "logging.getLogger"},
		looks: []string{"logging.root", "logging.lastResort"}},
	{name: "the built-in names", sets: []string{"builtins", "builtins.*", "gettext.install"}, looks: []string{"builtins", "builtins.*", "__builtins__"}},
	{name: "connections", sets: []string{"socket.setdefaulttimeout", "moto.*", "responses.activate", "responses.start", "responses.RequestsMock", "httpretty.activate",
		"httpretty.enable", "requests_mock.*", "vcr.use_cassette", "respx.*", "pook.*", "aioresponses.*"},
		reads: []string{"socket.socket", "socket.create_connection", "socket.gethostname", "socket.getaddrinfo", "socket.gethostbyname", "socket.getdefaulttimeout",
			"urllib.request.urlopen", "requests.get", "requests.post", "requests.request", "requests.Session", "httpx.get", "httpx.post", "httpx.Client", "httpx.AsyncClient",
			"sqlite3.connect", "psycopg2.connect", "redis.Redis", "boto3.client", "boto3.resource", "boto3.Session", "pymongo.MongoClient", "sqlalchemy.create_engine"}},
	{name: "files", sets: []string{"os.mkdir", "os.makedirs", "os.remove", "os.unlink", "os.rmdir", "os.removedirs", "os.rename", "os.replace", "os.renames",
		"os.symlink", "os.link", "os.truncate", "os.mkfifo", "shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.copytree", "shutil.move", "shutil.rmtree"},
		reads: []string{"os.listdir", "os.scandir", "os.walk", "os.stat", "os.lstat", "os.open", "os.path.exists", "os.path.lexists", "os.path.isfile", "os.path.isdir",
			"os.path.islink", "os.path.getmtime", "os.path.getsize", "io.open", "codecs.open", "glob.glob", "glob.iglob", "tokenize.open"},
		last: []string{"linecache.getline", "linecache.getlines", "gzip.open", "bz2.open", "lzma.open", "tarfile.open", "zipfile.ZipFile", "fileinput.input",
			"xml.etree.ElementTree.parse", "xml.dom.minidom.parse", "logging.config.fileConfig", "runpy.run_path", "pkgutil.get_data",
			"importlib.resources.files", "importlib.resources.path", "importlib.resources.read_text", "importlib.resources.read_binary",
			"importlib.resources.open_text", "importlib.resources.open_binary", "importlib_resources.files", "toml.load", "dotenv.dotenv_values",
			"pandas.read_csv", "pandas.read_json", "pandas.read_excel", "pandas.read_parquet", "numpy.load", "numpy.loadtxt", "numpy.genfromtxt", "PIL.Image.open"}},
}

// setsFilter are functions by which the load of a module sets a warning filter for
// good, unless it loads where the filters that there were come back.
var setsFilter = map[string]bool{"warnings.simplefilter": true, "warnings.filterwarnings": true, "warnings.resetwarnings": true}

// FiltersStay is the key of a read of the warning filters that sets one, and counts
// on it to stay.
const FiltersStay = "="

// FiltersComeBack tells whether an effect on the warning filters ends with those there
// were before it.
func FiltersComeBack(e Effect) bool {
	switch last(e.Detail) {
	case "simplefilter", "filterwarnings", "resetwarnings", "captureWarnings":
		return false
	}
	return !strings.HasPrefix(e.Detail, "warnings.filters")
}

// underCatch tells that a with statement around n gives back the warning filters.
func (g *gatherer) underCatch(n syntax.NodeID) bool {
	for ; n != syntax.NoNode && n != syntax.Root; n = g.tree.Parent(n) {
		if g.kind(n) == syntax.WithStatement && bytes.Contains(g.tree.Text(g.firstNamed(n)), []byte("catch_warnings")) {
			return true
		}
	}
	return false
}

// fixtureSets are the states that a fixture of pytest sets, by its name.
var fixtureSets = map[string]string{
	"recwarn": "the warning filters", "caplog": "the settings of logging", "freezer": "the clock",
	"requests_mock": "connections", "httpx_mock": "connections", "respx_mock": "connections", "responses": "connections",
}

// methodSets are the states that a method sets, by its name alone, and methodReads
// those that one finds.
var (
	methodSets = map[string]string{
		"assertWarns": "the warning filters", "assertWarnsRegex": "the warning filters",
		"set_level": "the levels of loggers", "at_level": "the levels of loggers",
		"assertLogs": "the settings of logging", "assertNoLogs": "the settings of logging",
		"write_text": "files", "write_bytes": "files", "touch": "files", "mkdir": "files", "unlink": "files", "rmdir": "files",
		"symlink_to": "files", "hardlink_to": "files",
	}
	methodReads = map[string]string{
		"read_text": "files", "read_bytes": "files", "iterdir": "files", "rglob": "files", "is_file": "files", "is_dir": "files",
		"exists": "files", "glob": "files", "open": "files", "stat": "files", "resolve": "cwd", "absolute": "cwd",
		"expanduser": "environ",
	}
	// ofPathsOnly are those of them that many other objects have as well.
	ofPathsOnly = map[string]bool{"touch": true, "exists": true, "glob": true, "open": true, "stat": true, "resolve": true, "absolute": true, "unlink": true}
)

// readersOf are, by the code of what is read, functions of Python code besides those
// above that others find it through.
var readersOf = map[string][]string{
	"process": {"subprocess.run", "subprocess.Popen", "subprocess.check_output", "subprocess.check_call", "subprocess.call", "os.system", "os.popen"},
	"environ": {"os.getenv", "os.path.expanduser", "os.path.expandvars", "pathlib.Path.home", "pathlib.Path.expanduser"},
	"cwd":     {"os.getcwd", "os.path.abspath", "pathlib.Path.cwd"},
	"files": {"pathlib.Path.read_text", "pathlib.Path.read_bytes", "pathlib.Path.open", "pathlib.Path.exists", "pathlib.Path.is_file", "pathlib.Path.is_dir",
		"pathlib.Path.iterdir", "pathlib.Path.glob", "pathlib.Path.rglob", "pathlib.Path.stat"},
}

func init() {
	for _, s := range states {
		if s.name != "the clock" { // its functions do not go through each other
			readersOf[s.name] = append(readersOf[s.name], s.reads...)
		}
	}
}

// Readers are the functions through which code finds what is read under a code: where
// one of them is replaced, others may find something else.
func Readers(code string) []string { return readersOf[code] }

// A byPath gives the states that go with a dotted path.
type byPath map[string][]string

var statesSet, statesRead, statesLooked = byPath{}, byPath{}, byPath{}

func init() {
	for _, s := range states {
		for _, list := range [...]struct {
			of    byPath
			paths []string
		}{{statesSet, s.sets}, {statesRead, s.reads}, {statesRead, s.last}, {statesLooked, s.looks}} {
			for _, p := range list.paths {
				list.of[p] = append(list.of[p], s.name)
			}
		}
	}
}

// at lists the states of a path, and of the longest one around it that stands for
// all that is below.
func (b byPath) at(p string) []string {
	list := b[p]
	for p = parentOf(p); p != ""; p = parentOf(p) {
		if below := b[p+".*"]; below != nil {
			return slices.Concat(list, below)
		}
	}
	return list
}

// StatesSet are the states that the effect sets, besides what its code says.
func StatesSet(e Effect) []string {
	if e.Code == "state" && strings.HasPrefix(e.Detail, "=") {
		return []string{e.Detail[1:]} // by the name of a method or fixture
	}
	detail := e.Detail
	if open := strings.IndexByte(detail, '('); open >= 0 { // logging.getLogger(name).setLevel
		if end := strings.IndexByte(detail, ')'); end > open {
			detail = detail[:open+1] + detail[end:]
		}
	}
	list := statesSet.at(detail)
	if e.Code == "logging" && e.Key == "=" {
		list = slices.DeleteFunc(slices.Clone(list), func(state string) bool { return state == "the loggers there are" })
	}
	return list
}

// statesOf files what a reference does to states of the process, and which it
// finds; filed tells that the change has a record of its own already.
func (g *gatherer) statesOf(r *reference, p string, call syntax.NodeID, filed bool) {
	if strings.HasPrefix(p, "logging.root.manager.") || strings.HasPrefix(p, "logging.Logger.manager.") {
		g.effect(&r.ctx, "state", p, r.top) // looked at for all loggers that there are, to do something with them
	}
	if p == "logging.getLogger" && call != syntax.NoNode {
		if outer := g.tree.Parent(call); g.kind(outer) == syntax.Attribute {
			g.levelSet(&r.ctx, call, g.text(g.child(outer, syntax.FieldAttribute)), outer, filed)
		}
	}
	if setsFilter[p] && call != syntax.NoNode && atImport(&r.ctx) && !g.underCatch(call) {
		g.readAs(&r.ctx, "the warning filters", FiltersStay, r.top)
	}
	if call != syntax.NoNode {
		if !filed && !IsProcessObject(p) && statesSet.at(p) != nil {
			g.setsAtPath(r, p, call)
		}
		for _, name := range statesRead.at(p) {
			switch {
			case name == "files":
				g.readsFile(&r.ctx, p, call)
			case g.finds(name, p, call):
				g.readAs(&r.ctx, name, "", r.top)
			}
		}
	}
	if !g.isTarget(r.top) && !g.itemIsTarget(r.top) {
		for _, name := range statesLooked.at(p) {
			g.readAs(&r.ctx, name, "", r.top)
		}
	}
}

// levelSet files that the level of a logger is set, or that it hands on: last by the
// load of a module that sets it as well. The key is the logger's name, "" where it
// may be any.
func (g *gatherer) levelSet(c *context, logger syntax.NodeID, attr string, n syntax.NodeID, filed bool) {
	switch attr {
	case "setLevel":
		if g.callOf(n) == syntax.NoNode {
			return
		}
	case "level", "propagate", "disabled":
		if !g.isTarget(n) {
			return
		}
	default:
		return
	}
	name, _ := g.constant(g.arguments(logger).at(0, "name"))
	if atImport(c) {
		g.readAs(c, "the levels of loggers", name, n)
	} else if !filed {
		g.setsByName(c, "the levels of loggers", name, g.line(n))
	}
}

// setsAtPath files a call that sets states, and of which files.
func (g *gatherer) setsAtPath(r *reference, p string, call syntax.NodeID) {
	if !slices.Contains(statesSet.at(p), "files") {
		g.effect(&r.ctx, "state", p, r.top)
		return
	}
	args := g.arguments(call)
	from, to := args.at(0, "src", "path", "name"), args.at(1, "dst")
	switch last(p) {
	case "rename", "renames", "replace", "move":
		g.fileSet(&r.ctx, g.pathKey(from), call)
		from = to
	case "symlink", "link", "copy", "copy2", "copyfile", "copytree":
		from = to
	}
	g.fileSet(&r.ctx, g.pathKey(from), call)
}

// keepsLoggers tells that a call of dictConfig or fileConfig leaves on the loggers
// that there are: disable_existing_loggers is true unless it is given.
func (g *gatherer) keepsLoggers(call syntax.NodeID) bool {
	args := g.arguments(call)
	if given := args.at(2, "disable_existing_loggers"); given != syntax.NoNode {
		return g.kind(given) == syntax.False
	}
	settings := args.at(0, "config")
	if g.kind(settings) == syntax.Identifier {
		settings = g.valueOf(settings)
	}
	for pair := g.firstNamed(settings); g.kind(settings) == syntax.Dictionary && pair != syntax.NoNode; pair = g.tree.AfterNamed(pair) {
		if key, ok := g.constant(g.child(pair, syntax.FieldKey)); ok && key == "disable_existing_loggers" {
			return g.kind(g.child(pair, syntax.FieldValue)) == syntax.False
		}
	}
	return false
}

// readsFile files which file a call of the library looks at.
func (g *gatherer) readsFile(c *context, p string, call syntax.NodeID) {
	args := g.arguments(call)
	key := g.pathKey(args.at(0, "path", "file", "filename", "pathname"))
	switch p {
	case "pkgutil.get_data", "importlib.resources.read_text", "importlib.resources.read_binary", "importlib.resources.open_text", "importlib.resources.open_binary",
		"importlib.resources.path":
		key = beside + g.pathKey(args.at(1, "resource"))
	case "importlib.resources.files", "importlib_resources.files":
		key = beside
	}
	if (last(p) == "open" || p == "zipfile.ZipFile") && p != "os.open" && p != "PIL.Image.open" {
		g.opened(c, key, args.at(1, "mode"), call)
		return
	}
	g.fileRead(c, key, call)
}

// finds tells whether a call that reads a state depends on it as it is used.
func (g *gatherer) finds(name, p string, call syntax.NodeID) bool {
	outer := g.tree.Parent(call)
	switch {
	case p == "decimal.Decimal":
		// A number is made as it is written; the context rules what is done with it.
		switch g.kind(outer) {
		case syntax.BinaryOperator, syntax.UnaryOperator, syntax.AugmentedAssignment, syntax.Attribute:
			return true
		}
		return false
	case name == "the settings of logging" && p == "logging.getLogger":
		attr := g.text(g.child(outer, syntax.FieldAttribute))
		return g.kind(outer) == syntax.Attribute && !g.isTarget(outer) && attr != "addHandler" && attr != "setLevel"
	}
	return true
}

// readMethods looks at calls of methods that set or find a state, whatever object
// they are of.
func (g *gatherer) readMethods() {
	for i := range g.calls {
		s := &g.calls[i]
		f := g.child(s.node, syntax.FieldFunction)
		if s.ctx.has(inTypes) || g.kind(f) != syntax.Attribute {
			continue
		}
		name := string(g.tree.Text(g.child(f, syntax.FieldAttribute)))
		sets, reads := methodSets[name], methodReads[name]
		object := g.child(f, syntax.FieldObject)
		if name == "read" && g.isParser(object) {
			g.fileRead(&s.ctx, g.pathKey(g.arguments(s.node).at(0, "filenames")), s.node)
		}
		if sets == "" && reads == "" || len(g.pathsAt(f)) > 0 {
			continue // of something imported: a reference
		}
		if ofPathsOnly[name] && !g.isPath(object) {
			continue
		}
		key := g.pathKey(object)
		switch {
		case name == "open":
			g.opened(&s.ctx, key, g.arguments(s.node).at(0, "mode"), s.node)
		case sets == "files":
			g.fileSet(&s.ctx, key, s.node)
		case sets != "":
			g.setsByName(&s.ctx, sets, "", g.line(s.node))
		case reads == "files":
			g.fileRead(&s.ctx, key, s.node)
		case reads == "environ":
			g.readVariables(&s.ctx, ofHome, s.node)
		case !isWhole(key):
			g.readAs(&s.ctx, "cwd", "", s.node)
		}
	}
}

// setsByName files that a state is set by what is known by its name alone, or the part
// of it that the key says.
func (g *gatherer) setsByName(c *context, state, key string, line int) {
	g.fileEffect(c, Effect{Code: "state", Detail: "=" + state, Key: key, Line: line, Scope: c.scope})
}
