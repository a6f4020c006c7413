package python

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fastpath/plan/profile"
)

// sample is a small project: the entry imports heavy through two files, so that
// the first importer is not the only one.
var sample = map[string]string{
	"src/app/__init__.py": "",
	"src/app/main.py": "import json\nfrom . import first\nfrom app import second\nimport importlib\n" +
		"importlib.import_module('app.dynamic')\nsecond.later()\nsecond.bare()\nimport decimal\ndef early():\n    import heapq\nearly()\n" +
		"try:\n    import absent_thing\nexcept ImportError:\n    pass\n",
	"src/app/first.py":    "from app.heavy import WEIGHT, lift\n",
	"src/app/second.py":   "import app.heavy as h\ndef later():\n    import colorsys\ndef bare():\n    __import__('quopri', None, None, ['encode'])\n",
	"src/app/heavy.py":    "import time\ntime.sleep(0.1)\nWEIGHT = 1\ndef lift():\n    global WEIGHT\n    WEIGHT = 2\n",
	"src/app/bound.py":    "from .table import ONCE, TWICE as AGAIN\nfrom .heavy import WEIGHT\nHERE: dict = {}\n",
	"src/app/table.py":    "ONCE = {}\nTWICE = {}\nif ONCE is not TWICE: TWICE = {}\n",
	"src/app/dynamic.py":  "import os\nos.environ['SAMPLE_MODE'] = 'on'\nimport app.heavy\n",
	"src/app/deferred.py": "import sched\ndef f(): pass\n",
	"src/vendor/lib.py":   "",
	"src/app/broken.py":   "import json\nraise RuntimeError('broken on purpose')\n",
	"src/app/stuck.py":    "import threading\nthreading.Event().wait()\n",
}

