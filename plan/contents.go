package plan

import (
	"fmt"
	"slices"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/stdlib"
)

// A change is what code does to a variable, or to what it holds.
type change struct {
	stateWrite
	path   string    // what is assigned, or whose content changes; "f()" stands for what f gives
	given  string    // where only what it is handed to can tell whether it changes it: that
	use    facts.Use // with given: how it is handed to it
	method string    // where only the class of the object can tell whether that method changes it
	binds  bool      // another object is put there
	aside  bool      // none of the effects of the file says so
}

// eachContent gives what a file changes of variables of other modules, and what its
// functions change of its own.
func eachContent(m *facts.Module, found func(change)) {
	note := func(c change, line int, scope facts.ScopeID, inMain bool) {
		c.def = m.DefAround(scope)
		c.line, c.atImport = line, c.def < 0 && !inMain
		found(c)
	}
	for _, use := range m.Uses {
		if lazyRole(use) || !use.Store && !use.Item && use.PassedTo == "" && !(use.Called && use.Chain != "") {
			continue
		}
		path, imported := m.Denotes(use.Name)
		if !imported {
			if path = ownVariable(m, use.Name); path == "" || m.DefAround(use.Scope) < 0 {
				continue
			}
		}
		path += suffix(use.Chain)
		switch method := last(use.Chain); {
		case use.Store:
			note(change{path: path, binds: true}, use.Line, use.Scope, use.InMain)
		case use.Item, use.PassedTo == "next":
			note(change{path: path}, use.Line, use.Scope, use.InMain)
		case method == "register" && stdlib.Root(path): // of an abstract class: no content
		case use.PassedTo != "":
			callee := m.Expand(use.Scope, use.PassedTo)
			if changesFirst(callee) && use.Argument == 1 {
				note(change{path: path, aside: true}, use.Line, use.Scope, use.InMain)
				break
			}
			note(change{path: path, given: callee, use: use}, use.Line, use.Scope, use.InMain)
			if use.Chain != "" && !matchName(looksOnly, callee) { // a method that will be called
				note(methodCall(path, true), use.Line, use.Scope, use.InMain)
			}
		case mutates(method) || !stdlib.Root(path):
			note(methodCall(path, false), use.Line, use.Scope, use.InMain)
		}
	}
	for _, d := range m.Dynamic {
		if d.What != "setattr" || d.Object == "" || d.Object == "?" {
			continue
		}
		path := m.Expand(d.Scope, d.Object)
		root, rest, _ := strings.Cut(d.Object, ".")
		if n := m.NameAt(facts.Top, root); n >= 0 && path == d.Object {
			if _, imported := m.Denotes(n); !imported {
				if path = ownVariable(m, n); path == "" || m.DefAround(d.Scope) < 0 {
					continue
				}
				path += suffix(rest)
			}
		}
		note(change{path: path, aside: true}, d.Line, d.Scope, false)
	}
	for _, list := range [][]facts.Effect{m.Effects, m.Touches, m.Changes} {
		for _, e := range list {
			switch e.Code {
			case "store":
				note(change{path: e.Detail, binds: !e.Item}, e.Line, e.Scope, false)
			case "method", "call", "value", "register":
				note(methodCall(e.Detail, false), e.Line, e.Scope, false)
			}
		}
	}
	for _, p := range m.Patches {
		if p.Form == facts.PatchContent {
			found(change{stateWrite: stateWrite{place: place{line: p.Line}, def: -1}, path: p.Target})
		}
	}
	for n := range m.Names {
		path, imported := m.Denotes(n)
		for _, b := range m.Names[n].Bindings {
			if imported && b.Kind == facts.ByAugAssign { // of a list, += adds to it
				note(change{path: path}, b.Line, b.Scope, false)
			}
		}
	}
}

// methodCall is the change that the call of a method may be.
func methodCall(path string, aside bool) change {
	if method := last(path); !mutates(method) {
		return change{path: objectOf(path), method: method, aside: aside}
	}
	return change{path: objectOf(path), aside: aside}
}

// changesFirst tells the functions of the library that change what their first argument
// is, or holds.
func changesFirst(callee string) bool {
	switch callee {
	case "setattr", "delattr", "object.__setattr__", "object.__delattr__", "heapq.heappush", "heapq.heappop", "heapq.heapify", "heapq.heapreplace", "heapq.heappushpop",
		"bisect.insort", "bisect.insort_left", "bisect.insort_right", "random.shuffle", "operator.setitem", "operator.delitem", "operator.iadd":
		return true
	}
	of, method, _ := strings.Cut(callee, ".")
	return (of == "list" || of == "dict" || of == "set") && mutates(method)
}

