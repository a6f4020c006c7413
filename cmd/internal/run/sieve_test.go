package run

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fastpath/plan"
	"fastpath/plan/profile"
	"fastpath/plan/usage"
)

// sitePackages is a folder with large packages of other people.
func sitePackages() string {
	home, _ := os.UserHomeDir()
	return filepath.Join(home, ".pyenv/versions/3.11.7/lib/python3.11/site-packages")
}

// folderJob is a job over the packages below root.
func folderJob(t testing.TB, root string, packages ...string) Job {
	t.Helper()
	j := Job{Policy: plan.Default(), Workers: 2, Usage: &usage.Usage{Modules: map[string]float64{}}}
	content := map[string][]byte{}
	for _, name := range packages {
		err := filepath.WalkDir(filepath.Join(root, name), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".py") {
				return err
			}
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			content[filepath.ToSlash(rel)], err = os.ReadFile(path)
			return err
		})
		if err != nil {
			t.Skipf("needs %s in %s", name, root)
		}
	}
	for path := range content {
		j.Files = append(j.Files, File{Path: path})
	}
	SortFiles(j.Files)
	j.Read = func(path string) ([]byte, error) {
		if data, ok := content[path]; ok {
			return data, nil
		}
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	return j
}

func short(ms map[string]float64) *profile.Profile {
	p := &profile.Profile{Short: true, Source: profile.SourceShort, Modules: map[string]profile.Module{}}
	for name, v := range ms {
		p.Modules[name] = profile.Module{ImportMS: v}
	}
	return p
}

// moved is what a job changes, spelled out.
func moved(t testing.TB, s *Survey) []byte {
	t.Helper()
	r, err := s.Rewrite()
	if err != nil {
		t.Fatal(err)
	}
	diff, err := Diff(r.Changes)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Left {
		diff = append(diff, f.Error()...)
	}
	return diff
}

// With the first look a tree is judged, and changes, as without, byte for byte.
// FASTPATH_TREES names other packages of that folder than the default.
func TestFirstLookOnRealTrees(t *testing.T) {
	if testing.Short() {
		t.Skip("parses large packages")
	}
	root := sitePackages()
	for _, c := range strings.Fields(cmp.Or(os.Getenv("FASTPATH_TREES"), "setuptools")) {
		t.Run(c, func(t *testing.T) {
			job := folderJob(t, root, strings.Split(c, "+")...)
			whole := Gather(job)
			for _, ms := range []map[string]float64{{"json": 500}, {"numpy": 500, "decimal": 500}, {"yaml": 500}, {"json": 1, "re": 1}, {"xml.etree.ElementTree": 500}, {"logging": 500, "datetime": 2}} {
				job.Profile = short(ms)
				whole.Input.Profile = job.Profile
				whole.job = job
				job.MovesOnly = true
				began := time.Now()
				s := Gather(job)
				looked := time.Since(began)
				job.MovesOnly = false
				want, got := moved(t, whole), moved(t, s)
				t.Logf("%v: %d of %d files passed over, %v, %d bytes", slices.Sorted(maps.Keys(ms)), s.Passed, len(job.Files), looked, len(want))
				if a, b := judged(whole), judged(s); !slices.Equal(a, b) {
					t.Errorf("%v: the first look changes judgements: %d and %d", ms, len(a), len(b))
					for i := range min(len(a), len(b)) {
						if a[i] != b[i] {
							t.Fatalf("without %s\nwith    %s", a[i], b[i])
						}
					}
				}
				if !bytes.Equal(want, got) {
					t.Errorf("%v: the first look changes the outcome", ms)
				}
			}
		})
	}
}

// judged spells every decision about an import whose cost is known.
func judged(s *Survey) (list []string) {
	for _, d := range plan.Make(s.Input).Decisions {
		if d.ImportMS.Known {
			list = append(list, fmt.Sprint(s.Input.Modules[d.File].Path, d.Unit, d.Status, d.Action, d.Into, reasons(d.Blockers), reasons(d.Cautions)))
		}
	}
	return list
}

