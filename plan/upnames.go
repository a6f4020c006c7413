package plan

import (
	"fmt"
	"slices"
	"strings"

	"fastpath/plan/facts"
)

func (a *ascent) nameTaken() {
	name := a.u.Bound
	if n := a.top(a.m, name); n >= 0 && !a.sameAtTop(n) {
		line := a.u.Line
		if b := a.m.Names[n].Bindings; len(b) > 0 {
			line = b[0].Line
		}
		a.block("name-taken", line, "", "the module already uses `%s` for something else", name)
	}
	for _, o := range a.m.Units {
		if o.Bound == name && a.m.Statements[o.Statement].Site == facts.SiteFunction && !a.means(o) && !a.sameRoot(o) {
			a.block("name-taken", o.Line, "", "an import in a function binds `%s` to something else", name)
			break
		}
	}
	if a.u.Outer && !a.outerAgrees() {
		a.block("name-taken", a.u.Line, "", "a function around it binds `%s` as well", name)
	}
	if n := a.top(a.m, "__getattr__"); n >= 0 && slices.Contains(a.m.Dunder, "__getattr__") {
		a.block("name-taken", a.m.Names[n].Bindings[0].Line, "", "the module's `__getattr__` may give something else for `%s`", name)
	}
	if a.u.Stray > 0 && !builtins[name] {
		a.block("name-taken", a.u.Stray, "", "code here reads a global `%s`, which nothing binds", name)
	}
	if builtins[name] {
		a.block("name-taken", a.u.Line, "", "`%s` is a builtin that the module may read", name)
	}
	for _, u := range a.m.Units {
		if u.Attr == "*" && a.m.Statements[u.Statement].Scope == facts.Top && !a.starLacks(u.Module, name) && !a.starAgrees(u.Module) {
			a.block("name-taken", u.Line, "", "`from %s import *` may bind `%s`", u.Module, name)
		}
	}
	if a.m.Package && a.inTree(a.m.Name+"."+name) && a.loaded(a.u) != a.m.Name+"."+name {
		a.block("name-taken", a.u.Line, "", "`%s` is a submodule of this package", name)
	}
}

// outerAgrees tells that what binds the name in the function right around this
// one are imports of the same thing, which may go up too: see keepInner.
func (a *ascent) outerAgrees() bool {
	outer := a.outerName(a.m, a.self, a.u.Bound)
	if outer == nil {
		return false
	}
	for _, b := range outer.Bindings {
		if b.Kind != facts.ByImport || !a.means(a.m.Units[b.Unit]) {
			return false
		}
	}
	return true
}

// outerName is the variable of the def right around another one that an import
// binds; nil when it has none of that name.
func (w *world) outerName(m *facts.Module, def facts.ScopeID, name string) *facts.Name {
	around := m.DefAround(m.Scopes[def].Parent)
	for n := range m.Names {
		if m.Names[n].Scope == around && around > facts.Top && m.Names[n].Text == name {
			return &m.Names[n]
		}
	}
	return nil
}

// keepInner keeps the local imports whose name, once they are gone, the function
// around theirs would still bind.
func (p *planner) keepInner(file int) {
	m := p.facts(file)
	for changed := true; changed; {
		changed = false
		for unit, u := range m.Units {
			d := p.at(file, unit)
			st := &m.Statements[u.Statement]
			if !u.Outer || st.Site != facts.SiteFunction || d.Status != StatusMove {
				continue
			}
			outer := p.outerName(m, m.DefAround(st.Scope), u.Bound)
			if outer == nil || !slices.ContainsFunc(outer.Bindings, func(b facts.Bind) bool { return p.at(file, b.Unit).Status != StatusMove }) {
				continue
			}
			changed = true
			d.takeBack(Blocker{Code: "name-taken", File: m.Path, Line: outer.Bindings[0].Line,
				Message: fmt.Sprintf("the function around it still binds `%s`", u.Bound)})
		}
	}
}

// starLacks tells that the star import is sure not to bind the name.
func (w *world) starLacks(module, name string) bool {
	m, ok := w.module(module)
	if !ok {
		return false
	}
	if m.All.Present && m.All.Static {
		return !exports(m, name)
	}
	if w.top(m, name) >= 0 || !m.All.Present && strings.HasPrefix(name, "_") {
		return !exports(m, name)
	}
	for _, u := range m.Units {
		if u.Attr == "*" {
			return false
		}
	}
	for _, x := range m.Dynamic {
		if x.Object == "" && wholeModule(x.What) {
			return false // it may bind names that nobody sees
		}
	}
	return true
}

// starAgrees tells that the star import of a module of the tree binds the name
// to the very thing that the unit does, as a fast_path.py would.
func (a *ascent) starAgrees(module string) bool {
	m, ok := a.module(module)
	if !ok || !m.All.Present || !m.All.Static {
		return false
	}
	n := a.top(m, a.u.Bound)
	if n < 0 || len(m.Names[n].Bindings) != 1 || len(m.Names[n].GlobalIn) > 0 {
		return false
	}
	b := m.Names[n].Bindings[0]
	if b.Kind != facts.ByImport {
		return false
	}
	o := m.Units[b.Unit]
	return a.means(o) && m.Statements[o.Statement].Site == facts.SiteModule
}