func profileSample(t *testing.T, python string, change func(*Options)) (*profile.Profile, []Note, string) {
	t.Helper()
	dir := tree(t, sample)
	before := listing(t, dir)
	o := Options{Python: python, Dir: dir, Src: []string{"src"}, Entry: []string{"src/app/main.py"}, Runs: 1, Date: "2025-11-08"}
	change(&o)
	p, notes, err := Profile(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if after := listing(t, dir); !slices.Equal(before, after) {
		t.Errorf("the tree holds %v, before %v", after, before)
	}
	return p, notes, dir
}

// timeless leaves out what notes say of the machine's load.
func timeless(notes []Note) []Note {
	return slices.DeleteFunc(notes, func(n Note) bool { return strings.Contains(n.Message, "CPU time") })
}

func TestProfile(t *testing.T) {
	for version, python := range pythons(t) {
		t.Run(version, func(t *testing.T) {
			p, notes, dir := profileSample(t, python, func(o *Options) {
				o.Modules = []string{"app.heavy.lift", "app.heavy.WEIGHT", "app.deferred.f", "app.bound.HERE", "app.bound.ONCE", "app.bound.AGAIN", "app.bound.WEIGHT", "vendor.lib", "json"}
				o.Vendored = []string{"src/vendor"}
			})
			if notes = timeless(notes); len(notes) > 0 {
				t.Errorf("notes %v", notes)
			}
			edges := map[string]string{}
			for name, m := range p.Modules {
				for _, e := range m.Imports {
					kind := "eager"
					switch {
					case e.Called:
						kind = "called"
					case e.Lazy:
						kind = "lazy"
					}
					edges[name+">"+e.Module] = kind
				}
			}
			for edge, want := range map[string]string{
				"app.main>json": "eager", "app.main>app.first": "eager", "app.main>app.second": "eager", "app.main>app.dynamic": "called",
				"app.first>app.heavy": "eager", "app.second>app.heavy": "eager", "app.dynamic>app.heavy": "eager",
				"app.second>colorsys": "lazy", "app.main>colorsys": "called", "app.main>quopri": "called", "_decimal>numbers": "eager", "app.main>heapq": "called", "app.heavy>app": "eager", "app.heavy>time": "eager", "json>json.decoder": "eager",
				"app.deferred>sched": "eager",
			} {
				if edges[edge] != want {
					t.Errorf("edge %s is %q, want %s", edge, edges[edge], want)
				}
			}
			heavy := p.Modules["app.heavy"]
			// It sleeps longer than that: the clock may deduct waits for the processor.
			if heavy.SelfMS < 30 || heavy.ImportMS < 30 || heavy.CumulativeMS < 30 || heavy.Kind != "first-party" || heavy.File != "src/app/heavy.py" {
				t.Errorf("heavy is %+v, want 30 ms and more in src/app/heavy.py", heavy)
			}
			if !slices.Equal(heavy.Names, []string{"lift"}) {
				t.Errorf("names of heavy are %v, want lift: WEIGHT is neither module, class nor function, and another later", heavy.Names)
			}
			if bound := p.Modules["app.bound"]; !slices.Equal(bound.Names, []string{"HERE", "ONCE"}) {
				t.Errorf("names of bound are %v, want HERE and ONCE, which are bound once, and neither AGAIN nor WEIGHT", bound.Names)
			}
			// second finds heavy loaded in the program, and pays for it alone.
			if second := p.Modules["app.second"]; second.ImportMS < 30 {
				t.Errorf("app.second costs %v ms alone, want heavy in it", second.ImportMS)
			}
			if json := p.Modules["json"]; json.Kind != "stdlib" || json.File != "<stdlib>/json/__init__.py" || json.ImportMS <= 0 {
				t.Errorf("json is %+v", json)
			}
			if lib := p.Modules["vendor.lib"]; lib.Kind != "third-party" || lib.File != "src/vendor/lib.py" {
				t.Errorf("vendored lib is %+v", lib)
			}
			if effects := p.Modules["app.dynamic"].Effects; !slices.Equal(effects, []string{"environ: SAMPLE_MODE"}) {
				t.Errorf("effects of dynamic are %q", effects)
			}
			for name := range p.Modules {
				if effects := p.Modules[name].Effects; strings.HasPrefix(name, "app.") && name != "app.dynamic" && len(effects) > 0 {
					t.Errorf("effects of %s are %q, want none", name, effects)
				}
			}
			for _, name := range []string{"app.heavy.lift", "app.deferred.f", "absent_thing"} {
				if _, there := p.Modules[name]; there {
					t.Errorf("%s passes for a module", name)
				}
			}
			if ms, exact, ok := p.Cost("sys"); ms != 0 || !exact || !ok {
				t.Errorf("sys costs %v, %v, %v; the interpreter has it loaded", ms, exact, ok)
			}
			text := string(p.Write())
			if strings.Contains(text, dir) || strings.Contains(text, filepath.Dir(python)) {
				t.Errorf("the profile names a place on this machine:\n%s", text)
			}
			if back, err := profile.Read("p", []byte(text)); err != nil || string(back.Write()) != text {
				t.Errorf("the profile does not read back: %v", err)
			}
			if p.FloorMS <= 0 || p.Python != "" && !strings.HasPrefix(p.Python, version) || p.Implementation != "CPython" {
				t.Errorf("head of the profile: %v ms, %s, %s", p.FloorMS, p.Python, p.Implementation)
			}
		})
	}
}

func TestProfileGoesOnAfterAFailure(t *testing.T) {
	p, notes, _ := profileSample(t, anyPython(t), func(o *Options) {
		o.Entry = []string{"src/app/broken.py", "src/app/stuck.py", "app.first"}
		o.Modules = []string{"nowhere.at.all"}
		o.Timeout = 8 * time.Second
	})
	var got []string
	for _, note := range timeless(notes) {
		got = append(got, note.String())
	}
	want := []string{
		"app.broken: RuntimeError: broken on purpose (",
		"app.stuck: took longer than 8s, at src/app/stuck.py:2",
		"not installed for this Python: nowhere",
	}
	if len(got) != len(want) {
		t.Fatalf("notes %q, want %q", got, want)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("note %q, want %q", got[i], want[i])
		}
	}
	for i, inside := range []string{"broken.py\", line 2", "stuck.py\", line 2"} {
		if !strings.Contains(notes[i].Traceback, inside) {
			t.Errorf("traceback of %s is %q, want %s in it", notes[i].Module, notes[i].Traceback, inside)
		}
	}
	if p.Loaded("app.broken") || p.Loaded("nowhere.at.all") || !p.Loaded("app.heavy") {
		t.Error("loaded: want app.heavy, neither app.broken nor nowhere.at.all")
	}
}