// Each tree holds a file that a first look could take for one that does not
// matter, and that keeps an import of subject.py where it is.
func TestFirstLookMissesNothing(t *testing.T) {
	const subject = "import numpy\n\n\ndef f():\n    return numpy.zeros(3)\n"
	for _, c := range []struct {
		name  string
		tree  tree
		entry string
		moves bool // the import moves all the same
	}{
		{name: "nothing else", tree: tree{"b.py": "x = 1\n"}, moves: true},
		{name: "imported from", tree: tree{"b.py": "from subject import numpy\n"}},
		{name: "read as an attribute", tree: tree{"b.py": "import subject as s\nx = s.numpy\n"}},
		{name: "star", tree: tree{"b.py": "from subject import *\n"}},
		{name: "string", tree: tree{"b.py": "x = 'subject:numpy'\n"}},
		{name: "torn string", tree: tree{"b.py": "x = ('sub'\n  # here\n  'ject.numpy')\n"}},
		{name: "pickle", tree: tree{"b.py": "x = b'\\x80csubject\\nnumpy\\n.'\n"}},
		{name: "assigned", tree: tree{"b.py": "import subject\nsubject.numpy = 1\n"}},
		{name: "handed on", tree: tree{"b.py": "import subject, c\nc.f(subject)\n", "c.py": "def f(x):\n    return x.numpy\n"}},
		{name: "handed on, read elsewhere by name", tree: tree{"b.py": "import importlib\nx = importlib.import_module('subject')\n", "c.py": "def f(x):\n    return getattr(x, 'numpy')\n"}},
		{name: "handed on, never read", tree: tree{"b.py": "import subject, c\nc.f(subject)\n", "c.py": "def f(x):\n    return x.pandas\n"}, moves: true},
		{name: "annotations of anything", tree: tree{"b.py": "import typing\ndef f(x):\n    return typing.get_type_hints(x)\n",
			"main.py": "from __future__ import annotations\nimport numpy\n\n\ndef f(x: numpy.array):\n    return numpy.zeros(3)\n"}},
		{name: "namespace", tree: tree{"b.py": "import subject\nx = vars(subject)\n"}},
		{name: "computed text", tree: tree{"b.py": "import sys\nA = 'num'\nsys.modules[A + 'py'] = 1\n"}},
		{name: "replaced in sys.modules", tree: tree{"b.py": "import sys\nsys.modules['numpy'] = 1\n"}},
		{name: "normal form", tree: tree{"b.py": "import ſubject\nx = ſubject.numpy\n"}, moves: true},
		{name: "search path", tree: tree{"b.py": "import sys\nsys.path.pop()\n"}},
		{name: "search path under another name", tree: tree{"b.py": "import sys as os\nos.path.pop()\n"}},
		{name: "working folder", tree: tree{"b.py": "import sys\nsys.path.insert(0, 'x')\n", "c.py": "import os\nos.chdir('x')\n"}},
		{name: "at exit", tree: tree{"a-b.py": "import atexit\ndef f(): pass\natexit.register(f)\n", "b.py": "import atexit, subject\natexit.register(subject.f)\n"}},
		{name: "mocked", tree: tree{"tests/test_b.py": "from unittest.mock import patch\n@patch('subject.numpy')\ndef test(m): pass\n"}},
		{name: "mocked through others", tree: tree{"one.py": "import two as t\n", "two.py": "import subject\n",
			"tests/test_b.py": "from unittest.mock import patch\n@patch('one.t.subject.numpy')\ndef test(m): pass\n"}},
		{name: "a package around it", tree: tree{"pkg/__init__.py": subject, "pkg/b.py": "from . import numpy\n"}},
		{name: "two dots", tree: tree{"pkg/__init__.py": subject, "pkg/sub/__init__.py": "", "pkg/sub/b.py": "from .. import numpy\n"}},
		{name: "decorator", tree: tree{"deco.py": "from inner import run\n", "inner.py": "def run(f):\n    f()\n    return f\n",
			"main.py": "import numpy\nfrom deco import run\n\n\n@run\ndef f():\n    return numpy.zeros(3)\n"}},
		{name: "harmless decorator", tree: tree{"deco.py": "from inner import run\n", "inner.py": "def run(f):\n    return f\n",
			"main.py": "import numpy\nfrom deco import run\n\n\n@run\ndef f():\n    return numpy.zeros(3)\n"}, moves: true},
		{name: "decorator of a module that is not imported here", tree: tree{"pkg/__init__.py": "", "pkg/inner.py": "def run(f):\n    return f\n",
			"main.py": "import numpy\nimport pkg\n\n\n@pkg.inner.run\ndef f():\n    return numpy.zeros(3)\n"}, moves: true},
		{name: "decorator named like a module", tree: tree{"app.py": "def run(f):\n    return f\n",
			"main.py": "import numpy\napp = make()\n\n\n@app.run\ndef f():\n    return numpy.zeros(3)\n"}, moves: true},
		{name: "another way from the entry", entry: "main.py", tree: tree{"main.py": "import one, subject\n", "one.py": "import importlib\nimportlib.import_module('two')\n", "two.py": "import numpy\nx = numpy.x\n"}},
		{name: "the entry does not reach it", entry: "main.py", tree: tree{"main.py": "import one\n", "one.py": "def f():\n    import two\n", "two.py": "import three\n", "three.py": ""}},
		{name: "reached by a call", entry: "main.py", tree: tree{"main.py": "import one\n", "one.py": "def f():\n    import subject\n"}, moves: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.tree["pkg/__init__.py"] != subject && c.tree["main.py"] == "" || c.entry != "" {
				c.tree["subject.py"] = subject
			}
			for i := range 3 {
				c.tree["idle"+string(rune('a'+i))+".py"] = "import os\n\n\ndef g():\n    return os.path.sep\n"
			}
			job := c.tree.job(2)
			job.Usage = &usage.Usage{Modules: map[string]float64{}}
			job.Profile = short(map[string]float64{"numpy": 500})
			if c.entry != "" {
				job.Policy.Entry = []string{c.entry}
			}
			want := moved(t, Gather(job))
			job.MovesOnly = true
			s := Gather(job)
			if got := moved(t, s); !bytes.Equal(got, want) {
				t.Errorf("with the first look:\n%s\nwithout:\n%s", got, want)
			}
			if moves := strings.Contains(string(want), "+    import numpy"); moves != c.moves {
				t.Errorf("moves %v, want %v\n%s", moves, c.moves, want)
			}
			if s.Passed < 3 {
				t.Errorf("%d files were passed over, want 3 or more", s.Passed)
			}
		})
	}
}

