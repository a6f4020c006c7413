package rewrite

import (
	"strings"

	"fastpath/plan/syntax"
)

// keepsMeaning tells whether a moved name needs a copy of the pragma: what a
// type checker ignores is the import of the module, wherever it stands.
func keepsMeaning(note string) bool {
	body := strings.TrimLeft(strings.TrimPrefix(note, "#"), " \t")
	return strings.HasPrefix(body, "type: ignore") || strings.HasPrefix(body, "type:ignore") ||
		strings.HasPrefix(body, "pyright: ignore")
}

// noteAfter is the comment behind the statement on its last line, "" when
// another statement follows there.
func (s *source) noteAfter(st *importStatement) string {
	rest := s.slice(st.span.End, s.lineEnd(max(st.span.End, 1)-1))
	rest = strings.TrimLeft(rest, " \t\f;")
	if !strings.HasPrefix(rest, "#") {
		return ""
	}
	return strings.TrimRight(rest, " \t\f\r\n")
}

// attached finds the comment lines above a statement that belong to it alone.
// A comment directly above an import may as well be the heading of its group;
// it is taken for the statement's own only when it names what is imported, or
// when it stands inside a group and the group ends with the statement.
func (w *writer) attached(u *suite, l *line) *line {
	at := -1
	for i := range u.lines {
		if u.lines[i] == l {
			at = i
		}
	}
	if at < 1 || len(l.stmts) != 1 {
		return nil
	}
	above := u.lines[at-1]
	if above.role != commentLine || u.blanksBetween(above, l) != 0 || u.module && at == 1 {
		return nil // nor does the header of the file belong to an import
	}
	text := u.src.slice(above.span.Start, above.span.End)
	for _, p := range []string{"isort:", "fmt:", "yapf:", "ruff:", "pylint:", "usort:", "type:"} {
		if strings.Contains(text, p) {
			return nil
		}
	}
	ends := at+1 == len(u.lines) || u.blanksBetween(l, u.lines[at+1]) > 0 || u.lines[at+1].role != importLine
	if !u.module && at+1 < len(u.lines) && u.lines[at+1].role != importLine && u.blanksBetween(l, u.lines[at+1]) == 0 {
		return nil // in a function it may as well speak of what follows
	}
	st := u.src.readImport(l.stmts[0])
	for i := range st.items {
		if mentions(text, st.bound(i)) || mentions(text, st.items[i].name) {
			return above
		}
	}
	if st.from && mentions(text, strings.TrimLeft(st.module, ".")) {
		return above
	}
	inside := at >= 2 && u.lines[at-2].role == importLine && u.blanksBetween(u.lines[at-2], above) == 0
	if inside && ends {
		return above
	}
	return nil
}

// mentions tells whether name stands in text as a word of its own.
func mentions(text, name string) bool {
	for at := 0; name != ""; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return false
		}
		i += at
		end := i + len(name)
		if (i == 0 || !isWord(text[i-1])) && (end == len(text) || !isWord(text[end])) {
			return true
		}
		at = i + 1
	}
	return false
}

func isWord(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// notesAbove are the comment lines that go with a statement that moves whole.
func (w *writer) notesAbove(statement int) []string {
	above := w.above[statement]
	if above == (syntax.Span{}) {
		return nil
	}
	var notes []string
	for _, text := range strings.FieldsFunc(w.src.slice(above.Start, above.End), func(r rune) bool { return r == '\n' || r == '\r' }) {
		notes = append(notes, strings.Trim(text, " \t\f"))
	}
	return notes
}
