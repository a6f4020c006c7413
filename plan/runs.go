package plan

import (
	"slices"
	"strings"

	"fastpath/plan/facts"
)

// A running says which functions of one module run, or may run, while the
// module loads. It follows calls by name inside the file, attribute calls to
// methods of the file by their name alone, and what decorators and arguments
// hand on.
type running struct {
	graph  *callGraph
	called []cause // by scope
	handed []cause // by scope
}

// A cause is why a function runs at import: the line, and through what.
type cause struct {
	line   int
	via    string // callee or decorator that it is handed to
	thread bool   // handed to a thread, pool or executor
}

func (c cause) is() bool { return c.line > 0 }

func (w *world) runsAtImport(m *facts.Module) *running {
	r := &running{called: make([]cause, len(m.Scopes)), handed: make([]cause, len(m.Scopes))}
	g := newCallGraph(m)
	r.graph = g
	for _, use := range m.Uses {
		if m.DefAround(use.Scope) >= 0 || use.InMain || lazyRole(use) {
			continue
		}
		for _, d := range g.defines[use.Name] {
			w.seed(r, use, d)
		}
	}
	for _, c := range m.Calls {
		if m.DefAround(c.Scope) < 0 && !c.InMain {
			for _, d := range g.methods[c.Attr] {
				mark(r.called, d, cause{line: c.Line})
			}
		}
	}
	for s := range m.Scopes {
		scope := &m.Scopes[s]
		if scope.Kind != facts.DefScope || m.DefAround(scope.Parent) >= 0 {
			continue
		}
		for _, d := range scope.Decorators {
			if w.runsDecorated(m, d) {
				mark(r.handed, facts.ScopeID(s), cause{line: d.Line, via: "@" + d.Name})
			}
		}
	}
	g.spread(r.called)
	g.spread(r.handed)
	return r
}

// runsDecorated tells whether a decorator may run what it decorates at once.
func (w *world) runsDecorated(m *facts.Module, d facts.Decorator) bool {
	path := w.origin(m, d.Name)
	return !w.harmlessDecorator(m, d.Name) && !matchName(w.lists.harmlessDecorators, path) &&
		!matchName(keepers, d.Name) && !matchName(keepers, path) && w.mayRun(m.Name, m.Expand(facts.Top, d.Name), d.Call, 0)
}

// origin resolves a dotted name of the module scope like objectPath, and a
// variable to what made its value: with app = flask.Flask(…), app.route is
// flask.Flask.route.
func (w *world) origin(m *facts.Module, dotted string) string {
	path := w.objectPath(m, dotted)
	for range 4 {
		module, rest := w.splitModule(path)
		if rest == "" {
			module, rest = m.Name, path
		}
		owner, ok := w.module(module)
		if !ok && module == m.Name {
			owner, ok = m, true
		}
		name, _, _ := strings.Cut(rest, ".")
		n := -1
		if ok {
			n = w.top(owner, name)
		}
		if n < 0 || len(owner.Names[n].Bindings) != 1 {
			return path
		}
		tail := strings.TrimPrefix(rest, name)
		switch b := owner.Names[n].Bindings[0]; {
		case b.Kind == facts.ByAssign && b.Made != "":
			path = owner.Expand(facts.Top, b.Made) + tail
		case b.Kind == facts.ByAssign && b.Value != "" && b.Value != "literal":
			path = owner.Expand(facts.Top, b.Value) + tail
		case b.Kind == facts.ByImport && owner.Units[b.Unit].Path() != "":
			path = owner.Units[b.Unit].Path() + tail
		default:
			return path
		}
	}
	return path
}

// runsGiven tells whether a function, called while the module loads, may run
// what it is given.
func (w *world) runsGiven(m *facts.Module, callee string) bool {
	path := w.objectPath(m, callee)
	if callee == "?" {
		return true
	}
	for _, list := range [][]string{w.lists.harmlessDecorators, keepsForLater} {
		if matchName(list, callee) || matchName(list, path) {
			return false
		}
	}
	return w.mayRun(m.Name, m.Expand(facts.Top, callee), false, 0)
}

// harmlessDecorator resolves the decorator through the imports of m and looks
// it up as written and as resolved.
func (w *world) harmlessDecorator(m *facts.Module, name string) bool {
	return matchName(w.lists.harmlessDecorators, name) ||
		matchName(w.lists.harmlessDecorators, w.objectPath(m, name))
}

