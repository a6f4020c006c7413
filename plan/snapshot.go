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
	read    int   // line
	changed place // where
}

// snapshots lists those of one file.
func (w *world) snapshots(file int) []snapshot {
	if list, ok := w.snapshotsOf[file]; ok {
		return list
	}
	m := w.Modules[file]
	list := []snapshot{}
	note := func(path string, line int) {
		if at, ok := w.changedLater(path, m); ok {
			list = append(list, snapshot{path, line, at})
		}
	}
	for _, u := range m.Units {
		if st := m.Statements[u.Statement]; u.Attr != "" && u.Attr != "*" && u.Module != "" && m.DefAround(st.Scope) < 0 && st.Site != facts.SiteTypeChecking && st.Site != facts.SiteMain {
			note(u.Path(), u.Line)
		}
	}
	for _, use := range m.Uses {
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
	w.snapshotsOf[file] = list
	return list
}

// changedLater finds code, other than that of the file that reads it, that
// gives module.name another value: an assignment from outside, or a function of
// the module that declares the name global.
func (w *world) changedLater(path string, reader *facts.Module) (place, bool) {
	end := strings.LastIndexByte(path, '.')
	m, ok := w.module(path[:max(end, 0)])
	if !ok {
		return place{}, false
	}
	if at := slices.IndexFunc(w.storedTo[path], func(at place) bool { return w.Modules[at.file] != reader }); at >= 0 {
		return w.storedTo[path][at], true
	}
	if n := w.top(m, path[end+1:]); n >= 0 && len(m.Names[n].GlobalIn) > 0 {
		return place{w.byName[path[:end]], m.Scopes[m.Names[n].GlobalIn[0]].Line}, true
	}
	return place{}, false
}
