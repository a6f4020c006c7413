package plan

import (
	"slices"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/profile"
	"fastpath/plan/stdlib"
)

// finalizer: the function can run while objects or the interpreter go down,
// when importing may fail.
func (d *descent) finalizer() {
	var roots []facts.ScopeID
	late := d.setsUpExit(d.loaded(d.u))
	for s := range d.m.Scopes {
		scope := &d.m.Scopes[s]
		if scope.Kind != facts.DefScope {
			continue
		}
		inClass := d.m.Scopes[scope.Parent].Kind == facts.ClassScope
		switch {
		case !inClass:
			if !slices.ContainsFunc(d.m.Farewells, func(f facts.Farewell) bool { return f.Name == scope.Name && (!f.Exit || late) }) {
				continue
			}
		case d.goesDownIn(scope.Parent, scope.Name):
		case d.saysFarewell(scope.Name, late):
		case (scope.Name == "emit" || scope.Name == "close" || scope.Name == "flush") && d.isHandler(scope.Parent):
		default:
			continue
		}
		roots = append(roots, facts.ScopeID(s))
	}
	g := d.r.graph
	for _, use := range d.m.Uses {
		if use.Chain == "" && use.PassedTo != "" && goesDown(d.m.Expand(use.Scope, use.PassedTo)) {
			roots = append(roots, g.defines[use.Name]...)
		}
	}
	if late {
		for n := range d.m.Names {
			if d.m.Names[n].Scope == facts.Top && len(d.said(atExit, d.m.Name+"."+d.m.Names[n].Text)) > 0 {
				roots = append(roots, g.defines[n]...)
			}
		}
	}
	if len(roots) == 0 {
		return
	}
	reach := g.reachable(roots)
	for _, l := range d.users.landings {
		for s := l.Scope; s > facts.Top; s = d.m.Scopes[s].Parent {
			if reach[s] {
				d.block("finalizer", d.m.Scopes[s].Line, "", "`%s` can run while objects or the interpreter go down", d.m.Scopes[s].Qualified)
				return
			}
		}
	}
}

// saysFarewell tells whether some file hands a method of that name on to be run
// when an object goes down, or, which matters only to what is late then, when the
// interpreter does. Whose method it is nobody can tell.
func (w *world) saysFarewell(method string, late bool) bool {
	return len(w.said(downCalls, method)) > 0 || late && len(w.said(exitCalls, method)) > 0
}

// A classAt is a class of the tree.
type classAt struct {
	file  int
	class facts.ScopeID
}

// finalizing gives the methods that run, by name, when an instance of the class
// goes down: what its __del__ or one that it inherits calls. nil without one.
// A __del__ takes the place of those above, unless it calls them.
func (w *world) finalizing(c classAt) map[string]bool {
	if names, ok := w.finalized[c]; ok {
		return names
	}
	w.finalized[c] = nil // for classes that are their own bases
	m := w.facts(c.file)
	var names map[string]bool
	add := func(more ...string) {
		if names == nil {
			names = map[string]bool{}
		}
		for _, name := range more {
			names[name] = true
		}
	}
	inherits := true
	for s := range m.Scopes {
		def := &m.Scopes[s]
		if def.Parent != c.class || def.Name != "__del__" {
			continue
		}
		calls := w.callsGoingDown(m, facts.ScopeID(s))
		if inherits = inherits && (def.Guarded || slices.Contains(calls, "__del__")); def.Empty {
			continue
		}
		add("__del__", operators)
		add(calls...)
	}
	for _, base := range m.Scopes[c.class].Bases {
		if !inherits {
			break
		}
		path := w.objectPath(m, base)
		if at, ok := w.classNamed(c.file, base, 0); ok {
			for name := range w.finalizing(at) {
				add(name)
			}
		} else if closesItself(path) {
			add("close", "flush", "closed", "__getattribute__", "__getattr__", "__setattr__")
			if !closesInC(path) {
				add(operators)
			}
		}
	}
	if inherits && names != nil && slices.ContainsFunc(w.ancestry(c), w.closesByItself) {
		add(operators)
	}
	w.finalized[c] = names
	return names
}

// operators stands among the methods that run for those that Python calls without
// their name being written.
const operators = "operators"

// callsGoingDown lists the methods, by name, that a __del__ calls, and those that
// these call.
func (w *world) callsGoingDown(m *facts.Module, del facts.ScopeID) []string {
	var names []string
	reach := newCallGraph(m).reachable([]facts.ScopeID{del})
	for _, call := range m.Calls {
		if reach[m.DefAround(call.Scope)] {
			names = append(names, call.Attr)
		}
	}
	for _, use := range m.Uses {
		if use.Called && last(use.Chain) == "__del__" && reach[m.DefAround(use.Scope)] {
			names = append(names, "__del__")
		}
	}
	return names
}

