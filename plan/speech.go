package plan

import (
	"slices"
	"strings"

	"fastpath/plan/facts"
)

// A Rest has the facts of a tree of which few are needed. The Modules of such an
// Input may lack everything but Path, Name, Package, Units, Statements and Loads;
// what it puts into their place in Modules is complete.
type Rest interface {
	// Facts are all facts of a file, the same every time.
	Facts(file int) *facts.Module
	// All is Facts of every file, faster than one by one.
	All()
	// Speaking lists the files of whose Keys the key may be one.
	Speaking(key string) []int
}

// Complete are all facts of a file.
func (in Input) Complete(file int) *facts.Module {
	if in.Rest != nil {
		return in.Rest.Facts(file)
	}
	return in.Modules[file]
}

// Named lists the files in which a string may name the path.
func (in Input) Named(path string) []int {
	if in.Rest != nil {
		return in.Rest.Speaking(key(stringNames, path))
	}
	return all(len(in.Modules))
}

func all(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// facts are all facts of a file. What Modules holds of it is enough for its name
// and its imports.
func (w *world) facts(file int) *facts.Module { return w.Complete(file) }

// A kind of speech is what a file says of something that has a dotted path, or
// of the process.
type kind byte

const (
	importedFrom kind = 'a' + iota // from module import name
	readFrom                       // module.name read as an attribute
	storedTo                       // module.name = …, setattr
	stringNames                    // "module.name" or "module:name" in a string
	stringsBelow                   // a longer path than that in a string
	starOf                         // from module import *
	namespaceOf                    // getattr(module, …), vars(module), module.__dict__
	modulesKeyed                   // sys.modules["module"] written or removed
	modulesBegun                   // … with a key that begins so, up to a dot or in its first part
	modulesAny                     // … with a computed key
	reloaded
	namespaceIn  // … of a module that is imported by a name which begins with that and a dot
	hintsReadOf  // module.name handed to a reader of annotations
	hintsReadAny // code of the project that reads those of whatever it is given
	consumedAt   // module.function whose source or code is taken
	subclassesOf // module.class whose __subclasses__ are read
	handedOn     // modules that code handles as objects
	atExit       // module.function handed to atexit.register
	setAny       // names of a module that cannot be told are set
	askedFor     // a module for which sys.modules is asked
	downCalls    // name of a function or method that runs when an object goes down
	exitCalls    // … when the interpreter does
	givenTo      // module.class handed to a call
	wayTo        // an object that code also comes to on another way
	contents     // variables that code changes, or whose content; and whatever is around them
	patches      // a patch of anything
	stateWrites  // what is changed: "environ", "cwd", …

	kinds = iota
)

func key(k kind, of string) string { return string(rune(k)) + of }

// A speech is what the files of a tree say of each other and of the process, of
// those that were read so far. Whoever asks has what may speak of that read first.
type speech struct {
	heard []bool // by file
	whole bool   // every file was heard
	asked map[string]bool

	places        [kinds]map[string][]place
	writesBy      map[string][]stateWrite // by what is changed
	contentsBy    map[string][]change     // by path
	contentsBelow map[string][]change     // by what is around that
	pathChanges   []pathChange            // of sys.path
	readAnywhere  map[string]place        // attribute names that are read off anything
	patched       *patched                // memo
}

func newSpeech(files int) speech {
	s := speech{heard: make([]bool, files), asked: map[string]bool{}, writesBy: map[string][]stateWrite{}, contentsBy: map[string][]change{}, contentsBelow: map[string][]change{}, readAnywhere: map[string]place{}}
	for k := range s.places {
		s.places[k] = map[string][]place{}
	}
	return s
}

func (s *speech) add(k kind, of string, at place) {
	index := s.places[k-importedFrom]
	index[of] = append(index[of], at)
}

// said lists where files say such a thing of a path, in their order.
func (w *world) said(k kind, of string) []place {
	w.hearOf(k, of)
	return inOrder(w.places[k-importedFrom][of])
}

// writes lists the changes of a kind of process state.
func (w *world) writes(code string) []stateWrite {
	w.hearOf(stateWrites, code)
	return inOrder(w.writesBy[code])
}

// changesOfPath lists the changes of the module search path.
func (w *world) changesOfPath() []pathChange {
	w.hearOf(stateWrites, "sys.path")
	return inOrder(w.pathChanges)
}

// contentsAt lists the changes of a variable and of what it holds, and those of what
// is below.
func (w *world) contentsAt(path string) (at, below []change) {
	w.hearOf(contents, path)
	return inOrder(w.contentsBy[path]), inOrder(w.contentsBelow[path])
}

// hearOf reads the files that may say such a thing.
func (w *world) hearOf(k kind, of string) {
	if w.whole {
		return
	}
	key := key(k, of)
	if !w.asked[key] {
		w.asked[key] = true
		w.hear(w.Rest.Speaking(key))
	}
}

// hearAll reads every file.
func (w *world) hearAll() {
	if !w.whole {
		w.whole = true
		if w.Rest != nil {
			w.Rest.All()
		}
		w.hear(all(len(w.Modules)))
	}
}

// hear takes in what files say that were not heard yet.
func (w *world) hear(files []int) {
	for _, i := range files {
		if !w.heard[i] {
			w.heard[i] = true
			w.hearFile(i, w.facts(i))
		}
	}
}

func (p place) in() int { return p.file }

// inOrder puts into the order of the files what was heard in any order; of one
// file it is in order.
func inOrder[T interface{ in() int }](list []T) []T {
	byFile := func(a, b T) int { return a.in() - b.in() }
	if !slices.IsSortedFunc(list, byFile) {
		slices.SortStableFunc(list, byFile)
	}
	return list
}

func (w *world) hearFile(i int, m *facts.Module) {
	for _, u := range m.Units {
		switch {
		case u.Module == "":
		case u.Attr == "*":
			w.add(starOf, u.Module, place{i, u.Line})
		case u.Attr != "":
			w.add(importedFrom, u.Module+"."+u.Attr, place{i, u.Line})
		}
	}
	for _, use := range m.Uses {
		w.hearUse(i, m, use)
	}
	for _, h := range m.Handed() {
		if w.inTree(h.Path) {
			w.add(handedOn, h.Path, place{i, h.Line})
		}
	}
	for _, a := range m.Attributes {
		w.readOff(a.Name, place{i, a.Line})
	}
	for _, d := range m.Dynamic {
		w.readOff(d.Attr, place{i, d.Line})
	}
	for _, p := range m.Patches {
		if k, of := replaced(p); k != patches {
			w.add(k, of, place{i, p.Line})
		}
	}
	for _, way := range m.Ways {
		w.add(wayTo, way.Of, place{i, way.Line})
	}
	for _, f := range m.Farewells {
		w.add(farewellKind(f), f.Name, place{i, f.Line})
	}
	for _, s := range m.Strings {
		path := strings.Replace(s.Value, ":", ".", 1)
		w.add(stringNames, path, place{i, s.Line})
		for parent := range above(path) {
			w.add(stringsBelow, parent, place{i, s.Line})
		}
	}
	for _, d := range m.Dynamic {
		switch {
		case setsOwnNames(m, d):
			w.add(setAny, m.Name, place{i, d.Line})
		case d.Object == "":
		case d.What == "getattr" && d.Attr != "":
			w.add(readFrom, w.objectPath(m, d.Object)+"."+d.Attr, place{i, d.Line})
		case d.What == "__subclasses__":
			w.add(subclassesOf, subclassed(m, d), place{i, d.Line})
		case d.What == "sys.modules[]":
			w.add(askedFor, d.Object, place{i, d.Line})
		case d.What == "get_type_hints" && !w.tests[i] && !w.known(m, d.Object):
			w.add(hintsReadAny, "", place{i, d.Line})
		case d.What == "__globals__":
			w.add(namespaceOf, w.globalsOf(m, d.Object), place{i, d.Line})
		case consumesCode(d.What):
			w.add(consumedAt, w.objectPath(m, d.Object), place{i, d.Line})
		default:
			if d.What == "setattr" {
				w.add(setAny, w.objectPath(m, d.Object), place{i, d.Line})
			}
			w.add(namespaceOf, w.objectPath(m, d.Object), place{i, d.Line})
		}
	}
	eachLoader(m, func(k kind, of string, line int) { w.add(k, of, place{i, line}) })
	eachChange(m, func(e facts.Effect, atImport bool) {
		write := stateWrite{place{i, e.Line}, variable(e), e, m.DefAround(e.Scope), atImport}
		w.writesBy[e.Code] = append(w.writesBy[e.Code], write)
		for _, state := range facts.StatesSet(e) {
			w.writesBy[state] = append(w.writesBy[state], write)
		}
		if e.Code == "sys.path" {
			w.pathChanges = append(w.pathChanges, pathChange{place{i, e.Line}, e.Detail, addsPath(e.Detail) || e.Key == "="})
		}
	})
	w.hearContents(i, m)
}

// eachLoader gives the modules that a file imports by string, and whose names it
// then looks through.
func eachLoader(m *facts.Module, found func(k kind, of string, line int)) {
	for _, d := range m.Dynamic {
		if !d.Loaded {
			continue
		}
		switch d.What { // getattr takes one, of a name that somebody knows
		case "vars", "dir", "getmembers", "__dict__":
		default:
			continue
		}
		for _, l := range m.Loads {
			switch {
			case !l.Used:
			case l.Module != "":
				found(namespaceOf, l.Module, d.Line)
			default:
				found(namespaceIn, objectOf(l.Begins), d.Line)
			}
		}
	}
}

// eachChange gives what a file does to the process, or to objects of other modules,
// while it loads and later.
func eachChange(m *facts.Module, change func(e facts.Effect, atImport bool)) {
	for _, e := range m.Effects {
		change(e, true)
	}
	for _, e := range m.Touches {
		if e.Code == "state" || e.Code == "thread" || e.Code == "pool" {
			change(e, true)
		}
	}
	for _, e := range m.Changes {
		change(e, false)
	}
}

// setsOwnNames tells that a function sets names of its own module that only show when
// it runs. What a module's __getattr__ puts there is what it gives anyway.
func setsOwnNames(m *facts.Module, d facts.Dynamic) bool {
	def := m.OutermostDef(d.Scope)
	return d.Sets && d.Object == "" && def >= 0 && m.Scopes[def].Qualified != "__getattr__"
}

// replaced is what a patch says of a module as a whole; patches where it is one of
// something in a module.
func replaced(p facts.Patch) (k kind, of string) {
	switch p.Form {
	case facts.PatchModules:
		if beginning, computed := strings.CutSuffix(p.Target, "*"); computed {
			return modulesBegun, beginning
		} else if p.Target == "" {
			return modulesAny, ""
		}
		return modulesKeyed, p.Target
	case facts.PatchReload:
		return reloaded, p.Target
	}
	return patches, ""
}

func farewellKind(f facts.Farewell) kind {
	if f.Exit {
		return exitCalls
	}
	return downCalls
}

// subclassed is the class whose __subclasses__ are read: in a method of a class,
// off something unknown such as cls, that class.
func subclassed(m *facts.Module, d facts.Dynamic) string {
	root, _, _ := strings.Cut(d.Object, ".")
	if class := classAround(m, d.Scope); class >= 0 && m.NameAt(facts.Top, root) < 0 {
		return m.Name + "." + m.Scopes[class].Qualified
	}
	return m.Expand(facts.Top, d.Object)
}

// hearUse records what an attribute chain through an imported module reads or
// stores. Each prefix of the chain is recorded: a.b.c reads b of a and c of a.b.
func (w *world) hearUse(i int, m *facts.Module, use facts.Use) {
	if path, ok := given(m, use); ok {
		w.add(givenTo, path, place{i, use.Line})
	}
	if use.Chain == "" && use.PassedTo == "" {
		return
	}
	base, ok := m.Denotes(use.Name)
	if !ok {
		base = m.Name + "." + m.Names[use.Name].Text
	}
	at := place{i, use.Line}
	full := base + suffix(use.Chain)
	if use.PassedTo != "" && m.Expand(use.Scope, use.PassedTo) == "atexit.register" {
		w.add(atExit, full, at)
	}
	if !ok {
		return
	}
	if use.PassedTo != "" && matchName(w.lists.annotationReaders, w.objectPath(m, use.PassedTo)) {
		w.add(hintsReadOf, full, at)
	}
	for end := len(base) + 1; end <= len(full); end++ {
		if end < len(full) && full[end] != '.' {
			continue
		}
		if end == len(full) && use.Store {
			w.add(storedTo, full, at)
		} else {
			w.add(readFrom, full[:end], at)
		}
	}
}

func (w *world) readOff(attr string, at place) {
	if first, known := w.readAnywhere[attr]; attr != "" && (!known || at.file < first.file) {
		w.readAnywhere[attr] = at
	}
}
