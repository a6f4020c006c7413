package git

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// state is all that must be the same afterwards.
func state(t *testing.T, r *Repo) string {
	t.Helper()
	index, err := os.ReadFile(filepath.Join(r.Dir, "index"))
	if err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		if strings.HasPrefix(e.Name(), "fastpath-") {
			t.Errorf("%s is left among the temporary files", e.Name())
		}
	}
	config, err := os.ReadFile(filepath.Join(r.Common, "config"))
	if err != nil {
		t.Fatal(err)
	}
	// The index is read before git status may refresh it.
	return strings.Join([]string{string(index), string(config), run(t, r.Top, "--no-optional-locks", "status", "--porcelain=v2", "--branch"), run(t, r.Top, "worktree", "list", "--porcelain"),
		run(t, r.Top, "for-each-ref"), run(t, r.Top, "stash", "list"), run(t, r.Top, "diff"), run(t, r.Top, "diff", "--cached")}, "\x00\n")
}

// dirtied makes everything dirty that can be: stash, index, work tree.
func dirtied(t *testing.T, r *Repo) {
	t.Helper()
	put(t, r.Top, map[string]string{"a.py": "stashed"})
	run(t, r.Top, "stash")
	put(t, r.Top, map[string]string{"a.py": "staged"})
	run(t, r.Top, "add", "a.py")
	put(t, r.Top, map[string]string{"a.py": "dirty", "untracked.py": "u"})
	run(t, r.Top, "status")
}

// commit does what the command does, on the file a.py and a new one.
func commit(ctx context.Context, t *testing.T, r *Repo, name string, noVerify bool) (err error) {
	t.Helper()
	b, err := r.Start(ctx, name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	put(t, b.Top, map[string]string{"a.py": "new", "new/*.py": "new file"})
	if _, err := b.Commit(ctx, Commit{Message: "move pandas\n\n# 1200 ms\n", Files: []string{"a.py", "new/*.py"}, NoVerify: noVerify}); err != nil {
		return err
	}
	b.Keep()
	return nil
}

// committed checks the branch and takes it away again.
func committed(t *testing.T, r *Repo, name string) {
	t.Helper()
	if got := run(t, r.Top, "show", name+":a.py") + run(t, r.Top, "show", name+":new/*.py"); got != "newnew file" {
		t.Errorf("the branch holds %q", got)
	}
	if got := run(t, r.Top, "log", "-1", "--format=%B", name); got != "move pandas\n\n# 1200 ms\n\n" {
		t.Errorf("message %q", got)
	}
	if got := run(t, r.Top, "diff", "--name-only", "HEAD", name); got != "a.py\nnew/*.py\n" {
		t.Errorf("changed: %q", got)
	}
	if got := run(t, r.Top, "rev-list", "--count", "HEAD.."+name); got != "1\n" {
		t.Errorf("%s commits", got)
	}
	run(t, r.Top, "branch", "-q", "-D", name)
}

func TestBranch(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T, r *Repo) *Repo{
		"clean":    func(t *testing.T, r *Repo) *Repo { return r },
		"dirty":    func(t *testing.T, r *Repo) *Repo { dirtied(t, r); return r },
		"detached": func(t *testing.T, r *Repo) *Repo { run(t, r.Top, "checkout", "-q", "--detach"); return r },
		"linked": func(t *testing.T, r *Repo) *Repo {
			linked := filepath.Join(t.TempDir(), "linked")
			run(t, r.Top, "worktree", "add", "-q", "-b", "other", linked)
			put(t, linked, map[string]string{"only/here.py": ""})
			run(t, linked, "add", ".")
			run(t, linked, "commit", "-q", "-m", "ahead")
			return opened(t, linked)
		},
		"sparse cone": func(t *testing.T, r *Repo) *Repo { run(t, r.Top, "sparse-checkout", "set", "sub"); return r },
		"sparse patterns": func(t *testing.T, r *Repo) *Repo {
			run(t, r.Top, "sparse-checkout", "set", "--no-cone", "/sub/b.py")
			return r
		},
		"submodule": func(t *testing.T, r *Repo) *Repo {
			lib := repository(t, map[string]string{"lib.py": ""})
			run(t, r.Top, "submodule", "-q", "add", lib.Top, "lib")
			run(t, r.Top, "commit", "-q", "-m", "lib")
			run(t, r.Top, "config", "submodule.recurse", "true")
			put(t, r.Top, map[string]string{"lib/lib.py": "dirty"})
			return r
		},
		"ignored": func(t *testing.T, r *Repo) *Repo { put(t, r.Dir, map[string]string{"info/exclude": "new\n"}); return r },
		"odd configuration": func(t *testing.T, r *Repo) *Repo {
			for _, pair := range []string{"commit.cleanup=strip", "branch.autoSetupMerge=always", "worktree.guessRemote=true", "core.autocrlf=false", "commit.verbose=true", "core.editor=false", "extensions.worktreeConfig=true"} {
				key, value, _ := strings.Cut(pair, "=")
				run(t, r.Top, "config", key, value)
			}
			return r
		},
		"merge under way": func(t *testing.T, r *Repo) *Repo {
			run(t, r.Top, "checkout", "-q", "-b", "side")
			put(t, r.Top, map[string]string{"a.py": "side"})
			run(t, r.Top, "commit", "-q", "-a", "-m", "side")
			run(t, r.Top, "checkout", "-q", "main")
			put(t, r.Top, map[string]string{"a.py": "main"})
			run(t, r.Top, "commit", "-q", "-a", "-m", "main")
			if _, err := (call{dir: r.Top, args: []string{"merge", "side"}}).run(background); err == nil {
				t.Fatal("the merge has no conflict")
			}
			return r
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := prepare(t, repository(t, map[string]string{"a.py": "old", "sub/b.py": "", "sub/c.py": ""}))
			t.Setenv("TMPDIR", t.TempDir())
			before := state(t, r)
			if err := commit(background, t, r, "fast/path", false); err != nil {
				t.Fatal(err)
			}
			committed(t, r, "fast/path")
			if after := state(t, r); after != before {
				t.Errorf("before:\n%s\nafter:\n%s", before, after)
			}
		})
	}
}

