package facts

import (
	"slices"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// readParams finds the defs that may run what they are given while they run
// themselves: they call a parameter, or hand one on to what could, or run a def
// inside them that does. What the other inner functions do comes later and does not
// count. A decorator that is none of these cannot run what it decorates.
func (g *gatherer) readParams() {
	handed := map[ScopeID][]ScopeID{} // by def of the file: who hands it a parameter
	var running []ScopeID
	type place struct{ at, of scope.ID }
	var deeper []place
	given, calls := g.given(), innerCalls{}
	for i := range g.occurrences {
		o := &g.occurrences[i]
		if o.Role != scope.Load || !g.inFunction(o.Owner) {
			continue
		}
		called, to := g.runsThere(o.Node)
		of := g.runsIn(o.Owner)
		id, known := g.scopes[g.table.Scopes[of].Node]
		if !known {
			continue
		}
		if called {
			g.enterInner(id, o.Name)
			if v := (variable{o.Owner, o.Name}); g.runsAtOnce(to) {
				calls[v] = append(calls[v], g.runsIn(o.Scope))
			}
		}
		if !given[variable{o.Owner, o.Name}] || !called && !g.constructs(id, o.Node) {
			continue
		}
		if at := g.runsIn(o.Scope); at != of {
			deeper = append(deeper, place{at, of})
			continue
		}
		if def := g.onlyDef(to); def >= 0 {
			handed[def] = append(handed[def], id)
		} else {
			running = append(running, id)
		}
	}
	for _, d := range deeper {
		if g.entered(d.at, d.of, calls) {
			running = append(running, g.scopes[g.table.Scopes[d.of].Node])
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

// innerCalls are the scopes that run a def inside a function, by its name.
type innerCalls map[variable][]scope.ID

// entered tells whether the code of a scope inside a function runs when the
// function does.
func (g *gatherer) entered(at, of scope.ID, calls innerCalls) bool {
	for ; at != of; at = g.table.Scopes[at].Parent {
		s := &g.table.Scopes[at]
		switch s.Kind {
		case scope.KindLambda:
			if called, to := g.runsThere(s.Node); !called || !g.runsAtOnce(to) {
				return false
			}
		case scope.KindFunction:
			v := variable{g.runsIn(s.Parent), s.Name}
			from := calls[v]
			delete(calls, v) // what a def that calls itself, by way of others too, does not need
			entered := slices.ContainsFunc(from, func(from scope.ID) bool { return g.entered(from, v.owner, calls) })
			if calls[v] = from; !entered {
				return false
			}
		}
	}
	return true
}

// runsAtOnce tells whether a function that is handed to a callee is known to run
// there: in a def of the file, or a builtin such as map. What others do with it, they
// mostly do later. Without a callee it is called itself.
func (g *gatherer) runsAtOnce(callee syntax.NodeID) bool {
	return callee == syntax.NoNode || g.kind(callee) == syntax.Identifier && (g.isGlobal(callee) || g.onlyDef(callee) >= 0)
}

// constructs tells whether the name at n is what a method of an object in the making
// begins with that such a method calls, as in self.f(): it may have put there what it
// was given.
func (g *gatherer) constructs(def ScopeID, n syntax.NodeID) bool {
	s := &g.m.Scopes[def]
	if s.Kind != DefScope || g.m.Scopes[s.Parent].Kind != ClassScope || !slices.Contains(Constructors, s.Name) {
		return false
	}
	p := n
	for outer := g.tree.Parent(p); g.kind(outer) == syntax.Attribute || g.kind(outer) == syntax.Subscript && g.tree.Nodes[p].Field == syntax.FieldValue; outer = g.tree.Parent(p) {
		p = outer
	}
	if p == n || g.callOf(p) == syntax.NoNode {
		return false
	}
	return g.kind(p) == syntax.Subscript || !lookers[g.text(g.child(p, syntax.FieldAttribute))]
}

// Constructors are the methods that run while an object is made, put into its class,
// and called.
var Constructors = []string{"__new__", "__init__", "__post_init__", "__set_name__", "__call__"}

// enterInner notes that the code in a def runs, or hands on, the defs inside it that
// have the name.
func (g *gatherer) enterInner(def ScopeID, name string) {
	for s := def + 1; int(s) < len(g.m.Scopes) && g.m.Scopes[s].Parent >= def; s++ {
		if inner := &g.m.Scopes[s]; inner.Kind == DefScope && inner.Name == name && g.m.DefAround(inner.Parent) == def {
			inner.Entered = true
		}
	}
}

// onlyDef is the plain def of the file that a callee is sure to mean; -1 for none.
// Decorated, it may be something else, and what is async or yields runs nothing at
// once but later.
func (g *gatherer) onlyDef(callee syntax.NodeID) ScopeID {
	if callee == syntax.NoNode || g.kind(callee) != syntax.Identifier {
		return -1
	}
	def := g.innerDef(callee)
	if name, known := g.lookup(callee); def < 0 && known && g.m.Names[name].Scope == Top && len(g.m.Names[name].GlobalIn) == 0 {
		if list := g.m.Names[name].Bindings; len(list) == 1 && list[0].Kind == ByDef && list[0].Plain {
			def = list[0].Defines
		}
	}
	if def < 0 {
		return -1
	}
	if s := &g.m.Scopes[def]; len(s.Decorators) > 0 || s.Async || s.Generator {
		return -1
	}
	return def
}

// innerDef is the def inside a function that a name means which nothing else binds.
func (g *gatherer) innerDef(name syntax.NodeID) ScopeID {
	o := g.occurrenceAt(name)
	if o == nil || g.table.Scopes[o.Owner].Kind != scope.KindFunction {
		return -1
	}
	def := ScopeID(-1)
	for _, b := range g.occurrencesIn(o.Owner) {
		switch {
		case b.Owner != o.Owner || b.Name != o.Name || !b.Role.Binds():
		case def >= 0 || b.Role != scope.BindDef:
			return -1
		default:
			def = g.scopes[g.tree.Parent(b.Node)]
		}
	}
	return def
}

// runsThere tells whether the name at n is called, or given to a function, to,
// that is not known to keep its hands off it.
func (g *gatherer) runsThere(n syntax.NodeID) (runs bool, to syntax.NodeID) {
	nodes := g.tree.Nodes
	n = g.carrier(n)
	p := nodes[n].Parent
	switch g.kind(p) {
	case syntax.Call:
		return nodes[n].Field == syntax.FieldFunction, syntax.NoNode
	case syntax.Decorator:
		return true, syntax.NoNode
	case syntax.KeywordArgument, syntax.ListSplat, syntax.DictionarySplat:
		p = nodes[p].Parent
		if g.kind(p) != syntax.ArgumentList {
			return false, syntax.NoNode
		}
	case syntax.ArgumentList:
	default:
		return false, syntax.NoNode
	}
	to = g.child(g.tree.Parent(p), syntax.FieldFunction)
	return !lookers[last(g.callee(p))] && !g.isInherited(to) && !g.isMark(to), to
}

// isInherited tells whether a callee is the method of the class above that makes its
// part of the object. It is judged where it is.
func (g *gatherer) isInherited(callee syntax.NodeID) bool {
	if g.kind(callee) != syntax.Attribute || !slices.Contains(Constructors, g.text(g.child(callee, syntax.FieldAttribute))) {
		return false
	}
	above := g.child(callee, syntax.FieldObject)
	return g.kind(above) == syntax.Call && g.is(g.child(above, syntax.FieldFunction), "super")
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