// looksOnly are functions that do not call what they are given.
var looksOnly = []string{"isinstance", "issubclass", "getattr", "hasattr", "setattr", "id", "repr", "str", "len", "type", "callable", "print", "sorted", "list", "tuple", "set", "dict",
	"bool", "int", "float", "sum", "min", "max", "any", "all", "zip", "enumerate", "iter", "range", "vars", "dir"}

// ownVariable is the path of a variable of the module that holds an object.
func ownVariable(m *facts.Module, name int) string {
	n := &m.Names[name]
	if m.Name == "" || n.Scope != facts.Top || !slices.ContainsFunc(n.Bindings, func(b facts.Bind) bool {
		return b.Kind == facts.ByAssign && b.Value != "literal" || b.Kind == facts.ByClass
	}) {
		return ""
	}
	return m.Name + "." + n.Text
}

// objectOf is the path of what an attribute is read off.
func objectOf(path string) string { return path[:max(strings.LastIndexByte(path, '.'), 0)] }

// hearContents records what a file changes of variables. Those of the process have
// rules of their own, and modules no content but their variables.
func (w *world) hearContents(i int, m *facts.Module) {
	eachContent(m, func(c change) {
		c.file = i
		if c.path == "" || c.given == "" && w.isModule(c.path) || facts.IsProcessObject(c.path) || !w.sharedResult(c.path) {
			return
		}
		if module, _ := w.splitModule(c.path); c.method != "" && !w.inTree(module) {
			return
		}
		if c.given != "" {
			c.given = w.calledIn(m, c.given)
			if module, _ := w.splitModule(c.given); !w.inTree(module) {
				return
			}
		}
		w.contentsBy[c.path] = append(w.contentsBy[c.path], c)
		for object := range above(c.path) {
			if w.isModule(object) {
				break
			}
			w.contentsBelow[object] = append(w.contentsBelow[object], c)
		}
	})
}

// sharedResult tells that a path leads through no function, or one that gives the
// same object every time.
func (w *world) sharedResult(path string) bool {
	function, _, through := strings.Cut(w.meant(path), "()")
	if !through {
		return true
	}
	m, bindings := w.bindings(w.splitModule(function))
	return slices.ContainsFunc(bindings, func(b facts.Bind) bool {
		switch b.Kind {
		case facts.ByDef:
			return slices.ContainsFunc(m.Scopes[b.Defines].Decorators, func(d facts.Decorator) bool { return strings.HasSuffix(d.Name, "cache") })
		case facts.ByImport:
			p := m.Units[b.Unit].Path()
			return p != "" && p != function && w.sharedResult(p+"()")
		}
		return false
	})
}

// meant replaces the beginning of a path that leads through functions, containers and
// variables of the tree which give or hold a variable by the path of that.
func (w *world) meant(path string) string {
	for range 5 {
		i := strings.IndexAny(path, "([")
		if i < 0 {
			break
		}
		way, rest := path[:i+2], path[i+2:]
		of := w.waysOf(way)
		if len(of) == 0 {
			break
		}
		path = of[0] + rest
	}
	return path
}

// waysOf lists the paths of the objects to which a path is another way.
func (w *world) waysOf(path string) []string {
	module, _ := w.splitModule(path)
	m, ok := w.module(module)
	if !ok {
		return nil
	}
	var list []string
	for _, way := range m.Ways {
		if way.Path == path {
			list = appendNew(list, way.Of)
		}
	}
	return list
}

// changesSeen lists the changes that code may meet which reads the path. With into
// it may look at whatever is below.
func (w *world) changesSeen(path string, into bool) []change {
	var list []change
	note := func(changes []change) {
		for _, c := range changes {
			if w.takesEffect(c) {
				list = append(list, c)
			}
		}
	}
	for _, same := range w.aliases(path) {
		module := w.moduleOf(same)
		for p := same; p != "" && p != module; p = objectOf(p) {
			if same == path || objectOf(p) != module { // other modules have names of their own for the same object
				list = append(list, w.rebound(p)...)
			}
			at, _ := w.contentsAt(p)
			note(slices.DeleteFunc(slices.Clone(at), func(c change) bool { return c.binds }))
		}
		if _, below := w.contentsAt(same); into {
			note(below)
		}
	}
	return list
}

