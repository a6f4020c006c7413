package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/run"
)

func diffCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "diff [PATH...]",
		Short: "Show the changes as one unified diff; write nothing",
		Long: `Plan, rewrite and prove every file, and print the changes as a unified diff
that git apply and patch -p1 accept. Exit code 1 when there is a difference.

Formats: text.`,
		Example: `  fastpath diff
  fastpath diff --all app | git apply
  fastpath diff --stdin-filename app/report.py < app/report.py`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := g.formatOf("text"); err != nil {
				return err
			}
			p, err := g.open(cmd, args)
			if err != nil {
				return err
			}
			r, err := p.rewrite(g)
			if err != nil {
				return err
			}
			diff, err := run.Diff(r.Changes)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if err := render.Diff(out, diff, g.style(out)); err != nil {
				return err
			}
			switch {
			case r.Failed():
				return outcome(exitInternal)
			case len(diff) > 0:
				p.say(g, "%s would change", render.Count(len(r.Changes), "file"))
				return outcome(exitFindings)
			}
			p.say(g, "nothing to change")
			p.adviseProfile(g)
			return nil
		},
	}
}

// rewrite surveys the tree, makes the changes and names the files whose proof
// failed.
func (p *project) rewrite(g *globals) (*run.Result, error) {
	p.job.MovesOnly = true
	s, err := p.survey(g)
	if err != nil {
		return nil, err
	}
	r, err := s.Rewrite()
	p.progress.Done()
	if err != nil {
		return nil, err
	}
	p.nameLeft(r)
	return r, nil
}

// nameLeft names the files that stay as they are although they were to change.
func (p *project) nameLeft(r *run.Result) {
	for _, f := range r.Left {
		fmt.Fprintln(p.err, "fastpath: "+printable(f.Error()))
	}
}
