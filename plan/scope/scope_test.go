package scope_test

import (
	"fmt"
	"strings"
	"testing"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// resolve reads and resolves src.
func resolve(t testing.TB, src string) *scope.Table {
	t.Helper()
	parser := syntax.NewParser()
	defer parser.Close()
	tree, err := parser.Parse([]byte(src))
	if err != nil {
		t.Fatalf("parsing %q: %v", src, err)
	}
	return scope.Resolve(tree)
}

// path names a scope by the names of the scopes around it.
func path(t *scope.Table, id scope.ID) string {
	if id == scope.Module {
		return "module"
	}
	s := t.Scopes[id]
	name := s.Name
	if s.Kind != scope.KindFunction && s.Kind != scope.KindClass {
		name = map[scope.Kind]string{
			scope.KindLambda: "lambda", scope.KindComprehension: s.Name, scope.KindTypeParameters: "[" + s.Name + "]",
			scope.KindTypeAlias: "type " + s.Name, scope.KindTypeVariable: "lazy " + s.Name, scope.KindAnnotation: "annotation",
		}[s.Kind]
	}
	if s.Parent == scope.Module {
		return name
	}
	return path(t, s.Parent) + "." + name
}

// owners lists the occurrences of name: where it is looked up, whose it is.
func owners(t *scope.Table, name string) string {
	var out []string
	for _, o := range t.Occurrences {
		if o.Name == name {
			out = append(out, fmt.Sprintf("%s>%s", path(t, o.Scope), path(t, o.Owner)))
		}
	}
	return strings.Join(out, " ")
}

func TestOwner(t *testing.T) {
	for _, c := range []struct{ what, src, name, want string }{
		{"local above its binding", "def f():\n x\n import x\n", "x", "f>f f>f"},
		{"free", "def f():\n x = 1\n def g(): return x\n", "x", "f>f f.g>f"},
		{"global hides a function from inner ones", "def f():\n x = 1\n def g():\n  global x\n  def h(): return x\n", "x", "f>f f.g>module f.g.h>module"},
		{"nonlocal", "def f(x):\n def g():\n  nonlocal x\n  x = 1\n", "x", "f>f f.g>f f.g>f"},
		{"method does not see the class", "class C:\n x = 1\n def m(s): return x\n", "x", "C>C C.m>module"},
		{"class body binds and reads", "def f(x):\n class C:\n  x = x\n", "x", "f>f f.C>f.C f.C>f.C"},
		{"class body reads only", "def f(x):\n class C:\n  y = x\n", "x", "f>f f.C>f"},
		{"default and decorator run outside", "@x\ndef f(x=x): return x\n", "x", "module>module f>f module>module f>f"},
		{"lambda default runs outside", "def f(x): return lambda x=x: x\n", "x", "f>f f.lambda>f.lambda f>f f.lambda>f.lambda"},
		{"first iterable runs outside", "class C:\n x = 1\n [x for x in x]\n", "x", "C>C C.listcomp>C.listcomp C.listcomp>C.listcomp C>C"},
		{"second iterable runs inside", "class C:\n x = 1\n [y for _ in x for y in x]\n", "x", "C>C C>C C.listcomp>module"},
		{"walrus leaks to the function", "def f(y):\n [[(x := z) for z in w] for w in y]\n return x\n", "x", "f.listcomp.listcomp>f f>f"},
		{"walrus leaks to the module", "[x := z for z in y]\n", "x", "listcomp>module"},
		{"walrus in a lambda", "lambda: [x := y for y in z]\n", "x", "lambda.listcomp>lambda"},
		{"__class__", "class C:\n def m(self): return __class__\n __class__\n", "__class__", "C.m>C C>module"},
		{"import of a dotted name binds its root", "def f():\n import a.b.c\n a.d\n", "a", "f>f f>f"},
		{"mangled import", "class C:\n import __a\n def m(s): __a\n", "_C__a", "C>C C.m>module"},
		{"no mangling in a class of underscores", "class __:\n __a\n", "__a", "__>module"},
		{"attribute target reads", "def f():\n x.y = x[0] = 1\n", "x", "f>module f>module"},
		{"keyword names nothing", "f(x=x)\n", "x", "module>module"},
		{"capture and value pattern", "def f(y):\n match y:\n  case x.a: pass\n  case [*x]: pass\n", "x", "f>f f>f"},
		{"type parameter", "def f[T: T](x: T = T) -> T: T\n", "T", "[f]>[f] [f].lazy T>[f] [f]>[f] module>module [f]>[f] [f].f>[f]"},
		{"type alias in a class", "class C:\n x = 1\n type A = x\n", "x", "C>C C.type A>C"},
		{"the class wins over its alias's parameter", "class C:\n x = 1\n type A[x] = x\n", "x", "C>C C.[A]>C.[A] C.[A].type A>C"},
		{"annotation kept as text", "from __future__ import annotations\nclass C:\n x = 1\n def f(a: x): pass\n", "x", "C>C C.annotation>C"},
		{"annotation kept as text in a function", "from __future__ import annotations\ndef f(x):\n y: x\n", "x", "f>f f.annotation>f"},
		{"local annotation is seen", "def f():\n y: x\n", "x", "f>module"},
		{"augmented assignment is local", "def f():\n x += 1\n", "x", "f>f"},
		{"format text after := is no name", "f'{a:=x}{(b:=x)}'\n", "x", "module>module"},
		{"names in normal form", "ﬁ = 1\nfi\n", "fi", "module>module module>module"},
		{"latin-1", "# coding: latin-1\n\xe9 = \xe9\n", "é", "module>module module>module"},
		{"other code page", "# coding: koi8-r\n\xe9 = \xe9\n", "é", "module>module module>module"},
	} {
		t.Run(c.what, func(t *testing.T) {
			if got := owners(resolve(t, c.src), c.name); got != c.want {
				t.Errorf("%s in\n%s\n got %s\nwant %s", c.name, c.src, got, c.want)
			}
		})
	}
}

func TestBinding(t *testing.T) {
	table := resolve(t, "def f(a, b):\n import c\n def g():\n  global d\n  d = a\n  return lambda: (a, e)\n del b\n")
	for _, c := range []struct {
		scope   scope.ID
		name    string
		binding scope.Binding
		flags   scope.Flag
	}{
		{1, "a", scope.Cell, scope.Parameter},
		{1, "b", scope.Local, scope.Parameter | scope.Assigned | scope.Deleted},
		{1, "c", scope.Local, scope.Imported},
		{2, "d", scope.GlobalExplicit, scope.DeclaredGlobal | scope.Assigned},
		{2, "a", scope.Free, scope.Referenced},
		{3, "a", scope.Free, scope.Referenced},
		{3, "e", scope.GlobalImplicit, scope.Referenced},
		{scope.Module, "d", scope.GlobalExplicit, scope.DeclaredGlobal},
	} {
		s := table.Symbol(c.scope, c.name)
		if s == nil || s.Binding != c.binding || s.Flags != c.flags {
			t.Errorf("%s in %s: got %+v, want binding %d, flags %b", c.name, path(table, c.scope), s, c.binding, c.flags)
		}
	}
	if s := table.Symbol(1, "d"); s != nil {
		t.Errorf("d passes f without a trace, got %+v", s)
	}
}

func TestAnnotation(t *testing.T) {
	src := "import x\nx: x.M\nclass C:\n x: x.K\n def f(a: x.P) -> x.R:\n  v: x.L\n  x.N\n"
	kinds := func(src string) string {
		table := resolve(t, src)
		var out strings.Builder
		for _, o := range table.Occurrences {
			if o.Role == scope.Load {
				fmt.Fprintf(&out, "%s%d ", table.Tree.Text(o.Node + 2)[:1], o.Annotation)
			}
		}
		return out.String()
	}
	if got, want := kinds(src), "M1 K1 P1 R1 L3 N0 "; got != want {
		t.Errorf("evaluated: got %s, want %s", got, want)
	}
	if got, want := kinds("from __future__ import annotations\n"+src), "M2 K2 P2 R2 L3 N0 "; got != want {
		t.Errorf("future import: got %s, want %s", got, want)
	}
}

func TestLookup(t *testing.T) {
	table := resolve(t, `import top
def f(a):
    local = 1
    class C:
        attr = 1
        def m(self):
            global declared
            def inner(): pass
        type A = (attr, lambda: int)
`)
	ids := map[string]scope.ID{}
	for id := range table.Scopes {
		ids[path(table, scope.ID(id))] = scope.ID(id)
	}
	for _, c := range []struct {
		in, name, owner string
		bound           bool
	}{
		{"module", "top", "module", true},
		{"module", "len", "module", false},
		{"f", "a", "f", true},
		{"f.C.m", "top", "module", true},
		{"f.C.m", "local", "f", true},
		{"f.C.m", "attr", "module", false},
		{"f.C", "attr", "f.C", true},
		{"f.C", "__class__", "module", false},
		{"f.C.m", "__class__", "f.C", true},
		{"f.C.type A", "attr", "f.C", true},
		{"f.C.type A.lambda", "attr", "module", false},
		{"f.C.m.inner", "declared", "module", true},
		{"f.C.m.inner", "self", "f.C.m", true},
	} {
		owner, bound := table.Lookup(ids[c.in], c.name)
		if path(table, owner) != c.owner || bound != c.bound {
			t.Errorf("%s in %s: got %s %v, want %s %v", c.name, c.in, path(table, owner), bound, c.owner, c.bound)
		}
	}
}

func TestMangle(t *testing.T) {
	table := resolve(t, "class _A:\n def f(self):\n  class __: pass\n")
	for _, c := range []struct {
		scope      scope.ID
		name, want string
	}{
		{0, "__x", "__x"}, {1, "__x", "_A__x"}, {2, "__x", "_A__x"}, {2, "__x__", "__x__"}, {2, "_x", "_x"}, {3, "__x", "__x"},
	} {
		if got := table.Mangle(c.scope, c.name); got != c.want {
			t.Errorf("%s in %s: got %s, want %s", c.name, path(table, c.scope), got, c.want)
		}
	}
}

func TestUnknown(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"import a\n", ""},
		{"from a import *\n", "module "},
		{"exec(a)\n", "module "},
		{"def f(): exec(a)\n", "module "},
		{"class C: exec(a)\n", "module C "},
		{"def exec(): pass\nexec(a)\n", ""},
		{"a.exec(b)\n", ""},
	} {
		table := resolve(t, c.src)
		got := ""
		for id := range table.Scopes {
			if table.Scopes[id].Unknown {
				got += path(table, scope.ID(id)) + " "
			}
		}
		if got != c.want {
			t.Errorf("%q: unknown scopes %q, want %q", c.src, got, c.want)
		}
	}
}
