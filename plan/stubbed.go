package plan

import (
	"path"
	"slices"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/stdlib"
)

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
	take := func(module string, from []mocked) {
		for _, t := range from {
			if t.passes && d.outOfReach(t.at) {
				continue
			}
			if len(takers) == 0 {
				d.proveAt("stubbed", t.at, "", "`%s` is mocked here, and `%s` takes it when it first loads: it could keep the mock", t.name, module)
			}
			// Replacing it loads its module; the file that does so has loaded.
			takers = append(takers, firstLoad{module: module, by: stdlib.Bringers(module), earlier: [][]string{{t.of, d.nodeName(t.at.file)}}})
		}
	}
	for _, module := range d.firstPartyClosure(d.loaded(d.u)) {
		take(module, d.takenMocked(d.byName[module]))
	}
	for _, module := range d.library(d.loaded(d.u)) {
		if !d.with.outside[module] {
			take(module, d.libraryMocked(module))
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
	// Of a test, and over with it.
	passes bool
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
			list = append(list, w.mocked(name, u.Module, p))
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
					list = append(list, w.mocked(path, w.moduleOf(path), p))
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
				list = append(list, w.mocked(name, in.Name, p))
			}
		}
		for _, u := range w.ownUses(c) {
			use(in, u)
		}
	}
	w.mocks[file] = list
	return list
}

// library lists the modules of the standard library that load with a module, by what
// the tree says: with those outside of it, itself at most.
func (w *world) library(target string) []string {
	if !w.inTree(target) {
		return slices.DeleteFunc(withParents(target), func(m string) bool { return !stdlib.Has(m) || stdlib.AtStartup(m) })
	}
	var list []string
	for _, module := range w.firstPartyClosure(target) {
		n, ok := w.graph.Find(module)
		if !ok {
			continue
		}
		for _, e := range w.graph.Edges(n) {
			if name := w.graph.Name(e.To); e.Eager && !w.inTree(name) && stdlib.Has(name) && !stdlib.AtStartup(name) {
				list = appendNew(list, name)
			}
		}
	}
	return list
}

// libraryMocked lists what a module of the standard library takes so, with all that
// loads with it.
func (w *world) libraryMocked(module string) []mocked {
	if list, known := w.libMocks[module]; known {
		return list
	}
	list := []mocked{}
	for _, t := range stdlib.Takes(module) {
		if isStream(t.Path) {
			continue
		}
		for _, p := range w.patchesOf(t.Path) {
			m := w.mocked(t.Path, w.moduleOf(t.Path), p)
			if !m.passes || !w.broughtBefore(p.file, module) && !w.broughtBefore(p.file, t.By) {
				list = append(list, m)
			}
		}
	}
	w.libMocks[module] = list
	return list
}

// broughtBefore tells whether a module of the standard library has loaded before a test
// replaces anything: by what runs the test, or by what it replaces things with.
func (w *world) broughtBefore(test int, module string) bool {
	asks := func(fixture string) bool {
		return slices.ContainsFunc(w.facts(test).Scopes, func(s facts.Scope) bool { return slices.Contains(s.Params, fixture) })
	}
	runner, with := stdlib.Unittest, stdlib.Mock
	if asks("monkeypatch") {
		runner, with = stdlib.Pytest, stdlib.Pytest // maybe nothing but that
	} else if asks("mocker") || w.importsFile(test, "pytest") {
		runner = stdlib.Pytest
	}
	return stdlib.BroughtBy(runner, module) || stdlib.BroughtBy(with, module)
}

func (w *world) mocked(name, of string, p patchPlace) mocked {
	return mocked{name, of, p.place, p.patch.Passes && w.tests[p.file]}
}

// outOfReach tells that no code of the unit's file can run during a test of another
// one: the file has but tests of its own. Of any other, a framework could run what no
// import leads to.
func (d *descent) outOfReach(test place) bool {
	return test.file != d.file && !d.mayReach(test, d.nodeName(d.file)) && d.onlyTests(d.file)
}

// onlyTests tells that a file is there for the tests in it: none imports it, its load
// leaves nothing with others, and it has nothing for pytest to lend to others.
func (w *world) onlyTests(file int) bool {
	return w.tests[file] && !w.imported(file) && len(w.effectsMet(file)) == 0 &&
		!slices.ContainsFunc(w.facts(file).Scopes, func(s facts.Scope) bool {
			return strings.HasPrefix(s.Name, "pytest_") || slices.ContainsFunc(s.Decorators, func(d facts.Decorator) bool { return last(d.Name) == "fixture" })
		})
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
		list = append(list, w.said(modulesBegun, parent+".")...)
	}
	root, _, _ := strings.Cut(module, ".")
	for i := range root {
		list = append(list, w.said(modulesBegun, root[:i+1])...)
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
