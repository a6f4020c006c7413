package plan

import (
	"fmt"

	"fastpath/plan/facts"
)

// needing lists, for each module that a file imports, the functions of the file
// that need it, whichever of its imports serves them: all imports of one module
// in one file are decided alike, or one would go up as the other goes down.
func (p *planner) needing(file int, r *running) map[string][]facts.ScopeID {
	m := p.facts(file)
	list := map[string][]facts.ScopeID{}
	for unit, u := range m.Units {
		st := &m.Statements[u.Statement]
		module := p.loaded(u)
		switch {
		case u.Name >= 0 && st.Site == facts.SiteModule:
			d := &descent{world: p.world, file: file, m: m, unit: unit, u: u}
			who := p.users(m, d.uses(), r)
			list[module] = append(list[module], who.scopes()...)
		case st.Site == facts.SiteFunction:
			list[module] = append(list[module], m.DefAround(st.Scope))
		}
	}
	return list
}

// keepRepeats keeps local imports that were to be dropped for one at module
// level, where that one does not come about or does not stay, and imports at
// module level that were to leave it beside one that stays. It tells whether there
// were any.
func (p *planner) keepRepeats(file int) (changed bool) {
	m := p.facts(file)
	for unit, u := range m.Units {
		d := p.at(file, unit)
		if d.Status == StatusMove && (d.Action == Sink || d.Action == ToTypeChecking) {
			changed = p.keepTwin(d) || changed
			continue
		}
		if d.Status != StatusMove || d.Action != Drop {
			continue
		}
		there := false
		var instead []Blocker
		for other, o := range m.Units {
			if other == unit || !alike(u, o) {
				continue
			}
			od := p.at(file, other)
			switch m.Statements[o.Statement].Site {
			case facts.SiteModule:
				there = there || od.Status != StatusMove || od.Action != Sink && od.Action != ToTypeChecking
			case facts.SiteFunction, facts.SiteTypeChecking:
				there = there || od.Status == StatusMove && od.Action == Hoist
				if instead == nil {
					instead = od.Blockers
				}
			}
		}
		if there {
			continue
		}
		if instead == nil {
			instead = []Blocker{{Code: "conditional", File: m.Path, Line: u.Line, Message: "the import at module level that it repeats does not stay"}}
		}
		d.takeBack(instead...)
		changed = true
	}
	return changed
}

// keepTwin keeps an import at module level where another one of the same thing by
// the same name stays there: the module would load as before.
func (p *planner) keepTwin(d *Decision) bool {
	m := p.facts(d.File)
	for other := range m.Units {
		o := &m.Units[other]
		if other == d.Unit || !alike(m.Units[d.Unit], *o) || m.Statements[o.Statement].Site != facts.SiteModule || p.at(d.File, other).Status == StatusMove {
			continue
		}
		d.Level = FunctionLevel
		d.takeBack(Blocker{Code: "rebound", File: m.Path, Line: o.Line, Hint: "remove one of the two",
			Message: fmt.Sprintf("`%s` is imported here as well, and this import stays", o.Bound)})
		return true
	}
	return false
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
		switch site := a.m.Statements[o.Statement].Site; {
		case site == facts.SiteTypeChecking:
		case site == facts.SiteMain && a.means(o):
		case site == facts.SiteModule && a.means(o):
			same = true
		default:
			return false
		}
	}
	return same && len(a.m.Names[n].GlobalIn) == 0
}

// means tells that the other unit binds the name to the same object.
func (a *ascent) means(o facts.Unit) bool { return alike(a.u, o) }

// alike tells that two units bind one name to the same thing.
func alike(u, o facts.Unit) bool { return boundTo(u) == boundTo(o) }

// A binding is a name and what an import binds it to.
type binding struct {
	name, module, attr string
	alias              bool
}

func boundTo(u facts.Unit) binding { return binding{u.Bound, u.Module, u.Attr, u.Alias} }

// earlyCall: a local import may be dropped only if the one at module level
// runs before any call of the function at import time.
func (a *ascent) earlyCall() {
	line := a.topLine()
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
	if at := a.said(storedTo, a.m.Name+"."+a.u.Bound); len(at) > 0 && a.m.Name != "" {
		a.blockAt("relies-on-late", at[0], "", "`%s.%s` is assigned here", a.m.Name, a.u.Bound)
	}
	for _, p := range a.patchesOf(a.m.Name + "." + a.u.Bound) {
		a.blockAt("relies-on-late", p.place, "", "`%s.%s` is replaced here", a.m.Name, a.u.Bound)
		return
	}
}

// topLine is the line of the last import at module level that binds the name; 0
// when it is to come with another hoisted unit, at the top.
func (a *ascent) topLine() (line int) {
	if n := a.top(a.m, a.u.Bound); n >= 0 {
		for _, b := range a.m.Names[n].Bindings {
			if b.Kind != facts.ByImport || a.m.Statements[a.m.Units[b.Unit].Statement].Site == facts.SiteModule {
				line = max(line, b.Line)
			}
		}
	}
	return line
}

// dropFromMain settles an import of the main guard, which goes when it repeats
// the module level and otherwise stays where it is.
func (p *planner) dropFromMain(d *Decision, r *running) {
	a := p.ascent(d.File, d.Unit, r)
	if a.u.Name < 0 || !a.repeatsTop() || a.topLine() > a.u.Line {
		return
	}
	for _, b := range a.m.Names[a.u.Name].Bindings {
		if o := a.m.Units[b.Unit]; a.m.Statements[o.Statement].Site == facts.SiteModule {
			p.dropRepeated(d, a, o)
			return
		}
	}
}

// dropRepeated drops an import of the main guard that repeats o, which is at module
// level, or will be. A script has no package, so both must be relative, or neither.
func (p *planner) dropRepeated(d *Decision, a *ascent, o facts.Unit) {
	if a.u.Level != o.Level || a.st.Conditional || len(a.name().GlobalIn) > 0 {
		return
	}
	a.lateValue()
	a.pinned()
	if d.Blockers = p.lift(a.m.Path, a.blocks); len(d.Blockers) == 0 {
		d.Status, d.Action = StatusMove, Drop
	} else {
		d.Status, d.Action = StatusBlocked, Stay
	}
}

// settleFile settles what several local units of a file share: the first one
// that may go up goes up, and the others that mean the same are dropped.
func (p *planner) settleFile(file int, r *running) {
	p.keepInner(file)
	defer p.keepInner(file)
	m := p.facts(file)
	chosen := map[binding]int{} // the first hoisted unit
	for unit := range m.Units {
		d := p.at(file, unit)
		if d.Action != Hoist || d.Status != StatusMove {
			continue
		}
		if _, ok := chosen[boundTo(m.Units[unit])]; !ok {
			chosen[boundTo(m.Units[unit])] = unit
		}
	}
	for unit := range m.Units {
		d := p.at(file, unit)
		up, ok := chosen[boundTo(m.Units[unit])]
		if ok && up != unit && d.Action == Hoist && d.Status == StatusMove && m.Statements[m.Units[unit].Statement].Site == facts.SiteTypeChecking {
			d.Action = Drop
			continue
		}
		site := m.Statements[m.Units[unit].Statement].Site
		if !ok || up == unit || d.Level != ModuleLevel || site != facts.SiteFunction && site != facts.SiteMain {
			continue
		}
		a := p.ascent(file, unit, r)
		if site == facts.SiteMain {
			if a.u.Name >= 0 {
				p.dropRepeated(d, a, m.Units[up])
			}
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