func TestBranchSeesTheWholeTree(t *testing.T) {
	r := repository(t, map[string]string{"a.py": "old", "sub/b.py": "", "hidden/c.py": ""})
	run(t, r.Top, "sparse-checkout", "set", "sub")
	if _, err := os.Stat(filepath.Join(r.Top, "hidden/c.py")); err == nil {
		t.Fatal("the work tree is not sparse")
	}
	b, err := r.Start(background, "x")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := os.Stat(filepath.Join(b.Top, "hidden/c.py")); err != nil {
		t.Error(err)
	}
	if filepath.Base(b.Top) != "my repo" {
		t.Errorf("the folder is called %q", filepath.Base(b.Top))
	}
	head, _ := r.Head(background)
	if b.Base != head {
		t.Errorf("base %s, head %s", b.Base, head)
	}
}

func TestBranchRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(t *testing.T, r *Repo)
		branch  string
		want    string
	}{
		"exists":        {branch: "main", want: `making the branch "main": it exists already; choose another name or delete it`},
		"bad name":      {branch: "a..b", want: `making the branch "a..b": git does not accept the name`},
		"option":        {branch: "-D", want: `git does not accept the name`},
		"empty":         {branch: "", want: `git does not accept the name`},
		"in the way":    {branch: "main/x", want: `making the branch "main/x": git worktree add ended with exit code`},
		"hook":          {prepare: hook("pre-commit", "echo no pandas >&2; echo please; exit 3"), want: "git commit ended with exit code 1:\nno pandas\nplease"},
		"commit-msg":    {prepare: hook("commit-msg", "echo no ticket; exit 1"), want: "no ticket"},
		"post-checkout": {prepare: hook("post-checkout", "echo no room; exit 4"), want: "no room"},
		"no signature": {prepare: func(t *testing.T, r *Repo) {
			run(t, r.Top, "config", "commit.gpgSign", "true")
			run(t, r.Top, "config", "gpg.program", "false")
		}, want: "gpg failed to sign"},
		"no name": {prepare: func(t *testing.T, r *Repo) {
			for _, v := range []string{"GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"} {
				t.Setenv(v, "")
				os.Unsetenv(v)
			}
			run(t, r.Top, "config", "user.useConfigOnly", "true")
		}, want: "Please tell me who you are"},
	} {
		t.Run(name, func(t *testing.T) {
			r := repository(t, map[string]string{"a.py": "old"})
			dirtied(t, r)
			if c.prepare != nil {
				c.prepare(t, r)
			}
			if c.branch == "" && name != "empty" {
				c.branch = "new"
			}
			t.Setenv("TMPDIR", t.TempDir())
			before := state(t, r)
			err := commit(background, t, r, c.branch, false)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if after := state(t, r); after != before {
				t.Errorf("before:\n%s\nafter:\n%s", before, after)
			}
		})
	}
	r := repository(t, nil)
	if _, err := r.Start(background, "new"); err == nil || !strings.Contains(err.Error(), "no commit yet") {
		t.Errorf("without a commit: %v", err)
	}
}

func hook(name, script string) func(t *testing.T, r *Repo) {
	return func(t *testing.T, r *Repo) {
		put(t, r.Common, map[string]string{"hooks/" + name: "#!/bin/sh\n" + script + "\n"})
	}
}

