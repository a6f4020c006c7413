package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/git"
	"fastpath/cmd/internal/python"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/write"
	"fastpath/plan/evidence"
)

// measureFlags are the flags of measure alone.
type measureFlags struct {
	runs  int
	entry string
}

func measureCommand(g *globals) *cobra.Command {
	var f measureFlags
	measure := &cobra.Command{
		Use:   "measure baseline | after | compare",
		Short: "Measure cold starts before and after a change, and compare them",
		Long: `Measure the cold start of the entry module in fresh processes of the project's
Python: baseline writes <artifacts>/baseline.json, after writes after.json, and
compare holds one against the other and against the targets of the
configuration, writes analysis.md and prints it. Exit code 1 when a target is
missed or the start became slower.

Formats: text.`,
		Example: `  fastpath measure baseline
  fastpath apply
  fastpath measure after
  fastpath measure compare`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			return usageError{"measure needs to know what: baseline, after or compare"}
		},
	}
	for _, which := range []string{"baseline", "after"} {
		cmd := &cobra.Command{
			Use:     which,
			Short:   "Measure and write " + which + ".json",
			Example: "  fastpath measure " + which + " --runs 30",
			Args:    noArguments,
			RunE: func(cmd *cobra.Command, _ []string) error {
				ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGINT, syscall.SIGTERM)
				defer stop()
				return runMeasure(ctx, cmd, g, &f, which)
			},
		}
		cmd.Flags().IntVar(&f.runs, "runs", 20, "cold starts to measure")
		cmd.Flags().StringVar(&f.entry, "entry", "", "module to import (default: the first entry of the configuration)")
		measure.AddCommand(cmd)
	}
	measure.AddCommand(&cobra.Command{
		Use:     "compare",
		Short:   "Compare after.json with baseline.json",
		Example: "  fastpath measure compare",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runCompare(cmd, g)
		},
	})
	return measure
}

func runMeasure(ctx context.Context, cmd *cobra.Command, g *globals, f *measureFlags, which string) (err error) {
	if f.runs < 1 {
		return usageError{fmt.Sprintf("--runs %d: want at least 1", f.runs)}
	}
	p, err := g.load(cmd, nil)
	if err != nil {
		return err
	}
	today, err := g.date()
	if err != nil {
		return err
	}
	m := evidence.Measurement{Date: today, Implementation: "CPython", Platform: runtime.GOOS + "/" + runtime.GOARCH,
		CPUs: runtime.NumCPU(), Entry: f.entry}
	if m.Entry == "" {
		if len(p.config.Policy.Entry) == 0 {
			return errors.New("no entry to measure: name one in the configuration, or give --entry")
		}
		m.Entry = p.config.Policy.Entry[0]
	}
	if repo, err := git.Open(ctx, p.config.Root); err == nil {
		if m.Revision, err = repo.Head(ctx); err != nil {
			return err
		}
	}
	if err := p.takeSamples(ctx, &m, f.runs); err != nil {
		return err
	}
	name := p.artifact(which + ".json")
	if err := write.File(p.full(name), m.Write()); err != nil {
		return err
	}
	median := evidence.Summarize(m.Walls())
	p.say(g, "cold start %s ms, median of %s, in %s", render.Milliseconds(median.Estimate), render.Count(f.runs, "run"), name)
	return nil
}

// takeSamples measures cold starts and the bare interpreter.
func (p *project) takeSamples(ctx context.Context, m *evidence.Measurement, runs int) (err error) {
	interpreter, err := python.Find(ctx, p.config.Root, p.config.Python)
	if err != nil {
		return err
	}
	m.Python = interpreter.Version
	session, err := python.NewSession(interpreter.Path, p.config.Root, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	session.Src = p.config.Policy.Src
	for run := range runs + 1 {
		took, err := session.ColdStart(ctx, m.Entry)
		if err != nil {
			return err
		}
		floor, err := session.Floor(ctx)
		if err != nil {
			return err
		}
		if run == 0 {
			continue // it only compiles byte code
		}
		m.Samples = append(m.Samples, evidence.Sample{WallMS: float64(took) / float64(time.Millisecond)})
		m.FloorMS = append(m.FloorMS, float64(floor)/float64(time.Millisecond))
		if p.progress != nil {
			p.progress.Report("measuring", run, runs)
		}
	}
	p.progress.Done()
	return nil
}

func runCompare(cmd *cobra.Command, g *globals) error {
	p, err := g.load(cmd, nil)
	if err != nil {
		return err
	}
	var both [2]*evidence.Measurement
	for i, which := range []string{"baseline", "after"} {
		name := p.artifact(which + ".json")
		data, err := os.ReadFile(filepath.Join(p.config.Root, filepath.FromSlash(name)))
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is not there: run `fastpath measure %s` first", name, which)
		}
		if err != nil {
			return fmt.Errorf("reading %q: %w", name, reasonOf(err))
		}
		if both[i], err = evidence.Read(name, data); err != nil {
			return err
		}
	}
	comparison := evidence.Compare(both[0].Walls(), both[1].Walls())
	t := p.config.Targets
	outcomes := evidence.Targets{ColdStartMS: t.ColdStartMS, MinImprovement: t.MinImprovement, MaxRegression: t.MaxRegression}.Judge(comparison)
	text := render.Analysis(both[0], both[1], comparison, outcomes)
	if err := write.File(p.full(p.artifact("analysis.md")), text); err != nil {
		return err
	}
	if _, err := cmd.OutOrStdout().Write(text); err != nil {
		return err
	}
	for _, o := range outcomes {
		if !o.Met {
			return outcome(exitFindings)
		}
	}
	if comparison.Verdict == evidence.Slower {
		return outcome(exitFindings)
	}
	return nil
}
