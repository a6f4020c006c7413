// Package edit replaces byte ranges of a text.
//
// It knows offsets, order, bounds and overlap, and nothing of Python. Its
// invariant: every byte outside the edited ranges is kept.
package edit

import (
	"cmp"
	"fmt"
	"slices"
)

// An Edit replaces the bytes [Start, End) of the original by Text. Start equal
// to End inserts.
type Edit struct {
	Start, End uint32
	Text       string
}

// Apply returns src with all edits made; src and edits are left as they are.
// The order of edits does not matter, except that insertions at one offset
// come out in the order given, before a replacement that starts there.
// Edits that reach outside src, end before they start or overlap are an error.
func Apply(src []byte, edits []Edit) ([]byte, error) {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b Edit) int {
		if a.Start != b.Start {
			return cmp.Compare(a.Start, b.Start)
		}
		return boolInt(a.End > a.Start) - boolInt(b.End > b.Start)
	})
	size := len(src)
	for i, e := range sorted {
		if e.Start > e.End || int64(e.End) > int64(len(src)) {
			return nil, fmt.Errorf("edit %v lies outside the text of %d bytes", e, len(src))
		}
		if i > 0 && sorted[i-1].End > e.Start {
			return nil, fmt.Errorf("edit %v overlaps edit %v", sorted[i-1], e)
		}
		size += len(e.Text) - int(e.End-e.Start)
	}
	out := make([]byte, 0, size)
	at := uint32(0)
	for _, e := range sorted {
		out = append(out, src[at:e.Start]...)
		out = append(out, e.Text...)
		at = e.End
	}
	return append(out, src[at:]...), nil
}

// String shows the edit for a message: its range and a quoted start of its text.
func (e Edit) String() string {
	const shown = 40
	text := e.Text
	if len(text) > shown {
		text = text[:shown] + "..."
	}
	return fmt.Sprintf("[%d,%d) to %q", e.Start, e.End, text)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
