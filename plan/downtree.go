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

// stubbed: a test replaces the target in sys.modules, or mocks something that
// the target takes by `from` when it first loads.
func (d *descent) stubbed() {
	for _, module := range d.fresh(d.loads(d.u)) {
		if len(d.writesOf(module)) == 0 {
			continue // most are never replaced, and to tell what is settled takes a walk
		}
		if at := d.replacements(module, !d.settled(module)); len(at) > 0 {
			d.proveAt("stubbed", at[0], "", "`%s` is replaced or removed in sys.modules", module)
			return
		}
	}
	for _, module := range d.fresh(d.loads(d.u)) {
		if asked := d.said(askedFor, module); len(asked) > 0 {
			d.proveAt("stubbed", asked[0], "import `"+module+"` there", "sys.modules is asked for `%s` here: it may not have loaded by then", module)
			d.onFirstLoad(firstLoad{module: module, earlier: d.beforeAsking(asked)})
			break
		}
	}
	own := d.inTree(d.loaded(d.u)) // what tests remove that they import themselves
	for _, at := range d.said(modulesAny, "") {
		if slices.ContainsFunc(d.testsWith(at), func(test int) bool { return test == d.file && own || d.importsFile(test, d.m.Name) }) {
			d.blockAt("stubbed", at, "write the key as a constant", "sys.modules is changed under a computed key in a test of this module")
			return
		}
	}
	if at, ok := d.importReplaced(); ok {
		d.proveAt("stubbed", at, "", "`__import__` is replaced here: an import that runs meanwhile would go through it")
		return
	}
	var takers []firstLoad
	for _, module := range d.firstPartyClosure(d.loaded(d.u)) {
		for _, t := range d.takenMocked(d.byName[module]) {
			if len(takers) == 0 {
				d.proveAt("stubbed", t.at, "", "`%s` is mocked here, and `%s` takes it when it first loads: it could keep the mock", t.name, module)
			}
			// Replacing it loads its module; the file that does so has loaded.
			takers = append(takers, firstLoad{module: module, earlier: [][]string{{t.of, d.nodeName(t.at.file)}}})
		}
	}
	if len(takers) > 0 {
		d.onFirstLoad(takers...)
	}
}

// testsWith lists the tests in which a place may run: those of its own file, those
// that import it where only tests do, and those for which pytest loads it.
func (w *world) testsWith(at place) []int {
	if list, known := w.testers[at]; known {
		return list
	}
	var list []int
	if w.tests[at.file] {
		list = append(list, at.file)
	}
	m := w.Modules[at.file]
	folder, isConftest := strings.CutSuffix(m.Path, "conftest.py")
	for other := range w.Modules {
		switch {
		case other == at.file:
		case isConftest && w.tests[other] && strings.HasPrefix(w.Modules[other].Path, folder) && w.asksFixture(other, at):
			list = append(list, other)
		case m.Name != "" && !isConftest && w.importsFile(other, m.Name):
			if !w.tests[other] {
				w.testers[at] = list
				return list // a program's own business
			}
			list = append(list, other)
		}
	}
	w.testers[at] = list
	return list
}

// asksFixture tells whether a test may ask for the fixture that a place of a
// conftest.py is in: by its name, unless what decorates it may say that it is for
// all.
func (w *world) asksFixture(test int, at place) bool {
	m := w.facts(at.file)
	fixture := facts.ScopeID(-1)
	for s := range m.Scopes {
		if m.Scopes[s].Kind == facts.DefScope && m.Scopes[s].Parent == facts.Top && m.Scopes[s].Line <= at.line {
			fixture = facts.ScopeID(s)
		}
	}
	if fixture < 0 || len(m.Scopes[fixture].Decorators) != 1 || m.Scopes[fixture].Decorators[0].Call {
		return true
	}
	askers := w.askersOf(m.Scopes[fixture].Name)
	below := path.Dir(m.Path)
	for file := range askers {
		if underFolder(w.Modules[file].Path, below) {
			return askers[test]
		}
	}
	return true // nobody asks, so the settings of pytest do: for all tests
}

// askersOf are the tests that may ask for a fixture: by a parameter, by one of a
// fixture that they ask for, or by text. Of a fixture that is no plain one, and of
// text in a conftest.py, it may be all of them.
func (w *world) askersOf(fixture string) map[int]bool {
	if known, ok := w.askers[fixture]; ok {
		return known
	}
	files := map[int]bool{}
	w.askers[fixture] = files
	everywhere := false
	fixtures := []string{fixture}
	for i := 0; i < len(fixtures); i++ {
		for file, isTest := range w.tests {
			if !isTest {
				continue
			}
			m := w.facts(file)
			if slices.ContainsFunc(m.Attributes, func(a facts.Attribute) bool { return a.Name == "usefixtures" || a.Name == "getfixturevalue" }) {
				files[file] = true
				everywhere = everywhere || path.Base(m.Path) == "conftest.py"
			}
			for _, s := range m.Scopes {
				if !slices.Contains(s.Params, fixtures[i]) {
					continue
				}
				files[file] = true
				for _, dec := range s.Decorators {
					if last(dec.Name) == "fixture" {
						fixtures = appendNew(fixtures, s.Name)
						everywhere = everywhere || dec.Call
					}
				}
			}
		}
	}
	for file, isTest := range w.tests {
		if everywhere && isTest {
			files[file] = true
		}
	}
	return files
}

