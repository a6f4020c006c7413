package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/git"
	"fastpath/cmd/internal/python"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/write"
	"fastpath/plan/evidence"
)

// measureFormats are what a measurement can be printed as; text prints none.
var measureFormats = []string{"text", "cloudwatch", "emf", "openmetrics"}

// measureFlags are the flags of measure alone.
type measureFlags struct {
	runs     int
	budget   time.Duration
	entry    string
	events   string
	handler  string
	from     []string
	memory   int
	function string
}

func measureCommand(g *globals) *cobra.Command {
	var f measureFlags
	measure := &cobra.Command{
		Use:   "measure baseline | after | compare | ab REV",
		Short: "Measure cold starts before and after a change, and compare them",
		Long: `Measure the cold start of the entry module in fresh processes of the project's
Python: baseline writes <artifacts>/baseline.json, after writes after.json, and
compare holds one against the other and against the targets of the
configuration, writes analysis.md and prints it. ab does all of it at once, and
better: it takes the samples of another revision and of the work tree in turn, so
that what else the machine does falls on both alike. Every measurement adds a
line to history.jsonl. Exit code 1 when a target is missed or the start became
slower than max-regression allows.

With --handler and --event, each process also answers an event, so that a mere
shift of cost from the start into the first request shows. baseline and after
also read the reports of AWS Lambda (--from).

Formats: text, cloudwatch (the input of aws cloudwatch put-metric-data), emf
(CloudWatch's embedded metric format), openmetrics. All but text print figures on
stdout: those of the measurement, or of what is newer.`,
		Example: `  fastpath measure ab main
  fastpath measure baseline
  fastpath apply
  fastpath measure after --event events.json --handler lambda_function:lambda_handler
  fastpath measure compare
  fastpath measure after --from lambda.log --format cloudwatch`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			return usageError{"measure needs to know what: baseline, after, compare or ab"}
		},
	}
	for _, which := range []string{"baseline", "after"} {
		cmd := &cobra.Command{
			Use:   which,
			Short: "Measure and write " + which + ".json",
			Example: "  fastpath measure " + which + " --runs 50\n" +
				"  fastpath measure " + which + " --event events.json --handler app:handler\n" +
				"  fastpath measure " + which + " --from cloudwatch.log",
			Args: func(cmd *cobra.Command, args []string) error {
				if len(f.from) > 0 {
					return nil // the files behind the first
				}
				return noArguments(cmd, args)
			},
			RunE: func(cmd *cobra.Command, args []string) error {
				if len(f.from) > 0 {
					f.from = append(f.from, args...)
				}
				ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGINT, syscall.SIGTERM)
				defer stop()
				return runMeasure(ctx, cmd, g, &f, which)
			},
		}
		f.sampling(cmd, "cold starts to measure (default: 30, or 4 for each class of events)")
		cmd.Flags().StringSliceVar(&f.from, "from", nil, "read the reports of AWS Lambda from these files, and run nothing")
		cmd.Flags().IntVar(&f.memory, "memory", 0, "with --from: only reports of functions with so many MB")
		measure.AddCommand(cmd)
	}
	compare := &cobra.Command{
		Use:     "compare",
		Short:   "Compare after.json with baseline.json",
		Example: "  fastpath measure compare",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runCompare(cmd, g, &f)
		},
	}
	f.naming(compare)
	measure.AddCommand(compare, abCommand(g, &f))
	return measure
}

// sampling are the flags of what runs processes.
func (f *measureFlags) sampling(cmd *cobra.Command, runs string) {
	cmd.Flags().IntVar(&f.runs, "runs", 0, runs)
	cmd.Flags().DurationVar(&f.budget, "budget", 4*time.Minute, "time after which no further samples are taken")
	cmd.Flags().StringVar(&f.entry, "entry", "", "module to import (default: that of --handler, or the first entry of the configuration)")
	cmd.Flags().StringVar(&f.events, "event", "", "JSON file of events: {\"name\": event, ...}, or {\"name\": {\"weight\": 95, \"event\": ...}}, or a list")
	cmd.Flags().StringVar(&f.handler, "handler", "", "function that answers events, module:function")
	f.naming(cmd)
}

func (f *measureFlags) naming(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.function, "function-name", "", "FunctionName in printed figures (default: the entry's name)")
}

