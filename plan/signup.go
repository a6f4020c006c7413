package plan

import (
	"slices"
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
// A store under a key is no sign of it where it depends on something: that is how
// results are remembered. The path may also be that of a method of a variable.
func (w *world) signsUp(dotted string, depth int) bool {
	module, rest := w.splitModule(dotted)
	name, method, _ := strings.Cut(rest, ".")
	m, ok := w.module(module)
	if !ok || depth > 10 {
		return false
	}
	n := w.top(m, name)
	if n < 0 {
		return false
	}
	file := w.byName[module]
	for _, b := range m.Names[n].Bindings {
		found := false
		switch {
		case b.Kind == facts.ByDef && method == "":
			found = appends(m, b.Defines)
		case b.Kind == facts.ByClass && method == "":
			found = w.enrols(classAt{file, b.Defines}, depth)
		case b.Kind == facts.ByImport:
			p := m.Units[b.Unit].Path() + suffix(method)
			found = p != suffix(method) && p != dotted && w.signsUp(p, depth+1)
		case b.Kind == facts.ByAssign && b.Made != "" && method != "" && !strings.Contains(method, "."):
			found = w.registers(file, b.Made, method, 0)
		}
		if found {
			return true
		}
	}
	return false
}

// registers tells whether a method of the class that a file knows by that name adds
// something to the object. Of a class that is not of the tree, the method's name
// tells.
func (w *world) registers(file int, class, method string, depth int) bool {
	c, ok := w.classNamed(file, class, 0)
	if !ok {
		return depth == 0 && (strings.HasPrefix(method, "add_") || strings.HasPrefix(method, "register") || strings.HasPrefix(method, "define"))
	}
	m := w.facts(c.file)
	for _, def := range w.methodsNamed(c.file)[method] {
		if m.Scopes[def].Parent == c.class {
			return m.Scopes[def].Registers || appends(m, def)
		}
	}
	return depth < 10 && slices.ContainsFunc(m.Scopes[c.class].Bases, func(base string) bool { return w.registers(c.file, base, method, depth+1) })
}

// enrols tells whether making an instance of the class leaves something in a list
// or set of its module, or in a container that a class binds in its body and all
// instances share.
func (w *world) enrols(c classAt, depth int) bool {
	m := w.facts(c.file)
	for s := range m.Scopes {
		scope := &m.Scopes[s]
		if scope.Parent != c.class || scope.Kind != facts.DefScope || !makes(scope.Name) {
			continue
		}
		if appends(m, facts.ScopeID(s)) || slices.ContainsFunc(scope.Adds, func(attr string) bool { return w.shares(c, attr, 0) }) {
			return true
		}
	}
	for _, base := range m.Scopes[c.class].Bases {
		if b, ok := w.classNamed(c.file, base, 0); ok && depth < 10 && w.enrols(b, depth+1) {
			return true
		}
	}
	return false
}

// enrolled are the instances of its own classes that a file makes while it loads
// and that a class of another file keeps.
func (w *world) enrolled(file int) []effectAt {
	var list []effectAt
	m := w.facts(file)
	for _, use := range m.Uses {
		if !use.Called || use.Chain != "" || !w.whileLoading(m, use) {
			continue
		}
		for _, b := range m.Names[use.Name].Bindings {
			if b.Kind == facts.ByClass && w.enrolsAbroad(classAt{file, b.Defines}, 0) {
				list = append(list, effectAt{place{file, use.Line}, facts.Effect{Code: "value", Detail: m.Names[use.Name].Text, Line: use.Line}})
			}
		}
	}
	return list
}

// enrolsAbroad tells whether a class of another file, from which this one
// inherits, keeps its instances.
func (w *world) enrolsAbroad(c classAt, depth int) bool {
	return depth < 10 && slices.ContainsFunc(w.facts(c.file).Scopes[c.class].Bases, func(base string) bool {
		b, ok := w.classNamed(c.file, base, 0)
		return ok && (b.file != c.file && w.enrols(b, 0) || b.file == c.file && w.enrolsAbroad(b, depth+1))
	})
}

// shares tells whether the class, or one that it inherits from, binds such a
// container in its body.
func (w *world) shares(c classAt, attr string, depth int) bool {
	class := &w.facts(c.file).Scopes[c.class]
	return slices.Contains(class.Shares, attr) || depth < 10 && slices.ContainsFunc(class.Bases, func(base string) bool {
		b, ok := w.classNamed(c.file, base, 0)
		return ok && w.shares(b, attr, depth+1)
	})
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
		grows := use.Called && facts.Grows(use.Chain) || use.Item && use.Chain == "" && !use.Conditional
		if !grows || !m.Inside(use.Scope, def) || m.Names[use.Name].Scope != facts.Top {
			continue
		}
		for _, b := range m.Names[use.Name].Bindings {
			if b.Kind == facts.ByAssign {
				return true
			}
		}
	}
	return false
}
