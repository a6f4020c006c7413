package rewrite

import (
	"strings"
	"unicode/utf8"

	"fastpath/plan/syntax"
)

// A listMode is one way to break a list of names that is too long for a line.
// The import sorters know them as modes 3, 0, 1 and 5.
type listMode uint8

const (
	hanging  listMode = iota // each name on a line of its own, indented once
	grid                     // filled lines, aligned to the parenthesis
	vertical                 // a name a line, aligned to the parenthesis
	grouped                  // filled lines, indented once, the parenthesis on a line of its own
)

// A listStyle is a mode and whether a comma ends the list.
type listStyle struct {
	mode  listMode
	comma bool
}

var allStyles = []listStyle{{hanging, true}, {hanging, false}, {grid, false}, {vertical, false},
	{grouped, false}, {grouped, true}, {grid, true}, {vertical, true}}

// modeNames are the modes as a Layout names them.
var modeNames = map[string]listMode{"hanging": hanging, "grid": grid, "vertical": vertical, "grouped": grouped}

// listStyles is what the file's own statements show.
type listStyles struct {
	usual listStyle
	known bool // a statement showed it
}

// columns is the width of text. A tab counts as much as what it stands for: the
// formatters that keep tabs take them for four blanks.
func columns(text string) int {
	return utf8.RuneCountInString(text) + 3*strings.Count(text, "\t")
}

// spell writes the names behind head, on one line when that is within limit
// columns, otherwise in the style given. Lines after the first are indented.
func (s *source) spell(head, open string, names []string, indent string, style listStyle, limit int) string {
	line := head + " " + strings.Join(names, ", ")
	if open != "" {
		line += "  " + open
	}
	wraps := s.layout.BreakFrom > 0 && len(names) >= s.layout.BreakFrom && (style.mode == hanging || style.mode == vertical)
	if columns(indent)+columns(line) <= limit && !wraps || !strings.HasPrefix(head, "from") || names[0] == "*" {
		return line
	}
	return s.breakList(head, open, names, indent, style, limit)
}

// spellNoted is spell with a note behind the names. Where that does not fit on
// the line, sorters write it behind the opening parenthesis, those notes aside
// that are about their line.
func (s *source) spellNoted(head string, names []string, indent, note string) string {
	text := s.spell(head, "", names, indent, s.styles.usual, s.limit)
	if note == "" {
		return text
	}
	line := text + "  " + note
	if !s.exceeds(indent+line, s.limit) && !strings.Contains(text, s.eol) || !strings.HasPrefix(head, "from") ||
		s.styles.usual.mode != hanging || keepsMeaning(note) || strings.Contains(note, "noqa") {
		return line
	}
	return s.breakList(head, note, names, indent, s.styles.usual, s.limit)
}

func (s *source) breakList(head, open string, names []string, indent string, style listStyle, limit int) string {
	var out strings.Builder
	if len(names) == 1 && (style.mode == grid || style.mode == vertical) {
		return head + " \\" + s.eol + indent + s.unit + names[0]
	}
	out.WriteString(head + " (")
	aligned := s.eol + indent + strings.Repeat(" ", columns(head)+2)
	inner := s.eol + indent + s.unit
	tail := ""
	if style.comma {
		tail = ","
	}
	switch style.mode {
	case hanging:
		if open != "" {
			out.WriteString("  " + open)
		}
		out.WriteString(inner + strings.Join(names, ","+inner) + tail + s.eol + indent + ")")
	case vertical:
		out.WriteString(strings.Join(names, ","+aligned) + tail + ")")
	case grid:
		s.fill(&out, names, columns(indent+head)+2, aligned, limit)
		out.WriteString(tail + ")")
		if s.exceeds(indent+out.String(), limit) {
			out.Reset()
			out.WriteString(head + " (" + inner)
			s.fill(&out, names, columns(indent+s.unit), inner, limit)
			out.WriteString(tail + ")")
		}
	case grouped:
		out.WriteString(inner)
		s.fill(&out, names, columns(indent+s.unit), inner, limit)
		out.WriteString(tail + s.eol + indent + ")")
	}
	return out.String()
}

func (s *source) exceeds(text string, limit int) bool {
	for _, line := range strings.Split(text, s.eol) {
		if columns(line) > limit {
			return true
		}
	}
	return false
}

// fill writes names on lines of up to limit columns; col is where the first
// one stands.
func (s *source) fill(out *strings.Builder, names []string, col int, newline string, limit int) {
	start := columns(newline) - columns(s.eol)
	for i, name := range names {
		width := columns(name) + 1 // and the comma or parenthesis behind it
		switch {
		case i == 0:
		case col+1+width > limit:
			out.WriteString(newline)
			col = start
		default:
			out.WriteString(" ")
			col++
		}
		out.WriteString(name)
		if i < len(names)-1 {
			out.WriteString(",")
		}
		col += width
	}
}

// styleOf finds the style and line length under which a sorter would have
// written st exactly as it stands. ok is false for a statement on one line and
// for one that was laid out by hand.
func (s *source) styleOf(st *importStatement, indent string) (style listStyle, limit int, ok bool) {
	text := s.slice(st.span.Start, st.span.End)
	if !strings.ContainsAny(text, "\r\n") || len(st.below) > 0 {
		return listStyle{}, 0, false
	}
	for _, it := range st.items {
		if it.after != "" || len(it.above) > 0 {
			return listStyle{}, 0, false
		}
	}
	names := st.names()
	for _, limit := range s.limits() {
		for _, style := range allStyles {
			if st.open != "" && style.mode != hanging {
				continue
			}
			if s.spell(st.head(), st.open, names, indent, style, limit) == text {
				return style, limit, true
			}
		}
	}
	return listStyle{}, 0, false
}

func (st *importStatement) names() []string {
	names := make([]string, len(st.items))
	for i, it := range st.items {
		names[i] = it.text
	}
	return names
}

// limits are the line lengths to try: the given one, or the one seen and then
// the usual ones.
func (s *source) limits() []int {
	if s.given {
		return []int{s.limit}
	}
	limits := []int{s.limit}
	for _, l := range usualLimits {
		if l != s.limit {
			limits = append(limits, l)
		}
	}
	return limits
}

// seenStyles is the configured style, else that of the first broken import
// statement that shows one.
func (s *source) seenStyles() listStyles {
	if mode, ok := modeNames[s.layout.Lists]; ok {
		return listStyles{listStyle{mode, s.layout.Comma}, true}
	}
	for i := range s.tree.Nodes {
		n := syntax.NodeID(i)
		if s.tree.Kind(n) != syntax.ImportFromStatement {
			continue
		}
		indent, _ := s.indentAt(s.tree.Span(n).Start)
		if style, _, ok := s.styleOf(s.readImport(n), indent); ok {
			return listStyles{style, true}
		}
	}
	return listStyles{usual: listStyle{hanging, true}}
}
