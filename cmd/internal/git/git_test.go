package git

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var background = context.Background()

// isolate keeps the configuration of whoever runs the tests out of them, and
// the folder for temporary files to themselves.
func isolate(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	for name, value := range map[string]string{"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org"} {
		t.Setenv(name, value)
	}
}

func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "protocol.file.allow=always"}, args...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func put(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		mode := os.FileMode(0o644)
		if strings.HasPrefix(text, "#!") {
			mode = 0o755
		}
		if err := os.WriteFile(full, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
}

// repository is a new one with the files committed.
func repository(t *testing.T, files map[string]string) *Repo {
	t.Helper()
	isolate(t)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(dir, "my repo")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "init", "-q", "-b", "main")
	put(t, dir, files)
	if len(files) > 0 {
		run(t, dir, "add", "-A")
		run(t, dir, "commit", "-q", "-m", "start")
	}
	return opened(t, dir)
}

func opened(t *testing.T, dir string) *Repo {
	t.Helper()
	r, err := Open(background, dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestOpen(t *testing.T) {
	r := repository(t, map[string]string{"a.py": "", "sub/b.py": ""})
	sub := opened(t, filepath.Join(r.Top, "sub"))
	if sub.Top != r.Top || sub.Dir != filepath.Join(r.Top, ".git") || sub.Common != sub.Dir {
		t.Errorf("from a folder inside: %+v", sub)
	}
	linked := filepath.Join(t.TempDir(), "linked")
	run(t, r.Top, "worktree", "add", "-q", "-b", "other", linked)
	if l := opened(t, linked); l.Common != r.Dir || l.Dir != filepath.Join(r.Dir, "worktrees", "linked") {
		t.Errorf("linked: %+v", l)
	}
	if _, err := Open(background, t.TempDir()); !errors.Is(err, ErrNone) {
		t.Errorf("outside: %v", err)
	}
	bare := t.TempDir()
	run(t, bare, "init", "-q", "--bare")
	if _, err := Open(background, bare); !errors.Is(err, ErrNone) {
		t.Errorf("bare: %v", err)
	}
	if rel, ok := r.Rel(filepath.Join(r.Top, "sub", "b.py")); rel != "sub/b.py" || !ok {
		t.Errorf("Rel: %q %v", rel, ok)
	}
	if _, ok := r.Rel(bare); ok {
		t.Error("a path elsewhere is inside")
	}
	t.Setenv("PATH", bare)
	if _, err := Open(background, r.Top); !errors.Is(err, ErrNone) {
		t.Errorf("without git: %v", err)
	}
}

// A hook's environment names the repository it runs for; we may be asked about
// another.
func TestEnvironmentOfHooks(t *testing.T) {
	other := repository(t, map[string]string{"other.py": ""})
	r := repository(t, map[string]string{"a.py": "1"})
	t.Setenv("GIT_DIR", other.Dir)
	t.Setenv("GIT_WORK_TREE", other.Top)
	t.Setenv("GIT_INDEX_FILE", filepath.Join(other.Dir, "index"))
	files, _, err := Files(background, r.Top)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "files", files, "a.py")
	if got := opened(t, r.Top); got.Top != r.Top || got.index != "" {
		t.Errorf("led astray: %+v", got)
	}
}

// `git commit -a` runs its hooks with an index of its own.
func TestStagedInAHook(t *testing.T) {
	r := repository(t, map[string]string{"a.py": "1", "b.py": "1"})
	put(t, r.Top, map[string]string{"a.py": "2", "b.py": "2"})
	index := filepath.Join(r.Dir, "next-index-1.lock")
	data, err := os.ReadFile(filepath.Join(r.Dir, "index"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(index, data, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_INDEX_FILE", index)
	run(t, r.Top, "add", "a.py")
	staged, err := opened(t, r.Top).Staged(background)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "staged in the hook's index", staged, "a.py")
	if staged, err = r.Staged(background); err != nil || len(staged) > 0 {
		t.Errorf("staged in the repository's: %q %v", staged, err)
	}
}

func TestDirty(t *testing.T) {
	lib := repository(t, map[string]string{"clean.py": "", "x.py": ""})
	r := repository(t, map[string]string{"clean.py": "", "edited.py": "1", "staged.py": "1", "both.py": "1", "deleted.py": "", "assumed.py": "",
		"line\nbreak.py": "1", "ünï.py": "1", "crlf.py": "a\n", ".gitattributes": "crlf.py text eol=lf\n", ".gitignore": "package\n", "[ab].py": "", "a.py": ""})
	run(t, r.Top, "submodule", "-q", "add", lib.Top, "lib")
	run(t, r.Top, "commit", "-q", "-m", "lib")
	run(t, r.Top, "update-index", "--assume-unchanged", "assumed.py")
	put(t, r.Top, map[string]string{"staged.py": "2", "both.py": "2", "added.py": ""})
	run(t, r.Top, "add", "staged.py", "both.py", "added.py")
	put(t, r.Top, map[string]string{"edited.py": "2", "both.py": "3", "line\nbreak.py": "2", "ünï.py": "2", "crlf.py": "a\r\n", "untracked.py": "", "package/p.py": "",
		"new/deep/u.py": "", "lib/x.py": "2", "clone/c.py": "", "clone/d.py": "", "a.py": "2"})
	run(t, filepath.Join(r.Top, "clone"), "init", "-q")
	run(t, filepath.Join(r.Top, "clone"), "add", "c.py")
	if err := os.Remove(filepath.Join(r.Top, "deleted.py")); err != nil {
		t.Fatal(err)
	}
	run(t, r.Top, "config", "diff.external", "false")
	run(t, r.Top, "config", "diff.relative", "true")
	ask := []string{"clean.py", "edited.py", "staged.py", "both.py", "assumed.py", "line\nbreak.py", "ünï.py", "crlf.py", "added.py", "untracked.py",
		"package/p.py", "new/deep/u.py", "lib/clean.py", "lib/x.py", "clone/c.py", "clone/d.py", "[ab].py", "none.py"}
	dirty, err := r.Dirty(background, ask)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "dirty", dirty, "edited.py", "both.py", "assumed.py", "line\nbreak.py", "ünï.py", "untracked.py", "new/deep/u.py", "lib/x.py", "clone/d.py")
	staged, err := r.Staged(background)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "staged", staged, "added.py", "both.py", "staged.py")
	if text, err := r.StagedContent(background, "both.py"); err != nil || string(text) != "2" {
		t.Errorf("staged content: %q %v", text, err)
	}
}

func TestHead(t *testing.T) {
	r := repository(t, nil)
	if head, err := r.Head(background); head != "" || err != nil {
		t.Errorf("before the first commit: %q %v", head, err)
	}
	run(t, r.Top, "commit", "-q", "--allow-empty", "-m", "x")
	if head, err := r.Head(background); len(head) != 40 || err != nil {
		t.Errorf("after it: %q %v", head, err)
	}
}

func TestFailure(t *testing.T) {
	isolate(t)
	_, err := call{dir: t.TempDir(), env: looking, args: []string{"-c", "a.b=c", "rev-parse", "HEAD"}}.run(background)
	var failed *Failure
	if !errors.As(err, &failed) || failed.Code != 128 || failed.Command != "rev-parse" || !strings.Contains(err.Error(), "git rev-parse ended with exit code 128:\nfatal: ") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(background)
	cancel()
	if _, _, err := Files(ctx, t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