func (f *measureFlags) validate() error {
	switch {
	case f.runs < 0:
		return usageError{fmt.Sprintf("--runs %d: want at least 1", f.runs)}
	case f.budget <= 0:
		return usageError{fmt.Sprintf("--budget %v: want more than no time", f.budget)}
	case (f.events == "") != (f.handler == ""):
		return usageError{"--event and --handler go together: the events, and the function that answers them"}
	case len(f.from) > 0 && (f.events != "" || f.entry != "" || f.runs > 0):
		return usageError{"--from reads what ran elsewhere: give neither --entry, --event, --handler nor --runs with it"}
	case f.memory != 0 && len(f.from) == 0:
		return usageError{"--memory chooses among the reports of --from"}
	case f.memory < 0:
		return usageError{fmt.Sprintf("--memory %d: want megabytes", f.memory)}
	}
	return nil
}

// target is what is to be measured.
func (f *measureFlags) target(g *globals, p *project) (t python.Target, err error) {
	t.Module = f.entry
	if f.handler != "" {
		module, function, err := python.Handler(f.handler)
		if err != nil {
			return t, usageError{"--handler " + err.Error()}
		}
		if t.Function = function; t.Module == "" {
			t.Module = module
		} else if strings.TrimSuffix(t.Module, ".py") != strings.TrimSuffix(module, ".py") {
			return t, usageError{fmt.Sprintf("--entry %s is not the module of --handler %s: one process measures one of them", f.entry, f.handler)}
		}
		data, err := os.ReadFile(absolute(g.here, f.events))
		if err != nil {
			return t, fmt.Errorf("reading %q: %w", f.events, reasonOf(err))
		}
		if t.Events, err = python.ReadEvents(f.events, data); err != nil {
			return t, err
		}
	}
	if t.Module == "" {
		if len(p.config.Policy.Entry) == 0 {
			return t, errors.New("no entry to measure: name one in the configuration, or give --entry")
		}
		t.Module = p.config.Policy.Entry[0]
		if more := len(p.config.Policy.Entry); more > 1 {
			p.say(g, "measuring %s, the first of %d entries; --entry names another", printable(t.Module), more)
		}
	}
	return t, nil
}

// open loads the project, and reads what a measurement adds to before it takes
// minutes.
func (f *measureFlags) open(cmd *cobra.Command, g *globals) (p *project, format string, history []byte, err error) {
	if err := f.validate(); err != nil {
		return nil, "", nil, err
	}
	if format, err = g.formatOf(measureFormats...); err != nil {
		return nil, "", nil, err
	}
	if p, err = g.load(cmd, nil); err != nil {
		return nil, "", nil, err
	}
	history, err = p.history()
	return p, format, history, err
}

func runMeasure(ctx context.Context, cmd *cobra.Command, g *globals, f *measureFlags, which string) (err error) {
	p, format, history, err := f.open(cmd, g)
	if err != nil {
		return err
	}
	m, err := p.measurement(ctx, g, f, which)
	if err != nil {
		return err
	}
	name := p.artifact(which + ".json")
	if err := write.File(p.full(name), m.Write()); err != nil {
		return err
	}
	record := evidence.RecordOf(which, m)
	if err := p.keep(history, record); err != nil {
		return err
	}
	p.say(g, "%s, in %s", render.Measured(m, record), name)
	return f.print(cmd, format, m)
}

// measurement takes samples, or reads them.
func (p *project) measurement(ctx context.Context, g *globals, f *measureFlags, which string) (m *evidence.Measurement, err error) {
	today, err := g.date()
	if err != nil {
		return nil, err
	}
	if len(f.from) > 0 {
		return p.reported(g, f, which, today)
	}
	target, err := f.target(g, p)
	if err != nil {
		return nil, err
	}
	s, err := p.subject(ctx, target, p.config.Root)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.session.Close()) }()
	s.m.Date = today
	if s.m.Revision, err = p.revision(ctx); err != nil {
		return nil, err
	}
	runs := f.runs
	if runs == 0 {
		runs = max(evidence.FirstLook, 4*len(s.target.Events))
	}
	if err := p.takeTurns(ctx, f, []*subject{s}, func() int { return runs }); err != nil {
		return nil, err
	}
	return s.m, nil
}

// revision is the commit that is measured; what is not committed marks it.
func (p *project) revision(ctx context.Context) (string, error) {
	repo, err := git.Open(ctx, p.config.Root)
	if errors.Is(err, git.ErrNone) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	head, err := repo.Head(ctx)
	if err != nil || head == "" {
		return "", err
	}
	dirty, err := repo.Changed(ctx, p.artifactsIn(repo))
	if dirty {
		head += dirtyMark
	}
	return head, err
}

