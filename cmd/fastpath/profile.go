package main

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/python"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/run"
	"fastpath/cmd/internal/write"
	"fastpath/plan/profile"
)

// profileFlags are the flags of profile alone.
type profileFlags struct {
	from []string
	runs int
	budget,
	timeout time.Duration
}

func profileCommand(g *globals) *cobra.Command {
	var f profileFlags
	cmd := &cobra.Command{
		Use:   "profile",
		Short: "Measure what each import costs and write profile.json",
		Long: `Import the entry modules, and every module that the project imports, in fresh
processes of the project's Python, and write what each costs, loads and changes
to <artifacts>/profile.json. With --from, read existing logs instead, each a
run of its own, and run nothing.

Formats: text.`,
		Example: `  fastpath profile
  fastpath profile --runs 9
  fastpath profile --from importtime.log
  fastpath profile --from monday.log tuesday.log
  python -X importtime app.py 2>&1 | fastpath profile --from -`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(f.from) > 0 {
				return nil // the files behind the first
			}
			return noArguments(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := g.formatOf("text"); err != nil {
				return err
			}
			if len(f.from) > 0 {
				f.from = append(f.from, args...)
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			return runProfile(ctx, cmd, g, &f)
		},
	}
	cmd.Flags().StringSliceVar(&f.from, "from", nil, "read these files, such as the text of python -X importtime, and run nothing")
	f.register(cmd)
	return cmd
}

// register adds the flags that say how to measure.
func (f *profileFlags) register(cmd *cobra.Command) {
	cmd.Flags().IntVar(&f.runs, "runs", 5, "samples of each figure")
	cmd.Flags().DurationVar(&f.budget, "budget", 10*time.Minute, "time after which no further samples are taken")
	cmd.Flags().DurationVar(&f.timeout, "timeout", time.Minute, "time after which an import counts as hanging")
}

// validate refuses what cannot be measured.
func (f *profileFlags) validate() error {
	if f.runs < 1 {
		return usageError{fmt.Sprintf("--runs %d: want at least 1", f.runs)}
	}
	if f.budget <= 0 || f.timeout <= 0 {
		return usageError{"--budget and --timeout want a time above zero, such as 5m or 30s"}
	}
	return nil
}

func runProfile(ctx context.Context, cmd *cobra.Command, g *globals, f *profileFlags) error {
	if err := f.validate(); err != nil {
		return err
	}
	p, err := g.load(cmd, nil)
	if err != nil {
		return err
	}
	measured, err := p.measured(ctx, cmd, g, f)
	if err != nil {
		return err
	}
	for _, n := range measured.Notes {
		fmt.Fprintln(p.err, printable(n))
	}
	name := path.Join(p.config.Artifacts, "profile.json")
	if err := write.File(filepath.Join(p.config.Root, filepath.FromSlash(name)), measured.Write()); err != nil {
		return err
	}
	p.say(g, "%s in %s", render.Count(len(measured.Modules), "module"), name)
	return nil
}

// measured is the profile that an existing log or the project's Python gives.
func (p *project) measured(ctx context.Context, cmd *cobra.Command, g *globals, f *profileFlags) (*profile.Profile, error) {
	if len(f.from) > 0 {
		return p.readProfiles(f.from)
	}
	today, err := g.date()
	if err != nil {
		return nil, err
	}
	if err := g.choose(p, cmd, nil); err != nil {
		return nil, err
	}
	s, err := p.survey(g)
	if err != nil {
		return nil, err
	}
	return p.profileTree(ctx, g, f, s, today)
}

// profileTree measures what the imports of the tree cost under the project's
// Python.
func (p *project) profileTree(ctx context.Context, g *globals, f *profileFlags, s *run.Survey, today string) (*profile.Profile, error) {
	policy := p.config.Policy
	o := python.Options{Python: p.config.Python, Dir: p.files.root, Src: policy.Src, Entry: policy.Entry,
		Vendored: policy.Vendored, Modules: importedModules(s), Runs: f.runs, Budget: f.budget, Timeout: f.timeout, Date: today}
	if p.progress != nil {
		o.Progress = func(done, total int) { p.progress.Report("profiling", done, total) }
	}
	measured, notes, err := python.Profile(ctx, o)
	p.progress.Done()
	for _, n := range notes {
		fmt.Fprintln(p.err, printable(n.String()))
		for line := range strings.Lines(n.Traceback) {
			fmt.Fprintln(p.err, "    "+printable(strings.TrimRight(line, "\n")))
		}
	}
	if errors.Is(err, context.Canceled) {
		return nil, errors.New("interrupted; nothing was written")
	}
	return measured, err
}

// readProfiles reads what was measured before: any form from one file, the
// logs of several runs from several.
func (p *project) readProfiles(names []string) (*profile.Profile, error) {
	var texts []profile.Text
	for _, name := range names {
		data, err := p.input(name)
		if err != nil {
			return nil, err
		}
		texts = append(texts, profile.Text{Name: name, Data: data})
	}
	if len(texts) == 1 {
		return profile.Read(texts[0].Name, texts[0].Data)
	}
	return profile.ReadLogs(texts...)
}

// importedModules are the dotted names that import statements of the project
// load, attributes among them.
func importedModules(s *run.Survey) []string {
	var names []string
	for _, m := range s.Input.Modules {
		for i := range m.Units {
			u := &m.Units[i]
			if u.Module == "" || u.Module == "__future__" {
				continue
			}
			names = append(names, u.Module)
			if u.Attr != "" && u.Attr != "*" {
				names = append(names, u.Module+"."+u.Attr)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
