package main

import (
	"context"
	"fmt"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/audit"
	"fastpath/cmd/internal/check"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/run"
	"fastpath/cmd/internal/write"
	"fastpath/plan/evidence"
	"fastpath/plan/profile"
)

// auditFlags are the flags of audit alone.
type auditFlags struct {
	profileFlags
	newUsage                   []string
	updateProfile, updateUsage bool
}

func auditCommand(g *globals) *cobra.Command {
	var f auditFlags
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "The monthly review: profile again, and say what no longer holds",
		Long: `Profile again under the project's Python and hold the figures against the
committed ones: what changed beyond the noise, which decisions turn, which
imports of fast_path.py are unjustified or unused, which exceptions and keep
comments no longer hold, what the cold start loads, and where the history of
measurements goes. Writes <artifacts>/audit.md, a table for each section, and
prints what needs a person. Exit code 1 when anything does.

The committed profile and usage stay as they are unless --update-profile and
--update-usage are given. With --new-profile nothing is run.

Formats: text (default), json.`,
		Example: `  fastpath audit
  fastpath audit --update-profile
  fastpath audit --new-profile importtime.log --new-usage lambda.log`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			return runAudit(ctx, cmd, g, &f)
		},
	}
	cmd.Flags().StringSliceVar(&f.from, "new-profile", nil, "read the new figures from these files and run nothing")
	cmd.Flags().StringSliceVar(&f.newUsage, "new-usage", nil, "read newer usage from these files")
	cmd.Flags().BoolVar(&f.updateProfile, "update-profile", false, "write the new figures to <artifacts>/profile.json")
	cmd.Flags().BoolVar(&f.updateUsage, "update-usage", false, "write the newer usage to <artifacts>/usage.json")
	f.register(cmd)
	return cmd
}

func runAudit(ctx context.Context, cmd *cobra.Command, g *globals, f *auditFlags) error {
	format, err := g.formatOf("text", "json")
	if err != nil {
		return err
	}
	if f.updateUsage && len(f.newUsage) == 0 {
		return usageError{"--update-usage needs --new-usage: nothing else tells what requests use"}
	}
	if err := f.validate(); err != nil {
		return err
	}
	today, err := g.date()
	if err != nil {
		return err
	}
	p, err := g.open(cmd, nil)
	if err != nil {
		return err
	}
	if p.job.Profile == nil {
		return fmt.Errorf("%s is not there, and an audit compares with it: run `fastpath profile` first", p.profilePath)
	}
	s, err := p.survey(g)
	if err != nil {
		return err
	}
	in, err := p.auditInput(ctx, g, f, s, today)
	if err != nil {
		return err
	}
	made := audit.Make(in)
	where := p.artifact("audit.md")
	if err := p.takeOver(g, f, in); err != nil {
		return err
	}
	if err := write.File(p.full(where), render.AuditMarkdown(made)); err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	if format == "json" {
		err = render.AuditJSON(out, made)
	} else {
		err = render.Audit(out, made, where, g.style(out))
	}
	if err != nil {
		return err
	}
	if made.People() > 0 {
		return outcome(exitFindings)
	}
	return nil
}

// auditInput plans the tree by the committed figures and by the new ones, and
// reads what was measured and accepted.
func (p *project) auditInput(ctx context.Context, g *globals, f *auditFlags, s *run.Survey, today string) (in audit.Input, err error) {
	if in.Options, err = (&findingFlags{}).options(p, today); err != nil {
		return in, err
	}
	measured, err := p.readMeasured()
	if err != nil {
		return in, err
	}
	if in.History, err = p.readHistory(); err != nil {
		return in, err
	}
	in.Old = check.Tree{Input: s.Input, Plan: p.plan(s), Measured: measured}
	if s.Input.Profile, err = p.newProfile(ctx, g, f, s, today); err != nil {
		return in, err
	}
	if len(f.newUsage) > 0 {
		in.NewUsage = true
		if s.Input.Usage, err = p.readUsage(f.newUsage); err != nil {
			return in, err
		}
	}
	in.New = check.Tree{Input: s.Input, Plan: p.plan(s), Measured: measured}
	in.New.FastPaths = p.fastPaths(in.New.Plan)
	in.Old.FastPaths = in.New.FastPaths
	in.Unbound = map[string][]string{}
	for _, path := range audit.StarReaders(in.New) {
		if in.Unbound[path], err = s.Unbound(path); err != nil {
			return in, err
		}
	}
	return in, nil
}

// newProfile are the figures of today: of the files that were named, or
// measured now.
func (p *project) newProfile(ctx context.Context, g *globals, f *auditFlags, s *run.Survey, today string) (*profile.Profile, error) {
	if len(f.from) == 0 {
		return p.profileTree(ctx, g, &f.profileFlags, s, today)
	}
	fresh, err := p.readProfiles(f.from)
	if err == nil {
		for _, n := range fresh.Notes {
			fmt.Fprintln(p.err, printable(n))
		}
	}
	return fresh, err
}

// readHistory reads history.jsonl; none is an empty one.
func (p *project) readHistory() ([]evidence.Record, error) {
	name := p.artifact("history.jsonl")
	data, err := p.optional(name)
	if err != nil || data == nil {
		return nil, err
	}
	return evidence.ReadHistory(name, data)
}

// takeOver writes the new figures where that is asked for.
func (p *project) takeOver(g *globals, f *auditFlags, in audit.Input) error {
	if f.updateProfile {
		if err := write.File(p.full(p.artifact("profile.json")), in.New.Input.Profile.Write()); err != nil {
			return err
		}
		p.say(g, "wrote %s", p.artifact("profile.json"))
	}
	if f.updateUsage {
		if err := write.File(p.full(p.artifact("usage.json")), in.New.Input.Usage.Relative(p.config.Root).Write()); err != nil {
			return err
		}
		p.say(g, "wrote %s", p.artifact("usage.json"))
	}
	return nil
}
