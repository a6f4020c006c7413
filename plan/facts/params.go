package facts

import (
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// readParams finds the defs that may run what they are given while they run
// themselves: they call a parameter, or hand one on to what could. What inner
// functions do comes later and does not count. A decorator that is none of
// these cannot run what it decorates.
func (g *gatherer) readParams() {
	handed := map[ScopeID][]ScopeID{} // by def of the file: who hands it a parameter
	var running []ScopeID
	for i := range g.occurrences {
		o := &g.occurrences[i]
		if o.Role != scope.Load || g.table.Scopes[o.Owner].Kind != scope.KindFunction {
			continue
		}
		called, to := g.runsThere(o.Node)
		if !called {
			continue
		}
		if id, known := g.scopes[g.table.Scopes[o.Owner].Node]; known {
			g.enterInner(id, o.Name)
		}
		at := o.Scope
		for g.table.Scopes[at].Kind == scope.KindComprehension {
			at = g.table.Scopes[at].Parent
		}
		if at != o.Owner {
			continue
		}
		symbol := g.table.Symbol(o.Owner, o.Name)
		id, known := g.scopes[g.table.Scopes[o.Owner].Node]
		switch def := g.onlyDef(to); {
		case !known || symbol == nil || symbol.Flags&scope.Parameter == 0:
		case def >= 0:
			handed[def] = append(handed[def], id)
		default:
			running = append(running, id)
		}
	}
	// What is handed to a def of the file may run if that one may run it.
	for len(running) > 0 {
		id := running[0]
		running = running[1:]
		if !g.m.Scopes[id].RunsParam {
			g.m.Scopes[id].RunsParam = true
			running = append(running, handed[id]...)
		}
	}
}

// enterInner notes that the code in a def runs, or hands on, the defs inside it that
// have the name.
func (g *gatherer) enterInner(def ScopeID, name string) {
	for s := def + 1; int(s) < len(g.m.Scopes) && g.m.Scopes[s].Parent >= def; s++ {
		if inner := &g.m.Scopes[s]; inner.Kind == DefScope && inner.Name == name && g.m.DefAround(inner.Parent) == def {
			inner.Entered = true
		}
	}
}

// onlyDef is the plain def at module level that a callee is sure to mean; -1
// for none. Decorated, it may be something else, and what is async or yields
// runs nothing at once but later.
func (g *gatherer) onlyDef(callee syntax.NodeID) ScopeID {
	if callee == syntax.NoNode || g.kind(callee) != syntax.Identifier {
		return -1
	}
	name, known := g.lookup(callee)
	if !known || g.m.Names[name].Scope != Top || len(g.m.Names[name].Bindings) != 1 || len(g.m.Names[name].GlobalIn) > 0 {
		return -1
	}
	b := g.m.Names[name].Bindings[0]
	if b.Kind != ByDef || !b.Plain || b.Defines < 0 {
		return -1
	}
	if s := &g.m.Scopes[b.Defines]; len(s.Decorators) > 0 || s.Async || s.Generator {
		return -1
	}
	return b.Defines
}

// runsThere tells whether the name at n is called, or given to a function, to,
// that is not known to keep its hands off it.
func (g *gatherer) runsThere(n syntax.NodeID) (runs bool, to syntax.NodeID) {
	nodes := g.tree.Nodes
	p := nodes[n].Parent
	switch g.kind(p) {
	case syntax.Call:
		return nodes[n].Field == syntax.FieldFunction, syntax.NoNode
	case syntax.KeywordArgument, syntax.ListSplat, syntax.DictionarySplat:
		p = nodes[p].Parent
		if g.kind(p) != syntax.ArgumentList {
			return false, syntax.NoNode
		}
	case syntax.ArgumentList:
	default:
		return false, syntax.NoNode
	}
	return !lookers[last(g.callee(p))], g.child(g.tree.Parent(p), syntax.FieldFunction)
}

// lookers look at a function, wrap it or store it, and do not run it.
var lookers = map[string]bool{
	"": true, "wraps": true, "update_wrapper": true, "partial": true, "partialmethod": true, "isinstance": true, "issubclass": true,
	"callable": true, "getattr": true, "hasattr": true, "setattr": true, "id": true, "type": true, "len": true, "repr": true, "str": true,
	"hash": true, "vars": true, "dir": true, "print": true, "cast": true, "super": true, "signature": true, "getfullargspec": true, "unwrap": true,
	"getdoc": true, "cleandoc": true, "getmodule": true, "isfunction": true, "isclass": true, "ismethod": true, "iscoroutinefunction": true,
	"isgeneratorfunction": true, "isasyncgenfunction": true, "iscoroutine": true, "get_type_hints": true,
	"staticmethod": true, "classmethod": true, "property": true, "lru_cache": true, "cache": true, "append": true, "add": true,
	"setdefault": true, "insert": true, "dict": true, "list": true, "tuple": true, "set": true, "ValueError": true, "TypeError": true,
}

func last(dotted string) string {
	for i := len(dotted) - 1; i >= 0; i-- {
		if dotted[i] == '.' {
			return dotted[i+1:]
		}
	}
	return dotted
}
