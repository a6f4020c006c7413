package rewrite

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
	"fastpath/rewrite/check"
)

// The corpus is Python that people wrote. What moves in it is chosen here by a
// crude rule, so that the layout of very many files is tried, not whether a
// move is wise.

// sinkAll moves each plain import whose references all stand in function
// bodies into the outermost functions that use it.
func sinkAll(t testing.TB, src []byte) (Job, bool) {
	p := syntax.NewParser()
	defer p.Close()
	tree, err := p.Parse(src)
	if err != nil {
		return Job{}, false
	}
	table := scope.Resolve(tree)
	if table.Scopes[scope.Module].Unknown {
		return Job{}, false
	}
	m := gather(t, src)
	j := Job{Source: src, Facts: m}
	bindings := map[string]int{}
	for _, o := range table.Occurrences {
		if o.Owner == scope.Module && (o.Role.Binds() || o.Role == scope.Delete) {
			bindings[o.Name]++
		}
	}
	if bindings["__all__"] > 0 {
		return Job{}, false
	}
	users := map[string][]facts.ScopeID{}
	eager := map[string]bool{}
	for _, o := range table.Occurrences {
		if o.Owner != scope.Module || o.Role.Binds() {
			continue
		}
		if s := bodyAround(tree, table, m, o); s >= 0 && o.Role == scope.Load {
			if !slices.Contains(users[o.Name], s) {
				users[o.Name] = append(users[o.Name], s)
			}
		} else {
			eager[o.Name] = true
		}
	}
	// A class in a function that binds the name itself reads the module's.
	for i := range table.Scopes {
		if table.Scopes[i].Kind == scope.KindClass {
			for _, sym := range table.Scopes[i].Symbols {
				eager[sym.Name] = eager[sym.Name] || sym.Flags&scope.Assigned != 0 || sym.Flags&scope.Imported != 0
			}
		}
	}
	for i, u := range m.Units {
		if m.Statements[u.Statement].Site != facts.SiteModule || u.Attr == "*" || u.Module == "__future__" ||
			eager[u.Bound] || len(users[u.Bound]) == 0 || bindings[u.Bound] != 1 {
			continue
		}
		d := plan.Decision{Unit: i, Status: plan.StatusMove, Action: plan.Sink, KeepForTypes: table.Future && len(src)%3 == 0}
		for _, s := range users[u.Bound] {
			d.Into = append(d.Into, plan.Landing{Scope: s})
		}
		j.Decisions = append(j.Decisions, d)
	}
	return j, len(j.Decisions) > 0
}

// bodyAround is the outermost def whose body holds the occurrence, -1 without
// one.
func bodyAround(tree *syntax.Tree, table *scope.Table, m *facts.Module, o scope.Occurrence) facts.ScopeID {
	at := tree.Span(o.Node)
	for i, s := range m.Scopes {
		if s.Kind == facts.DefScope && s.Body.Contains(at) && facts.ScopeID(i) == m.OutermostDef(facts.ScopeID(i)) {
			return facts.ScopeID(i)
		}
	}
	return -1
}

// hoistAll moves each import at the top level of a function up, where the
// module does not use the name otherwise.
func hoistAll(t testing.TB, src []byte) (Job, bool) {
	p := syntax.NewParser()
	defer p.Close()
	tree, err := p.Parse(src)
	if err != nil {
		return Job{}, false
	}
	table := scope.Resolve(tree)
	m := gather(t, src)
	j := Job{Source: src, Facts: m}
	taken := map[string]bool{}
	for _, o := range table.Occurrences {
		if o.Role != scope.BindImport && (o.Owner == scope.Module || o.Role != scope.Load) {
			taken[o.Name] = true
		}
	}
	functionOf := map[uint32]syntax.Span{} // by import: what its suite belongs to
	for n := range tree.Nodes {
		if id := syntax.NodeID(n); isImport(tree.Kind(id)) && tree.Parent(id) != syntax.Root {
			functionOf[tree.Span(id).Start] = tree.Span(tree.Parent(tree.Parent(id)))
		}
	}
	texts := map[string]string{}
	for _, u := range m.Units {
		st := m.Statements[u.Statement]
		key := u.Written
		if st.From {
			key = u.Module + " " + u.Written
		}
		if was, ok := texts[u.Bound]; ok && was != key || st.Site != facts.SiteFunction && st.Site != facts.SiteModule {
			taken[u.Bound] = true
		}
		texts[u.Bound] = key
	}
	for i, u := range m.Units {
		st := m.Statements[u.Statement]
		sc := m.Scopes[st.Scope]
		if st.Site != facts.SiteFunction || sc.Kind != facts.DefScope || taken[u.Bound] || table.Scopes[scope.Module].Unknown {
			continue
		}
		if functionOf[st.Span.Start] == sc.Span {
			j.Decisions = append(j.Decisions, plan.Decision{Unit: i, Status: plan.StatusMove, Action: plan.Hoist})
		}
	}
	return j, len(j.Decisions) > 0
}

