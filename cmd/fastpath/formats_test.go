package main

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fastpath/cmd/internal/run"
)

// A formatter judges how files are laid out, or how their imports are sorted.
type formatter struct {
	name string
	args []string       // behind `python -m`
	says *regexp.Regexp // what it prints of a file that it would change
	// but is another one, which breaks lists otherwise: of files that both
	// accept nothing tells which way a new list is to be broken.
	but *formatter
}

var (
	unsorted     = regexp.MustCompile(`(?m)^ERROR: (.*) Imports are incorrectly sorted`)
	isortAsBlack = formatter{name: "isort --profile black", args: []string{"isort", "--check-only", "--profile", "black"}, says: unsorted}
	formatters   = []formatter{
		{name: "black", args: []string{"black", "--check", "--no-color"}, says: regexp.MustCompile(`(?m)^would reformat (.*)$`)},
		{name: "ruff format", args: []string{"ruff", "format", "--check", "--isolated", "--no-cache"}, says: regexp.MustCompile(`(?m)^Would reformat: (.*)$`)},
		{name: "ruff I", args: []string{"ruff", "check", "--select", "I", "--isolated", "--no-cache", "--output-format", "concise"}, says: regexp.MustCompile(`(?m)^(.*?):\d+:\d+: I`)},
		{name: "isort", args: []string{"isort", "--check-only"}, says: unsorted, but: &isortAsBlack},
		isortAsBlack,
	}
)

// TestFormats moves everything down, up, and both on copies of whole packages:
// `make formats DIR="path path" PYTHON=...`. A file that a formatter accepts
// before it must accept after. The formatters are those of the interpreter.
func TestFormats(t *testing.T) {
	folders := strings.Fields(os.Getenv("FASTPATH_FORMATS"))
	if len(folders) == 0 {
		t.Skip("no packages: run make formats DIR=path")
	}
	if out, err := exec.Command(interpreter(t), "-c", "import black, isort, ruff").CombinedOutput(); err != nil {
		t.Skipf("no formatters in this environment: %s -m pip install black isort ruff\n%s", interpreter(t), out)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			p := newTree(t, folder)
			p.copy(t, "up", "before")
			p.copy(t, "down", "before")
			changed := map[string]map[string]bool{"up": p.moved(t, "up", 1), "down": p.moved(t, "down", 500)}
			p.copy(t, "both", "down")
			changed["both"] = p.moved(t, "both", 1)
			for path := range changed["down"] {
				changed["both"][path] = true
			}
			for _, f := range formatters {
				t.Run(f.name, func(t *testing.T) {
					for _, version := range []string{"down", "up", "both"} {
						f.accepts(t, p, version, changed[version])
					}
				})
			}
		})
	}
}

// moved rewrites a version in place and gives the files that change.
func (p *pythonTree) moved(t *testing.T, version string, cost float64) map[string]bool {
	t.Helper()
	_, r := corpusRun(t, p.root(version), cost, nil)
	failedProofs(t, r)
	changed := map[string]bool{}
	for _, c := range r.Changes {
		place(t, p.root(version), c.Path, c.New)
		changed[c.Path] = true
	}
	return changed
}

// accepts demands that the formatter accepts those changed files of a version
// that it accepted before.
func (f formatter) accepts(t *testing.T, p *pythonTree, version string, changed map[string]bool) {
	t.Helper()
	dirty := f.refused(t, p.root("before"), changed)
	clean := map[string]bool{}
	for path := range changed {
		if !dirty[path] {
			clean[path] = true
		}
	}
	if f.but != nil {
		others := f.but.refused(t, p.root("before"), clean)
		maps.DeleteFunc(clean, func(path string, _ bool) bool { return !others[path] })
	}
	refused := f.refused(t, p.root(version), clean)
	t.Logf("%s: %s accepts %d of %d changed files that it accepted before", version, f.name, len(clean)-len(refused), len(clean))
	shown := 0
	for _, path := range slices.Sorted(maps.Keys(refused)) {
		if shown++; shown > 10 {
			break
		}
		t.Errorf("%s: %s no longer accepts %s:\n%s", version, f.name, path, f.wants(t, p.root(version), path))
	}
}

// refused are the files that the formatter would change.
func (f formatter) refused(t *testing.T, dir string, paths map[string]bool) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	if len(paths) == 0 {
		return found
	}
	for _, m := range f.says.FindAllSubmatch(f.run(t, dir, slices.Sorted(maps.Keys(paths))...), -1) {
		path := string(m[1])
		if rel, err := filepath.Rel(dir, path); err == nil && filepath.IsAbs(path) {
			path = rel
		}
		found[filepath.ToSlash(path)] = true
	}
	return found
}

// wants is the difference between a file and what the formatter makes of it.
func (f formatter) wants(t *testing.T, dir, path string) []byte {
	t.Helper()
	full := filepath.Join(dir, filepath.FromSlash(path))
	old, err := os.ReadFile(full)
	if err != nil {
		t.Fatal(err)
	}
	fix := f
	fix.args = nil
	for _, arg := range f.args {
		if arg != "--check" && arg != "--check-only" {
			fix.args = append(fix.args, arg)
		}
		if arg == "check" {
			fix.args = append(fix.args, "--fix")
		}
	}
	fix.run(t, dir, path)
	now, err := os.ReadFile(full)
	if err != nil {
		t.Fatal(err)
	}
	place(t, dir, path, old)
	diff, err := run.Diff([]run.Change{{Path: path, Old: old, New: now}})
	if err != nil {
		t.Fatal(err)
	}
	return diff
}

func (f formatter) run(t *testing.T, dir string, paths ...string) []byte {
	t.Helper()
	cmd := exec.Command(interpreter(t), append(append([]string{"-m"}, f.args...), paths...)...)
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
