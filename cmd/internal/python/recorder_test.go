package python

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fastpath/plan/usage"
)

// The application under test keeps its own books: every function notes itself
// in the set of the request it was called for.
const application = `
import contextvars, functools, json
reference = contextvars.ContextVar("reference")
books = []

def note(name):
    reference.get().add("app/work.py::" + name)

class Request:
    def __enter__(self):
        self.seen = set()
        self.token = reference.set(self.seen)
    def __exit__(self, *e):
        reference.reset(self.token)
        books.append(sorted(self.seen - {None}))

class Report:
    def render(self):
        note("Report.render")
        def line():
            note("Report.render.line")
        line()
        return [x for x in map(lambda x: x, "ab")]
    @classmethod
    def make(cls):
        note("Report.make")
        return cls()
    @property
    def size(self):
        note("Report.size")
        return 1
    class Part:
        @functools.lru_cache(None)
        def cut(self):
            note("Report.Part.cut")

def rows():
    note("rows")
    yield 1
    yield 2

async def wait():
    import asyncio
    note("wait")
    await asyncio.sleep(0)
    step(7)

async def stream():
    note("stream")
    yield 1

def step(n):
    note("step")
    STEPS[n % len(STEPS)]()

STEPS = []
for i in range(40):
    exec(compile("def s%d():\n    note('s%d')\n" % (i, i), __file__.replace("work.py", "steps.py"), "exec"))

def serve(n):
    note("serve")
    if n % 2: Report.make().render()
    if n % 3 == 0: Report().size, list(rows())
    if n % 5 == 0: Report.Part().cut()

async def serve_async(n):
    note("serve_async")
    await wait()
    serve(n)
    async for _ in stream(): pass
`

// recorded runs a script next to the recorder and the application and gives
// what both counted.
func recorded(t *testing.T, python, script string, env ...string) (u *usage.Usage, books [][]string) {
	t.Helper()
	dir := recorderTree(t, script)
	out := runIn(t, dir, python, env, "main.py")
	if err := json.Unmarshal([]byte(lastLine(out)), &books); err != nil {
		t.Fatalf("reading the books: %v\n%s", err, out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "usage.json"))
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	u, err = usage.Read("usage.json", data)
	if err != nil {
		t.Fatal(err)
	}
	return u, books
}

func recorderTree(t *testing.T, script string) string {
	t.Helper()
	work := strings.ReplaceAll(application, `exec(compile("def s%d():\n    note('s%d')\n" % (i, i), __file__.replace("work.py", "steps.py"), "exec"))`, `pass`)
	var steps strings.Builder
	for i := range 40 {
		fmt.Fprintf(&steps, "def s%d():\n    note('s%d')\nSTEPS.append(s%d)\n", i, i, i)
	}
	return tree(t, map[string]string{
		"fastpath_recorder.py": string(Recorder()),
		"app/__init__.py":      "",
		"app/work.py":          work + steps.String(),
		"main.py":              "import sys, json\nfrom fastpath_recorder import Recorder\nfrom app import work\n" + script,
	})
}

func runIn(t *testing.T, dir, python string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.Command(python, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), append(env, "PYTHONDONTWRITEBYTECODE=1")...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%s %q: %v\n%s%s", python, args, err, out, stderr.String())
	}
	return string(out)
}

