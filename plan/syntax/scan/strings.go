package scan

import "bytes"

// maxNesting bounds the recursion into fields of format strings; CPython
// itself stops earlier.
const maxNesting = 200

// stringEnd is the offset after the string whose quote stands at i.
func (s *scanner) stringEnd(i, nesting int) int {
	q := s.src[i]
	width := 1
	if s.closes(i, q, 3) {
		width = 3
	}
	if format, raw := s.prefix(i); format {
		return s.formatEnd(i+width, q, width, raw, nesting)
	}
	i += width
	if width == 1 {
		for i < len(s.src) {
			switch s.src[i] {
			case q:
				return i + 1
			case '\\':
				i = s.escape(i)
			case '\n', '\r':
				return i
			default:
				i++
			}
		}
		return i
	}
	for start := i; ; i++ {
		n := bytes.IndexByte(s.src[i:], q)
		if n < 0 {
			return len(s.src)
		}
		i += n
		slashes := i
		for slashes > start && s.src[slashes-1] == '\\' {
			slashes--
		}
		if (i-slashes)%2 == 0 && s.closes(i, q, 3) {
			return i + 3
		}
	}
}

func (s *scanner) closes(i int, q byte, width int) bool {
	return width == 1 || i+2 < len(s.src) && s.src[i] == q && s.src[i+1] == q && s.src[i+2] == q
}

// escape is the offset after the backslash at i and what it protects.
func (s *scanner) escape(i int) int {
	i += 2
	if i < len(s.src) && s.src[i-1] == '\r' && s.src[i] == '\n' {
		i++
	}
	return min(i, len(s.src))
}

// prefix reads the letters before the quote at i.
func (s *scanner) prefix(i int) (format, raw bool) {
	start := i
	for start > 0 && words[s.src[start-1]] {
		start--
		switch s.src[start] | 0x20 {
		case 'f', 't':
			format = true
		case 'r':
			raw = true
		default:
			return false, false
		}
	}
	return format && i-start <= 2, raw
}

// formatEnd is the offset after a format string whose text goes on at i.
func (s *scanner) formatEnd(i int, q byte, width int, raw bool, nesting int) int {
	for i < len(s.src) {
		switch c := s.src[i]; c {
		case q:
			if s.closes(i, q, width) {
				return i + width
			}
			i++
		case '\\':
			switch next := s.at(i + 1); {
			case next == '{' || next == '}':
				i++
			case !raw && next == 'N' && s.at(i+2) == '{':
				n := bytes.IndexByte(s.src[i:], '}')
				if n < 0 {
					return len(s.src)
				}
				i += n + 1
			default:
				i = s.escape(i)
			}
		case '{':
			if s.at(i+1) == '{' {
				i += 2
			} else {
				i = s.fieldEnd(i+1, q, width, nesting+1)
			}
		case '\n', '\r':
			if width == 1 {
				return i
			}
			i++
		default:
			i++
		}
	}
	return i
}

// fieldEnd is the offset after the replacement field whose expression starts
// at i.
func (s *scanner) fieldEnd(i int, q byte, width, nesting int) int {
	if nesting > maxNesting {
		return len(s.src)
	}
	for depth := 0; i < len(s.src); {
		switch c := s.src[i]; {
		case c == '"' || c == '\'':
			i = s.stringEnd(i, nesting)
			continue
		case c == '#':
			i = s.lineEnd(i)
			continue
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == '}' && depth == 0:
			return i + 1
		case c == ')' || c == ']' || c == '}':
			depth--
		case c == ':' && depth == 0:
			return s.specEnd(i+1, q, width, nesting)
		}
		i++
	}
	return i
}

// specEnd is the offset after the field whose format starts at i.
func (s *scanner) specEnd(i int, q byte, width, nesting int) int {
	for i < len(s.src) {
		switch c := s.src[i]; {
		case c == '}':
			return i + 1
		case c == '{':
			i = s.fieldEnd(i+1, q, width, nesting+1)
		case c == '\\' && s.at(i+1) != '{' && s.at(i+1) != '}':
			i = s.escape(i)
		default:
			i++
		}
	}
	return i
}

func (s *scanner) at(i int) byte {
	if i < len(s.src) {
		return s.src[i]
	}
	return 0
}
