package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/check"
	"fastpath/cmd/internal/render"
)

func explainCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "explain CODE | MODULE | FILE:LINE",
		Short: "Explain a finding's code, a module or the imports of a line",
		Long: `Explain the code of a finding with its reasons, or one module or line of the
tree: figures, where it is imported, the rule that decided and what keeps it.

Formats: text.`,
		Example: `  fastpath explain FP101
  fastpath explain pandas
  fastpath explain app/report.py:3`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{"explain takes one code, module or FILE:LINE"}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := g.formatOf("text"); err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if c, ok := check.Find(args[0]); ok {
				return render.Code(out, c, g.style(out))
			}
			p, err := g.open(cmd, nil)
			if err != nil {
				return err
			}
			s, err := p.survey(g)
			if err != nil {
				return err
			}
			shown := render.Shown{Input: s.Input, Plan: p.plan(s), Only: about(args[0])}
			if shown.Summarize().Imports == 0 {
				return fmt.Errorf("%q is no code of a finding, no module that the tree imports and no FILE:LINE of an import", args[0])
			}
			return render.Explain(out, shown, g.style(out))
		},
	}
}

// about reads what the user asks to have explained.
func about(text string) render.Only {
	if file, line, ok := strings.Cut(text, ":"); ok {
		if n, err := strconv.Atoi(line); err == nil {
			return render.Only{File: file, Line: n}
		}
	}
	return render.Only{Module: text}
}
