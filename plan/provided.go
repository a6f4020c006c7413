package plan

import (
	"cmp"
	"slices"

	"fastpath/plan/facts"
	"fastpath/plan/graph"
)

// keepProvided takes back moves after which a submodule would not have been
// loaded any more for a use that reaches it through an attribute chain, without
// an import of its own: the module of the use, or one that leads to it, loaded
// it so far. Where none does, every import of the submodule may be what the use
// relies on. It tells whether a move was taken back.
func (p *planner) keepProvided() bool {
	before, after := p.before(), p.after()
	changed := false
	hold := func(take func() bool) {
		if take() {
			after = p.after()
			changed = true
		}
	}
	for _, sub := range p.leanedOn {
		node, ok := p.graph.Find(sub)
		if !ok {
			continue
		}
		for _, need := range p.looseBut(sub, func(n need) bool { return p.landsAbove(n, sub) }) {
			user, ok := p.leans(before, need, node)
			if !ok {
				continue
			}
			if need.eager {
				hold(func() bool { return p.holdAbove(before, after, node, sub, need) })
			}
			if p.met(after, need, sub) {
				continue // its own import brings it
			}
			providers := p.providersOf(before, need, sub)
			if len(providers) == 0 && p.tests[need.file] {
				if p.loadedByName(need, sub) {
					continue // the test runs by itself, so this is what brings it
				}
				providers = p.nearest(before, after, node, need)
			}
			if len(providers) == 0 {
				hold(func() bool { return p.holdAll(sub, need) })
			}
			for _, start := range providers {
				if !after.of(start)[node] && !p.overtaken(after, start, user, node) {
					hold(func() bool { return p.holdPath(before, start, node, sub, need) })
				}
			}
		}
	}
	return changed
}

// leans tells whether a use relies on somebody's import of a submodule, and gives
// the node of its file.
func (p *planner) leans(before *loading, need need, sub graph.Node) (user graph.Node, ok bool) {
	user, ok = p.graph.Find(p.nodeName(need.file))
	return user, ok && (!need.inBase || before.of(user)[sub])
}

// met tells whether the imports of the file itself bring the submodule that a use
// needs.
func (p *planner) met(after *loading, need need, sub string) bool {
	return after.brings(p.nodeName(need.file), sub) || after.brings(need.base, sub)
}

// loadedByName tells that code which a use leads to imports modules of the package by
// computed names.
func (p *planner) loadedByName(need need, sub string) bool {
	reach := p.reach(need.file)
	return slices.ContainsFunc(all(len(p.Modules)), func(file int) bool {
		n, ok := p.graph.Find(p.nodeName(file))
		return ok && reach.Loaded(n) && slices.ContainsFunc(p.Modules[file].Loads, func(l facts.StringImport) bool {
			return l.Begins != "" && objectOf(sub)+"." == l.Begins
		})
	})
}

// landsAbove tells that an import which moves lands at the start of the function of a
// use, or of one around it, and loads the submodule there.
func (p *planner) landsAbove(n need, sub string) bool {
	m := p.facts(n.file)
	return slices.ContainsFunc(all(len(m.Units)), func(unit int) bool {
		d := p.at(n.file, unit)
		return d.sinks() && slices.ContainsFunc(d.Into, func(l Landing) bool { return l.Scope >= 0 && !l.Present && m.Inside(n.scope, l.Scope) }) &&
			slices.Contains(p.loads(m.Units[unit]), sub)
	})
}

// holdAll takes back every move of an import that names the submodule.
func (p *planner) holdAll(sub string, need need) (held bool) {
	for i := range p.decisions {
		d := &p.decisions[i]
		if d.sinks() && slices.Contains(p.loads(p.Modules[d.File].Units[d.Unit]), sub) {
			d.takeBack(p.provides(d, sub, need)...)
			held = true
		}
	}
	return held
}

// holdAbove sees to a use that runs while its module loads: an import above it
// has to bring the submodule.
func (p *planner) holdAbove(before, after *loading, node graph.Node, sub string, need need) (held bool) {
	moved := p.goneAbove(before, after, node, need)
	if len(moved) == 0 {
		return false
	}
	if d := &p.decisions[moved[0].Tag]; d.sinks() {
		d.takeBack(p.provides(d, sub, need)...)
		held = true
	}
	return p.holdPath(before, moved[0].To, node, sub, need) || held
}

// goneAbove lists the imports above a use that brought the submodule before and do
// no longer; none where one above it still does.
func (p *planner) goneAbove(before, after *loading, node graph.Node, need need) (moved []graph.Edge) {
	m := p.Modules[need.file]
	for unit, u := range m.Units {
		st := &m.Statements[u.Statement]
		e := graph.Edge{Eager: true, Tag: int32(p.first[need.file] + unit)}
		if st.Line >= need.line || u.Module == "" || !before.follows(e) {
			continue
		}
		to, ok := p.graph.Find(p.loaded(u))
		switch {
		case !ok || !before.of(to)[node]:
		case after.follows(e) && after.of(to)[node]:
			return nil
		default:
			e.To = to
			moved = append(moved, e)
		}
	}
	return moved
}

// providersOf lists what loads the submodule so far for a use: the module of the
// use itself, otherwise each file that loads it and leads to that module in any way.
func (p *planner) providersOf(before *loading, need need, sub string) []graph.Node {
	user, _ := p.graph.Find(p.nodeName(need.file))
	node, _ := p.graph.Find(sub)
	if before.of(user)[node] {
		return []graph.Node{user}
	}
	var list []graph.Node
	leads := p.leadingTo(user)
	for file := range p.Modules {
		if n, ok := p.graph.Find(p.nodeName(file)); ok && leads[n] > 0 && !p.onlyBelow(n, sub) && before.of(n)[node] {
			list = append(list, n)
		}
	}
	// The nearest go first: what they keep may be enough for the others.
	far := before.bringing(node)
	slices.SortStableFunc(list, func(a, b graph.Node) int { return cmp.Compare(far[a], far[b]) })
	return list
}

