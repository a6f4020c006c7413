package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fastpath/cmd/internal/python"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/run"
	"fastpath/plan"
	"fastpath/plan/profile"
	"fastpath/plan/stdlib"
	"fastpath/plan/usage"
)

//go:embed testdata/movable.py
var movableScript string

// TestMovable prints for each of several trees which share of the plainly
// movable imports moves, and what keeps each of the others: `make movable
// DIR="path path"`. The share is told as well for a configuration that allows
// what merely brings no gain.
func TestMovable(t *testing.T) {
	trees := strings.Fields(os.Getenv("FASTPATH_TREES"))
	if len(trees) == 0 {
		t.Skip(`no trees: run make movable DIR="path path"`)
	}
	sum, lifted := &movable{Codes: map[string]int{}}, &movable{Codes: map[string]int{}}
	for _, tree := range trees {
		dir := t.TempDir()
		copySources(t, tree, dir)
		s, r := corpusRun(t, dir, 500, nil)
		failedProofs(t, r)
		sum.add(logMovable(t, tree, dir, s, r))
		s.Input.Policy.Allow = append(s.Input.Policy.Allow, "called-at-import")
		r, err := s.Rewrite()
		if err != nil {
			t.Fatal(err)
		}
		failedProofs(t, r)
		lifted.add(countMovable(t, dir, s, r))
	}
	t.Logf("all: %s", sum)
	t.Logf(`all, with allow = ["called-at-import"]: %s`, lifted)
}

// A movable is what movable.py counts.
type movable struct {
	Units, Movable, Moved, Idle int
	IdleMoved                   int `json:"idle_moved"`
	Codes                       map[string]int
	Left                        []struct {
		File     string
		Line     int
		Name     string
		Blockers []plan.Blocker
	}
}

func (m *movable) add(n *movable) {
	m.Units += n.Units
	m.Movable += n.Movable
	m.Moved += n.Moved
	m.Idle += n.Idle
	m.IdleMoved += n.IdleMoved
	for code, times := range n.Codes {
		m.Codes[code] += times
	}
}

func (m *movable) String() string {
	return fmt.Sprintf("%d units, %d plainly movable, %d moved (%s); of those whose users do not run while the module loads, %d of %d (%s); the others by blocker: %v",
		m.Units, m.Movable, m.Moved, percent(m.Moved, m.Movable), m.IdleMoved, m.Idle, percent(m.IdleMoved, m.Idle), m.Codes)
}

func percent(part, whole int) string {
	if whole == 0 {
		return "none"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}

// logMovable logs which share of the plainly movable imports moved and what
// keeps each of the others.
func logMovable(t *testing.T, tree, dir string, s *run.Survey, r *run.Result) *movable {
	t.Helper()
	count := countMovable(t, dir, s, r)
	t.Logf("%s: %s", filepath.Base(tree), count)
	for _, l := range count.Left {
		for _, b := range l.Blockers {
			t.Logf("stays: %s:%d %s: %s: %s:%d: %s", l.File, l.Line, l.Name, b.Code, b.File, b.Line, b.Message)
		}
	}
	return count
}

// countMovable lets movable.py, which knows nothing of the blockers, count the
// imports that nothing visibly keeps, and those of them that moved.
func countMovable(t *testing.T, dir string, s *run.Survey, r *run.Result) *movable {
	t.Helper()
	var table bytes.Buffer
	if err := render.PlanJSON(&table, render.Shown{Input: s.Input, Plan: r.Plan}); err != nil {
		t.Fatal(err)
	}
	script, name := filepath.Join(t.TempDir(), "movable.py"), filepath.Join(t.TempDir(), "plan.json")
	for file, content := range map[string][]byte{script: []byte(movableScript), name: table.Bytes()} {
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(interpreter(t), append([]string{"-I", script, dir, name}, s.Input.Policy.Src...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	count := &movable{}
	if err := json.Unmarshal(out, count); err != nil {
		t.Fatal(err)
	}
	return count
}

// corpusProfile says that every module that the tree names takes cost
// milliseconds. What else a profile knows of modules outside the tree, which
// names denote modules, classes and functions and what importing them changes,
// the interpreter tells: without that evidence such imports stay.
func corpusProfile(t *testing.T, s *run.Survey, cost float64, see func(*testing.T, []string) *profile.Profile) *profile.Profile {
	t.Helper()
	inTree, roots, named := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, m := range s.Input.Modules {
		root, _, _ := strings.Cut(m.Name, ".")
		inTree[m.Name], roots[root] = true, true
	}
	var outside []string
	for _, name := range importedModules(s) {
		root, _, _ := strings.Cut(name, ".")
		if !roots[root] && !stdlib.Has(root) {
			outside = append(outside, name)
		}
	}
	p := see(t, outside)
	for _, m := range s.Input.Modules {
		for _, u := range m.Units {
			named[u.Module] = true
			if name := u.Module + "." + u.Attr; inTree[name] || stdlib.Has(name) {
				named[name] = true
			}
		}
	}
	for name := range p.Modules {
		named[name] = true
	}
	for name := range named {
		m := p.Modules[name]
		m.ImportMS, m.Unmeasured = cost, false
		p.Modules[name] = m
	}
	return p
}

// gathered remembers what seen found, by the names that it looked for: a
// corpus run plans the same tree several times.
var gathered = map[string][]byte{}

// seen is the profile of modules outside the tree, as measured here. Its
// figures mean nothing.
func seen(t *testing.T, names []string) *profile.Profile {
	t.Helper()
	key := strings.Join(names, " ")
	if gathered[key] == nil {
		p := unseen(t, names)
		if len(names) > 0 {
			measured, notes, err := python.Profile(t.Context(), python.Options{Python: interpreter(t), Dir: t.TempDir(), Modules: names, Runs: 1, MaxIsolated: 1})
			for _, n := range notes {
				if n.Module != "" {
					t.Logf("without evidence: %s; pip install it for the Python that FASTPATH_PYTHON names", n)
				}
			}
			if err == nil {
				p = measured
			} else {
				t.Logf("without evidence: %v", err)
			}
		}
		gathered[key] = p.Write()
	}
	p, err := profile.Read("profile.json", gathered[key])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// unseen is a profile that knows nothing of the modules.
func unseen(*testing.T, []string) *profile.Profile {
	return &profile.Profile{Schema: profile.Schema, Modules: map[string]profile.Module{}}
}

// corpusUsage says what share of requests, in percent, uses each module.
func corpusUsage(s *run.Survey, percent float64) *usage.Usage {
	u := &usage.Usage{Modules: map[string]float64{}}
	for _, name := range importedModules(s) {
		u.Modules[name] = percent
	}
	return u
}