// dirtyMark follows a revision that holds what is not committed, as in git describe.
const dirtyMark = "-dirty"

// artifactsIn is the artifacts folder relative to the top of the repository.
func (p *project) artifactsIn(repo *git.Repo) string {
	name, _ := repo.Rel(p.full(p.config.Artifacts))
	return name
}

// history is what was measured so far.
func (p *project) history() ([]byte, error) {
	name := p.artifact("history.jsonl")
	data, err := p.optional(name)
	if err == nil && data != nil {
		_, err = evidence.ReadHistory(name, data)
	}
	if len(data) > 0 && !bytes.HasSuffix(data, []byte("\n")) {
		data = append(data, '\n')
	}
	return data, err
}

// keep adds one measurement to the history.
func (p *project) keep(history []byte, r evidence.Record) error {
	return write.File(p.full(p.artifact("history.jsonl")), append(history, r.Line()...))
}

// print writes the figures of a measurement for a system that collects them.
func (f *measureFlags) print(cmd *cobra.Command, format string, m *evidence.Measurement) error {
	if format == "text" {
		return nil
	}
	text, err := render.Metrics(format, m, f.function)
	if err != nil {
		return err
	}
	_, err = cmd.OutOrStdout().Write(text)
	return err
}

// A subject is one tree on its way to a measurement.
type subject struct {
	name    string // as messages call it; "" for the only one
	session *python.Session
	target  python.Target
	m       *evidence.Measurement
}

// subject prepares the measurement of the project's tree as it stands in a folder.
func (p *project) subject(ctx context.Context, target python.Target, root string) (*subject, error) {
	interpreter, err := python.Find(ctx, p.config.Root, p.config.Python)
	if err != nil {
		return nil, err
	}
	session, err := python.NewSession(interpreter.Path, root, nil)
	if err != nil {
		return nil, err
	}
	session.Src = p.config.Policy.Src
	m := &evidence.Measurement{Implementation: interpreter.Implementation, Platform: runtime.GOOS + "/" + runtime.GOARCH,
		CPUs: runtime.NumCPU(), Entry: target.Module, Python: interpreter.Version}
	if target.Function != "" {
		m.Handler, m.Events = target.Module+":"+target.Function, map[string]float64{}
		for _, e := range target.Events {
			m.Events[e.Class] = e.Weight
		}
	}
	return &subject{session: session, target: target, m: m}, nil
}

// takeTurns measures the subjects in turn, each once a round, until there are as
// many rounds as enough says after each. The first process of each only compiles
// byte code.
func (p *project) takeTurns(ctx context.Context, f *measureFlags, subjects []*subject, enough func() int) error {
	began := time.Now()
	named := func(s *subject, err error) error {
		if err != nil && ctx.Err() != nil {
			return errors.New("interrupted; nothing was written")
		}
		if err != nil && s.name != "" {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		return err
	}
	for _, s := range subjects {
		file, err := s.session.Warm(ctx, s.target)
		if err != nil {
			return named(s, err)
		}
		// Installed for development, it may come from the user's own tree.
		if _, inside := below(s.session.Dir, file); s.name != "" && file != "" && !inside {
			return fmt.Errorf("%s: importing %s finds %q, which is not in the tree: name the folder that holds it as src in the configuration",
				s.name, s.target.Module, file)
		}
		if s.m.Loads, err = s.session.Loads(ctx, s.target.Module, 3); err != nil {
			return named(s, err)
		}
	}
	want := enough()
	// What went before may have used the budget up: one round tells something.
	for round := 0; round < want && (round == 0 || time.Since(began) < f.budget); round++ {
		for i := range subjects {
			// Who comes second meets what the first left in the caches: each does
			// so as often, and with each class of events.
			at := (i + round + round/max(1, len(subjects[0].target.Events))) % len(subjects)
			s := subjects[at]
			sample, err := s.session.Sample(ctx, s.target, round)
			if err != nil {
				return named(s, err)
			}
			s.m.Samples = append(s.m.Samples, sample)
		}
		if round < evidence.FirstLook {
			floor, err := subjects[0].session.Floor(ctx)
			if err != nil {
				return named(subjects[0], err)
			}
			for _, s := range subjects {
				s.m.FloorMS = append(s.m.FloorMS, float64(floor)/float64(time.Millisecond))
			}
		}
		if p.progress != nil {
			p.progress.Report("measuring", round+1, want)
		}
		if round+1 == want {
			want = enough()
		}
	}
	p.progress.Done()
	return nil
}