// compare holds the recorder to the application's own books, request by request
// where the sets allow it.
func compare(t *testing.T, u *usage.Usage, books [][]string) {
	t.Helper()
	if int(u.Requests) != len(books) {
		t.Errorf("%v requests recorded, %d served", u.Requests, len(books))
		return
	}
	want := map[string]int{}
	sets := map[string]int{}
	for _, functions := range books {
		for _, f := range functions {
			want[f]++
		}
		sets[strings.Join(functions, " ")]++
	}
	got := map[string]int{}
	for f, pct := range u.Functions {
		// The books are kept by functions of the file, which note nothing.
		if f != "app/work.py::note" && !strings.HasPrefix(f, "app/work.py::Request.") {
			got[f] = int(pct*u.Requests/100 + 0.5)
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("recorded %v\nwant     %v", got, want)
	}
	for _, set := range u.Sets {
		functions := slices.DeleteFunc(slices.Clone(set.Functions), func(f string) bool {
			return f == "app/work.py::note" || strings.HasPrefix(f, "app/work.py::Request.")
		})
		sets[strings.Join(functions, " ")] -= int(set.Share*u.Requests/100 + 0.5)
	}
	for functions, left := range sets {
		if left != 0 {
			t.Errorf("the set %q is off by %d", functions, left)
		}
	}
}

const every = "recorder = Recorder('usage.json', every=1)\n"

// finish prints the books after the recorder's own exit.
const finish = "recorder.flush()\nprint(json.dumps(work.books))\n"

func TestRecorder(t *testing.T) {
	scripts := map[string]string{
		"with": every + "for n in range(30):\n    with recorder.request(), work.Request():\n        work.serve(n)\n        work.step(n)\n" + finish,
		"handler": every + "@recorder.handler\ndef handler(event):\n    with work.Request():\n        work.serve(event)\n" +
			"for n in range(30): handler(n)\n" + finish,
		"handler in handler": every + "@recorder.handler\ndef outer(event):\n    with work.Request():\n        return inner(event)\n" +
			"@recorder.handler\ndef inner(event):\n    work.serve(event)\nfor n in range(30): outer(n)\n" + finish,
		"raising handler": every + "@recorder.handler\ndef handler(event):\n    with work.Request():\n        work.serve(event)\n        raise KeyError\n" +
			"for n in range(10):\n    try: handler(n)\n    except KeyError: pass\nwork_outside = work.Report\n" + finish,
		"wsgi": every + "def app(environ, start):\n    def body():\n        with work.Request():\n            work.serve(environ['n'])\n            yield b'x'\n" +
			"    return body()\nfor n in range(30):\n    b = recorder.wsgi(app)({'n': n}, None)\n    assert list(b) == [b'x']\n    b.close()\n" + finish,
		"asgi": every + "import asyncio\nasync def app(scope, receive, send):\n    with work.Request():\n        await work.serve_async(scope['n'])\n" +
			"app = recorder.asgi(app)\nasync def main():\n    await app({'type': 'lifespan', 'n': 1}, None, None); work.books.clear()\n" +
			"    await asyncio.gather(*(app({'type': 'http', 'n': n}, None, None) for n in range(100)))\nasyncio.run(main())\n" + finish,
		"async handler": every + "import asyncio\n@recorder.handler\nasync def handler(n):\n    with work.Request():\n        await work.serve_async(n)\n" +
			"async def main():\n    await asyncio.gather(*(asyncio.ensure_future(handler(n)) for n in range(100)))\nasyncio.run(main())\n" + finish,
		"threads": every + "import threading\ndef serve(k):\n    for n in range(25):\n        with recorder.request(), work.Request():\n            work.serve(n * k)\n            work.step(n + k)\n" +
			"threads = [threading.Thread(target=serve, args=(k,)) for k in range(4)]\n[x.start() for x in threads]; [x.join() for x in threads]\n" + finish,
		"carried": every + "import threading, contextvars\nfor n in range(10):\n    with recorder.request(), work.Request():\n        context = contextvars.copy_context()\n" +
			"        x = threading.Thread(target=recorder.carry(lambda: work.serve_in(context, n)))\n        x.start(); x.join()\n" + finish,
	}
	for version, python := range pythons(t) {
		t.Run(version, func(t *testing.T) {
			for name, script := range scripts {
				if name == "carried" {
					// The books follow the context by hand, as the recorder by carry.
					script = "def serve_in(context, n):\n    work.reference.set(context[work.reference]); work.serve(n)\nwork.serve_in = serve_in\n" + script
				}
				t.Run(name, func(t *testing.T) {
					u, books := recorded(t, python, script)
					compareOwn(t, u, books)
				})
			}
		})
	}
}

// compareOwn leaves out what the scripts themselves define in main.py.
func compareOwn(t *testing.T, u *usage.Usage, books [][]string) {
	t.Helper()
	for f := range u.Functions {
		if strings.HasPrefix(f, "main.py::") {
			delete(u.Functions, f)
		}
	}
	for i := range u.Sets {
		u.Sets[i].Functions = slices.DeleteFunc(u.Sets[i].Functions, func(f string) bool { return strings.HasPrefix(f, "main.py::") })
	}
	compare(t, u, books)
}

func TestRecorderSamples(t *testing.T) {
	script := "recorder = Recorder('usage.json', every=10)\nfor n in range(2000):\n    with recorder.request():\n" +
		"        with work.Request(): work.serve(n)\nwork.books.clear()\n" + finish
	for version, python := range pythons(t) {
		t.Run(version, func(t *testing.T) {
			u, _ := recorded(t, python, script)
			if u.Requests < 100 || u.Requests > 320 {
				t.Errorf("%v of 2000 requests traced, want about 200", u.Requests)
			}
			if pct := u.Functions["app/work.py::serve"]; pct != 100 {
				t.Errorf("serve ran in %v percent of the traced requests, want all", pct)
			}
		})
	}
}

func TestRecorderMergesProcesses(t *testing.T) {
	python := anyPython(t)
	dir := recorderTree(t, "recorder = Recorder('usage.json', every=1, seconds=0)\nfor n in range(40):\n    with recorder.request(), work.Request():\n        work.serve(n)\nrecorder.flush(30)\n")
	var processes []*exec.Cmd
	for range 8 {
		cmd := exec.Command(python, "main.py")
		cmd.Dir, cmd.Stderr = dir, os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		processes = append(processes, cmd)
	}
	for _, cmd := range processes {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	u := readUsage(t, dir)
	if u.Requests != 320 || u.Functions["app/work.py::Report.render"] != 50 || !u.Complete {
		t.Errorf("merged %v requests, %v percent with render, complete %v; want 320, 50, true", u.Requests, u.Functions["app/work.py::Report.render"], u.Complete)
	}
}

func readUsage(t *testing.T, dir string) *usage.Usage {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "usage.json"))
	if err != nil {
		t.Fatal(err)
	}
	u, err := usage.Read("usage.json", data)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestRecorderInForkedProcesses(t *testing.T) {
	script := "import multiprocessing\nrecorder = Recorder('usage.json', every=1)\ndef child(k):\n    for n in range(10):\n        with recorder.request():\n" +
		"            with work.Request(): work.serve(n)\n" +
		"with recorder.request():\n    with work.Request(): work.serve(1)\ncontext = multiprocessing.get_context('fork')\n" +
		"children = [context.Process(target=child, args=(k,)) for k in range(4)]\n[c.start() for c in children]; [c.join() for c in children]\n" + finish
	for _, version := range []string{"3.8", "3.11"} {
		if python, ok := pythons(t)[version]; ok {
			u, _ := recorded(t, python, script)
			if u.Requests != 41 {
				t.Errorf("%s: %v requests of one parent and four children, want 41", version, u.Requests)
			}
		}
	}
}

// A process that is killed loses what it had not added, and nothing else.
func TestRecorderSurvivesKill(t *testing.T) {
	python := anyPython(t)
	dir := recorderTree(t, "import os, signal, itertools\nrecorder = Recorder('usage.json', every=1, seconds=0)\nfor n in itertools.count():\n    with recorder.request(), work.Request():\n        work.serve(n)\n    print(n, flush=True)\n")
	for round := 1; round <= 3; round++ {
		cmd := exec.Command(python, "main.py")
		cmd.Dir = dir
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line := make([]byte, 1)
		for lines := 0; lines < 20+round; {
			if _, err := out.Read(line); err != nil {
				t.Fatal(err)
			}
			if line[0] == '\n' {
				lines++
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // killed, as it should be
		if u := readUsage(t, dir); int(u.Requests) < 20*round || u.Functions["app/work.py::serve"] != 100 {
			t.Errorf("after kill %d: %v requests, serve in %v percent", round, u.Requests, u.Functions["app/work.py::serve"])
		}
	}
}

func TestRecorderLines(t *testing.T) {
	dir := recorderTree(t, "recorder = Recorder(stream=sys.stdout, every=1, seconds=0)\nfor n in range(3):\n    with recorder.request(): work.serve\n    with recorder.request():\n        with work.Request(): work.serve(n)\n")
	for version, python := range pythons(t) {
		u, err := usage.Read("log", []byte(runIn(t, dir, python, nil, "main.py")))
		if err != nil || u.Requests != 6 || u.Functions["app/work.py::serve"] != 50 {
			t.Errorf("%s: read %+v, %v", version, u, err)
		}
	}
}

func TestRecorderKnowsItsOwnCode(t *testing.T) {
	dir := recorderTree(t, "import vendored, own, pkg.site_code\nrecorder = Recorder('usage.json', every=1, exclude=['skipped'])\nimport skipped.a\n"+
		"with recorder.request():\n    vendored.f(); own.f(); skipped.a.f(); pkg.site_code.f(); json.dumps({})\n"+finish)
	for name, text := range map[string]string{
		"own.py": "def f(): pass\n", "vendored.py": "def f(): pass\n", "skipped/a.py": "def f(): pass\n", "pkg/site_code.py": "class K:\n  def f(self): pass\ndef f(): K().f()\n",
		"vendored-1.0.dist-info/RECORD": "vendored.py,sha256=x,14\nvendored-1.0.dist-info/RECORD,,\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for version, python := range pythons(t) {
		os.Remove(filepath.Join(dir, "usage.json"))
		runIn(t, dir, python, nil, "main.py")
		got := slices.Sorted(maps.Keys(readUsage(t, dir).Functions))
		if want := []string{"own.py::f", "pkg/site_code.py::K.f", "pkg/site_code.py::f"}; !slices.Equal(got, want) {
			t.Errorf("%s: recorded %v, want %v", version, got, want)
		}
	}
}

// A fault of the recorder is told once and never reaches the application.
func TestRecorderLeavesTheApplicationAlone(t *testing.T) {
	dir := recorderTree(t, "recorder = Recorder('usage.json', every=1, seconds=0)\nfor n in range(3):\n    with recorder.request():\n        with work.Request(): work.serve(n)\nprint('served', n)\n")
	if err := os.WriteFile(filepath.Join(dir, "usage.json"), []byte("{\"pandas\": 5}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(anyPython(t), "main.py")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "served 2") || strings.Count(string(out), "was not written by this recorder; name another file") != 1 {
		t.Errorf("%v: %s", err, out)
	}
	if data, _ := os.ReadFile(filepath.Join(dir, "usage.json")); string(data) != "{\"pandas\": 5}\n" {
		t.Errorf("the file of somebody else holds %s", data)
	}
}

func TestRecorderStepsAsideForATracer(t *testing.T) {
	python, ok := pythons(t)["3.9"]
	if !ok {
		t.Skip("no Python 3.9 under ~/.pyenv/versions")
	}
	dir := recorderTree(t, "recorder = Recorder('usage.json', every=1)\ncalls = []\ntracer = lambda *a: calls.append(a)\nsys.settrace(tracer)\nwith recorder.request():\n    work.Report\nprint(sys.gettrace() is tracer, recorder.flush())\n")
	if out := runIn(t, dir, python, nil, "main.py"); !strings.Contains(out, "True True") {
		t.Errorf("output %s", out)
	}
	if _, err := os.Stat(filepath.Join(dir, "usage.json")); err == nil {
		t.Error("a request that could not be traced was counted")
	}
}
