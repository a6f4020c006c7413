package main

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/git"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/run"
	"fastpath/cmd/internal/tree"
	"fastpath/cmd/internal/write"
)

// applyFlags are the flags of apply alone.
type applyFlags struct {
	allowDirty bool
	branch     string
	commits    string
	noVerify   bool
}

func applyCommand(g *globals) *cobra.Command {
	var f applyFlags
	cmd := &cobra.Command{
		Use:   "apply [PATH...]",
		Short: "Write the changes in place",
		Long: `Plan, rewrite and prove every file, then write the changes. Nothing is written
before every file is proven; each file is replaced in one step. A file that
differs from the git index is refused unless --allow-dirty is given.

With --branch, plan and write in a temporary work tree of HEAD instead, and
commit the result on a new branch; the work tree and the index stay as they are.

Formats: text.`,
		Example: `  fastpath apply
  fastpath apply --all app
  fastpath apply --allow-dirty
  fastpath apply --branch fewer-imports --commits each`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := g.formatOf("text"); err != nil {
				return err
			}
			if g.stdinName != "" {
				return usageError{"apply writes files, and stdin is none: use diff --stdin-filename"}
			}
			switch {
			case !slices.Contains([]string{"one", "each"}, f.commits):
				return usageError{fmt.Sprintf("--commits %q: want one or each", f.commits)}
			case f.branch != "":
				ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGINT, syscall.SIGTERM)
				defer stop()
				return applyToBranch(ctx, cmd, g, args, &f)
			}
			return runApply(cmd.Context(), cmd, g, args, f.allowDirty)
		},
	}
	cmd.Flags().BoolVar(&f.allowDirty, "allow-dirty", false, "write files that differ from the git index too")
	cmd.Flags().StringVar(&f.branch, "branch", "", "commit the changes to HEAD on a new branch of this name")
	cmd.Flags().StringVar(&f.commits, "commits", "one", "with --branch: one commit, or each moved module its own")
	cmd.Flags().BoolVar(&f.noVerify, "no-verify", false, "with --branch: pass by the pre-commit and commit-msg hooks")
	return cmd
}

func runApply(ctx context.Context, cmd *cobra.Command, g *globals, args []string, allowDirty bool) (err error) {
	p, err := g.load(cmd, args)
	if err != nil {
		return err
	}
	repo, err := git.Open(ctx, p.config.Root)
	if err != nil && !errors.Is(err, git.ErrNone) {
		return fmt.Errorf("asking git about %q: %w", p.config.Root, err)
	}
	gitDir := ""
	if repo != nil {
		gitDir = repo.Dir
	}
	// An interrupted run is finished before the tree is read.
	writer, err := write.Begin(p.config.Root, gitDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, writer.Close()) }()
	if writer.Recovered.Interrupted {
		p.say(g, "finished an interrupted run: %s put in place", render.Count(len(writer.Recovered.Finished), "file"))
	}
	if err := g.choose(p, cmd, args); err != nil {
		return err
	}
	p.files.stamps = map[string]tree.Stamp{}
	p.job.MovesOnly = true
	s, err := p.survey(g)
	if err != nil {
		return err
	}
	r, err := p.result(s, nil)
	if err != nil {
		return err
	}
	if repo != nil && !allowDirty {
		if err := p.refuseDirty(ctx, repo, writer, r.Changes); err != nil {
			return err
		}
	}
	records, err := p.records(s, r)
	if err != nil {
		return err
	}
	all := slices.Concat(r.Changes, records)
	changes := make([]write.Change, len(all))
	for i, c := range all {
		changes[i] = write.Change{Path: c.Path, Full: p.files.full[c.Path], New: c.New}
		if c.Old != nil {
			changes[i].Old = p.files.stamps[c.Path]
		}
	}
	// Until here an interrupt may simply end the process; from here on it is
	// the writer that must leave every file whole.
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := writer.Apply(ctx, changes); err != nil {
		return err
	}
	p.say(g, "%s", applied(r))
	if r.Failed() {
		return outcome(exitInternal)
	}
	if len(r.Changes) == 0 {
		p.adviseProfile(g)
	}
	return nil
}

// refuseDirty refuses to write files whose content git could not give back.
func (p *project) refuseDirty(ctx context.Context, repo *git.Repo, writer *write.Run, changes []run.Change) error {
	byName := map[string]run.Change{}
	var names []string
	for _, c := range changes {
		if c.Old == nil {
			continue
		}
		if name, inside := repo.Rel(p.files.full[c.Path]); inside {
			byName[name] = c
			names = append(names, name)
		}
	}
	dirty, err := repo.Dirty(ctx, names)
	if err != nil {
		return fmt.Errorf("asking git what was changed: %w", err)
	}
	var refused []string
	for _, name := range dirty {
		if c := byName[name]; !writer.Accepts(c.Path, c.Old) {
			refused = append(refused, c.Path)
		}
	}
	if len(refused) == 0 {
		return nil
	}
	what, them := "1 file is not in the git index as it stands", "it"
	if n := len(refused); n > 1 {
		what, them = fmt.Sprintf("%s are not in the git index as they stand", render.Count(n, "file")), "them"
	}
	return fmt.Errorf("%s: commit, stage or stash %s, or give --allow-dirty\n%s", what, them, strings.Join(refused, "\n"))
}

// applied sums up what was written.
func applied(r *run.Result) string {
	if len(r.Changes) == 0 {
		return "nothing to change"
	}
	created := 0
	for _, c := range r.Changes {
		if c.Old == nil {
			created++
		}
	}
	line := render.Count(len(r.Changes)-created, "file") + " changed"
	if created > 0 {
		line += fmt.Sprintf(", %d created", created)
	}
	return line
}