// mayRun tells whether a decorator, called or bare, may run what it decorates
// while it decorates it. A def of the tree is looked at: if neither it nor,
// where it makes the decorator, an inner def runs or hands on a parameter, the
// function only runs later.
func (w *world) mayRun(module, dotted string, call bool, depth int) bool {
	owner, name := w.splitModule(dotted)
	if name == "" {
		owner, name = module, dotted
	}
	m, ok := w.module(owner)
	if !ok || depth > 8 {
		return true
	}
	name, method, _ := strings.Cut(name, ".")
	n := w.top(m, name)
	if n < 0 {
		source, ok := w.starSource(m, name, 0)
		return !ok || w.mayRun(source, source+"."+name+suffix(method), call, depth+1)
	}
	for _, b := range m.Names[n].Bindings {
		switch {
		case b.Kind == facts.ByImport:
			if p := m.Units[b.Unit].Path() + suffix(method); p == dotted || w.mayRun(owner, p, call, depth+1) {
				return true
			}
		case b.Kind == facts.ByClass && b.Defines >= 0 && method != "":
			if w.methodMayRun(m, b.Defines, method, call, depth) {
				return true
			}
		case b.Kind == facts.ByClass && b.Defines >= 0:
			if w.classMayRun(classAt{w.byName[owner], b.Defines}, call) {
				return true
			}
		case b.Kind == facts.ByAssign && b.Made != "" && b.Plain && method == "" && !call && len(m.Names[n].GlobalIn) == 0:
			// What a decorator factory gave back. It counts as called here.
			if w.mayRun(owner, m.Expand(facts.Top, b.Made), true, depth+1) {
				return true
			}
		case b.Kind != facts.ByDef || b.Defines < 0 || method != "":
			return true
		case w.runsWhatItGets(m, b.Defines, call, depth):
			return true
		}
	}
	return len(m.Names[n].Bindings) == 0
}

// methodMayRun looks at a method, called through its class, of the class or of
// the first base that has it.
func (w *world) methodMayRun(m *facts.Module, class facts.ScopeID, method string, call bool, depth int) bool {
	found := false
	for s := range m.Scopes {
		if scope := &m.Scopes[s]; scope.Parent == class && scope.Kind == facts.DefScope && scope.Name == method {
			found = true
			if w.runsWhatItGets(m, facts.ScopeID(s), call, depth) {
				return true
			}
		}
	}
	if found || len(m.Scopes[class].Bases) != 1 {
		return !found
	}
	return w.mayRun(m.Name, m.Expand(facts.Top, m.Scopes[class].Bases[0])+"."+method, call, depth+1)
}

// runsWhatItGets tells whether a def, bare or called for a decorator, may run
// what is handed to it. Of one that is called, that is what it gives back.
func (w *world) runsWhatItGets(m *facts.Module, def facts.ScopeID, call bool, depth int) bool {
	if !call {
		return m.Scopes[def].RunsParam
	}
	for s := range m.Scopes {
		if inner := &m.Scopes[s]; inner.Parent == def && inner.Given && inner.RunsParam {
			return true
		}
	}
	return slices.ContainsFunc(m.Scopes[def].Gives, func(callee string) bool { return w.givenMayRun(m, def, callee, depth+1) })
}

// givenMayRun tells whether what a call in a def gives may run what is handed to it.
func (w *world) givenMayRun(m *facts.Module, def facts.ScopeID, callee string, depth int) bool {
	path := w.origin(m, callee)
	if w.harmlessDecorator(m, callee) || matchName(w.lists.harmlessDecorators, path) || matchName(keepers, path) {
		return false
	}
	receiver, method, ok := strings.Cut(callee, ".")
	class := m.Scopes[def].Parent
	switch {
	case callee == "?" || depth > 8:
		return true
	case m.Scopes[class].Kind != facts.ClassScope || len(m.Scopes[def].Params) == 0 || receiver != m.Scopes[def].Params[0]:
		return w.mayRun(m.Name, m.Expand(facts.Top, callee), true, depth)
	case !ok:
		return w.classMayRun(classAt{w.byName[m.Name], class}, true)
	}
	return w.methodMayRun(m, class, method, true, depth)
}

// lazyRole tells that the reference is not evaluated where it stands.
func lazyRole(use facts.Use) bool {
	return use.TypeChecking || use.Role == facts.InAnnotation && (use.Quoted || use.Local || use.TypeComment)
}

// A callGraph holds the defs that names and attributes of a module can mean.
type callGraph struct {
	m       *facts.Module
	defines map[int][]facts.ScopeID    // by name index: defs and classes
	methods map[string][]facts.ScopeID // defs in classes, by name
	calls   map[facts.ScopeID][]target // by def
}

type target struct {
	scope facts.ScopeID
	line  int
}

