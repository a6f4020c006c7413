package plan

import (
	"slices"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/stdlib"
)

// watchesSubclasses tells whether making a subclass of the class runs code of
// another module or is seen there.
func (w *world) watchesSubclasses(m *facts.Module, base string, depth int) bool {
	if base == "" || stdlib.Root(base) || depth > 10 {
		return false
	}
	if len(w.said(subclassesOf, base)) > 0 || w.helperAsks(base) {
		return true
	}
	module, name := w.splitModule(base)
	if name == "" {
		module, name = m.Name, base
	}
	owner, ok := w.module(module)
	if !ok {
		return strings.HasSuffix(base, "models.Model") || strings.HasSuffix(base, "db.Model") || strings.HasSuffix(base, "DeclarativeBase")
	}
	n := w.top(owner, name)
	if n < 0 {
		source, found := w.starSource(owner, name, 0)
		return found && w.watchesSubclasses(owner, source+"."+name, depth+1)
	}
	for _, b := range owner.Names[n].Bindings {
		switch {
		case b.Kind == facts.ByAssign:
			return true
		case b.Kind == facts.ByImport:
			if p := owner.Units[b.Unit].Path(); p != base && w.watchesSubclasses(owner, p, depth+1) {
				return true
			}
		case b.Kind == facts.ByClass && b.Defines >= 0:
			if w.classWatches(owner, n, b.Defines, depth) {
				return true
			}
		}
	}
	return false
}

func (w *world) classWatches(m *facts.Module, name int, class facts.ScopeID, depth int) bool {
	for s := range m.Scopes {
		if m.Scopes[s].Parent == class && m.Scopes[s].Name == "__init_subclass__" {
			return true
		}
	}
	for _, i := range m.Names[name].Uses {
		if strings.HasPrefix(m.Uses[i].Chain, "__subclasses__") {
			return true
		}
	}
	if w.hasMetaclass(m, &m.Scopes[class]) {
		return true
	}
	for _, base := range m.Scopes[class].Bases {
		if w.watchesSubclasses(m, m.Expand(facts.Top, base), depth+1) {
			return true
		}
	}
	return false
}

// helperAsks tells whether a class is handed to a function of the tree that reads
// the subclasses of what it is given.
func (w *world) helperAsks(class string) bool {
	for _, at := range w.said(givenTo, class) {
		m := w.facts(at.file)
		for _, use := range m.Uses {
			if path, ok := given(m, use); use.Line == at.line && ok && path == class && w.readsSubclasses(m, m.Expand(use.Scope, use.PassedTo)) {
				return true
			}
		}
	}
	return false
}

// given is the path of what a use hands to a call: something imported, or a class
// of the file.
func given(m *facts.Module, use facts.Use) (path string, ok bool) {
	if use.PassedTo == "" {
		return "", false
	}
	if path, ok := m.Denotes(use.Name); ok {
		return path + suffix(use.Chain), true
	}
	name := &m.Names[use.Name]
	return m.Name + "." + name.Text, use.Chain == "" && slices.ContainsFunc(name.Bindings, func(b facts.Bind) bool { return b.Kind == facts.ByClass })
}

// readsSubclasses tells whether the dotted path, as m reads it, leads to a def that
// asks one of its parameters for its subclasses.
func (w *world) readsSubclasses(m *facts.Module, dotted string) bool {
	home, name := w.home(m, dotted, 0)
	owner, ok := w.module(home)
	if !ok {
		return false
	}
	def := owner.Names[w.top(owner, name)].Bindings[0].Defines
	return slices.ContainsFunc(owner.Dynamic, func(d facts.Dynamic) bool {
		root, _, _ := strings.Cut(d.Object, ".")
		return d.What == "__subclasses__" && def >= 0 && owner.Inside(d.Scope, def) && slices.Contains(owner.Scopes[owner.DefAround(d.Scope)].Params, root)
	})
}
