package scan

import "strings"

// plain reads `import a.b as c, d`, whose keyword stands at i, and gives the
// offset after it.
func (s *scanner) plain(i int) int {
	imp := Import{Start: uint32(i), Lazy: s.lazy(i)}
	s.pos = i + len("import")
	for {
		s.blanks(false)
		if !s.name(&imp, true, false) {
			break
		}
		end := s.pos
		s.blanks(false)
		if s.peek() != ',' {
			s.pos = end
			break
		}
		s.pos++
	}
	return s.add(imp)
}

// from reads `from .a import b as c, (d)`.
func (s *scanner) from(i int) int {
	imp := Import{Start: uint32(i), From: true, Lazy: s.lazy(i)}
	s.pos = i + len("from")
	for s.blanks(false); s.peek() == '.'; s.blanks(false) {
		imp.Level++
		s.pos++
	}
	if !s.word(s.pos, "import") {
		imp.Module = s.dotted(false)
	}
	s.blanks(false)
	if !s.word(s.pos, "import") {
		return s.pos
	}
	s.pos += len("import")
	s.blanks(false)
	inside := false
	switch s.peek() {
	case '*':
		imp.Star = true
		s.pos++
		return s.add(imp)
	case '(':
		inside = true
		s.pos++
	}
	for {
		s.blanks(inside)
		if !s.name(&imp, false, inside) {
			break
		}
		end := s.pos
		s.blanks(inside)
		if s.peek() != ',' {
			if !inside {
				s.pos = end
			}
			break
		}
		s.pos++
	}
	if inside && s.peek() == ')' {
		s.pos++
	}
	return s.add(imp)
}

func (s *scanner) add(imp Import) int {
	imp.End = uint32(s.pos)
	if imp.Star || len(imp.Names) > 0 {
		s.imports = append(s.imports, imp)
	}
	return s.pos
}

// lazy tells whether the soft keyword stands before the statement at i.
func (s *scanner) lazy(i int) bool {
	end := s.back(i)
	return end < i && end >= 4 && string(s.src[end-4:end]) == "lazy" && (end == 4 || !words[s.src[end-5]])
}

// name reads one name with its alias; false when there is none.
func (s *scanner) name(imp *Import, dotted, inside bool) bool {
	n := Name{Start: uint32(s.pos)}
	if dotted {
		n.Name = s.dotted(inside)
	} else {
		n.Name = s.identifier()
	}
	if n.Name == "" {
		return false
	}
	end := s.pos
	s.blanks(inside)
	if s.word(s.pos, "as") {
		s.pos += len("as")
		s.blanks(inside)
		n.As = s.identifier()
	} else {
		s.pos = end
	}
	imp.Names = append(imp.Names, n)
	return true
}

// dotted reads names joined by dots, between which blanks may stand.
func (s *scanner) dotted(inside bool) string {
	first := s.identifier()
	if first == "" || s.peek() != '.' && !s.dotAhead(inside) {
		return first
	}
	parts := []string{first}
	for s.dotAhead(inside) {
		s.blanks(inside)
		s.pos++
		s.blanks(inside)
		parts = append(parts, s.identifier())
	}
	return strings.Join(parts, ".")
}

func (s *scanner) dotAhead(inside bool) bool {
	here := s.pos
	s.blanks(inside)
	dot := s.peek() == '.'
	s.pos = here
	return dot
}

func (s *scanner) identifier() string {
	start := s.pos
	for s.pos < len(s.src) && words[s.src[s.pos]] {
		s.pos++
	}
	return string(s.src[start:s.pos])
}

func (s *scanner) peek() byte { return s.at(s.pos) }

// blanks skips white space and joined lines, and in parentheses line ends and
// comments too.
func (s *scanner) blanks(inside bool) {
	for s.pos < len(s.src) {
		switch c := s.src[s.pos]; {
		case c == ' ' || c == '\t' || c == '\f':
			s.pos++
		case c == '\\' && (s.at(s.pos+1) == '\n' || s.at(s.pos+1) == '\r'):
			s.pos = s.escape(s.pos)
		case inside && (c == '\n' || c == '\r'):
			s.pos++
		case inside && c == '#':
			s.pos = s.lineEnd(s.pos)
		default:
			return
		}
	}
}
