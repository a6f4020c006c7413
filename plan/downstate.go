package plan

import (
	"slices"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/profile"
	"fastpath/plan/stdlib"
)

type effectAt struct {
	place
	effect facts.Effect
}

// loadedWith lists the files of the tree that load with a target, itself
// included, those aside that the interpreter has loaded before any program.
func (w *world) loadedWith(target string) []int {
	var files []int
	for _, name := range w.firstPartyClosure(target) {
		if !stdlib.AtStartup(name) {
			files = append(files, w.byName[name])
		}
	}
	return files
}

// effectsMet are the effects of one file's load that other code can meet.
func (w *world) effectsMet(file int) []effectAt {
	if list, ok := w.metOf[file]; ok {
		return list
	}
	list := []effectAt{}
	m := w.facts(file)
	for _, effects := range [][]facts.Effect{m.Effects, m.Touches} {
		for _, effect := range effects {
			if e := (effectAt{place{file, effect.Line}, effect}); w.meets(e) {
				list = append(list, e)
			}
		}
	}
	for _, c := range w.ranBy(file) {
		in := w.facts(c.file)
		for _, effect := range in.Changes {
			if e := (effectAt{place{c.file, effect.Line}, effect}); in.DefAround(effect.Scope) == c.def && w.meets(e) {
				list = append(list, e)
			}
		}
	}
	list = append(append(list, w.enrolled(file)...), w.givenAway(file)...)
	w.metOf[file] = list
	return list
}

// metFirst are the first loads that the effects of a file's load speak of, each once.
func (w *world) metFirst(file int) []*firstLoad {
	if list, ok := w.firstOf[file]; ok {
		return list
	}
	list := []*firstLoad{}
	for _, e := range w.effectsMet(file) {
		owners := w.owners(e)
		if !slices.ContainsFunc(list, func(f *firstLoad) bool { return slices.Equal(f.owners, owners) }) {
			list = append(list, &firstLoad{module: w.Modules[file].Name, owners: owners})
		}
	}
	w.firstOf[file] = list
	return list
}

// metWith are those that the load of a target speaks of.
func (w *world) metWith(target string) *firstLoads {
	list, known := w.metBy[target]
	if !known {
		for _, file := range slices.Sorted(slices.Values(w.loadedWith(target))) {
			for _, f := range w.metFirst(file) {
				list = w.listWith(f, list)
			}
		}
		w.metBy[target] = list
	}
	return list
}

// sideEffect: importing the target changes the process for others.
func (d *descent) sideEffect() {
	unless := d.allowing("side-effect", "the order does not matter")
	for _, module := range d.fresh(d.loads(d.u)) {
		if matchName(d.lists.sideEffects, module) {
			d.block("side-effect", d.u.Line, unless, "importing `%s` changes the process", module)
			d.onFirstLoad(firstLoad{module: module})
			return
		}
		if d.Profile == nil {
			continue
		}
		for _, e := range d.Profile.Modules[module].Effects {
			if profile.ProcessWide(e) {
				d.block("side-effect", d.u.Line, unless, "importing `%s` was seen to change the process: %s", module, e)
				d.onFirstLoad(firstLoad{module: module})
				return
			}
		}
	}
	target := d.loaded(d.u)
	for _, file := range d.loadedWith(target) {
		if d.around(file) {
			continue
		}
		if effects := d.effectsMet(file); len(effects) > 0 {
			d.blockAt("side-effect", effects[0].place, unless, "importing `%s` does this: %s", target, done(effects[0].effect))
			d.onFirstLoadOf(d.metWith(target))
			return
		}
	}
}

// done says in words what an effect is.
func done(e facts.Effect) string {
	code := e.Code
	switch code {
	case "value":
		code = "call"
	case "state":
		code = "change"
	}
	return code + " " + strings.TrimPrefix(e.Detail, "=")
}

// around tells that the file is a package around this module, or this module
// itself: it has loaded before the import can run. What goes up also meets
// everything that loads with its file anyway.
func (d *descent) around(file int) bool {
	return d.with.inside[file] || d.m.Name != "" && underOrSame(d.m.Name, d.Modules[file].Name)
}

// fresh leaves out the modules that have loaded before the import can run.
func (d *descent) fresh(modules []string) []string {
	if d.with.inside != nil {
		return slices.DeleteFunc(modules, func(module string) bool {
			i, ok := d.byName[module]
			return ok && d.with.inside[i] || d.with.outside[module]
		})
	}
	for len(modules) > 0 && d.m.Name != "" && underOrSame(d.m.Name, modules[0]) {
		modules = modules[1:]
	}
	return modules
}

