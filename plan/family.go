package plan

import (
	"fmt"
)

// settleFamilies keeps what binds one root package together: where `import a.b`
// goes into a function, `a` is local there, so every other part of `a` that
// the function uses has to come along. A unit whose function also needs one
// that stays, stays as well. It tells whether a move was taken back.
func (p *planner) settleFamilies(file int) (changed bool) {
	m := p.facts(file)
	for again := true; again; {
		again = false
		for unit := range m.Units {
			d := p.at(file, unit)
			if d.Status != StatusMove || d.Action != Sink {
				continue
			}
			if stays, at := p.partner(file, unit, d); stays >= 0 {
				d.takeBack(Blocker{Code: "provides-submodule", File: m.Path, Line: at,
					Message: fmt.Sprintf("the function that needs it also uses `%s`, whose import stays", m.Units[stays].Module),
					Hint:    "give one of them another name with `as`"})
				again, changed = true, true
			}
		}
	}
	return changed
}

// partner finds a unit of the same family that stays at module level although
// a function that the unit moves into uses it.
func (p *planner) partner(file, unit int, d *Decision) (stays, line int) {
	m := p.facts(file)
	q := &descent{world: p.world, file: file, m: m, unit: unit, u: m.Units[unit]}
	family := q.family()
	if len(family) < 2 {
		return -1, 0
	}
	for _, i := range q.name().Uses {
		use := m.Uses[i]
		server := q.serves(family, use)
		if o := p.at(file, server); server == unit || o.Status == StatusMove && o.Action == Sink || lazyRole(use) {
			continue
		}
		for _, l := range d.Into {
			if l.Scope >= 0 && m.Inside(use.Scope, l.Scope) || l.Scope < 0 && use.InMain && m.DefAround(use.Scope) < 0 {
				return server, use.Line
			}
		}
	}
	return -1, 0
}
