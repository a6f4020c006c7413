package plan

import (
	"strings"

	"fastpath/plan/facts"
)

// signsUp tells whether a call of the dotted path, whose value is used, runs a
// function of the tree, or makes an instance of one of its classes, that also
// leaves something in a list or set of its module:
//
//	def add(name):
//	    plugins.append(name)
//	    return len(plugins)
//
// A store under a key is no sign of it: that is how results are remembered.
func (w *world) signsUp(dotted string, depth int) bool {
	module, name := w.splitModule(dotted)
	m, ok := w.module(module)
	if !ok || depth > 10 {
		return false
	}
	n := w.top(m, name)
	if n < 0 {
		return false
	}
	for _, b := range m.Names[n].Bindings {
		switch b.Kind {
		case facts.ByDef:
			if appends(m, b.Defines) {
				return true
			}
		case facts.ByClass:
			for s := range m.Scopes {
				if scope := &m.Scopes[s]; scope.Parent == b.Defines && scope.Kind == facts.DefScope && makes(scope.Name) && appends(m, facts.ScopeID(s)) {
					return true
				}
			}
		case facts.ByImport:
			if p := m.Units[b.Unit].Path(); p != "" && p != dotted && w.signsUp(p, depth+1) {
				return true
			}
		}
	}
	return false
}

// makes tells that the method runs when an instance is made and put into a class.
func makes(method string) bool {
	switch method {
	case "__init__", "__new__", "__post_init__", "__set_name__":
		return true
	}
	return false
}

// appends tells whether a def adds to a variable of its module.
func appends(m *facts.Module, def facts.ScopeID) bool {
	for _, use := range m.Uses {
		if !use.Called || !m.Inside(use.Scope, def) || m.Names[use.Name].Scope != facts.Top || strings.Contains(use.Chain, ".") {
			continue
		}
		switch use.Chain {
		case "append", "appendleft", "add", "insert", "extend", "register":
			for _, b := range m.Names[use.Name].Bindings {
				if b.Kind == facts.ByAssign {
					return true
				}
			}
		}
	}
	return false
}
