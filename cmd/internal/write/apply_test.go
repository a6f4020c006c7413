package write

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"fastpath/cmd/internal/tree"
)

func plant(t *testing.T, files map[string]string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	for name, text := range files {
		full := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if target, link := strings.CutPrefix(text, "-> "); link {
			err = os.Symlink(target, full)
		} else {
			err = os.WriteFile(full, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func begin(t *testing.T, root string) *Run {
	t.Helper()
	r, err := Begin(root, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func change(t *testing.T, root, path, content string) Change {
	t.Helper()
	_, stamp, err := tree.Read(filepath.Join(root, path), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return Change{Path: path, Old: stamp, New: []byte(content)}
}

// contents is every file below root, links and folders marked as such.
func contents(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, p)
		switch {
		case d.IsDir():
			if rel != "." {
				all[rel] = "folder"
			}
		case d.Type()&fs.ModeSymlink != 0:
			target, _ := os.Readlink(p)
			all[rel] = "-> " + target
		default:
			data, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			all[rel] = string(data)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func holds(t *testing.T, root string, want map[string]string) {
	t.Helper()
	if got := contents(t, root); !maps.Equal(got, want) {
		t.Errorf("the tree holds %q, want %q", got, want)
	}
}

// noJournal checks that nothing is left where the journal lives.
func noJournal(t *testing.T, r *Run) {
	t.Helper()
	if left, _ := os.ReadDir(r.folder); len(left) > 0 {
		t.Errorf("%s is left in the journal's folder", left[0].Name())
	}
}

func TestApply(t *testing.T) {
	root := plant(t, map[string]string{"a.py": "old a", "sub/b.py": "old b", "same.py": "same", "link.py": "-> sub/b.py"})
	if err := os.Chmod(filepath.Join(root, "a.py"), 0o751|fs.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	before, _ := os.Stat(filepath.Join(root, "same.py"))
	r := begin(t, root)
	err := r.Apply(context.Background(), []Change{
		change(t, root, "link.py", "new b"), change(t, root, "a.py", "new a"), change(t, root, "same.py", "same"),
		{Path: "new/deep/c.py", New: []byte("new c")}, {Path: "empty.py"},
	})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, root, map[string]string{"a.py": "new a", "sub": "folder", "sub/b.py": "new b", "same.py": "same", "link.py": "-> sub/b.py",
		"new": "folder", "new/deep": "folder", "new/deep/c.py": "new c", "empty.py": ""})
	info, _ := os.Stat(filepath.Join(root, "a.py"))
	if info.Mode() != 0o751|fs.ModeSetgid {
		t.Errorf("mode %v is not kept", info.Mode())
	}
	if after, _ := os.Stat(filepath.Join(root, "same.py")); !os.SameFile(before, after) {
		t.Error("a file without a change was replaced")
	}
	noJournal(t, r)
}

func TestOwnerIsKept(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root gives files to others")
	}
	root := plant(t, map[string]string{"a.py": "old"})
	if err := os.Chown(filepath.Join(root, "a.py"), 12345, 54321); err != nil {
		t.Fatal(err)
	}
	if err := begin(t, root).Apply(context.Background(), []Change{change(t, root, "a.py", "new")}); err != nil {
		t.Fatal(err)
	}
	info, _ := os.Stat(filepath.Join(root, "a.py"))
	if s := info.Sys().(*syscall.Stat_t); s.Uid != 12345 || s.Gid != 54321 {
		t.Errorf("owner %d, group %d", s.Uid, s.Gid)
	}
}

func TestRefusalsChangeNothing(t *testing.T) {
	outside := t.TempDir()
	for name, c := range map[string]struct {
		spoil func(t *testing.T, root string)
		add   Change
		want  string
	}{
		"changed":      {spoil: func(t *testing.T, root string) { overwrite(t, root, "z.py", "meanwhile") }, want: `writing "z.py": it changed since it was read; run again`},
		"same length":  {spoil: func(t *testing.T, root string) { overwrite(t, root, "z.py", "odl z") }, want: `writing "z.py": it changed since it was read; run again`},
		"gone":         {spoil: func(t *testing.T, root string) { remove(t, root, "z.py") }, want: `writing "z.py": it changed since it was read; run again`},
		"now a folder": {spoil: func(t *testing.T, root string) { remove(t, root, "z.py"); mkdir(t, root, "z.py") }, want: `writing "z.py": not a regular file`},
		"read-only": {spoil: func(t *testing.T, root string) {
			if err := os.Chmod(filepath.Join(root, "z.py"), 0o444); err != nil {
				t.Fatal(err)
			}
		}, want: `writing "z.py": it is read-only; make it writable or exclude it`},
		"now a link out": {spoil: func(t *testing.T, root string) {
			remove(t, root, "z.py")
			overwrite(t, outside, "z.py", "old z")
			if err := os.Symlink(filepath.Join(outside, "z.py"), filepath.Join(root, "z.py")); err != nil {
				t.Fatal(err)
			}
		}, want: `writing "z.py": it lies outside the project, or a link leads out; nothing is written there`},
		"new one exists": {add: Change{Path: "a.py", New: []byte("x")}, want: `writing "a.py": it came into being since the tree was read; run again`},
		"new one out":    {add: Change{Path: "../x.py", New: []byte("x")}, want: `writing "../x.py": it lies outside the project, or a link leads out; nothing is written there`},
		"twice":          {add: Change{Path: "new.py", New: []byte("x")}, want: `writing "new.py": it is the same file as "./new.py"`},
	} {
		t.Run(name, func(t *testing.T) {
			root := plant(t, map[string]string{"a.py": "old a", "z.py": "old z"})
			changes := []Change{change(t, root, "a.py", "new a"), change(t, root, "z.py", "new z"), {Path: "./new.py", New: []byte("x")}}
			if c.add.Path != "" {
				changes = append(changes, c.add)
			}
			if c.spoil != nil {
				c.spoil(t, root)
			}
			want := contents(t, root)
			r := begin(t, root)
			err := r.Apply(context.Background(), changes)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			holds(t, root, want)
			noJournal(t, r)
		})
	}
}

func overwrite(t *testing.T, root, path, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(root, path), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, root, path string) {
	t.Helper()
	if err := os.Remove(filepath.Join(root, path)); err != nil {
		t.Fatal(err)
	}
}

func mkdir(t *testing.T, root, path string) {
	t.Helper()
	if err := os.Mkdir(filepath.Join(root, path), 0o755); err != nil {
		t.Fatal(err)
	}
}

// A target that changes between the first and the last rename: everything
// goes back to what it was.
func TestChangeWhileReplacing(t *testing.T) {
	root := plant(t, map[string]string{"a.py": "old a", "b.py": "old b", "z.py": "old z"})
	r := begin(t, root)
	replaced := 0
	r.reached = func(stage string) {
		if stage == "replaced" {
			if replaced++; replaced == 2 {
				overwrite(t, root, "z.py", "theirs")
			}
		}
	}
	err := r.Apply(context.Background(), []Change{change(t, root, "a.py", "new a"), {Path: "b2/new.py", New: []byte("x")}, change(t, root, "z.py", "new z")})
	if err == nil || !strings.Contains(err.Error(), `"z.py": it changed`) {
		t.Errorf("got %v", err)
	}
	if replaced != 2 {
		t.Errorf("%d files were replaced before", replaced)
	}
	holds(t, root, map[string]string{"a.py": "old a", "b.py": "old b", "z.py": "theirs"})
	noJournal(t, r)
}

func TestCancel(t *testing.T) {
	root := plant(t, map[string]string{"a.py": "old a", "b.py": "old b"})
	ctx, cancel := context.WithCancel(context.Background())
	r := begin(t, root)
	r.reached = func(stage string) {
		if stage == "staged" {
			cancel()
		}
	}
	err := r.Apply(ctx, []Change{change(t, root, "a.py", "new a"), change(t, root, "b.py", "new b")})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	holds(t, root, map[string]string{"a.py": "old a", "b.py": "old b"})
	noJournal(t, r)
}

func TestFullDisk(t *testing.T) {
	root := plant(t, nil)
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", root).CombinedOutput(); err != nil {
		t.Skipf("a small disk cannot be mounted here: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", root).Run() })
	var changes []Change
	for _, name := range []string{"a.py", "b.py", "c.py"} {
		overwrite(t, root, name, "old")
		changes = append(changes, change(t, root, name, strings.Repeat("x", 100<<10)))
	}
	r := begin(t, root)
	err := r.Apply(context.Background(), changes)
	if err == nil || !strings.Contains(err.Error(), "no space left on device; nothing was changed") {
		t.Errorf("got %v", err)
	}
	holds(t, root, map[string]string{"a.py": "old", "b.py": "old", "c.py": "old"})
	noJournal(t, r)
}

func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root writes everywhere")
	}
	root := plant(t, map[string]string{"a.py": "old a", "shut/b.py": "old b"})
	shut := filepath.Join(root, "shut")
	if err := os.Chmod(shut, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(shut, 0o755) })
	r := begin(t, root)
	err := r.Apply(context.Background(), []Change{change(t, root, "a.py", "new a"), change(t, root, "shut/b.py", "new b")})
	if err == nil || !strings.Contains(err.Error(), `writing "shut/b.py": permission denied; nothing was changed`) {
		t.Errorf("got %v", err)
	}
	holds(t, root, map[string]string{"a.py": "old a", "shut": "folder", "shut/b.py": "old b"})
}

func TestOneWriterAtATime(t *testing.T) {
	root := plant(t, map[string]string{"a.py": "old"})
	r := begin(t, root)
	if _, err := Begin(root, ""); err == nil || !strings.Contains(err.Error(), "another fastpath is writing") {
		t.Errorf("a second writer: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	begin(t, root)
}

func TestJournalFolders(t *testing.T) {
	root := plant(t, map[string]string{".git/HEAD": ""})
	git := filepath.Join(root, ".git")
	r, err := Begin(root, git)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if !strings.HasPrefix(r.folder, git) {
		t.Errorf("the journal is in %s, not in the git folder", r.folder)
	}
	other := t.TempDir()
	if slices.Equal(places(root, ""), places(other, "")) {
		t.Error("two projects share one journal")
	}
	if places(root, git)[0] == places(filepath.Join(root, "sub"), git)[0] {
		t.Error("two projects of one repository share one journal")
	}
	// Without any usable folder of its own the system's temporary one serves.
	t.Setenv("XDG_CACHE_HOME", filepath.Join(git, "HEAD"))
	t.Setenv("TMPDIR", other)
	if r, err = Begin(root, ""); err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if !strings.HasPrefix(r.folder, other) {
		t.Errorf("the journal is in %s", r.folder)
	}
}

func TestForeignJournal(t *testing.T) {
	for name, text := range map[string]string{
		"torn":    `{"schema":1,"phase":"repl`,
		"newer":   `{"schema":2,"phase":"replacing"}`,
		"outside": `{"schema":1,"phase":"preparing","files":[{"path":"a.py","temp":"../.fastpath-1.tmp"}]}`,
		"no temp": `{"schema":1,"phase":"preparing","files":[{"path":"a.py","temp":"a.py"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			root := plant(t, map[string]string{"a.py": "old"})
			r := begin(t, root)
			if err := os.WriteFile(r.journalFile(), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			_ = r.Close()
			if _, err := Begin(root, ""); err == nil || !strings.Contains(err.Error(), "reading the journal of an interrupted run") {
				t.Errorf("got %v", err)
			}
			holds(t, root, map[string]string{"a.py": "old"})
		})
	}
}

func TestFile(t *testing.T) {
	root := plant(t, map[string]string{"p.json": "old"})
	full := filepath.Join(root, "p.json")
	if err := os.Chmod(full, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(File(full, []byte("new")), File(filepath.Join(root, "x", "y.json"), []byte("y"))); err != nil {
		t.Fatal(err)
	}
	holds(t, root, map[string]string{"p.json": "new", "x": "folder", "x/y.json": "y"})
	if info, _ := os.Stat(full); info.Mode() != 0o600 {
		t.Errorf("mode %v is not kept", info.Mode())
	}
	if err := File(filepath.Join(full, "z.json"), nil); err == nil {
		t.Error("a file was taken for a folder")
	}
}

func BenchmarkApply1000(b *testing.B) {
	root := b.TempDir()
	b.Setenv("XDG_CACHE_HOME", b.TempDir())
	for n := range b.N {
		b.StopTimer()
		var changes []Change
		for i := range 1000 {
			full := filepath.Join(root, fmt.Sprintf("f%d.py", i))
			text := strings.Repeat(fmt.Sprintf("import json%d\n", n), 200)
			if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
				b.Fatal(err)
			}
			_, stamp, err := tree.Read(full, 1<<20)
			if err != nil {
				b.Fatal(err)
			}
			changes = append(changes, Change{Path: filepath.Base(full), Old: stamp, New: []byte(text + "new")})
		}
		r, err := Begin(root, "")
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := r.Apply(context.Background(), changes); err != nil {
			b.Fatal(err)
		}
		if err := r.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
