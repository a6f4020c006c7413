package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/git"
	"fastpath/cmd/internal/python"
	"fastpath/cmd/internal/write"
	"fastpath/plan/evidence"
)

func abCommand(g *globals, f *measureFlags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ab REV [REV]",
		Short: "Compare a revision with the work tree, or with another revision",
		Long: `Check both out in temporary work trees and measure them in turn, until the
interval of their ratio is narrow enough to find a difference of 5 percent, or
the budget is spent. Without the second revision, the work tree is compared as
it stands, with what is not committed. What git ignores is taken over where a
program may import it. Neither the work tree nor the index is touched.
Writes baseline.json (the first), after.json (the second) and analysis.md, and
prints the latter.

Formats: text, cloudwatch, emf, openmetrics.`,
		Example: `  fastpath measure ab HEAD
  fastpath measure ab main --budget 10m
  fastpath measure ab v1.0 v1.1 --event events.json --handler app:handler`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usageError{"ab needs a revision to compare the work tree with, or two"}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			return runAB(ctx, cmd, g, f, args)
		},
	}
	f.sampling(cmd, "pairs of cold starts to measure (default: as many as the scatter asks for)")
	return cmd
}

func runAB(ctx context.Context, cmd *cobra.Command, g *globals, f *measureFlags, revisions []string) (err error) {
	p, format, history, err := f.open(cmd, g)
	if err != nil {
		return err
	}
	today, err := g.date()
	if err != nil {
		return err
	}
	repo, err := git.Open(ctx, p.config.Root)
	if errors.Is(err, git.ErrNone) {
		return errors.New("ab compares revisions, and this is no git repository: use measure baseline, after and compare")
	}
	if err != nil {
		return err
	}
	target, err := f.target(g, p)
	if err != nil {
		return err
	}
	subjects := make([]*subject, 2)
	for i := range subjects {
		s, done, failed := p.side(ctx, target, repo, revisions[i:])
		if failed != nil {
			return failed
		}
		defer func() { err = errors.Join(err, done()) }()
		subjects[i] = s
	}
	before, after := subjects[0].m, subjects[1].m
	for _, s := range subjects {
		s.m.Date, s.m.Round = today, before.Revision+".."+after.Revision
	}
	if err := p.takeTurns(ctx, f, subjects, func() int { return f.pairs(before, after, len(target.Events)) }); err != nil {
		return err
	}
	for i, which := range []string{"baseline", "after"} {
		if err := write.File(p.full(p.artifact(which+".json")), subjects[i].m.Write()); err != nil {
			return err
		}
	}
	a := evidence.Analyse(before, after)
	record := evidence.RecordOf("ab", after)
	record.Against, record.Ratio, record.Verdict = before.Revision, a.Cold.Ratio, a.Cold.Verdict
	if err := p.keep(history, record); err != nil {
		return err
	}
	return p.conclude(cmd, g, f, format, a)
}

// pairs are how many pairs to take before looking at them again.
func (f *measureFlags) pairs(before, after *evidence.Measurement, classes int) int {
	if f.runs > 0 {
		return f.runs
	}
	// Every class of events needs some samples of its own.
	return max(evidence.Pairs(before.Walls(), after.Walls()), 4*classes)
}

// side checks out one of the two trees: the revision, or without one the work
// tree as it stands.
func (p *project) side(ctx context.Context, target python.Target, repo *git.Repo, revision []string) (s *subject, done func() error, err error) {
	root, err := filepath.EvalSymlinks(p.config.Root)
	if err != nil {
		return nil, nil, fmt.Errorf("finding the project: %w", reasonOf(err))
	}
	inside, ok := repo.Rel(root)
	if !ok {
		return nil, nil, fmt.Errorf("the project is outside of its repository %q", repo.Top)
	}
	var c *git.Checkout
	name := "the work tree"
	if len(revision) > 0 {
		name = revision[0]
		c, err = repo.CheckOut(ctx, revision[0])
	} else {
		c, err = repo.CheckOutWork(ctx, p.artifactsIn(repo))
	}
	if err != nil {
		return nil, nil, err
	}
	var roots []string
	for _, src := range p.config.Policy.Src {
		roots = append(roots, path.Join(inside, src))
	}
	err = c.Borrow(ctx, roots)
	if err == nil {
		top := filepath.Join(c.Top, filepath.FromSlash(inside))
		if _, missing := os.Stat(top); missing != nil {
			err = fmt.Errorf("%s: it does not have the folder %q", name, inside)
		} else {
			s, err = p.subject(ctx, target, top)
		}
	}
	if err != nil {
		return nil, nil, errors.Join(err, c.Close())
	}
	if s.name = name; c.Dirty {
		c.Commit += dirtyMark
	}
	s.m.Revision = c.Commit
	return s, func() error { return errors.Join(s.session.Close(), c.Close()) }, nil
}
