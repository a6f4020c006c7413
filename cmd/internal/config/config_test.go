package config

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fastpath/plan"
)

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func load(t *testing.T, dir, explicit string) Config {
	t.Helper()
	c, err := Load(dir, explicit)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDefaults(t *testing.T) {
	dir := folder(t, nil)
	got := load(t, dir, "")
	if want := Default(dir); !reflect.DeepEqual(got, want) {
		t.Errorf("without configuration:\n got %+v\nwant %+v", got, want)
	}
	if got.Policy.FastMS != 10 || got.Policy.HeavyMS != 100 || got.Policy.HotUsage != 80 || got.Targets.ColdStartMS != 2000 ||
		got.MaxProfileAgeDays != 31 || got.Artifacts != ".fastpath" || got.Python != "python3" {
		t.Errorf("defaults: %+v", got)
	}
}

const everything = `
entry = ["lambda_function.py", "app.main"]
src = [".", "./src/"]
vendored = ["package/"]
include = ["app/**/*.py"]
exclude = ["gen"]
tests = ["checks/**"]
python = "python3.11"
requires-python = ">=3.9,<4"
artifacts = "perf"
keep = ["antigravity", "zope.*"]
side-effects = ["readline"]
annotations = "quote"
allow = ["unused"]
per-path-allow = {"app/**" = ["exported"]}
block-cautions = ["thread"]
annotation-readers = ["my.reader"]
harmless-decorators = ["my.deco"]
compiled-decorators = ["njit"]
select = ["FP1", "fp202", "false-keep"]
ignore = ["syntax"]
per-path-ignore = {"old/**" = ["FP9", "FP901"]}
max-sites = 7
max-profile-age-days = 62
thresholds = {fast-ms = 5, heavy-ms = 50.5, hot-usage = 100}
[traffic]
requests-per-day = 1
cold-start-ratio = 1
handler-slowdown = 3
memory-mb = 128
price-per-gb-second = 0
[fast-path]
file = "app/fast.py"
consolidate = ["app/x.py"]
import-style = "names"
max-imports = 3
max-total-ms = 99
forbidden = []
[targets]
cold-start-ms = 1500
min-improvement = 0.5
max-regression = 0
max-warm-regression = 1
[[exception]]
module = "boto3"
reason = "used by all"
approved-by = "lead"
date = 2025-11-08
review = "2025-12-08"
[[exception]]
module = "numpy"
`

func TestEveryKey(t *testing.T) {
	dir := folder(t, map[string]string{"fastpath.toml": everything})
	got := load(t, dir, "")
	want := Config{Root: dir, File: filepath.Join(dir, "fastpath.toml"),
		Policy: plan.Policy{
			Entry: []string{"lambda_function.py", "app.main"}, Src: []string{".", "src"}, Vendored: []string{"package"}, Tests: []string{"checks/**"},
			RequiresPython: ">=3.9,<4", Keep: []string{"antigravity", "zope.*"}, SideEffects: []string{"readline"}, Annotations: "quote",
			Allow: []string{"unused"}, PerPathAllow: map[string][]string{"app/**": {"exported"}}, BlockCautions: []string{"thread"},
			AnnotationReaders: []string{"my.reader"}, HarmlessDecorators: []string{"my.deco"}, CompiledDecorators: []string{"njit"}, MaxSites: 7,
			FastMS: 5, HeavyMS: 50.5, HotUsage: 100,
			Traffic:  plan.Traffic{RequestsPerDay: 1, ColdStartRatio: 1, HandlerSlowdown: 3, MemoryMB: 128, PricePerGBSecond: 0},
			FastPath: plan.FastPath{File: "app/fast.py", Consolidate: []string{"app/x.py"}, ImportStyle: "names", MaxImports: 3, MaxTotalMS: 99, Forbidden: []string{}},
			Exceptions: []plan.Exception{{Module: "boto3", Reason: "used by all", ApprovedBy: "lead", Date: "2025-11-08", Review: "2025-12-08"},
				{Module: "numpy"}},
		},
		Include: []string{"app/**/*.py"}, Exclude: []string{"gen"}, Python: "python3.11", Artifacts: "perf",
		Select: []string{"FP101", "FP102", "FP103", "FP104", "FP202", "FP601"}, Ignore: []string{"FP901"}, PerPathIgnore: map[string][]string{"old/**": {"FP901"}},
		Targets: Targets{ColdStartMS: 1500, MinImprovement: 0.5, MaxRegression: 0, MaxWarmRegression: 1}, MaxProfileAgeDays: 62}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
	// The same keys hold in a pyproject.toml, one level down.
	text := regexp.MustCompile(`(?m)^\[+`).ReplaceAllString(everything, "${0}tool.fastpath.")
	dir = folder(t, map[string]string{"pyproject.toml": "[tool.fastpath]\n" + text})
	got = load(t, dir, "")
	want.Root, want.File = dir, filepath.Join(dir, "pyproject.toml")
	if !reflect.DeepEqual(got, want) {
		t.Errorf("pyproject.toml:\n got %+v\nwant %+v", got, want)
	}
}

// Every key of every table must occur in the test above.
func TestEveryKeyIsTested(t *testing.T) {
	check := func(names []string) {
		for _, name := range names {
			if !strings.Contains(everything, name) {
				t.Errorf("no test sets %s", name)
			}
		}
	}
	for name := range top() {
		check([]string{name})
	}
	for name := range exception {
		check([]string{name})
	}
	for _, name := range elsewhere() {
		check([]string{name[strings.Index(name, ".")+1:]})
	}
}

func TestFilesFromWindows(t *testing.T) {
	plain := folder(t, map[string]string{"fastpath.toml": everything})
	windows := folder(t, map[string]string{"fastpath.toml": "\ufeff" + strings.ReplaceAll(everything, "\n", "\r\n")})
	want, got := load(t, plain, ""), load(t, windows, "")
	if !reflect.DeepEqual(got.Policy, want.Policy) {
		t.Errorf("with a byte order mark and CRLF:\n got %+v\nwant %+v", got.Policy, want.Policy)
	}
}

func TestNearestFileWins(t *testing.T) {
	dir := folder(t, map[string]string{
		"fastpath.toml":          "max-sites = 1\nmax-profile-age-days = 1\n",
		"a/pyproject.toml":       "[project]\nname = \"a\"\n",
		"a/b/pyproject.toml":     "[tool.fastpath]\nmax-sites = 2\n",
		"a/b/c/fastpath.toml":    "max-sites = 3\n",
		"a/b/c/pyproject.toml":   "[tool.fastpath]\nmax-sites = 4\n",
		"d/pyproject.toml":       "[tool.fastpath]\n",
		"d/ci/special.toml":      "max-sites = 5\n",
		"d/none/pyproject.toml":  "[tool.other]\n",
		"d/dir/fastpath.toml/x":  "",
		"d/broken/fastpath.toml": "max-sites = = 1\n",
	})
	for _, c := range []struct {
		start, explicit, root string
		sites, age            int
	}{
		{"a", "", "", 1, 1},
		{"a/b", "", "a/b", 2, 31},
		{"a/b/c", "", "a/b/c", 3, 31},
		{"d", "", "d", 5, 31},
		{"d", "ci/special.toml", "d/ci", 5, 31},
		{"d", "../a/b/c/pyproject.toml", "a/b/c", 4, 31},
		{"d", filepath.Join(dir, "fastpath.toml"), "", 1, 1},
	} {
		got := load(t, filepath.Join(dir, c.start), c.explicit)
		if got.Policy.MaxSites != c.sites || got.MaxProfileAgeDays != c.age || got.Root != filepath.Join(dir, c.root) {
			t.Errorf("%+v: got %d sites, %d days, root %s", c, got.Policy.MaxSites, got.MaxProfileAgeDays, got.Root)
		}
	}
	for start, explicit := range map[string]string{"d": "none/pyproject.toml", "a": "absent.toml", "d/dir": "", "d/broken": "", "d/none": "../ci"} {
		if _, err := Load(filepath.Join(dir, start), explicit); err == nil {
			t.Errorf("%s with %q: no error", start, explicit)
		}
	}
}

func TestFaultsNameTheirPlace(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"max-sites = 5\nmax-site = 5", `fastpath.toml:2: max-site: unknown key; did you mean "max-sites"?`},
		{"[thresholds]\nfast_ms = 5", `fastpath.toml:2: thresholds.fast_ms: unknown key; did you mean "fast-ms"?`},
		{"heavy-ms = 5", `fastpath.toml:1: heavy-ms: unknown key; did you mean "thresholds.heavy-ms"?`},
		{"[targets]\nqqqqqqqqqqqqqqqqqqqq = 5", `fastpath.toml:2: targets.qqqqqqqqqqqqqqqqqqqq: unknown key; known here: cold-start-ms, max-regression, max-warm-regression, min-improvement`},
		{"[threshold]\nfast-ms = 1", `fastpath.toml:1: threshold: unknown key; did you mean "thresholds"?`},
		{"[[exceptions]]\nmodule = \"x\"", `fastpath.toml:1: exceptions: unknown key; did you mean "exception"?`},
		{"entry = \"main.py\"", `fastpath.toml:1: entry: want an array of strings, not "main.py": write ["main.py"]`},
		{"keep = [\n  \"a\",\n  3,\n]", `fastpath.toml:3: keep[1]: want a string, not 3`},
		{"keep = [\"a b\"]", `fastpath.toml:1: keep[0]: "a b" is no module name: want one such as "package.module"`},
		{"entry = [\"../x.py\"]", `fastpath.toml:1: entry[0]: "../x.py" leaves the project: want a path relative to the folder of this file`},
		{"entry = [\"\"]", `fastpath.toml:1: entry[0]: want a text that is not empty`},
		{"entry = [\"app main\"]", `fastpath.toml:1: entry[0]: "app main" is neither a file nor a module name: want one such as "app/main.py" or "app.main"`},
		{"src = ['a\\b']", `fastpath.toml:1: src[0]: "a\\b": write paths with forward slashes`},
		{"exclude = [\"a[\"]", `fastpath.toml:1: exclude[0]: "a[" is no valid glob: unbalanced brackets or braces, or a backslash at its end`},
		{"per-path-ignore = {\"{a\" = [\"FP101\"]}", `fastpath.toml:1: per-path-ignore."{a": "{a" is no valid glob: unbalanced brackets or braces, or a backslash at its end`},
		{"annotations = \"drop\"", `fastpath.toml:1: annotations: want one of "keep", "quote", "future", not "drop"`},
		{"annotations = true", `fastpath.toml:1: annotations: want a string, not true`},
		{"allow = [\"eager-use\"]", `fastpath.toml:1: allow[0]: "eager-use" is no blocker that may be allowed: want one of "called-at-import", "dynamic", "exported", "import-system", "side-effect", "stubbed", "unused"`},
		{"block-cautions = [\"x\"]", `fastpath.toml:1: block-cautions[0]: want one of "async-consumer", "handler-cost", "hot-consumer", "hot-loop", "late-error", "many-sites", "thread", not "x"`},
		{"select = [\"FP110\"]", `fastpath.toml:1: select[0]: "FP110" is no finding; did you mean FP101 (heavy-import)?`},
		{"select = [\"FP2\"]\nignore = [\"FP201\"]", `fastpath.toml:2: ignore: FP201 is both selected and ignored`},
		{"max-sites = 0", `fastpath.toml:1: max-sites: want a whole number of at least 1, not 0`},
		{"max-sites = 2.5", `fastpath.toml:1: max-sites: want a whole number of at least 1, not 2.5`},
		{"max-sites = 99999999999", `fastpath.toml:1: max-sites: want a whole number of at least 1, not 99999999999`},
		{"requires-python = \"3.9\"", `fastpath.toml:1: requires-python: "3.9" is no version specifier: want one such as ">=3.9,<4"`},
		{"\n[thresholds]\nfast-ms = -3", `fastpath.toml:3: thresholds.fast-ms: want milliseconds of at least 0, not -3`},
		{"[thresholds]\nfast-ms = nan", `fastpath.toml:2: thresholds.fast-ms: want milliseconds of at least 0, not NaN`},
		{"[thresholds]\nheavy-ms = inf", `fastpath.toml:2: thresholds.heavy-ms: want milliseconds of at least 0, not +Inf`},
		{"[thresholds]\nhot-usage = 101", `fastpath.toml:2: thresholds.hot-usage: want a percentage from 0 to 100, not 101`},
		{"[thresholds]\nhot-usage = \"80\"", `fastpath.toml:2: thresholds.hot-usage: want a percentage from 0 to 100, not "80"`},
		{"[thresholds]\nheavy-ms = 5", `fastpath.toml:2: thresholds.heavy-ms: fast-ms (10) lies above heavy-ms (5): below fast-ms an import is fast, above heavy-ms it is heavy`},
		{"[thresholds]\nheavy-ms = 5\nfast-ms = 6", `fastpath.toml:3: thresholds.fast-ms: fast-ms (6) lies above heavy-ms (5): below fast-ms an import is fast, above heavy-ms it is heavy`},
		{"thresholds = 3", `fastpath.toml:1: thresholds: want a table, not 3`},
		{"[traffic]\ncold-start-ratio = 1.1", `fastpath.toml:2: traffic.cold-start-ratio: want a share from 0 to 1, not 1.1`},
		{"[targets]\nmin-improvement = 40", `fastpath.toml:2: targets.min-improvement: want a share from 0 to 1, not 40`},
		{"[fast-path]\nimport-style = \"stars\"", `fastpath.toml:2: fast-path.import-style: want one of "star", "names", not "stars"`},
		{"[fast-path]\nfile = \"fast_path.txt\"", `fastpath.toml:2: fast-path.file: "fast_path.txt" is no Python file: want a path that ends in .py`},
		{"[exception]\nmodule = \"x\"", `fastpath.toml:1: exception: want tables: write [[exception]] for each, not a table`},
		{"[[exception]]\nmodule = \"x\"\n[[exception]]\nreason = \"y\"", `fastpath.toml:3: exception[1]: has no module: write module = "NAME"`},
		{"[[exception]]\nmodule = \"x\"\n[[exception]]\nmodule = \"x\"", `fastpath.toml:4: exception[1].module: "x" has an exception already: one module has at most one`},
		{"[[exception]]\nmodule = \"x\"\ndate = \"2025-13-08\"", `fastpath.toml:3: exception[0].date: want a date such as 2025-11-08, not "2025-13-08"`},
		{"[[exception]]\nmodule = \"x\"\ndate = 2025-11-08T10:00:00", `fastpath.toml:3: exception[0].date: want a date such as 2025-11-08, not 2025-11-08T10:00:00`},
		{"[[exception]]\nmodule = \"x\"\ndate = 2025-11-08\nreview = 2025-11-07", `fastpath.toml:4: exception[0].review: the review 2025-11-07 lies before the date 2025-11-08 of the exception`},
		{"exception = [{module = \"x\", approved-by = \"[Name]\"}]", `fastpath.toml:1: exception[0].approved-by: "[Name]" stands for a name: say who approved the exception, or remove the key`},
		{"exception = [{module = \"x\", aproved-by = \"y\"}]", `fastpath.toml:1: exception[0].aproved-by: unknown key; did you mean "approved-by"?`},
		{"a = 1\na = 2", `fastpath.toml:2: `},
		{"a = \"\xff\"", `fastpath.toml:1: `},
		{"max-site = 1\nkeep = 3", "fastpath.toml:1: max-site: unknown key; did you mean \"max-sites\"?\nfastpath.toml:2: keep: want an array of strings, not 3"},
	} {
		_, err := Load(folder(t, map[string]string{"fastpath.toml": c.text}), "")
		switch {
		case err == nil:
			t.Errorf("%q: no error", c.text)
		case strings.HasSuffix(c.want, ": ") && strings.HasPrefix(err.Error(), c.want):
		case err.Error() != c.want:
			t.Errorf("%q:\n got %s\nwant %s", c.text, err, c.want)
		}
	}
}

