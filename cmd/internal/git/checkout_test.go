package git

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckOut(t *testing.T) {
	isolate(t)
	t.Setenv("TMPDIR", t.TempDir())
	r := repository(t, map[string]string{"a.py": "first", "gone.py": "g", "pkg/__init__.py": "", ".gitignore": "_version.py\nlib/\n*.log\n.venv/\n"})
	first := strings.TrimSpace(run(t, r.Top, "rev-parse", "HEAD"))
	put(t, r.Top, map[string]string{"a.py": "second"})
	run(t, r.Top, "commit", "-qam", "second state")
	dirtied(t, r)
	put(t, r.Top, map[string]string{"pkg/_version.py": "v", "lib/dep.py": "d", "x.log": "l", ".venv/cfg": "c", "art/baseline.json": "{}"})
	if err := os.Remove(filepath.Join(r.Top, "gone.py")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("untracked.py", filepath.Join(r.Top, "link.py")); err != nil {
		t.Fatal(err)
	}
	ctx, before := context.Background(), state(t, r)

	old, err := r.CheckOut(ctx, "HEAD~1")
	if err != nil {
		t.Fatal(err)
	}
	work, err := r.CheckOutWork(ctx, "art")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*Checkout{old, work} {
		if err := c.Borrow(ctx, []string{".", "lib"}); err != nil {
			t.Fatal(err)
		}
	}
	read := func(c *Checkout, name string) string {
		data, err := os.ReadFile(filepath.Join(c.Top, name))
		if err != nil {
			return "none"
		}
		return string(data)
	}
	for _, want := range []struct{ name, old, work string }{
		{"a.py", "first", "dirty"}, {"gone.py", "g", "none"}, {"untracked.py", "none", "u"}, {"link.py", "none", "u"},
		{"pkg/_version.py", "v", "v"}, {"lib/dep.py", "d", "d"}, {"x.log", "none", "none"}, {".venv/cfg", "none", "none"},
	} {
		if o, w := read(old, want.name), read(work, want.name); o != want.old || w != want.work {
			t.Errorf("%s: %q and %q, want %q and %q", want.name, o, w, want.old, want.work)
		}
	}
	if old.Commit != first || old.Dirty || !work.Dirty {
		t.Errorf("old is %s, dirty %v; the work tree dirty %v", old.Commit, old.Dirty, work.Dirty)
	}
	if err := errors.Join(old.Close(), work.Close()); err != nil {
		t.Fatal(err)
	}
	if after := state(t, r); after != before {
		t.Errorf("changed\n%s\nto\n%s", before, after)
	}
	if _, err := r.CheckOut(ctx, "nowhere"); err == nil || err.Error() != `git knows no revision "nowhere"` {
		t.Errorf("error is %v", err)
	}
	if data, err := os.ReadFile(filepath.Join(r.Top, "lib/dep.py")); err != nil || string(data) != "d" {
		t.Errorf("what was linked is lost: %q, %v", data, err)
	}
}

func TestCheckOutIsNotDirtyByTheArtifacts(t *testing.T) {
	isolate(t)
	r := repository(t, map[string]string{"a.py": "1"})
	put(t, r.Top, map[string]string{"art/baseline.json": "{}"})
	ctx := context.Background()
	if dirty, err := r.Changed(ctx, "art"); dirty || err != nil {
		t.Errorf("dirty %v, %v", dirty, err)
	}
	put(t, r.Top, map[string]string{"a.py": "2"})
	if dirty, err := r.Changed(ctx, "art"); !dirty || err != nil {
		t.Errorf("dirty %v, %v", dirty, err)
	}
}

func TestCheckOutHasSubmodules(t *testing.T) {
	isolate(t)
	t.Setenv("TMPDIR", t.TempDir())
	inner := repository(t, map[string]string{"deep.py": "deep"})
	lib := repository(t, map[string]string{"lib.py": "old"})
	run(t, lib.Top, "submodule", "-q", "add", inner.Top, "inner")
	run(t, lib.Top, "commit", "-q", "-m", "inner")
	r := repository(t, map[string]string{"a.py": ""})
	run(t, r.Top, "submodule", "-q", "add", lib.Top, "deps/lib")
	run(t, r.Top, "submodule", "-q", "add", lib.Top, "unused")
	run(t, r.Top, "submodule", "-q", "update", "--init", "--recursive")
	run(t, r.Top, "commit", "-q", "-m", "lib")
	run(t, r.Top, "submodule", "-q", "deinit", "-f", "unused")
	sub := filepath.Join(r.Top, "deps", "lib")
	put(t, sub, map[string]string{"lib.py": "new"})
	run(t, sub, "commit", "-qam", "new")
	run(t, r.Top, "add", "deps/lib")
	run(t, r.Top, "commit", "-q", "-m", "new lib")
	put(t, sub, map[string]string{"lib.py": "edited"})

	ctx, before := context.Background(), state(t, r)
	old, err := r.CheckOut(ctx, "HEAD~1")
	if err != nil {
		t.Fatal(err)
	}
	head, err := r.CheckOut(ctx, "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	work, err := r.CheckOutWork(ctx, "art")
	if err != nil {
		t.Fatal(err)
	}
	for c, want := range map[*Checkout]string{old: "old", head: "new", work: "edited"} {
		for name, want := range map[string]string{"deps/lib/lib.py": want, "deps/lib/inner/deep.py": "deep"} {
			if data, err := os.ReadFile(filepath.Join(c.Top, name)); string(data) != want {
				t.Errorf("%s is %q, want %q: %v", name, data, want, err)
			}
		}
		if dirty := want == "edited"; c.Dirty != dirty {
			t.Errorf("dirty is %v, want %v", c.Dirty, dirty)
		}
	}
	if err := errors.Join(old.Close(), head.Close(), work.Close()); err != nil {
		t.Fatal(err)
	}
	if after := state(t, r); after != before {
		t.Errorf("changed\n%s\nto\n%s", before, after)
	}
	if data, err := os.ReadFile(filepath.Join(sub, "lib.py")); string(data) != "edited" {
		t.Errorf("the submodule is %q: %v", data, err)
	}
}
