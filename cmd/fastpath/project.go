package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/config"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/run"
	"fastpath/plan/profile"
	"fastpath/plan/usage"
)

// A project is the opened tree with its configuration and data.
type project struct {
	config      config.Config
	job         run.Job
	profilePath string // as messages name it, whether it exists or not
	named       map[string]bool
	files       *files
	in          io.Reader
	err         io.Writer
	progress    *render.Progress

	here         string // the folder that relative paths of flags start from
	suppressions string // file of accepted findings
}

// open reads the configuration and the data and chooses the files. The paths
// are the arguments of the command.
func (g *globals) open(cmd *cobra.Command, paths []string) (*project, error) {
	p, err := g.load(cmd, paths)
	if err != nil {
		return nil, err
	}
	return p, g.choose(p, cmd, paths)
}

// load reads the configuration and the data.
func (g *globals) load(cmd *cobra.Command, paths []string) (*project, error) {
	if g.stdinName != "" {
		if len(paths) > 1 || len(paths) == 1 && paths[0] != "-" {
			return nil, usageError{"--stdin-filename names the only file: give no paths with it"}
		}
		paths = []string{g.stdinName}
	}
	c, err := config.Load(startFolder(g.here, paths), absolute(g.here, g.config))
	if err != nil {
		return nil, err
	}
	for _, w := range c.Warnings {
		fmt.Fprintln(cmd.ErrOrStderr(), printable(w))
	}
	c.Policy.All = g.all
	p := &project{config: c, in: cmd.InOrStdin(), err: cmd.ErrOrStderr(), here: g.here}
	if err := g.readData(p); err != nil {
		return nil, err
	}
	p.job.Policy, p.job.Layout = c.Policy, config.NewLayouts(c.Root).Of
	p.job.Workers = g.workers
	if !g.noCache {
		p.job.Memory = run.OpenMemory(c.Root)
	}
	if !g.quiet && isTerminal(p.err) {
		p.progress = render.NewProgress(p.err)
		p.job.Progress = p.progress.Report
	}
	return p, nil
}

// startFolder is where the search for a configuration begins: the current
// folder, unless the first path lies elsewhere.
func startFolder(here string, paths []string) string {
	if len(paths) == 0 {
		return here
	}
	first := absolute(here, paths[0])
	if _, inside := below(here, first); inside {
		return here
	}
	if info, err := os.Stat(first); err == nil && !info.IsDir() {
		return filepath.Dir(first)
	}
	return first
}

func absolute(here, name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(here, name)
}

// below is the slash path of full relative to dir; false when it lies outside.
func below(dir, full string) (string, bool) {
	rel, err := filepath.Rel(dir, full)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// readData reads the profile and the usage: those that flags name must exist,
// those of the artifacts folder need not.
func (g *globals) readData(p *project) error {
	p.profilePath = path.Join(p.config.Artifacts, "profile.json")
	name, data, err := p.data(g.here, g.profile, p.profilePath)
	if err != nil {
		return err
	}
	if data != nil {
		if p.job.Profile, err = profile.Read(name, data); err != nil {
			return err
		}
		p.profilePath = name
	}
	name, data, err = p.data(g.here, g.usage, path.Join(p.config.Artifacts, "usage.json"))
	if err != nil {
		return err
	}
	if data != nil {
		if p.job.Usage, err = usage.Read(name, data); err != nil {
			return err
		}
	}
	return nil
}

// data reads the named file, or the default one of the project. The data is
// nil when there is none.
func (p *project) data(here, named, fallback string) (shown string, data []byte, err error) {
	if named != "" {
		data, err = os.ReadFile(absolute(here, named))
		if err != nil {
			return "", nil, fmt.Errorf("reading %q: %w", named, reasonOf(err))
		}
		return named, data, nil
	}
	data, err = os.ReadFile(filepath.Join(p.config.Root, filepath.FromSlash(fallback)))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, fmt.Errorf("reading %q: %w", fallback, reasonOf(err))
	}
	return fallback, data, nil
}

// input reads a file that the user named, or stdin for "-".
func (p *project) input(name string) (data []byte, err error) {
	if name == "-" {
		data, err = io.ReadAll(p.in)
	} else {
		data, err = os.ReadFile(absolute(p.here, name))
	}
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", name, reasonOf(err))
	}
	return data, nil
}

// reasonOf is the error without the path, which the message names already.
func reasonOf(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// gather gathers the facts of the tree.
func (p *project) gather(g *globals) *run.Survey {
	began := time.Now()
	s := run.Gather(p.job)
	p.progress.Done()
	if g.verbose {
		recalled, gathered := p.job.Memory.Count()
		fmt.Fprintf(p.err, "read %s in %s ms: %d known from the cache, %d new, %d only looked at\n", render.Count(len(p.job.Files), "file"),
			render.Milliseconds(float64(time.Since(began).Microseconds())/1000), recalled, gathered, s.Passed)
	}
	if !p.job.OnDemand {
		p.closeMemory(g)
	}
	return s
}

// closeMemory keeps what is new for the next run.
func (p *project) closeMemory(g *globals) {
	if err := p.job.Memory.Close(); err != nil && g.verbose {
		fmt.Fprintf(p.err, "keeping facts for the next run: %s\n", printable(err.Error()))
	}
}

// survey gathers the facts of the tree and names the files that were skipped.
// A file that the user named must be readable.
func (p *project) survey(g *globals) (*run.Survey, error) {
	s := p.gather(g)
	var refused []error
	for _, skipped := range s.Skipped {
		if p.named[skipped.Path] {
			refused = append(refused, skipped)
			continue
		}
		fmt.Fprintf(p.err, "skipped %s\n", printable(skipped.Error()))
	}
	if len(refused) > 0 {
		return nil, errors.Join(refused...)
	}
	return s, p.checkEntries(s)
}

// say writes a summary line to stderr.
func (p *project) say(g *globals, format string, args ...any) {
	if !g.quiet {
		fmt.Fprintf(p.err, format+"\n", args...)
	}
}