func (a *ascent) sameAtTop(n int) bool {
	for _, b := range a.m.Names[n].Bindings {
		if b.Kind != facts.ByImport {
			return false
		}
		o := a.m.Units[b.Unit]
		if !a.means(o) && !a.sameRoot(o) || a.m.Statements[o.Statement].Site == facts.SiteGuarded {
			return false
		}
	}
	return true
}

// sameRoot tells that the unit and another one of its name bind the package at
// the root of what they import.
func (a *ascent) sameRoot(o facts.Unit) bool {
	return o.Attr == "" && a.u.Attr == "" && !o.Alias && !a.u.Alias
}

func (a *ascent) discovered() {
	name := a.u.Bound
	if use := a.collected(a.file, a.u); use != "" {
		a.block("discovered", a.u.Line, "", "as a module attribute `%s` would be %s", name, use)
	}
	if strings.Contains(last(a.m.Name), "settings") && name == strings.ToUpper(name) {
		a.block("discovered", a.u.Line, "", "as a module attribute `%s` would be a setting", name)
	}
	if at, ok := elsewhere(a.said(starOf, a.m.Name), a.file); ok && a.m.Name != "" && !a.m.All.Present && !strings.HasPrefix(name, "_") {
		a.blockAt("discovered", at, "define __all__", "`from %s import *` would take `%s` too", a.m.Name, name)
	}
}

// collected says what a test runner does with what a unit binds in a test file; ""
// where it takes no notice.
func (w *world) collected(file int, u facts.Unit) string {
	name := u.Bound
	switch {
	case !w.tests[file] || u.Attr == "":
		return ""
	case strings.HasPrefix(name, "test"), strings.HasPrefix(name, "Test"), w.isTestCase(u.Module, u.Attr, 0):
		return "collected as a test"
	case strings.HasPrefix(name, "pytest_"), xunitHook(name), w.isFixture(u.Module, u.Attr, 0):
		return "used by the test runner"
	}
	return ""
}

// hasTests tells that a unit takes a class of the tree that has tests.
func (w *world) hasTests(u facts.Unit) bool {
	file, inTree := w.byName[u.Module]
	if !inTree {
		return false
	}
	class, ok := w.classNamed(file, u.Attr, 0)
	return ok && slices.ContainsFunc(w.ancestry(class), func(c classAt) bool {
		return slices.ContainsFunc(w.facts(c.file).Scopes, func(s facts.Scope) bool {
			return s.Parent == c.class && strings.HasPrefix(s.Name, "test")
		})
	})
}

// xunitHook tells that a test runner calls a module's function of that name.
func xunitHook(name string) bool {
	switch name {
	case "load_tests", "setUpModule", "tearDownModule", "setup_module", "teardown_module", "setup_function", "teardown_function":
		return true
	}
	return false
}

// isFixture tells that the name is a pytest fixture of the tree.
func (w *world) isFixture(module, name string, depth int) bool {
	m, bindings := w.bindings(module, name)
	for _, b := range bindings {
		switch {
		case b.Kind == facts.ByImport && m.Units[b.Unit].Attr != "" && depth < 8:
			if u := m.Units[b.Unit]; w.isFixture(u.Module, u.Attr, depth+1) {
				return true
			}
		case b.Kind == facts.ByDef && b.Defines >= 0:
			if slices.ContainsFunc(m.Scopes[b.Defines].Decorators, func(d facts.Decorator) bool { return last(d.Name) == "fixture" }) {
				return true
			}
		}
	}
	return false
}

// isTestCase follows base classes through the tree.
func (w *world) isTestCase(module, name string, depth int) bool {
	m, ok := w.module(module)
	if !ok || depth > 8 {
		return module == "unittest" && strings.HasSuffix(name, "TestCase")
	}
	n := w.top(m, name)
	if n < 0 {
		return false
	}
	for _, b := range m.Names[n].Bindings {
		switch {
		case b.Kind == facts.ByImport && m.Units[b.Unit].Attr != "":
			return w.isTestCase(m.Units[b.Unit].Module, m.Units[b.Unit].Attr, depth+1)
		case b.Kind == facts.ByClass && b.Defines >= 0:
			for _, base := range m.Scopes[b.Defines].Bases {
				path := w.objectPath(m, base)
				if strings.HasSuffix(path, "TestCase") {
					return true
				}
				if i := strings.LastIndexByte(path, '.'); i > 0 && w.isTestCase(path[:i], path[i+1:], depth+1) || i < 0 && w.isTestCase(module, path, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

func (a *ascent) localRebind() {
	n := a.name()
	if n.Scope == facts.Top {
		a.block("local-rebind", a.u.Line, "", "`%s` is declared global in the function", a.u.Bound)
		return
	}
	for _, b := range n.Bindings {
		if b.Kind == facts.ByImport && a.means(a.m.Units[b.Unit]) || b.Kind == facts.ByDeclaration {
			continue
		}
		a.block("local-rebind", b.Line, "", "the function binds `%s` otherwise as well", a.u.Bound)
		return
	}
}