// meets tells whether other code of the process can meet the effect. Private
// effects do not count, nor what merely uses another module's functions: a
// registration needs an object that keeps what it is given.
func (w *world) meets(e effectAt) bool {
	m := w.facts(e.file)
	switch e.effect.Code {
	case "store", "call", "value", "method", "register":
		e.effect.Detail = w.meant(e.effect.Detail)
		if module, _ := w.splitModule(e.effect.Detail); module == m.Name || !w.sharedResult(e.effect.Detail) {
			return false // of its own, or just made
		}
	}
	switch e.effect.Code {
	case "atexit", "pool", "warnings":
		return false
	case "state":
		return e.effect.Detail == "=files" // what comes later may count on them
	case "registry":
		namers, known := w.namers(e)
		return !known || len(namers) > 0
	case "value":
		method := last(e.effect.Detail) // setdefault is how results are remembered
		return w.changesProcess(e.effect.Detail) || w.signsUp(e.effect.Detail, 0) || mutates(method) && method != "setdefault" && w.isVariable(m, e.effect.Detail)
	case "sys.modules":
		return !w.ownNames(m, e.effect.Line)
	case "store":
		switch last(e.effect.Detail) {
		case "__module__", "__name__", "__qualname__", "__doc__", "__file__", "__package__":
			return false
		}
	case "call", "method":
		return w.keepsState(e.effect.Detail)
	case "register":
		return !w.harmlessDecorator(m, e.effect.Detail) && w.keepsState(e.effect.Detail)
	case "metaclass":
		return !stdlib.Root(e.effect.Detail) && w.actsOnClasses(m, e.effect.Detail)
	case "subclass":
		return w.watchesSubclasses(m, e.effect.Detail, 0)
	}
	return true
}

// ownNames tells that a line writes sys.modules only for the module itself, for
// what is below it, as os does for os.path, or for the last part of its name, which
// nothing else asks for.
func (w *world) ownNames(m *facts.Module, line int) bool {
	own := false
	for _, p := range m.Patches {
		if p.Form == facts.PatchModules && p.Line == line {
			if p.Target == "" || !underOrSame(p.Target, m.Name) && !(p.Target == last(m.Name) && w.unheardOf(p.Target)) {
				return false
			}
			own = true
		}
	}
	return own
}

// unheardOf tells that nothing imports a module of that name, be it a pickle or by
// a name that is worked out, nor asks sys.modules for it, and that the library has
// none.
func (w *world) unheardOf(module string) bool {
	_, known := w.graph.Find(module)
	_, pickles := w.graph.Find("pickle")
	return !known && !pickles && !stdlib.Has(module) && len(w.said(askedFor, module)) == 0 &&
		!slices.ContainsFunc(w.Modules, func(m *facts.Module) bool {
			return slices.ContainsFunc(m.Loads, func(l facts.StringImport) bool { return l.Module == "" })
		})
}

// keepsState tells whether a call of the dotted path can leave something
// behind in an object that other modules see: a method of an instance, or a
// function of the tree that touches a variable of its module.
func (w *world) keepsState(dotted string) bool { return w.keeps(dotted, 0) }

func (w *world) keeps(dotted string, depth int) bool {
	if stdlib.Root(dotted) {
		return false
	}
	module, rest := w.splitModule(dotted)
	m, ok := w.module(module)
	if !ok {
		switch last(dotted) {
		case "register", "route", "task", "listens_for", "connect", "add", "append", "subscribe", "hookimpl", "receiver":
			return true
		}
		return false
	}
	name, method, _ := strings.Cut(rest, ".")
	n := w.top(m, name)
	switch {
	case depth > 10:
		return true
	case n >= 0:
	case rest == "":
		return false
	default:
		source, ok := w.starSource(m, name, 0)
		return !ok || w.keeps(source+"."+rest, depth+1)
	}
	for _, b := range m.Names[n].Bindings {
		switch b.Kind {
		case facts.ByDef:
			if method != "" && len(m.Scopes[b.Defines].Decorators) > 0 {
				return true // what the decorator made of it, as singledispatch does, has methods of its own
			}
			if w.touchesGlobals(m, b.Defines) || w.changesInside(m, b.Defines, map[facts.ScopeID]bool{}) {
				return true
			}
		case facts.ByClass:
			if method != "" || w.enrols(classAt{w.byName[module], b.Defines}, depth) {
				return true
			}
		case facts.ByImport:
			if p := m.Units[b.Unit].Path(); p != "" && p != dotted && w.keeps(p+suffix(method), depth+1) {
				return true
			}
		default:
			// Another name for a function, as `wraps = functools.wraps`.
			same := m.Expand(facts.Top, b.Value)
			if source, _ := w.splitModule(same); b.Value == "" || b.Value == "literal" || !stdlib.Root(same) && !w.inTree(source) || w.keeps(same+suffix(method), depth+1) {
				return true
			}
		}
	}
	return false
}

// changesProcess tells whether a call of the dotted path runs a function of the
// tree that changes the process for others.
func (w *world) changesProcess(dotted string) bool {
	module, name := w.splitModule(dotted)
	m, ok := w.module(module)
	if !ok {
		return false
	}
	if n := w.top(m, name); n >= 0 {
		for _, b := range m.Names[n].Bindings {
			if b.Kind == facts.ByDef && w.changesInside(m, b.Defines, map[facts.ScopeID]bool{}) {
				return true
			}
		}
	}
	return false
}

