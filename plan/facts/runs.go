package facts

import (
	"sort"

	"fastpath/plan/syntax"
)

// callees are the defs that each outermost def calls by name, and those called
// while the module loads.
type callees struct {
	from  map[ScopeID][]ScopeID
	first map[ScopeID][]int // defs called at import, with the lines
}

func (g *gatherer) callGraph() callees {
	c := callees{map[ScopeID][]ScopeID{}, map[ScopeID][]int{}}
	for i := range g.m.Names {
		n := &g.m.Names[i]
		if n.Scope != Top {
			continue
		}
		for _, b := range n.Bindings {
			if b.Kind != ByDef || b.Defines < 0 {
				continue
			}
			for _, k := range n.Uses {
				u := &g.m.Uses[k]
				if !u.Called || u.Chain != "" || u.TypeChecking {
					continue
				}
				if from := g.m.OutermostDef(u.Scope); from >= 0 {
					c.from[from] = append(c.from[from], b.Defines)
				} else if !u.InMain {
					c.first[b.Defines] = append(c.first[b.Defines], u.Line)
				}
			}
		}
	}
	return c
}

// reach lists the defs that a call of def can run, itself included.
func (c callees) reach(def ScopeID, seen map[ScopeID]bool) {
	work := []ScopeID{def}
	for len(work) > 0 {
		d := work[len(work)-1]
		work = work[:len(work)-1]
		if !seen[d] {
			seen[d] = true
			work = append(work, c.from[d]...)
		}
	}
}

// runsAtImport turns changes of the process into effects of the import, where
// the function that makes them is called while the module loads.
func (g *gatherer) runsAtImport() {
	if len(g.m.Changes) == 0 {
		return
	}
	calls := g.callGraph()
	if len(calls.first) == 0 {
		return
	}
	seen := map[ScopeID]bool{}
	for def := range calls.first {
		calls.reach(def, seen)
	}
	for _, e := range g.m.Changes {
		if seen[g.m.OutermostDef(e.Scope)] {
			g.m.Effects = append(g.m.Effects, e)
		}
	}
}

// callBarriers gives the lines of top-level calls of functions that change the
// process.
func (g *gatherer) callBarriers() map[int]string {
	lines := map[int]string{}
	if len(g.m.Changes) == 0 {
		return lines
	}
	calls := g.callGraph()
	for def, at := range calls.first {
		seen := map[ScopeID]bool{}
		calls.reach(def, seen)
		for i := range g.m.Changes {
			e := &g.m.Changes[i]
			if !isProcessWide(e.Code) || !seen[g.m.OutermostDef(e.Scope)] {
				continue
			}
			for _, line := range at {
				if lines[line] == "" || e.Code < lines[line] {
					lines[line] = e.Code
				}
			}
		}
	}
	return lines
}

// readCalls keeps the calls that a method of this file could answer, and those
// made while the module loads of what cannot be told.
func (g *gatherer) readCalls() {
	methods := map[string]bool{}
	for i := range g.m.Scopes {
		s := &g.m.Scopes[i]
		if s.Kind == DefScope && g.m.Scopes[s.Parent].Kind == ClassScope {
			methods[s.Name] = true
		}
	}
	for i := range g.calls {
		s := &g.calls[i]
		if s.ctx.has(inTypes) {
			continue
		}
		attr := g.calledMethod(g.child(s.node, syntax.FieldFunction), methods, atImport(&s.ctx))
		if attr != "" {
			g.m.Calls = append(g.m.Calls, Call{Attr: attr, Line: g.line(s.node), Scope: s.ctx.scope, InMain: s.ctx.has(inMain)})
		}
	}
}

// calledMethod is the name of the method that a call asks for, "?" for a call
// of an expression or of a variable, "" for one that is of no interest.
func (g *gatherer) calledMethod(f syntax.NodeID, methods map[string]bool, now bool) string {
	switch g.kind(f) {
	case syntax.Attribute:
		attr := g.child(f, syntax.FieldAttribute)
		if attr == syntax.NoNode || !methods[string(g.tree.Text(attr))] {
			return ""
		}
		if root := g.rootOf(f); root != syntax.NoNode {
			if name, known := g.lookup(root); known && g.isModule(name) {
				return ""
			}
		}
		return g.text(attr)
	case syntax.Identifier:
		if !now {
			return ""
		}
		name, known := g.lookup(f)
		if !known {
			return ""
		}
		for _, b := range g.m.Names[name].Bindings {
			if b.Kind == ByAssign && b.Value == "" {
				return "?"
			}
		}
		return ""
	}
	if now {
		return "?"
	}
	return ""
}

// isModule tells whether the variable is certainly a module: bound by plain
// `import` only.
func (g *gatherer) isModule(name int) bool {
	n := &g.m.Names[name]
	for _, b := range n.Bindings {
		if b.Kind != ByImport || g.m.Units[b.Unit].Attr != "" {
			return false
		}
	}
	return len(n.Bindings) > 0
}

// finish puts the records of the passes into source order.
func (g *gatherer) finish() {
	m := g.m
	inOrder := func(i, j int) bool { return m.Uses[i].Offset < m.Uses[j].Offset }
	if !sort.SliceIsSorted(m.Uses, inOrder) {
		sort.SliceStable(m.Uses, inOrder)
		for i := range m.Names {
			m.Names[i].Uses = m.Names[i].Uses[:0]
		}
		for i := range m.Uses {
			n := &m.Names[m.Uses[i].Name]
			n.Uses = append(n.Uses, i)
		}
	}
	sort.SliceStable(m.Dynamic, func(i, j int) bool { return m.Dynamic[i].Line < m.Dynamic[j].Line })
	sort.SliceStable(m.Patches, func(i, j int) bool { return m.Patches[i].Line < m.Patches[j].Line })
	sort.SliceStable(m.Effects, func(i, j int) bool { return m.Effects[i].Line < m.Effects[j].Line })
	sort.SliceStable(m.Touches, func(i, j int) bool { return m.Touches[i].Line < m.Touches[j].Line })
	sort.SliceStable(m.Changes, func(i, j int) bool { return m.Changes[i].Line < m.Changes[j].Line })
	sort.SliceStable(m.Reads, func(i, j int) bool { return m.Reads[i].Line < m.Reads[j].Line })
	sort.SliceStable(m.Loads, func(i, j int) bool { return m.Loads[i].Line < m.Loads[j].Line })
}

func sortedKeys(m map[string]syntax.NodeID) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
