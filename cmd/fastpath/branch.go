package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/git"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/run"
	"fastpath/cmd/internal/write"
)

// applyToBranch plans and applies in a temporary work tree of HEAD and commits
// the result on a new branch. The user's work tree and index stay as they are.
func applyToBranch(ctx context.Context, cmd *cobra.Command, g *globals, args []string, f *applyFlags) (err error) {
	repo, err := git.Open(ctx, g.here)
	if errors.Is(err, git.ErrNone) {
		return errors.New("--branch needs a git repository: run it inside one, or apply in place")
	}
	if err != nil {
		return fmt.Errorf("asking git about %q: %w", g.here, err)
	}
	here, err := filepath.EvalSymlinks(g.here)
	if err != nil {
		return fmt.Errorf("finding the current folder: %w", reasonOf(err))
	}
	rel, inside := repo.Rel(here)
	if !inside {
		return fmt.Errorf("the current folder lies outside the repository's work tree %q", repo.Top)
	}
	branch, err := repo.Start(ctx, f.branch)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, branch.Close()) }()

	there := *g
	there.here = filepath.Join(branch.Top, filepath.FromSlash(rel))
	// Data that flags name is the user's, not HEAD's.
	there.profile, there.usage = absolute(g.here, g.profile), absolute(g.here, g.usage)
	p, err := there.load(cmd, args)
	if err != nil {
		return err
	}
	if err := there.choose(p, cmd, args); err != nil {
		return err
	}
	s, err := p.survey(&there)
	if err != nil {
		return err
	}
	steps, result, err := p.steps(s, f.commits == "each")
	if err != nil {
		return err
	}
	for _, step := range steps {
		if err := p.commit(ctx, branch, step, f.noVerify); err != nil {
			return err
		}
	}
	if len(steps) == 0 {
		p.say(g, "nothing to change; no branch was made")
	} else {
		branch.Keep()
		p.say(g, "%s on branch %s: %s", render.Count(len(steps), "commit"), f.branch, applied(result))
	}
	if result.Failed() {
		return outcome(exitInternal)
	}
	return nil
}

// A step is one commit: the files it changes and what it says.
type step struct {
	changes []run.Change
	message string
}

// steps are the commits to make: a single one, or one for each module that is
// moved. Each is the whole pipeline over HEAD with the moves of the modules so
// far, so every commit is proven.
func (p *project) steps(s *run.Survey, each bool) ([]step, *run.Result, error) {
	whole, err := p.result(s, nil)
	if err != nil || len(whole.Changes) == 0 {
		return nil, whole, err
	}
	moved := render.Shown{Input: s.Input, Plan: whole.Plan, Files: s.Chosen}
	targets := moved.MovedModules()
	if !each || len(targets) < 2 {
		records, err := p.records(s, whole)
		return []step{{slices.Concat(whole.Changes, records), moved.CommitMessage("")}}, whole, err
	}
	var steps []step
	before := map[string][]byte{}
	for i, target := range targets {
		r := whole
		if i < len(targets)-1 {
			if r, err = p.result(s, targets[:i+1]); err != nil {
				return nil, nil, err
			}
		}
		records, err := p.records(s, r)
		if err != nil {
			return nil, nil, err
		}
		var changes []run.Change
		for _, c := range slices.Concat(r.Changes, records) {
			if string(before[c.Path]) != string(c.New) {
				before[c.Path] = c.New
				changes = append(changes, c)
			}
		}
		if len(changes) > 0 {
			steps = append(steps, step{changes, moved.CommitMessage(target)})
		}
	}
	return steps, whole, nil
}

// result rewrites with the moves of the given modules alone; nil means all.
func (p *project) result(s *run.Survey, only []string) (*run.Result, error) {
	var r *run.Result
	var err error
	if only == nil {
		r, err = s.Rewrite()
	} else {
		r, err = s.RewriteOnly(func(module string) bool { return slices.Contains(only, module) })
	}
	p.progress.Done()
	if err == nil && only == nil {
		p.nameLeft(r)
	}
	return r, err
}

// commit writes the files of a step into the branch's work tree and commits them.
func (p *project) commit(ctx context.Context, branch *git.Branch, s step, noVerify bool) error {
	prefix, err := filepath.Rel(branch.Top, p.files.root)
	if err != nil {
		return fmt.Errorf("finding the project in the branch's work tree: %w", err)
	}
	var names []string
	inBranch := func(name string) string { return filepath.ToSlash(filepath.Join(prefix, filepath.FromSlash(name))) }
	for _, c := range s.changes {
		full := filepath.Join(p.files.root, filepath.FromSlash(c.Path))
		if known, ok := p.files.full[c.Path]; ok {
			full = known
		}
		if err := write.File(full, c.New); err != nil {
			return err
		}
		names = append(names, inBranch(c.Path))
	}
	artifacts := inBranch(p.config.Artifacts)
	ignored, err := branch.Ignores(ctx, artifacts)
	if err != nil {
		return err
	}
	if ignored {
		names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, artifacts+"/") })
	}
	_, err = branch.Commit(ctx, git.Commit{Message: s.message, Files: names, NoVerify: noVerify})
	var failure *git.Failure
	if errors.As(err, &failure) {
		return fmt.Errorf("committing: %s", strings.TrimSpace(failure.Error()))
	}
	return err
}
