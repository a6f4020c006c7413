// Package scan lists the import statements of a Python file from its bytes
// alone, hundreds of times faster than the grammar reads it, so that work over
// a whole tree need not parse the files that cannot matter.
//
// It knows strings, comments, brackets and joined lines, and that `import` is
// a keyword everywhere else. It must not know what an import means, nor see
// imports that are calls, such as importlib.import_module("x"). Its invariant:
// for every file that package syntax reads, the list is the one the parser's
// tree gives. Of a file that is not Python it says nothing reliable.
package scan

import "bytes"

// An Import is one import statement.
type Import struct {
	Start, End uint32 // from `import` or `from` to the end of the last name, star or parenthesis
	From       bool   // from Module import Names
	Lazy       bool   // the soft keyword of PEP 810 stands before it
	Star       bool   // from Module import *
	Level      int    // the number of leading dots
	Module     string // dotted, without the dots of Level; empty unless From
	Names      []Name
}

// A Name is one name of an import statement: dotted after `import`, plain
// after `from`. As is empty without an `as`.
type Name struct {
	Start    uint32
	Name, As string
}

// A scanner walks over one file.
type scanner struct {
	src     []byte
	pos     int
	comment int // where the last comment ended
	imports []Import
}

// Imports lists the import statements of src in source order, those in
// functions, classes and after a semicolon or a colon included.
func Imports(src []byte) []Import {
	if !bytes.Contains(src, []byte("import")) {
		return nil
	}
	s := scanner{src: src}
	s.run()
	return s.imports
}

// What a byte makes the scanner look up for.
const (
	skip uint8 = iota
	quote
	hash
	open
	shut
	letterF
	letterI
)

var stops = [256]uint8{'"': quote, '\'': quote, '#': hash, '(': open, '[': open, '{': open,
	')': shut, ']': shut, '}': shut, 'f': letterF, 'i': letterI}

// words tells the bytes of names; all from 0x80 count.
var words = func() (words [256]bool) {
	for c := range words {
		words[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
	}
	return words
}()

func (s *scanner) run() {
	src, i, depth := s.src, 0, 0
	for i < len(src) {
		stop := stops[src[i]]
		if stop == skip {
			i++
			continue
		}
		switch stop {
		case quote:
			i = s.stringEnd(i, 0)
		case hash:
			i = s.lineEnd(i)
			s.comment = i
		case open:
			depth++
			i++
		case shut:
			depth--
			i++
		case letterI:
			if depth == 0 && s.word(i, "import") {
				i = s.plain(i)
			} else {
				i++
			}
		case letterF:
			if depth == 0 && s.word(i, "from") && s.startsStatement(i) {
				i = s.from(i)
			} else {
				i++
			}
		}
	}
}

// word tells whether the whole word at i is w.
func (s *scanner) word(i int, w string) bool {
	end := i + len(w)
	return end <= len(s.src) && string(s.src[i:end]) == w &&
		(i == 0 || !words[s.src[i-1]] || s.afterMark(i)) && (end == len(s.src) || !words[s.src[end]])
}

// afterMark tells whether only a byte order mark, whose bytes look like
// letters, stands before i.
func (s *scanner) afterMark(i int) bool {
	return i == 3 && string(s.src[:3]) == "\xef\xbb\xbf"
}

// lineEnd is the offset of the line end that closes a comment at i.
func (s *scanner) lineEnd(i int) int {
	end := len(s.src)
	if n := bytes.IndexByte(s.src[i:], '\n'); n >= 0 {
		end = i + n
	}
	if n := bytes.IndexByte(s.src[i:end], '\r'); n >= 0 {
		return i + n
	}
	return end
}

// startsStatement tells whether a statement can start at i; the other places
// of `from` follow an expression or `yield`.
func (s *scanner) startsStatement(i int) bool {
	back := s.back(i)
	if back >= 4 && string(s.src[back-4:back]) == "lazy" && back < i && (back == 4 || !words[s.src[back-5]]) {
		back = s.back(back - 4)
	}
	if back == 0 || back == 3 && s.afterMark(3) {
		return true
	}
	switch s.src[back-1] {
	case '\n', '\r', ';', ':':
		return true
	}
	return false
}

// back is the offset after the last byte before i that is neither blank nor
// part of a joined line.
func (s *scanner) back(i int) int {
	for i > 0 {
		switch s.src[i-1] {
		case ' ', '\t', '\f':
			i--
			continue
		case '\n', '\r':
			j := i - 1
			if j > 0 && s.src[j] == '\n' && s.src[j-1] == '\r' {
				j--
			}
			if j > 0 && s.src[j-1] == '\\' && j != s.comment {
				i = j - 1
				continue
			}
		}
		break
	}
	return i
}