// beforeAsking are the modules that have loaded before each of the places asks
// sys.modules: a function runs when its own module has loaded. Nil where one of
// them asks while a module loads.
func (d *descent) beforeAsking(places []place) [][]string {
	var list [][]string
	for _, at := range places {
		m := d.facts(at.file)
		for _, x := range m.Dynamic {
			if x.Line == at.line && x.What == "sys.modules[]" && m.DefAround(x.Scope) < 0 {
				return nil
			}
		}
		list = append(list, []string{d.nodeName(at.file)})
	}
	return list
}

// A mocked is a name that a module takes by `from`, or uses, when it loads, and
// that something replaces for a while.
type mocked struct {
	name string
	of   string // its module
	at   place
}

// takenMocked lists such names of a file, one for each replacement.
func (w *world) takenMocked(file int) []mocked {
	if list, ok := w.mocks[file]; ok {
		return list
	}
	m := w.facts(file)
	var list []mocked
	for _, u := range m.Units {
		if u.Attr == "" || u.Attr == "*" || m.Statements[u.Statement].Site == facts.SiteFunction ||
			underOrSame(u.Module, m.Name) { // replacing it there loads the packages around it first
			continue
		}
		name := u.Module + "." + u.Attr
		for _, p := range w.patchesOf(name) {
			list = append(list, mocked{name, u.Module, p.place})
		}
	}
	use := func(in *facts.Module, use facts.Use) {
		base, ok := in.Denotes(use.Name)
		if !ok || use.Store || use.Role == facts.InAnnotation || lazyRole(use) {
			return
		}
		for _, path := range withParents(base + suffix(use.Chain))[strings.Count(base, ".")+1:] {
			if !underOrSame(path, m.Name) && !isStream(path) {
				for _, p := range w.patchesOf(path) {
					list = append(list, mocked{path, w.moduleOf(path), p.place})
				}
			}
		}
	}
	for _, u := range m.Uses {
		if w.whileLoading(m, u) {
			use(m, u)
		}
	}
	for _, c := range w.ranBy(file) {
		in := w.facts(c.file)
		if name := in.Name + "." + in.Scopes[c.def].Qualified; c.file != file {
			for _, p := range w.patchesOf(name) {
				list = append(list, mocked{name, in.Name, p.place})
			}
		}
		for _, u := range w.ownUses(c) {
			use(in, u)
		}
	}
	w.mocks[file] = list
	return list
}

// isStream tells whether a path is of those whose reads say more: see stateAtImport.
func isStream(path string) bool {
	switch path {
	case "sys.argv", "sys.stdin", "sys.stdout", "sys.stderr":
		return true
	}
	return false
}

// moduleOf is the longest part of a dotted path that is known to be a module.
func (w *world) moduleOf(path string) string {
	for p := range above(path) {
		if w.isModule(p) {
			return p
		}
	}
	return path
}

// importReplaced finds a place where `builtins.__import__` is replaced while
// functions of this file may run: in this file, or in a test that loads it.
func (d *descent) importReplaced() (place, bool) {
	const name = "builtins.__import__"
	places := slices.Clone(d.said(storedTo, name))
	for _, p := range d.patchesOf(name) {
		places = append(places, p.place)
	}
	for _, at := range places {
		if at.file == d.file || d.tests[at.file] && slices.Contains(d.firstPartyClosure(d.Modules[at.file].Name), d.m.Name) {
			return at, true
		}
	}
	return place{}, false
}

// replacements are the places where sys.modules is changed for the module, those
// aside where its own parent registers it, and, unless it can be imported by what
// it loads, where it registers something else for itself while it loads.
func (w *world) replacements(module string, midway bool) []place {
	var list []place
	for _, at := range w.writesOf(module) {
		owner := w.facts(at.file)
		below := owner.Name != "" && strings.HasPrefix(module, owner.Name+".")
		itself := !midway && owner.Name == module && slices.ContainsFunc(owner.Effects, func(e facts.Effect) bool { return e.Line == at.line })
		if !below && !itself {
			list = append(list, at)
		}
	}
	return list
}

// writesOf are the places where the entry of sys.modules for a module is, or may
// be, written or removed, wholly computed keys aside.
func (w *world) writesOf(module string) []place {
	list := slices.Clip(w.said(modulesKeyed, module))
	for parent := range above(module) {
		list = append(list, w.said(modulesBelow, parent)...)
	}
	return list
}

// importsFile tells whether the file imports the module anywhere.
func (w *world) importsFile(file int, module string) bool {
	if w.imports[file] == nil {
		w.imports[file] = map[string]bool{}
		for _, u := range w.Modules[file].Units {
			w.imports[file][u.Module] = true
			w.imports[file][u.Module+"."+u.Attr] = true
		}
		for _, l := range w.Modules[file].Loads {
			w.imports[file][l.Module] = true
		}
	}
	return w.imports[file][module]
}

// mayReach tells whether code at a place may get hold of a module: its file leads to
// it, or a test with which it runs does, or a conftest.py of that test.
func (w *world) mayReach(at place, module string) bool {
	target, known := w.graph.Find(module)
	leads := func(file int) bool {
		return known && w.reach(file).Loaded(target) || slices.ContainsFunc(w.Modules[file].Loads, func(l facts.StringImport) bool { return l.Module == "" })
	}
	if leads(at.file) {
		return true
	}
	tests := w.testsWith(at)
	return slices.ContainsFunc(tests, leads) || slices.ContainsFunc(all(len(w.Modules)), func(other int) bool {
		folder, isConftest := strings.CutSuffix(w.Modules[other].Path, "conftest.py")
		return isConftest && slices.ContainsFunc(tests, func(test int) bool { return strings.HasPrefix(w.Modules[test].Path, folder) }) && leads(other)
	})
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
