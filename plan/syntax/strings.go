package syntax

import (
	"bytes"
	"unicode/utf8"
)

// A prefix is what the letters before a quote say.
type prefix struct {
	raw, format, template bool
}

// stringPrefix reads the letters before a quote; not all pairs are Python's.
func stringPrefix(w []byte) (p prefix, ok bool) {
	unicode := false
	for _, c := range w {
		switch c | 0x20 {
		case 'r':
			if p.raw {
				return p, false
			}
			p.raw = true
		case 'b':
			// Bytes hide nothing that text does not.
		case 'u':
			unicode = true
		case 'f':
			p.format = true
		case 't':
			p.format, p.template = true, true
		default:
			return p, false
		}
	}
	if len(w) == 2 && (!p.raw || unicode) {
		return p, false
	}
	return p, len(w) > 0
}

// templateShadow makes the prefix of a template string (PEP 750) that of a
// format string, which has the same inner grammar.
func (l *lexer) templateShadow(from, end int) {
	for i := from; i < end; i++ {
		if l.src[i]|0x20 == 't' {
			l.out[i] = 'f' | l.src[i]&0x20
		}
	}
}

// stringLiteral steps over a string whose quote stands at at.
func (l *lexer) stringLiteral(at int, p prefix) bool {
	quote := l.src[at]
	width := 1
	if at+2 < len(l.src) && l.src[at+1] == quote && l.src[at+2] == quote {
		width = 3
	}
	l.pos = at + width
	if p.format {
		if !l.formatString(at, quote, width, p.raw) {
			return false
		}
		l.operand, l.text = true, true
		return true
	}
	if width == 1 {
		return l.shortString(at, quote)
	}
	for l.pos < len(l.src) {
		i := bytes.IndexByte(l.src[l.pos:], quote)
		if i < 0 {
			break
		}
		// A quote after an odd number of backslashes is part of the text.
		i += l.pos
		slashes := i
		for slashes > l.pos && l.src[slashes-1] == '\\' {
			slashes--
		}
		if (i-slashes)%2 == 1 {
			l.pos = i + 1
			continue
		}
		if closes(l.src, i, quote) {
			l.hideText(at, i)
			l.pos = i + 3
			return true
		}
		l.pos = i + 1
	}
	return l.fail(at, "unterminated triple-quoted string literal")
}

func closes(src []byte, i int, quote byte) bool {
	return i+2 < len(src) && src[i+1] == quote && src[i+2] == quote
}

func (l *lexer) shortString(at int, quote byte) bool {
	for l.pos < len(l.src) {
		switch l.src[l.pos] {
		case quote:
			l.hideText(at, l.pos)
			l.pos++
			return true
		case '\\':
			l.pos++
			if end := lineEnd(l.src, l.pos); end > l.pos {
				l.pos = end
				continue
			}
			l.pos++
		case '\n', '\r':
			return l.fail(at, "unterminated string literal")
		default:
			l.pos++
		}
	}
	return l.fail(at, "unterminated string literal")
}

// hideText takes from the inside of a string what the grammar trips over.
func (l *lexer) hideText(from, to int) {
	if l.codePage {
		l.letters(from, to)
	}
	if bytes.IndexByte(l.src[from:to], '\r') < 0 {
		return
	}
	for i := from; i < to; i++ {
		if l.src[i] == '\r' && (i+1 == len(l.src) || l.src[i+1] != '\n') {
			l.out[i] = '\n'
		}
	}
}

// formatString steps over the inside of a format string. Its fields hold any
// expression, strings with the same quotes included (PEP 701).
func (l *lexer) formatString(at int, quote byte, width int, raw bool) bool {
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; c {
		case quote:
			if width == 1 || closes(l.src, l.pos, quote) {
				l.pos += width
				return true
			}
			l.pos++
		case '\\':
			l.pos++
			switch {
			case l.pos == len(l.src):
			case lineEnd(l.src, l.pos) > l.pos:
				l.textLineEnd()
			case l.src[l.pos] == '{' || l.src[l.pos] == '}':
				// The backslash is text, the brace is looked at.
			case !raw && l.src[l.pos] == 'N' && l.pos+1 < len(l.src) && l.src[l.pos+1] == '{':
				end := bytes.IndexByte(l.src[l.pos:], '}')
				if end < 0 {
					return l.fail(at, "unterminated string literal")
				}
				l.pos += end + 1
			default:
				l.pos++
			}
		case '{':
			if l.pos+1 < len(l.src) && l.src[l.pos+1] == '{' {
				l.pos += 2
				continue
			}
			if !l.field(quote, width, raw) {
				return false
			}
		case '}':
			if l.pos+1 < len(l.src) && l.src[l.pos+1] == '}' {
				l.pos += 2
				continue
			}
			return l.fail(l.pos, "f-string: single '}' is not allowed")
		case '\n', '\r':
			if width == 1 {
				return l.fail(at, "unterminated string literal")
			}
			l.textLineEnd()
		default:
			if l.codePage && c >= utf8.RuneSelf {
				l.out[l.pos] = 'x'
			}
			l.pos++
		}
	}
	return l.fail(at, "unterminated string literal")
}

// textLineEnd steps over a line end inside a string.
func (l *lexer) textLineEnd() {
	end := lineEnd(l.src, l.pos)
	if end == l.pos+1 {
		l.out[l.pos] = '\n'
	}
	l.pos = end
}

// field steps over a replacement field, its format and the fields in it.
func (l *lexer) field(quote byte, width int, raw bool) bool {
	at := l.pos
	l.pos++
	state := [2]bool{l.statement, l.first}
	if !l.push(frame{open: 'f', at: at, cut: -1}) {
		return false
	}
	depth := len(l.frames)
	l.token()
	if !l.tokens(depth) {
		return false
	}
	if l.src[l.pos] == '!' {
		l.pos = wordEnd(l.src, l.skipBlanks(l.pos+1))
		l.pos = l.skipBlanks(l.pos)
		if l.pos == len(l.src) || l.src[l.pos] != '}' && l.src[l.pos] != ':' {
			return l.fail(at, "f-string: expecting '}'")
		}
	}
	if l.src[l.pos] == ':' {
		l.pos++
		if l.pos < len(l.src) && l.src[l.pos] == '=' {
			l.out[l.pos] = '-' // a format that fills, not an assignment
		}
		if !l.format(at, quote, width, raw) {
			return false
		}
	}
	l.frames = l.frames[:depth-1]
	l.pos++
	l.token()
	l.statement, l.first = state[0], state[1]
	return true
}

// format steps over the format of a field, up to the brace that ends both.
func (l *lexer) format(at int, quote byte, width int, raw bool) bool {
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case c == '}':
			return true
		case c == '{':
			if !l.field(quote, width, raw) {
				return false
			}
		case c == quote && (width == 1 || closes(l.src, l.pos, quote)):
			return l.fail(at, "f-string: expecting '}'")
		case c == '\\' && lineEnd(l.src, l.pos+1) == l.pos+1 && l.pos+1 < len(l.src) && l.src[l.pos+1] != '{' && l.src[l.pos+1] != '}':
			l.pos += 2
		case c == '\n' || c == '\r':
			if width == 1 {
				return l.fail(at, "f-string: expecting '}'")
			}
			l.textLineEnd()
		default:
			if l.codePage && c >= utf8.RuneSelf {
				l.out[l.pos] = 'x'
			}
			l.pos++
		}
	}
	return l.fail(at, "unterminated string literal")
}
