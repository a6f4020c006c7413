package syntax

// tokens lexes until the line ends outside brackets, or, for the replacement
// field of a string (depth frames are open), until the field's expression ends.
func (l *lexer) tokens(depth int) bool {
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		switch class[c] {
		case isBlank:
			l.pos++
		case isLineEnd:
			if len(l.frames) == 1 {
				return true
			}
			end := lineEnd(l.src, l.pos)
			l.blank(l.pos, end)
			l.pos = end
		case isLetter:
			if !l.word() {
				return false
			}
		case isDigit:
			if !l.number() {
				return false
			}
		case isQuote:
			if !l.operandStarts(l.pos, true) || !l.stringLiteral(l.pos, prefix{}) {
				return false
			}
		case isOpen:
			if !l.open(c) {
				return false
			}
		case isClose:
			if c == '}' && len(l.frames) == depth && l.top().open == 'f' {
				return true
			}
			if !l.close(c) {
				return false
			}
		default:
			if l.top().open == 'f' && len(l.frames) == depth &&
				(c == ':' || c == '!' && !l.follows("!=")) {
				return true
			}
			if !l.operator(c) {
				return false
			}
		}
	}
	if top := l.top(); top.open == 'f' {
		return l.fail(top.at, "unterminated string literal")
	} else if top.open != 0 {
		return l.fail(top.at, "%q was never closed", rune(top.open))
	}
	return true
}

func (l *lexer) top() *frame { return &l.frames[len(l.frames)-1] }

func (l *lexer) follows(s string) bool {
	return len(l.src)-l.pos >= len(s) && string(l.src[l.pos:l.pos+len(s)]) == s
}

// operandStarts notes a name, number, string or display that starts at at. Two
// in a row are never Python; finding that out here spares the grammar's error
// recovery the work on whole files of another language.
func (l *lexer) operandStarts(at int, text bool) bool {
	if l.operand && !(text && l.text) {
		if l.python2 >= 0 {
			return l.fail(l.python2, "%s statement of Python 2", l.src[l.python2:wordEnd(l.src, l.python2)])
		}
		return l.fail(at, "invalid syntax")
	}
	l.token()
	l.operand, l.text = true, text
	return true
}

// token notes what holds after any token.
func (l *lexer) token() {
	l.statement, l.first, l.colon = false, false, false
	l.operand, l.text = false, false
}

func (l *lexer) push(f frame) bool {
	if len(l.frames) > maxBrackets {
		return l.fail(f.at, "too many nested parentheses")
	}
	l.frames = append(l.frames, f)
	return true
}

func (l *lexer) open(c byte) bool {
	if c == '{' && l.operand {
		return l.operandStarts(l.pos, false)
	}
	f := frame{open: c, at: l.pos, cut: -1}
	if len(l.frames) == 1 && l.named {
		switch {
		case c == '[':
			f.role = typeParameters
		case l.definition == 'd':
			f.role = parameters
			l.definition = 0
		default:
			l.definition = 0
		}
	}
	l.token()
	l.pos++
	return l.push(f)
}

func (l *lexer) close(c byte) bool {
	top := l.top()
	want := byte(')')
	switch top.open {
	case '[':
		want = ']'
	case '{':
		want = '}'
	case 0, 'f':
		return l.fail(l.pos, "unmatched %q", rune(c))
	}
	if c != want {
		return l.fail(l.pos, "closing parenthesis %q does not match opening parenthesis %q", rune(c), rune(top.open))
	}
	if !l.endCut(l.pos) {
		return false
	}
	l.frames = l.frames[:len(l.frames)-1]
	l.token()
	l.operand = true
	l.pos++
	return true
}

