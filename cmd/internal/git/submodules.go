package git

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// fillSubmodules writes the files of the submodules of a commit, and of theirs,
// below the folder to. They come from the repositories below the user's folder
// from: one that is not checked out there stays empty, as it is for the user.
func (c *Checkout) fillSubmodules(ctx context.Context, from, commit, to string) error {
	links, err := submodules(ctx, from, commit)
	if err != nil {
		return err
	}
	for _, path := range slices.Sorted(maps.Keys(links)) {
		pinned := links[path]
		theirs, ours := filepath.Join(from, path), filepath.Join(to, path)
		if !isRepository(theirs) {
			continue
		}
		sub := &Repo{Top: theirs, index: filepath.Join(c.tree.folder, "index")}
		for _, args := range [][]string{
			{"read-tree", pinned},
			{"checkout-index", "--all", "--quiet", "--prefix=" + ours + string(filepath.Separator)},
		} {
			if _, err := sub.look(ctx, args...); err != nil {
				return fmt.Errorf("checking out the submodule %q at %s: %w", path, pinned, err)
			}
		}
		if err := os.Remove(sub.index); err != nil {
			return fmt.Errorf("checking out the submodule %q: %w", path, err)
		}
		if err := c.fillSubmodules(ctx, theirs, pinned, ours); err != nil {
			return err
		}
	}
	return nil
}

// shareSubmodules puts links to the user's submodules, as they stand, in place of
// their empty folders.
func (c *Checkout) shareSubmodules(ctx context.Context) error {
	links, err := submodules(ctx, c.tree.repo.Top, c.Commit)
	if err != nil {
		return err
	}
	for _, path := range slices.Sorted(maps.Keys(links)) {
		pinned := links[path]
		theirs, ours := filepath.Join(c.tree.repo.Top, path), filepath.Join(c.Top, path)
		if !isRepository(theirs) {
			continue
		}
		sub := &Repo{Top: theirs}
		head, err := sub.look(ctx, "rev-parse", "--verify", "HEAD")
		if err != nil {
			return err
		}
		edited, err := sub.look(ctx, "status", "--porcelain")
		if err != nil {
			return err
		}
		c.Dirty = c.Dirty || strings.TrimSpace(string(head)) != pinned || len(edited) > 0
		if err := os.RemoveAll(ours); err != nil {
			return err
		}
		if err := os.Symlink(theirs, ours); err != nil {
			return err
		}
	}
	return nil
}

// submodules are the commits that a commit pins, by path.
func submodules(ctx context.Context, repository, commit string) (map[string]string, error) {
	out, err := (&Repo{Top: repository}).look(ctx, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	links := map[string]string{}
	for _, line := range fields(out) {
		entry, path, _ := strings.Cut(line, "\t")
		if kind, ok := strings.CutPrefix(entry, "160000 commit "); ok {
			links[filepath.FromSlash(path)] = kind
		}
	}
	return links, nil
}

// isRepository tells whether a submodule is checked out in a folder.
func isRepository(folder string) bool {
	_, err := os.Lstat(filepath.Join(folder, ".git"))
	return err == nil
}
