package syntax

import (
	"unicode"
	"unicode/utf8"
)

// A wordKind is what a word means to the tokenizer.
type wordKind uint8

const (
	name wordKind = iota
	keyword
	compound // a keyword that starts a header, which ends in a colon
	operandKeyword
	softKeyword
)

func kindOfWord(w []byte) wordKind {
	if len(w) > 8 || len(w) < 2 {
		return name
	}
	switch string(w) {
	case "None", "True", "False":
		return operandKeyword
	case "class", "def", "if", "elif", "else", "for", "while", "try", "except", "finally", "with", "async":
		return compound
	case "and", "as", "assert", "await", "break", "continue", "del", "from", "global", "import", "in", "is",
		"lambda", "nonlocal", "not", "or", "pass", "raise", "return", "yield":
		return keyword
	case "match", "case", "type", "print", "exec":
		return softKeyword
	}
	return name
}

// wordEnd is the end of the word that starts at i. Bytes from 0x80 belong to
// words; validName looks at them more closely.
func wordEnd(src []byte, i int) int {
	for i < len(src) && (class[src[i]] == isLetter || class[src[i]] == isDigit) {
		i++
	}
	return i
}

func (l *lexer) word() bool {
	from := l.pos
	end := wordEnd(l.src, from)
	w := l.src[from:end]
	if len(w) <= 2 && end < len(l.src) && class[l.src[end]] == isQuote {
		if p, ok := stringPrefix(w); ok {
			if !l.operandStarts(from, true) {
				return false
			}
			if p.template {
				l.templateShadow(from, end)
			}
			return l.stringLiteral(end, p)
		}
	}
	l.pos = end
	statement, first, bottom := l.statement, l.first, len(l.frames) == 1
	kind := kindOfWord(w)
	switch kind {
	case keyword, compound:
		l.token()
		return l.keyword(string(w), from, statement, kind == compound)
	case softKeyword:
		if statement && bottom && l.softKeyword(w[0], from, first) {
			return true
		}
		// An upper-case letter makes it an ordinary name.
		l.out[end-1] &^= 0x20
	}
	if !l.operandStarts(from, false) || !l.validName(from, end) {
		return false
	}
	if statement && bottom && kind == softKeyword && (w[0] == 'p' || w[0] == 'e') {
		l.python2 = from
	} else if bottom {
		l.named = l.definition != 0 && !l.named
		if !l.named {
			l.definition = 0
		}
	}
	return true
}

// keyword is told of a hard keyword.
func (l *lexer) keyword(w string, at int, statement, compound bool) bool {
	if !compound {
		switch w {
		case "lambda":
			if top := l.top(); top.open != 'f' {
				top.lambdas++
			}
		case "as":
			if top := l.top(); top.open == 0 {
				top.cut = -1
			}
		case "await":
			if i := l.skipBlanks(l.pos); i < len(l.src) && class[l.src[i]] == isOther && l.src[i] != '.' &&
				l.src[i] != '\\' && l.src[i] != '#' && l.src[i] != '-' && l.src[i] != '+' && l.src[i] != '~' {
				return l.fail(at, "invalid syntax: await is a keyword")
			}
		}
		return true
	}
	if len(l.frames) > 1 {
		return true
	}
	l.header = l.header || statement
	switch w {
	case "def", "class":
		l.definition, l.named = w[0], false
	case "async":
		// Up to Python 3.6 it was a name.
		i := l.skipBlanks(l.pos)
		switch next := string(l.src[i:wordEnd(l.src, i)]); {
		case statement && (next == "def" || next == "for" || next == "with"):
			l.statement = true
		case statement && (i == len(l.src) || l.src[i] != '\\'):
			return l.fail(at, "invalid syntax: async is a keyword")
		}
	case "except":
		l.exceptClause(at)
	}
	return true
}

// exceptClause spells `except *` as the one token the grammar has for it, and
// marks a list without parentheses (PEP 758).
func (l *lexer) exceptClause(at int) {
	i := l.skipBlanks(l.pos)
	if i < len(l.src) && l.src[i] == '*' {
		if i > l.pos {
			l.out[i] = ' '
			l.out[l.pos] = '*'
			l.grafts = append(l.grafts, graft{span: Span{uint32(at), uint32(i + 1)}, kind: graftStar})
		}
		l.pos = i + 1
	}
	l.startCut(l.pos, graftList)
}

// softKeyword tells whether a soft keyword that starts a statement is one.
func (l *lexer) softKeyword(letter byte, at int, first bool) bool {
	switch letter {
	case 'm':
		// The end of the line tells: only a header ends in a colon.
		if !first {
			return false
		}
		l.token()
		l.match = at
		return true
	case 'c':
		if !first || !l.indents[len(l.indents)-1].match {
			return false
		}
		l.token()
		l.header = true
		return true
	case 't':
		i := l.skipJoined(l.pos)
		end := wordEnd(l.src, i)
		if i == end || class[l.src[i]] != isLetter {
			return false
		}
		switch kindOfWord(l.src[i:end]) {
		case name, softKeyword:
		default:
			return false
		}
		l.token()
		l.definition, l.named = 't', false
		return true
	}
	return false
}

// skipJoined skips blanks and joined lines.
func (l *lexer) skipJoined(i int) int {
	for {
		i = l.skipBlanks(i)
		if i+1 >= len(l.src) || l.src[i] != '\\' {
			return i
		}
		end := lineEnd(l.src, i+1)
		if end == i+1 {
			return i
		}
		i = end
	}
}

// lazyAt masks the soft keyword of PEP 810 at i, where a statement starts, and
// gives the offset of the import after it; 0 when there is none.
func (l *lexer) lazyAt(i int) int {
	const lazy = "lazy"
	if len(l.src)-i < len(lazy) || string(l.src[i:i+len(lazy)]) != lazy {
		return 0
	}
	next := l.skipBlanks(i + len(lazy))
	if next == i+len(lazy) {
		return 0
	}
	switch string(l.src[next:wordEnd(l.src, next)]) {
	case "import", "from":
		l.blank(i, next)
		l.lazy = append(l.lazy, Span{uint32(i), uint32(i + len(lazy))})
		l.pos = next
		return next
	}
	return 0
}

// validName checks the letters that are not ASCII, and writes ASCII ones in
// their place: the grammar's idea of a letter is older than CPython's.
func (l *lexer) validName(from, end int) bool {
	for i := from; i < end; {
		if l.src[i] < utf8.RuneSelf {
			i++
			continue
		}
		if l.codePage {
			l.out[i] = 'x'
			i++
			continue
		}
		r, n := utf8.DecodeRune(l.src[i:end])
		if !letter(r) || i == from && unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc) {
			if !unicode.IsPrint(r) {
				return l.fail(i, "invalid non-printable character U+%04X", r)
			}
			return l.fail(i, "invalid character %q (U+%04X)", r, r)
		}
		l.letters(i, i+n)
		i += n
	}
	return true
}

// letter tells whether r can stand in a name. Code points that this build's
// Unicode tables do not know may be letters to a newer Python.
func letter(r rune) bool {
	return unicode.In(r, unicode.L, unicode.Nl, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc,
		unicode.Other_ID_Start, unicode.Other_ID_Continue) ||
		!unicode.In(r, unicode.C, unicode.P, unicode.S, unicode.Z, unicode.M, unicode.N)
}
