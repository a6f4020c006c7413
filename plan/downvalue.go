package plan

import (
	"slices"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/graph"
	"fastpath/plan/stdlib"
)

// lateValue: `from m import y` is a snapshot. It may be taken later only if y
// is sure to be the same object then.
func (d *descent) lateValue() {
	if d.u.Attr == "" {
		return
	}
	if d.u.Module == "" {
		d.block("late-value", d.u.Line, "", "the relative import leaves its package, so `%s` cannot be looked up", d.u.Attr)
		return
	}
	at, why, late := d.late(d.u.Module, d.u.Attr, false, 0)
	if late && d.settled(d.u.Module) {
		at, why, late = d.late(d.u.Module, d.u.Attr, true, 0)
	}
	if late {
		if at.line == 0 {
			at = place{d.file, d.u.Line}
		}
		d.blockAt("late-value", at, "import the module and refer to `"+last(d.u.Module)+"."+d.u.Attr+"`",
			"`%s.%s` %s", d.u.Module, d.u.Attr, why)
	}
}

// settled tells that the module has loaded whenever this import has run: its load
// does not lead here. The packages around it have begun to load before it has.
// What goes up has to find the name bound, so it cannot lean on that.
func (d *descent) settled(module string) bool {
	if d.with.inside != nil {
		return false
	}
	from, ok := d.graph.Find(module)
	here, known := d.graph.Find(d.nodeName(d.file))
	leads := func(n graph.Node) (list []graph.Node) {
		for _, e := range d.graph.Edges(n) {
			if !underOrSame(module, d.graph.Name(e.To)) {
				list = append(list, e.To)
			}
		}
		return list
	}
	return ok && known && walk(d.graph.Len(), []graph.Node{from}, leads)[here] == 0
}

// late tells why module.name may denote another object later; settled, that the
// module has loaded by now, so that only what runs afterwards counts.
func (w *world) late(module, name string, settled bool, depth int) (place, string, bool) {
	full := module + "." + name
	if len(w.said(storedTo, full)) > 0 {
		return w.said(storedTo, full)[0], "is assigned elsewhere", true
	}
	if at, ok := w.boundElsewhere(full); ok {
		return at, "is assigned elsewhere", true
	}
	if at := w.setsNames(module); len(at) > 0 {
		return at[0], "may be assigned elsewhere: names of its module are set here that only show when it runs", true
	}
	if len(w.said(reloaded, module)) > 0 {
		return w.said(reloaded, module)[0], "could change: its module is reloaded", true
	}
	if at := w.patchesOf(full); len(at) > 0 {
		return at[0].place, "is replaced for a while", true
	}
	m, ok := w.module(module)
	if !ok {
		return w.lateOutside(module, name)
	}
	file := w.byName[module]
	at := func(line int) place { return place{file, line} }
	for _, p := range m.Patches {
		if p.Form == facts.PatchModules && mayMean(p.Target, m.Name) && m.DefAround(0) < 0 && !w.tests[file] {
			return at(p.Line), "may be another module's: this one replaces entries of sys.modules", true
		}
	}
	n := w.top(m, name)
	_, submodule := w.byName[full]
	if n < 0 {
		switch {
		case submodule:
			return place{}, "", false
		case depth < 8:
			return w.lateThroughStar(m, file, name, depth)
		}
		return at(1), "is not bound in that file", true
	}
	return w.lateBinding(m, file, n, submodule, settled)
}

// boundElsewhere finds code that comes to a module on another way and sets a name in
// it.
func (w *world) boundElsewhere(path string) (place, bool) {
	for _, same := range w.aliases(path) {
		if same != path && objectOf(same) == w.moduleOf(same) {
			continue // a variable of its own, of another module
		}
		at, _ := w.contentsAt(same)
		for _, c := range at {
			if c.binds {
				return c.place, true
			}
		}
	}
	return place{}, false
}

// mayMean tells whether a key of sys.modules may be the name of the module.
func mayMean(key, module string) bool {
	above, computed := strings.CutSuffix(key, "*")
	return key == "" || key == module || computed && strings.HasPrefix(module, above)
}

