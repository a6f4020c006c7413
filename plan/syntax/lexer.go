package syntax

import (
	"fmt"
	"unicode/utf8"
)

// CPython's own limits. Keeping them bounds every recursion in this package
// and in those that walk its trees.
const (
	maxBrackets = 200
	maxIndents  = 100
)

// A lexer reads Python's tokens as CPython's tokenizer does and writes the
// shadow: a copy of the source, byte for byte as long, in which whatever the
// grammar reads differently from CPython is spelled so that both agree.
//
// The grammar guesses where CPython knows: its scanner decides from the parse
// state whether a line end counts, and it takes `print`, `exec`, `type`,
// `match` and `case` for keywords where they are names. The shadow leaves it
// nothing to guess. Text is always read from the source, never from the shadow.
type lexer struct {
	src, out []byte
	pos      int
	codePage bool // not UTF-8: every byte from 0x80 is a letter
	excise   bool // take annotations and except lists out, see cut

	frames  []frame
	indents []indent

	// The logical line at hand.
	statement   bool // the next token starts a statement
	first       bool // the next token is the first of its logical line
	operand     bool // the last token ended an operand: another must not follow
	text        bool // the last token was a string: another may follow
	colon       bool // the last token was a colon outside brackets
	match       int  // where the line's leading `match` stands, -1 when it has none
	definition  byte // 'd', 'c' or 't' after def, class or type, until its brackets
	named       bool // the definition has its name
	header      bool // the statement at hand is a compound header or holds its colon back
	python2     int  // where the statement's leading `print` or `exec` stands, or -1
	expectBlock bool // the last line ended in a colon
	matchBlock  bool // and it was a match statement

	comments []lineComment // since the last logical line
	lines    []uint32      // where each logical line's first token stands
	lazy     []Span
	grafts   []graft
	err      *lexError
}

// A frame is what is known of one open bracket, and at the bottom of the
// statement itself.
type frame struct {
	open    byte // ( [ {, 'f' for the replacement field of a string, 0 at the bottom
	role    role
	commas  bool   // a comma stood in it
	lambdas uint16 // lambda keywords still waiting for their colon
	at      int    // where the bracket stands
	cut     int    // where the region to be taken out starts, -1 for none
	what    graftKind
}

// A role is what a bracket holds, where that matters.
type role uint8

const (
	plain role = iota
	typeParameters
	parameters
)

type indent struct {
	col, alt int  // with tab stops of eight and of one, as CPython counts
	match    bool // the block of a match statement
}

// A lineComment is a comment with a line to itself, and the depth of the block
// whose column it has reached.
type lineComment struct {
	span  Span
	level int
}

type lexError struct {
	at     int
	reason string
}

func (l *lexer) reset(src, out []byte) {
	*l = lexer{
		src: src, out: append(out[:0], src...),
		frames:   append(l.frames[:0], frame{cut: -1}),
		indents:  append(l.indents[:0], indent{}),
		grafts:   l.grafts[:0],
		lines:    l.lines[:0],
		comments: l.comments[:0],
	}
}

func (l *lexer) fail(at int, format string, args ...any) bool {
	if l.err == nil {
		l.err = &lexError{at, fmt.Sprintf(format, args...)}
	}
	return false
}

// run lexes the whole file; l.err says what is wrong with it, if anything.
func (l *lexer) run() {
	if hasBOM(l.src) {
		copy(l.out, "\f\f\f")
		l.pos = 3
	}
	for l.pos < len(l.src) && l.line() {
	}
	if l.err != nil {
		return
	}
	if l.expectBlock {
		l.fail(len(l.src), "expected an indented block")
	}
}

// line lexes one logical line, or skips a blank one.
func (l *lexer) line() bool {
	from := l.pos
	if l.pos == 3 && hasBOM(l.src) {
		from = 0
	}
	col, alt := l.indentation()
	if l.err != nil || l.pos == len(l.src) {
		return false
	}
	switch l.src[l.pos] {
	case '\n', '\r':
		l.newline()
		return true
	case '#':
		// The grammar looks at a comment's column to tell whose block it is in.
		level := len(l.indents) - 1
		for level > 0 && l.indents[level].col > col {
			level--
		}
		if l.pos-from >= level {
			l.indentShadow(from, l.pos, level)
		}
		at := l.pos
		l.comment()
		l.comments = append(l.comments, lineComment{Span{uint32(at), uint32(l.pos)}, level})
		if l.pos < len(l.src) {
			l.newline()
		}
		return true
	}
	if !l.dent(col, alt) {
		return false
	}
	start := l.pos
	l.statement, l.first, l.match = true, true, -1
	l.operand, l.text, l.colon = false, false, false
	l.definition, l.named, l.header, l.python2 = 0, false, false, -1
	l.frames = l.frames[:1]
	l.frames[0] = frame{cut: -1}
	if n := l.lazyAt(start); n > 0 {
		// The blanks in place of `lazy` become indentation.
		start = n
	}
	level := len(l.indents) - 1
	if start-from < level {
		return l.fail(start, "indentation is written in a way that cannot be read")
	}
	l.indentShadow(from, start, level)
	l.outdented(level)
	l.lines = append(l.lines, uint32(start))
	if !l.tokens(1) {
		return false
	}
	l.endCut(l.pos)
	l.expectBlock = l.colon
	l.matchBlock = l.match >= 0 && l.colon
	if l.match >= 0 && !l.colon {
		l.out[l.match+4] = 'H'
	}
	if l.pos < len(l.src) {
		l.newline()
	}
	return true
}

