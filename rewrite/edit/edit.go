// Package edit replaces byte ranges of a text.
//
// It knows offsets, order, bounds and overlap, and nothing of Python. Its
// invariant: every byte outside the edited ranges is kept.
package edit

// An Edit replaces the bytes [Start, End) of the original by Text. Start equal
// to End inserts.
type Edit struct {
	Start, End uint32
	Text       string
}