func TestFaultsInPyprojectNameTheWholeKey(t *testing.T) {
	dir := folder(t, map[string]string{"pyproject.toml": "[tool.black]\nwhatever = 1\n[tool.fastpath]\nunknwn = 1\n[tool.fastpath.targets]\nmin-improvement = 2\n", "sub/x": ""})
	_, err := Load(filepath.Join(dir, "sub"), "")
	want := "../pyproject.toml:4: tool.fastpath.unknwn: unknown key; known here: "
	if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "\n../pyproject.toml:6: tool.fastpath.targets.min-improvement: ") {
		t.Errorf("got %v\nwant %s…", err, want)
	}
	_, err = Load(folder(t, map[string]string{"pyproject.toml": "[tool]\nfastpath = 3\n"}), "")
	if want := "pyproject.toml:2: tool.fastpath: want a table, not 3"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestMetadata(t *testing.T) {
	for _, c := range []struct {
		name     string
		files    map[string]string
		python   string
		required []string
		warned   bool
	}{
		{"project", map[string]string{"pyproject.toml": `
[project]
requires-python = ">=3.10"
dependencies = ["Requests[security]>=2", "zope.interface", "typing_extensions ; python_version < '3.11'", "PyYAML @ https://example.org/x.zip", "numpy==1.*"]
[project.optional-dependencies]
dev = ["pytest"]
`}, ">=3.10", []string{"numpy", "pyyaml", "requests", "zope-interface"}, false},
		{"setup.cfg", map[string]string{"setup.cfg": `
[metadata]
name = x
[options]
python_requires = >=3.8
install_requires =
    requests >= 2, < 3
    # a comment
    Flask_Login
    colorama; sys_platform == "win32"
packages = find:
[options.extras_require]
test =
    pytest
`}, ">=3.8", []string{"flask-login", "requests"}, false},
		{"poetry", map[string]string{"pyproject.toml": `
[tool.poetry.dependencies]
python = "^3.9"
requests = "^2"
boto3 = {version = "*", optional = true}
winreg = {version = "*", markers = "sys_platform == 'win32'"}
moto = {version = "4"}
`}, ">=3.9", []string{"moto", "requests"}, false},
		{"configured", map[string]string{"pyproject.toml": "[project]\nrequires-python = \">=3.10\"\n[tool.fastpath]\nrequires-python = \">=3.12\"\n"}, ">=3.12", nil, false},
		{"beside fastpath.toml", map[string]string{"fastpath.toml": "", "pyproject.toml": "[project]\nrequires-python = \">=3.11\"\ndependencies = [\"a\"]\n"}, ">=3.11", []string{"a"}, false},
		{"nonsense", map[string]string{"pyproject.toml": "[project]\nrequires-python = \"three\"\ndependencies = 3\n"}, ">=3.8", nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := load(t, folder(t, c.files), "")
			if got.Policy.RequiresPython != c.python || !slices.Equal(got.Policy.Dependencies, c.required) || (len(got.Warnings) > 0) != c.warned {
				t.Errorf("got %q %q %q", got.Policy.RequiresPython, got.Policy.Dependencies, got.Warnings)
			}
		})
	}
}

