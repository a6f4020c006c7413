package plan

import (
	"slices"

	"fastpath/plan/facts"
	"fastpath/plan/graph"
)

// entered lists, by def, where the load of another file leads to a call of it:
// what the def imports loads then, so that a move there gains nothing. Only calls
// and decorators that names lead to count, whatever condition they stand under; a
// method of an object may be anyone's. Files for which loads is false are left out.
func (w *world) entered(loads func(file int) bool) map[code][]place {
	found := map[code][]place{}
	calls := map[code][]code{}
	for file := range w.Modules {
		if !loads(file) {
			continue
		}
		m := w.facts(file)
		seen := map[code]bool{}
		for _, use := range m.Uses {
			if use.InMain || !runsWith(m, use, facts.Top) {
				continue
			}
			for stack := w.callees(nil, file, use); len(stack) > 0 && len(seen) < followed; {
				c := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				if seen[c] {
					continue
				}
				seen[c] = true
				if c.file != file {
					found[c] = append(found[c], place{file, use.Line})
				}
				if _, known := calls[c]; !known {
					calls[c] = w.callsOf(c)
				}
				stack = append(stack, calls[c]...)
			}
		}
	}
	return found
}

// callsOf lists the defs that the code of a def calls by name.
func (w *world) callsOf(c code) []code {
	m := w.facts(c.file)
	var list []code
	for _, i := range w.usesInside(c.file)[c.def] {
		if use := m.Uses[i]; runsWith(m, use, c.def) {
			list = w.callees(list, c.file, use)
		}
	}
	return list
}

// runsWith tells whether the code of a scope runs the use itself, rather than
// that of a function inside.
func runsWith(m *facts.Module, use facts.Use, scope facts.ScopeID) bool {
	s := use.Scope
	for s > facts.Top && s != scope && m.Scopes[s].Kind == facts.ClassScope {
		s = m.Scopes[s].Parent
	}
	return s == scope
}

// callees adds to list the defs of the tree that a use calls by name, those of
// a class being the methods that make its objects.
func (w *world) callees(list []code, file int, use facts.Use) []code {
	path, ok := w.pathOf(file, use)
	if !ok || lazyRole(use) || !use.Called && !use.Applied {
		return list
	}
	var o outcome
	var look func(o *outcome, path string, depth int)
	look = func(o *outcome, path string, depth int) {
		w.object(o, path, depth, func(owner int, b facts.Bind, method string) {
			switch {
			case method != "":
			case b.Kind == facts.ByDef:
				o.enters = append(o.enters, code{owner, b.Defines})
			case b.Kind == facts.ByClass:
				w.members(o, owner, b.Defines, depth, "__init__", "__new__", "__post_init__")
			}
		}, look)
	}
	look(&o, path, 0)
	return append(list, o.enters...)
}

// An entering is the call by which the load of a file enters a def of another.
type entering struct {
	place
	def code
}

// price makes the graph that savings are reckoned with: where the load of a file
// enters a function of another one, it loads what moves into that function. A
// move taken back later leaves the same module to the import itself.
func (p *planner) price(moves moveSet) {
	if p.priced != nil {
		return
	}
	if len(moves.sinking) == 0 {
		p.priced = p.graph
		return
	}
	p.priced, p.entering = p.graph.Clone(), map[[2]graph.Node]entering{}
	entered := p.entered(p.callers(moves))
	for i := range p.decisions {
		d := &p.decisions[i]
		if !moves.sinking[int32(i)] {
			continue
		}
		target, _ := p.priced.Find(p.loaded(p.Modules[d.File].Units[d.Unit]))
		for _, landing := range d.Into {
			def := code{d.File, landing.Scope}
			for _, at := range entered[def] {
				from, _ := p.priced.Find(p.nodeName(at.file))
				p.priced.Link(from, target, true, -1)
				p.entering[[2]graph.Node{from, target}] = entering{at, def}
			}
		}
	}
}

// callers tells which files can enter, while a cold start loads them, a function
// that an import moves into: to call it they have to import its module, or what
// leads there.
func (p *planner) callers(moves moveSet) func(file int) bool {
	var to []graph.Node
	for i := range moves.sinking {
		if n, ok := p.graph.Find(p.nodeName(p.decisions[i].File)); ok {
			to = append(to, n)
		}
	}
	leads := p.leadingTo(to...)
	entries := p.entries()
	loads := p.graph.Load(entries, graph.Any)
	return func(file int) bool {
		n, ok := p.graph.Find(p.nodeName(file))
		return ok && leads[n] > 0 && (len(entries) == 0 || loads.Loaded(n))
	}
}

// throughCalls adds the functions to a chain of modules where a call rather than
// an import leads on.
func (p *planner) throughCalls(chain []string) []string {
	for i := len(chain) - 1; i > 0; i-- {
		from, _ := p.priced.Find(chain[i-1])
		to, _ := p.priced.Find(chain[i])
		if e, ok := p.entering[[2]graph.Node{from, to}]; ok {
			m := p.facts(e.def.file)
			chain = slices.Insert(chain, i, p.nodeName(e.def.file)+"."+m.Scopes[e.def.def].Qualified+"()")
		}
	}
	return chain
}
