package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/run"
	"fastpath/cmd/internal/tree"
)

// longestSource is the size in bytes above which a file is left alone: a
// parsed file takes up to seventy times its size in memory.
const longestSource = 32 << 20

// files reads the files of one selection.
type files struct {
	root  string
	full  map[string]string // by slash path
	stdin map[string][]byte // content that stands in for a file's

	mu     sync.Mutex
	stamps map[string]tree.Stamp // of the files as last read; nil where nobody asks
}

// Read gives the content of a file of the tree, or of a path below the root
// that is not among the selected.
func (f *files) Read(path string) ([]byte, error) {
	if data, ok := f.stdin[path]; ok {
		return data, nil
	}
	full, ok := f.full[path]
	if !ok {
		full = filepath.Join(f.root, filepath.FromSlash(path))
	}
	data, stamp, err := tree.Read(full, longestSource)
	if f.stamps != nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.stamps[path] = stamp
	}
	return data, err
}

// choose finds the files of the project and those among them that the paths
// ask for.
func (g *globals) choose(p *project, cmd *cobra.Command, paths []string) error {
	c := p.config
	query := tree.Query{Root: c.Root, Include: c.Include, Exclude: c.Exclude, Vendored: c.Policy.Vendored,
		Args: paths, Dir: g.here, ForceExclude: g.forceExclude}
	if g.stdinName != "" {
		query.Args = nil
	}
	selection, err := tree.Select(cmd.Context(), query)
	if err != nil {
		return err
	}
	for _, s := range selection.Skipped {
		fmt.Fprintf(p.err, "skipped %s: %s\n", printable(s.Path), printable(s.Why))
	}
	p.files = &files{root: selection.Root, full: make(map[string]string, len(selection.Files))}
	p.named = map[string]bool{}
	asked := make(map[string]bool, len(selection.Files))
	for _, f := range selection.Files {
		p.job.Files = append(p.job.Files, run.File{Path: f.Path, Named: f.Named, Mark: f.Mark})
		p.files.full[f.Path] = f.Full
		p.named[f.Path] = f.Named
		asked[f.Path] = f.Asked
	}
	p.job.Read = p.files.Read
	if g.stdinName != "" {
		if err := p.readStdin(g, cmd.InOrStdin()); err != nil {
			return err
		}
		asked = p.named
	}
	if len(c.Policy.Exceptions) == 0 {
		// Blocks written by hand count until init takes them over.
		p.job.Policy.Exceptions = exceptionsOf(p.blocks())
	}
	// A hook names what was staged: a change of what decisions are made by
	// concerns every file.
	everything := slices.ContainsFunc(selection.Dropped, decides)
	p.job.Selected = func(path string) bool { return everything || asked[path] }
	if len(selection.Dropped) == 0 && !slices.ContainsFunc(p.job.Files, func(f run.File) bool { return asked[f.Path] }) {
		return fmt.Errorf("no Python files in %s: name a folder that holds some, or look at include and exclude in the configuration", placesOf(paths))
	}
	return nil
}

// decides tells whether the file is one that decisions are made by.
func decides(name string) bool {
	return slices.Contains([]string{"pyproject.toml", "fastpath.toml", "profile.json", "usage.json"}, filepath.Base(name))
}

func placesOf(paths []string) string {
	if len(paths) == 0 {
		return "the current folder"
	}
	quoted := make([]string, len(paths))
	for i, p := range paths {
		quoted[i] = fmt.Sprintf("%q", p)
	}
	return choice(quoted)
}

// readStdin puts the content of stdin in the place of the file that the flag
// names, whether that exists or not.
func (p *project) readStdin(g *globals, stdin io.Reader) error {
	full := absolute(g.here, g.stdinName)
	if folder, err := filepath.EvalSymlinks(filepath.Dir(full)); err == nil {
		full = filepath.Join(folder, filepath.Base(full))
	}
	path, inside := below(p.files.root, full)
	if !inside {
		return usageError{fmt.Sprintf("--stdin-filename %q lies outside the project %q", g.stdinName, p.files.root)}
	}
	data, err := io.ReadAll(io.LimitReader(stdin, longestSource+1))
	switch {
	case err != nil:
		return fmt.Errorf("reading stdin: %w", err)
	case len(data) > longestSource:
		return errors.New("reading stdin: the source is too big")
	}
	p.files.stdin = map[string][]byte{path: data}
	p.named = map[string]bool{path: true}
	i, found := slices.BinarySearchFunc(p.job.Files, path, func(f run.File, path string) int { return cmp.Compare(f.Path, path) })
	if !found {
		p.job.Files = slices.Insert(p.job.Files, i, run.File{Path: path})
	}
	p.job.Files[i].Named, p.job.Files[i].Mark = true, ""
	return nil
}
