package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/check"
	"fastpath/cmd/internal/config"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/run"
	"fastpath/plan"
	"fastpath/plan/syntax"
	"fastpath/rewrite/fastpath"
)

// findingFlags are the flags of check alone.
type findingFlags struct {
	selected, ignored []string
	strict            bool

	suppressions       string
	updateSuppressions bool
	updateEager        bool
}

func checkCommand(g *globals) *cobra.Command {
	var f findingFlags
	cmd := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Report imports that stand where their cost says they should not",
		Long: `Report findings for files, for pre-commit and CI. It reads only and never runs
Python. Exit code 1 when a finding is an error; fastpath explain CODE tells
what a code means.

Formats: text (default), json, github, gitlab, sarif, markdown.`,
		Example: `  fastpath check
  fastpath check app/report.py lambda_function.py
  fastpath check --select FP1,exception --format github
  fastpath check --update-suppressions`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCheck(g, &f, cmd, args)
		},
	}
	cmd.Flags().StringSliceVar(&f.selected, "select", nil, "report these findings only: codes, names or starts of codes")
	cmd.Flags().StringSliceVar(&f.ignored, "ignore", nil, "do not report these findings")
	cmd.Flags().StringVar(&f.suppressions, "suppressions", "", "file of accepted findings (default: <artifacts>/suppressions.json)")
	cmd.Flags().BoolVar(&f.updateSuppressions, "update-suppressions", false, "accept what stands now: write that file")
	cmd.Flags().BoolVar(&f.updateEager, "update-eager", false, "accept what the cold start loads now: write <artifacts>/eager.json")
	cmd.Flags().BoolVar(&f.strict, "strict", false, "fail where no profile exists")
	return cmd
}

func runCheck(g *globals, f *findingFlags, cmd *cobra.Command, args []string) error {
	format, err := g.formatOf("text", "json", "github", "gitlab", "sarif", "markdown")
	if err != nil {
		return err
	}
	write := map[string]func(io.Writer, render.Report, render.Style) error{
		"text":     render.Findings,
		"json":     plain(render.FindingsJSON),
		"github":   plain(render.FindingsGitHub),
		"gitlab":   plain(render.FindingsGitLab),
		"sarif":    plain(render.FindingsSARIF),
		"markdown": plain(render.FindingsMarkdown),
	}[format]
	today, err := g.date()
	if err != nil {
		return err
	}
	p, err := g.open(cmd, args)
	if err != nil {
		return err
	}
	options, err := f.options(p, today)
	if err != nil {
		return err
	}
	p.job.OnDemand = true
	defer p.closeMemory(g)
	s, tree, err := p.judged(g, func(s *run.Survey) *plan.Plan { return p.nameHeld(s.PlanChosen()) })
	if err != nil {
		return err
	}
	if f.updateEager {
		if options.Allowed, err = p.writeEager(s, tree.Plan); err != nil {
			return err
		}
	}
	if f.updateSuppressions {
		if options.Suppressed, err = p.writeSuppressions(tree, options); err != nil {
			return err
		}
	}
	findings, suppressed := check.All(tree, options)
	report := render.Report{Findings: findings, Suppressed: suppressed, Source: p.job.Read}
	out := cmd.OutOrStdout()
	if err := write(out, report, g.style(out)); err != nil {
		return err
	}
	if format == "markdown" {
		if err := render.ReviewsMarkdown(out, check.Reviews(tree)); err != nil {
			return err
		}
	}
	p.say(g, "%s", report.Summary())
	p.adviseProfile(g)
	if slices.ContainsFunc(findings, unparsed) {
		return outcome(exitTrouble)
	}
	if check.Failing(findings) || f.strict && p.job.Profile == nil {
		return outcome(exitFindings)
	}
	return nil
}

// judged reads the tree, plans it, and adds all else that findings are drawn from.
func (p *project) judged(g *globals, planned func(*run.Survey) *plan.Plan) (s *run.Survey, t check.Tree, err error) {
	s = p.gather(g)
	if t.Broken, err = p.broken(s); err != nil {
		return s, t, err
	}
	if err := p.checkEntries(s); err != nil {
		return s, t, err
	}
	t.Plan = planned(s)
	t.Input, t.Chosen = s.Input, s.Chosen // as the plan left them: it may ask for facts
	t.FastPaths = p.fastPaths(t.Plan)
	t.Measured, err = p.readMeasured()
	return s, t, err
}

// plain makes a format that has no layout fit beside one that has.
func plain(write func(io.Writer, render.Report) error) func(io.Writer, render.Report, render.Style) error {
	return func(w io.Writer, r render.Report, _ render.Style) error { return write(w, r) }
}

// options joins the configuration and the flags; flags win.
func (f *findingFlags) options(p *project, today string) (check.Options, error) {
	o := check.Options{Today: today, ProfilePath: p.profilePath, MaxProfileAge: p.config.MaxProfileAgeDays,
		Select: p.config.Select, Ignore: p.config.Ignore, PerPathIgnore: p.config.PerPathIgnore}
	if err := p.readAccepted(f, &o); err != nil {
		return o, err
	}
	if len(f.selected) > 0 {
		codes, err := config.FindingCodes(f.selected)
		if err != nil {
			return o, usageError{"--select: " + err.Error()}
		}
		o.Select = codes
	}
	if len(f.ignored) > 0 {
		codes, err := config.FindingCodes(f.ignored)
		if err != nil {
			return o, usageError{"--ignore: " + err.Error()}
		}
		o.Ignore = append(o.Ignore, codes...)
	}
	return o, nil
}

// fastPaths reads the fast_path.py files that stand. One that cannot be read or
// holds other things is reported by what plans to write it.
func (p *project) fastPaths(made *plan.Plan) map[string]fastpath.Doc {
	docs := map[string]fastpath.Doc{}
	for _, fp := range made.FastPaths {
		data, err := p.job.Read(fp.Path)
		if err != nil {
			continue
		}
		if doc, err := fastpath.Parse(data); err == nil {
			docs[fp.Path] = doc
		}
	}
	return docs
}

// unparsed tells of a file that the user named and that does not parse.
func unparsed(f check.Finding) bool { return f.Code.ID == "FP901" && f.Code.Severity == check.Error }

// broken turns the files that do not parse into findings; those that the user
// named are errors. A file that cannot be read at all is named on stderr, or
// ends the check when the user named it.
func (p *project) broken(s *run.Survey) (found []check.Finding, err error) {
	code, _ := check.Find("FP901")
	for _, skipped := range s.Skipped {
		var damage *syntax.Error
		switch named := p.named[skipped.Path]; {
		case !errors.As(skipped.Err, &damage) && named:
			return nil, skipped
		case damage == nil:
			fmt.Fprintf(p.err, "skipped %s\n", printable(skipped.Error()))
		case p.job.Selected == nil || p.job.Selected(skipped.Path):
			f := check.Finding{Code: code, File: skipped.Path, Line: max(skipped.Line, 1), Message: damage.Reason, Hint: code.Fix}
			if named {
				f.Code.Severity = check.Error
			}
			found = append(found, f)
		}
	}
	return found, nil
}
