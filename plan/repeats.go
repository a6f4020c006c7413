package plan

import "fastpath/plan/facts"

// needing lists, for each module that a file imports, the functions of the file
// that need it, whichever of its imports serves them: all imports of one module
// in one file are decided alike, or one would go up as the other goes down.
func (p *planner) needing(file int, r *running) map[string][]facts.ScopeID {
	m := p.Modules[file]
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
// level, where that one does not come about or does not stay.
func (p *planner) keepRepeats(file int) {
	m := p.Modules[file]
	for unit, u := range m.Units {
		d := p.at(file, unit)
		if d.Status != StatusMove || d.Action != Drop {
			continue
		}
		there := false
		var instead []Blocker
		for other, o := range m.Units {
			if other == unit || o.Bound != u.Bound || o.Module != u.Module || o.Attr != u.Attr || o.Alias != u.Alias {
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
		d.Status, d.Action, d.Blockers = StatusBlocked, Stay, append(d.Blockers, instead...)
	}
}
