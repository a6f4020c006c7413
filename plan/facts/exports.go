package facts

import (
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// readAll follows __all__ through the statements that build it. Anything it
// does not know leaves the list open: Static is false and Names holds what was
// seen.
func (g *gatherer) readAll() {
	if _, bound := g.find(scope.Module, "__all__"); !bound {
		return
	}
	a := &allReader{g: g, all: All{Static: true}, read: map[syntax.NodeID]bool{}}
	for i := range g.occurrences {
		if o := &g.occurrences[i]; o.Owner == scope.Module && o.Name == "__all__" {
			a.occurrence(o)
		}
	}
	if a.all.Present {
		g.m.All = a.all
	}
}

type allReader struct {
	g    *gatherer
	all  All
	read map[syntax.NodeID]bool // operands that an assignment accounts for
}

// open notes that the list is not known.
func (a *allReader) open() { a.all.Static = false }

func (a *allReader) occurrence(o *scope.Occurrence) {
	g := a.g
	parent := g.tree.Parent(o.Node)
	switch o.Role {
	case scope.Assign, scope.AnnAssign:
		a.binds(o.Node)
		right := g.assigned(o.Node)
		kept := a.all.Names
		if !g.unconditional(o.Node) {
			a.open()
			a.elements(right)
			return
		}
		a.all.Names = nil
		a.list(right, kept)
	case scope.AugAssign:
		a.binds(o.Node)
		if g.kind(g.child(parent, syntax.FieldOperator)) != syntax.TokPlusEqual {
			a.open()
			return
		}
		if !g.unconditional(o.Node) {
			a.open()
		}
		a.elements(g.child(parent, syntax.FieldRight))
	case scope.AnnOnly:
	case scope.Load:
		a.load(o.Node, parent)
	default:
		a.binds(o.Node)
		a.open()
	}
}

func (a *allReader) binds(n syntax.NodeID) {
	if !a.all.Present {
		a.all.Present, a.all.Line = true, a.g.line(n)
	}
}

// load judges a use of the list: a method that changes it, or a mere look.
func (a *allReader) load(n, parent syntax.NodeID) {
	g := a.g
	if a.read[n] {
		return
	}
	switch g.kind(parent) {
	case syntax.Attribute:
		a.method(n, parent)
	case syntax.ComparisonOperator, syntax.ForStatement, syntax.ForInClause:
	case syntax.ArgumentList:
		switch g.callee(parent) {
		case "len", "set", "list", "tuple", "sorted", "frozenset", "print", "iter", "enumerate", "zip", "map", "filter", "dict.fromkeys":
		default:
			a.open()
		}
	default:
		a.open()
	}
}

func (a *allReader) method(n, attribute syntax.NodeID) {
	g := a.g
	call := g.callOf(attribute)
	if call == syntax.NoNode {
		a.open()
		return
	}
	args := g.arguments(call)
	statement := g.tree.Parent(call)
	if g.kind(statement) != syntax.ExpressionStatement || g.tree.Parent(statement) != syntax.Root {
		a.open()
	}
	switch g.text(g.child(attribute, syntax.FieldAttribute)) {
	case "extend":
		a.elements(args.at(0))
	case "append":
		a.element(args.at(0))
	case "insert":
		a.element(args.at(1))
	case "remove":
		name, ok := g.constant(args.at(0))
		if !ok {
			a.open()
			return
		}
		for i, known := range a.all.Names {
			if known == name {
				a.all.Names = append(a.all.Names[:i:i], a.all.Names[i+1:]...)
				return
			}
		}
	case "index", "count", "copy", "__contains__":
	case "sort", "reverse":
	default:
		a.open()
	}
}

// list sets the names to those of n, where __all__ itself stands for kept.
func (a *allReader) list(n syntax.NodeID, kept []string) {
	g := a.g
	switch g.kind(n) {
	case syntax.ParenthesizedExpression:
		a.list(g.firstNamed(n), kept)
	case syntax.BinaryOperator:
		if g.kind(g.child(n, syntax.FieldOperator)) != syntax.TokPlus {
			a.open()
			return
		}
		// A sum leans to the left; the spine is walked, not recursed into.
		var right []syntax.NodeID
		for g.kind(n) == syntax.BinaryOperator && g.kind(g.child(n, syntax.FieldOperator)) == syntax.TokPlus {
			right = append(right, g.child(n, syntax.FieldRight))
			n = g.child(n, syntax.FieldLeft)
		}
		a.list(n, kept)
		for i := len(right) - 1; i >= 0; i-- {
			if g.kind(right[i]) == syntax.BinaryOperator {
				a.open()
				continue
			}
			a.list(right[i], kept)
		}
	case syntax.Identifier:
		if !g.is(n, "__all__") {
			a.open()
			return
		}
		a.read[n] = true
		a.all.Names = append(a.all.Names, kept...)
	case syntax.List, syntax.Tuple, syntax.ExpressionList:
		for e := g.firstNamed(n); e != syntax.NoNode; e = g.tree.AfterNamed(e) {
			if g.kind(e) == syntax.ListSplat {
				a.list(g.firstNamed(e), kept)
				continue
			}
			a.element(e)
		}
	default:
		a.open()
	}
}

func (a *allReader) elements(n syntax.NodeID) { a.list(n, a.all.Names) }

func (a *allReader) element(n syntax.NodeID) {
	name, ok := a.g.constant(n)
	if !ok {
		a.open()
		return
	}
	a.all.Names = append(a.all.Names, a.g.intern([]byte(name)))
}

// unconditional tells whether the assignment to id is a statement of the
// module itself.
func (g *gatherer) unconditional(id syntax.NodeID) bool {
	n := g.tree.Parent(id)
	for k := g.kind(n); k == syntax.Assignment || k == syntax.AugmentedAssignment; k = g.kind(n) {
		n = g.tree.Parent(n)
	}
	return g.kind(n) == syntax.ExpressionStatement && g.tree.Parent(n) == syntax.Root
}
