package plan

import (
	"slices"
	"strings"

	"fastpath/plan/facts"
)

// A snapshot is a variable of another module of the tree that a file reads while
// it loads, and that code changes: loaded later, the file sees another value.
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
	note := func(path string, line int) {
		if changes := w.changesLater(path, m); len(changes) > 0 {
			list = append(list, snapshot{path, place{file, line}, changes})
		}
	}
	for _, u := range m.Units {
		if st := m.Statements[u.Statement]; u.Attr != "" && u.Attr != "*" && u.Module != "" && m.DefAround(st.Scope) < 0 && st.Site != facts.SiteTypeChecking && st.Site != facts.SiteMain {
			note(u.Path(), u.Line)
		}
	}
	for _, use := range m.Uses {
		if path, ok := w.readContent(m, use); ok {
			if changes := w.contentChanges(path, m); len(changes) > 0 {
				list = append(list, snapshot{path, place{file, use.Line}, changes})
			}
		}
		if use.Chain == "" || use.Store || use.InMain || use.TypeChecking || use.Role == facts.InAnnotation || m.DefAround(use.Scope) >= 0 ||
			m.Scopes[use.Scope].Kind == facts.LambdaScope {
			continue
		}
		if base, ok := m.Denotes(use.Name); ok {
			for _, path := range withParents(base + "." + use.Chain)[strings.Count(base, ".")+1:] {
				note(path, use.Line)
			}
		}
	}
	for _, c := range w.ranBy(file) {
		for _, use := range w.ownUses(c) {
			if path, ok := w.pathOf(c.file, use); ok && !use.Store && !lazyRole(use) && use.Role != facts.InAnnotation {
				for _, p := range withParents(path) {
					if changes := w.changesElsewhere(p, c, m); len(changes) > 0 {
						list = append(list, snapshot{p, place{c.file, use.Line}, changes})
					}
				}
			}
		}
	}
	w.snapshotsOf[file] = list
	return list
}

// changesElsewhere are the changes of a variable that the code of a def reads while
// a module loads, but for those that this module, or the def itself, makes: that is
// how results are remembered.
func (w *world) changesElsewhere(path string, by code, reader *facts.Module) []stateWrite {
	return slices.DeleteFunc(slices.Concat(w.changesLater(path, reader), w.contentChanges(path, reader)), func(c stateWrite) bool {
		return c.file == by.file && c.line == w.facts(c.file).Scopes[by.def].Line
	})
}

// changesLater finds code, other than that of the file that reads it, that
// gives module.name another value: an assignment from outside, or a function of
// the module that declares the name global.
func (w *world) changesLater(path string, reader *facts.Module) []stateWrite {
	end := strings.LastIndexByte(path, '.')
	m, ok := w.module(path[:max(end, 0)])
	if !ok {
		return nil
	}
	var list []stateWrite
	for _, at := range w.said(storedTo, path) {
		if by := w.facts(at.file); by != reader {
			list = append(list, stateWrite{place: at, atImport: storesAtImport(by, at.line)})
		}
	}
	if n := w.top(m, path[end+1:]); n >= 0 {
		for _, s := range m.Names[n].GlobalIn {
			list = append(list, stateWrite{place: place{w.byName[m.Name], m.Scopes[s].Line}})
		}
	}
	return list
}

// storesAtImport tells whether the module stores an attribute on that line while
// it loads.
func storesAtImport(m *facts.Module, line int) bool {
	return slices.ContainsFunc(m.Uses, func(use facts.Use) bool {
		return use.Store && use.Line == line && m.DefAround(use.Scope) < 0
	})
}

// whileLoading tells that the use is evaluated while its module loads.
func (w *world) whileLoading(m *facts.Module, use facts.Use) bool {
	return !use.InMain && !lazyRole(use) && use.Role != facts.InAnnotation && m.DefAround(use.Scope) < 0 && m.Scopes[use.Scope].Kind != facts.LambdaScope
}

// readContent gives the variable of another module of the tree whose content a
// use reads while its file loads.
func (w *world) readContent(m *facts.Module, use facts.Use) (string, bool) {
	base, ok := m.Denotes(use.Name)
	if !ok || use.Store || use.Called && mutates(last(use.Chain)) || !w.whileLoading(m, use) {
		return "", false
	}
	path := base + suffix(use.Chain)
	for _, p := range withParents(path) {
		if len(w.contentOf(p)) > 0 {
			return p, true
		}
	}
	return "", false
}

// contentChanges are those that other files make.
func (w *world) contentChanges(path string, reader *facts.Module) []stateWrite {
	return slices.DeleteFunc(slices.Clone(w.contentOf(path)), func(c stateWrite) bool { return w.facts(c.file) == reader })
}
