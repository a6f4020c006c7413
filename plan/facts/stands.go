package facts

import (
	"slices"

	"fastpath/plan/syntax"
)

// How far standsFor looks: through so many expressions on its way, and at so many
// in all.
const (
	farthest = 8
	most     = 200
)

// objects lists the paths of what an expression may give that comes from an import,
// or from a variable of the module: a chain of attributes; with "()" behind it what a
// function gives, with "[]" what is in a container.
func (g *gatherer) objects(n syntax.NodeID) []string {
	g.left = most
	return g.standsFor(n, 0)
}

// heldBy lists those of what a variable may have been given.
func (g *gatherer) heldBy(name syntax.NodeID) []string {
	g.left = most
	return distinct(g.assignedPaths(name, 0))
}

// standsFor does so for objects.
func (g *gatherer) standsFor(n syntax.NodeID, depth int) []string {
	if depth++; n == syntax.NoNode || depth > farthest || g.left == 0 {
		return nil
	}
	g.left--
	switch g.kind(n) {
	case syntax.ParenthesizedExpression:
		return g.standsFor(g.firstNamed(n), depth)
	case syntax.NamedExpression:
		return g.standsFor(g.child(n, syntax.FieldValue), depth)
	case syntax.BooleanOperator:
		return slices.Concat(g.standsFor(g.child(n, syntax.FieldLeft), depth), g.standsFor(g.child(n, syntax.FieldRight), depth))
	case syntax.ConditionalExpression:
		yes := g.firstNamed(n)
		return slices.Concat(g.standsFor(yes, depth), g.standsFor(g.tree.AfterNamed(g.tree.AfterNamed(yes)), depth))
	case syntax.Identifier:
		list := g.pathsAt(n)
		if name, known := g.lookup(n); !known || !g.fromImport[name] {
			list = slices.Concat(list, g.assignedPaths(n, depth))
		}
		return distinct(list)
	case syntax.Attribute:
		base, tail := g.baseOf(n)
		return behind(g.standsFor(base, depth), "."+tail)
	case syntax.Subscript:
		if s, ok := g.moduleObject(n); ok {
			return []string{s}
		}
		return g.contained(g.child(n, syntax.FieldValue), depth)
	case syntax.Call:
		return g.calledPaths(n, depth)
	}
	return nil
}

// calledPaths lists the paths of what a call gives.
func (g *gatherer) calledPaths(call syntax.NodeID, depth int) []string {
	if s, ok := g.moduleObject(call); ok {
		return []string{s}
	}
	callee, args := g.child(call, syntax.FieldFunction), g.arguments(call)
	if g.is(callee, "getattr") && g.isGlobal(callee) {
		if name, ok := g.constant(args.at(1)); ok {
			return behind(g.standsFor(args.at(0), depth), "."+name)
		}
		return nil
	}
	return behind(g.standsFor(callee, depth), "()")
}

// assignedPaths lists the paths of what a variable may have been given, going by the
// first places that bind it.
func (g *gatherer) assignedPaths(name syntax.NodeID, depth int) []string {
	o := g.occurrenceAt(name)
	if o == nil || o.Owner < 0 {
		return nil
	}
	v := variable{o.Owner, o.Name}
	list, known := g.givenPaths[v]
	if known {
		return list
	}
	g.givenPaths[v] = nil // for what is worked out meanwhile
	for _, b := range g.targetsOf(v) {
		list = append(list, g.received(b, depth)...)
	}
	list = distinct(list)
	g.givenPaths[v] = list
	return list
}

// targetsOf lists the names by which a variable is bound.
func (g *gatherer) targetsOf(v variable) []syntax.NodeID {
	if g.targets == nil {
		g.targets = map[variable][]syntax.NodeID{}
		for i := range g.occurrences {
			if o := &g.occurrences[i]; o.Role.Binds() {
				if v := (variable{o.Owner, o.Name}); len(g.targets[v]) < enough {
					g.targets[v] = append(g.targets[v], o.Node)
				}
			}
		}
	}
	return g.targets[v]
}

// received lists the paths of what the target n is given by the assignment or loop
// that it belongs to, or as a default.
func (g *gatherer) received(n syntax.NodeID, depth int) []string {
	p := g.tree.Parent(n)
	first := g.tree.Nodes[n].Field
	switch g.kind(p) {
	case syntax.NamedExpression, syntax.DefaultParameter, syntax.TypedDefaultParameter:
		return g.standsFor(g.child(p, syntax.FieldValue), depth)
	case syntax.Assignment:
		if first == syntax.FieldLeft {
			return g.standsFor(g.valueAssigned(p), depth)
		}
	case syntax.ForStatement, syntax.ForInClause:
		if first == syntax.FieldLeft {
			return g.each(g.child(p, syntax.FieldRight), depth)
		}
	case syntax.PatternList, syntax.TuplePattern, syntax.ListPattern, syntax.ExpressionList, syntax.Tuple, syntax.List:
		return g.unpacked(p, g.indexIn(p, n), depth)
	}
	return nil
}

