package git

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A Branch is a new branch on its way: a work tree of its own, outside the
// user's, in which commits are made. The user's work tree, index and stash are
// not touched. Until Keep is called, Close removes the branch again.
type Branch struct {
	Name string
	Top  string // top of the temporary work tree, links resolved
	Base string // the commit it starts from

	repo   *Repo
	folder string // temporary, around Top
	hooks  string // core.hooksPath that holds in it; "" for the repository's own
	made   bool   // the branch was made by us
	kept   bool
	claim  *claim // nil for what another process left
}

// cleaning bounds how long the removal of a work tree may take after the
// caller's context has ended.
const cleaning = time.Minute

// Start makes a new branch at HEAD and checks it out in a temporary work tree,
// whole even where the user's is sparse. The user's hooks run as git runs them.
// An error leaves neither branch nor work tree behind.
func (r *Repo) Start(ctx context.Context, name string) (*Branch, error) {
	if _, err := r.look(ctx, "check-ref-format", "refs/heads/"+name); err != nil || strings.HasPrefix(name, "-") {
		return nil, fmt.Errorf("making the branch %q: git does not accept the name", name)
	}
	head, err := r.Head(ctx)
	if err != nil {
		return nil, fmt.Errorf("finding the commit to start from: %w", err)
	}
	if head == "" {
		return nil, errors.New("finding the commit to start from: the repository has no commit yet; commit first")
	}
	if err := r.sweep(ctx); err != nil {
		return nil, err // its branch may bear the name
	}
	if tip, err := r.tip(ctx, name); err != nil || tip != "" {
		if err == nil {
			err = errors.New("it exists already; choose another name or delete it")
		}
		return nil, fmt.Errorf("making the branch %q: %w", name, err)
	}
	b := &Branch{Name: name, Base: head, repo: r}
	if err := b.place(ctx); err != nil {
		return nil, err
	}
	b.hooks = b.hooksFolder(ctx)
	_, err = b.git(r.Top, "-c", "advice.detachedHead=false", "worktree", "add", "--quiet", "--no-track", "-b", name, b.Top, head).run(ctx)
	if tip, asked := r.tip(context.WithoutCancel(ctx), name); asked == nil && tip == head {
		b.made = true
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("making the branch %q: %w", name, err), b.Close())
	}
	return b, nil
}

// place makes and claims the temporary folder that the work tree comes into.
func (b *Branch) place(ctx context.Context) error {
	if err := b.repo.sweep(ctx); err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", folderPrefix)
	if err != nil {
		return fmt.Errorf("making a temporary work tree: %w", err)
	}
	b.folder = folder
	if folder, err = filepath.EvalSymlinks(folder); err == nil {
		b.folder = folder
		// The folder bears the name of the user's: hooks and tools may show it.
		b.Top = filepath.Join(folder, filepath.Base(b.repo.Top))
		b.claim, err = b.repo.stake(claimed{Name: b.Name, Folder: folder, Top: b.Top, Tip: b.Base})
	}
	if err != nil {
		return errors.Join(fmt.Errorf("making a temporary work tree: %w", err), os.RemoveAll(b.folder))
	}
	return nil
}

// tip is the commit of a branch, "" when there is no such branch.
func (r *Repo) tip(ctx context.Context, name string) (string, error) {
	out, err := r.look(ctx, "rev-parse", "--verify", "--quiet", "refs/heads/"+name)
	var failed *Failure
	if errors.As(err, &failed) && failed.Code == 1 && failed.Output == "" {
		return "", nil
	}
	return strings.TrimSpace(string(out)), err
}

// admin is the folder that git keeps of our work tree, "" when it has none.
func (b *Branch) admin() string {
	link, err := os.ReadFile(filepath.Join(b.Top, ".git"))
	folder, found := strings.CutPrefix(strings.TrimSuffix(string(link), "\n"), "gitdir: ")
	if err != nil || !found || filepath.Dir(folder) != filepath.Join(b.repo.Common, "worktrees") {
		return ""
	}
	return folder
}

