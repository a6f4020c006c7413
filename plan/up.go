package plan

import (
	"fmt"
	"slices"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/stdlib"
)

// An ascent is the question whether one local unit may go to module level.
// The rules that both directions share are those of the embedded descent,
// with the unit's own function as the only landing.
type ascent struct {
	*descent
	st   *facts.Statement
	self facts.ScopeID // the function it stands in
}

// hoist settles a local unit that the figures want at module level. What the
// file as a whole decides (one import for several functions, names taken
// twice) is left to settleFile.
func (p *planner) hoist(d *Decision, r *running) {
	a := p.ascent(d.File, d.Unit, r)
	d.Action = Hoist
	if a.repeatsTop() {
		d.Action = Drop
	}
	a.judge(d.Action)
	d.Blockers = p.lift(a.m.Path, a.blocks)
	p.fixed(d)
	d.Status = StatusMove
	if len(d.Blockers) > 0 {
		d.Status, d.Action = StatusBlocked, Stay
	}
}

func (w *world) ascent(file, unit int, r *running) *ascent {
	m := w.Modules[file]
	u := m.Units[unit]
	st := &m.Statements[u.Statement]
	self := m.DefAround(st.Scope)
	return &ascent{st: st, self: self, descent: &descent{world: w, file: file, m: m, unit: unit, u: u, r: r,
		users: user{landings: []Landing{{Scope: self}}}, with: w.company(file)}}
}

// repeatsTop tells that a plain import at module level already binds the name
// to the same thing.
func (a *ascent) repeatsTop() bool {
	n := a.top(a.m, a.u.Bound)
	if n < 0 || a.u.Attr == "*" {
		return false
	}
	same := false
	for _, b := range a.m.Names[n].Bindings {
		if b.Kind != facts.ByImport {
			return false
		}
		o := a.m.Units[b.Unit]
		if a.m.Statements[o.Statement].Site == facts.SiteTypeChecking {
			continue
		}
		if a.m.Statements[o.Statement].Site != facts.SiteModule || !a.means(o) {
			return false
		}
		same = true
	}
	return same && len(a.m.Names[n].GlobalIn) == 0
}

// means tells that the other unit binds the name to the same object.
func (a *ascent) means(o facts.Unit) bool {
	return o.Module == a.u.Module && o.Attr == a.u.Attr && o.Alias == a.u.Alias
}

func (a *ascent) judge(action Action) {
	if a.u.Attr == "*" || a.u.Name < 0 {
		a.block("star", a.u.Line, "", "a star import cannot move")
		return
	}
	a.conditional(action)
	a.optional(action)
	a.nameTaken()
	a.discovered()
	a.localRebind()
	a.lateValue()
	a.reliesOnLate()
	a.mainOnly()
	if action == Drop {
		a.earlyCall()
	} else {
		a.sideEffect()
		a.stateAtImport()
	}
	a.compiled()
	a.dynamic()
	a.mangled()
	a.pinned()
}

var guardWords = map[facts.Guard]string{
	facts.GuardIf: "if", facts.GuardTry: "try", facts.GuardHandler: "except, else or finally",
	facts.GuardWith: "with", facts.GuardLoop: "a loop", facts.GuardMatch: "match",
}

func (a *ascent) conditional(action Action) {
	switch {
	case a.st.Guard == facts.NoGuard:
	case a.st.Guard == facts.GuardImportError:
		a.block("optional", a.u.Line, "", "its absence is handled")
	case action == Drop && a.st.Guard != facts.GuardTry && a.st.Guard != facts.GuardHandler:
	default:
		a.block("conditional", a.u.Line, "", "it stands under %s", guardWords[a.st.Guard])
	}
	if action == Drop {
		return
	}
	if a.st.Preceded != "" {
		a.block("conditional", a.u.Line, "move it to the top of the function", "it stands after a statement that can leave or have an effect (%s)", a.st.Preceded)
	}
	for s := a.self; s > facts.Top; s = a.m.Scopes[s].Parent {
		if a.m.Scopes[s].Guarded {
			a.block("conditional", a.m.Scopes[s].Line, "", "`%s` itself stands under a condition", a.m.Scopes[s].Qualified)
			return
		}
	}
}

