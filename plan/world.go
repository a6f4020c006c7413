package plan

import (
	"sort"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/glob"
	"fastpath/plan/graph"
	"fastpath/plan/stdlib"
)

// A world is the tree as the planner sees it: every module's facts, indexed by
// what other modules' facts can refer to.
type world struct {
	Input
	byName map[string]int                   // dotted module name to index into Modules
	tests  []bool                           // by module
	tops   map[*facts.Module]map[string]int // names of the module scope

	// Evidence from anywhere in the tree, keyed by dotted path "module.name".
	importedFrom map[string][]place // from module import name
	readFrom     map[string][]place // module.name read as an attribute
	storedTo     map[string][]place // module.name = …, setattr, reload of the module
	patchedAt    map[string][]patchPlace
	stringNames  map[string][]place // "module.name" or "module:name" in a string
	starOf       map[string][]place // from module import *
	namespaceOf  map[string][]place // getattr(module, …), vars(module), module.__dict__
	modulesKeyed map[string][]place // sys.modules["module"] written or removed
	modulesBelow map[string][]place // … with a key that begins with that and a dot
	modulesAny   []place            // … with a computed key
	reloaded     map[string][]place
	hintsReadOf  map[string][]place          // module.name handed to a reader of annotations
	hintsReadAny []place                     // code of the project that reads those of whatever it is given
	stateWrites  map[string][]stateWrite     // what the tree changes: "environ", "cwd", …
	contents     map[string][]stateWrite     // module.variable whose content loading files change
	consumedAt   map[string][]place          // module.function whose source or code is taken
	subclassesOf map[string][]place          // module.class whose __subclasses__ are read
	atExit       map[string]bool             // module.function handed to atexit.register
	patchedIn    []computedPatch             // what code works out when it runs
	patchedBelow map[string][]string         // by module.name: longer paths that are patched
	stringsBelow map[string][]place          // by module.name: longer paths in strings
	handedOn     map[string][]place          // modules that code handles as objects
	readAnywhere map[string]place            // attribute names that are read off anything
	mocks        map[int][]mocked            // memo of takenMocked, by file
	finalized    map[classAt]map[string]bool // memo of finalizing
	imports      []map[string]bool           // memo of importsFile, by file
	pathChanges  []pathChange                // of sys.path
	needs        map[string][]need           // by submodule: uses that reach it by attribute

	companies map[int]company // memo, by file
	bodies    map[code]*body  // memo
	optionals map[int][]facts.Unit
	inside    map[int]map[facts.ScopeID][]int
	methods   map[int]map[string][]facts.ScopeID
	reaches   map[int]*graph.Reach

	graph    *graph.Graph
	firstTag []int32 // by module: the graph tag of its first unit
	closures map[string][]string

	metOf map[int][]effectAt // memo of effectsMet

	snapshotsOf map[int][]snapshot // memo of snapshots, by file

	lists lists
}

// A place is a line of a file of the tree.
type place struct {
	file int
	line int
}

// A stateWrite is one change of the process's state.
type stateWrite struct {
	place
	variable string // of the environment; "" where it may be any
	effect   facts.Effect
	atImport bool // while its module loads
}

// variable is the one variable of the environment that an effect changes; ""
// where it may be any: load_dotenv names a file.
func variable(e facts.Effect) string {
	switch last(e.Detail) {
	case "putenv", "unsetenv", "setenv", "delenv":
		return e.Key
	}
	if e.Code == "environ" && underOrSame(e.Detail, "os.environ") && e.Key != "=" {
		return e.Key
	}
	return ""
}

// A pathChange is one change of the module search path; adds tells that it
// hides nothing that was found before.
type pathChange struct {
	place
	adds bool
}

func addsPath(detail string) bool {
	switch last(detail) {
	case "append", "insert", "extend", "addsitedir", "syspath_prepend":
		return true
	}
	return false
}

// A patchPlace is where something is replaced. A patch is known by the path
// that it spells and by those that mean the same object: with `import pandas as
// pd` in mod, replacing mod.pd.read_csv replaces pandas.read_csv.
type patchPlace struct {
	place
	patch   facts.Patch
	spelled bool // the path is the one that the patch spells
}

