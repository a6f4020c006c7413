package git

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A Checkout is one state of the user's tree in a temporary work tree: to be run,
// not to be committed from. Close removes it.
type Checkout struct {
	Top    string // of the temporary work tree, links resolved
	Commit string
	Dirty  bool // it holds what is not committed
	tree   *Branch
}

// CheckOut gives a commit, by any name that git knows for it, with its submodules.
func (r *Repo) CheckOut(ctx context.Context, revision string) (*Checkout, error) {
	c, err := r.checkOut(ctx, revision)
	if err != nil {
		return nil, err
	}
	if err := c.fillSubmodules(ctx, r.Top, c.Commit, c.Top); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// checkOut leaves the folders of submodules empty.
func (r *Repo) checkOut(ctx context.Context, revision string) (*Checkout, error) {
	commit, err := r.commit(ctx, revision)
	if err != nil {
		return nil, err
	}
	b := &Branch{Base: commit, repo: r}
	if err := b.place(ctx); err != nil {
		return nil, err
	}
	// Nothing is committed here, and a hook would only take time.
	b.hooks = os.DevNull
	_, err = b.git(r.Top, "-c", "advice.detachedHead=false", "worktree", "add", "--quiet", "--detach", b.Top, commit).run(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("checking out %q: %w", revision, err), b.Close())
	}
	return &Checkout{Top: b.Top, Commit: commit, tree: b}, nil
}

// CheckOutWork gives the work tree as it stands: HEAD, and all that git would
// offer to commit on top of it. Changes of the folder aside, relative to Top,
// do not make it dirty.
func (r *Repo) CheckOutWork(ctx context.Context, aside string) (*Checkout, error) {
	c, err := r.checkOut(ctx, "HEAD")
	if err != nil {
		return nil, err
	}
	changed, err := r.changed(ctx)
	for i := 0; err == nil && i < len(changed); i++ {
		c.Dirty = c.Dirty || !strings.HasPrefix(changed[i]+"/", aside+"/")
		err = c.take(changed[i])
	}
	if err == nil {
		err = c.shareSubmodules(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("copying what is not committed: %w", err), c.Close())
	}
	return c, nil
}

// Changed tells whether the work tree holds what is not committed, outside of
// the folder aside, relative to Top.
func (r *Repo) Changed(ctx context.Context, aside string) (bool, error) {
	changed, err := r.changed(ctx)
	return slices.ContainsFunc(changed, func(f string) bool { return !strings.HasPrefix(f+"/", aside+"/") }), err
}

func (r *Repo) commit(ctx context.Context, revision string) (string, error) {
	out, err := r.look(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	var failed *Failure
	if errors.As(err, &failed) && failed.Code == 1 {
		return "", fmt.Errorf("git knows no revision %q", revision)
	}
	// Before Git 2.30, rev-parse repeats the option in its answer.
	return strings.TrimSpace(strings.TrimPrefix(string(out), "--end-of-options\n")), err
}

// changed are the files that differ from HEAD, deleted and untracked ones
// included, as slash paths relative to Top.
func (r *Repo) changed(ctx context.Context) ([]string, error) {
	tracked, err := r.look(ctx, "diff", "--name-only", "-z", "--no-ext-diff", "--no-renames", "--no-relative", "--ignore-submodules=all", "HEAD")
	if err != nil {
		return nil, err
	}
	untracked, err := r.look(ctx, "ls-files", "-o", "--exclude-standard", "-z")
	return append(fields(tracked), fields(untracked)...), err
}

// take makes a path as it is in the user's work tree.
func (c *Checkout) take(name string) error {
	from, to := filepath.Join(c.tree.repo.Top, filepath.FromSlash(name)), filepath.Join(c.Top, filepath.FromSlash(name))
	info, err := os.Lstat(from)
	if errors.Is(err, fs.ErrNotExist) {
		return os.RemoveAll(to)
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	switch {
	case info.IsDir(): // another repository inside: shared, not copied
		return os.Symlink(from, to)
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return errors.Join(os.RemoveAll(to), os.Symlink(target, to))
	case !info.Mode().IsRegular():
		return nil // a socket or a pipe is no part of the program
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	// The name may stand for a link, which writing would follow.
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.WriteFile(to, data, info.Mode().Perm())
}

// Borrow makes what git ignores, and a program may need all the same, available
// in the checkout: single files beside tracked ones (generated modules,
// extensions), and folders that hold one of the import roots or stand in one,
// which are linked. roots are slash paths relative to Top.
func (c *Checkout) Borrow(ctx context.Context, roots []string) error {
	out, err := c.tree.repo.look(ctx, "ls-files", "-o", "-i", "--exclude-standard", "--directory", "-z")
	if err != nil {
		return fmt.Errorf("finding the files that git ignores: %w", err)
	}
	for _, name := range fields(out) {
		folder, isFolder := strings.CutSuffix(name, "/")
		to := filepath.Join(c.Top, filepath.FromSlash(folder))
		if _, err := os.Lstat(to); err == nil {
			continue // this state has its own
		}
		wanted := false
		switch {
		case isFolder && path.Base(folder) != "__pycache__":
			wanted = slices.ContainsFunc(roots, func(root string) bool { return root == folder || strings.HasPrefix(root, folder+"/") }) ||
				slices.ContainsFunc(roots, func(root string) bool {
					return path.Dir(folder) == path.Clean(root) && !strings.HasPrefix(path.Base(folder), ".")
				}) ||
				c.python(path.Dir(folder))
		case !isFolder && importable(name):
			_, err := os.Stat(filepath.Dir(to))
			wanted = err == nil
		}
		if !wanted {
			continue
		}
		if isFolder {
			err = errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.Symlink(filepath.Join(c.tree.repo.Top, filepath.FromSlash(folder)), to))
		} else {
			err = c.take(name)
		}
		if err != nil {
			return fmt.Errorf("taking over what git ignores: %w", err)
		}
	}
	return nil
}

// python tells whether a folder of the checkout is a package.
func (c *Checkout) python(folder string) bool {
	_, err := os.Stat(filepath.Join(c.Top, filepath.FromSlash(folder), "__init__.py"))
	return err == nil
}

func importable(name string) bool {
	switch path.Ext(name) {
	case ".py", ".so", ".pyd":
		return true
	}
	return false
}

// Close removes the temporary work tree.
func (c *Checkout) Close() error { return c.tree.Close() }
