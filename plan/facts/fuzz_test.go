package facts_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"fastpath/plan/facts"
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// FuzzGather looks for input that breaks parse, resolve and gather: whatever
// parses must give facts that are whole, that survive the codec, and that come
// out the same a second time.
func FuzzGather(f *testing.F) {
	for _, pattern := range []string{"testdata/*.txtar", "../../fixtures/*.txtar"} {
		files, err := filepath.Glob(filepath.FromSlash(pattern))
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				f.Fatal(err)
			}
			for _, a := range archive.Files {
				if filepath.Ext(a.Name) == ".py" {
					f.Add(a.Data)
				}
			}
		}
	}
	snippets, err := filepath.Glob(filepath.FromSlash("../scope/testdata/snippets/*.py"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range snippets {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	parser := syntax.NewParser()
	f.Cleanup(parser.Close)
	f.Fuzz(func(t *testing.T, src []byte) {
		tree, err := parser.Parse(src)
		if err != nil {
			return
		}
		m := facts.Gather(scope.Resolve(tree), facts.Place{Path: "app/mod.py", Name: "app.mod"})
		if err := whole(m, src); err != nil {
			t.Fatal(err)
		}
		if _, err := facts.Decode(m.Encode()); err != nil {
			t.Fatal(err)
		}
		again := facts.Gather(scope.Resolve(tree), facts.Place{Path: "app/mod.py", Name: "app.mod"})
		if written(t, again) != written(t, m) {
			t.Fatal("gathered again it differs")
		}
	})
}

// whole checks what holds for the facts of every program.
func whole(m *facts.Module, src []byte) error {
	inside := func(s syntax.Span) bool { return s.Start <= s.End && int(s.End) <= len(src) }
	for i, s := range m.Scopes {
		if !inside(s.Span) || !inside(s.Body) || !s.Span.Contains(s.Body) {
			return fmt.Errorf("scope %d: span %v, body %v", i, s.Span, s.Body)
		}
	}
	last := syntax.Span{}
	for i, s := range m.Statements {
		if !inside(s.Span) || s.Span.Start < last.End {
			return fmt.Errorf("statement %d: span %v after %v", i, s.Span, last)
		}
		last = s.Span
		for k := s.Units[0]; k < s.Units[1]; k++ {
			u := m.Units[k]
			if u.Statement != i || u.Index != k-s.Units[0] || !s.Span.Contains(u.Span) {
				return fmt.Errorf("unit %d of statement %d: %+v", k, i, u)
			}
			if (u.Name < 0) != (u.Attr == "*" || s.Site == facts.SiteClass && !bound(m, k)) {
				return fmt.Errorf("unit %d has name %d", k, u.Name)
			}
		}
	}
	for i, u := range m.Uses {
		if int(u.Offset) >= len(src) || i > 0 && u.Offset < m.Uses[i-1].Offset {
			return fmt.Errorf("use %d at %d", i, u.Offset)
		}
	}
	for i, n := range m.Names {
		for _, k := range n.Uses {
			if m.Uses[k].Name != i {
				return fmt.Errorf("name %d lists use %d of name %d", i, k, m.Uses[k].Name)
			}
		}
	}
	return nil
}

// bound tells whether some name lists the unit: an import in a class body can
// bind a global.
func bound(m *facts.Module, unit int) bool {
	for _, n := range m.Names {
		for _, b := range n.Bindings {
			if b.Kind == facts.ByImport && b.Unit == unit {
				return true
			}
		}
	}
	return false
}
