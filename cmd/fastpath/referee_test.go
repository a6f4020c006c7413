package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"fastpath/cmd/internal/run"
)

// The referees are Python: CPython's own compiler and symbol tables judge what
// the tool wrote.
var (
	//go:embed testdata/compiles.py
	compilesScript string
	//go:embed testdata/names.py
	namesScript string
	//go:embed testdata/bytes.py
	bytesScript string
)

// interpreters are the Pythons on the machine, 3.8 or newer, oldest first. The
// one that FASTPATH_PYTHON names is always among them.
func interpreters(t testing.TB) []string {
	t.Helper()
	candidates, _ := filepath.Glob(filepath.Join(os.Getenv("HOME"), ".pyenv", "versions", "3.*", "bin", "python"))
	for minor := 8; minor <= 16; minor++ {
		if p, err := exec.LookPath(fmt.Sprintf("python3.%d", minor)); err == nil {
			candidates = append(candidates, p)
		}
	}
	candidates = append(candidates, interpreter(t))
	byVersion := map[string]string{}
	for _, c := range candidates {
		out, err := exec.Command(c, "-c", "import sys; print('%d.%02d' % sys.version_info[:2])").Output()
		version := strings.TrimSpace(string(out))
		if err == nil && version >= "3.08" && byVersion[version] == "" {
			byVersion[version] = c
		}
	}
	var versions []string
	for v := range byVersion {
		versions = append(versions, v)
	}
	sort.Strings(versions)
	var found []string
	for _, v := range versions {
		found = append(found, byVersion[v])
	}
	if len(found) == 0 {
		t.Fatal("no Python 3.8 or newer found; set FASTPATH_PYTHON")
	}
	return found
}

// interpreter is the Python that runs programs.
func interpreter(t testing.TB) string {
	t.Helper()
	name := os.Getenv("FASTPATH_PYTHON")
	if name == "" {
		name = "python3"
	}
	found, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("running Python: %v; set FASTPATH_PYTHON", err)
	}
	return found
}

// A pair is one file before and after a rewrite; bytes travel as latin-1.
type pair struct {
	ID     string  `json:"id"`
	Before *string `json:"before"`
	After  string  `json:"after"`
	// Through holds the modules that hand imports on, before and after.
	Through map[string][2]string `json:"through"`
}

// pairs makes the referees' cases of changes. What every fast_path.py holds goes
// along: what a name denotes that comes through it can only be judged with it.
func pairs(id string, changes []run.Change, input map[string][]byte) []pair {
	through := map[string][2]string{}
	for name, text := range input {
		if path.Base(name) == "fast_path.py" {
			through["fast_path"] = [2]string{latin1(text), latin1(text)}
		}
	}
	for _, c := range changes {
		if path.Base(c.Path) == "fast_path.py" {
			through["fast_path"] = [2]string{latin1(c.Old), latin1(c.New)}
		}
	}
	var all []pair
	for _, c := range changes {
		p := pair{ID: id + " " + c.Path, After: latin1(c.New), Through: through}
		if c.Old != nil {
			before := latin1(c.Old)
			p.Before = &before
		}
		all = append(all, p)
	}
	return all
}

func latin1(data []byte) string {
	runes := make([]rune, len(data))
	for i, b := range data {
		runes[i] = rune(b)
	}
	return string(runes)
}

// judge lets a referee look at the pairs under one interpreter.
func judge(t testing.TB, python, script string, cases []pair) {
	t.Helper()
	for _, b := range verdicts(t, python, script, cases) {
		t.Errorf("%s: %s (%s)", b.ID, b.Error, python)
	}
}

type verdict struct{ ID, Error string }

// verdicts are what a script says of the pairs.
func verdicts(t testing.TB, python, script string, cases []pair) []verdict {
	t.Helper()
	if len(cases) == 0 {
		return nil
	}
	input, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-I", "-c", script)
	cmd.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", python, err, stderr.String())
	}
	var said []verdict
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatal(err)
	}
	return said
}

// refereed are the pairs whose names can be compared: those that existed. The
// content of fast_path.py is meant to change.
func refereed(cases []pair) []pair {
	return slices.DeleteFunc(slices.Clone(cases), func(p pair) bool {
		return p.Before == nil || strings.HasSuffix(p.ID, "fast_path.py")
	})
}

func TestFixturesUnderEveryPython(t *testing.T) {
	var cases []pair
	for _, f := range loadFixtures(t) {
		dir := t.TempDir()
		f.lay(t, dir)
		cases = append(cases, pairs(f.name, f.changes(t, dir, nil).Changes, f.input)...)
	}
	for _, python := range interpreters(t) {
		judge(t, python, compilesScript, cases)
		judge(t, python, namesScript, refereed(cases))
		judge(t, python, bytesScript, slices.DeleteFunc(refereed(cases), func(p pair) bool {
			return strings.HasPrefix(p.ID, "annotations-quote ") // edits annotations too
		}))
	}
}

// TestPrograms runs the commands of each case before and after the rewrite and
// compares what they print.
func TestPrograms(t *testing.T) {
	programs := 0
	for _, f := range loadFixtures(t) {
		if len(f.run) == 0 {
			continue
		}
		programs++
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			before, rewritten := t.TempDir(), t.TempDir()
			f.lay(t, before)
			f.lay(t, rewritten)
			if _, stderr, code := invoke(rewritten, append([]string{"apply", "-q", "--no-cache"}, f.flags...)...); code != exitDone {
				t.Fatalf("apply ends with %d:\n%s", code, stderr)
			}
			for _, line := range f.run {
				old, oldCode := runProgram(t, before, line)
				now, nowCode := runProgram(t, rewritten, line)
				if oldCode != 0 {
					t.Errorf("%s: ends with %d before the rewrite:\n%s", line, oldCode, old)
				}
				if old != now || oldCode != nowCode {
					t.Errorf("%s: before (exit %d)\n%s\nafter (exit %d)\n%s", line, oldCode, old, nowCode, now)
				}
			}
		})
	}
	if programs == 0 {
		t.Skip("no fixture holds a program yet")
	}
}

// runProgram runs one command line; its first word `python` is the interpreter
// of the tests.
func runProgram(t testing.TB, dir, line string) (output string, code int) {
	t.Helper()
	words := strings.Fields(line)
	if words[0] == "python" {
		words[0] = interpreter(t)
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "PYTHONHASHSEED=0")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		t.Logf("%s in %s: %v\n%s", line, dir, err, errs.String())
	}
	return out.String(), cmd.ProcessState.ExitCode()
}
