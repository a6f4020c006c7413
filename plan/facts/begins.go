package facts

import (
	"strings"

	"fastpath/plan/syntax"
)

// beginning is what is known of the text that an expression gives: how it
// begins, by a sum, a format string, `%` or format, of what a variable of a function
// holds too, or an attribute.
func (g *gatherer) beginning(n syntax.NodeID) string { return g.begins(n, 0) }

func (g *gatherer) begins(n syntax.NodeID, depth int) string {
	if s, ok := g.constant(n); ok {
		return s
	}
	if depth++; n == syntax.NoNode || depth > farthest {
		return ""
	}
	switch g.kind(n) {
	case syntax.ParenthesizedExpression:
		return g.begins(g.firstNamed(n), depth)
	case syntax.Identifier:
		return g.begins(g.localValue(n), depth)
	case syntax.Attribute:
		return g.attributeBegins(n, depth)
	case syntax.BinaryOperator:
		left := g.child(n, syntax.FieldLeft)
		switch string(g.tree.Text(g.child(n, syntax.FieldOperator))) {
		case "+":
			if s, ok := g.constant(left); ok {
				return s + g.begins(g.child(n, syntax.FieldRight), depth)
			}
			return g.begins(left, depth)
		case "%":
			before, _, _ := strings.Cut(g.begins(left, depth), "%")
			return before
		}
	case syntax.Call:
		callee := g.child(n, syntax.FieldFunction)
		if g.kind(callee) == syntax.Attribute && g.is(g.child(callee, syntax.FieldAttribute), "format") {
			before, _, _ := strings.Cut(g.begins(g.child(callee, syntax.FieldObject), depth), "{")
			return before
		}
	case syntax.String:
		return g.stringBegins(n, depth)
	}
	return ""
}

// stringBegins does so for the pieces of a string.
func (g *gatherer) stringBegins(n syntax.NodeID, depth int) string {
	text := ""
	for c := g.tree.First(n); c != syntax.NoNode; c = g.tree.After(c) {
		switch g.kind(c) {
		case syntax.StringContent:
			text += string(g.tree.Text(c))
		case syntax.Interpolation:
			piece := g.child(c, syntax.FieldExpression)
			s, ok := g.constant(piece)
			if !ok && g.plainly(c) {
				s = g.begins(piece, depth)
			}
			if text += s; !ok {
				return text
			}
		}
	}
	return text
}

// attributeBegins is how all texts begin that a class assigns to an attribute of its
// objects, the one that an expression reads off self.
func (g *gatherer) attributeBegins(read syntax.NodeID, depth int) string {
	class, begins := g.classOfSelf(read), ""
	if class == syntax.NoNode {
		return ""
	}
	for i := range g.changed {
		n := g.changed[i].node
		if !g.is(g.child(n, syntax.FieldAttribute), g.text(g.child(read, syntax.FieldAttribute))) {
			continue
		}
		if of := g.classOfSelf(n); of != syntax.NoNode && of != class && !g.extends(of, class) && !g.extends(class, of) {
			continue
		}
		assignment := g.tree.Parent(n)
		if g.kind(assignment) != syntax.Assignment || g.tree.Nodes[n].Field != syntax.FieldLeft {
			return ""
		}
		s := g.begins(g.child(assignment, syntax.FieldRight), depth)
		if s == "" || begins != "" && s != begins {
			return ""
		}
		begins = s
	}
	return begins
}

// classOfSelf is the class around an attribute of self.
func (g *gatherer) classOfSelf(attribute syntax.NodeID) syntax.NodeID {
	if !g.is(g.child(attribute, syntax.FieldObject), "self") {
		return syntax.NoNode
	}
	n := attribute
	for n != syntax.NoNode && g.kind(n) != syntax.ClassDefinition {
		n = g.tree.Parent(n)
	}
	return n
}

// extends tells whether a class names another one of the file as its base.
func (g *gatherer) extends(class, base syntax.NodeID) bool {
	bases := g.child(class, syntax.FieldSuperclasses)
	for n := g.firstNamed(bases); n != syntax.NoNode; n = g.tree.AfterNamed(n) {
		if g.is(n, g.text(g.child(base, syntax.FieldName))) {
			return true
		}
	}
	return false
}