func TestConsolidateFollowsEntry(t *testing.T) {
	got := load(t, folder(t, map[string]string{"fastpath.toml": `entry = ["a.py"]`}), "")
	if !slices.Equal(got.Policy.FastPath.Consolidate, []string{"a.py"}) {
		t.Errorf("consolidate: %q", got.Policy.FastPath.Consolidate)
	}
	got = load(t, folder(t, map[string]string{"fastpath.toml": "entry = [\"a.py\"]\n[fast-path]\nconsolidate = []\n"}), "")
	if len(got.Policy.FastPath.Consolidate) != 0 {
		t.Errorf("an empty list is filled: %q", got.Policy.FastPath.Consolidate)
	}
}

func TestFlagValues(t *testing.T) {
	codes, err := FindingCodes([]string{"fp30", "heavy-import"})
	if err != nil || !slices.Equal(codes, []string{"FP101", "FP301", "FP302", "FP303"}) {
		t.Errorf("codes: %q %v", codes, err)
	}
	if _, err := FindingCodes([]string{"F"}); err == nil {
		t.Error("a single letter selects findings")
	}
	if CheckAllow([]string{"unused"}) != nil || CheckAllow([]string{"star"}) == nil {
		t.Error("allow")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(everything))
	f.Add([]byte("[[exception]]\n[exception.module]\na.b.\"c d\" = [[1], {x = 2}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := parse("/x/fastpath.toml", "fastpath.toml", data)
		if err != nil {
			return
		}
		c := Default("/x")
		section := doc.section()
		section.into(&c)
		relations(&c, section)
		for _, fault := range doc.faults {
			if fault.Line < 1 {
				t.Errorf("%v has no line", fault)
			}
		}
	})
}