// closesByItself tells whether the class defines what the finalizer of a file calls.
func (w *world) closesByItself(c classAt) bool {
	return slices.ContainsFunc([]string{"close", "flush", "closed"}, func(name string) bool {
		return slices.ContainsFunc(w.methodsNamed(c.file)[name], func(s facts.ScopeID) bool { return w.facts(c.file).Scopes[s].Parent == c.class })
	})
}

// classNamed finds the class of the tree that a dotted name means in a file.
func (w *world) classNamed(file int, dotted string, depth int) (classAt, bool) {
	m := w.facts(file)
	owner, name := w.splitModule(w.objectPath(m, dotted))
	if name == "" {
		owner, name = m.Name, dotted
	}
	at, ok := w.byName[owner]
	if !ok || depth > 8 {
		return classAt{}, false
	}
	n := w.top(w.facts(at), name)
	if n < 0 {
		return classAt{}, false
	}
	for _, b := range w.facts(at).Names[n].Bindings {
		switch {
		case b.Kind == facts.ByClass && b.Defines >= 0:
			return classAt{at, b.Defines}, true
		case b.Kind == facts.ByImport && (at != file || name != dotted):
			return w.classNamed(at, name, depth+1)
		}
	}
	return classAt{}, false
}

// closesItself tells whether instances of a class outside the tree close
// themselves when they go down.
func closesItself(class string) bool {
	switch strings.TrimLeft(class[strings.LastIndexByte(class, '.')+1:], "_") {
	case "IOBase", "RawIOBase", "BufferedIOBase", "TextIOBase", "FileIO", "BytesIO", "StringIO", "TextIOWrapper",
		"BufferedReader", "BufferedWriter", "BufferedRandom", "BufferedRWPair", "BaseStream", "GzipFile", "BZ2File", "LZMAFile",
		"ZipFile", "ZipExtFile", "Shelf", "BsdDbShelf", "DbfilenameShelf", "SpooledTemporaryFile":
		return true
	}
	return false
}

// closesInC tells that what closes such an object calls no method by an operator.
func closesInC(class string) bool {
	module, _, _ := strings.Cut(class, ".")
	return module == "io" || module == "_io"
}

// goesDownIn tells whether the method can run while an instance of the class
// goes down.
func (d *descent) goesDownIn(class facts.ScopeID, method string) bool {
	names := d.finalizing(classAt{d.file, class})
	return names[method] || names[operators] && implicit(method)
}

// implicit tells whether Python calls the method without its name being
// written: by an operator, a subscript, a loop, a with.
func implicit(method string) bool {
	switch method {
	case "__init__", "__new__", "__init_subclass__", "__class_getitem__", "__set_name__", "__reduce__", "__reduce_ex__",
		"__getstate__", "__setstate__", "__getnewargs__", "__getnewargs_ex__", "__copy__", "__deepcopy__":
		return false
	}
	return strings.HasPrefix(method, "__") && strings.HasSuffix(method, "__")
}

func (d *descent) isHandler(class facts.ScopeID) bool {
	for _, b := range d.m.Scopes[class].Bases {
		if strings.HasSuffix(b, "Handler") {
			return true
		}
	}
	return false
}

// goesDown tells that the callee calls what it is given while objects or the
// interpreter go down.
func goesDown(callee string) bool {
	switch callee {
	case "weakref.ref", "weakref.finalize", "weakref.proxy", "weakref.WeakMethod":
		return true
	}
	return false
}

// setsUpExit tells whether loading the target may register exit handlers or
// start threads, which is too late once the interpreter goes down.
func (w *world) setsUpExit(target string) bool {
	for _, name := range w.firstPartyClosure(target) {
		m := w.facts(w.byName[name])
		for _, list := range [][]facts.Effect{m.Effects, m.Touches} {
			for _, e := range list {
				switch e.Code {
				case "atexit", "thread", "pool":
					return true
				}
			}
		}
	}
	if w.Profile != nil {
		if m, ok := w.Profile.Modules[target]; ok && !w.Profile.Short {
			for _, e := range m.Effects {
				if kind := profile.EffectKind(e); kind == profile.EffectAtexit || kind == profile.EffectThread {
					return true
				}
			}
			return false
		}
	}
	switch root, _, _ := strings.Cut(target, "."); root {
	case "logging", "concurrent", "multiprocessing", "threading", "weakref", "asyncio":
		return true
	default:
		return !w.inTree(target) && !stdlib.Has(root)
	}
}
