package rewrite

import (
	"slices"
	"strings"

	"fastpath/plan/syntax"
	"fastpath/rewrite/edit"
)

// remove takes whole statements out of the suite.
func (u *suite) remove(gone map[syntax.NodeID]bool) {
	if u.inline {
		u.cutStatements(u.stmts, gone)
		return
	}
	for _, l := range u.lines {
		switch taken := countGone(l.stmts, gone); {
		case taken == 0:
		case taken == len(l.stmts):
			l.gone = true
		default:
			u.cutStatements(l.stmts, gone)
		}
	}
}

func countGone(stmts []syntax.NodeID, gone map[syntax.NodeID]bool) int {
	n := 0
	for _, st := range stmts {
		if gone[st] {
			n++
		}
	}
	return n
}

// cutStatements takes statements out of a line that holds others too; the
// semicolon of each goes with it.
func (u *suite) cutStatements(stmts []syntax.NodeID, gone map[syntax.NodeID]bool) {
	s := u.src
	if n := countGone(stmts, gone); n == 0 {
		return
	} else if n == len(stmts) {
		span := syntax.Span{Start: s.tree.Span(stmts[0]).Start, End: s.end(stmts[len(stmts)-1])}
		u.edits = append(u.edits, edit.Edit{Start: span.Start, End: span.End, Text: "pass"})
		return
	}
	for i := 0; i < len(stmts); i++ {
		if !gone[stmts[i]] {
			continue
		}
		j := i
		for j+1 < len(stmts) && gone[stmts[j+1]] {
			j++
		}
		e := edit.Edit{Start: s.tree.Span(stmts[i]).Start}
		if j+1 < len(stmts) {
			e.End = s.tree.Span(stmts[j+1]).Start
		} else {
			e.Start, e.End = s.end(stmts[i-1]), s.end(stmts[j])
		}
		u.edits = append(u.edits, e)
		i = j
	}
}

// finish gives the edits of the suite.
func (u *suite) finish() []edit.Edit {
	edits := u.edits
	if u.inline {
		return append(edits, u.unfold()...)
	}
	u.keepStatement()
	prev := (*line)(nil)
	for i := 0; i < len(u.lines); {
		if l := u.lines[i]; !l.gone && !l.fresh {
			prev = l
			i++
			continue
		}
		j := i
		for j < len(u.lines) && (u.lines[j].gone || u.lines[j].fresh) {
			j++
		}
		next := (*line)(nil)
		if j < len(u.lines) {
			next = u.lines[j]
		}
		edits = append(edits, u.region(prev, u.lines[i:j], next))
		i = j
	}
	return edits
}

// keepStatement puts a `pass` where the last statement of a body has gone.
func (u *suite) keepStatement() {
	first := -1
	for i, l := range u.lines {
		if l.role != commentLine && !l.gone {
			return
		}
		if l.gone && l.role != commentLine && first < 0 {
			first = i
		}
	}
	if first >= 0 && !u.module {
		u.insert(first, &line{text: u.indent + "pass"})
	}
}

// region writes anew what stands between prev and next, nil at the ends of the
// suite: changed are lines that are gone or fresh.
func (u *suite) region(prev *line, changed []*line, next *line) edit.Edit {
	s := u.src
	at := u.start
	if prev != nil {
		at = prev.span.End
	}
	e := edit.Edit{Start: at}
	var gaps []syntax.Span
	var fresh []*line
	for _, l := range changed {
		if l.fresh {
			fresh = append(fresh, l)
			continue
		}
		gaps = append(gaps, syntax.Span{Start: at, End: l.span.Start})
		at = l.span.End
	}
	e.End = at
	if next != nil {
		gaps = append(gaps, syntax.Span{Start: at, End: next.span.Start})
		e.End = next.span.Start
	}
	var out strings.Builder
	if len(fresh) > 0 && e.Start > s.body && !isLineEnd(s.text[e.Start-1]) {
		out.WriteString(s.eol) // the line before is the file's last and unfinished
	}
	left := prev
	used := make([]bool, len(gaps))
	for _, l := range fresh {
		u.gap(&out, left, l, gaps, used)
		out.WriteString(l.text + s.eol)
		left = l
	}
	if next != nil {
		u.gap(&out, left, next, gaps, used)
	}
	e.Text = out.String()
	if n := len(s.text); int(e.End) == n && n > 0 && !isLineEnd(s.text[n-1]) {
		e.Text = trimLineEnd(e.Text)
	}
	return e
}

// gap writes the blank lines between two lines that have become neighbours.
// gaps are those that stood in the region before; one that is as wide is taken
// over, with the blanks and form feeds in it, but only once.
func (u *suite) gap(out *strings.Builder, a, b *line, gaps []syntax.Span, used []bool) {
	s := u.src
	want := u.blanksFor(a, b, gaps)
	for i := range gaps {
		if !b.fresh {
			i = len(gaps) - 1 - i
		}
		if g := gaps[i]; !used[i] && s.blanks(g.Start, g.End) == want {
			used[i] = true
			out.WriteString(s.slice(g.Start, g.End))
			return
		}
	}
	out.WriteString(strings.Repeat(s.eol, want))
}

