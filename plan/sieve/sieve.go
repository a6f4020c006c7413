package sieve

import (
	"path"
	"slices"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/stdlib"
)

// A Question is what the plan is to be made for.
type Question struct {
	// Measured are the modules that the profile names, as measured or as
	// imported by others.
	Measured []string
	// Entries are paths or dotted names: of what a cold start imports, and of
	// what fast_path.py takes imports from.
	Entries  []string
	FastPath string                 // base name of fast_path.py
	May      func(path string) bool // the files that may change
}

// A Sieve sorts the files of one tree. Files are indexes into the places of
// its layout.
type Sieve struct {
	places []facts.Place
	may    func(path string) bool
	byName map[string]int

	words    map[string]word // that are looked for
	measured map[word]string // of them: the top-level modules that the profile names
	path     bool            // changes of the module search path matter

	traces []trace
	asked  []bool
	deep   []depth // how far the facts of a file are followed
	queue  []int
	fresh  map[int]bool // asked for in this round
	begun  bool

	subjects map[string]bool // modules from which something may move
	looked   []bool          // files in which handed modules were looked for
	handed   map[string]bool // subjects that a file handles as objects
	chased   []bool          // files whose patches are followed
	open     []patch         // that wait for the facts of a module on their way
}

// A patch is the path of what a file replaces, as far as it was followed.
type patch struct {
	file int
	path string
}

// A word is the number of a word that is looked for.
type word int32

// A depth tells which of a file are followed.
type depth uint8

const (
	none     depth = iota
	named          // nothing is followed, but the facts are needed
	followed       // all of them: functions can run while their module loads
	spoken         // what others say of it matters as well
)

// New prepares to sort the files of a layout. It is nil where every file
// matters.
func New(l *facts.Layout, q Question) *Sieve {
	s := &Sieve{places: l.Places, may: q.May, byName: map[string]int{}, words: map[string]word{}, measured: map[word]string{},
		traces: make([]trace, len(l.Places)), asked: make([]bool, len(l.Places)), deep: make([]depth, len(l.Places)),
		chased: make([]bool, len(l.Places)), subjects: map[string]bool{}, looked: make([]bool, len(l.Places)), handed: map[string]bool{}}
	roots := map[string]bool{}
	for i, p := range l.Places {
		if p.Name == "" {
			continue
		}
		s.byName[p.Name] = i
		roots[rootOf(p.Name)] = true
		for _, part := range strings.Split(p.Name, ".") {
			s.look(part)
		}
	}
	for _, module := range q.Measured {
		root := rootOf(module)
		if root == "" || roots[root] {
			return nil
		}
		s.measured[s.look(root)] = root
		s.path = s.path || !stdlib.Root(root)
	}
	for _, name := range q.Entries {
		if i, ok := s.entry(name); ok {
			s.follow(i, spoken)
			if i, ok := s.find(path.Join(path.Dir(s.places[i].Path), q.FastPath)); ok {
				s.follow(i, spoken)
			}
		}
	}
	return s
}

func rootOf(module string) string {
	root, _, _ := strings.Cut(module, ".")
	return root
}

// look numbers a word that is looked for.
func (s *Sieve) look(text string) word {
	w, ok := s.words[text]
	if !ok {
		w = word(len(s.words))
		s.words[text] = w
	}
	return w
}

// entry is the file that an entry names.
func (s *Sieve) entry(name string) (int, bool) {
	if i, ok := s.find(path.Clean(name)); ok {
		return i, true
	}
	i, ok := s.byName[name]
	return i, ok
}

func (s *Sieve) find(file string) (int, bool) {
	i := slices.IndexFunc(s.places, func(p facts.Place) bool { return p.Path == file })
	return i, i >= 0
}

// follow asks for the facts of a file and of those that its imports lead to.
func (s *Sieve) follow(i int, d depth) {
	if s.deep[i] < d {
		s.deep[i] = d
		s.queue = append(s.queue, i)
	}
}

// Look looks at the bytes of one file, and tells whether its facts are needed
// before anything else is known. It may run for several files at once.
func (s *Sieve) Look(i int, src []byte) (needed bool) {
	s.traces[i] = s.trace(i, src)
	s.asked[i] = s.traces[i].read || s.deep[i] != none
	return s.asked[i]
}

// Take notes that a file is read in any case.
func (s *Sieve) Take(i int) { s.asked[i] = true }

// More lists further files whose facts are needed, in order; none when there
// are no more. It is called after every file was looked at, with the facts of
// those that were needed so far, nil for files that cannot be read.
func (s *Sieve) More(modules []*facts.Module) []int {
	var more []int
	s.fresh = map[int]bool{}
	ask := func(i int) {
		if !s.asked[i] {
			s.asked[i], s.fresh[i] = true, true
			more = append(more, i)
		}
	}
	if !s.begun {
		s.begun = true
		for _, i := range s.speakers(modules) {
			ask(i)
		}
	}
	for _, i := range s.readers(modules) {
		ask(i)
	}
	s.chase(modules)
	var later []int
	for len(s.queue) > 0 {
		i := s.queue[0]
		s.queue = s.queue[1:]
		switch {
		case !s.asked[i]:
			ask(i)
			later = append(later, i)
		case s.fresh[i]:
			later = append(later, i)
		case modules[i] != nil && s.deep[i] > named:
			s.lead(modules[i])
		}
	}
	s.queue = later
	slices.Sort(more)
	return more
}