func (w *world) lateBinding(m *facts.Module, file, n int, submodule, settled bool) (place, string, bool) {
	name := &m.Names[n]
	at := func(line int) place { return place{file, line} }
	bound := 0
	for _, b := range name.Bindings {
		switch b.Kind {
		case facts.ByDeclaration:
			continue
		case facts.ByImport:
			u := m.Units[b.Unit]
			if submodule && u.Module+"."+u.Attr != m.Name+"."+name.Text && !(settled && w.coversSubmodule(m, name, u)) {
				return at(b.Line), "is both a submodule and another attribute", true
			}
			if site := m.Statements[u.Statement].Site; site == facts.SiteTypeChecking {
				continue
			}
		case facts.ByDef, facts.ByClass, facts.ByAssign:
			if submodule {
				return at(b.Line), "is both a submodule and another attribute", true
			}
			if b.Kind == facts.ByDef && w.overload(m, b.Defines) {
				continue // the def that follows takes its place
			}
		default:
			return at(b.Line), "is bound more than once", true
		}
		if b.Scope != facts.Top || !b.Plain && !settled {
			return at(b.Line), "is bound conditionally", true
		}
		if bound++; bound > 1 && !settled {
			return at(b.Line), "is bound more than once", true
		}
	}
	if len(name.GlobalIn) > 0 {
		s := m.Scopes[name.GlobalIn[0]]
		return at(s.Line), "is declared global in `" + s.Qualified + "`", true
	}
	if bound == 0 {
		return at(1), "is not bound at run time", true
	}
	return place{}, "", false
}

// coversSubmodule tells that the only binding of a name that is a submodule too loads
// that submodule, takes something from it, and lets the name stand for that: as in
// `from .run import run`. The submodule does not load again, unless it is dropped.
func (w *world) coversSubmodule(m *facts.Module, name *facts.Name, u facts.Unit) bool {
	full := m.Name + "." + name.Text
	return u.Module == full && u.Attr != "" && len(name.Bindings) == 1 && len(w.said(modulesAny, "")) == 0 &&
		len(w.writesOf(full)) == 0 && len(w.said(reloaded, full)) == 0
}

// overload tells whether a def only says by its signature how the next one of its
// name can be called.
func (w *world) overload(m *facts.Module, def facts.ScopeID) bool {
	return def >= 0 && slices.ContainsFunc(m.Scopes[def].Decorators, func(d facts.Decorator) bool {
		path := w.objectPath(m, d.Name)
		return path == "typing.overload" || path == "typing_extensions.overload"
	})
}

// lateThroughStar looks for a name that a module has only through its star
// imports.
func (w *world) lateThroughStar(m *facts.Module, file int, name string, depth int) (place, string, bool) {
	found := 0
	var where place
	for _, u := range m.Units {
		if u.Attr != "*" || m.Statements[u.Statement].Site != facts.SiteModule {
			continue
		}
		where = place{file, u.Line}
		source, ok := w.module(u.Module)
		if !ok {
			if stdlib.Stable(u.Module, name) {
				found++
				continue
			}
			return where, "may come from a star import that cannot be read", true
		}
		if !exports(source, name) {
			continue
		}
		if _, why, late := w.late(u.Module, name, false, depth+1); late {
			if w.top(source, name) < 0 {
				continue // not there either
			}
			return where, why, true
		}
		found++
	}
	if found == 1 {
		return place{}, "", false
	}
	if found > 1 {
		return where, "comes from more than one star import", true
	}
	return place{file, 1}, "is not bound in that file", true
}

// lateOutside judges an attribute of a module whose source is not in the tree.
func (w *world) lateOutside(module, name string) (place, string, bool) {
	if w.isModule(module + "." + name) {
		return place{}, "", false
	}
	if w.Profile != nil {
		if _, ok := slices.BinarySearch(w.Profile.Modules[module].Names, name); ok {
			return place{}, "", false
		}
	}
	if stdlib.Stable(module, name) {
		return place{}, "", false
	}
	if stdlib.Has(module) {
		return place{}, "may be another object later", true
	}
	return place{}, "cannot be looked up: the module's source is not in the tree, and the profile does not say that it always denotes the same object", true
}

// exports tells whether `from m import *` binds the name, going by __all__ or
// the leading underscore.
func exports(m *facts.Module, name string) bool {
	if m.All.Present && m.All.Static {
		for _, n := range m.All.Names {
			if n == name {
				return true
			}
		}
		return false
	}
	return !strings.HasPrefix(name, "_")
}

// providesSubmodule: where several imports of the file load parts of one package,
// a function that hands on the package as a whole may need any of them. What
// else an import provides shows once the moves are known: see keepProvided.
func (d *descent) providesSubmodule() {
	family := d.family()
	if len(family) < 2 {
		return
	}
	for _, i := range d.name().Uses {
		if use := d.m.Uses[i]; use.Chain == "" && !lazyRole(use) {
			d.block("provides-submodule", use.Line, "", "`%s` is used as a whole here, while several imports load different parts of it", d.u.Bound)
			return
		}
	}
}

func last(dotted string) string { return dotted[strings.LastIndexByte(dotted, '.')+1:] }
