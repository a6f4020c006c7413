package plan

import (
	"slices"

	"fastpath/plan/facts"
)

// A snapshot is a variable of another module that a file reads while it loads, and
// that code changes: loaded later, the file sees another value.
type snapshot struct {
	name    string
	read    place
	changes []stateWrite
}

// snapshots lists those of one file.
func (w *world) snapshots(file int) []snapshot {
	m := w.facts(file)
	list := []snapshot{}
	ran := map[code]bool{}
	note := func(l look) {
		s := snapshot{name: l.path, read: l.place}
		for _, c := range l.changes {
			// What the load itself runs remembers results that way.
			if w.facts(c.file) != m && !ran[code{c.file, c.def}] {
				s.changes = append(s.changes, c.stateWrite)
			}
		}
		if len(s.changes) > 0 {
			list = append(list, s)
		}
	}
	for _, u := range m.Units {
		if st := m.Statements[u.Statement]; u.Attr != "" && u.Attr != "*" && u.Module != "" && m.DefAround(st.Scope) < 0 && st.Site != facts.SiteTypeChecking && st.Site != facts.SiteMain {
			note(look{place{file, u.Line}, u.Path(), w.rebound(u.Path())})
		}
	}
	for _, c := range w.ranBy(file) {
		ran[c] = true
	}
	for _, use := range m.Uses {
		if _, imported := m.Denotes(use.Name); imported && w.whileLoading(m, use) {
			if l, ok := w.lookOf(file, use); ok {
				note(l)
			}
		}
	}
	for _, c := range w.ranBy(file) {
		for _, l := range w.looksOf(c) {
			note(l)
		}
	}
	return list
}

// A look is a use that reads what code changes.
type look struct {
	place
	path    string
	changes []change
}

// looksOf lists those in the code of a def.
func (w *world) looksOf(c code) []look {
	if list, known := w.looks[c]; known {
		return list
	}
	var list []look
	for _, use := range w.ownUses(c) {
		if use.PassedTo == "next" {
			continue // it changes that itself, as what numbers things does
		}
		if l, ok := w.lookOf(c.file, use); ok {
			list = append(list, l)
		}
	}
	w.looks[c] = list
	return list
}

func (w *world) lookOf(file int, use facts.Use) (look, bool) {
	path, into, ok := w.looksAt(file, use)
	if !ok {
		return look{}, false
	}
	changes := w.changesSeen(path, into)
	if use.Called {
		changes = append(changes, w.changesSeen(path+"()", true)...)
	}
	return look{place{file, use.Line}, path, changes}, len(changes) > 0
}

// looksAt gives the variable that a use reads, and whether it may look at what is
// below: what calls a method, asks for a property, or has the object itself does.
// A base class, and what is only changed, is not looked at.
func (w *world) looksAt(file int, use facts.Use) (path string, into, ok bool) {
	path, ok = w.pathOf(file, use)
	if !ok || use.Store || use.Item || lazyRole(use) || use.Role == facts.InAnnotation || use.Role == facts.InBase || use.Called && mutates(last(use.Chain)) {
		return "", false, false
	}
	module, name := w.splitModule(path)
	owner, inTree := w.byName[module]
	if w.isModule(path) {
		return "", false, false
	}
	object := objectOf(path)
	if use.Chain != "" && object != module && !w.isModule(object) && (use.Called || inTree && len(w.methodsNamed(owner)[last(path)]) > 0) {
		return object, true, true
	}
	if inTree && object == module {
		_, bindings := w.bindings(module, name)
		if use.Called && slices.ContainsFunc(bindings, func(b facts.Bind) bool { return b.Kind == facts.ByDef }) {
			return path, false, true
		}
	}
	return path, true, true
}

// whileLoading tells that the use is evaluated while its module loads.
func (w *world) whileLoading(m *facts.Module, use facts.Use) bool {
	return !use.InMain && !lazyRole(use) && use.Role != facts.InAnnotation && m.DefAround(use.Scope) < 0 && m.Scopes[use.Scope].Kind != facts.LambdaScope
}
