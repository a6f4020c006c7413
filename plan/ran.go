package plan

import (
	"slices"
	"strings"

	"fastpath/plan/facts"
)

// ranBy lists the defs of the tree that the load of a file may run: those of its
// own that it calls or hands on, and all that names lead to from there, or from its
// top level.
func (w *world) ranBy(file int) []code {
	if list, known := w.ran[file]; known {
		return list
	}
	m := w.facts(file)
	var o outcome
	running := w.runsAtImport(m)
	for s := range m.Scopes {
		if running.called[s].is() || running.handed[s].is() && w.runsItNow(m, running.handed[s].via) {
			o.enters = append(o.enters, code{file, facts.ScopeID(s)})
		}
	}
	for _, use := range m.Uses {
		if w.whileLoading(m, use) {
			w.follow(&o, file, use)
		}
	}
	var list []code
	seen := map[code]bool{}
	for work := o.enters; len(work) > 0 && len(list) < followed; {
		c := work[len(work)-1]
		work = work[:len(work)-1]
		if !seen[c] {
			seen[c] = true
			list = append(list, c)
			work = append(work, w.directly(c)...)
		}
	}
	w.ran[file] = list
	return list
}

// directly lists the defs that the code of a def enters when it runs. What is in
// defs inside it, such as the wrapper that a decorator gives back, counts where the
// code calls them, or hands them to what runs them.
func (w *world) directly(c code) []code {
	if list, known := w.direct[c]; known {
		return list
	}
	m := w.facts(c.file)
	var o outcome
	for _, use := range w.ownUses(c) {
		if !lazyRole(use) {
			w.follow(&o, c.file, use)
		}
	}
	o.enters = append(o.enters, w.methodsCalled(c.file, func(s facts.ScopeID) bool { return m.DefAround(s) == c.def })...)
	def := &m.Scopes[c.def]
	if class := def.Parent; isClassMethod(def) {
		w.members(&o, c.file, class, 0, "__init__", "__new__", "__post_init__") // cls() is what they are for
	}
	for s := range m.Scopes {
		inner := &m.Scopes[s]
		if inner.Kind == facts.DefScope && m.DefAround(inner.Parent) == c.def && (inner.Entered || w.decoratorRuns(m, inner)) {
			o.enters = append(o.enters, code{c.file, facts.ScopeID(s)})
		}
	}
	w.direct[c] = o.enters
	return o.enters
}

// ownUses are the uses in the code of a def, defs inside it aside.
func (w *world) ownUses(c code) []facts.Use {
	m := w.facts(c.file)
	var list []facts.Use
	for _, i := range w.usesInside(c.file)[c.def] {
		if m.DefAround(m.Uses[i].Scope) == c.def {
			list = append(list, m.Uses[i])
		}
	}
	return list
}

// decoratorRuns tells whether a decorator of a def is known to run it at once.
func (w *world) decoratorRuns(m *facts.Module, def *facts.Scope) bool {
	return slices.ContainsFunc(def.Decorators, func(d facts.Decorator) bool { return w.runsItNow(m, d.Name) && w.runsDecorated(m, d) })
}

// runsItNow tells whether what a function is handed to, or decorated by, is known to
// run it at once: a def of the tree, or a function that everyone has, such as map.
// What others do with it, they mostly do later.
func (w *world) runsItNow(m *facts.Module, via string) bool {
	name := strings.TrimPrefix(via, "@")
	if n := w.top(m, firstPart(name)); n >= 0 {
		path := m.Expand(facts.Top, name)
		return w.inTreeBelow(path) || m.Names[n].Bindings[0].Kind == facts.ByDef
	}
	return builtins[name]
}

// inTreeBelow tells whether a dotted path leads to something in a module of the tree.
func (w *world) inTreeBelow(path string) bool {
	module, rest := w.splitModule(path)
	return rest != "" && w.inTree(module)
}

// startsThreads finds where the load of a file starts threads, or makes a pool of
// them.
func (w *world) startsThreads(file int) (place, bool) {
	starts := func(e facts.Effect) bool { return e.Code == "thread" || e.Code == "pool" }
	m := w.facts(file)
	for _, effects := range [][]facts.Effect{m.Effects, m.Touches} {
		if i := slices.IndexFunc(effects, starts); i >= 0 {
			return place{file, effects[i].Line}, true
		}
	}
	for _, c := range w.ranBy(file) {
		in := w.facts(c.file)
		for _, e := range in.Changes {
			if starts(e) && in.Inside(e.Scope, c.def) {
				return place{c.file, e.Line}, true
			}
		}
	}
	return place{}, false
}

// A readAt is process state that is read while a file loads.
type readAt struct {
	place
	facts.Read
}

// readsBy lists what is read of the process while a file loads.
func (w *world) readsBy(file int) []readAt {
	if list, known := w.reads[file]; known {
		return list
	}
	var list []readAt
	note := func(in int, reads []facts.Read, ran func(facts.ScopeID) bool) {
		for _, r := range reads {
			if ran(r.Scope) {
				list = append(list, readAt{place{in, r.Line}, r})
			}
		}
	}
	note(file, w.facts(file).Reads, func(facts.ScopeID) bool { return true })
	for _, c := range w.ranBy(file) {
		m := w.facts(c.file)
		note(c.file, m.ReadsLater, func(s facts.ScopeID) bool { return m.DefAround(s) == c.def })
	}
	w.reads[file] = list
	return list
}
