package facts

import (
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// given are the variables of functions that may hold what the function was given:
// its parameters, and those that one of these is assigned to.
func (g *gatherer) given() map[variable]bool {
	set := map[variable]bool{}
	into := map[variable][]variable{}
	var work []variable
	for i := range g.occurrences {
		o := &g.occurrences[i]
		from := variable{o.Owner, o.Name}
		switch {
		case !g.inFunction(o.Owner):
		case o.Role == scope.BindParameter:
			work = append(work, from)
		case o.Role == scope.Load:
			if left := g.assignedTo(g.carrier(o.Node)); left != syntax.NoNode {
				into[from] = append(into[from], g.bound(left)...)
			}
		}
	}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if !set[v] {
			set[v] = true
			work = append(work, into[v]...)
		}
	}
	return set
}

// carrier is the widest expression around n whose value may be, or hold, that of n.
func (g *gatherer) carrier(n syntax.NodeID) syntax.NodeID {
	for {
		p := g.tree.Parent(n)
		switch g.kind(p) {
		case syntax.ParenthesizedExpression, syntax.BooleanOperator, syntax.Tuple, syntax.List, syntax.Set, syntax.ExpressionList,
			syntax.Dictionary, syntax.Pair:
		case syntax.ConditionalExpression:
			if n == g.tree.AfterNamed(g.firstNamed(p)) {
				return n // the condition
			}
		case syntax.Subscript:
			if g.tree.Nodes[n].Field != syntax.FieldValue {
				return n
			}
		default:
			return n
		}
		n = p
	}
}

// assignedTo is the target that the value at n goes to, at once or item by item.
func (g *gatherer) assignedTo(n syntax.NodeID) syntax.NodeID {
	p := g.tree.Parent(n)
	switch g.kind(p) {
	case syntax.NamedExpression:
		if g.tree.Nodes[n].Field == syntax.FieldValue {
			return g.child(p, syntax.FieldName)
		}
	case syntax.Assignment, syntax.ForStatement, syntax.ForInClause:
		if g.tree.Nodes[n].Field == syntax.FieldRight {
			return g.child(p, syntax.FieldLeft)
		}
	}
	return syntax.NoNode
}

// bound lists the variables of functions that an assignment to the target at n
// binds.
func (g *gatherer) bound(n syntax.NodeID) []variable {
	var list []variable
	for i := n; i < g.tree.Nodes[n].Next; i++ {
		if o := g.occurrenceAt(i); o != nil && o.Role.Binds() {
			list = append(list, variable{o.Owner, o.Name})
		}
	}
	return list
}

// inFunction tells whether a scope is a function or a comprehension in one.
func (g *gatherer) inFunction(s scope.ID) bool {
	return g.table.Scopes[g.runsIn(s)].Kind == scope.KindFunction
}

// runsIn is the scope whose code runs that of a comprehension; others are their own.
func (g *gatherer) runsIn(s scope.ID) scope.ID {
	for g.table.Scopes[s].Kind == scope.KindComprehension {
		s = g.table.Scopes[s].Parent
	}
	return s
}
