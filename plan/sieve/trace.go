package sieve

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"fastpath/plan/facts"
	"fastpath/plan/scope"
	"fastpath/plan/syntax/scan"
)

// A trace is what the bytes of a file tell of it.
type trace struct {
	read  bool     // its facts are needed whatever may move
	seen  []uint64 // the words that it holds, as a set
	bases []string // packages that it imports from by bare dots
	attrs attributes
}

// attributes is a Bloom filter of one hash over the names that a file may read
// off an object: behind a dot, or in a string.
type attributes [64]uint64

func (a *attributes) mark(name []byte) { h := hash(name); a[h/64] |= 1 << (h % 64) }

func (a *attributes) may(name string) bool { h := hash([]byte(name)); return a[h/64]&(1<<(h%64)) != 0 }

// hash is FNV-1a, folded to the bits of attributes.
func hash(name []byte) uint32 {
	h := uint32(2166136261)
	for _, c := range name {
		h = (h ^ uint32(c)) * 16777619
	}
	return (h ^ h>>16) % uint32(64*len(attributes{}))
}

func (t *trace) has(w word) bool { return t.seen[w/64]&(1<<(w%64)) != 0 }

func (t *trace) mark(w word) { t.seen[w/64] |= 1 << (w % 64) }

// speaks tells whether the file could name one of the subjects.
func (t *trace) speaks(s *Sieve, place facts.Place, endings map[word][]string) bool {
	if t.seen == nil {
		return false // it could not be read
	}
	if slices.ContainsFunc(t.bases, func(name string) bool { return s.subjects[name] }) {
		return true
	}
	for i, set := range t.seen {
		for w := word(i) * 64; set != 0; w, set = w+1, set>>1 {
			if set&1 == 0 {
				continue
			}
			for _, name := range endings[w] {
				if t.spells(s, name, place.Name) {
					return true
				}
			}
		}
	}
	return false
}

// spells tells whether the file holds every part of a dotted name but those
// that a relative import leaves out.
func (t *trace) spells(s *Sieve, name, own string) bool {
	shared := true
	for part := range strings.SplitSeq(name, ".") {
		var mine string
		mine, own, _ = strings.Cut(own, ".")
		if shared = shared && part == mine; !shared && !t.has(s.words[part]) {
			return false
		}
	}
	return true
}

// A reader goes through the bytes of one file.
type reader struct {
	*Sieve
	trace
	src []byte

	foreign  bool // a measured name that is not in normal form
	replaces bool // could replace something of another module
	computes bool // could name a module by a text that is put together
	hints    bool // could read the annotations of whatever it is given
	atexit   bool
	sys      bool
	path     bool // something called path that is not os.path
	osPath   bool
	finders  bool // another part of sys that tells where modules are found
	moves    bool // changes the folder, or the search path by a function
	torn     bool // strings that hold other words than it seems
	summed   bool // `+` or a format string
}

func (s *Sieve) trace(i int, src []byte) trace {
	r := reader{Sieve: s, src: src, trace: trace{seen: make([]uint64, len(s.words)/64+1)}}
	r.run()
	place := s.places[i]
	named := false
	for w := range s.measured {
		named = named || r.has(w)
	}
	r.read = r.torn || r.foreign || r.replaces || r.hints || r.computes && r.summed ||
		s.path && (r.moves || r.sys && (r.path || r.finders)) || place.Name == "" && r.atexit
	if r.read {
		return r.trace
	}
	imports := scan.Imports(src)
	if s.path && r.sys && r.osPath && !slices.ContainsFunc(imports, importsOS) {
		r.read = true // os may be another name of sys
	}
	for _, imp := range imports {
		if imp.Level > 0 && imp.Module == "" {
			r.bases = append(r.bases, facts.ResolveLevel(place.Name, place.Package, imp.Level, ""))
		}
		if named && (imp.From && imp.Level == 0 && s.isMeasured(imp.Module) ||
			!imp.From && slices.ContainsFunc(imp.Names, func(n scan.Name) bool { return s.isMeasured(n.Name) })) {
			r.read = true
		}
	}
	return r.trace
}

func (s *Sieve) isMeasured(module string) bool {
	w, ok := s.words[rootOf(module)]
	return ok && s.measured[w] != ""
}

func importsOS(imp scan.Import) bool {
	return !imp.From && slices.ContainsFunc(imp.Names, func(n scan.Name) bool { return n.As == "" && rootOf(n.Name) == "os" })
}

