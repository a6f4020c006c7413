package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/config"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/run"
	"fastpath/plan"
)

func planCommand(g *globals) *cobra.Command {
	emitRuff := false
	cmd := &cobra.Command{
		Use:   "plan [PATH...]",
		Short: "Show the decision for every import, with its reason",
		Long: `Show what would happen to every import and why: its cost, its use, the rule
that decided, where it goes, or what keeps it. Nothing is written.

Linters may be told of imports that are inside functions on purpose:
--emit-ruff prints the settings for ruff (PLC0415, TID253) and pylint (C0415).

Formats: text (default), json.`,
		Example: `  fastpath plan
  fastpath plan app/report.py
  fastpath plan --profile importtime.log --format json
  fastpath plan --emit-ruff`,
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := g.formatOf("text", "json")
			if err != nil {
				return err
			}
			p, err := g.open(cmd, args)
			if err != nil {
				return err
			}
			s, err := p.survey(g)
			if err != nil {
				return err
			}
			shown := render.Shown{Input: s.Input, Plan: p.plan(s), Files: s.Chosen}
			out := cmd.OutOrStdout()
			if emitRuff {
				return render.LinterSettings(out, shown, p.ruffSection())
			}
			if format == "json" {
				return render.PlanJSON(out, shown)
			}
			if err := render.Plan(out, shown, g.style(out)); err != nil {
				return err
			}
			p.say(g, "%s", shown.Summarize())
			if linter := config.Declare(p.config.Root).Linter; linter != "" && render.AnyLazy(shown) {
				p.say(g, "ruff PLC0415 and TID253 and pylint C0415 speak of imports inside functions (%s): fastpath plan --emit-ruff prints the settings", printable(linter))
			}
			p.adviseProfile(g)
			return nil
		},
	}
	cmd.Flags().BoolVar(&emitRuff, "emit-ruff", false, "print what linters must know of imports inside functions")
	return cmd
}

// ruffSection is the table of ruff's linter in the file that holds its settings.
func (p *project) ruffSection() string {
	for _, name := range []string{".ruff.toml", "ruff.toml"} {
		if _, err := os.Stat(p.full(name)); err == nil {
			return "lint"
		}
	}
	return "tool.ruff.lint"
}

// plan makes the plan and names the files that it leaves as they are.
func (p *project) plan(s *run.Survey) *plan.Plan {
	return p.nameHeld(s.Plan())
}

// nameHeld names the files that must not be rewritten.
func (p *project) nameHeld(made *plan.Plan, left []run.Failure) *plan.Plan {
	for _, f := range left {
		fmt.Fprintln(p.err, "fastpath: "+printable(f.Error()))
	}
	return made
}

// adviseProfile says what to do where nothing was measured.
func (p *project) adviseProfile(g *globals) {
	if p.job.Profile == nil {
		p.say(g, "nothing was measured: run fastpath profile, or write %s by hand ({\"pandas\": 1200} in milliseconds)", p.profilePath)
	}
}
