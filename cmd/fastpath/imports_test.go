package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fastpath/cmd/internal/run"
	"fastpath/plan"
	"fastpath/plan/facts"
)

// What Python itself says of whole trees before and after.
var (
	//go:embed testdata/imports.py
	importsScript string
	//go:embed testdata/bindings.py
	bindingsScript string
)

// TestImports moves everything up, everything down, and everything down and up
// again, on copies of whole packages: `make imports DIR="path path"`. Every
// module must then import as before, as the first of its tree, and after both
// directions bind the names it bound.
func TestImports(t *testing.T) {
	folders := strings.Fields(os.Getenv("FASTPATH_PACKAGES"))
	if len(folders) == 0 {
		t.Skip("no packages: run make imports DIR=path")
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			p := newTree(t, folder)
			up, down := p.copy(t, "up", "before"), p.copy(t, "down", "before")
			before, after := moveAll(t, up, 1)
			hoistedCount(t, before, after)
			moveAll(t, down, 500)
			both := p.copy(t, "both", "down")
			_, after = moveAll(t, both, 1)
			reasons := map[[2]string]string{}
			after.reasons("", reasons)
			sameBindings(t, p.root("before"), both, reasons)
			p.sameImports(t, "up", "down", "both")
		})
	}
}

// A pythonTree is a package, or a standard library, in several versions.
type pythonTree struct {
	dir     string
	inside  string // where in the folder of a version the tree itself is
	library bool
	python  string
}

func newTree(t *testing.T, source string) *pythonTree {
	t.Helper()
	p := &pythonTree{dir: t.TempDir(), inside: filepath.Base(source), python: interpreter(t)}
	if _, err := os.Stat(filepath.Join(source, "encodings", "__init__.py")); err == nil {
		p.library, p.inside = true, filepath.Join("lib", filepath.Base(source))
		p.python = ""
		for _, python := range interpreters(t) {
			if out, err := exec.Command(python, "-c", "import sys; print('python%d.%d' % sys.version_info[:2])").Output(); err == nil && strings.TrimSpace(string(out)) == filepath.Base(source) {
				p.python = python
			}
		}
		if p.python == "" {
			t.Skipf("no interpreter for this library: install %s", filepath.Base(source))
		}
	}
	copyFiles(t, source, filepath.Join(p.dir, "before", p.inside))
	return p
}

// root is the folder on the module search path of a version.
func (p *pythonTree) root(version string) string {
	if p.library {
		return filepath.Join(p.dir, version, p.inside)
	}
	return filepath.Join(p.dir, version)
}

func (p *pythonTree) copy(t *testing.T, version, from string) string {
	t.Helper()
	copyFiles(t, filepath.Join(p.dir, from), filepath.Join(p.dir, version))
	return p.root(version)
}

