package tree

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"fastpath/plan/glob"
)

// A Query says which files are wanted.
type Query struct {
	Root     string   // folder of the project
	Include  []string // globs; a file found by walking must match one
	Exclude  []string // globs; a file found by walking must match none
	Vendored []string // folders below Root that belong to the project although git may ignore them

	Args []string // files and folders as the user named them; none: the whole tree
	Dir  string   // folder that relative Args start from; "": the working directory
	// ForceExclude drops named files too that walking would not have found.
	ForceExclude bool
}

// A File is one file of the project.
type File struct {
	Path  string // slash path relative to the root
	Full  string // where it is on disk, all links resolved
	Asked bool   // it is wanted; the others are there for what must be known of the rest
	Named bool   // it is one of the Args itself: trouble with it is the user's to know
	Mark  string // what the system says of the file, see Mark
}

// A Skipped is something that looked like a file of the project and is not
// read.
type Skipped struct {
	Path string // slash path relative to the root
	Why  string // completes "PATH …"
}

// A Selection is the answer to a Query.
type Selection struct {
	Root    string // absolute, links resolved
	Files   []File // of the whole project, and named ones beyond it; sorted by Path
	Skipped []Skipped
	Dropped []string // named files that ForceExclude dropped, as named
}

// Select finds the files of a project. Inside a git repository git says what
// is ignored, elsewhere the .gitignore files do. An error means that something
// the user named cannot be used, or that the root cannot be read.
func Select(ctx context.Context, q Query) (Selection, error) {
	root, err := resolved(q.Root)
	if err != nil {
		return Selection{}, fmt.Errorf("finding the project %q: %w", q.Root, plain(err))
	}
	s := &selector{Query: q, root: root, files: map[string]*File{}, reals: map[string]string{}, skipped: map[string]string{}, barred: map[string]bool{}, infos: map[string]fs.FileInfo{}, began: time.Now()}
	paths, err := s.list(ctx, "")
	if err != nil {
		return Selection{}, err
	}
	for _, p := range paths {
		if !s.closed(p, "") {
			s.consider(p)
		}
	}
	for _, folder := range q.Vendored {
		s.below(filepath.ToSlash(filepath.Clean(folder)))
	}
	s.followLinks()
	dropped, err := s.arguments()
	if err != nil {
		return Selection{}, err
	}
	out := Selection{Root: root, Dropped: dropped}
	for _, p := range slices.Sorted(maps.Keys(s.files)) {
		f := *s.files[p]
		f.Asked = f.Asked || len(q.Args) == 0
		out.Files = append(out.Files, f)
	}
	if s.unseen > 0 {
		s.skipped["."] = fmt.Sprintf("is a sparse checkout: %d left out, and what those files use is not known", s.unseen)
	}
	for _, p := range slices.Sorted(maps.Keys(s.skipped)) {
		out.Skipped = append(out.Skipped, Skipped{Path: p, Why: s.skipped[p]})
	}
	return out, nil
}

type selector struct {
	Query
	root    string
	files   map[string]*File  // by Path
	reals   map[string]string // Full to Path, so that nothing is read twice
	links   []string          // links that walking met
	skipped map[string]string
	barred  map[string]bool        // folders that are never entered, as far as known
	infos   map[string]fs.FileInfo // memo of lstat
	unseen  int                    // files outside a sparse checkout
	began   time.Time
}

func resolved(path string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(full)
}

func (s *selector) full(path string) string { return filepath.Join(s.root, filepath.FromSlash(path)) }

// within is the slash path below the root of a resolved full path.
func (s *selector) within(full string) (string, bool) {
	rel, err := filepath.Rel(s.root, full)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// never are folders that hold no code of the project: version control,
// packages of other languages, byte code and what tools keep for themselves.
var never = []string{".git", ".hg", ".svn", "node_modules", "__pycache__", ".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache"}

// bar tells whether a folder is never entered: by its name, or because it is a
// virtual environment.
func (s *selector) bar(folder string) bool {
	known, seen := s.barred[folder]
	if seen {
		return known
	}
	bad := slices.Contains(never, folder[strings.LastIndexByte(folder, '/')+1:])
	for _, mark := range []string{"pyvenv.cfg", "conda-meta"} {
		if !bad {
			_, err := os.Lstat(filepath.Join(s.full(folder), mark))
			bad = err == nil
		}
	}
	s.barred[folder] = bad
	return bad
}

// closed tells whether a barred folder stands between base and path.
func (s *selector) closed(path, base string) bool {
	for i := len(base) + 1; i < len(path); i++ {
		if path[i] == '/' && s.bar(path[:i]) {
			return true
		}
	}
	return false
}

func (s *selector) wanted(path string) bool {
	return glob.Match(s.Include, path) && !glob.Match(s.Exclude, path)
}

// consider adds one path that walking met, if it is wanted and a regular file.
func (s *selector) consider(path string) *File {
	if !s.wanted(path) {
		return nil
	}
	info, err := s.lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		// Deleted in the work tree, or outside a sparse checkout.
	case err != nil:
		s.skipped[path] = "cannot be read: " + plain(err).Error()
	case info.Mode().IsRegular():
		return s.add(path, s.full(path), info)
	case info.Mode()&fs.ModeSymlink != 0:
		s.links = append(s.links, path)
	case !info.IsDir():
		s.skipped[path] = "is not a regular file"
	}
	return nil
}

