package plan

import (
	"path"
	"slices"
	"strings"

	"fastpath/plan/facts"
)

// exported: the name is part of what the module offers.
func (d *descent) exported() {
	name, module := d.u.Bound, d.m.Name
	unless := d.allowing("exported", "nobody imports it from here")
	if d.u.Reexport {
		d.block("exported", d.u.Line, unless, "`as %s` marks a re-export", name)
	}
	for _, n := range d.m.All.Names {
		if n == name {
			d.proveAt("exported", place{d.file, d.m.All.Line}, "take it out of __all__", "`%s` is in __all__", name)
			break
		}
	}
	if d.m.Package && !strings.HasPrefix(name, "_") && !d.m.All.Present {
		d.block("exported", d.u.Line, unless,
			"`%s` is public in an __init__.py", name)
	}
	if use := d.collected(d.file, d.u); use != "" && (!strings.HasPrefix(name, "Test") || d.hasTests(d.u)) { // a TestClient has none
		d.block("exported", d.u.Line, "", "`%s` is %s", name, use)
	}
	if module == "" {
		return
	}
	full := module + "." + name
	if at, ok := elsewhere(d.said(importedFrom, full), d.file); ok {
		d.proveAt("exported", at, "import `"+d.path()+"` there", "`%s` is imported from here", name)
	}
	if at, ok := elsewhere(d.said(readFrom, full), d.file); ok {
		d.proveAt("exported", at, "import `"+d.path()+"` there", "`%s` is read as an attribute of this module", full)
	}
	d.handed()
	if at, ok := elsewhere(d.said(starOf, module), d.file); ok && exports(d.m, name) {
		d.proveAt("exported", at, "name what is imported", "`%s` is taken by a star import", name)
	}
	if at, ok := elsewhere(d.said(stringNames, full), d.file); ok {
		d.blockAt("exported", at, d.allowing("exported", "the string means something else"), "`%s` is named by a string", full)
	} else if at, ok := elsewhere(d.said(stringsBelow, full), d.file); ok && d.path() != full {
		d.blockAt("exported", at, "write `"+d.path()+"` there", "a string names what `%s` leads to", full)
	}
	if at, ok := elsewhere(d.said(stringNames, module+".*"), d.file); ok {
		d.blockAt("exported", at, d.allowing("exported", "that code takes other names"), "code in a string imports names of `%s`", module)
	}
}

// patched: something replaces the name in this module.
func (d *descent) patched() {
	if d.m.Name == "" {
		return
	}
	full := d.m.Name + "." + d.u.Bound
	if at := d.said(storedTo, full); len(at) > 0 {
		d.blockAt("patched", at[0], "", "`%s` is assigned here", full)
	}
	for _, p := range d.allPatches().within {
		if p.within != "" && underOrSame(d.m.Name, p.within) && !d.testsBelow(p.within) || p.within == "" && d.importsFile(p.file, d.m.Name) {
			d.blockAt("patched", p.place, "write the path as a constant", "what is replaced here is worked out when it runs: it may be `%s`", full)
			return
		}
	}
	for _, at := range d.allPatches().named[d.u.Bound] {
		if d.mayReach(at, d.m.Name) {
			d.blockAt("patched", at, "name the module where it is replaced", "`%s` of something that cannot be told is replaced here: it may be `%s`", d.u.Bound, d.m.Name)
			return
		}
	}
	for _, p := range d.patchesOf(full) {
		if why := d.repatchName(p); why != "" {
			d.blockAt("patched", p.place, "patch it where it is defined", "`%s` is replaced here%s", full, why)
			return
		}
	}
	for _, target := range d.allPatches().below[full] {
		for _, p := range d.patchesOf(target) {
			if why := d.repatchBelow(p, target); why != "" {
				d.blockAt("patched", p.place, "patch `"+d.path()+target[len(full):]+"` instead", "`%s` is replaced here%s", target, why)
				return
			}
		}
	}
}

// testsBelow tells that this is a test in a package further down: a path worked out
// from the beginning names one part of the package, not what is deep in its tests.
func (d *descent) testsBelow(beginning string) bool {
	rest, below := strings.CutPrefix(d.m.Name, beginning+".")
	return below && d.tests[d.file] && strings.Contains(rest, ".")
}

// firstPartyClosure lists the modules of the tree that load with the named
// one, itself included, in breadth-first order.
func (w *world) firstPartyClosure(module string) []string {
	if list, ok := w.closures[module]; ok {
		return list
	}
	var list []string
	if _, ok := w.byName[module]; ok {
		seen := map[string]bool{module: true}
		list = append(list, module)
		for i := 0; i < len(list); i++ {
			n, ok := w.graph.Find(list[i])
			if !ok {
				continue
			}
			for _, e := range w.graph.Edges(n) {
				name := w.graph.Name(e.To)
				if _, inTree := w.byName[name]; e.Eager && inTree && !seen[name] {
					seen[name] = true
					list = append(list, name)
				}
			}
		}
	}
	w.closures[module] = list
	return list
}

