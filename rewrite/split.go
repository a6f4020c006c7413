package rewrite

import (
	"strings"

	"fastpath/rewrite/edit"
)

// split takes the items marked gone out of st, at least one staying, and
// leaves the rest as it was written. A list that a sorter had broken because
// of its length is written again as the sorter would write the rest.
func (s *source) split(st *importStatement, gone []bool) []edit.Edit {
	indent, _ := s.indentAt(st.span.Start)
	if style, limit, ok := s.styleOf(st, indent); ok {
		var names []string
		for i, it := range st.items {
			if !gone[i] {
				names = append(names, it.text)
			}
		}
		return []edit.Edit{{Start: st.span.Start, End: st.span.End,
			Text: s.spell(st.head(), st.open, names, indent, style, limit)}}
	}
	var edits []edit.Edit
	for i := 0; i < len(st.items); {
		if !gone[i] {
			i++
			continue
		}
		j := i
		for j+1 < len(st.items) && gone[j+1] {
			j++
		}
		edits = append(edits, s.cut(st, i, j)...)
		i = j + 1
	}
	return edits
}

// cut takes the items i to j out of a list.
func (s *source) cut(st *importStatement, i, j int) []edit.Edit {
	first, last := st.items[i], st.items[j]
	start := first.span.Start
	if len(first.above) > 0 {
		start = first.above[0].span.Start
	}
	final := j == len(st.items)-1
	_, startsLine := s.indentAt(start)
	endsLine := s.endsLine(last)
	if st.parens.Len() > 0 && startsLine && endsLine {
		edits := []edit.Edit{{Start: s.lineStart(start), End: s.lineEnd(last.comma)}}
		if final && !st.comma && i > 0 {
			before := st.items[i-1]
			edits = append(edits, edit.Edit{Start: before.span.End, End: before.comma})
		}
		return edits
	}
	switch {
	case final && st.items[i-1].after != "":
		return []edit.Edit{{Start: start, End: last.comma}}
	case final:
		return []edit.Edit{{Start: st.items[i-1].span.End, End: last.span.End}}
	case endsLine && !startsLine && i > 0 && s.sameLine(st.items[i-1].comma, first.span.Start):
		return []edit.Edit{{Start: st.items[i-1].comma, End: last.comma}}
	}
	return []edit.Edit{{Start: start, End: s.nextStart(st, j)}}
}

func (s *source) nextStart(st *importStatement, j int) uint32 {
	next := st.items[j+1]
	if len(next.above) > 0 {
		return next.above[0].span.Start
	}
	return next.span.Start
}

// endsLine tells whether nothing but a comma and a comment follows the item on
// its line.
func (s *source) endsLine(it item) bool {
	rest := strings.TrimLeft(s.slice(it.comma, s.lineEnd(it.comma)), " \t\f")
	return rest == "" || isLineEnd(rest[0]) || rest[0] == '#'
}

func (s *source) sameLine(a, b uint32) bool { return s.tree.Line(a) == s.tree.Line(b) }