// rebound finds code that gives module.name another value: an assignment from
// outside, or a function of the module that declares the name global.
func (w *world) rebound(path string) []change {
	var list []change
	at, _ := w.contentsAt(path)
	for _, c := range at {
		if c.binds {
			list = append(list, c)
		}
	}
	m, ok := w.module(objectOf(path))
	if !ok {
		return list
	}
	if n := w.top(m, last(path)); n >= 0 {
		for _, s := range m.Names[n].GlobalIn {
			list = append(list, change{stateWrite: stateWrite{place: place{w.byName[m.Name], m.Scopes[s].Line}, def: m.DefAround(s)}, path: path, binds: true})
		}
	}
	for _, at := range w.setsNames(m.Name) {
		list = append(list, change{stateWrite: stateWrite{place: at, def: -1}, path: path, binds: true})
	}
	return list
}

// aliases lists the paths under which modules of the tree have what a path leads to:
// where its variable comes from, where modules import it from there, and what else
// gives or holds it, or one of the objects that the path leads through.
func (w *world) aliases(path string) []string {
	module, rest := w.splitModule(path)
	if rest == "" || !w.inTree(module) {
		return []string{path}
	}
	list := []string{path}
	for end := range len(path) + 1 {
		if end >= len(module) && (end == len(path) || path[end] == '.') {
			for _, same := range w.namesOf(path[:end]) {
				list = appendNew(list, same+path[end:])
			}
		}
	}
	return list
}

// namesOf lists the paths of what a path leads to: first those that it comes from, then
// those that come from one of these. A container that holds several objects does not
// make them the same.
func (w *world) namesOf(path string) []string {
	if list, known := w.aliased[path]; known {
		return list
	}
	list := []string{path}
	if !w.sharedResult(path) {
		return list // an object of its own, every time
	}
	for i := 0; i < len(list) && len(list) < 20; i++ {
		m, bindings := w.bindings(objectOf(list[i]), last(list[i]))
		for _, b := range bindings {
			if b.Kind == facts.ByImport {
				list = appendNew(list, m.Units[b.Unit].Path())
			}
		}
		for _, of := range w.waysOf(list[i]) {
			list = appendNew(list, of)
		}
	}
	for i := 0; i < len(list) && len(list) < 20; i++ {
		for _, at := range w.said(wayTo, list[i]) {
			for _, way := range w.facts(at.file).Ways {
				if way.Of == list[i] && way.Line == at.line {
					list = appendNew(list, way.Path)
				}
			}
		}
		for _, at := range w.said(importedFrom, list[i]) {
			by := w.facts(at.file)
			for _, u := range by.Units {
				if u.Line == at.line && u.Path() == list[i] && by.Name != "" && by.DefAround(by.Statements[u.Statement].Scope) < 0 {
					list = appendNew(list, by.Name+"."+u.Bound)
				}
			}
		}
	}
	w.aliased[path] = list
	return list
}