// optional: nothing shows that the target, and what loads with it, is always
// there.
func (a *ascent) optional(action Action) {
	if action == Drop {
		return
	}
	target := a.loaded(a.u)
	if a.u.Module == "" {
		a.block("optional", a.u.Line, "", "the relative import leaves its package")
		return
	}
	closure := a.firstPartyClosure(target)
	if len(closure) == 0 && !a.always(a.file, target) {
		a.block("optional", a.u.Line, "declare it as a required dependency", "nothing shows that `%s` is always there", target)
		return
	}
	for _, module := range closure {
		file := a.byName[module]
		if a.with.inside[file] {
			continue
		}
		m := a.Modules[file]
		for _, u := range m.Units {
			site := m.Statements[u.Statement].Site
			if site != facts.SiteModule && site != facts.SiteClass || u.Module == "" {
				continue
			}
			if t := a.loaded(u); !a.inTree(t) && !a.always(a.file, t) {
				a.blockAt("optional", place{file, u.Line}, "declare it as a required dependency",
					"`%s` loads `%s`, and nothing shows that it is always there", target, t)
				return
			}
		}
	}
}

func (w *world) inTree(module string) bool {
	_, ok := w.byName[module]
	return ok
}

// always tells that a module outside the tree is sure to be there: in every
// supported standard library, a required dependency, loaded by an unguarded
// eager path, or seen when the entry was profiled.
func (w *world) always(file int, module string) bool {
	if stdlib.Root(module) {
		return stdlib.Always(module)
	}
	if w.proven(file, module) {
		return true
	}
	return w.declared(module)
}

// declared tells that the project requires the module, or that it was loaded
// when the entry was profiled.
func (w *world) declared(module string) bool {
	root, _, _ := strings.Cut(module, ".")
	for _, d := range w.Policy.Dependencies {
		if strings.EqualFold(strings.ReplaceAll(d, "-", "_"), root) {
			return true
		}
	}
	return w.Profile != nil && !w.Profile.Short && w.Profile.Loaded(module)
}