// letters tells the bytes of words; all from 0x80 count.
var letters = func() (letters [256]bool) {
	for c := range letters {
		letters[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
	}
	return letters
}()

func (r *reader) run() {
	src := r.src
	for i := 0; i < len(src); {
		c := src[i]
		if !letters[c] {
			switch c {
			case '"', '\'':
				if i > 0 && letters[src[i-1]] {
					r.quote(i)
				}
			case '+':
				r.summed = true
			}
			i++
			continue
		}
		start, any := i, byte(0)
		for i < len(src) && letters[src[i]] {
			any |= src[i]
			i++
		}
		if start > 0 && (src[start-1] == '.' || src[start-1] == '"' || src[start-1] == '\'') {
			r.attrs.mark(src[start:i])
		}
		r.word(start, i)
		if any >= 0x80 {
			r.exotic(src[start:i])
		}
	}
}

func (r *reader) word(start, end int) {
	text := r.src[start:end]
	if w, ok := r.words[string(text)]; ok {
		r.mark(w)
	}
	if text[0] == 'n' && start > 0 && r.src[start-1] == '\\' && bytes.HasPrefix(r.src[end:], []byte(`\n`)) {
		r.pickled(start - 1)
	}
	if len(text) < 3 || len(text) > 19 {
		return
	}
	switch string(text) {
	case "patch", "modules", "reload":
		r.replaces = true
	case "setattr", "delattr":
		r.replaces = r.replaces || r.before(start) == '.' || !ofSelf(r.src[end:])
	case "import_module", "__import__", "importorskip":
		r.computes = true
	case "get_type_hints", "get_annotations":
		r.hints = true
	case "atexit":
		r.atexit = true
	case "sys":
		r.sys = true
	case "path":
		if bytes.HasSuffix(r.src[:start], []byte("os.")) && (start == 3 || !letters[r.src[start-4]]) {
			r.osPath = true
		} else {
			r.path = true
		}
	case "meta_path", "path_hooks", "path_importer_cache":
		r.finders = true
	case "chdir", "fchdir", "chroot", "addsitedir", "syspath_prepend":
		r.moves = true
	}
}

// pickled looks at what stands before a whole line of a string: in a pickle,
// behind the opcode c, the name of a module, of which the word as it stands
// there says nothing.
func (r *reader) pickled(end int) {
	for i := end - 1; i >= 0 && (letters[r.src[i]] || r.src[i] == '.'); i-- {
		r.torn = r.torn || r.src[i] == 'c'
	}
}

// ofSelf tells whether a call changes an object of its own.
func ofSelf(call []byte) bool {
	return bytes.HasPrefix(call, []byte("(self,")) || bytes.HasPrefix(call, []byte("(cls,"))
}

// before is the last byte before i that is no blank.
func (r *reader) before(i int) byte {
	for i--; i >= 0; i-- {
		switch r.src[i] {
		case ' ', '\t', '\f', '\r', '\n', '\\':
			continue
		}
		return r.src[i]
	}
	return 0
}

// exotic looks at a word with letters beyond ASCII, which means its normal
// form.
func (r *reader) exotic(text []byte) {
	if !utf8.Valid(text) {
		r.foreign = true // in a code page that is not looked into here
		return
	}
	normal := scope.Normal(string(text))
	if normal == string(text) {
		return
	}
	for part := range strings.FieldsFuncSeq(normal, func(c rune) bool { return c < 0x80 && !letters[c] }) {
		r.attrs.mark([]byte(part))
		if w, ok := r.words[part]; ok {
			r.mark(w)
			r.foreign = r.foreign || r.measured[w] != ""
		}
	}
}

// quote looks at a quotation mark behind a word: it may end a string that the
// next one goes on with, in the middle of a word.
func (r *reader) quote(i int) {
	src := r.src
	switch prefix := bytes.ToLower(src[max(i-2, 0):i]); {
	case i > 2 && letters[src[i-3]] && letters[src[i-2]]:
	case bytes.ContainsAny(prefix, "ft"):
		r.summed = true // a format string
	}
	quotes, plain := 0, true
	for j := i; j < len(src); j++ {
		switch c := src[j]; {
		case c == '"' || c == '\'':
			quotes++
			plain = plain && c == src[i]
		case c == ' ' || c == '\t' || c == '\f' || c == '\n' || c == '\r' || c == '\\' || c == '(' || c == ')':
			plain = false
		case c == '#':
			plain = false
			for j+1 < len(src) && src[j+1] != '\n' && src[j+1] != '\r' {
				j++
			}
		case !letters[c]:
			return
		case src[j-1] == '"' || src[j-1] == '\'':
			// One or three of a kind, with a prefix before them, open a string.
			r.torn = r.torn || !plain || quotes != 1 && quotes != 3
			return
		default:
			start := j
			for j < len(src) && letters[src[j]] && j-start < 3 {
				j++
			}
			if j == len(src) || src[j] != '"' && src[j] != '\'' {
				return // no prefix of a string
			}
			plain = false
			j--
		}
	}
}
