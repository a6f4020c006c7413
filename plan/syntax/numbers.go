package syntax

// number steps over a number. What may follow one is CPython's rule: a
// keyword may stand right after it (`1if x else 2`), any other letter may not.
func (l *lexer) number() bool {
	from := l.pos
	if !l.operandStarts(from, false) {
		return false
	}
	src := l.src
	at := func(i int) byte {
		if i < len(src) {
			return src[i]
		}
		return 0
	}
	i := from
	if src[i] == '0' && (at(i+1)|0x20 == 'x' || at(i+1)|0x20 == 'o' || at(i+1)|0x20 == 'b') {
		hex := at(i+1)|0x20 == 'x'
		i += 2
		for digit(at(i)) || at(i) == '_' || hex && at(i)|0x20 >= 'a' && at(i)|0x20 <= 'f' {
			i++
		}
	} else {
		i = digits(src, i)
		whole := i
		float := false
		if at(i) == '.' {
			i = digits(src, i+1)
			float = true
		}
		if at(i)|0x20 == 'e' {
			exponent := i + 1
			if at(exponent) == '+' || at(exponent) == '-' {
				exponent++
			}
			if digit(at(exponent)) {
				i = digits(src, exponent)
				float = true
			}
		}
		if at(i)|0x20 == 'j' {
			i++
			float = true
		}
		if !float && src[from] == '0' && !zeros(src[from:whole]) {
			return l.fail(from, "leading zeros in decimal integer literals are not permitted")
		}
	}
	if class[at(i)] == isLetter {
		switch string(src[i:wordEnd(src, i)]) {
		case "and", "else", "for", "if", "in", "is", "not", "or":
		default:
			return l.fail(i, "invalid number literal")
		}
	}
	l.pos = i
	return true
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func digits(src []byte, i int) int {
	for i < len(src) && (digit(src[i]) || src[i] == '_') {
		i++
	}
	return i
}

func zeros(literal []byte) bool {
	for _, c := range literal {
		if c != '0' && c != '_' {
			return false
		}
	}
	return true
}