// copyFiles copies a tree without what Python compiled and what pip installed.
func copyFiles(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "__pycache__" || d.Name() == "site-packages") {
			return fs.SkipDir
		}
		if !d.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		place(t, to, rel, data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// moveAll rewrites the tree in place as if every module took cost milliseconds
// and lets the referees look at the outcome.
func moveAll(t *testing.T, dir string, cost float64) (before, after *moved) {
	t.Helper()
	s, r := corpusRun(t, dir, cost, nil)
	failedProofs(t, r)
	for part := range slices.Chunk(pairs(filepath.Base(dir), r.Changes, nil), 300) {
		judge(t, interpreter(t), namesScript, refereed(part))
	}
	for _, c := range r.Changes {
		place(t, dir, c.Path, c.New)
	}
	again, rest := corpusRun(t, dir, cost, nil)
	if len(rest.Changes) > 0 {
		diff, _ := run.Diff(rest.Changes[:min(len(rest.Changes), 5)])
		t.Errorf("a second run changes %d files:\n%s", len(rest.Changes), diff)
	}
	return &moved{s, r}, &moved{again, rest}
}

// A moved is one run over a tree.
type moved struct {
	survey *run.Survey
	result *run.Result
}

// locals counts the units that stand in functions.
func (m *moved) locals() int {
	n := 0
	for _, d := range m.result.Plan.Decisions {
		if m.site(d) == facts.SiteFunction {
			n++
		}
	}
	return n
}

func (m *moved) site(d plan.Decision) facts.Site {
	file := m.survey.Input.Modules[d.File]
	return file.Statements[file.Units[d.Unit].Statement].Site
}

// hoistedCount logs how many local imports there were and are, and what kept
// those: by code, and by codes that alone did.
func hoistedCount(t *testing.T, before, after *moved) {
	t.Helper()
	kept, alone := map[string]int{}, map[string]int{}
	for _, d := range after.result.Plan.Decisions {
		if after.site(d) != facts.SiteFunction {
			continue
		}
		codes := map[string]bool{}
		for _, b := range d.Blockers {
			codes[b.Code] = true
		}
		if len(codes) == 0 {
			codes[string(d.Status)+" "+string(d.Rule)] = true
		}
		for code := range codes {
			kept[code]++
			if len(codes) == 1 {
				alone[code]++
			}
		}
	}
	t.Logf("%d files change; %d local imports before, %d after, kept by %v, by that alone %v",
		len(before.result.Changes), before.locals(), after.locals(), kept, alone)
}

// An importing is how the modules of a tree import before, and where versions of
// it differ.
type importing struct {
	Modules, Import int
	Failing         map[string]int
	Versions        []struct {
		Imported int // the others read no file that changes
		Differ   []struct{ Module, Error string }
		Missing  []struct{ Module, Name string }
	}
}

// importAll lets fresh interpreters import every module of the versions.
func (p *pythonTree) importAll(t *testing.T, versions ...string) (found importing) {
	t.Helper()
	library := "no"
	if p.library {
		library = "yes"
	}
	args := []string{p.python, library, p.root("before")}
	for _, version := range versions {
		args = append(args, p.root(version))
	}
	askPython(t, importsScript, &found, args...)
	return found
}

// sameImports demands that every module of the versions imports as before.
func (p *pythonTree) sameImports(t *testing.T, versions ...string) {
	t.Helper()
	found := p.importAll(t, versions...)
	failing := 0
	for _, n := range found.Failing {
		failing += n
	}
	t.Logf("%d modules; %d import and %d fail", found.Modules, found.Import, failing)
	for i, version := range versions {
		t.Logf("%s: of %d whose import reads a file that changes, %d import otherwise", version, found.Versions[i].Imported, len(found.Versions[i].Differ))
		for _, d := range found.Versions[i].Differ {
			switch {
			case strings.HasSuffix(d.Error, "not reached"), strings.HasPrefix(d.Error, "before: not reached"):
				// What holds its package back is there too.
			case version != "up" && strings.HasSuffix(d.Error, "after: imports"):
				t.Logf("%s: %s: %s", version, d.Module, d.Error) // what sank fails at the first call
			default:
				t.Errorf("%s: %s: %s", version, d.Module, d.Error)
			}
		}
		for _, m := range found.Versions[i].Missing {
			if version == "up" { // what moves down is no longer a name of the module
				t.Errorf("%s: %s.%s is missing", version, m.Module, m.Name)
			}
		}
	}
}

// TestDownAndUp moves everything down and up again in the trees of the fixtures,
// those aside whose imports go through fast_path.py.
func TestDownAndUp(t *testing.T) {
	before, after := t.TempDir(), &pythonTree{dir: t.TempDir()}
	reasons := map[[2]string]string{}
	for _, f := range loadFixtures(t) {
		dir := after.root(f.name)
		f.lay(t, dir)
		for _, cost := range []float64{500, 1} {
			_, r := runKnowing(t, dir, cost, nil, unseen)
			failedProofs(t, r)
			for _, c := range r.Changes {
				place(t, dir, c.Path, c.New)
			}
		}
		s, r := runKnowing(t, dir, 1, nil, unseen)
		if slices.ContainsFunc(s.Input.Modules, func(m *facts.Module) bool { return filepath.Base(m.Path) == "fast_path.py" }) {
			continue
		}
		f.lay(t, filepath.Join(before, f.name))
		(&moved{s, r}).reasons(f.name+"/", reasons)
	}
	sameBindings(t, before, after.dir, reasons)
}

// reasons adds what keeps the name of an import of a file, in a folder, first.
func (m *moved) reasons(folder string, reasons map[[2]string]string) {
	for _, d := range m.result.Plan.Decisions {
		file := m.survey.Input.Modules[d.File]
		if at := [2]string{folder + file.Path, file.Units[d.Unit].Bound}; len(d.Blockers) > 0 && reasons[at] == "" {
			reasons[at] = d.Blockers[0].Code
		}
	}
}

// sameBindings demands that everything down and then up again gives back the
// bindings, those aside that stay in functions for a reason.
func sameBindings(t *testing.T, before, after string, reasons map[[2]string]string) {
	t.Helper()
	var found struct {
		Names, Same                int
		Lost, Gained, Types, Wrong []struct {
			File, Name   string
			Local, Typed bool
		}
	}
	askPython(t, bindingsScript, &found, before, after)
	kept := map[string]int{}
	for _, l := range found.Lost {
		reason := reasons[[2]string{l.File, l.Name}]
		if reason == "" || !l.Local && !l.Typed {
			t.Errorf("%s: %s does not come back, and no reason is given", l.File, l.Name)
		}
		kept[reason]++
	}
	for _, g := range found.Gained {
		t.Errorf("%s: %s denotes something else", g.File, g.Name)
	}
	for _, w := range found.Wrong {
		t.Errorf("%s: other bindings have changed: %s", w.File, w.Name)
	}
	for _, l := range found.Types {
		if reasons[[2]string{l.File, l.Name}] == "" {
			t.Errorf("%s: %s stays under TYPE_CHECKING, and no reason is given", l.File, l.Name)
		}
	}
	t.Logf("down and up: %d of %d module-level imports are back, the others kept by %v; %d copies for type checkers stay",
		found.Same, found.Names, kept, len(found.Types))
}

// askPython runs a referee that reads files and prints JSON.
func askPython(t *testing.T, script string, answer any, args ...string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "referee.py")
	if err := os.WriteFile(file, []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(interpreter(t), append([]string{"-I", file}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(fmt.Errorf("%w\n%s", err, stderrOf(err)))
	}
	if err := json.Unmarshal(out, answer); err != nil {
		t.Fatal(err)
	}
}

func stderrOf(err error) string {
	if e, ok := err.(*exec.ExitError); ok {
		return string(e.Stderr)
	}
	return ""
}
