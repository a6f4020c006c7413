package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/check"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/write"
	"fastpath/plan/evidence"
)

func runCompare(cmd *cobra.Command, g *globals, f *measureFlags) error {
	format, err := g.formatOf(measureFormats...)
	if err != nil {
		return err
	}
	p, err := g.load(cmd, nil)
	if err != nil {
		return err
	}
	var both [2]*evidence.Measurement
	for i, which := range []string{"baseline", "after"} {
		name := p.artifact(which + ".json")
		data, err := p.optional(name)
		if err != nil {
			return err
		}
		if data == nil {
			return fmt.Errorf("%s is not there: run `fastpath measure %s` first", name, which)
		}
		if both[i], err = evidence.Read(name, data); err != nil {
			return err
		}
	}
	return p.conclude(cmd, g, f, format, evidence.Analyse(both[0], both[1]))
}

// conclude writes and prints the analysis, and gives the exit code of its outcome.
func (p *project) conclude(cmd *cobra.Command, g *globals, f *measureFlags, format string, a *evidence.Analysis) error {
	t := p.config.Targets
	targets := evidence.Targets{ColdStartMS: t.ColdStartMS, MinImprovement: t.MinImprovement, MaxRegression: t.MaxRegression,
		MaxWarmRegression: t.MaxWarmRegression}
	outcomes := a.Judge(targets)
	context, err := p.context(cmd, g)
	if err != nil {
		return err
	}
	text := render.Analysis(a, outcomes, context)
	if err := write.File(p.full(p.artifact("analysis.md")), text); err != nil {
		return err
	}
	if format == "text" {
		_, err = cmd.OutOrStdout().Write(text)
	} else {
		err = f.print(cmd, format, a.After)
	}
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		if o.Failed() {
			return outcome(exitFindings)
		}
	}
	if targets.MaxRegression == 0 && a.Cold.Verdict == evidence.Slower {
		return outcome(exitFindings)
	}
	return nil
}

// context is what an analysis says beside the figures: what was moved, and what
// stays and why. Without a profile nothing is known of what stays.
func (p *project) context(cmd *cobra.Command, g *globals) (render.Context, error) {
	var c render.Context
	name := p.artifact("moves.json")
	data, err := p.optional(name)
	if err == nil && data != nil {
		c.Moves, err = check.ReadMoves(name, data)
	}
	if err != nil || p.job.Profile == nil {
		return c, err
	}
	if err := g.choose(p, cmd, nil); err != nil {
		return c, err
	}
	s, err := p.survey(g)
	if err != nil {
		return c, err
	}
	c.Kept, c.Planned = render.Shown{Input: s.Input, Plan: p.plan(s), Files: s.Chosen}.Stays(), true
	return c, nil
}