// dynamic: the namespace is read in ways that names do not show.
func (d *descent) dynamic() {
	unless := d.allowing("dynamic", "`"+d.u.Bound+"` is not what is looked for")
	for _, x := range d.m.Dynamic {
		if x.Object != "" {
			continue
		}
		if wholeModule(x.What) {
			d.block("dynamic", x.Line, unless, "`%s` can see the module's names", x.What)
			break
		}
		if s := d.m.OutermostDef(x.Scope); s >= 0 && d.userIn(s) {
			d.block("dynamic", x.Line, unless, "`%s` can see the names of `%s`", x.What, d.m.Scopes[s].Qualified)
			break
		}
	}
	if d.m.Name != "" {
		if at := d.namespaceReads(d.m.Name, d.u.Bound); len(at) > 0 {
			d.blockAt("dynamic", at[0], unless, "the namespace of `%s` is read here", d.m.Name)
		} else if at, ok := d.lookedThrough(d.file); ok {
			d.blockAt("dynamic", at, unless, "the names of a module that is imported by a computed name are read here: it may be `%s`", d.m.Name)
		}
	}
	for _, x := range d.m.Mentions {
		if !x.Doctest && x.Name == d.u.Bound {
			d.block("dynamic", x.Line, unless, "a string names `%s` in a way that may be evaluated", x.Name)
			break
		}
	}
}

// namespaceReads lists where names of the module are read in ways that may give
// this one: getattr(module, "on_" + what) gives only those that begin so.
func (w *world) namespaceReads(module, name string) []place {
	return slices.DeleteFunc(slices.Clone(w.said(namespaceOf, module)), func(at place) bool {
		return !slices.ContainsFunc(w.facts(at.file).Dynamic, func(d facts.Dynamic) bool {
			return d.Line == at.line && strings.HasPrefix(name, d.Begins)
		})
	})
}

// lookedThrough finds a place that imports modules by a computed name, of which a
// file may be one, and looks through their names. Of a name that does not say how it
// begins, those modules below the same top folder may be meant that no import of the
// tree names: plugins.
func (w *world) lookedThrough(file int) (place, bool) {
	name := w.Modules[file].Name
	for pkg := range above(name) {
		if at := w.said(namespaceIn, pkg); len(at) > 0 {
			return at[0], true
		}
	}
	top := func(file int) string { folder, _, _ := strings.Cut(path.Dir(w.Modules[file].Path), "/"); return folder }
	for _, at := range w.said(namespaceIn, "") {
		if top(at.file) == top(file) && at.file != file && !w.tests[file] && len(w.facts(file).MainGuard) == 0 && !w.imported(file) {
			return at, true
		}
	}
	return place{}, false
}

// imported tells whether an import of the tree names the module of a file.
func (w *world) imported(file int) bool {
	self, ok := w.graph.Find(w.nodeName(file))
	return ok && len(w.importers()[self]) > 0
}

// wholeModule tells that the access sees the globals from wherever it stands.
func wholeModule(what string) bool {
	switch what {
	case "globals", "eval", "exec", "sys.modules", "__dict__", "execfile", "compile":
		return true
	}
	return false
}

// userIn tells whether the import would land in the outermost def or below.
func (d *descent) userIn(outer facts.ScopeID) bool {
	for _, l := range d.users.landings {
		if l.Scope >= 0 && d.m.OutermostDef(l.Scope) == outer {
			return true
		}
	}
	return false
}

// compiled: what consumes the source or code of a function does not see its
// imports as ours.
func (d *descent) compiled() {
	for _, l := range d.users.landings {
		for s := l.Scope; s >= 0; s = d.m.Scopes[s].Parent {
			for _, dec := range d.m.Scopes[s].Decorators {
				if matchName(d.lists.compiled, dec.Name) || matchName(d.lists.compiled, d.objectPath(d.m, dec.Name)) {
					d.block("compiled", dec.Line, "", "`%s` is compiled by `@%s`", d.m.Scopes[s].Qualified, dec.Name)
					return
				}
			}
		}
	}
	for _, x := range d.m.Dynamic {
		if !consumesCode(x.What) || x.Object == "" {
			continue
		}
		for _, l := range d.users.landings {
			if d.within(l.Scope, last(x.Object)) {
				d.block("compiled", x.Line, "", "the code of `%s` is consumed by `%s`", x.Object, x.What)
				return
			}
		}
	}
	if d.m.Name == "" {
		return
	}
	for _, l := range d.users.landings {
		if l.Scope < 0 {
			continue
		}
		full := d.m.Name + "." + d.m.Scopes[d.m.OutermostDef(l.Scope)].Qualified
		for _, at := range d.said(consumedAt, full) {
			d.blockAt("compiled", at, "", "the code of `%s` is consumed here", full)
			return
		}
	}
}

// consumesCode tells that the access takes a function's source or code object.
func consumesCode(what string) bool {
	return strings.HasPrefix(what, "inspect.getsource") || what == "FunctionType" || what == "types.FunctionType" || what == "__code__"
}

// within tells whether the def s, or a scope around it, has the name.
func (d *descent) within(s facts.ScopeID, name string) bool {
	for ; s > facts.Top; s = d.m.Scopes[s].Parent {
		if d.m.Scopes[s].Name == name {
			return true
		}
	}
	return false
}
