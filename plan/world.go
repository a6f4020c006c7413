package plan

import (
	"iter"
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
	nodes  []string                         // by module: see nodeName
	tests  []bool                           // by module
	tops   map[*facts.Module]map[string]int // names of the module scope

	speech // what files say of others

	mocks     map[int][]mocked            // memo of takenMocked, by file
	libMocks  map[string][]mocked         // memo of libraryMocked
	finalized map[classAt]map[string]bool // memo of finalizing
	imports   []map[string]bool           // memo of importsFile, by file
	testers   map[place][]int             // memo of testsWith
	askers    map[string]map[int]bool     // memo of askersOf
	needs     needs

	companies  map[int]company // memo, by file
	bodies     map[code]*body  // memo
	optionals  map[int][]facts.Unit
	handlersOf map[int][]place // memo of handlers
	inside     map[int]map[facts.ScopeID][]int
	methods    map[int]map[string][]facts.ScopeID
	reaches    map[int]*graph.Reach
	aboveLine  map[place]*graph.Reach // memo of loadedAbove

	graph    *graph.Graph
	firstTag []int32 // by module: the graph tag of its first unit
	closures map[string][]string
	backward [][]graph.Node // memo of importers

	metOf   map[int][]effectAt         // memo of effectsMet
	firstOf map[int][]*firstLoad       // memo of metFirst
	metBy   map[string]*firstLoads     // memo of metWith
	listed  map[firstLoads]*firstLoads // memo of listWith
	ran     map[int][]code             // memo of ranBy
	direct  map[code][]code            // memo of directly
	reads   map[int][]readAt           // memo of readsBy
	found   map[int]*findings          // memo of findings
	changed map[[2]string][]stateWrite // memo of changesOf, by code and key
	called  map[string]int             // memo of another: how many files of that name there are

	looks   map[code][]look     // memo of looksOf
	aliased map[string][]string // memo of namesOf
	alters  map[string]bool     // memo of takesEffect, by what is called

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
	def      facts.ScopeID // whose code makes it; -1 at module level
	atImport bool          // while its module loads
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
	effect string // dotted path of what makes it
	adds   bool
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
		Input:     in,
		byName:    make(map[string]int, len(in.Modules)),
		tests:     make([]bool, len(in.Modules)),
		tops:      make(map[*facts.Module]map[string]int, len(in.Modules)),
		speech:    newSpeech(len(in.Modules)),
		mocks:     map[int][]mocked{},
		libMocks:  map[string][]mocked{},
		finalized: map[classAt]map[string]bool{},
		imports:   make([]map[string]bool, len(in.Modules)),
		testers:   map[place][]int{},
		askers:    map[string]map[int]bool{},
		companies: map[int]company{},
		bodies:    map[code]*body{},
		optionals: map[int][]facts.Unit{},
		inside:    map[int]map[facts.ScopeID][]int{},
		methods:   map[int]map[string][]facts.ScopeID{},
		reaches:   map[int]*graph.Reach{},
		aboveLine: map[place]*graph.Reach{},
		closures:  map[string][]string{},
		metOf:     map[int][]effectAt{},
		firstOf:   map[int][]*firstLoad{},
		metBy:     map[string]*firstLoads{},
		listed:    map[firstLoads]*firstLoads{},
		ran:       map[int][]code{},
		direct:    map[code][]code{},
		reads:     map[int][]readAt{},
		found:     map[int]*findings{},
		changed:   map[[2]string][]stateWrite{},
		looks:     map[code][]look{},
		aliased:   map[string][]string{},
		alters:    map[string]bool{},
		lists:     newLists(in.Policy),
	}
	for i, m := range in.Modules {
		if m.Name != "" {
			if _, taken := w.byName[m.Name]; !taken {
				w.byName[m.Name] = i
			}
		}
		w.tests[i] = glob.Match(in.Policy.Tests, m.Path)
	}
	w.nodes = nodeNames(in.Modules, w.byName)
	if in.Rest == nil {
		w.hearAll()
	}
	w.buildGraph()
	return w
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
	return w.facts(i), true
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

// above are the dotted names around a dotted name, the longest first.
func above(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for end := strings.LastIndexByte(name, '.'); end > 0; end = strings.LastIndexByte(name[:end], '.') {
			if !yield(name[:end]) {
				return
			}
		}
	}
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
	top, known := w.tops[m]
	if !known {
		top = make(map[string]int, len(m.Names))
		for n := range m.Names {
			if m.Names[n].Scope == facts.Top {
				top[m.Names[n].Text] = n
			}
		}
		w.tops[m] = top
	}
	if n, ok := top[name]; ok {
		return n
	}
	return -1
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

// importers lists by node what imports it in any way.
func (w *world) importers() [][]graph.Node {
	if w.backward == nil {
		w.backward = w.graph.Importers() // as of now: moves may make modules known that nothing names
	}
	return w.backward
}
