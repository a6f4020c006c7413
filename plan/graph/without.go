package graph

// Without is the time that no longer loads, in milliseconds, once the import
// with the given tag does not run; it is one of the module from.
//
// Only what the walk reached through that import can be lost, and of that what
// no other import reaches from outside.
func (r *Reach) Without(from Node, tag int32) float64 {
	if !r.seen[from] {
		return 0
	}
	runs := func(by Node, e Edge) bool { return r.follow(e) && (by != from || e.Tag != tag) }
	lost := map[Node]bool{}
	var list []Node
	for _, e := range r.g.out[from] {
		if e.Tag == tag && r.from[e.To] == from && r.follow(e) && !lost[e.To] {
			list = r.through(e.To, list, lost)
		}
	}
	importers := r.g.Importers()
	for _, n := range list {
		if !lost[n] || !r.reachedBeside(n, importers[n], lost, runs) {
			continue
		}
		delete(lost, n)
		for back := []Node{n}; len(back) > 0; back = back[1:] {
			for _, e := range r.g.out[back[0]] {
				if lost[e.To] && runs(back[0], e) {
					delete(lost, e.To)
					back = append(back, e.To)
				}
			}
		}
	}
	ms := 0.0
	for _, n := range list {
		if lost[n] {
			ms += r.g.self[n]
		}
	}
	return ms
}

// through adds what the walk reached through n, n included.
func (r *Reach) through(n Node, list []Node, lost map[Node]bool) []Node {
	if r.below == nil {
		r.below = make([][]Node, len(r.seen))
		for _, m := range r.list {
			if by := r.from[m]; by >= 0 {
				r.below[by] = append(r.below[by], m)
			}
		}
	}
	first := len(list)
	list = append(list, n)
	for i := first; i < len(list); i++ {
		lost[list[i]] = true
		list = append(list, r.below[list[i]]...)
	}
	return list
}

// reachedBeside tells whether a module that still loads imports n.
func (r *Reach) reachedBeside(n Node, importers []Node, lost map[Node]bool, runs func(Node, Edge) bool) bool {
	for _, by := range importers {
		if !r.seen[by] || lost[by] {
			continue
		}
		for _, e := range r.g.out[by] {
			if e.To == n && runs(by, e) {
				return true
			}
		}
	}
	return false
}