func (a *ascent) nameTaken() {
	name := a.u.Bound
	if n := a.top(a.m, name); n >= 0 && !a.sameAtTop(n) {
		line := a.u.Line
		if b := a.m.Names[n].Bindings; len(b) > 0 {
			line = b[0].Line
		}
		a.block("name-taken", line, "", "the module already uses `%s` for something else", name)
	}
	if a.u.Outer {
		a.block("name-taken", a.u.Line, "", "a function around it binds `%s` as well", name)
	}
	if n := a.top(a.m, "__getattr__"); n >= 0 && slices.Contains(a.m.Dunder, "__getattr__") {
		a.block("name-taken", a.m.Names[n].Bindings[0].Line, "", "the module's `__getattr__` may give something else for `%s`", name)
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

// starLacks tells that the star import is sure not to bind the name.
func (w *world) starLacks(module, name string) bool {
	m, ok := w.module(module)
	if !ok {
		return false
	}
	if m.All.Present && m.All.Static {
		return !exports(m, name)
	}
	if w.top(m, name) >= 0 {
		return !exports(m, name)
	}
	for _, u := range m.Units {
		if u.Attr == "*" {
			return false
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
		root := o.Attr == "" && a.u.Attr == "" && !o.Alias && !a.u.Alias
		if !a.means(o) && !root || a.m.Statements[o.Statement].Site == facts.SiteGuarded {
			return false
		}
	}
	return true
}

func (a *ascent) discovered() {
	name := a.u.Bound
	if a.tests[a.file] && a.u.Attr != "" && (strings.HasPrefix(name, "test") || strings.HasPrefix(name, "Test") || a.isTestCase(a.u.Module, a.u.Attr, 0)) {
		a.block("discovered", a.u.Line, "", "as a module attribute `%s` would be collected as a test", name)
	}
	if a.tests[a.file] && a.u.Attr != "" && (strings.HasPrefix(name, "pytest_") || xunitHook(name) || a.isFixture(a.u.Module, a.u.Attr)) {
		a.block("discovered", a.u.Line, "", "as a module attribute `%s` would be used by the test runner", name)
	}
	if strings.Contains(last(a.m.Name), "settings") && name == strings.ToUpper(name) {
		a.block("discovered", a.u.Line, "", "as a module attribute `%s` would be a setting", name)
	}
	if at, ok := elsewhere(a.starOf[a.m.Name], a.file); ok && a.m.Name != "" && !a.m.All.Present && !strings.HasPrefix(name, "_") {
		a.blockAt("discovered", at, "define __all__", "`from %s import *` would take `%s` too", a.m.Name, name)
	}
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
func (w *world) isFixture(module, name string) bool {
	m, ok := w.module(module)
	if !ok {
		return false
	}
	n := w.top(m, name)
	if n < 0 {
		return false
	}
	for _, b := range m.Names[n].Bindings {
		if b.Kind != facts.ByDef || b.Defines < 0 {
			continue
		}
		for _, dec := range m.Scopes[b.Defines].Decorators {
			if last(dec.Name) == "fixture" {
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

func (a *ascent) reliesOnLate() {
	for _, module := range a.loads(a.u) {
		if at := a.replacements(module); len(at) > 0 {
			a.blockAt("relies-on-late", at[0], "", "`%s` is replaced or removed in sys.modules", module)
			return
		}
	}
	if a.u.Attr == "" {
		return
	}
	for _, attr := range []string{a.u.Attr, "*", ""} { // the last two: a computed name
		for _, p := range a.patchedAt[a.u.Module+"."+attr] {
			a.blockAt("relies-on-late", p.place, "", "`%s.%s` is replaced here, and the look-up must happen at call time", a.u.Module, a.u.Attr)
			return
		}
	}
}

// mainOnly: every use of the outermost function stands in the main guard.
func (a *ascent) mainOnly() {
	outer := a.m.OutermostDef(a.self)
	guarded := false
	for n := range a.m.Names {
		for _, b := range a.m.Names[n].Bindings {
			if b.Defines != outer || b.Kind != facts.ByDef {
				continue
			}
			for _, i := range a.m.Names[n].Uses {
				if !a.m.Uses[i].InMain {
					return
				}
				guarded = true
			}
		}
	}
	if guarded && a.m.Scopes[outer].Parent == facts.Top && !a.isEntry(a.file) {
		a.block("main-only", a.m.Scopes[outer].Line, "", "`%s` runs only when the file is run as a script", a.m.Scopes[outer].Qualified)
	}
}

func (w *world) isEntry(file int) bool {
	for _, e := range w.Policy.Entry {
		if i, ok := w.entryFile(e); ok && i == file {
			return true
		}
	}
	return false
}

// earlyCall: a local import may be dropped only if the one at module level
// runs before any call of the function at import time.
func (a *ascent) earlyCall() {
	line := 0
	// Without a binding the import comes with another hoisted unit, at the top.
	if n := a.top(a.m, a.u.Bound); n >= 0 {
		for _, b := range a.m.Names[n].Bindings {
			line = max(line, b.Line)
		}
	}
	for _, c := range []cause{a.r.called[a.self], a.r.handed[a.self]} {
		if c.is() && c.line < line {
			a.block("conditional", c.line, "", "`%s` may run before the import at line %d", a.m.Scopes[a.self].Qualified, line)
			return
		}
	}
	if outer := a.m.OutermostDef(a.self); line > 0 && outer >= 0 && a.m.Scopes[outer].Line < line {
		a.block("conditional", line, "move that import above the function", "`%s` is there before the import at line %d has run, and others may call it then",
			a.m.Scopes[outer].Qualified, line)
		return
	}
	if at := a.storedTo[a.m.Name+"."+a.u.Bound]; len(at) > 0 && a.m.Name != "" {
		a.blockAt("relies-on-late", at[0], "", "`%s.%s` is assigned here", a.m.Name, a.u.Bound)
	}
	for _, p := range a.patchedAt[a.m.Name+"."+a.u.Bound] {
		a.blockAt("relies-on-late", p.place, "", "`%s.%s` is replaced here", a.m.Name, a.u.Bound)
		return
	}
}

// raise settles what stands under `if TYPE_CHECKING:` although the figures want
// it at module level: the twin of an import that is there or goes there is
// dropped, any other goes up itself.
func (p *planner) raise(d *Decision, r *running) {
	a := p.ascent(d.File, d.Unit, r)
	if a.u.Name < 0 || a.name().Scope != facts.Top {
		return
	}
	d.Action = Hoist
	if a.repeatsTop() {
		d.Action = Drop
	}
	for _, b := range a.name().Bindings {
		o := a.m.Units[max(b.Unit, 0)]
		if b.Kind != facts.ByImport && b.Kind != facts.ByDeclaration || b.Kind == facts.ByImport && (!a.means(o) || a.m.Statements[o.Statement].Site == facts.SiteGuarded) {
			a.block("name-taken", b.Line, "", "the module also binds `%s` otherwise", a.u.Bound)
			break
		}
	}
	if a.st.Conditional || a.st.Optional {
		a.block("conditional", a.u.Line, "", "it stands under a further condition")
	}
	if d.Action == Hoist {
		a.optional(Hoist)
		a.nameTaken()
		a.discovered()
		a.lateValue()
		a.reliesOnLate()
		a.sideEffect()
		a.stateAtImport()
		a.dynamic()
	}
	a.pinned()
	d.Blockers = p.lift(a.m.Path, a.blocks)
	p.fixed(d)
	d.Status = StatusMove
	if len(d.Blockers) > 0 {
		d.Status, d.Action = StatusBlocked, Stay
	}
}

// settleFile settles what several local units of a file share: the first one
// that may go up goes up, and the others that mean the same are dropped.
func (p *planner) settleFile(file int, r *running) {
	m := p.Modules[file]
	chosen := map[string]int{} // bound name: first hoisted unit
	for unit := range m.Units {
		d := p.at(file, unit)
		if d.Action != Hoist || d.Status != StatusMove {
			continue
		}
		if _, ok := chosen[m.Units[unit].Bound]; !ok {
			chosen[m.Units[unit].Bound] = unit
		}
	}
	for unit := range m.Units {
		d := p.at(file, unit)
		up, ok := chosen[m.Units[unit].Bound]
		if ok && up != unit && d.Action == Hoist && d.Status == StatusMove && m.Statements[m.Units[unit].Statement].Site == facts.SiteTypeChecking {
			d.Action = Drop
			continue
		}
		if !ok || up == unit || d.Level != ModuleLevel || m.Statements[m.Units[unit].Statement].Site != facts.SiteFunction {
			continue
		}
		a := p.ascent(file, unit, r)
		if !a.means(m.Units[up]) {
			d.Status, d.Action = StatusBlocked, Stay
			d.Blockers = append(d.Blockers, Blocker{Code: "name-taken", File: m.Path, Line: m.Units[up].Line,
				Message: fmt.Sprintf("another import that goes to module level binds `%s`", m.Units[unit].Bound)})
			continue
		}
		a.judge(Drop)
		if d.Blockers = p.lift(m.Path, a.blocks); len(d.Blockers) > 0 {
			d.Status, d.Action = StatusBlocked, Stay
			continue
		}
		d.Status, d.Action = StatusMove, Drop
	}
}
