package facts

import (
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// use files one load of a tracked name.
func (g *gatherer) use(o scope.Occurrence, name int, classFirst bool) {
	c := g.here()
	u := Use{
		Name: name, Offset: g.tree.Nodes[o.Node].Start, Line: g.line(o.Node),
		Scope: c.scope, Role: c.role, Annotated: -1, ClassFirst: classFirst,
		InLoop: c.has(inLoop), InMain: c.has(inMain), TypeChecking: c.has(inTypes),
		Conditional: c.has(conditional), Comprehension: c.has(comprehension),
	}
	if c.role == InAnnotation {
		u.Quoted, u.Local, u.Annotated = c.has(quoted), c.has(local), c.annotated
	}
	top := g.chain(o.Node, &u)
	if o.Role == scope.Load {
		g.around(top, &u)
	}
	if g.fromImport[name] {
		g.references = append(g.references, reference{len(g.m.Uses), top, *c})
	}
	g.addUse(u)
}

func (g *gatherer) addUse(u Use) {
	n := &g.m.Names[u.Name]
	n.Uses = append(n.Uses, len(g.m.Uses))
	g.m.Uses = append(g.m.Uses, u)
}

// chain fills the attribute path that follows the identifier and returns the
// node of the whole chain.
func (g *gatherer) chain(id syntax.NodeID, u *Use) syntax.NodeID {
	top := id
	nodes := g.tree.Nodes
	if p := nodes[id].Parent; g.kind(p) == syntax.DottedName {
		// case a.B: and class patterns
		if g.tree.First(p) == id {
			u.Chain = g.tail(id, p)
		}
		return p
	}
	for {
		p := nodes[top].Parent
		switch g.kind(p) {
		case syntax.Attribute:
			if nodes[top].Field != syntax.FieldObject {
				goto done
			}
		case syntax.MemberType:
			if g.firstNamed(p) != top {
				goto done
			}
		case syntax.ParenthesizedExpression:
			// (a).b is a chain; (a) alone ends it.
			if k := g.kind(nodes[p].Parent); k != syntax.Attribute || nodes[p].Field != syntax.FieldObject {
				goto done
			}
		case syntax.Type:
			if g.kind(nodes[p].Parent) != syntax.MemberType {
				goto done
			}
		default:
			goto done
		}
		top = p
	}
done:
	if top != id {
		u.Chain = g.tail(id, top)
	}
	return top
}

// tail joins the identifiers of the chain after its root.
func (g *gatherer) tail(root, top syntax.NodeID) string {
	var buf [96]byte
	out := buf[:0]
	for i := root + 1; i < g.tree.Nodes[top].Next; i++ {
		if g.kind(i) == syntax.Identifier {
			if len(out) > 0 {
				out = append(out, '.')
			}
			out = append(out, g.tree.Text(i)...)
		}
	}
	return g.intern(out)
}

// around fills what is done with the chain: called, assigned, passed on.
func (g *gatherer) around(top syntax.NodeID, u *Use) {
	nodes := g.tree.Nodes
	p := nodes[top].Parent
	switch g.kind(p) {
	case syntax.Call:
		u.Called = nodes[top].Field == syntax.FieldFunction
	case syntax.Decorator:
		u.Called, u.Applied = true, true
	case syntax.ArgumentList:
		if u.Argument = g.argumentIn(p, top); u.Argument > 1 && g.callee(p) == "next" {
			u.PassedTo = "?" // what next gives in place of the next one: it is not asked for one
		} else {
			u.PassedTo = g.callee(p)
		}
	case syntax.KeywordArgument:
		if nodes[top].Field == syntax.FieldValue {
			u.PassedTo = g.callee(nodes[p].Parent)
			if u.PassedTo != "" {
				u.Keyword = g.text(g.child(p, syntax.FieldName))
			}
		}
	case syntax.ListSplat, syntax.DictionarySplat:
		if g.kind(nodes[p].Parent) == syntax.ArgumentList {
			u.PassedTo = g.callee(nodes[p].Parent)
		}
	}
	if u.Chain != "" {
		u.Store = g.isTarget(top)
	}
	u.Item = g.itemChanges(top)
}

// argumentIn counts the arguments of a list up to one; 0 where one before it may stand
// for several, or where there are too many.
func (g *gatherer) argumentIn(list, argument syntax.NodeID) int {
	i := 1
	for n := g.firstNamed(list); n != argument; n = g.tree.AfterNamed(n) {
		if i++; n == syntax.NoNode || i > enough || g.kind(n) == syntax.ListSplat {
			return 0
		}
	}
	return i
}

// itemChanges tells whether n[…] or something in it is set, or a method called of it
// that adds to what it holds: n["a"] = 1, n["a"]["b"] = 1, n["a"].append(1).
func (g *gatherer) itemChanges(n syntax.NodeID) bool {
	items := 0
	for {
		nd := &g.tree.Nodes[n]
		switch p := nd.Parent; {
		case g.kind(p) == syntax.Subscript && nd.Field == syntax.FieldValue:
			items++
			n = p
		case g.kind(p) == syntax.Attribute && nd.Field == syntax.FieldObject && items > 0:
			if n = p; changesObject(string(g.tree.Text(g.child(n, syntax.FieldAttribute)))) && g.callOf(n) != syntax.NoNode {
				return true
			}
		default:
			return items > 0 && g.isTarget(n)
		}
	}
}

// callee is the dotted text of what is called with the argument list n, "?"
// for an expression, "" when n belongs to a class.
func (g *gatherer) callee(n syntax.NodeID) string {
	call := g.tree.Parent(n)
	if g.kind(call) != syntax.Call {
		return ""
	}
	if s := g.dotted(g.child(call, syntax.FieldFunction)); s != "" {
		return s
	}
	return "?"
}

// isTarget tells whether n is assigned or deleted.
func (g *gatherer) isTarget(n syntax.NodeID) bool {
	for {
		nd := &g.tree.Nodes[n]
		switch p := nd.Parent; g.kind(p) {
		case syntax.Assignment, syntax.AugmentedAssignment, syntax.ForStatement, syntax.ForInClause:
			return nd.Field == syntax.FieldLeft
		case syntax.DeleteStatement, syntax.AsPatternTarget:
			return true
		case syntax.PatternList, syntax.TuplePattern, syntax.ListPattern, syntax.ListSplatPattern,
			syntax.ExpressionList, syntax.Tuple, syntax.List, syntax.ParenthesizedExpression:
			n = p
		default:
			return false
		}
	}
}
