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
	if list, ok := w.snapshotsOf[file]; ok {
		return list
	}
	m := w.facts(file)
	list := []snapshot{}
	note := func(path string, at place, changes []change) {
		if len(changes) == 0 {
			return
		}
		s := snapshot{name: path, read: at}
		for _, c := range changes {
			s.changes = append(s.changes, c.stateWrite)
		}
		list = append(list, s)
	}
	for _, u := range m.Units {
		if st := m.Statements[u.Statement]; u.Attr != "" && u.Attr != "*" && u.Module != "" && m.DefAround(st.Scope) < 0 && st.Site != facts.SiteTypeChecking && st.Site != facts.SiteMain {
			note(u.Path(), place{file, u.Line}, w.rebound(u.Path(), m))
		}
	}
	ran := map[code]bool{}
	for _, c := range w.ranBy(file) {
		ran[c] = true
	}
	uses := func(in int, use facts.Use) {
		path, into, ok := w.looksAt(in, use)
		if !ok {
			return
		}
		// What the load itself runs remembers results that way.
		note(path, place{in, use.Line}, slices.DeleteFunc(w.changesSeen(path, into, m), func(c change) bool { return ran[code{c.file, c.def}] }))
	}
	for _, use := range m.Uses {
		if _, imported := m.Denotes(use.Name); imported && w.whileLoading(m, use) {
			uses(file, use)
		}
	}
	for c := range ran {
		for _, use := range w.ownUses(c) {
			if use.PassedTo != "next" { // which changes it itself, as those that number things do
				uses(c.file, use)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b snapshot) int {
		if a.read.file != b.read.file {
			return a.read.file - b.read.file
		}
		return a.read.line - b.read.line
	})
	w.snapshotsOf[file] = list
	return list
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
