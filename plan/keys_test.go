package plan

import (
	"slices"
	"testing"

	"fastpath/plan/facts"
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// Whatever is heard of a file, it can be asked for by one of its keys.
func TestKeys(t *testing.T) {
	sources := []struct{ path, text string }{
		{"a.py", "import sys\nfrom b import *\nfrom b import x\nimport b.c as n\nprint(n.y.z)\nn.w = 1\nsetattr(n, 'v', 2)\n"},
		{"b/__init__.py", "x = []\ns = 'a.sys'\nt = 'b.c:y.z'\n"},
		{"b/c.py", "import a, typing, inspect, b\ngetattr(a, 'n')\nvars(a)\na.f.__globals__\ntyping.get_type_hints(a.C)\ninspect.getsource(a.f)\n" +
			"a.C.__subclasses__()\nb.x.append(1)\nb.x[0] = 2\ny = next(b.x)\ndef g(o):\n    return typing.get_type_hints(o)\nk = [a]\nfor m in o:\n    vars(__import__('b.' + m))\n"},
		{"d.py", "import sys, os, importlib, atexit, a, b\nsys.modules['a'] = 1\nsys.modules['b.' + x] = 2\nsys.modules[x] = 3\nimportlib.reload(a)\n" +
			"atexit.register(a.f)\nos.environ['K'] = 'v'\nsys.path.append('x')\ndef h():\n    os.chdir('x')\ndef last(): pass\natexit.register(last)\n" +
			"import weakref\nweakref.ref(x, a.gone)\nvars(a).update(q=1)\nsys.modules['b'].x\n"},
		{"test_e.py", "from unittest.mock import patch\nimport a\npatch('a.n.y')\npatch.object(a, 'n')\npatch('a.' + x)\npatch.multiple('b', x=1)\n"},
	}
	var paths []string
	for _, s := range sources {
		paths = append(paths, s.path)
	}
	layout := facts.NewLayout(paths, []string{"."})
	p := syntax.NewParser()
	defer p.Close()
	in := Input{Policy: Default()}
	for i, s := range sources {
		parsed, err := p.Parse([]byte(s.text))
		if err != nil {
			t.Fatal(err)
		}
		in.Modules = append(in.Modules, facts.Gather(scope.Resolve(parsed), layout.Places[i]))
	}
	w := newWorld(in)
	heard := map[kind]bool{}
	has := func(k kind, of string, file int) {
		t.Helper()
		heard[k] = true
		if !slices.Contains(Keys(in.Modules[file]), key(k, of)) {
			t.Errorf("%s says %q of kind %d, which is none of its keys", in.Modules[file].Path, of, k-importedFrom)
		}
	}
	for k, index := range w.places {
		for of, places := range index {
			for _, at := range places {
				has(importedFrom+kind(k), of, at.file)
			}
		}
	}
	for code, list := range w.writesBy {
		for _, at := range list {
			has(stateWrites, code, at.file)
		}
	}
	for _, index := range []map[string][]change{w.contentsBy, w.contentsBelow} {
		for of, list := range index {
			for _, at := range list {
				has(contents, of, at.file)
			}
		}
	}
	for _, list := range w.allPatches().at {
		for _, at := range list {
			has(patches, "", at.file)
		}
	}
	for _, at := range w.allPatches().within {
		has(patches, "", at.file)
	}
	for k := range kind(kinds) {
		if !heard[importedFrom+k] {
			t.Errorf("nothing is heard of kind %d: the test proves nothing of it", k)
		}
	}
}
