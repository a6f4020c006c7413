package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/config"
	"fastpath/cmd/internal/python"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/write"
	"fastpath/fixtures"
	"fastpath/plan/evidence"
)

// demoFlags are the flags of demo alone.
type demoFlags struct {
	python string
	runs   int
	keep   bool
}

func demoCommand(g *globals) *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run everything on a built-in sample application",
		Long: `Unpack a small Lambda into a temporary folder, show its plan and diff, apply
them, run its handler before and after, and measure both cold starts in fresh
processes. With --keep, write the report of all that as well. Exit code 1 when
the answers differ.

Formats: text.`,
		Example: `  fastpath demo
  fastpath demo --keep --runs 9`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := g.formatOf("text"); err != nil {
				return err
			}
			if f.runs < 1 {
				return usageError{fmt.Sprintf("--runs %d: want at least 1", f.runs)}
			}
			return runDemo(cmd, g, &f)
		},
	}
	cmd.Flags().StringVar(&f.python, "python", "python3", "interpreter that runs the sample")
	cmd.Flags().IntVar(&f.runs, "runs", 5, "cold starts to measure on each side")
	cmd.Flags().BoolVar(&f.keep, "keep", false, "keep the folder and print where it is")
	return cmd
}

// A demo is the sample unpacked twice: once to stay as it is, once to be
// rewritten.
type demo struct {
	out           io.Writer
	style         render.Style
	python        string
	before, after string
}

func runDemo(cmd *cobra.Command, g *globals, f *demoFlags) (err error) {
	out := cmd.OutOrStdout()
	d := &demo{out: out, style: g.style(out)}
	if d.python, err = exec.LookPath(f.python); err != nil {
		return fmt.Errorf("finding the interpreter %q: install Python 3.8 or newer, or name one with --python", f.python)
	}
	folder, err := os.MkdirTemp("", "fastpath-demo-")
	if err != nil {
		return fmt.Errorf("making a folder for the demo: %w", err)
	}
	if f.keep {
		defer fmt.Fprintf(cmd.ErrOrStderr(), "kept in %s\n", folder)
	} else {
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	}
	d.before, d.after = filepath.Join(folder, "before"), filepath.Join(folder, "after")
	for _, dir := range []string{d.before, d.after} {
		if err := os.CopyFS(dir, fixtures.Sample); err != nil {
			return fmt.Errorf("unpacking the sample: %w", err)
		}
	}
	d.heading("The sample: a Lambda with slow cold starts")
	fmt.Fprintln(out, "Its heavy packages are stand-ins: they take as long to import as the real\n"+
		"ones, and do nothing else. profile.json and usage.json say what each costs\nand how often it is used.")
	color := "never"
	if d.style.Color {
		color = "always"
	}
	for _, c := range []struct {
		name string
		want int
	}{{"plan", exitDone}, {"diff", exitFindings}, {"apply", exitDone}} {
		d.heading("fastpath " + c.name)
		code := execute([]string{c.name, "--no-cache", "--color", color}, surroundings{dir: d.after, in: strings.NewReader(""), out: out, err: out})
		if code != c.want {
			return fmt.Errorf("internal error: fastpath %s ended with %d on the sample", c.name, code)
		}
	}
	same, err := d.answers(cmd.Context())
	if err != nil {
		return err
	}
	if err := d.measure(cmd.Context(), f.runs); err != nil {
		return err
	}
	if err := d.report(f.keep); err != nil {
		return err
	}
	if !same {
		return outcome(exitFindings)
	}
	return nil
}

func (d *demo) heading(text string) {
	fmt.Fprintf(d.out, "\n%s\n\n", d.style.Paint(render.Bold, "== "+text+" =="))
}

