package check

import (
	"strings"
	"testing"
)

func TestVerifyAccepts(t *testing.T) {
	for _, c := range []struct{ name, before, after string }{
		{"sunk", "import a\n\n\ndef f():\n    return a\n", "def f():\n    import a\n\n    return a\n"},
		{"sunk into an inline body", "import a\ndef f(): return a  # c\n", "def f():\n    import a\n\n    return a  # c\n"},
		{"sunk into two", "import a # c\ndef f():\n  return a\ndef g():\n  return a\n",
			"def f():\n  import a # c\n\n  return a\ndef g():\n  import a # c\n\n  return a\n"},
		{"split", "from m import a, b\ndef f(): return a\nprint(b)\n", "from m import b\ndef f():\n    from m import a\n\n    return a\nprint(b)\n"},
		{"hoisted", "def f():\n    import a\n    return a\n", "import a\ndef f():\n    return a\n"},
		{"hoisted from all there was", "def f():\n    import a\n", "import a\ndef f():\n    pass\n"},
		{"dropped", "import a\ndef f():\n    import a  # again\n    return a\n", "import a\ndef f():\n    return a\n"},
		{"closure", "import a\ndef f():\n  def g(): return a\n  return a, g\n", "def f():\n  import a\n\n  def g(): return a\n  return a, g\n"},
		{"kept for types", "from __future__ import annotations\nimport a\ndef f(x: a.T): return a\n",
			"from __future__ import annotations\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\ndef f(x: a.T):\n    import a\n\n    return a\n"},
		{"submodule for types", "from __future__ import annotations\nimport a.b\ndef f(x: a.b.T): return a.b\n",
			"from __future__ import annotations\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a.b\ndef f(x: a.b.T):\n    import a.b\n\n    return a.b\n"},
		{"main guard", "import a\nif __name__ == '__main__':\n    print(a)\n", "if __name__ == '__main__':\n    import a\n\n    print(a)\n"},
		{"comments of repeats", "def f():\n    # why\n    import a\n    return a\ndef g():\n    # why\n    import a\n    return a\n",
			"# why\nimport a\ndef f():\n    return a\ndef g():\n    return a\n"},
		{"joined comments", "def f():\n    import a  # one\n    return a\ndef g():\n    import a  # two\n    return a\n",
			"import a  # one  # two\ndef f():\n    return a\ndef g():\n    return a\n"},
		{"submodules", "import a, a.b\ndef f(): return a.b.c\n", "import a\ndef f():\n    import a.b\n\n    return a.b.c\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := Verify([]byte(c.before), []byte(c.after), Options{}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestVerifyRefuses(t *testing.T) {
	for _, c := range []struct{ name, before, after, want string }{
		{"not Python", "import a\n", "import\n", "reading the file after"},
		{"lost import", "import a\nx = 1\n", "x = 1\n", "line 1: the import of a is lost"},
		{"new import", "x = 1\n", "import a\nx = 1\n", "line 1 of the result: the import of a is new"},
		{"other token", "import a\nx = 1\n", "import a\nx = 2\n", `line 2: "1" became "2"`},
		{"other bytes", "import a\nx = 1\n", "import a\nx =  1\n", `line 2: the bytes before "1" changed`},
		{"other string", "x = 'a\\tb c'\n", "x = 'a\\tb d'\n", "became"},
		{"other nesting", "import a\ndef f():\n    a\n    b\n", "def f():\n    import a\n    a\nb\n", "line 4"},
		{"statement lost", "import a\na\nb\n", "import a\na\n", "the rest of the file is not the same"},
		{"import below its use", "import a\ndef f():\n    a.x\n    return a\n", "def f():\n    a.x\n    import a\n    return a\n", `line 3: name "a" would be used where its import need not have run`},
		{"import in a branch", "import a\ndef f(x):\n    if x:\n        pass\n    return a\n",
			"def f(x):\n    if x:\n        import a\n    return a\n", `line 5: name "a" would be used`},
		{"sunk below an eager use", "import a\ndef f(x=a):\n    return a\n", "def f(x=a):\n    import a\n    return a\n", `line 2: name "a"`},
		{"one user forgotten", "import a\ndef f():\n    return a\ndef g():\n    return a\n", "def f():\n    import a\n    return a\ndef g():\n    return a\n", `line 5: name "a"`},
		{"other module", "import a as x\nimport b as y\ndef f(): return x\n", "import b as y\ndef f():\n    import b as x\n    return x\n", `would denote something else`},
		{"class that binds the name too", "import json\ndef f():\n    class C:\n        json = json\n    return json\n",
			"def f():\n    import json\n    class C:\n        json = json\n    return json\n", `line 4: name "json" is read in a class`},
		{"shadowed builtin", "def f():\n    from m import open\n    return open\nopen(1)\n", "from m import open\ndef f():\n    return open\nopen(1)\n", `line 4: name "open" would denote`},
		{"hoisted below its use", "def f():\n    import a\n    return a\nf()\n", "def f():\n    return a\nf()\nimport a\n", "line 3: name"},
		{"types only", "import a\ndef f(): return a\n", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\ndef f(): return a\n", "type checkers only"},
		{"false condition", "import a\ndef f(x: 'a'): return 1\n", "TYPE_CHECKING = 1\nif TYPE_CHECKING:\n    import a\ndef f(x: 'a'): return 1\n", "line"},
		{"another condition", "import a\n", "from m import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\n", "m.TYPE_CHECKING is new"},
		{"comment lost", "# one\nimport a  # two\n", "import a  # two\n", `line 1: comment "# one" is lost`},
		{"comment of an import lost", "import a  # two\ndef f(): return a\n", "def f():\n    import a\n    return a\n", `line 1: comment "# two" is lost`},
		{"comment above a repeat lost", "import a\ndef f():\n    # why\n    import a\n    return a\n", "import a\ndef f():\n    return a\n", `comment "# why" is lost`},
		{"comment new", "import a\n", "import a  # x\n", `comment "# x" is new`},
		{"future import lost", "from __future__ import annotations\nx = 1\n", "x = 1\n", "evaluated"},
		{"submodule not loaded", "import a.b\nimport a\ndef f(): return a.b.c\n", "import a.b\ndef f():\n    import a\n    return a.b.c\n", `nothing would load a.b.c for name "a"`},
		{"global", "import a\ndef f():\n    global a\n    a = 1\n    return a\n", "def f():\n    global a\n    import a\n    a = 1\n    return a\n", "line"},
		{"moved into a class body", "import a\nclass C:\n    x = a\n", "class C:\n    import a\n    x = a\n", "line 3"},
		{"quoted unasked", "import a\ndef f(x: a.T): pass\n", "import a\ndef f(x: 'a.T'): pass\n", "line 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Verify([]byte(c.before), []byte(c.after), Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

func TestVerifyFastPath(t *testing.T) {
	fast := &FastPath{Module: "fast_path", Names: map[string]Target{"json": {Module: "json"}, "np": {Module: "numpy"}}}
	before := "import json\nimport os\ndef f(): return json, os\n"
	for _, c := range []struct{ name, before, after, want string }{
		{"star", before, "from fast_path import *\nimport os\ndef f(): return json, os\n", ""},
		{"names", before, "from fast_path import json\nimport os\ndef f(): return json, os\n", ""},
		{"other name", before, "from fast_path import *\nimport json\ndef f(): return json, os\n", "name \"os\", imported as os, would denote something else"},
		{"star forgotten", before, "import os\ndef f(): return json, os\n", "line"},
		{"wrong module", "import simplejson as json\nprint(json)\n", "from fast_path import *\nprint(json)\n", "line"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Verify([]byte(c.before), []byte(c.after), Options{FastPath: fast})
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestVerifyOptions(t *testing.T) {
	before := "import a\ndef f(x: a.T): return a\n"
	quoted := "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\ndef f(x: \"a.T\"):\n    import a\n    return a\n"
	if err := Verify([]byte(before), []byte(quoted), Options{Quote: true}); err != nil {
		t.Error(err)
	}
	other := strings.Replace(quoted, "a.T", "a.U", 1)
	if err := Verify([]byte(before), []byte(other), Options{Quote: true}); err == nil {
		t.Error("another annotation passed")
	}
	future := "from __future__ import annotations\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\ndef f(x: a.T):\n    import a\n    return a\n"
	if err := Verify([]byte(before), []byte(future), Options{Future: true}); err != nil {
		t.Error(err)
	}
}

func TestVerifyStrings(t *testing.T) {
	before := "import a\n\n\n@patch(\"m.a.b\")\n@patch('m.a.b')\ndef f(): pass\n"
	both := "import a\n\n\n@patch(\"a.b\")\n@patch('a.b')\ndef f(): pass\n"
	first, second := String{18, "m.a.b", "a.b"}, String{34, "m.a.b", "a.b"}
	for _, c := range []struct {
		name, after string
		strings     []String
		want        string
	}{
		{"as asked", both, []String{first, second}, ""},
		{"one not asked for", both, []String{first}, "line 5"},
		{"one left out", strings.Replace(both, "'a.b'", "'m.a.b'", 1), []String{first, second}, "2 strings were to change, and 1 did"},
		{"another text", strings.Replace(both, "'a.b'", "'a.c'", 1), []String{first, second}, "line 5"},
		{"other quotes", strings.Replace(both, "'a.b'", "\"a.b\"", 1), []String{first, second}, "line 5"},
		{"another place", both, []String{first, {33, "m.a.b", "a.b"}}, "line 5"},
		{"nothing but strings", strings.Replace(both, "def f", "def g", 1), []String{first, second}, "line 6"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Verify([]byte(before), []byte(c.after), Options{Strings: c.strings})
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestRelativeSpelling(t *testing.T) {
	before := []byte("def f():\n    from .tools import x\n    return x\ndef g():\n    from p.tools import x\n    return x\n")
	after := []byte("from .tools import x\ndef f():\n    return x\ndef g():\n    return x\n")
	if err := Verify(before, after, Options{Package: "p"}); err != nil {
		t.Errorf("in package p: %v", err)
	}
	for _, around := range []string{"", "q"} {
		if Verify(before, after, Options{Package: around}) == nil {
			t.Errorf("in package %q .tools is taken for p.tools", around)
		}
	}
}