func newWorld(in Input) *world {
	w := &world{
		Input:        in,
		byName:       make(map[string]int, len(in.Modules)),
		tests:        make([]bool, len(in.Modules)),
		tops:         make(map[*facts.Module]map[string]int, len(in.Modules)),
		importedFrom: map[string][]place{},
		readFrom:     map[string][]place{},
		storedTo:     map[string][]place{},
		patchedAt:    map[string][]patchPlace{},
		stringNames:  map[string][]place{},
		stringsBelow: map[string][]place{},
		handedOn:     map[string][]place{},
		readAnywhere: map[string]place{},
		starOf:       map[string][]place{},
		namespaceOf:  map[string][]place{},
		modulesKeyed: map[string][]place{},
		modulesBelow: map[string][]place{},
		reloaded:     map[string][]place{},
		hintsReadOf:  map[string][]place{},
		stateWrites:  map[string][]stateWrite{},
		contents:     map[string][]stateWrite{},
		mocks:        map[int][]mocked{},
		finalized:    map[classAt]map[string]bool{},
		imports:      make([]map[string]bool, len(in.Modules)),
		subclassesOf: map[string][]place{},
		atExit:       map[string]bool{},
		consumedAt:   map[string][]place{},
		patchedBelow: map[string][]string{},
		companies:    map[int]company{},
		bodies:       map[code]*body{},
		optionals:    map[int][]facts.Unit{},
		inside:       map[int]map[facts.ScopeID][]int{},
		methods:      map[int]map[string][]facts.ScopeID{},
		reaches:      map[int]*graph.Reach{},
		closures:     map[string][]string{},
		metOf:        map[int][]effectAt{},
		snapshotsOf:  map[int][]snapshot{},
		lists:        newLists(in.Policy),
	}
	for i, m := range in.Modules {
		if m.Name != "" {
			if _, taken := w.byName[m.Name]; !taken {
				w.byName[m.Name] = i
			}
		}
		top := make(map[string]int, len(m.Names))
		for n := range m.Names {
			if m.Names[n].Scope == facts.Top {
				top[m.Names[n].Text] = n
			}
		}
		w.tops[m] = top
		w.tests[i] = glob.Match(in.Policy.Tests, m.Path)
	}
	for i, m := range in.Modules {
		w.indexModule(i, m)
	}
	w.indexPatches()
	for _, target := range sortedKeys(w.patchedAt) {
		for end := strings.LastIndexByte(target, '.'); end > 0; end = strings.LastIndexByte(target[:end], '.') {
			w.patchedBelow[target[:end]] = append(w.patchedBelow[target[:end]], target)
		}
	}
	w.buildGraph()
	w.indexNeeds()
	w.indexContents()
	return w
}

func (w *world) indexModule(i int, m *facts.Module) {
	for _, u := range m.Units {
		switch {
		case u.Module == "":
		case u.Attr == "*":
			add(w.starOf, u.Module, place{i, u.Line})
		case u.Attr != "":
			add(w.importedFrom, u.Module+"."+u.Attr, place{i, u.Line})
		}
	}
	for _, use := range m.Uses {
		w.indexUse(i, m, use)
	}
	w.indexHanded(i, m)
	for _, p := range m.Patches {
		at := place{i, p.Line}
		switch p.Form {
		case facts.PatchModules:
			if above, computed := strings.CutSuffix(p.Target, ".*"); computed {
				add(w.modulesBelow, above, at)
			} else if p.Target == "" {
				w.modulesAny = append(w.modulesAny, at)
			} else {
				add(w.modulesKeyed, p.Target, at)
			}
		case facts.PatchReload:
			add(w.reloaded, p.Target, at)
		}
	}
	for _, s := range m.Strings {
		path := strings.Replace(s.Value, ":", ".", 1)
		add(w.stringNames, path, place{i, s.Line})
		for end := strings.LastIndexByte(path, '.'); end > 0; end = strings.LastIndexByte(path[:end], '.') {
			add(w.stringsBelow, path[:end], place{i, s.Line})
		}
	}
	for _, d := range m.Dynamic {
		switch {
		case d.Object == "":
		case d.What == "getattr" && d.Attr != "":
			add(w.readFrom, w.objectPath(m, d.Object)+"."+d.Attr, place{i, d.Line})
		case d.What == "__subclasses__":
			add(w.subclassesOf, w.objectPath(m, d.Object), place{i, d.Line})
		case d.What == "get_type_hints" && !w.tests[i] && !w.known(m, d.Object):
			w.hintsReadAny = append(w.hintsReadAny, place{i, d.Line})
		case d.What == "__globals__":
			add(w.namespaceOf, w.globalsOf(m, d.Object), place{i, d.Line})
		case consumesCode(d.What):
			add(w.consumedAt, w.objectPath(m, d.Object), place{i, d.Line})
		default:
			add(w.namespaceOf, w.objectPath(m, d.Object), place{i, d.Line})
		}
	}
	for k, list := range [][]facts.Effect{m.Effects, m.Changes} {
		for _, e := range list {
			w.stateWrites[e.Code] = append(w.stateWrites[e.Code], stateWrite{place{i, e.Line}, variable(e), e, k == 0})
			if e.Code == "sys.path" {
				w.pathChanges = append(w.pathChanges, pathChange{place{i, e.Line}, addsPath(e.Detail) || e.Key == "="})
			}
		}
	}
}