func TestHooksAndSignature(t *testing.T) {
	r := repository(t, map[string]string{"a.py": "old"})
	t.Setenv("TMPDIR", t.TempDir())
	seen := filepath.Join(t.TempDir(), "seen")
	// A hook sees the branch, the staged files by glob, and no setting of ours
	// that would change what it does.
	hook("pre-commit", `git symbolic-ref HEAD > '`+seen+`'
git diff --cached --name-only -- '*.py' >> '`+seen+`'
echo "${GIT_OPTIONAL_LOCKS-unset} ${LC_ALL-unset}" >> '`+seen+`'
pwd >> '`+seen+`'`)(t, r)
	hook("commit-msg", `echo "Signed-off-by: hook" >> "$1"`)(t, r)
	signer := filepath.Join(t.TempDir(), "gpg")
	put(t, filepath.Dir(signer), map[string]string{"gpg": "#!/bin/sh\ncat >/dev/null\nprintf '\\n[GNUPG:] SIG_CREATED x\\n' >&2\nprintf -- '-----BEGIN PGP SIGNATURE-----\\nfake\\n-----END PGP SIGNATURE-----\\n'\n"})
	run(t, r.Top, "config", "commit.gpgSign", "true")
	run(t, r.Top, "config", "gpg.program", signer)
	os.Unsetenv("LC_ALL")
	if err := commit(background, t, r, "signed", false); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal("the pre-commit hook did not run:", err)
	}
	if want := "refs/heads/signed\na.py\nnew/*.py\nunset unset\n"; !strings.HasPrefix(string(text), want) || !strings.HasSuffix(string(text), "/my repo\n") {
		t.Errorf("the hook saw %q, want %q", text, want)
	}
	raw := run(t, r.Top, "cat-file", "commit", "signed")
	if !strings.Contains(raw, "gpgsig") || !strings.Contains(raw, "Signed-off-by: hook") {
		t.Errorf("commit:\n%s", raw)
	}
	hook("pre-commit", "exit 1")(t, r)
	if err := commit(background, t, r, "forced", true); err != nil {
		t.Errorf("without verification: %v", err)
	}
}

// husky and others put core.hooksPath to a folder that git does not track.
func TestHooksPathThatIsNotTracked(t *testing.T) {
	r := repository(t, map[string]string{"a.py": "old", "tracked/pre-commit": "#!/bin/sh\necho tracked says no\nexit 1\n"})
	put(t, r.Top, map[string]string{".husky/_/pre-commit": "#!/bin/sh\necho husky says no\nexit 1\n"})
	for path, want := range map[string]string{".husky/_": "husky says no", "tracked": "tracked says no"} {
		run(t, r.Top, "config", "core.hooksPath", path)
		if err := commit(background, t, r, "new", false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestBranchCancelled(t *testing.T) {
	r := repository(t, map[string]string{"a.py": "old"})
	t.Setenv("TMPDIR", t.TempDir())
	ready := filepath.Join(t.TempDir(), "ready")
	hook("pre-commit", "touch '"+ready+"'; exec sleep 30")(t, r)
	before := state(t, r)
	ctx, cancel := context.WithCancel(background)
	go func() {
		for {
			if _, err := os.Stat(ready); err == nil {
				cancel()
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	if err := commit(ctx, t, r, "new", false); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if after := state(t, r); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// A run that is killed leaves its claim; the next run removes what it names.
func TestLeftovers(t *testing.T) {
	r := repository(t, map[string]string{"a.py": "old"})
	t.Setenv("TMPDIR", t.TempDir())
	before := state(t, r)
	// killed is what the system does when the process ends: files are closed.
	killed := func(b *Branch) {
		if err := b.claim.close(); err != nil {
			t.Fatal(err)
		}
	}
	start := func(name string) *Branch {
		t.Helper()
		b, err := r.Start(background, name)
		if err != nil {
			t.Fatal(err)
		}
		put(t, b.Top, map[string]string{"a.py": "new"})
		return b
	}
	begun, done, ahead, kept := start("begun"), start("done"), start("ahead"), start("kept")
	// While they live, nothing is taken from them.
	if err := r.sweep(background); err != nil {
		t.Fatal(err)
	}
	for _, b := range []*Branch{done, ahead, kept} {
		if _, err := b.Commit(background, Commit{Message: "x", Files: []string{"a.py"}}); err != nil {
			t.Fatal(err)
		}
	}
	run(t, ahead.Top, "commit", "-q", "--allow-empty", "-m", "not noted")
	kept.Keep()
	for _, b := range []*Branch{begun, done, ahead, kept} {
		killed(b)
	}
	if err := commit(background, t, r, "begun", false); err != nil {
		t.Fatal(err)
	}
	committed(t, r, "begun")
	run(t, r.Top, "branch", "-D", "ahead")
	run(t, r.Top, "branch", "-D", "kept")
	if after := state(t, r); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	if left, _ := os.ReadDir(r.claims()); len(left) > 0 {
		t.Errorf("%s is left among the claims", left[0].Name())
	}
	// A claim on other folders than ours is not obeyed.
	precious := t.TempDir()
	put(t, r.claims(), map[string]string{folderPrefix + "1.json": `{"name":"main","folder":"` + precious + `","top":"` + precious + `/x","tip":""}` + "\n"})
	if err := r.sweep(background); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(precious); err != nil {
		t.Error("a foreign folder was removed")
	}
}