func newCallGraph(m *facts.Module) *callGraph {
	g := &callGraph{m: m, defines: map[int][]facts.ScopeID{}, methods: map[string][]facts.ScopeID{}, calls: map[facts.ScopeID][]target{}}
	for s := range m.Scopes {
		scope := &m.Scopes[s]
		if scope.Kind == facts.DefScope && m.Scopes[scope.Parent].Kind == facts.ClassScope {
			g.methods[scope.Name] = append(g.methods[scope.Name], facts.ScopeID(s))
		}
	}
	for n := range m.Names {
		for _, b := range m.Names[n].Bindings {
			if (b.Kind == facts.ByDef || b.Kind == facts.ByClass) && b.Defines >= 0 {
				g.defines[n] = append(g.defines[n], b.Defines)
			}
		}
	}
	for _, use := range m.Uses {
		from := m.DefAround(use.Scope)
		if from < 0 || lazyRole(use) {
			continue
		}
		for _, d := range g.defines[use.Name] {
			for _, callee := range g.entered(use, d) {
				g.calls[from] = append(g.calls[from], target{callee, use.Line})
			}
		}
	}
	for _, c := range m.Calls {
		if from := m.DefAround(c.Scope); from >= 0 {
			for _, d := range g.methods[c.Attr] {
				g.calls[from] = append(g.calls[from], target{d, c.Line})
			}
		}
	}
	return g
}

// entered lists the defs that a use of a def or class enters at once.
func (g *callGraph) entered(use facts.Use, d facts.ScopeID) []facts.ScopeID {
	if g.m.Scopes[d].Kind == facts.ClassScope {
		switch {
		case use.Chain != "" && use.Called:
			last := use.Chain[strings.LastIndexByte(use.Chain, '.')+1:]
			return g.members(d, last)
		case use.Applied:
			return g.members(d, "__init__", "__new__", "__post_init__", "__call__")
		case use.Called:
			return g.members(d, "__init__", "__new__", "__post_init__")
		case use.Role == facts.InBase && g.isMetaclass(d):
			return g.members(d, "__new__", "__init__", "__prepare__", "__call__")
		case use.Role == facts.InBase:
			return g.members(d, "__init_subclass__")
		}
		return nil
	}
	switch {
	case use.Chain != "" || !use.Called:
		return nil
	case use.Role == facts.InDecorator && !use.Applied:
		return append(innerDefs(g.m, d), d) // @f(…): f runs, and what it returns decorates
	}
	return []facts.ScopeID{d}
}

// isMetaclass goes by the bases of a class: making a class runs the methods of
// its metaclass, but not those of its bases.
func (g *callGraph) isMetaclass(class facts.ScopeID) bool {
	for _, base := range g.m.Scopes[class].Bases {
		if base == "type" || strings.HasSuffix(base, "Meta") || strings.HasSuffix(base, "Type") {
			return true
		}
	}
	return false
}

// members are the methods of class c with one of the names.
func (g *callGraph) members(c facts.ScopeID, names ...string) []facts.ScopeID {
	var list []facts.ScopeID
	for _, name := range names {
		for _, d := range g.methods[name] {
			if g.m.Scopes[d].Parent == c {
				list = append(list, d)
			}
		}
	}
	return list
}

// innerDefs are the defs directly inside d.
func innerDefs(m *facts.Module, d facts.ScopeID) []facts.ScopeID {
	var list []facts.ScopeID
	for s := range m.Scopes {
		if m.Scopes[s].Parent == d && m.Scopes[s].Kind == facts.DefScope {
			list = append(list, facts.ScopeID(s))
		}
	}
	return list
}

// seed records what an import-time use of a def or class runs or hands on.
func (w *world) seed(r *running, use facts.Use, d facts.ScopeID) {
	g := r.graph
	for _, callee := range g.entered(use, d) {
		mark(r.called, callee, cause{line: use.Line})
	}
	if use.PassedTo != "" && use.Chain == "" && g.m.Scopes[d].Kind == facts.DefScope && (startsThread(use.PassedTo) || w.runsGiven(g.m, use.PassedTo)) {
		mark(r.handed, d, cause{line: use.Line, via: use.PassedTo, thread: startsThread(use.PassedTo)})
	}
}

// spread follows calls from what is marked.
func (g *callGraph) spread(marks []cause) {
	var queue []facts.ScopeID
	for s := range marks {
		if marks[s].is() {
			queue = append(queue, facts.ScopeID(s))
		}
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		for _, t := range g.calls[s] {
			if !marks[t.scope].is() {
				marks[t.scope] = marks[s]
				queue = append(queue, t.scope)
			}
		}
	}
}

// reachable lists what runs when one of the defs runs.
func (g *callGraph) reachable(from []facts.ScopeID) map[facts.ScopeID]bool {
	seen := map[facts.ScopeID]bool{}
	queue := append([]facts.ScopeID(nil), from...)
	for _, s := range from {
		seen[s] = true
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		for _, t := range g.calls[s] {
			if !seen[t.scope] {
				seen[t.scope] = true
				queue = append(queue, t.scope)
			}
		}
	}
	return seen
}

func mark(marks []cause, s facts.ScopeID, c cause) {
	if !marks[s].is() {
		marks[s] = c
	}
}

func startsThread(callee string) bool {
	last := callee[strings.LastIndexByte(callee, '.')+1:]
	switch last {
	case "Thread", "Timer", "submit", "apply_async", "start_new_thread", "run_in_executor", "to_thread", "map_async", "ThreadPoolExecutor", "Process":
		return true
	}
	return false
}