// indexUse records what an attribute chain through an imported module reads or
// stores. Each prefix of the chain is recorded: a.b.c reads b of a and c of a.b.
func (w *world) indexUse(i int, m *facts.Module, use facts.Use) {
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
		w.atExit[full] = true
	}
	if !ok {
		return
	}
	if use.PassedTo != "" && matchName(w.lists.annotationReaders, w.objectPath(m, use.PassedTo)) {
		add(w.hintsReadOf, full, at)
	}
	for end := len(base) + 1; end <= len(full); end++ {
		if end < len(full) && full[end] != '.' {
			continue
		}
		if end == len(full) && use.Store {
			add(w.storedTo, full, at)
		} else {
			add(w.readFrom, full[:end], at)
		}
	}
}

// objectPath resolves the first name of a dotted expression of the module scope
// through the imports of m.
func (w *world) objectPath(m *facts.Module, dotted string) string {
	return m.Expand(facts.Top, dotted)
}

// module gives the facts of a module of the tree.
func (w *world) module(name string) (*facts.Module, bool) {
	i, ok := w.byName[name]
	if !ok {
		return nil, false
	}
	return w.Modules[i], true
}

// isModule tells whether the dotted name is known to be a module rather than
// an attribute: of the tree, of the profile's long form, of the standard
// library.
func (w *world) isModule(name string) bool {
	if _, ok := w.byName[name]; ok {
		return true
	}
	if w.Profile != nil && !w.Profile.Short {
		if _, ok := w.Profile.Modules[name]; ok {
			return true
		}
	}
	return stdlib.Has(name)
}

// loaded is the module whose cost the unit is: the module named, or the
// submodule that `from m import n` takes.
func (w *world) loaded(u facts.Unit) string {
	if u.Attr != "" && u.Attr != "*" && u.Module != "" && w.isModule(u.Module+"."+u.Attr) && !w.binds(u.Module, u.Attr) {
		return u.Module + "." + u.Attr
	}
	return u.Module
}

// binds tells whether a module of the tree binds the name itself, so that
// `from m import n` need not take a submodule.
func (w *world) binds(module, name string) bool {
	m, bindings := w.bindings(module, name)
	for _, b := range bindings {
		if b.Kind != facts.ByImport {
			return true
		}
		u := m.Units[b.Unit]
		if u.Module+"."+u.Attr != module+"."+name { // from . import name binds the submodule itself
			return true
		}
	}
	return false
}

// bindings are those of a name at the top of a module of the tree; none where
// either is unknown.
func (w *world) bindings(module, name string) (*facts.Module, []facts.Bind) {
	m, ok := w.module(module)
	if !ok {
		return nil, nil
	}
	n := w.top(m, name)
	if n < 0 {
		return m, nil
	}
	return m, m.Names[n].Bindings
}

// loads lists every module that the unit imports, parents first.
func (w *world) loads(u facts.Unit) []string {
	return withParents(w.loaded(u))
}

// withParents lists the packages around a dotted name and the name itself.
func withParents(name string) []string {
	if name == "" {
		return nil
	}
	var list []string
	for i := 0; i < len(name); i++ {
		if name[i] == '.' {
			list = append(list, name[:i])
		}
	}
	return append(list, name)
}

// top finds a name of the module scope; -1 when it has none.
func (w *world) top(m *facts.Module, name string) int {
	if n, ok := w.tops[m][name]; ok {
		return n
	}
	return -1
}

func add(index map[string][]place, key string, at place) {
	index[key] = append(index[key], at)
}

// elsewhere is the first place outside the file.
func elsewhere(places []place, file int) (place, bool) {
	for _, p := range places {
		if p.file != file {
			return p, true
		}
	}
	return place{}, false
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
