package main

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/check"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/write"
)

func reportCommand(g *globals) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "report [PATH...]",
		Short: "Write all of it as one HTML page",
		Long: `Write one self-contained HTML page, which needs no network: the cold start
before and after with its targets, what loads at a cold start as a chart to
search and zoom, the decision for every import to filter and sort, what blocks
moves and what that costs, the findings of check, and the trend. What was not
measured yet names the command that does it. It reads only and never runs
Python.

Formats: html.`,
		Example: `  fastpath report
  fastpath report -o report.html
  fastpath report -o - app > report.html`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := g.formatOf("html"); err != nil {
				return err
			}
			return runReport(cmd, g, output, args)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "file to write, - for stdout (default: <artifacts>/report.html)")
	return cmd
}

func runReport(cmd *cobra.Command, g *globals, output string, args []string) error {
	today, err := g.date()
	if err != nil {
		return err
	}
	p, err := g.open(cmd, args)
	if err != nil {
		return err
	}
	options, err := (&findingFlags{}).options(p, today)
	if err != nil {
		return err
	}
	s, tree, err := p.judged(g, p.plan)
	if err != nil {
		return err
	}
	findings, suppressed := check.All(tree, options)
	page := render.Page{
		Shown:    render.Shown{Input: s.Input, Plan: tree.Plan, Files: s.Chosen},
		Findings: render.Report{Findings: findings, Suppressed: suppressed},
		Measured: tree.Measured,
		Trend:    render.Trend{LimitMS: tree.Measured.Targets.ColdStartMS, Tolerance: tree.Measured.Targets.MaxRegression},
	}
	if page.Trend.Records, err = p.readHistory(); err != nil {
		return err
	}
	if output == "-" {
		return render.HTML(cmd.OutOrStdout(), page)
	}
	name := p.artifact("report.html")
	full := p.full(name)
	if output != "" {
		name, full = output, absolute(g.here, output)
	}
	var text bytes.Buffer
	if err := render.HTML(&text, page); err != nil {
		return err
	}
	if err := write.File(full, text.Bytes()); err != nil {
		return err
	}
	p.say(g, "%s, %s: %s", printable(name), size(text.Len()), page.Summarize())
	return nil
}

// size spells a number of bytes.
func size(bytes int) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KB", (bytes+1023)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}