// operator steps over one operator or delimiter.
func (l *lexer) operator(c byte) bool {
	at := l.pos
	l.pos++
	next := byte(0)
	if l.pos < len(l.src) {
		next = l.src[l.pos]
	}
	switch c {
	case '\\':
		l.pos--
		return l.continuation()
	case '#':
		l.pos--
		l.comment()
		return true
	case '.':
		if next >= '0' && next <= '9' {
			l.pos--
			return l.number()
		}
		l.token() // three in a row may be those of a relative import: no operand
		return true
	case ':':
		if next == '=' {
			l.pos++
			break
		}
		return l.colonAt(at)
	case ';':
		l.token()
		if len(l.frames) == 1 {
			l.endCut(at)
			l.statement, l.header, l.python2 = true, false, -1
			l.definition = 0
			l.frames[0].cut = -1
			l.lazyAt(l.skipBlanks(l.pos))
		}
		return true
	case ',':
		top := l.top()
		l.token()
		if top.lambdas == 0 && top.role != plain {
			return l.endCut(at)
		}
		top.commas = true
		return true
	case '=':
		if next == '=' {
			l.pos++
			break
		}
		l.token()
		return l.equalAt(at)
	case '<':
		if next == '>' {
			return l.fail(at, "the operator <> of Python 2")
		}
		if next == '<' || next == '=' {
			l.pos++
		}
	case '>':
		if next == '>' || next == '=' {
			l.pos++
		}
	case '*', '/':
		if next == c {
			l.pos++
		}
	case '-':
		if next == '>' {
			l.pos++
			l.token()
			l.startCut(l.pos, graftAnnotation)
			return true
		}
	case '!':
		if next != '=' {
			return l.fail(at, "invalid syntax")
		}
		l.pos++
	case '+', '%', '@', '&', '|', '^', '~':
	case '`':
		return l.fail(at, "backquotes of Python 2")
	default:
		if c < ' ' || c == 0x7f {
			return l.fail(at, "invalid non-printable character U+%04X", c)
		}
		return l.fail(at, "invalid character %q", rune(c))
	}
	// The = of an augmented assignment or comparison.
	if l.pos < len(l.src) && l.src[l.pos] == '=' && c != '=' && c != ':' && c != '!' && l.src[l.pos-1] != '=' && c != '~' {
		l.pos++
	}
	l.token()
	return true
}

// colonAt is told of a colon that is not part of another operator.
func (l *lexer) colonAt(at int) bool {
	top := l.top()
	l.token()
	if top.lambdas > 0 {
		top.lambdas--
		return true
	}
	switch {
	case top.role == parameters:
		l.startCut(at+1, graftAnnotation)
	case top.open != 0:
	case l.header:
		if !l.endCut(at) { // a return annotation, or the list of an except clause
			return false
		}
		l.header, l.colon, l.statement = false, true, true
		l.definition, l.python2 = 0, -1
		l.lazyAt(l.skipBlanks(l.pos))
	default:
		l.startCut(at+1, graftAnnotation)
		l.colon = true
	}
	return true
}

// equalAt is told of a lone equals sign.
func (l *lexer) equalAt(at int) bool {
	top := l.top()
	switch {
	case top.lambdas > 0:
	case top.role == typeParameters:
		top.cut, top.what = at, graftDefault
	case top.role == parameters:
		return l.endCut(at)
	case top.open == 0:
		l.definition = 0
		return l.endCut(at)
	}
	return true
}

func (l *lexer) skipBlanks(i int) int {
	for i < len(l.src) && (l.src[i] == ' ' || l.src[i] == '\t' || l.src[i] == '\f') {
		i++
	}
	return i
}

// Classes of bytes.
const (
	isOther uint8 = iota
	isBlank
	isLineEnd
	isLetter
	isDigit
	isQuote
	isOpen
	isClose
)

var class = func() (class [256]uint8) {
	for c := range class {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c >= 0x80:
			class[c] = isLetter
		case c >= '0' && c <= '9':
			class[c] = isDigit
		case c == ' ', c == '\t', c == '\f':
			class[c] = isBlank
		case c == '\n', c == '\r':
			class[c] = isLineEnd
		case c == '"', c == '\'':
			class[c] = isQuote
		case c == '(', c == '[', c == '{':
			class[c] = isOpen
		case c == ')', c == ']', c == '}':
			class[c] = isClose
		}
	}
	return class
}()