// Trees made at random of whatever one file can say of another are judged
// alike with the first look and without.
func TestFirstLookOnRandomTrees(t *testing.T) {
	r := rand.New(rand.NewSource(11))
	passed, judgedAll := 0, 0
	for n := range 300 {
		project := randomTree(r)
		job := project.job(1)
		job.Usage = &usage.Usage{Modules: map[string]float64{}}
		job.Profile = short(map[string]float64{"numpy": []float64{500, 1}[n%2]})
		if n%3 == 0 {
			job.Policy.Entry = []string{"a.py"}
		}
		if n%5 == 0 {
			job.Selected = func(path string) bool { return path < "p/e" }
		}
		whole := Gather(job)
		job.MovesOnly = true
		s := Gather(job)
		passed += s.Passed
		want, got := chosen(whole), chosen(s)
		judgedAll += len(want)
		if !slices.Equal(want, got) {
			t.Fatalf("tree %d: without\n%s\nwith\n%s\n%v", n, strings.Join(want, "\n"), strings.Join(got, "\n"), project)
		}
		if want, got := moved(t, whole), moved(t, s); !bytes.Equal(want, got) {
			t.Fatalf("tree %d: without\n%s\nwith\n%s\n%v", n, want, got, project)
		}
	}
	t.Logf("%d files passed over, %d judgements", passed, judgedAll)
}

