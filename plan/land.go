package plan

import (
	"sort"

	"fastpath/plan/facts"
)

// A user is what needs one import unit, and when.
type user struct {
	eager    []facts.Use // run while the module is imported
	unread   []facts.Use // annotations that are not evaluated
	landings []Landing   // where the import goes to, in source order
	early    []early     // landings that would run at import
	guards   map[int]bool
}

// An early is a function that would need the import while the module loads.
type early struct {
	scope  facts.ScopeID
	cause  cause
	handed bool
}

// scopes are the defs that the import lands in.
func (u *user) scopes() []facts.ScopeID {
	var list []facts.ScopeID
	for _, l := range u.landings {
		if l.Scope >= 0 {
			list = append(list, l.Scope)
		}
	}
	return list
}

// users sorts the given uses of a name by when they run, and finds for each
// function the place where a local import serves all of its references.
func (w *world) users(m *facts.Module, uses []int, r *running) user {
	var u user
	groups := map[facts.ScopeID][]facts.ScopeID{} // outermost def: innermost defs that refer
	for _, i := range uses {
		use := m.Uses[i]
		switch {
		case lazyRole(use) || use.Role == facts.InAnnotation && (w.annotationsLazy() || w.makesText(m, use)):
			u.unread = append(u.unread, use)
		case m.DefAround(use.Scope) >= 0:
			outer := m.OutermostDef(use.Scope)
			groups[outer] = append(groups[outer], m.DefAround(use.Scope))
		case use.InMain:
			g := guardAt(m, use.Offset)
			if u.guards == nil {
				u.guards = map[int]bool{}
			}
			if !u.guards[g] {
				u.guards[g] = true
				u.landings = append(u.landings, Landing{Scope: -1, Guard: g})
			}
		default:
			u.eager = append(u.eager, use)
		}
	}
	outers := make([]facts.ScopeID, 0, len(groups))
	for outer := range groups {
		outers = append(outers, outer)
	}
	sort.Slice(outers, func(i, j int) bool { return outers[i] < outers[j] })
	for _, outer := range outers {
		w.place(m, groups[outer], r, &u)
	}
	sort.SliceStable(u.landings, func(i, j int) bool {
		return landingOffset(m, u.landings[i]) < landingOffset(m, u.landings[j])
	})
	return u
}

// place lands one import for a set of referring defs that share an outermost
// def: in their innermost common def, or, where that one runs while the module
// loads, in the inner ones that do not.
func (w *world) place(m *facts.Module, defs []facts.ScopeID, r *running, u *user) {
	common := defs[0]
	for _, d := range defs[1:] {
		common = commonDef(m, common, d)
	}
	c, handed := r.called[common], false
	if !c.is() {
		c, handed = r.handed[common], true
	}
	if !c.is() {
		u.landings = append(u.landings, Landing{Scope: common})
		return
	}
	inner := map[facts.ScopeID][]facts.ScopeID{}
	var order []facts.ScopeID
	for _, d := range defs {
		if d == common {
			u.landings = append(u.landings, Landing{Scope: common})
			u.early = append(u.early, early{common, c, handed})
			return
		}
		child := childDef(m, common, d)
		if inner[child] == nil {
			order = append(order, child)
		}
		inner[child] = append(inner[child], d)
	}
	for _, child := range order {
		w.place(m, inner[child], r, u)
	}
}

// commonDef is the innermost def around both.
func commonDef(m *facts.Module, a, b facts.ScopeID) facts.ScopeID {
	above := map[facts.ScopeID]bool{}
	for s := a; s >= 0; s = m.DefAround(m.Scopes[s].Parent) {
		above[s] = true
	}
	for s := b; s >= 0; s = m.DefAround(m.Scopes[s].Parent) {
		if above[s] {
			return s
		}
	}
	return a
}

// childDef is the def directly inside outer on the way to inner.
func childDef(m *facts.Module, outer, inner facts.ScopeID) facts.ScopeID {
	for s := inner; ; {
		up := m.DefAround(m.Scopes[s].Parent)
		if up == outer || up < 0 {
			return s
		}
		s = up
	}
}

func guardAt(m *facts.Module, offset uint32) int {
	for i, g := range m.MainGuard {
		if g.Start <= offset && offset < g.End {
			return i
		}
	}
	return 0
}

func landingOffset(m *facts.Module, l Landing) uint32 {
	if l.Scope < 0 {
		return m.MainGuard[l.Guard].Start
	}
	return m.Scopes[l.Scope].Span.Start
}

// makesText tells that the configuration wants the annotation, which is
// evaluated while the module loads, to be quoted or made text by the future
// import. The latter concerns every annotation of the file, so none of them may
// be one that is read at run time.
func (w *world) makesText(m *facts.Module, use facts.Use) bool {
	if m.DefAround(use.Scope) >= 0 {
		return false
	}
	switch w.Policy.Annotations {
	case "quote":
		return true
	case "future":
		d := &descent{world: w, m: m, file: w.byName[m.Name]}
		for _, other := range m.Uses {
			if other.Role == facts.InAnnotation {
				if _, read := d.annotationReader(other); read {
					return false
				}
			}
		}
		return true
	}
	return false
}

// annotationsLazy tells whether every supported Python leaves annotations
// unevaluated (PEP 649, Python 3.14).
func (w *world) annotationsLazy() bool { return atLeast(w.Policy.RequiresPython, 3, 14) }