// corpusFiles are Python files of the machine's interpreters, evenly picked.
func corpusFiles(t testing.TB, most int) []string {
	home, _ := os.UserHomeDir()
	var files []string
	roots := []string{"3.13.0/lib/python3.13", "3.11.7/lib/python3.11/site-packages"}
	if dir := os.Getenv("FASTPATH_CORPUS"); dir != "" {
		roots = []string{dir}
	}
	for _, root := range roots {
		if !filepath.IsAbs(root) {
			root = filepath.Join(home, ".pyenv", "versions", root)
		}
		_ = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, ".py") && !strings.Contains(path, "bad") {
				if info, err := d.Info(); err == nil && info.Size() < 200_000 {
					files = append(files, path)
				}
			}
			return nil
		})
	}
	if len(files) == 0 {
		t.Skip("no Python files under ~/.pyenv/versions; set FASTPATH_CORPUS to a folder of them")
	}
	step := max(1, len(files)/most)
	var picked []string
	for i := 0; i < len(files); i += step {
		picked = append(picked, files[i])
	}
	return picked
}

// The number of files of each kind of run; FASTPATH_CORPUS_SIZE overrides it.
const corpusSize = 300

func TestCorpus(t *testing.T) {
	size := corpusSize
	if n, err := strconv.Atoi(os.Getenv("FASTPATH_CORPUS_SIZE")); err == nil {
		size = n
	}
	dir := t.TempDir()
	for name, choose := range map[string]func(testing.TB, []byte) (Job, bool){"sink": sinkAll, "hoist": hoistAll} {
		files, moved := 0, 0
		for i, path := range corpusFiles(t, size) {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			j, ok := choose(t, src)
			if !ok {
				continue
			}
			out, err := Rewrite(j)
			if err != nil {
				t.Errorf("%s %s: %v", name, path, err)
				continue
			}
			files++
			moved += len(j.Decisions)
			if bytes.Equal(out, src) {
				t.Errorf("%s %s: nothing changed", name, path)
			}
			if err := check.Verify(src, out, check.Options{}); err != nil {
				t.Errorf("%s %s: %v", name, path, err)
			}
			file := filepath.Join(dir, name+strings.ReplaceAll(strings.TrimPrefix(path, "/"), "/", "_"))
			if i%3 == 0 {
				if err := os.WriteFile(file, out, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		t.Logf("%s: %d files, %d units moved", name, files, moved)
	}
	compile(t, dir)
}

// compile has CPython judge that what was written is Python.
func compile(t *testing.T, dir string) {
	home, _ := os.UserHomeDir()
	python := filepath.Join(home, ".pyenv/versions/3.13.0/bin/python")
	if _, err := os.Stat(python); err != nil {
		if python, err = exec.LookPath("python3"); err != nil {
			t.Log("no python3: the results are not compiled")
			return
		}
	}
	out, err := exec.Command(python, "-W", "ignore", "-c", `
import sys, pathlib
for p in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try: compile(p.read_bytes(), str(p), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as e: print(p.name, e)
`, dir).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("compiling: %v\n%s", err, out)
	}
}

// Down and up again: the module binds what it bound, and what was put under
// TYPE_CHECKING on the way is gone.
func TestRoundTrip(t *testing.T) {
	files, same := 0, 0
	for _, path := range corpusFiles(t, 120) {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		down, ok := sinkAll(t, src)
		if !ok {
			continue
		}
		below, err := Rewrite(down)
		if err != nil {
			t.Fatal(err)
		}
		moved := map[string]bool{}
		for _, d := range down.Decisions {
			moved[down.Facts.Units[d.Unit].Bound] = true
		}
		up := Job{Source: below, Facts: gather(t, below)}
		was := gather(t, src)
		there := map[string]int{} // local and type-only imports that the file had before
		for _, u := range was.Units {
			if was.Statements[u.Statement].Site != facts.SiteModule {
				there[u.Bound]++
			}
		}
		for i, u := range up.Facts.Units {
			site := up.Facts.Statements[u.Statement].Site
			if !moved[u.Bound] || site == facts.SiteModule || there[u.Bound] > 0 {
				continue
			}
			d := plan.Decision{Unit: i, Status: plan.StatusMove, Action: plan.Hoist}
			if site == facts.SiteTypeChecking {
				d.Action = plan.Drop
			}
			up.Decisions = append(up.Decisions, d)
		}
		above, err := Rewrite(up)
		if err != nil {
			t.Fatal(err)
		}
		files++
		if bytes.Equal(above, src) {
			same++
		}
		if want, got := moduleImports(was), moduleImports(gather(t, above)); !slices.Equal(want, got) && len(there) == 0 {
			t.Errorf("%s: the module imported %v, now %v", path, want, got)
		}
		if err := check.Verify(below, above, check.Options{}); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	t.Logf("%d files, %d of them byte for byte as before", files, same)
}

func moduleImports(m *facts.Module) []string {
	var names []string
	for _, u := range m.Units {
		if m.Statements[u.Statement].Site == facts.SiteModule || m.Statements[u.Statement].Site == facts.SiteTypeChecking {
			names = append(names, u.Module+" "+u.Written)
		}
	}
	slices.Sort(names)
	return names
}
