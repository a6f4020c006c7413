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
	for i := range g.occurrences {
		o := &g.occurrences[i]
		if o.Role != scope.Load || g.table.Scopes[o.Owner].Kind != scope.KindFunction || !g.runsThere(o.Node) {
			continue
		}
		at := o.Scope
		for g.table.Scopes[at].Kind == scope.KindComprehension {
			at = g.table.Scopes[at].Parent
		}
		if at != o.Owner {
			continue
		}
		symbol := g.table.Symbol(o.Owner, o.Name)
		if id, known := g.scopes[g.table.Scopes[o.Owner].Node]; known && symbol != nil && symbol.Flags&scope.Parameter != 0 {
			g.m.Scopes[id].RunsParam = true
		}
	}
}

// runsThere tells whether the name at n is called, or given to a function that
// is not known to keep its hands off it.
func (g *gatherer) runsThere(n syntax.NodeID) bool {
	nodes := g.tree.Nodes
	p := nodes[n].Parent
	switch g.kind(p) {
	case syntax.Call:
		return nodes[n].Field == syntax.FieldFunction
	case syntax.KeywordArgument, syntax.ListSplat, syntax.DictionarySplat:
		p = nodes[p].Parent
		if g.kind(p) != syntax.ArgumentList {
			return false
		}
	case syntax.ArgumentList:
	default:
		return false
	}
	return !lookers[last(g.callee(p))]
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
