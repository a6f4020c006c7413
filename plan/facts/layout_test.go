package facts_test

import (
	"fmt"
	"strings"
	"testing"

	"fastpath/plan/facts"
)

func TestLayout(t *testing.T) {
	tests := []struct {
		about string
		roots string
		paths string
		want  string // name of each path, * for packages
		find  string // name=path, for imports
	}{
		{"plain", ".",
			"main.py app/__init__.py app/mod.py app/__main__.py app/sub/deep.py",
			"main app* app.mod app.__main__ app.sub.deep",
			"main=main.py app=app/__init__.py app.sub.deep=app/sub/deep.py app.sub= app.none="},
		{"stubs and other files are no modules", ".",
			"a.pyi a.py data.txt b.pyw",
			"- a - -", "a=a.py data= b="},
		{"names that no import can spell", ".",
			"my-script.py 1st.py a b/c.py pkg/2.py x.y.py é.py __init__.py",
			"- - - b.c - - é -*", "é=é.py"},
		{"a source root", "src .",
			"src/app/__init__.py src/app/a.py tests/t.py",
			"app* app.a tests.t",
			"app.a=src/app/a.py src.app.a=src/app/a.py tests.t=tests/t.py"},
		{"the deepest root names the file", ". src",
			"src/app/a.py", "app.a", "app.a=src/app/a.py src.app.a=src/app/a.py"},
		{"roots in other spellings", "./lib/ vendor/",
			"lib/a.py vendor/b.py other/c.py", "a b -", "a=lib/a.py b=vendor/b.py c="},
		{"the first root wins, the hidden file has no name", "one two",
			"two/a.py one/a.py", "- a", "a=one/a.py"},
		{"a package hides a module", ".",
			"a.py a/__init__.py a/b.py", "- a* a.b", "a=a/__init__.py a.b=a/b.py"},
		{"a module hides a namespace package", ".",
			"a.py a/b.py", "a -", "a=a.py a.b="},
		{"a module of a later root hides a namespace package", "one two",
			"one/a/b.py two/a.py", "- a", "a=two/a.py a.b="},
		{"portions of a namespace package", "one two",
			"one/ns/a.py two/ns/b.py two/ns/a.py", "ns.a ns.b -", "ns.a=one/ns/a.py ns.b=two/ns/b.py"},
		{"a regular package has one portion", "one two",
			"one/p/__init__.py one/p/a.py two/p/b.py", "p* p.a -", "p.a=one/p/a.py p.b="},
		{"no roots", "", "a.py pkg/__init__.py", "- -*", "a="},
	}
	for _, test := range tests {
		t.Run(test.about, func(t *testing.T) {
			paths := strings.Fields(test.paths)
			l := facts.NewLayout(paths, strings.Fields(test.roots))
			var got []string
			for i, p := range l.Places {
				if p.Path != paths[i] {
					t.Errorf("place %d is of %q", i, p.Path)
				}
				name := p.Name
				if name == "" {
					name = "-"
				}
				if p.Package {
					name += "*"
				}
				got = append(got, name)
			}
			if s := strings.Join(got, " "); s != test.want {
				t.Errorf("got  %s\nwant %s", s, test.want)
			}
			for _, f := range strings.Fields(test.find) {
				name, want, _ := strings.Cut(f, "=")
				found := ""
				if i, ok := l.File(name); ok {
					found = paths[i]
				}
				if found != want {
					t.Errorf("import %s finds %q, not %q", name, found, want)
				}
			}
		})
	}
}

func TestLayoutPackages(t *testing.T) {
	l := facts.NewLayout([]string{"a/__init__.py", "a/b.py", "ns/c.py", "d.py"}, []string{"."})
	got := fmt.Sprint(l.IsPackage("a"), l.IsPackage("a.b"), l.IsPackage("ns"), l.IsPackage("d"), l.IsPackage("x"))
	if want := "true false true false false"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestResolveLevel(t *testing.T) {
	tests := []struct {
		name      string
		isPackage bool
		level     int
		module    string
		want      string
	}{
		{"a.b.c", false, 0, "x.y", "x.y"},
		{"a.b.c", false, 1, "", "a.b"},
		{"a.b.c", false, 1, "x", "a.b.x"},
		{"a.b.c", false, 2, "x.y", "a.x.y"},
		{"a.b.c", false, 3, "x", ""},
		{"a.b", true, 1, "x", "a.b.x"},
		{"a.b", true, 2, "x", "a.x"},
		{"a.b", true, 3, "x", ""},
		{"a", true, 1, "", "a"},
		{"a", false, 1, "x", ""},
		{"a.__main__", false, 1, "x", "a.x"},
		{"", false, 1, "x", ""},
		{"", true, 1, "x", ""},
		{"a.b", false, 1 << 30, "x", ""},
	}
	for _, test := range tests {
		if got := facts.ResolveLevel(test.name, test.isPackage, test.level, test.module); got != test.want {
			t.Errorf("ResolveLevel(%q, %v, %d, %q) is %q, not %q", test.name, test.isPackage, test.level, test.module, got, test.want)
		}
	}
}