// changesInside tells whether a def, or one of its file that it calls by name,
// has an effect on the whole process, or on what another module holds, that other
// code can meet.
func (w *world) changesInside(m *facts.Module, def facts.ScopeID, seen map[facts.ScopeID]bool) bool {
	seen[def] = true
	for _, e := range m.Changes {
		switch {
		case !m.Inside(e.Scope, def), e.Code == "warnings":
		case e.Code != "call" && w.meets(effectAt{place{w.byName[m.Name], e.Line}, e}), e.Code == "call" && w.isVariable(m, e.Detail):
			return true
		}
	}
	for _, use := range m.Uses {
		if !use.Called || use.Chain != "" || !m.Inside(use.Scope, def) {
			continue
		}
		for _, b := range m.Names[use.Name].Bindings {
			if b.Kind == facts.ByDef && b.Scope == facts.Top && !seen[b.Defines] && w.changesInside(m, b.Defines, seen) {
				return true
			}
		}
	}
	return false
}

// isVariable tells whether the first name of a dotted path leads to a variable of
// the tree, whose method or item the rest then is.
func (w *world) isVariable(m *facts.Module, dotted string) bool {
	home, name := w.home(m, dotted, 0)
	owner, ok := w.module(home)
	return ok && owner.Names[w.top(owner, name)].Bindings[0].Kind == facts.ByAssign
}

// starSource finds the module of the tree from which a star import of m takes
// the name; not ok when none or several may give it.
func (w *world) starSource(m *facts.Module, name string, depth int) (module string, ok bool) {
	for _, u := range m.Units {
		if u.Attr != "*" || m.Statements[u.Statement].Scope != facts.Top || depth > 8 {
			continue
		}
		source, inTree := w.module(u.Module)
		if !inTree || !exports(source, name) {
			continue
		}
		from := u.Module
		if w.top(source, name) < 0 {
			if from, inTree = w.starSource(source, name, depth+1); !inTree {
				continue
			}
		}
		if module != "" && module != from {
			return "", false
		}
		module = from
	}
	return module, module != ""
}

func suffix(method string) string {
	if method == "" {
		return ""
	}
	return "." + method
}

// splitModule cuts a dotted path behind the longest module of the tree.
func (w *world) splitModule(dotted string) (module, rest string) {
	for end := len(dotted); end > 0; end = strings.LastIndexByte(dotted[:end], '.') {
		if w.inTree(dotted[:end]) {
			return dotted[:end], strings.TrimPrefix(dotted[end:], ".")
		}
	}
	return dotted, ""
}

// touchesGlobals tells whether a def, or one inside it, may change a variable
// of its module that is not a def, class or import: it assigns it, hands it on,
// or does more with it than read an attribute.
func (w *world) touchesGlobals(m *facts.Module, def facts.ScopeID) bool {
	for n := range m.Names {
		name := &m.Names[n]
		if name.Scope != facts.Top {
			continue
		}
		for _, s := range name.GlobalIn {
			if m.Inside(s, def) {
				return true
			}
		}
		for _, b := range name.Bindings {
			if b.Kind != facts.ByAssign || b.Value == "literal" {
				continue
			}
			for _, i := range name.Uses {
				use := m.Uses[i]
				if use.Role == facts.InAnnotation || m.Expand(use.Scope, use.PassedTo) == "typing.cast" {
					continue
				}
				if m.Inside(use.Scope, def) && (use.Chain == "" || use.Store || use.Called && mutates(last(use.Chain))) {
					return true
				}
			}
		}
	}
	return false
}

func mutates(method string) bool {
	switch method {
	case "update", "setdefault", "pop", "popleft", "popitem", "remove", "discard", "clear", "put", "connect", "subscribe",
		"__setattr__", "__delattr__", "__setitem__", "__delitem__":
		return true
	}
	return facts.Grows(method)
}

// actsOnClasses tells whether a metaclass may do something when a class of it
// is made: not if it is a class of the tree that only changes what instances
// and subclasses look like.
func (w *world) actsOnClasses(m *facts.Module, dotted string) bool {
	module, name := w.splitModule(dotted)
	owner, ok := w.module(module)
	if name == "" {
		owner, ok, name = m, true, dotted
	}
	if !ok {
		return true
	}
	n := w.top(owner, name)
	if n < 0 || len(owner.Names[n].Bindings) != 1 || owner.Names[n].Bindings[0].Kind != facts.ByClass {
		return true
	}
	class := owner.Names[n].Bindings[0].Defines
	for s := range owner.Scopes {
		if owner.Scopes[s].Parent != class {
			continue
		}
		switch owner.Scopes[s].Name {
		case "__new__", "__init__", "__prepare__", "__call__", "mro":
			return true
		}
	}
	for _, base := range owner.Scopes[class].Bases {
		if base != "type" && owner.Expand(facts.Top, base) != "abc.ABCMeta" {
			return true
		}
	}
	return len(owner.Scopes[class].Decorators) > 0
}