// outdented hides the comments before a line of the given level that stand
// further left than it: after a decorator the grammar would end the block.
func (l *lexer) outdented(level int) {
	for _, c := range l.comments {
		if c.level < level {
			l.blank(int(c.span.Start), int(c.span.End))
			l.grafts = append(l.grafts, graft{span: c.span, kind: graftComment})
		}
	}
	l.comments = l.comments[:0]
}

// indentation measures the white space that starts a line. A backslash in it
// joins the next line on, and the first column counts.
func (l *lexer) indentation() (col, alt int) {
	joined := 0
	for ; l.pos < len(l.src); l.pos++ {
		switch l.src[l.pos] {
		case ' ':
			col, alt = col+1, alt+1
		case '\t':
			col, alt = (col/8+1)*8, alt+1
		case '\f':
			col, alt = 0, 0
		case '\\':
			end := lineEnd(l.src, l.pos+1)
			if end == l.pos+1 {
				l.fail(l.pos, "unexpected character after line continuation character")
				return
			}
			if joined == 0 {
				joined = col
			}
			col, alt = 0, 0
			l.pos = end - 1
		default:
			if joined > 0 {
				col, alt = joined, joined
			}
			return col, alt
		}
	}
	return col, alt
}

// dent opens and closes blocks for a line that starts at col.
func (l *lexer) dent(col, alt int) bool {
	top := l.indents[len(l.indents)-1]
	opened := l.expectBlock
	l.expectBlock = false
	if col > top.col {
		switch {
		case alt <= top.alt:
			return l.fail(l.pos, "inconsistent use of tabs and spaces in indentation")
		case !opened:
			return l.fail(l.pos, "unexpected indent")
		case len(l.indents) >= maxIndents:
			return l.fail(l.pos, "too many levels of indentation")
		}
		l.indents = append(l.indents, indent{col, alt, l.matchBlock})
		return true
	}
	if opened {
		return l.fail(l.pos, "expected an indented block")
	}
	for len(l.indents) > 1 && l.indents[len(l.indents)-1].col > col {
		l.indents = l.indents[:len(l.indents)-1]
	}
	top = l.indents[len(l.indents)-1]
	switch {
	case top.col != col:
		return l.fail(l.pos, "unindent does not match any outer indentation level")
	case top.alt != alt:
		return l.fail(l.pos, "inconsistent use of tabs and spaces in indentation")
	}
	return true
}

// indentShadow writes an indentation of one blank a level that ends at to. A
// form feed sets the column back to 0, so the rest of the room does not count;
// columns above 255, which the grammar's scanner cannot hold, never arise.
func (l *lexer) indentShadow(from, to, level int) {
	for i := from; i < to-level; i++ {
		l.out[i] = '\f'
	}
	for i := to - level; i < to; i++ {
		l.out[i] = ' '
	}
}

// newline steps over one line end. The grammar knows neither lone CR nor that
// the CR of CRLF is not part of the comment before it.
func (l *lexer) newline() {
	end := lineEnd(l.src, l.pos)
	for ; l.pos < end; l.pos++ {
		l.out[l.pos] = '\n'
	}
}

// lineEnd is the offset after the line end at i, i when there is none.
func lineEnd(src []byte, i int) int {
	switch {
	case i >= len(src):
		return i
	case src[i] == '\n':
		return i + 1
	case src[i] == '\r' && i+1 < len(src) && src[i+1] == '\n':
		return i + 2
	case src[i] == '\r':
		return i + 1
	}
	return i
}

// comment steps to the end of the line. Inside brackets the comment is blanked
// and grafted back, because the line end after it is blanked too.
func (l *lexer) comment() {
	from := l.pos
	for l.pos < len(l.src) && l.src[l.pos] != '\n' && l.src[l.pos] != '\r' {
		l.pos++
	}
	if len(l.frames) > 1 {
		l.blank(from, l.pos)
		l.grafts = append(l.grafts, graft{span: Span{uint32(from), uint32(l.pos)}, kind: graftComment})
	} else if l.codePage {
		l.letters(from, l.pos)
	}
}

func (l *lexer) blank(from, to int) {
	for i := from; i < to; i++ {
		l.out[i] = ' '
	}
}

// letters hides bytes that are not ASCII from the grammar.
func (l *lexer) letters(from, to int) {
	for i := from; i < to; i++ {
		if l.out[i] >= utf8.RuneSelf {
			l.out[i] = 'x'
		}
	}
}

// continuation steps over a backslash and the line end after it. Blanks stand
// for both, so no line continuation ever shows in a tree.
func (l *lexer) continuation() bool {
	end := lineEnd(l.src, l.pos+1)
	if end == l.pos+1 {
		if end == len(l.src) {
			return l.fail(l.pos, "unexpected end of file after a line continuation")
		}
		return l.fail(l.pos, "unexpected character after line continuation character")
	}
	l.blank(l.pos, end)
	l.pos = end
	return true
}
