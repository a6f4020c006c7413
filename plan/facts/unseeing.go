package facts

import (
	"strings"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// unseeing tells that the call of a builtin which can see names sees none of this
// module: what it evaluates has a namespace of its own, or is a text that names
// nothing of the file; or it is globals() for an __import__, which only asks there
// where it is.
func (g *gatherer) unseeing(builtin string, call syntax.NodeID) bool {
	if call == syntax.NoNode {
		return false
	}
	switch builtin {
	case "globals", "locals":
		outer := g.tree.Parent(call)
		if g.kind(outer) == syntax.KeywordArgument {
			outer = g.tree.Parent(outer)
		}
		importer := g.child(g.tree.Parent(outer), syntax.FieldFunction)
		return g.kind(outer) == syntax.ArgumentList && g.is(importer, "__import__") && g.isGlobal(importer)
	case "eval", "exec":
		args := g.arguments(call)
		if len(args.positional) == 0 {
			return false
		}
		if g.freshMapping(args.at(1, "globals")) {
			return true
		}
		text, ok := g.stringValue(args.positional[0])
		return ok && builtin == "eval" && g.namesNothing(text)
	}
	return false
}

// freshMapping tells that an expression gives a mapping that was made in this
// function, for which something else would have to fetch the names of a module.
func (g *gatherer) freshMapping(n syntax.NodeID) bool {
	switch g.kind(n) {
	case syntax.Dictionary:
		return true
	case syntax.Call:
		f := g.child(n, syntax.FieldFunction)
		return g.is(f, "dict") && g.isGlobal(f)
	case syntax.Attribute:
		return g.is(g.child(n, syntax.FieldAttribute), "__dict__") && g.freshModule(g.child(n, syntax.FieldObject))
	case syntax.Identifier:
		if value := g.localValue(n); value != syntax.NoNode {
			return g.kind(value) != syntax.Identifier && g.freshMapping(value)
		}
		return g.takesKeywords(n)
	}
	return false
}

// freshModule tells that an expression is a module that types.ModuleType has made.
func (g *gatherer) freshModule(n syntax.NodeID) bool {
	if g.kind(n) == syntax.Identifier {
		n = g.localValue(n)
	}
	if g.kind(n) != syntax.Call {
		return false
	}
	paths := g.pathsAt(g.child(n, syntax.FieldFunction))
	return len(paths) == 1 && paths[0] == "types.ModuleType"
}

// takesKeywords tells that a name is the ** parameter of its function and nothing
// else.
func (g *gatherer) takesKeywords(n syntax.NodeID) bool {
	o := g.occurrenceAt(n)
	if o == nil || o.Owner <= 0 {
		return false
	}
	found := false
	for _, b := range g.occurrencesIn(o.Owner) {
		if b.Owner != o.Owner || b.Name != o.Name || !b.Role.Binds() {
			continue
		}
		if found || g.kind(g.tree.Parent(b.Node)) != syntax.DictionarySplatPattern {
			return false
		}
		found = true
	}
	return found
}

// occurrencesIn are the names in the text of a scope.
func (g *gatherer) occurrencesIn(s scope.ID) []scope.Occurrence {
	node := g.table.Scopes[s].Node
	return g.occurrences[g.firstOccurrence(node):g.firstOccurrence(g.tree.Nodes[node].Next)]
}

// namesNothing tells that a text to be evaluated has no name of the module, binds
// none, and asks nothing that can see names.
func (g *gatherer) namesNothing(text string) bool {
	if strings.Contains(text, ":=") || g.table.Scopes[scope.Module].Unknown {
		return false
	}
	names := nameScanner{text: []byte(text)}
	for names.next() {
		word := string(names.word())
		if _, bound := g.find(scope.Module, word); bound || isBuiltin(word) || word[0] >= 0x80 {
			return false
		}
	}
	return true
}

// asksWhere tells that of the frame which a call gives, nothing is taken but where it
// is, the name of its function or module, its file, its line; or that frames are
// counted.
func (g *gatherer) asksWhere(call syntax.NodeID) bool {
	if list := g.tree.Parent(call); g.kind(list) == syntax.ArgumentList {
		counter := g.child(g.tree.Parent(list), syntax.FieldFunction)
		return g.is(counter, "len") && g.isGlobal(counter)
	}
	n := g.placeAsked(call)
	if n == syntax.NoNode {
		return false
	}
	if n != call && !g.isFrame(n) {
		return true
	}
	parent := g.tree.Parent(n)
	name := g.child(parent, syntax.FieldLeft)
	if g.kind(parent) != syntax.Assignment || g.tree.Nodes[n].Field != syntax.FieldRight || g.kind(name) != syntax.Identifier || g.localValue(name) != n {
		return false
	}
	o := g.occurrenceAt(name)
	for _, use := range g.occurrencesIn(o.Owner) {
		if use.Owner == o.Owner && use.Name == o.Name && use.Role == scope.Load {
			if last := g.placeAsked(use.Node); last == syntax.NoNode || last == use.Node || g.isFrame(last) {
				return false
			}
		}
	}
	return true
}

// isFrame tells that an expression is the f_back of a frame.
func (g *gatherer) isFrame(n syntax.NodeID) bool {
	return g.kind(n) == syntax.Attribute && g.is(g.child(n, syntax.FieldAttribute), "f_back")
}

// placeAsked follows the attributes taken of a frame to the last that says where it
// is, or to an outer frame, or to n itself; NoNode for any other attribute.
func (g *gatherer) placeAsked(n syntax.NodeID) syntax.NodeID {
	for {
		a := g.tree.Parent(n)
		if g.kind(a) != syntax.Attribute || g.tree.Nodes[n].Field != syntax.FieldObject {
			return n
		}
		switch g.text(g.child(a, syntax.FieldAttribute)) {
		case "f_back":
			n = a
		case "f_lineno":
			return a
		case "f_code":
			code := g.tree.Parent(a)
			switch g.text(g.child(code, syntax.FieldAttribute)) {
			case "co_name", "co_qualname", "co_filename", "co_firstlineno":
				return code
			}
			return syntax.NoNode
		case "f_globals":
			return g.ownNameIn(a)
		default:
			return syntax.NoNode
		}
	}
}

// ownNameIn is the expression that takes __name__ or its like out of the mapping at n;
// NoNode where something else is done with it.
func (g *gatherer) ownNameIn(n syntax.NodeID) syntax.NodeID {
	taken := g.tree.Parent(n)
	key := g.child(taken, syntax.FieldSubscript)
	if g.kind(taken) == syntax.Attribute && g.is(g.child(taken, syntax.FieldAttribute), "get") && g.callOf(taken) != syntax.NoNode {
		taken = g.callOf(taken)
		key = g.arguments(taken).at(0)
	}
	if name, ok := g.stringValue(key); ok && !g.isTarget(taken) {
		switch name {
		case "__name__", "__file__", "__package__":
			return taken
		}
	}
	return syntax.NoNode
}
