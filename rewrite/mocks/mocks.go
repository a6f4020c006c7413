// Package mocks changes the paths that patches spell as strings.
//
// It knows how a plain Python string literal is written. It must not know why a
// path changes, or what is patched. Its invariant: only the text between the
// quotes changes, and only where it is exactly the old path.
package mocks

import (
	"bytes"
	"fmt"

	"fastpath/plan"
	"fastpath/rewrite/edit"
)

// Edits gives the edits of source that make each string spell its new path. The
// error names the line of a literal that is not the plain string it was taken
// for.
func Edits(source []byte, patches []plan.PatchEdit) ([]edit.Edit, error) {
	var edits []edit.Edit
	for _, p := range patches {
		start, end, ok := inside(source, p.Span.Start, p.Span.End)
		if !ok || string(source[start:end]) != p.Old {
			line := 1 + bytes.Count(source[:min(int(p.Span.Start), len(source))], []byte("\n"))
			return nil, fmt.Errorf("line %d: there is no plain string %q", line, p.Old)
		}
		edits = append(edits, edit.Edit{Start: start, End: end, Text: p.New})
	}
	return edits, nil
}

// inside finds what stands between the quotes of the literal at [start, end).
func inside(source []byte, start, end uint32) (from, to uint32, ok bool) {
	if start > end || int64(end) > int64(len(source)) {
		return 0, 0, false
	}
	literal := source[start:end]
	body := bytes.TrimLeft(literal, "rRuU")
	prefix := uint32(len(literal) - len(body))
	for _, quote := range [...]string{`"""`, "'''", `"`, "'"} {
		n := uint32(len(quote))
		if len(body) >= 2*len(quote) && bytes.HasPrefix(body, []byte(quote)) && bytes.HasSuffix(body, []byte(quote)) {
			return start + prefix + n, end - n, true
		}
	}
	return 0, 0, false
}