// lstat asks the system once for what most paths are asked for twice.
func (s *selector) lstat(path string) (fs.FileInfo, error) {
	if info, known := s.infos[path]; known {
		return info, nil
	}
	info, err := os.Lstat(s.full(path))
	if err == nil {
		s.infos[path] = info
	}
	return info, err
}

func (s *selector) add(path, full string, info fs.FileInfo) *File {
	if first, known := s.reals[full]; known {
		return s.files[first]
	}
	f := &File{Path: path, Full: full, Mark: Mark(info, s.began)}
	s.files[path], s.reals[full] = f, path
	return f
}

// followLinks adds the files that links lead to, where they are in the tree
// and not selected by their own path.
func (s *selector) followLinks() {
	links := s.links
	s.links = nil
	slices.Sort(links)
	for _, link := range links {
		real, err := filepath.EvalSymlinks(s.full(link))
		if err != nil {
			s.skipped[link] = broken(err)
			continue
		}
		_, inside := s.within(real)
		info, err := os.Lstat(real)
		switch {
		case !inside:
			s.skipped[link] = "is a link that leads out of the project"
		case err != nil:
			s.skipped[link] = "cannot be read: " + plain(err).Error()
		case info.Mode().IsRegular():
			s.add(link, real, info)
		case !info.IsDir():
			s.skipped[link] = "is a link to something that is not a regular file"
		}
	}
}

func broken(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "is a link that leads nowhere"
	}
	if errors.Is(err, syscall.ELOOP) || strings.Contains(err.Error(), "too many links") {
		return "is a link that leads in a circle"
	}
	return "is a link that cannot be followed: " + plain(err).Error()
}

// arguments marks what the user named, and adds it where walking did not find
// it.
func (s *selector) arguments() (dropped []string, err error) {
	var faults []error
	for _, arg := range s.Args {
		found, fault := s.argument(arg)
		if fault != nil {
			faults = append(faults, fault)
		} else if !found {
			dropped = append(dropped, arg)
		}
	}
	return dropped, errors.Join(faults...)
}

// argument tells whether anything is left of arg under ForceExclude.
func (s *selector) argument(arg string) (bool, error) {
	at := arg
	if !filepath.IsAbs(at) && s.Dir != "" {
		at = filepath.Join(s.Dir, at)
	}
	real, err := resolved(at)
	if err != nil || arg == "" {
		return false, fmt.Errorf("reading %q: %w", arg, cmp.Or(plain(err), fs.ErrNotExist))
	}
	path, inside := s.within(real)
	if !inside {
		return false, fmt.Errorf("reading %q: it lies outside the project %q; run fastpath there, or name its configuration with --config", arg, s.root)
	}
	info, err := os.Stat(real)
	switch {
	case err != nil:
		return false, fmt.Errorf("reading %q: %w", arg, plain(err))
	case info.IsDir():
		return s.folder(path), nil
	case !info.Mode().IsRegular():
		return false, fmt.Errorf("reading %q: it is not a regular file", arg)
	}
	if _, known := s.reals[real]; !known && s.ForceExclude {
		return false, nil
	}
	f := s.add(path, real, info)
	f.Asked, f.Named = true, true
	return true, nil
}

// folder marks what lies below a named folder. One that git ignores, or that
// is never entered, is entered when named.
func (s *selector) folder(path string) bool {
	found := s.mark(path)
	if !found && !s.ForceExclude {
		s.below(path)
		s.followLinks()
		found = s.mark(path)
	}
	return found || !s.ForceExclude
}

func (s *selector) mark(folder string) (found bool) {
	for _, f := range s.files {
		if folder == "." || strings.HasPrefix(f.Path, folder+"/") {
			f.Asked, found = true, true
		}
	}
	return found
}

// plain is err without the operation and path that the caller states already.
func plain(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