func appendNew(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// takesEffect tells whether a change is one: of a method that is called, its class
// says so, or its name where that is not known. Called on a class, only what is a
// class method can change that.
func (w *world) takesEffect(c change) bool {
	switch {
	case w.initializes(code{c.file, c.def}) && underOrSame(c.path, w.Modules[c.file].Name):
		return false
	case c.given != "":
		return w.changesGiven(c)
	case c.method == "":
		return true
	}
	c.path = w.meant(c.path)
	call := c.path + "." + c.method
	if known, ok := w.alters[call]; ok {
		return known
	}
	var o outcome
	w.call(&o, call, 0)
	_, bindings := w.bindings(w.splitModule(c.path))
	isClass := slices.ContainsFunc(bindings, func(b facts.Bind) bool { return b.Kind == facts.ByClass })
	found := len(o.enters) == 0 && !isClass && sets(c.method)
	seen := map[code]bool{}
	for work := o.enters; len(work) > 0 && !found; {
		next := work[len(work)-1]
		work = work[:len(work)-1]
		m := w.facts(next.file)
		def := &m.Scopes[next.def]
		if seen[next] || isClass && !isClassMethod(def) {
			continue
		}
		seen[next] = true
		found = def.Alters
		for _, callee := range w.methodsCalled(next.file, func(s facts.ScopeID) bool { return m.DefAround(s) == next.def }) {
			if m.Scopes[callee.def].Parent == def.Parent {
				work = append(work, callee)
			}
		}
	}
	w.alters[call] = found
	return found
}

// setsNames lists the places that set names of a module which cannot be told: by
// computed names, and in functions that are given the module.
func (w *world) setsNames(module string) []place {
	list := slices.Clone(w.said(setAny, module))
	at, _ := w.contentsAt(module)
	for _, c := range at {
		if c.given != "" && w.changesGiven(c) {
			list = append(list, c.place)
		}
	}
	return list
}

// givenAway lists the effects of handing objects of other modules, or their methods,
// while a file loads, to what changes or calls what it is given.
func (w *world) givenAway(file int) []effectAt {
	var list []effectAt
	m := w.facts(file)
	eachContent(m, func(c change) {
		own := m.Name != "" && underOrSame(c.path, m.Name)
		if own || !c.atImport || c.given == "" && (!c.aside || w.isModule(c.path) || !w.sharedResult(c.path)) {
			return
		}
		if c.file = file; c.given != "" {
			c.given = w.calledIn(m, c.given)
		}
		if w.takesEffect(c) {
			list = append(list, effectAt{place{file, c.line}, facts.Effect{Code: "store", Detail: c.path, Line: c.line}})
		}
	})
	return list
}

// calledIn is the path of what code of a module calls: of its own, or imported.
func (w *world) calledIn(m *facts.Module, callee string) string {
	if root, _, _ := strings.Cut(callee, "."); w.top(m, root) >= 0 && !w.inTree(root) {
		return m.Name + "." + callee
	}
	return callee
}

// changesGiven tells whether the call that an object is handed to changes it.
func (w *world) changesGiven(c change) bool {
	key := fmt.Sprintf("%s(%d, %s=%s)", c.given, c.use.Argument, c.use.Keyword, c.path)
	if known, ok := w.alters[key]; ok {
		return known
	}
	w.alters[key] = false // for what hands it on to where it came from
	var o outcome
	w.call(&o, c.given, 0)
	found := slices.ContainsFunc(w.unhidden(o.enters), func(at code) bool {
		m := w.facts(at.file)
		def := &m.Scopes[at.def]
		param := func(name string) bool { return takesAs(m, def, c.use, name) }
		return slices.ContainsFunc(def.Changes, param) || slices.ContainsFunc(def.Asks, func(ask string) bool {
			name, method, _ := strings.Cut(ask, ".")
			return param(name) && w.takesEffect(change{stateWrite: stateWrite{def: -1}, path: c.path, method: method})
		})
	})
	w.alters[key] = found
	return found
}

// unhidden leaves out the methods of a list that are those of a base class for which a
// class before it has its own.
func (w *world) unhidden(defs []code) []code {
	class := func(c code) classAt { return classAt{c.file, w.facts(c.file).Scopes[c.def].Parent} }
	name := func(c code) string { return w.facts(c.file).Scopes[c.def].Name }
	var list []code
	for _, c := range defs {
		hides := func(by code) bool {
			return name(by) == name(c) && class(by) != class(c) && slices.Contains(w.ancestry(class(by)), class(c))
		}
		if !slices.ContainsFunc(list, hides) {
			list = append(list, c)
		}
	}
	return list
}

// takesAs tells whether the parameter of a def may be what a use hands to it.
func takesAs(m *facts.Module, def *facts.Scope, use facts.Use, param string) bool {
	if use.Keyword != "" && slices.Contains(def.Params, use.Keyword) {
		return use.Keyword == param
	}
	i := use.Argument - 1
	if m.Scopes[def.Parent].Kind == facts.ClassScope && !isStaticMethod(def) {
		i++
	}
	return use.Argument == 0 || i >= len(def.Params) || def.Params[i] == param
}

// initializes tells that nothing calls a def but the load of its own module.
func (w *world) initializes(c code) bool {
	if c.def < 0 || !slices.Contains(w.ranBy(c.file), c) {
		return false
	}
	m := w.facts(c.file)
	def := &m.Scopes[c.def]
	n := w.top(m, def.Name)
	if n < 0 || def.Parent != facts.Top || m.Name == "" {
		return false
	}
	for _, i := range m.Names[n].Uses {
		if use := m.Uses[i]; !w.whileLoading(m, use) {
			return false
		}
	}
	full := m.Name + "." + def.Name
	return len(w.said(importedFrom, full)) == 0 && len(w.said(readFrom, full)) == 0
}

func isStaticMethod(def *facts.Scope) bool {
	return slices.ContainsFunc(def.Decorators, func(d facts.Decorator) bool { return d.Name == "staticmethod" })
}

func isClassMethod(def *facts.Scope) bool {
	return slices.ContainsFunc(def.Decorators, func(d facts.Decorator) bool { return d.Name == "classmethod" })
}

// sets tells the methods that change an object, going by the name alone.
func sets(method string) bool {
	switch method {
	case "set", "reset", "sort", "reverse", "popitem", "popleft", "put_nowait", "read", "read_dict", "read_string", "read_file", "add_section", "set_defaults",
		"setLevel", "addHandler", "removeHandler", "addFilter", "configure", "from_object", "from_pyfile", "from_mapping", "from_envvar":
		return true
	}
	return strings.HasPrefix(method, "set_")
}