// valueAssigned is what an assignment gives its targets, of which there may be more
// than one.
func (g *gatherer) valueAssigned(assignment syntax.NodeID) syntax.NodeID {
	n := g.child(assignment, syntax.FieldRight)
	for g.kind(n) == syntax.Assignment {
		n = g.child(n, syntax.FieldRight)
	}
	return n
}

// unpacked lists the paths of what the i-th of several targets is given.
func (g *gatherer) unpacked(targets syntax.NodeID, i, depth int) []string {
	p := g.tree.Parent(targets)
	if g.tree.Nodes[targets].Field != syntax.FieldLeft {
		return nil
	}
	switch g.kind(p) {
	case syntax.Assignment:
		return g.part(g.valueAssigned(p), i, depth)
	case syntax.ForStatement, syntax.ForInClause:
		right := g.child(p, syntax.FieldRight)
		if of, method := g.methodOf(right); method == "items" && i == 1 {
			return g.contained(of, depth)
		}
		var list []string
		for n := g.firstNamed(g.display(right)); n != syntax.NoNode && len(list) < enough; n = g.tree.AfterNamed(n) {
			list = append(list, g.part(n, i, depth)...)
		}
		return list
	}
	return nil
}

// part lists the paths of the i-th thing in what an expression gives.
func (g *gatherer) part(n syntax.NodeID, i, depth int) []string {
	if !g.isSequence(n) {
		return g.contained(n, depth)
	}
	for n = g.firstNamed(n); n != syntax.NoNode; n = g.tree.AfterNamed(n) {
		if i--; i < 0 {
			return g.standsFor(n, depth)
		}
	}
	return nil
}

// each lists the paths of what a loop over an expression is given.
func (g *gatherer) each(n syntax.NodeID, depth int) []string {
	if of, method := g.methodOf(n); method == "values" {
		return g.contained(of, depth)
	}
	if g.kind(g.display(n)) == syntax.Dictionary {
		return nil // its keys
	}
	return g.contained(n, depth)
}

// methodOf takes apart a call of a method without arguments.
func (g *gatherer) methodOf(call syntax.NodeID) (object syntax.NodeID, method string) {
	f := g.child(call, syntax.FieldFunction)
	if g.kind(call) != syntax.Call || g.kind(f) != syntax.Attribute || len(g.arguments(call).positional) > 0 {
		return syntax.NoNode, ""
	}
	return g.child(f, syntax.FieldObject), g.text(g.child(f, syntax.FieldAttribute))
}

// contained lists the paths of what is in a container: all in a display, values only
// of a dictionary.
func (g *gatherer) contained(n syntax.NodeID, depth int) []string {
	if depth++; depth > farthest {
		return nil
	}
	shown := g.display(n)
	if shown == syntax.NoNode {
		return behind(g.standsFor(n, depth), "[]")
	}
	var list []string
	for c := g.firstNamed(shown); c != syntax.NoNode && len(list) < enough && g.left > 0; c = g.tree.AfterNamed(c) {
		value := c
		if g.kind(c) == syntax.Pair {
			value = g.child(c, syntax.FieldValue)
		}
		list = append(list, g.standsFor(value, depth)...)
	}
	return distinct(list)
}

// display is the list, tuple, set or dictionary that an expression shows, or that
// the only assignment of a variable does.
func (g *gatherer) display(n syntax.NodeID) syntax.NodeID {
	if g.kind(n) == syntax.ParenthesizedExpression {
		n = g.firstNamed(n)
	}
	if g.kind(n) == syntax.Identifier {
		n = g.valueOf(n)
	}
	if g.isSequence(n) || g.kind(n) == syntax.Dictionary || g.kind(n) == syntax.Set {
		return n
	}
	return syntax.NoNode
}

func (g *gatherer) isSequence(n syntax.NodeID) bool {
	switch g.kind(n) {
	case syntax.Tuple, syntax.List, syntax.ExpressionList:
		return true
	}
	return false
}

// indexIn counts the named nodes before one, as far as that is of interest.
func (g *gatherer) indexIn(p, n syntax.NodeID) int {
	i := 0
	for c := g.firstNamed(p); c != n && c != syntax.NoNode && i < enough; c = g.tree.AfterNamed(c) {
		i++
	}
	return i
}

func behind(paths []string, tail string) []string {
	list := slices.Clone(paths)
	for i := range list {
		list[i] += tail
	}
	return list
}