// hooksFolder makes a relative core.hooksPath that git does not track lead to
// the user's work tree: in ours it would silently switch the hooks off.
func (b *Branch) hooksFolder(ctx context.Context) string {
	out, err := b.repo.look(ctx, "config", "--type=path", "core.hooksPath")
	path := strings.TrimSuffix(string(out), "\n")
	if err != nil || path == "" || filepath.IsAbs(path) {
		return ""
	}
	slashed := filepath.ToSlash(filepath.Clean(path))
	tracked, err := b.repo.look(ctx, "ls-tree", "-r", "--name-only", "HEAD", "--", slashed)
	if err == nil && len(tracked) > 0 {
		return ""
	}
	return filepath.Join(b.repo.Top, path)
}

// git is a command that may run hooks: nothing is added to the environment
// that a hook would not see when the user commits.
func (b *Branch) git(dir string, args ...string) call {
	settings := []string{"-c", "core.sparseCheckout=false", "-c", "submodule.recurse=false"}
	if b.hooks != "" {
		settings = append(settings, "-c", "core.hooksPath="+b.hooks)
	}
	return call{dir: dir, args: append(settings, args...)}
}

// A Commit is one commit to make.
type Commit struct {
	Message  string
	Files    []string // slash paths relative to Top that it takes from the work tree
	NoVerify bool     // without the pre-commit and commit-msg hooks
}

// Commit commits the files as they are in the temporary work tree, with the
// user's name, hooks and signature, and returns the commit's id. When a hook
// or git refuses, the error is a *Failure that holds what they said.
func (b *Branch) Commit(ctx context.Context, c Commit) (string, error) {
	add := b.git(b.Top, "--literal-pathspecs", "add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul")
	add.input = []byte(strings.Join(c.Files, "\x00"))
	if len(c.Files) > 0 {
		if _, err := add.run(ctx); err != nil {
			return "", fmt.Errorf("adding files to the branch %q: %w", b.Name, err)
		}
	}
	args := []string{"commit", "--quiet", "--cleanup=whitespace", "-F", "-"}
	if c.NoVerify {
		args = append(args, "--no-verify")
	}
	commit := b.git(b.Top, args...)
	commit.input = []byte(c.Message)
	if _, err := commit.run(ctx); err != nil {
		return "", fmt.Errorf("committing to the branch %q: %w", b.Name, err)
	}
	id, err := b.repo.tip(ctx, b.Name)
	if err != nil {
		return "", fmt.Errorf("reading the branch %q: %w", b.Name, err)
	}
	if err := b.claim.add(claimed{Tip: id}); err != nil {
		return "", fmt.Errorf("noting the commit %s: %w", id, err)
	}
	return id, nil
}

// Ignores tells whether git ignores the path, which is relative to Top.
func (b *Branch) Ignores(ctx context.Context, path string) (bool, error) {
	_, err := b.git(b.Top, "check-ignore", "--quiet", "--", path).run(ctx)
	var failed *Failure
	if errors.As(err, &failed) && failed.Code == 1 {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("asking git whether it ignores %q: %w", path, err)
	}
	return true, nil
}

// Keep makes Close leave the branch.
func (b *Branch) Keep() {
	b.kept = true
	// Should the note fail, a kill before Close would cost the branch; Close
	// itself goes by the field.
	_ = b.claim.add(claimed{Kept: true})
}

// Close removes the temporary work tree and, unless it is kept, the branch. It
// does so even when the context of the run has ended.
func (b *Branch) Close() error {
	if b.folder == "" {
		return nil
	}
	ctx, done := context.WithTimeout(context.Background(), cleaning)
	defer done()
	var faults []error
	admin := b.admin()
	_, err := b.git(b.repo.Top, "worktree", "remove", "--force", "--force", b.Top).run(ctx)
	if err != nil && admin != "" {
		// Only our own entry is removed by hand; pruning would take others too.
		if removing := os.RemoveAll(admin); removing != nil {
			faults = append(faults, fmt.Errorf("removing the temporary work tree: %w", removing))
		}
	}
	if err := os.RemoveAll(b.folder); err != nil {
		faults = append(faults, fmt.Errorf("removing the temporary work tree: %w", err))
	}
	folder := b.folder
	b.folder = ""
	if b.made && !b.kept {
		if _, err := b.git(b.repo.Top, "branch", "-D", "--quiet", "--", b.Name).run(ctx); err != nil {
			faults = append(faults, fmt.Errorf("removing the branch %q: %w", b.Name, err))
		}
	}
	if b.claim != nil && len(faults) == 0 {
		faults = append(faults, b.claim.drop(b.repo, folder))
	}
	return errors.Join(faults...)
}
