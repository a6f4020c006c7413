package git

import (
	"context"
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Files are the files below dir that git tracks, or would offer to track: what
// stands in the index plus what is neither tracked nor ignored. Paths are
// slash paths relative to dir, sorted, each once. Files that were deleted are
// among them; another repository inside shows as one path ending in a slash,
// a submodule as one path without. Those outside a sparse checkout are given
// apart.
func Files(ctx context.Context, dir string) (files, sparse []string, err error) {
	out, err := call{dir: dir, env: looking, args: []string{"ls-files", "-co", "--exclude-standard", "-t", "-z"}}.run(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range fields(out) {
		if name, absent := strings.CutPrefix(f, "S "); absent {
			sparse = append(sparse, name)
		} else {
			files = append(files, f[2:])
		}
	}
	slices.Sort(files)
	slices.Sort(sparse)
	// A file with merge conflicts stands in the index up to three times.
	return slices.Compact(files), sparse, nil
}

// Ignored tells whether git ignores the folder or file.
func Ignored(ctx context.Context, path string) (bool, error) {
	_, err := call{dir: filepath.Dir(path), env: looking, args: []string{"check-ignore", "-q", "--", path}}.run(ctx)
	var failed *Failure
	if errors.As(err, &failed) && failed.Code == 1 {
		return false, nil
	}
	return err == nil, err
}

// Rel is the slash path of a full path relative to the top of the work tree;
// false when it lies elsewhere. The full path must have its links resolved.
func (r *Repo) Rel(full string) (string, bool) {
	rel, err := filepath.Rel(r.Top, full)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// Dirty are those of the files (slash paths relative to Top) whose content git
// could not give back: the work tree differs from the index, or git does not
// have the file and does not ignore it. Files in submodules and in other
// repositories inside are judged by those. Files that do not exist are not
// dirty. The order is that of the argument.
func (r *Repo) Dirty(ctx context.Context, files []string) ([]string, error) {
	changed, err := r.look(ctx, "diff", "--name-only", "-z", "--no-ext-diff", "--no-renames", "--no-relative", "--ignore-submodules=all")
	if err != nil {
		return nil, err
	}
	untracked, err := r.look(ctx, "ls-files", "-o", "--exclude-standard", "-z")
	if err != nil {
		return nil, err
	}
	tracked, err := r.look(ctx, "ls-files", "-s", "-v", "-z")
	if err != nil {
		return nil, err
	}
	dirty, inner := map[string]bool{}, map[string]bool{}
	for _, f := range append(fields(changed), fields(untracked)...) {
		if folder, other := strings.CutSuffix(f, "/"); other {
			inner[folder] = true
		} else {
			dirty[f] = true
		}
	}
	for _, f := range fields(tracked) {
		entry, name, _ := strings.Cut(f, "\t")
		// "H 100644 OBJECT STAGE"; a lower-case tag marks a file that git was
		// told to assume unchanged, 160000 a submodule.
		dirty[name] = dirty[name] || entry[0] >= 'a' && entry[0] <= 'z'
		inner[name] = inner[name] || strings.HasPrefix(entry[1:], " 160000 ")
	}
	below := map[string][]string{}
	for _, f := range files {
		for d := path.Dir(f); d != "."; d = path.Dir(d) {
			if inner[d] {
				below[d] = append(below[d], f[len(d)+1:])
				break
			}
		}
	}
	for folder, list := range below {
		found, err := dirtyIn(ctx, filepath.Join(r.Top, filepath.FromSlash(folder)), list)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			dirty[folder+"/"+f] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(files), func(f string) bool { return !dirty[f] }), nil
}

func dirtyIn(ctx context.Context, dir string, files []string) ([]string, error) {
	inner, err := Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	if resolved, err := filepath.EvalSymlinks(dir); err != nil || inner.Top != resolved {
		// A folder that lost its repository: nobody can give the files back.
		return files, nil
	}
	return inner.Dirty(ctx, files)
}

// Staged are the files that the next commit would add or change, as slash
// paths relative to Top, sorted; deleted ones are not among them.
func (r *Repo) Staged(ctx context.Context) ([]string, error) {
	out, err := r.look(ctx, "diff", "--cached", "--name-only", "-z", "--diff-filter=d", "--no-ext-diff", "--no-renames", "--no-relative", "--ignore-submodules=all")
	if err != nil {
		return nil, err
	}
	files := fields(out)
	slices.Sort(files)
	return files, nil
}

// StagedContent is what the index holds of a file.
func (r *Repo) StagedContent(ctx context.Context, file string) ([]byte, error) {
	return r.look(ctx, "cat-file", "blob", ":0:"+file)
}

// Head is the commit that is checked out; "" before the first commit.
func (r *Repo) Head(ctx context.Context) (string, error) {
	out, err := r.look(ctx, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	var failed *Failure
	if errors.As(err, &failed) && failed.Code == 1 && failed.Output == "" {
		return "", nil
	}
	return strings.TrimSpace(string(out)), err
}