func TestProfileWithoutAnyModule(t *testing.T) {
	dir := tree(t, map[string]string{"bad.py": "import ((\n"})
	_, notes, err := Profile(context.Background(), Options{Python: anyPython(t), Dir: dir, Entry: []string{"bad.py"}, Runs: 1})
	if err != nil {
		t.Fatal(err)
	}
	if notes = timeless(notes); len(notes) != 1 || !strings.Contains(notes[0].Message, "SyntaxError") {
		t.Errorf("notes %v", notes)
	}
}

// Every kind of effect, charged to the module whose code has it.
func TestProfileEffects(t *testing.T) {
	statements := map[string]string{
		"sys.path":                     "import sys; sys.path.append('/nowhere')",
		"sys.meta_path":                "import sys; sys.meta_path.append(type('F', (), {'find_spec': staticmethod(lambda *a: None)}))",
		"environ: EFFECT":              "import os; os.environ['EFFECT'] = '1'",
		"directory":                    "import os; os.chdir('/')",
		"signal: SIGUSR1":              "import signal; signal.signal(signal.SIGUSR1, lambda *a: None)",
		"excepthook":                   "import sys; sys.excepthook = lambda *a: None",
		"warnings-filter":              "import warnings; warnings.filterwarnings('ignore', message='mine')",
		"warnings-filter: all":         "import warnings; warnings.simplefilter('ignore', DeprecationWarning)",
		"root-logging":                 "import logging; logging.basicConfig()",
		"logging: effect":              "import logging; logging.getLogger('effect').addHandler(logging.StreamHandler())",
		"codec":                        "import codecs; codecs.register(lambda name: None)",
		"atexit":                       "import atexit; atexit.register(print)",
		"thread":                       "import threading; threading.Thread(target=int).start()",
		"builtins: effect":             "import builtins; builtins.effect = 1",
		"builtins: open":               "import builtins; builtins.open = lambda *a, **k: None",
		"locale":                       "import locale; locale.setlocale(locale.LC_ALL, 'C.UTF-8')",
		"sys.modules: string":          "import string, sys; sys.modules['string'] = object()",
		"replaces-itself":              "import sys; sys.modules[__name__] = object()",
		"patch: socket.getaddrinfo":    "import socket; socket.getaddrinfo = lambda *a: []",
		"socket-default":               "import socket; socket.setdefaulttimeout(3)",
		"start-method":                 "import multiprocessing; multiprocessing.set_start_method('spawn')",
		"register-at-fork":             "import os; os.register_at_fork(before=lambda: None)",
		"interpreter: recursion limit": "import sys; sys.setrecursionlimit(5000)",
		"":                             "import logging; logging.getLogger('quiet').addHandler(logging.NullHandler())",
	}
	files := map[string]string{}
	var main strings.Builder
	kinds := slices.Sorted(maps.Keys(statements))
	for i, kind := range kinds {
		files[fmt.Sprintf("made/e%02d.py", i)] = statements[kind] + "\n"
		fmt.Fprintf(&main, "import made.e%02d\n", i)
	}
	files["made/__init__.py"], files["entry.py"] = "", main.String()
	found := pythons(t)
	for _, version := range []string{"3.8", "3.11", "3.13"} {
		python, ok := found[version]
		if !ok {
			continue
		}
		t.Run(version, func(t *testing.T) {
			p, notes, err := Profile(context.Background(), Options{Python: python, Dir: tree(t, files), Entry: []string{"entry.py"}, Runs: 1, MaxIsolated: 1})
			if err != nil {
				t.Fatal(err)
			}
			if notes = timeless(notes); len(notes) != 1 || !strings.Contains(notes[0].Message, "1 of ") {
				t.Errorf("notes %v", notes)
			}
			for i, kind := range kinds {
				name := fmt.Sprintf("made.e%02d", i)
				if got := strings.Join(p.Modules[name].Effects, ", "); got != kind {
					t.Errorf("%s has effects %q, want %q", statements[kind], got, kind)
				}
				private := slices.Contains([]string{"", "warnings-filter", "logging: effect", "codec", "atexit", "register-at-fork", "replaces-itself"}, kind)
				if kind != "" && profile.ProcessWide(kind) == private {
					t.Errorf("%s process-wide: %v", kind, !private)
				}
			}
		})
	}
}