// overtaken tells that the submodule, though start no longer loads it, has loaded
// by the time the module of a use has: from start, and from all that imports it,
// every way to that module goes through one that loads the submodule.
func (p *planner) overtaken(after *loading, start, user, sub graph.Node) bool {
	if p.leadingTo(user)[start] == 0 {
		return false // it is only run in the same process
	}
	brings := after.bringing(sub)
	past := walk(p.graph.Len(), []graph.Node{user}, func(n graph.Node) []graph.Node {
		return slices.DeleteFunc(slices.Concat(p.importers()[n], p.conftest(n)), func(from graph.Node) bool { return brings[from] > 0 })
	})
	for n, leads := range walk(p.graph.Len(), []graph.Node{start}, func(n graph.Node) []graph.Node { return p.importers()[n] }) {
		if leads > 0 && past[n] > 0 {
			return false
		}
	}
	return true
}

// nearest picks the test file that loads the submodule for a use in another one:
// a test runner loads all test files that it is to run before it runs the first,
// and the nearest is the likeliest to be among them. One that still loads it
// comes before its equals.
func (p *planner) nearest(before, after *loading, sub graph.Node, need need) []graph.Node {
	var best []graph.Node
	most := -1
	for file, m := range p.Modules {
		n, ok := p.graph.Find(p.nodeName(file))
		if !ok || !p.tests[file] || file == need.file || !before.of(n)[sub] {
			continue
		}
		common := 2 * commonFolders(m.Path, p.Modules[need.file].Path)
		if after.of(n)[sub] {
			common++
		}
		if common > most {
			best, most = []graph.Node{n}, common
		}
	}
	return best
}

// commonFolders counts the folders that two paths share.
func commonFolders(a, b string) (n int) {
	for i := 0; i < len(a) && i < len(b) && a[i] == b[i]; i++ {
		if a[i] == '/' {
			n++
		}
	}
	return n
}

// onlyBelow tells that the module is the submodule or within it: its own load
// brings the submodule, whatever moves.
func (p *planner) onlyBelow(n graph.Node, sub string) bool {
	return underOrSame(p.graph.Name(n), sub)
}

// leadingTo tells by node what imports one of some modules in any way, directly or not,
// eagerly or not, or has loaded before a test that does, as walk counts.
func (p *planner) leadingTo(to ...graph.Node) []int {
	return walk(p.graph.Len(), to, func(n graph.Node) []graph.Node {
		// What the tests of its folder load meets what a conftest.py loads.
		return slices.Concat(p.importers()[n], p.conftest(n))
	})
}

// holdPath takes back the moves on the way from start to the submodule that has
// the fewest of them.
func (p *planner) holdPath(before *loading, start, sub graph.Node, name string, need need) (held bool) {
	const far = int(^uint(0) >> 1)
	cost := make([]int, p.graph.Len())
	by := make([]graph.Edge, p.graph.Len())
	from := make([]graph.Node, p.graph.Len())
	for i := range cost {
		cost[i] = far
	}
	cost[start] = 0
	// Edges cost nothing or one: what costs nothing goes first.
	for now := []graph.Node{start}; len(now) > 0; {
		var next []graph.Node
		for len(now) > 0 {
			n := now[len(now)-1]
			now = now[:len(now)-1]
			reach := func(e graph.Edge, price int) {
				if c := cost[n] + price; c < cost[e.To] {
					cost[e.To], by[e.To], from[e.To] = c, e, n
					if price == 0 {
						now = append(now, e.To)
					} else {
						next = append(next, e.To)
					}
				}
			}
			for _, e := range p.graph.Edges(n) {
				if before.follows(e) {
					price := 0
					if e.Tag >= 0 && p.decisions[e.Tag].sinks() {
						price = 1
					}
					reach(e, price)
				}
			}
			for _, c := range p.conftest(n) {
				reach(graph.Edge{To: c, Eager: true, Tag: -1}, 0)
			}
		}
		now = next
	}
	if cost[sub] == far {
		return false
	}
	for n := sub; n != start; n = from[n] {
		if e := by[n]; e.Tag >= 0 && p.decisions[e.Tag].sinks() {
			d := &p.decisions[e.Tag]
			d.takeBack(p.provides(d, name, need)...)
			held = true
		}
	}
	return held
}

// takeBack keeps a unit after all.
func (d *Decision) takeBack(why ...Blocker) {
	d.Status, d.Action, d.Into, d.KeepForTypes, d.SavesMS = StatusBlocked, Stay, nil, false, 0
	d.Blockers = append(append(d.Blockers, why...), d.waived...)
	d.waived = nil
}

// provides lists what a file leans on that the unit loads, the submodule that
// it is kept for among it.
func (p *planner) provides(d *Decision, sub string, need need) []Blocker {
	var list []Blocker
	at := func(sub string, line int) {
		list = append(list, Blocker{Code: "provides-submodule", File: p.Modules[need.file].Path, Line: line,
			Message: "it loads `" + sub + "`, which is used here through another import",
			Hint:    "import `" + sub + "` where it is used"})
	}
	own := false
	for _, loaded := range p.loads(p.Modules[d.File].Units[d.Unit]) {
		for _, n := range p.loose(loaded) {
			if n.file == need.file && !n.inBase {
				at(loaded, n.line)
				own = own || loaded == sub
				break
			}
		}
	}
	if !own {
		at(sub, need.line)
	}
	return list
}
