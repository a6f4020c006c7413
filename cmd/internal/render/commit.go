package render

import (
	"fmt"
	"slices"
	"strings"

	"fastpath/plan"
	"fastpath/plan/facts"
)

// MovedModules are the modules whose imports move, sorted.
func (s Shown) MovedModules() []string {
	var names []string
	s.each(func(d *plan.Decision, _ *facts.Module, u *facts.Unit) {
		if d.Status == plan.StatusMove {
			names = append(names, u.Module)
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// CommitMessage says what moves, with the figures: of one module, or of all
// with "".
func (s Shown) CommitMessage(module string) string {
	var lines []string
	moves, saves := 0, 0.0
	s.each(func(d *plan.Decision, m *facts.Module, u *facts.Unit) {
		if d.Status != plan.StatusMove || module != "" && u.Module != module {
			return
		}
		moves++
		saves += d.SavesMS
		figures := measure(d.ImportMS, " ms") + " ms"
		if d.UsagePct.Known {
			figures += ", " + measure(d.UsagePct, " %") + " of requests"
		}
		lines = append(lines, fmt.Sprintf("%s:%d %s (%s) %s", Printable(m.Path), u.Line, unitText(u), figures, destination(d, m)))
	})
	subject := fmt.Sprintf("Move %s to where their cost says they belong", Count(moves, "import"))
	switch {
	case module != "":
		subject = "Move imports of " + Printable(module) + " to where their cost says they belong"
	default:
		if together := s.Plan.Summary.SavesMS; together > 0 {
			saves = together
		}
	}
	message := subject + "\n\n" + strings.Join(lines, "\n") + "\n"
	if saves > 0 {
		message += "\nPredicted saving at cold start: " + Milliseconds(saves) + " ms\n"
	}
	return message
}
