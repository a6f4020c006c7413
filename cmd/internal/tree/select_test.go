package tree

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// plant writes files below a new folder: a name that ends in a slash is a
// folder, a value "-> x" a link to x.
func plant(t *testing.T, files map[string]string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	grow(t, root, files)
	return root
}

func grow(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		full := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		switch {
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(full, 0o755)
		case strings.HasPrefix(text, "-> "):
			err = os.Symlink(text[3:], full)
		default:
			err = os.WriteFile(full, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func gitIn(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.org",
		"-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func sel(t *testing.T, q Query) Selection {
	t.Helper()
	if q.Include == nil {
		q.Include = []string{"**/*.py"}
	}
	s, err := Select(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func paths(s Selection) []string {
	var all []string
	for _, f := range s.Files {
		all = append(all, f.Path)
	}
	return all
}

func asked(s Selection) []string {
	var all []string
	for _, f := range s.Files {
		if f.Asked {
			all = append(all, f.Path)
		}
	}
	return all
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

func TestWhatIsLeftOut(t *testing.T) {
	files := map[string]string{
		"b.py": "", "a.py": "", "a/x.py": "", "a-b.py": "", "notes.txt": "",
		".git_not/x.py": "", "venv/pyvenv.cfg": "", "venv/lib/x.py": "", ".hidden/y.py": "",
		"conda/conda-meta/h": "", "conda/x.py": "",
		"node_modules/n.py": "", "a/__pycache__/c.py": "", "build/out.py": "", "keep/build.py": "",
		".gitignore": "# a comment\n/build/\n*.gen.py\n!good.gen.py\n\nlogs\r\n", "x.gen.py": "", "good.gen.py": "",
		"a/.gitignore": "local.py\n", "a/local.py": "", "local.py": "", "logs/l.py": "", "old/o.py": "",
	}
	want := []string{".git_not/x.py", ".hidden/y.py", "a-b.py", "a.py", "a/x.py", "b.py", "good.gen.py", "keep/build.py", "local.py"}
	root := plant(t, files)
	q := Query{Root: root, Exclude: []string{"old"}}
	same(t, "without git", paths(sel(t, q)), want...)
	gitIn(t, root, "init", "-q")
	same(t, "untracked in git", paths(sel(t, q)), want...)
	gitIn(t, root, "add", ".")
	same(t, "tracked in git", paths(sel(t, q)), want...)
	if err := os.Remove(filepath.Join(root, "b.py")); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(paths(sel(t, q)), "b.py") {
		t.Error("a tracked file that was deleted is still selected")
	}
}

func TestExcludeMatchesFolders(t *testing.T) {
	root := plant(t, map[string]string{"gen/a/x.py": "", "src/gen/y.py": "", "src/z.py": "", "z_pb2.py": ""})
	same(t, "exclude", paths(sel(t, Query{Root: root, Exclude: []string{"gen/", "**/*_pb2.py"}})), "src/z.py")
	same(t, "exclude at the root", paths(sel(t, Query{Root: root, Exclude: []string{"/gen"}})), "src/gen/y.py", "src/z.py", "z_pb2.py")
	same(t, "include", paths(sel(t, Query{Root: root, Include: []string{"src/**"}})), "src/gen/y.py", "src/z.py")
}

func TestVendoredFolderThatGitIgnores(t *testing.T) {
	outside := plant(t, map[string]string{"x.py": ""})
	root := plant(t, map[string]string{"app.py": "", ".gitignore": "package\n.venv\n", "package/lib/a.py": "", "package/.gitignore": "*\n",
		".venv/pyvenv.cfg": "", ".venv/lib/site/b.py": "", "away": "-> " + outside})
	gitIn(t, root, "init", "-q")
	s := sel(t, Query{Root: root, Vendored: []string{"package", ".venv/lib/site", "missing", "away"}})
	same(t, "vendored", paths(s), ".venv/lib/site/b.py", "app.py", "package/lib/a.py")
	if len(s.Skipped) != 1 || s.Skipped[0].Path != "away" {
		t.Errorf("skipped %v, want the folder that leads out", s.Skipped)
	}
}

func TestLinks(t *testing.T) {
	outside := plant(t, map[string]string{"secret.py": ""})
	files := map[string]string{
		"real.py": "", "alias.py": "-> real.py", "text.txt": "", "shown.py": "-> text.txt",
		"loop.py": "-> loop.py", "me": "-> .", "pkg/up": "-> ..", "nowhere.py": "-> gone",
		"out.py": "-> " + filepath.Join(outside, "secret.py"), "outdir": "-> " + outside, "dir.py": "-> pkg", "pkg/m.py": "",
	}
	for _, vcs := range []bool{false, true} {
		root := plant(t, files)
		if vcs {
			gitIn(t, root, "init", "-q")
		}
		s := sel(t, Query{Root: root})
		same(t, "files", paths(s), "pkg/m.py", "real.py", "shown.py")
		var why []string
		for _, k := range s.Skipped {
			why = append(why, k.Path+" "+k.Why)
		}
		same(t, "skipped", why, "loop.py is a link that leads in a circle", "nowhere.py is a link that leads nowhere", "out.py is a link that leads out of the project")
		s = sel(t, Query{Root: root, Args: []string{"alias.py", "me/pkg/m.py", "./real.py", "pkg/up/real.py"}, Dir: root})
		same(t, "asked by other ways", asked(s), "pkg/m.py", "real.py")
		for _, arg := range []string{"out.py", "outdir", "outdir/secret.py", "loop.py", "nowhere.py", "absent.py", "", ".."} {
			if _, err := Select(context.Background(), Query{Root: root, Dir: root, Args: []string{arg}}); err == nil {
				t.Errorf("naming %q is no error", arg)
			}
		}
	}
}

func TestNamedFilesAndFolders(t *testing.T) {
	root := plant(t, map[string]string{"a.py": "", "sub/b.py": "", "sub/deep/c.py": "", "script": "", "old/o.py": "", ".gitignore": "built\n",
		"built/g.py": "", "node_modules/n.py": "", "subway.py": "", "empty/": ""})
	gitIn(t, root, "init", "-q")
	for _, c := range []struct {
		args  []string
		force bool
		want  []string
		drop  []string
	}{
		{args: nil, want: []string{"a.py", "sub/b.py", "sub/deep/c.py", "subway.py"}},
		{args: []string{"."}, want: []string{"a.py", "sub/b.py", "sub/deep/c.py", "subway.py"}},
		{args: []string{"sub"}, want: []string{"sub/b.py", "sub/deep/c.py"}},
		{args: []string{"sub/deep", "a.py"}, want: []string{"a.py", "sub/deep/c.py"}},
		{args: []string{"script"}, want: []string{"script"}},
		{args: []string{"old/o.py"}, want: []string{"old/o.py"}},
		{args: []string{"built"}, want: []string{"built/g.py"}},
		{args: []string{"built/g.py"}, want: []string{"built/g.py"}},
		{args: []string{"node_modules"}, want: []string{"node_modules/n.py"}},
		{args: []string{"empty"}},
		{args: []string{"script", "old/o.py", "built", "a.py"}, force: true, want: []string{"a.py"}, drop: []string{"script", "old/o.py", "built"}},
	} {
		s := sel(t, Query{Root: root, Dir: root, Exclude: []string{"old"}, Args: c.args, ForceExclude: c.force})
		same(t, strings.Join(c.args, " "), asked(s), c.want...)
		same(t, "dropped of "+strings.Join(c.args, " "), s.Dropped, c.drop...)
		if !slices.Contains(paths(s), "sub/b.py") {
			t.Errorf("%v: the rest of the tree is missing", c.args)
		}
	}
}

func TestStrangeNames(t *testing.T) {
	names := []string{"a b.py", "line\nbreak.py", "\x1b[31mred.py", "back\\slash.py", "\xff\xfe.py", "ünïcode.py", "-rf.py", "[x].py", "sp ace/new\nline/x.py"}
	for _, vcs := range []bool{false, true} {
		files := map[string]string{}
		for _, n := range names {
			files[n] = ""
		}
		root := plant(t, files)
		if vcs {
			gitIn(t, root, "init", "-q")
			gitIn(t, root, "add", ".")
		}
		want := slices.Clone(names)
		slices.Sort(want)
		same(t, "names", paths(sel(t, Query{Root: root})), want...)
		s := sel(t, Query{Root: root, Dir: root, Args: []string{"line\nbreak.py", "[x].py", "-rf.py"}})
		same(t, "asked", asked(s), "-rf.py", "[x].py", "line\nbreak.py")
	}
}

func TestPipesAreNeverOpened(t *testing.T) {
	root := plant(t, map[string]string{"a.py": "", "d.py/inner.py": ""})
	if err := syscall.Mkfifo(filepath.Join(root, "pipe.py"), 0o644); err != nil {
		t.Skip("no pipes here:", err)
	}
	s := sel(t, Query{Root: root})
	same(t, "files", paths(s), "a.py", "d.py/inner.py")
	if len(s.Skipped) != 1 || s.Skipped[0] != (Skipped{"pipe.py", "is not a regular file"}) {
		t.Errorf("skipped: %v", s.Skipped)
	}
	if _, err := Select(context.Background(), Query{Root: root, Dir: root, Args: []string{"pipe.py"}}); err == nil {
		t.Error("naming a pipe is no error")
	}
	if _, _, err := Read(filepath.Join(root, "pipe.py"), 100); err == nil {
		t.Error("reading a pipe is no error")
	}
}

func TestUnreadableFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	root := plant(t, map[string]string{"a.py": "", "shut/b.py": ""})
	shut := filepath.Join(root, "shut")
	if err := os.Chmod(shut, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(shut, 0o755) })
	s := sel(t, Query{Root: root})
	same(t, "files", paths(s), "a.py")
	if len(s.Skipped) != 1 || s.Skipped[0].Path != "shut" {
		t.Errorf("skipped: %v", s.Skipped)
	}
}

func TestRepositoriesInside(t *testing.T) {
	lib := plant(t, map[string]string{"lib.py": "", ".gitignore": "no.py\n"})
	gitIn(t, lib, "init", "-q")
	gitIn(t, lib, "add", ".")
	gitIn(t, lib, "commit", "-q", "-m", "one")
	root := plant(t, map[string]string{"app.py": "", "clone/c.py": "", "clone/.gitignore": "no.py\n", "clone/no.py": ""})
	gitIn(t, root, "init", "-q")
	gitIn(t, root, "submodule", "-q", "add", lib, "deps/lib")
	gitIn(t, filepath.Join(root, "clone"), "init", "-q")
	grow(t, root, map[string]string{"deps/lib/no.py": ""})
	same(t, "with submodule and clone", paths(sel(t, Query{Root: root})), "app.py", "clone/c.py", "deps/lib/lib.py")

	gitIn(t, root, "commit", "-q", "-m", "one")
	gitIn(t, root, "submodule", "-q", "deinit", "-f", "deps/lib")
	same(t, "empty submodule", paths(sel(t, Query{Root: root})), "app.py", "clone/c.py")
}

func TestSparseCheckout(t *testing.T) {
	root := plant(t, map[string]string{"top.py": "", "a/x.py": "", "b/y.py": "", "b/z.py": "", "b/note.txt": "", "old/o.py": ""})
	gitIn(t, root, "init", "-q")
	gitIn(t, root, "add", ".")
	gitIn(t, root, "commit", "-q", "-m", "one")
	gitIn(t, root, "sparse-checkout", "set", "a")
	grow(t, root, map[string]string{"b/z.py": ""})
	s := sel(t, Query{Root: root, Exclude: []string{"old"}})
	same(t, "files", paths(s), "a/x.py", "b/z.py", "top.py")
	if len(s.Skipped) != 1 || s.Skipped[0].Why != "is a sparse checkout: 1 left out, and what those files use is not known" {
		t.Errorf("skipped: %v", s.Skipped)
	}
}

func TestRootInsideARepository(t *testing.T) {
	top := plant(t, map[string]string{"up.py": "", ".gitignore": "/out\n*.tmp.py\n", "svc/a.py": "", "svc/b.tmp.py": "", "out/demo/m.py": ""})
	gitIn(t, top, "init", "-q")
	same(t, "below the top", paths(sel(t, Query{Root: filepath.Join(top, "svc")})), "a.py")
	same(t, "ignored as a whole", paths(sel(t, Query{Root: filepath.Join(top, "out", "demo")})), "m.py")
}

func TestRead(t *testing.T) {
	root := plant(t, map[string]string{"a.py": "import json\n", "empty.py": ""})
	a := filepath.Join(root, "a.py")
	data, stamp, err := Read(a, 12)
	if err != nil || string(data) != "import json\n" || stamp.Size != 12 || stamp.Mode().Perm() != 0o644 {
		t.Fatalf("Read: %q %+v %v", data, stamp, err)
	}
	if _, _, err := Read(a, 11); !errors.Is(err, ErrTooBig) {
		t.Errorf("over the limit: %v", err)
	}
	if data, _, err := Read(filepath.Join(root, "empty.py"), 0); err != nil || len(data) != 0 {
		t.Errorf("empty file: %q %v", data, err)
	}
	if _, _, err := Read(filepath.Join(root, "none.py"), 1); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, _, err := Read(root, 1); err == nil {
		t.Error("a folder was read")
	}
	info, _ := os.Stat(a)
	if !stamp.Fresh(info) {
		t.Error("an untouched file is not fresh")
	}
	if err := os.WriteFile(a, []byte("import jsom\n\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if info, _ = os.Stat(a); stamp.Fresh(info) {
		t.Error("a changed file is fresh")
	}
}
