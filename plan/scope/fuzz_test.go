package scope_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// invariants hold for the table of every tree, also of programs that CPython
// refuses.
func invariants(t testing.TB, table *scope.Table) {
	t.Helper()
	count := scope.ID(len(table.Scopes))
	for id, s := range table.Scopes {
		if id == 0 != (s.Parent == scope.NoScope) || s.Parent >= scope.ID(id) {
			t.Fatalf("scope %d has parent %d", id, s.Parent)
		}
		seen := map[string]bool{}
		for _, k := range s.Symbols {
			if seen[k.Name] {
				t.Fatalf("scope %d has two symbols %q", id, k.Name)
			}
			seen[k.Name] = true
			if k.Owner < 0 || k.Owner >= count {
				t.Fatalf("symbol %q of scope %d has owner %d", k.Name, id, k.Owner)
			}
			if !around(table, scope.ID(id), k.Owner) {
				t.Fatalf("owner %d of symbol %q is not around scope %d", k.Owner, k.Name, id)
			}
			own := k.Owner == scope.ID(id)
			if (k.Binding == scope.Local || k.Binding == scope.Cell) && !own || k.Binding == scope.Free && own {
				t.Fatalf("symbol %q of scope %d has binding %d and owner %d", k.Name, id, k.Binding, k.Owner)
			}
		}
	}
	last := syntax.NoNode
	for _, o := range table.Occurrences {
		if o.Node <= last {
			t.Fatalf("node %d of %q does not come after %d", o.Node, o.Name, last)
		}
		last = o.Node
		if table.Tree.Kind(o.Node) != syntax.Identifier {
			t.Fatalf("%q is a %v", o.Name, table.Tree.Kind(o.Node))
		}
		if o.Scope < 0 || o.Scope >= count || o.Owner < 0 || o.Owner >= count || !around(table, o.Scope, o.Owner) {
			t.Fatalf("%q is looked up in %d and owned by %d", o.Name, o.Scope, o.Owner)
		}
		if owner, _ := table.Lookup(o.Scope, o.Name); owner != o.Owner {
			t.Fatalf("%q in scope %d is owned by %d, but Lookup says %d", o.Name, o.Scope, o.Owner, owner)
		}
	}
}

func around(table *scope.Table, inner, outer scope.ID) bool {
	for ; inner != scope.NoScope; inner = table.Scopes[inner].Parent {
		if inner == outer {
			return true
		}
	}
	return false
}

func snippets(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "snippets", "*.py"))
	if err != nil || len(files) == 0 {
		t.Fatal("no snippets", err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[file] = src
	}
	return all
}

func TestInvariants(t *testing.T) {
	parser := syntax.NewParser()
	defer parser.Close()
	for file, src := range snippets(t) {
		tree, err := parser.Parse(src)
		if err != nil {
			t.Fatalf("%s:%v", file, err)
		}
		invariants(t, scope.Resolve(tree))
	}
}

func FuzzResolve(f *testing.F) {
	for _, src := range snippets(f) {
		f.Add(src)
	}
	for _, s := range []string{"class C:\n nonlocal x\n x\n", "[x := 1 for x in y]", "def f(a, a): global a", "type X[T=T]=T", "del (a)", "nonlocal x"} {
		f.Add([]byte(s))
	}
	parser := syntax.NewParser()
	f.Fuzz(func(t *testing.T, src []byte) {
		hang := time.AfterFunc(10*time.Second, func() { panic(fmt.Sprintf("hanging on %q", src)) })
		defer hang.Stop()
		tree, err := parser.Parse(src)
		if err != nil {
			return
		}
		invariants(t, scope.Resolve(tree))
	})
}
