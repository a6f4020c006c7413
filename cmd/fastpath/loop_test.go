package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// An application of the loop is a folder of testdata/loop: its requirements, its
// entry module, which answers the events of events.json, and what it reads.
type application struct {
	name   string
	entry  string
	copies string   // the package of the environment that becomes first-party code
	logs   []string // profile these events by -X importtime; none: fastpath profile
}

// TestLoop takes three applications with real third-party imports through the
// whole loop, and prints what came of it: profile, usage recorded on the sample
// events, plan, apply on a branch, the same answers to all events, measurement.
func TestLoop(t *testing.T) {
	if os.Getenv("FASTPATH_LOOP") == "" {
		t.Skip("installs three applications and measures them for a quarter of an hour: run make loop")
	}
	for _, a := range []application{
		{name: "lambda", entry: "lambda_function"},
		{name: "awscli", entry: "main", copies: "awscli"},
		// Its rules are loaded by path: only a run shows what they cost, and there
		// are hundreds of them to import one by one.
		{name: "cfn-lint", entry: "main", copies: "cfnlint", logs: []string{"good", "bad", "serverless"}},
	} {
		t.Run(a.name, func(t *testing.T) {
			a.loop(&runner{t: t, dir: t.TempDir()})
		})
	}
}

func (a application) loop(r *runner) {
	t, python := r.t, a.environment(r.t)
	a.unpack(r, python)
	run := func(args ...string) string {
		return r.command(python, append([]string{"-B", "run_events.py", a.entry}, args...)...)
	}

	before := run()
	if strings.Count(before, `"raised"`) == strings.Count(before, "\n") {
		t.Fatalf("no event is answered:\n%s", before)
	}
	r.fastpath("usage", "recorder")
	run("record")
	r.fastpath("usage", "usage.log")
	if len(a.logs) == 0 {
		r.fastpath("profile", "--runs", "3")
	} else {
		profile := []string{"profile", "--from"}
		for _, event := range a.logs {
			cmd := exec.Command(python, "-X", "importtime", "run_events.py", a.entry, "one", event)
			cmd.Dir, cmd.Env = r.path("work"), r.environment()
			var log strings.Builder
			cmd.Stderr = &log
			if err := cmd.Run(); err != nil {
				t.Fatalf("%s: %v\n%s", event, err, log.String())
			}
			place(t, r.path("work"), event+".log", []byte(log.String()))
			profile = append(profile, event+".log")
		}
		r.fastpath(profile...)
	}
	r.git("add", ".")
	r.git("commit", "-q", "-m", "What fastpath decides by")
	t.Logf("blocked, by what their import takes:\n%s", a.blocked(r))

	r.fastpath("apply", "--branch", "faster")
	r.git("switch", "-q", "faster")
	t.Logf("changed:\n%s", r.git("diff", "--stat", "main"))
	if after := run(); after != before {
		t.Errorf("the answers differ; before:\n%s\nafter:\n%s", before, after)
	} else {
		t.Logf("%d answers are the same", strings.Count(after, "\n"))
	}
	stdout, stderr, code := invoke(r.path("work"), "measure", "ab", "main", "--event", "events.json", "--handler", a.entry+":handler", "-q")
	if code >= exitTrouble {
		t.Fatalf("measure ab ends with %d:\n%s", code, stderr)
	}
	t.Logf("exit code %d\n%s", code, stdout)
}

// environment is the Python of a virtual environment with the application's
// requirements, installed once in the user's cache.
func (a application) environment(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skipf("no folder for a virtual environment: %v", err)
	}
	home := filepath.Join(cache, "fastpath-tests", "loop-"+a.name)
	python, done := filepath.Join(home, "bin", "python"), filepath.Join(home, "installed")
	wanted, err := os.ReadFile(filepath.Join("testdata", "loop", a.name, "requirements.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if have, err := os.ReadFile(done); err == nil && string(have) == string(wanted) {
		return python
	}
	for _, command := range [][]string{
		{interpreter(t), "-m", "venv", "--clear", home},
		{python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", filepath.Join("testdata", "loop", a.name, "requirements.txt")},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Skipf("%s cannot be installed here: %v\n%s", a.name, err, out)
		}
	}
	place(t, home, "installed", wanted)
	return python
}

// unpack makes a git repository of the application.
func (a application) unpack(r *runner, python string) {
	t := r.t
	t.Helper()
	work := r.path("work")
	if err := os.CopyFS(work, os.DirFS(filepath.Join("testdata", "loop", a.name))); err != nil {
		t.Fatal(err)
	}
	driver, err := os.ReadFile(filepath.Join("testdata", "loop", "run_events.py"))
	if err != nil {
		t.Fatal(err)
	}
	place(t, work, "run_events.py", driver)
	if a.copies != "" {
		out, err := exec.Command(python, "-c", "import sys, "+a.copies+"; sys.stdout.write("+a.copies+".__path__[0])").Output()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(filepath.Join(work, a.copies), os.DirFS(string(out))); err != nil {
			t.Fatal(err)
		}
	}
	place(t, work, ".gitignore", []byte("__pycache__/\nusage.log\n*.log\nfastpath_recorder.py\n"))
	place(t, work, "fastpath.toml", []byte(fmt.Sprintf("entry = [%q]\nexclude = [\"run_events.py\"]\npython = %q\n", a.entry+".py", python)))
	r.git("init", "-q", "-b", "main")
	r.git("add", ".")
	r.git("commit", "-q", "-m", "The application")
}

// A planned is one import in the JSON of a plan.
type planned struct {
	File, Target, Decision, Status string
	Line                           int
	ImportMS                       *float64 `json:"import_ms"`
	Blockers                       []struct{ Code, Message string }
}

// blocked lists what stays though the figures want it in functions, the dearest
// first, with the first reason of each.
func (a application) blocked(r *runner) string {
	stdout, stderr, code := invoke(r.path("work"), "plan", "--format", "json", "--no-cache")
	if code != exitDone {
		r.t.Fatalf("plan ends with %d:\n%s", code, stderr)
	}
	var made struct {
		Summary json.RawMessage
		Imports []planned
	}
	if err := json.Unmarshal([]byte(stdout), &made); err != nil {
		r.t.Fatal(err)
	}
	blocked := slices.DeleteFunc(made.Imports, func(i planned) bool {
		return i.Status != "blocked" || i.Decision == "module" || i.ImportMS == nil || len(i.Blockers) == 0
	})
	text := string(made.Summary) + "\n"
	codes := map[string]int{}
	for _, b := range blocked {
		codes[b.Blockers[0].Code]++
	}
	for _, code := range slices.SortedFunc(maps.Keys(codes), func(x, y string) int { return cmp.Or(cmp.Compare(codes[y], codes[x]), cmp.Compare(x, y)) }) {
		text += fmt.Sprintf("%6d %s\n", codes[code], code)
	}
	slices.SortStableFunc(blocked, func(x, y planned) int {
		return cmp.Compare(*y.ImportMS, *x.ImportMS)
	})
	for _, b := range blocked[:min(len(blocked), 15)] {
		text += fmt.Sprintf("%8s ms %s (%s:%d) %s: %s\n", strconv.FormatFloat(*b.ImportMS, 'f', 1, 64), b.Target, b.File, b.Line, b.Blockers[0].Code, b.Blockers[0].Message)
	}
	return text
}