// blanksFor is the number of blank lines between a and b, following what the
// formatters ask for and otherwise what stood there.
func (u *suite) blanksFor(a, b *line, gaps []syntax.Span) int {
	s := u.src
	widest := 0
	for _, g := range gaps {
		widest = max(widest, s.blanks(g.Start, g.End))
	}
	first, last := 0, 0
	if len(gaps) > 0 {
		first = s.blanks(gaps[0].Start, gaps[0].End)
		last = s.blanks(gaps[len(gaps)-1].Start, gaps[len(gaps)-1].End)
	}
	switch {
	case a == nil && u.module:
		return 0
	case a == nil:
		return first
	case s.layout.LinesAfter > 0 && u.module && a.role == importLine && !u.importsFrom(b):
		return s.layout.LinesAfter
	case u.endsImports(a, b):
		return 1 // two blank lines would set off what has gone
	case !a.fresh && !b.fresh:
		if a.role == docLine && b.role != blockLine {
			return first
		}
		return widest
	case a.role == docLine:
		if u.module {
			return max(first, 1)
		}
		return min(first, 1)
	case a.group != 0 && a.group == b.group && b.noted && a.role == importLine && !s.tight:
		return 1
	case a.group != 0 && a.group == b.group && !b.fresh && b.role == commentLine && s.tight:
		return last
	case a.group != 0 && a.group == b.group && !b.fresh && b.role == commentLine:
		return max(last, 1)
	case a.group != 0 && a.group == b.group:
		return 0
	case b.fresh && a.role == commentLine && !u.module:
		return 0 // a type comment of the signature
	case b.fresh && a.role == commentLine:
		return max(first, 1)
	case b.fresh:
		return 1
	case b.role == importLine || b.group != 0:
		return max(last, 1)
	case a.role == importLine && u.hadImportBefore(a):
		return last
	case u.module && u.opensDefinition(b):
		return max(widest, 2)
	}
	return max(last, 1)
}

// importsFrom tells whether b, or what follows behind comments, is an import.
func (u *suite) importsFrom(b *line) bool {
	i := slices.Index(u.lines, b)
	for i < len(u.lines) && (u.lines[i].role == commentLine || u.lines[i].gone) {
		i++
	}
	return i < len(u.lines) && u.lines[i].role == importLine
}

// opensDefinition tells whether b, or what the comment b stands right above,
// is a definition.
func (u *suite) opensDefinition(b *line) bool {
	if i := slices.Index(u.lines, b); b.role == commentLine && i+1 < len(u.lines) && u.blanksBetween(b, u.lines[i+1]) == 0 {
		b = u.lines[i+1]
	}
	return b.role == blockLine
}

// endsImports tells whether the imports of the module now end with a above b, a
// plain statement that something else stood above.
func (u *suite) endsImports(a, b *line) bool {
	if !u.module || a.role != importLine || b.role == importLine || b.group != 0 || u.opensDefinition(b) {
		return false
	}
	i := slices.Index(u.lines, b) - 1
	for i >= 0 && u.lines[i].fresh {
		i--
	}
	return i < 0 || u.lines[i].role != importLine
}

// hadImportBefore tells whether the fresh import line a continues a run that
// the file already had.
func (u *suite) hadImportBefore(a *line) bool {
	for i := slices.Index(u.lines, a) - 1; i >= 0 && u.lines[i].role == importLine; i-- {
		if !u.lines[i].fresh && !u.lines[i].gone {
			return true
		}
	}
	return false
}

// unfold turns an inline suite into a block when lines were put in.
func (u *suite) unfold() []edit.Edit {
	if len(u.lines) == 0 {
		return nil
	}
	s := u.src
	first := s.tree.Span(u.stmts[0]).Start
	if u.role(u.stmts, true) != importLine && isString(s.tree, s.tree.FirstNamed(u.stmts[0])) && len(u.stmts) > 1 {
		// A docstring has to stay the first statement.
		at := s.tree.Span(u.stmts[1]).Start
		var edits []edit.Edit
		for _, l := range u.lines {
			edits = append(edits, edit.Edit{Start: at, End: at, Text: strings.TrimSpace(l.text) + "; "})
		}
		return edits
	}
	var out strings.Builder
	out.WriteString(s.eol)
	for i, l := range u.lines {
		if i > 0 && l.group != u.lines[i-1].group {
			out.WriteString(s.eol)
		}
		out.WriteString(l.text + s.eol)
	}
	out.WriteString(s.eol + u.indent)
	return []edit.Edit{{Start: u.colon, End: first, Text: out.String()}}
}