// speakers lists the files that could speak of a module from which something
// may move, and follows those modules.
func (s *Sieve) speakers(modules []*facts.Module) []int {
	for i, m := range modules {
		if m == nil {
			continue
		}
		moves := s.may(m.Path) && slices.ContainsFunc(m.Units, func(u facts.Unit) bool {
			w, ok := s.words[rootOf(u.Module)]
			return ok && s.measured[w] != ""
		})
		if moves {
			s.follow(i, followed)
		}
		if (moves || s.deep[i] == spoken) && m.Name != "" {
			s.subjects[m.Name] = true
		}
	}
	endings := map[word][]string{} // names of subjects by their last part
	for name := range s.subjects {
		w := s.words[name[strings.LastIndexByte(name, '.')+1:]]
		endings[w] = append(endings[w], name)
	}
	var list []int
	for i := range s.traces {
		if t := &s.traces[i]; !s.asked[i] && t.speaks(s, s.places[i], endings) {
			list = append(list, i)
		}
	}
	return list
}

// readers lists the files that may read a name of a module off an object, where
// a file handles a module from which something may move as one.
func (s *Sieve) readers(modules []*facts.Module) []int {
	var list []int
	for i, m := range modules {
		if m == nil || s.looked[i] {
			continue
		}
		s.looked[i] = true
		for _, h := range m.Handed() {
			if !s.subjects[h.Path] || s.handed[h.Path] {
				continue
			}
			s.handed[h.Path] = true
			for _, u := range modules[s.byName[h.Path]].Units {
				for t := range s.traces {
					if !s.asked[t] && u.Bound != "" && s.traces[t].attrs.may(u.Bound) {
						list = append(list, t)
					}
				}
			}
		}
	}
	return list
}

// chase follows what files replace through the imports of other files: with
// `import pandas as pd` in mod, mod.pd.read_csv is pandas.read_csv. Where it
// ends at something that matters, what the file itself loads matters too.
func (s *Sieve) chase(modules []*facts.Module) {
	for i, m := range modules {
		if m == nil || s.chased[i] {
			continue
		}
		s.chased[i] = true
		for _, p := range m.Patches {
			if p.Target != "" {
				s.open = append(s.open, patch{i, strings.TrimSuffix(p.Target+"."+p.Attr, ".")})
			}
		}
	}
	waiting := s.open
	s.open = nil
	for _, p := range waiting {
		for range 8 {
			if s.matters(p.path) {
				s.follow(p.file, followed)
			}
			i, end := s.owner(p.path, modules)
			if i < 0 {
				break
			}
			if modules[i] == nil {
				s.follow(i, named)
				s.open = append(s.open, p)
				break
			}
			if p.path = onward(modules[i], p.path[end:]); p.path == "" {
				break
			}
		}
	}
}

// matters tells whether the path leads into a subject or a measured module.
func (s *Sieve) matters(dotted string) bool {
	if s.isMeasured(dotted) {
		return true
	}
	for end := range len(dotted) {
		if dotted[end] == '.' && s.subjects[dotted[:end]] {
			return true
		}
	}
	return false
}

// owner is the file of the longest module that the path leads through, -1 for
// none, and where the rest of the path begins. A file that was read in vain is
// no module.
func (s *Sieve) owner(dotted string, modules []*facts.Module) (file, rest int) {
	for end := strings.LastIndexByte(dotted, '.'); end > 0; end = strings.LastIndexByte(dotted[:end], '.') {
		if i, ok := s.byName[dotted[:end]]; ok && (modules[i] != nil || !s.asked[i] || s.fresh[i]) {
			return i, end + 1
		}
	}
	return -1, 0
}

// onward is where a path goes on whose rest is looked up in a module; "" where
// it ends there.
func onward(m *facts.Module, rest string) string {
	name, rest, deeper := strings.Cut(rest, ".")
	n := m.NameAt(facts.Top, name)
	if !deeper || n < 0 {
		return ""
	}
	for _, b := range m.Names[n].Bindings {
		if b.Kind == facts.ByImport {
			if path := m.Units[b.Unit].Path(); path != "" {
				return path + "." + rest
			}
		}
	}
	return ""
}

// lead follows the imports of a file, and whatever else of it names modules of
// the tree.
func (s *Sieve) lead(m *facts.Module) {
	visit := func(dotted string) {
		for end := 0; end < len(dotted); {
			if n := strings.IndexByte(dotted[end+1:], '.'); n >= 0 {
				end += 1 + n
			} else {
				end = len(dotted)
			}
			if i, ok := s.byName[dotted[:end]]; ok {
				s.follow(i, followed)
			}
		}
	}
	visit(m.Name)
	for i := range m.Units {
		u := &m.Units[i]
		if m.Package {
			visit(m.Name + "." + u.Bound)
		}
		visit(u.Module)
		visit(u.Path())
	}
	for i := range m.Uses {
		use := &m.Uses[i]
		n := &m.Names[use.Name]
		if use.Chain == "" {
			continue
		}
		for _, b := range n.Bindings {
			if b.Kind == facts.ByImport && m.Units[b.Unit].Path() != "" {
				visit(m.Units[b.Unit].Path() + "." + use.Chain)
			}
		}
	}
	for i := range m.Scopes {
		for _, dec := range m.Scopes[i].Decorators {
			visit(m.Expand(facts.Top, dec.Name))
		}
	}
	for _, l := range m.Loads {
		visit(l.Module)
	}
}

// Stub is what is known of a file without a look at its facts.
func (s *Sieve) Stub(i int) *facts.Module {
	p := s.places[i]
	return &facts.Module{Path: p.Path, Name: p.Name, Package: p.Package, Scopes: []facts.Scope{{Kind: facts.ModuleScope, Parent: -1}}}
}
