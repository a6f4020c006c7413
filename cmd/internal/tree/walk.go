package tree

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"fastpath/cmd/internal/git"
)

// list is every path below the folder ("" for the root) that is not ignored.
func (s *selector) list(ctx context.Context, folder string) ([]string, error) {
	known, sparse, err := git.Files(ctx, s.full(folder))
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err == nil && len(known)+len(sparse) == 0 {
		// A project inside a folder that git ignores is a project all the same.
		ignored, asked := git.Ignored(ctx, s.full(folder))
		if ignored || asked != nil {
			err = git.ErrNone
		}
	}
	if err != nil {
		return s.walk(folder, true)
	}
	var paths []string
	for _, p := range sparse {
		p = path.Join(folder, p)
		if _, err := os.Lstat(s.full(p)); err == nil {
			paths = append(paths, p)
		} else if !s.closed(p, "") && s.wanted(p) {
			s.unseen++
		}
	}
	for _, p := range known {
		p = path.Join(folder, p)
		// Git names another repository, or a submodule, by its folder alone.
		if info, err := s.lstat(p); err == nil && info.IsDir() && p != folder {
			if s.closed(p+"/", "") {
				continue
			}
			inner, err := s.list(ctx, p)
			if err != nil {
				return nil, err
			}
			paths = append(paths, inner...)
			continue
		}
		paths = append(paths, p)
	}
	return paths, nil
}

// below considers everything in a folder, ignored or not.
func (s *selector) below(folder string) {
	real, err := filepath.EvalSymlinks(s.full(folder))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.skipped[folder] = broken(err)
		}
		return
	}
	inside, ok := s.within(real)
	if !ok {
		s.skipped[folder] = "is a link that leads out of the project"
		return
	}
	if inside == "." {
		inside = ""
	}
	paths, err := s.walk(inside, false)
	if err != nil {
		s.skipped[folder] = "cannot be read: " + plain(err).Error()
	}
	for _, p := range paths {
		s.consider(p)
	}
}

// walk lists the paths below a folder without git, obeying the ignore files in
// it when asked to. Links to folders are not followed: what they show is met at
// its own place, or is not part of the tree.
func (s *selector) walk(folder string, obey bool) ([]string, error) {
	w := &walker{selector: s, obey: obey}
	if obey {
		w.ignore(path.Join(folder, ".git/info/exclude"), folder)
	}
	err := w.enter(folder)
	return w.paths, err
}

type walker struct {
	*selector
	obey  bool
	rules []rule
	paths []string
}

func (w *walker) enter(folder string) error {
	entries, err := os.ReadDir(w.full(folder))
	if err != nil {
		return err
	}
	outer := len(w.rules)
	if w.obey {
		w.ignore(path.Join(folder, ".gitignore"), folder)
	}
	for _, e := range entries {
		p := path.Join(folder, e.Name())
		if e.IsDir() && w.bar(p) || ignores(w.rules, p, e.IsDir()) {
			continue
		}
		if !e.IsDir() {
			w.paths = append(w.paths, p)
			continue
		}
		if err := w.enter(p); err != nil {
			w.skipped[p] = "cannot be read: " + plain(err).Error()
		}
	}
	w.rules = w.rules[:outer]
	return nil
}

// ignore adds the rules of an ignore file, which hold below the folder. A
// file that cannot be read ignores nothing.
func (w *walker) ignore(file, folder string) {
	data, _, err := Read(w.full(file), 1<<20)
	if err != nil {
		return
	}
	for line := range strings.Lines(string(data)) {
		if r, ok := ruleOf(strings.TrimRight(line, "\r\n"), folder); ok {
			w.rules = append(w.rules, r)
		}
	}
}
