package facts

import (
	"bytes"
	"strings"
)

// readComments reads what comments say to fastpath, to import sorters, to
// linters and to type checkers.
func (g *gatherer) readComments() {
	noqa := map[int]bool{}
	g.attachComments()
	for i := range g.comments {
		s := &g.comments[i]
		nd := &g.tree.Nodes[s.node]
		text := g.tree.Source[nd.Start:nd.End]
		// One comment can hold several: `# noqa # fastpath: keep - reason`.
		for at := 0; at < len(text); {
			end := nextMark(text, at+1)
			g.comment(s, text[at:end], nd.Start+uint32(at), noqa)
			at = end
		}
	}
	if len(noqa) == 0 {
		return
	}
	for i := range g.m.Units {
		u := &g.m.Units[i]
		s := &g.m.Statements[u.Statement]
		u.Noqa = noqa[u.Line] || noqa[s.Line] || noqa[g.tree.Line(s.Span.End)]
	}
}

// attachComments gives each import statement the comments that belong to it.
func (g *gatherer) attachComments() {
	list := g.m.Statements
	next := 0 // the first statement that does not end before the comment
	for i := range g.comments {
		span := g.tree.Span(g.comments[i].node)
		for next < len(list) && list[next].Span.End <= span.Start {
			next++
		}
		line := g.tree.Line(span.Start)
		switch {
		case next < len(list) && list[next].Span.Start < span.Start:
			list[next].Comments = append(list[next].Comments, span)
		case next > 0 && g.tree.Line(list[next-1].Span.End) == line:
			list[next-1].Comments = append(list[next-1].Comments, span)
		case next < len(list) && g.directlyAbove(i, line, list[next].Line) && g.ownLine(span.Start):
			list[next].Comments = append(list[next].Comments, span)
		}
	}
}

// directlyAbove tells whether only comments stand on the lines between comment
// i and the statement.
func (g *gatherer) directlyAbove(i, line, statement int) bool {
	gap := statement - line
	if gap <= 0 || i+gap > len(g.comments) {
		return false
	}
	last := g.comments[i+gap-1].node
	return g.line(last) == statement-1
}

// ownLine tells whether only blanks precede offset on its line.
func (g *gatherer) ownLine(offset uint32) bool {
	line := g.tree.LineSpan(g.tree.Line(offset))
	return len(bytes.TrimLeft(g.tree.Source[line.Start:offset], " \t\f\xef\xbb\xbf")) == 0
}

// nextMark is the offset of the next # that starts a comment of its own,
// rather than one in a text like "see #12".
func nextMark(text []byte, from int) int {
	for i := from; i+1 < len(text); i++ {
		if text[i] == '#' && text[i-1] == ' ' && (text[i+1] == ' ' || text[i+1] >= 'a' && text[i+1] <= 'z') {
			return i
		}
	}
	return len(text)
}

// comment reads one comment, which starts with its #.
func (g *gatherer) comment(s *site, text []byte, start uint32, noqa map[int]bool) {
	body := bytes.TrimLeft(text[1:], " \t")
	key, rest, found := bytes.Cut(body, []byte{':'})
	switch string(bytes.ToLower(bytes.TrimSpace(key))) {
	case "fastpath":
		if k, ok := keepOf(string(rest)); ok {
			k.Line = g.tree.Line(start)
			g.m.Keeps = append(g.m.Keeps, k)
		}
	case "isort", "usort", "fmt", "yapf":
		if found {
			g.m.Sorting = append(g.m.Sorting, Sorting{Text: string(bytes.TrimSpace(text)), Line: g.tree.Line(start)})
		}
	case "type":
		if found {
			at := start + uint32(len(text)-len(rest))
			g.typeComment(s, rest, at)
		}
	default:
		if isNoqa(body) {
			noqa[g.tree.Line(start)] = true
		}
	}
}

// keepOf reads what follows `# fastpath:`, as "keep - reason" or
// "keep(CODE) - reason".
func keepOf(s string) (Keep, bool) {
	s = strings.TrimSpace(s)
	s, ok := strings.CutPrefix(s, "keep")
	if !ok || s != "" && isNameByte(s[0]) {
		return Keep{}, false
	}
	var k Keep
	s = strings.TrimLeft(s, " \t")
	if strings.HasPrefix(s, "(") {
		code, rest, closed := strings.Cut(s[1:], ")")
		if closed {
			k.Code, s = strings.TrimSpace(code), rest
		}
	}
	k.Reason = strings.TrimSpace(strings.TrimLeft(s, " \t-–—:"))
	return k, true
}

// isNoqa recognizes a mark that silences the warning about an unused import.
func isNoqa(body []byte) bool {
	if len(body) >= 4 && bytes.EqualFold(body[:4], []byte("noqa")) {
		rest := bytes.TrimLeft(body[4:], " \t")
		if len(rest) == 0 || rest[0] != ':' {
			return len(body) == 4 || !isNameByte(body[4])
		}
		return bytes.Contains(bytes.ToUpper(rest), []byte("F401"))
	}
	return bytes.HasPrefix(body, []byte("pylint:")) && bytes.Contains(body, []byte("unused-import")) ||
		bytes.HasPrefix(body, []byte("pyflakes:")) && bytes.Contains(body, []byte("ignore"))
}