// A filter for warnings of a dependency is no one else's matter, unless it turns
// them into errors.
func TestProfileWarningsFilters(t *testing.T) {
	files := map[string]string{"library.py": "class Late(Warning):\n    pass\n", "entry.py": "import a, b, c, d\n",
		"a.py": "import library, warnings\n\nwarnings.simplefilter('ignore', library.Late)\n",
		"b.py": "import library, warnings\n\nwarnings.simplefilter('error', library.Late)\n",
		"c.py": "import warnings\n\n\nclass Own(Warning):\n    pass\n\n\nwarnings.simplefilter('error', Own)\n",
		"d.py": "import warnings\n\nwarnings.simplefilter('ignore', ResourceWarning)\n",
	}
	p, _, err := Profile(context.Background(), Options{Python: anyPython(t), Dir: tree(t, files), Entry: []string{"entry.py"}, Runs: 1})
	if err != nil {
		t.Fatal(err)
	}
	for name, wide := range map[string]bool{"a": false, "b": true, "c": false, "d": true} {
		effects := p.Modules[name].Effects
		if len(effects) != 1 || profile.EffectKind(effects[0]) != profile.EffectWarnings || profile.ProcessWide(effects[0]) != wide {
			t.Errorf("%s.py has effects %q; process-wide should be %v", name, effects, wide)
		}
	}
}

func TestFind(t *testing.T) {
	python := anyPython(t)
	dir := tree(t, map[string]string{"old/python": "#!/bin/sh\nprintf '2.7.18\\n/usr/bin/python'\n", "odd/python": "#!/bin/sh\necho hello\n"})
	for _, name := range []string{"old/python", "odd/python"} {
		makeExecutable(t, filepath.Join(dir, name))
	}
	for configured, want := range map[string]string{
		"old/python":    `is Python 2.7.18; set python in the configuration to a Python from 3.8`,
		"odd/python":    `it says "hello"`,
		"none/python":   `finding the interpreter "none/python" of the configuration`,
		"nosuchpython3": `finding the interpreter "nosuchpython3"`,
	} {
		if _, err := Find(context.Background(), dir, configured); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, want %q", configured, err, want)
		}
	}
	runPython(t, python, "-m", "venv", "--without-pip", filepath.Join(dir, ".venv"))
	t.Setenv("VIRTUAL_ENV", "")
	found, err := Find(context.Background(), dir, Default)
	if err != nil || found.Path != filepath.Join(dir, ".venv/bin/python") {
		t.Errorf("found %+v, %v; want the virtual environment of the project", found, err)
	}
	if found, err := Find(context.Background(), dir, ".venv/bin/python"); err != nil || found.Path != filepath.Join(dir, ".venv/bin/python") {
		t.Errorf("found %+v, %v for a path of the configuration", found, err)
	}
}
