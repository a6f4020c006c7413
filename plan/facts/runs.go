package facts

import (
	"sort"

	"fastpath/plan/syntax"
)

// calling is who calls whom by name: the outermost defs of the file, and the
// module's variables that hold defs. Going over names keeps it small where one
// name has many defs.
type calling struct {
	defs    map[int][]ScopeID // by name: the defs it may hold
	names   map[ScopeID][]int // and the reverse
	calls   map[ScopeID][]int // by def: the names it calls
	callers map[int][]ScopeID // and the reverse
	first   map[int][]int     // by name: the lines that call it while the module loads
}

func (m *Module) calling() calling {
	c := calling{map[int][]ScopeID{}, map[ScopeID][]int{}, map[ScopeID][]int{}, map[int][]ScopeID{}, map[int][]int{}}
	for i := range m.Names {
		n := &m.Names[i]
		if n.Scope != Top {
			continue
		}
		for _, b := range n.Bindings {
			if b.Kind == ByDef && b.Defines >= 0 {
				c.defs[i] = append(c.defs[i], b.Defines)
				c.names[b.Defines] = append(c.names[b.Defines], i)
			}
		}
		if len(c.defs[i]) == 0 {
			continue
		}
		for _, k := range n.Uses {
			u := &m.Uses[k]
			if !u.Called || u.Chain != "" || u.TypeChecking {
				continue
			}
			if from := m.OutermostDef(u.Scope); from >= 0 {
				c.calls[from] = append(c.calls[from], i)
				c.callers[i] = append(c.callers[i], from)
			} else if !u.InMain {
				c.first[i] = append(c.first[i], u.Line)
			}
		}
	}
	return c
}

// runsAtImport turns changes of the process into effects of the import where the
// function that makes them is called while the module loads.
func (g *gatherer) runsAtImport() {
	if len(g.m.Changes) == 0 {
		return
	}
	c := g.m.calling()
	ran, reached := map[ScopeID]bool{}, map[int]bool{}
	var work []int
	for name := range c.first {
		work = append(work, name)
	}
	for len(work) > 0 {
		name := work[len(work)-1]
		work = work[:len(work)-1]
		if reached[name] {
			continue
		}
		reached[name] = true
		for _, def := range c.defs[name] {
			if !ran[def] {
				ran[def] = true
				work = append(work, c.calls[def]...)
			}
		}
	}
	for _, e := range g.m.Changes {
		if ran[g.m.OutermostDef(e.Scope)] && e.Code != "thread" && e.Code != "pool" && e.Code != "state" {
			g.m.Effects = append(g.m.Effects, e)
		}
	}
}

// callBarriers gives the lines of top-level calls of functions that change the
// process, each with the first of the codes that apply.
func (g *gatherer) callBarriers() map[int]string {
	lines := map[int]string{}
	var effects []Effect
	for _, e := range g.m.Changes {
		if g.m.OutermostDef(e.Scope) >= 0 && isProcessWide(e.Code) {
			effects = append(effects, e)
		}
	}
	if len(effects) == 0 {
		return lines
	}
	sort.SliceStable(effects, func(i, j int) bool { return effects[i].Code < effects[j].Code })
	c := g.m.calling()
	codes, spread := map[ScopeID]string{}, map[int]bool{}
	for _, e := range effects {
		work := []ScopeID{g.m.OutermostDef(e.Scope)}
		for len(work) > 0 {
			def := work[len(work)-1]
			work = work[:len(work)-1]
			if codes[def] != "" {
				continue
			}
			codes[def] = e.Code
			for _, name := range c.names[def] {
				if spread[name] {
					continue
				}
				spread[name] = true
				work = append(work, c.callers[name]...)
				for _, line := range c.first[name] {
					if lines[line] == "" {
						lines[line] = e.Code
					}
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
		f := g.child(s.node, syntax.FieldFunction)
		attr := g.calledMethod(f, methods, atImport(&s.ctx))
		if def := g.m.DefAround(s.ctx.scope); attr == "" && def >= 0 && g.m.Scopes[def].Name == "__del__" && g.isOfSelf(f, def) {
			attr = g.text(g.child(f, syntax.FieldAttribute)) // a class in another file may have it
		}
		if attr != "" {
			g.m.Calls = append(g.m.Calls, Call{Attr: attr, Line: g.line(s.node), Scope: s.ctx.scope, InMain: s.ctx.has(inMain)})
		}
	}
}

// isOfSelf tells whether f is an attribute of the first parameter of a method.
func (g *gatherer) isOfSelf(f syntax.NodeID, method ScopeID) bool {
	params := g.m.Scopes[method].Params
	return g.kind(f) == syntax.Attribute && len(params) > 0 && g.is(g.child(f, syntax.FieldObject), params[0])
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
	sort.SliceStable(m.ReadsLater, func(i, j int) bool { return m.ReadsLater[i].Line < m.ReadsLater[j].Line })
	for name, line := range g.firstRead {
		m.Attributes = append(m.Attributes, Attribute{name, line})
	}
	sort.Slice(m.Attributes, func(i, j int) bool { return m.Attributes[i].Name < m.Attributes[j].Name })
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