// randomTree is made of whatever one file can say of another.
func randomTree(r *rand.Rand) tree {
	paths := []string{"a.py", "b.py", "c.py", "p/__init__.py", "p/d.py", "p/e.py", "p/q/__init__.py", "p/q/g.py", "tests/test_h.py", "x-y.py", "k.py", "l.py"}
	names := []string{"a", "b", "c", "p", "p.d", "p.e", "p.q", "p.q.g", "k", "l", "numpy", "numpy.linalg"}
	attrs := []string{"numpy", "np", "f", "d", "q", "g", "linalg", "numpy.zeros", "np.linalg.x"}
	lines := []string{"import M", "import M as A", "from M import A", "from . import A", "from .d import A", "from .. import A", "from M import *",
		"x = M.A", "M.A = 1", "s = 'M.A'", "s = 'M:A'", "import sys; sys.modules['M'] = 1", "import importlib; importlib.import_module('M')",
		"from unittest.mock import patch\n@patch('M.A')\ndef test_A(m): pass", "setattr(M, 'A', 1)", "getattr(M, 'A')", "vars(M)",
		"import importlib; importlib.reload(M)", "import atexit; atexit.register(M.f)", "import inspect; inspect.getsource(M.f)",
		"import numpy\ndef f(): return numpy.zeros(1)", "import numpy as np\ndef f(): return np.linalg.x", "def h():\n    import numpy\n    return numpy.x",
		"x = [M]", "import importlib; y = importlib.import_module('M').A", "z = y.A", "getattr(y, 'A')",
		"import numpy\n@M.A\ndef f(): return numpy.y", "def run(x): return x", "def run(x): return x()", "import sys; sys.path.pop()", "import os; os.chdir('z')", "y = (", "import os"}
	project := tree{}
	for _, path := range paths {
		text := ""
		for range r.Intn(4) {
			line := lines[r.Intn(len(lines))]
			if line == "y = (" && r.Intn(5) > 0 || strings.Contains(line, "sys.path.pop") && r.Intn(4) > 0 {
				continue
			}
			line = strings.ReplaceAll(line, "M", names[r.Intn(len(names))])
			attr := attrs[r.Intn(len(attrs))]
			if strings.Contains(line, "import A") || strings.Contains(line, "as A") || strings.Contains(line, "test_A") {
				attr, _, _ = strings.Cut(attr, ".")
			}
			text += strings.ReplaceAll(line, "A", attr) + "\n"
		}
		project[path] = text
	}
	return project
}

// chosen is judged for the files that may change.
func chosen(s *Survey) (list []string) {
	for _, d := range plan.Make(s.Input).Decisions {
		if d.ImportMS.Known && s.Chosen[d.File] {
			list = append(list, fmt.Sprint(s.Input.Modules[d.File].Path, d.Unit, d.Status, d.Action, d.Into, reasons(d.Blockers)))
		}
	}
	return list
}

func BenchmarkFirstLook(b *testing.B) {
	job := folderJob(b, sitePackages(), "sympy")
	for _, c := range []struct {
		name, module string
		movesOnly    bool
	}{
		{"Rare/With", "yaml", true}, {"Rare/Without", "yaml", false},
		{"Common/With", "json", true}, {"Common/Without", "json", false},
	} {
		b.Run(c.name, func(b *testing.B) {
			job := job
			job.Profile, job.MovesOnly = short(map[string]float64{c.module: 500}), c.movesOnly
			for b.Loop() {
				s := Gather(job)
				b.ReportMetric(float64(len(job.Files)-s.Passed), "parsed")
			}
		})
	}
}

// reasons are what blockers and cautions say.
func reasons(list []plan.Blocker) (said []string) {
	for _, b := range list {
		said = append(said, fmt.Sprintf("%s %s:%d %s (%s)", b.Code, b.File, b.Line, b.Message, b.Hint))
	}
	return said
}
