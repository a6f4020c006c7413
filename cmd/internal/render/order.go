package render

import (
	"bytes"
	"fmt"
	"slices"
)

// mostSteps is how many sets of moves a plan proposes to begin with.
const mostSteps = 5

// order ends a plan with the moves that save most for an edit. A single one
// needs no order, and without an entry every move is by itself.
func (s Shown) order(out *bytes.Buffer, style Style) {
	if slices.Contains(s.Files, false) || s.Only != (Only{}) || !s.Plan.Sets.Known() || s.Plan.Summary.SavesMS <= 0 {
		return
	}
	steps := s.Plan.Sets.Order()
	if len(steps) < 2 {
		return
	}
	out.WriteString(style.Paint(Bold, "most saved per edit") + "\n")
	for i, step := range steps[:min(len(steps), mostSteps)] {
		head := fmt.Sprintf("%5d. ", i+1)
		text := fmt.Sprintf("%s: saves %s ms by %s, %s ms with all above: %s", Printable(step.Module), Milliseconds(step.SavesMS),
			Count(step.Edits, "edit"), Milliseconds(step.SumMS), s.movesText(step.Moves, mostPlaces))
		writeIndented(out, head, text, len(head), style.width())
	}
	if more := len(steps) - mostSteps; more > 0 {
		fmt.Fprintf(out, "       and %s in the order of --format json\n", Count(more, "more set"))
	}
	out.WriteByte('\n')
}
