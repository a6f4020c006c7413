package rewrite

import (
	"bytes"
	"strings"

	"fastpath/plan/syntax"
)

// A source is the file as it was: its tree and the layout habits that new text
// has to follow.
type source struct {
	text   []byte
	tree   *syntax.Tree
	eol    string // the first line end of the file
	unit   string // one level of indentation
	body   uint32 // offset after the byte order mark
	limit  int    // columns of a line, as far as it is known or seen
	given  bool   // limit was given, not seen
	styles listStyles
	order  sorting // of the module's imports
	layout Layout
	tight  bool // comments stand right below imports at module level
}

const byteOrderMark = "\xef\xbb\xbf"

func newSource(text []byte, tree *syntax.Tree, layout Layout) *source {
	s := &source{text: text, tree: tree, eol: firstLineEnd(text)}
	if bytes.HasPrefix(text, []byte(byteOrderMark)) {
		s.body = uint32(len(byteOrderMark))
	}
	s.unit = s.indentUnit()
	s.layout = layout
	s.limit, s.given = layout.LineLength, layout.LineLength > 0
	if !s.given {
		s.limit = s.seenLimit()
	}
	s.styles = s.seenStyles()
	return s
}

func firstLineEnd(text []byte) string {
	i := bytes.IndexAny(text, "\r\n")
	switch {
	case i < 0 || text[i] == '\n':
		return "\n"
	case i+1 < len(text) && text[i+1] == '\n':
		return "\r\n"
	}
	return "\r"
}

// indentUnit is the indentation of the first nested block, four blanks when
// the file has none.
func (s *source) indentUnit() string {
	for n := range s.tree.Nodes {
		id := syntax.NodeID(n)
		if s.tree.Kind(id) != syntax.Block {
			continue
		}
		start := s.tree.Span(id).Start
		inner, ok := s.indentAt(start)
		if !ok {
			continue
		}
		outer, _ := s.indentAt(s.tree.Span(s.tree.Parent(id)).Start)
		if rest, found := strings.CutPrefix(inner, outer); found && rest != "" {
			return rest
		}
	}
	return "    "
}

// indentAt is the blank start of the line that offset stands on; ok tells that
// offset is the first thing on it.
func (s *source) indentAt(offset uint32) (indent string, ok bool) {
	start := s.lineStart(offset)
	end := start
	for end < offset && isBlank(s.text[end]) {
		end++
	}
	return strings.TrimLeft(string(s.text[start:end]), "\f"), end == offset
}

// lineStart is the first byte of the line of offset, after a byte order mark.
func (s *source) lineStart(offset uint32) uint32 {
	start := s.tree.LineSpan(s.tree.Line(offset)).Start
	if start < s.body {
		start = s.body
	}
	return start
}

// lineEnd is the offset after the line end of the line of offset.
func (s *source) lineEnd(offset uint32) uint32 {
	return s.tree.LineSpan(s.tree.Line(offset)).End
}

// end is the end of n without the comments that the grammar puts at the end of
// a nested block.
func (s *source) end(n syntax.NodeID) uint32 {
	for {
		last := syntax.NoNode
		for c := s.tree.First(n); c != syntax.NoNode; c = s.tree.After(c) {
			if s.tree.Kind(c) != syntax.Comment {
				last = c
			}
		}
		if last == syntax.NoNode {
			return s.tree.Span(n).End
		}
		n = last
	}
}

func (s *source) slice(start, end uint32) string { return string(s.text[start:end]) }

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\f' }

func isLineEnd(c byte) bool { return c == '\n' || c == '\r' }

// trimLineEnd cuts one line end off the end of text.
func trimLineEnd(text string) string {
	text = strings.TrimSuffix(text, "\n")
	return strings.TrimSuffix(text, "\r")
}

// The line lengths that formatters are usually given; 79 is PEP 8's and the
// import sorter's own, 88 the formatter's own.
var usualLimits = []int{79, 88, 100, 120}

// seenLimit guesses the line length from the lines that a formatter could have
// broken and left long: the smallest usual one that none exceeds. Lines with
// strings or comments say nothing.
func (s *source) seenLimit() int {
	longest := 0
	for line := 1; line <= s.tree.LineCount(); line++ {
		span := s.tree.LineSpan(line)
		text := bytes.TrimRight(s.text[span.Start:span.End], "\r\n")
		if !bytes.ContainsAny(text, "\"'#") {
			longest = max(longest, columns(string(text)))
		}
	}
	for _, limit := range usualLimits {
		if longest <= limit {
			return limit
		}
	}
	return usualLimits[len(usualLimits)-1]
}
