package facts

import (
	"strings"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// arguments are those of one call.
type arguments struct {
	g          *gatherer
	call       syntax.NodeID
	positional []syntax.NodeID
	keywords   map[string]syntax.NodeID
	splat      bool // *args or **kwargs: there may be more
}

// arguments reads the argument list of a call.
func (g *gatherer) arguments(call syntax.NodeID) arguments {
	a := arguments{g: g, call: call}
	list := g.child(call, syntax.FieldArguments)
	for n := g.firstNamed(list); n != syntax.NoNode; n = g.tree.AfterNamed(n) {
		switch g.kind(n) {
		case syntax.KeywordArgument:
			if a.keywords == nil {
				a.keywords = map[string]syntax.NodeID{}
			}
			a.keywords[g.text(g.child(n, syntax.FieldName))] = g.child(n, syntax.FieldValue)
		case syntax.ListSplat, syntax.DictionarySplat:
			a.splat = true
		default:
			if !a.splat {
				a.positional = append(a.positional, n)
			}
		}
	}
	return a
}

// at is the argument at a position or under one of the keywords.
func (a arguments) at(position int, names ...string) syntax.NodeID {
	if position < len(a.positional) {
		return a.positional[position]
	}
	for _, name := range names {
		if n, ok := a.keywords[name]; ok {
			return n
		}
	}
	return syntax.NoNode
}

// constant is the text of an expression that is known without running it: a
// string, an f-string or sum of known parts, __name__, the __name__ of an
// imported module, and module constants bound once to such a text.
func (g *gatherer) constant(n syntax.NodeID) (string, bool) { return g.fold(n, 0) }

// localConstant is the text that the variable of a function holds.
func (g *gatherer) localConstant(n syntax.NodeID) (string, bool) { return g.constant(g.localValue(n)) }

// localValue is what the variable of a function holds, where one plain assignment
// is all that binds it.
func (g *gatherer) localValue(n syntax.NodeID) syntax.NodeID {
	b := g.soleBinding(n)
	if b == syntax.NoNode || g.kind(g.tree.Parent(b)) != syntax.Assignment || g.tree.Nodes[b].Field != syntax.FieldLeft {
		return syntax.NoNode
	}
	return g.child(g.tree.Parent(b), syntax.FieldRight)
}

// soleBinding is the only place that binds the variable of a function.
func (g *gatherer) soleBinding(n syntax.NodeID) syntax.NodeID {
	if v, ok := g.localAt(n); ok {
		if targets := g.targetsOf(v); len(targets) == 1 {
			return targets[0]
		}
	}
	return syntax.NoNode
}

// localAt is the variable of a function that an expression is.
func (g *gatherer) localAt(n syntax.NodeID) (v variable, ok bool) {
	if g.kind(n) != syntax.Identifier {
		return v, false
	}
	o := g.occurrenceAt(n)
	if o == nil || o.Owner <= 0 || g.table.Scopes[o.Owner].Kind != scope.KindFunction {
		return v, false
	}
	return variable{o.Owner, o.Name}, true
}

// isCatch tells whether an except clause binds the name.
func (g *gatherer) isCatch(binding syntax.NodeID) bool {
	target := g.tree.Parent(binding)
	if g.kind(target) != syntax.AsPatternTarget {
		return false
	}
	switch g.kind(g.tree.Parent(g.tree.Parent(target))) {
	case syntax.ExceptClause, syntax.ExceptGroupClause:
		return true
	}
	return false
}

// plainly tells that an interpolation has no conversion, format or equals sign.
func (g *gatherer) plainly(interpolation syntax.NodeID) bool {
	return g.child(interpolation, syntax.FieldTypeConversion) == syntax.NoNode && g.child(interpolation, syntax.FieldFormatSpecifier) == syntax.NoNode &&
		g.firstOf(interpolation, syntax.TokEqual) == syntax.NoNode
}

func (g *gatherer) fold(n syntax.NodeID, depth int) (string, bool) {
	if depth > 8 || n == syntax.NoNode {
		return "", false
	}
	switch g.kind(n) {
	case syntax.ParenthesizedExpression:
		return g.fold(g.firstNamed(n), depth+1)
	case syntax.String:
		if s, ok := g.stringValue(n); ok {
			return s, true
		}
		return g.foldParts(n, depth)
	case syntax.ConcatenatedString:
		return g.foldChildren(n, depth)
	case syntax.BinaryOperator:
		if g.kind(g.child(n, syntax.FieldOperator)) != syntax.TokPlus {
			return "", false
		}
		left, ok := g.fold(g.child(n, syntax.FieldLeft), depth+1)
		if !ok {
			return "", false
		}
		right, ok := g.fold(g.child(n, syntax.FieldRight), depth+1)
		return left + right, ok
	case syntax.Identifier:
		if g.is(n, "__name__") {
			return g.m.Name, g.m.Name != ""
		}
		name, known := g.lookup(n)
		if !known || len(g.m.Names[name].Bindings) != 1 || !g.m.Names[name].Bindings[0].Plain {
			return "", false
		}
		return g.fold(g.rights[name][0], depth+1)
	case syntax.Attribute:
		if !g.is(g.child(n, syntax.FieldAttribute), "__name__") {
			return "", false
		}
		if list := g.pathsAt(g.child(n, syntax.FieldObject)); len(list) == 1 {
			return list[0], true
		}
	}
	return "", false
}

func (g *gatherer) foldChildren(n syntax.NodeID, depth int) (string, bool) {
	var all strings.Builder
	for c := g.firstNamed(n); c != syntax.NoNode; c = g.tree.AfterNamed(c) {
		part, ok := g.fold(c, depth+1)
		if !ok {
			return "", false
		}
		all.WriteString(part)
	}
	return all.String(), true
}

// foldParts joins the pieces of an f-string without conversions or formats.
func (g *gatherer) foldParts(n syntax.NodeID, depth int) (string, bool) {
	if !strings.ContainsAny(g.prefix(n), "fF") || strings.ContainsAny(g.prefix(n), "tT") {
		return "", false
	}
	var all strings.Builder
	for c := g.tree.First(n); c != syntax.NoNode; c = g.tree.After(c) {
		switch g.kind(c) {
		case syntax.StringContent:
			text := g.tree.Text(c)
			if strings.ContainsAny(string(text), "\\{}") {
				return "", false
			}
			all.Write(text)
		case syntax.Interpolation:
			e := g.child(c, syntax.FieldExpression)
			if !g.plainly(c) {
				return "", false
			}
			part, ok := g.fold(e, depth+1)
			if !ok {
				return "", false
			}
			all.WriteString(part)
		}
	}
	return all.String(), true
}

// prefix is what stands before the quotes of a string: r, f, b, u.
func (g *gatherer) prefix(n syntax.NodeID) string {
	start := g.firstOf(n, syntax.StringStart)
	if start == syntax.NoNode {
		return ""
	}
	return strings.TrimRight(string(g.tree.Text(start)), `"'`)
}

// stringValue is the value of a plain string literal. Strings with escapes,
// interpolations or bytes have none here: no name is written that way.
func (g *gatherer) stringValue(n syntax.NodeID) (string, bool) {
	if g.kind(n) == syntax.ConcatenatedString {
		var all strings.Builder
		for c := g.firstNamed(n); c != syntax.NoNode; c = g.tree.AfterNamed(c) {
			s, ok := g.stringValue(c)
			if !ok {
				return "", false
			}
			all.WriteString(s)
		}
		return all.String(), true
	}
	if g.kind(n) != syntax.String {
		return "", false
	}
	value := ""
	for c := g.tree.First(n); c != syntax.NoNode; c = g.tree.After(c) {
		switch g.kind(c) {
		case syntax.StringStart:
			if strings.ContainsAny(string(g.tree.Text(c)), "bBtT") {
				return "", false
			}
		case syntax.StringContent:
			if g.tree.First(c) != syntax.NoNode || value != "" {
				return "", false
			}
			value = string(g.tree.Text(c))
		case syntax.Interpolation:
			return "", false
		}
	}
	return value, true
}