// answers runs the handler on every sample event, before and after.
func (d *demo) answers(ctx context.Context) (same bool, err error) {
	d.heading("The handler's answers to the sample events")
	before, err := d.runEvents(ctx, d.before)
	if err != nil {
		return false, err
	}
	after, err := d.runEvents(ctx, d.after)
	if err != nil {
		return false, err
	}
	if !bytes.Equal(before, after) {
		fmt.Fprintf(d.out, "The answers differ.\nbefore:\n%s\nafter:\n%s\n", before, after)
		return false, nil
	}
	events, err := fs.ReadFile(fixtures.Sample, "events.json")
	if err != nil {
		return false, err
	}
	fmt.Fprintf(d.out, "%s bytes of answers to %s bytes of events: identical before and after.\n",
		render.Grouped(int64(len(after))), render.Grouped(int64(len(events))))
	return true, nil
}

func (d *demo) runEvents(ctx context.Context, dir string) ([]byte, error) {
	env, _, err := d.project(dir)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, d.python, "run_events.py")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), append(env, "PYTHONDONTWRITEBYTECODE=1")...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	answers, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("running the sample: %w\n%s", err, stderr.String())
	}
	return answers, nil
}

// project gives the environment in which the import roots of a copy are found,
// and its entry module.
func (d *demo) project(dir string) (env []string, entry string, err error) {
	c, err := config.Load(dir, "")
	if err != nil {
		return nil, "", err
	}
	var roots []string
	for _, src := range c.Policy.Src {
		roots = append(roots, filepath.Join(dir, filepath.FromSlash(src)))
	}
	return []string{"PYTHONPATH=" + strings.Join(roots, string(os.PathListSeparator))}, c.Policy.Entry[0], nil
}

// measure takes cold starts of both copies in turn, so that what else the
// machine does falls on both alike.
func (d *demo) measure(ctx context.Context, runs int) (err error) {
	d.heading("Cold starts, measured in fresh processes")
	var samples [2][]time.Duration
	var sessions [2]*python.Session
	var entry string
	for i, dir := range []string{d.before, d.after} {
		var env []string
		if env, entry, err = d.project(dir); err != nil {
			return err
		}
		if sessions[i], err = python.NewSession(d.python, dir, env); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, sessions[i].Close()) }()
	}
	for run := range runs + 1 {
		for i, s := range sessions {
			took, err := s.ColdStart(ctx, entry)
			if err != nil {
				return err
			}
			if run > 0 { // the first only compiles byte code
				samples[i] = append(samples[i], took)
			}
		}
	}
	for i, name := range []string{"baseline.json", "after.json"} {
		m := evidence.Measurement{Entry: entry}
		for _, took := range samples[i] {
			m.Samples = append(m.Samples, evidence.Sample{WallMS: float64(took) / float64(time.Millisecond)})
		}
		if err := write.File(filepath.Join(d.after, ".fastpath", name), m.Write()); err != nil {
			return err
		}
	}
	before, after := median(samples[0]), median(samples[1])
	fmt.Fprintf(d.out, "before  %7s ms\nafter   %7s ms\n", milliseconds(before), milliseconds(after))
	fmt.Fprintf(d.out, "%s, median of %s of `import %s` on each side\n",
		d.style.Paint(render.Green, fmt.Sprintf("improvement %.1f %%", 100*(1-float64(after)/float64(before)))),
		render.Count(runs, "run"), strings.TrimSuffix(entry, ".py"))
	return nil
}

// report writes the page of what the demo did, where it is kept.
func (d *demo) report(keep bool) error {
	d.heading("All of it as one page")
	if !keep {
		fmt.Fprintln(d.out, "`fastpath demo --keep` keeps the folder and writes it: charts of what loads\nbefore and after, every decision, what blocks moves.")
		return nil
	}
	if code := execute([]string{"report", "--no-cache", "-q"}, surroundings{dir: d.after, in: strings.NewReader(""), out: d.out, err: d.out}); code != exitDone {
		return fmt.Errorf("internal error: fastpath report ended with %d on the sample", code)
	}
	fmt.Fprintln(d.out, "Open "+printable(filepath.Join(d.after, ".fastpath", "report.html")))
	return nil
}

func median(samples []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(samples))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

func milliseconds(d time.Duration) string {
	return render.Milliseconds(float64(d) / float64(time.Millisecond))
}
