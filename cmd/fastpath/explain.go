package main

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/check"
	"fastpath/cmd/internal/config"
	"fastpath/cmd/internal/render"
)

func explainCommand(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "explain CODE | MODULE | FILE | FILE:LINE",
		Short: "Explain a finding's code, a module, a file or the imports of a line",
		Long: `Explain the code of a finding with its reasons, or one module, file or line of
the tree: figures, the rule that decided, what each placement costs by both
models, every chain of imports that loads it at a cold start, the smallest set
of moves that stops that, what keeps it, and what would change the decision.

Formats: text (default), json.`,
		Example: `  fastpath explain FP101
  fastpath explain pandas
  fastpath explain app/report.py:3`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{"explain takes one code, module, file or FILE:LINE"}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := g.formatOf("text", "json")
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if c, ok := check.Find(args[0]); ok {
				if format == "json" {
					return render.CodeJSON(out, c)
				}
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
			shown := render.Shown{Input: s.Input, Plan: p.plan(s)}
			if shown.Only, err = p.about(args[0], shown); err != nil {
				return err
			}
			if format == "json" {
				return render.ExplainJSON(out, shown)
			}
			return render.Explain(out, shown, g.style(out))
		},
	}
}

// looksLikeCode tells a finding's code, right or wrong, from a module.
var looksLikeCode = regexp.MustCompile(`^(?i:fp)[0-9]+$`)

// about finds what the user asks to have explained: a line, a file or a module
// of the tree or of the profile. The error names what comes near.
func (p *project) about(text string, s render.Shown) (render.Only, error) {
	if looksLikeCode.MatchString(text) {
		return render.Only{}, unknown("code of a finding", text, codes())
	}
	var paths, modules []string
	for _, m := range s.Input.Modules {
		paths = append(paths, m.Path)
		for i := range m.Units {
			if u := &m.Units[i]; u.Module != "" && u.Attr != "*" {
				modules = append(modules, u.Path())
			}
		}
	}
	file, line := cutLine(text)
	file = p.relative(file)
	if slices.Contains(paths, file) {
		only := render.Only{File: file, Line: line}
		if line > 0 && (render.Shown{Input: s.Input, Plan: s.Plan, Only: only}).Summarize().Imports == 0 {
			return only, fmt.Errorf("%s:%d is no import; %s", file, line, importLines(file, s))
		}
		return only, nil
	}
	if line > 0 || strings.HasSuffix(text, ".py") || strings.Contains(text, "/") {
		return render.Only{}, unknown("file of the tree", file, paths)
	}
	modules = append(modules, s.Plan.Sets.Names()...)
	only := render.Only{Module: text}
	if _, ok := s.Plan.Sets.Figures(text); ok || (render.Shown{Input: s.Input, Plan: s.Plan, Only: only}).Summarize().Imports > 0 {
		return only, nil
	}
	return only, unknown("module that the tree or the profile names, file of the tree or code of a finding", text, append(modules, paths...))
}

// cutLine splits FILE:LINE; the line is 0 without one.
func cutLine(text string) (file string, line int) {
	if i := strings.LastIndexByte(text, ':'); i > 0 {
		if n, err := strconv.Atoi(text[i+1:]); err == nil && n > 0 {
			return text[:i], n
		}
	}
	return text, 0
}

// relative is the path as the plan names it: from the root, wherever the user
// stands.
func (p *project) relative(file string) string {
	if rel, inside := below(p.config.Root, absolute(p.here, file)); inside {
		return rel
	}
	return path.Clean(file)
}

// importLines tells where the imports of a file are.
func importLines(file string, s render.Shown) string {
	var lines []string
	for _, m := range s.Input.Modules {
		if m.Path != file {
			continue
		}
		for i := range m.Units {
			if n := strconv.Itoa(m.Units[i].Line); !slices.Contains(lines, n) {
				lines = append(lines, n)
			}
		}
	}
	if len(lines) == 0 {
		return "the file has none"
	}
	const most = 10
	if len(lines) > most {
		lines = append(lines[:most], "…")
	}
	return "the file imports on " + strings.Join(lines, ", ")
}

func codes() []string {
	var list []string
	for _, c := range check.Codes {
		list = append(list, c.ID)
	}
	return list
}

// unknown is the error for a name that nothing bears, with those near it.
func unknown(kind, name string, known []string) error {
	text := fmt.Sprintf("%q is no %s", name, kind)
	if near := config.Near(name, known, 3); len(near) > 0 {
		text += "; did you mean " + choice(near) + "?"
	}
	return errors.New(text)
}
