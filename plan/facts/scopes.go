package facts

import "fastpath/plan/syntax"

// newScope records the scope that the construct at n opens.
func (g *gatherer) newScope(n syntax.NodeID, kind ScopeKind, name string) ScopeID {
	c := g.here()
	parent := &g.m.Scopes[c.scope]
	qualified := name
	if parent.Qualified != "" {
		qualified = parent.Qualified + "." + name
	}
	id := ScopeID(len(g.m.Scopes))
	g.m.Scopes = append(g.m.Scopes, Scope{
		Kind: kind, Parent: c.scope, Name: name, Qualified: qualified,
		Line: g.line(n), Span: g.tree.Span(n),
		InLoop: c.has(inLoop), Guarded: c.has(conditional),
	})
	g.preceded = append(g.preceded, "")
	g.scopes[n] = id
	return id
}

func (g *gatherer) enterDef(n syntax.NodeID) {
	id := g.newScope(n, DefScope, g.text(g.child(n, syntax.FieldName)))
	s := &g.m.Scopes[id]
	s.Async = g.kind(g.tree.First(n)) == syntax.TokAsync
	s.Decorators = g.decorators(n)
	if p := g.child(n, syntax.FieldParameters); p != syntax.NoNode {
		s.Params = g.params(p)
	}
	s.Empty = g.doesNothing(g.child(n, syntax.FieldBody))
	g.push(n).opens = id
}

// doesNothing tells that a block has no statement with an effect.
func (g *gatherer) doesNothing(block syntax.NodeID) bool {
	for n := g.firstNamed(block); n != syntax.NoNode; n = g.tree.AfterNamed(n) {
		switch g.kind(n) {
		case syntax.PassStatement, syntax.Comment:
			continue
		case syntax.ExpressionStatement:
			if k := g.kind(g.firstNamed(n)); k == syntax.String || k == syntax.Ellipsis {
				continue
			}
		}
		return false
	}
	return true
}

func (g *gatherer) enterLambda(n syntax.NodeID) {
	id := g.newScope(n, LambdaScope, "<lambda>")
	if p := g.child(n, syntax.FieldParameters); p != syntax.NoNode {
		g.m.Scopes[id].Params = g.params(p)
	}
	g.push(n).opens = id
}

func (g *gatherer) enterClass(n syntax.NodeID) {
	id := g.newScope(n, ClassScope, g.text(g.child(n, syntax.FieldName)))
	s := &g.m.Scopes[id]
	s.Decorators = g.decorators(n)
	if args := g.child(n, syntax.FieldSuperclasses); args != syntax.NoNode {
		for a := g.firstNamed(args); a != syntax.NoNode; a = g.tree.AfterNamed(a) {
			if g.kind(a) == syntax.KeywordArgument {
				s.Keywords = append(s.Keywords, g.text(g.child(a, syntax.FieldName)))
				continue
			}
			s.Bases = append(s.Bases, g.baseName(a))
		}
	}
	g.keep(&g.classes, n)
	g.push(n).opens = id
}

// baseName is the dotted text of a base class, its subscript dropped:
// Generic[T] is known by Generic.
func (g *gatherer) baseName(n syntax.NodeID) string {
	if g.kind(n) == syntax.Subscript {
		n = g.child(n, syntax.FieldValue)
	}
	if s := g.dotted(n); s != "" {
		return s
	}
	return "?"
}

func (g *gatherer) decorators(def syntax.NodeID) []Decorator {
	around := g.tree.Parent(def)
	if g.kind(around) != syntax.DecoratedDefinition {
		return nil
	}
	var list []Decorator
	for c := g.tree.First(around); c != syntax.NoNode; c = g.tree.After(c) {
		if g.kind(c) != syntax.Decorator {
			continue
		}
		e := g.firstNamed(c)
		d := Decorator{Line: g.line(c)}
		if g.kind(e) == syntax.Call {
			d.Call = true
			e = g.child(e, syntax.FieldFunction)
		}
		if d.Name = g.dotted(e); d.Name == "" {
			d.Name = "?"
		}
		list = append(list, d)
	}
	return list
}

// params lists the names of a parameter list, in order.
func (g *gatherer) params(n syntax.NodeID) []string {
	var names []string
	for p := g.firstNamed(n); p != syntax.NoNode; p = g.tree.AfterNamed(p) {
		if id := g.paramName(p); id != syntax.NoNode {
			names = append(names, g.text(id))
		}
	}
	return names
}

func (g *gatherer) paramName(p syntax.NodeID) syntax.NodeID {
	for {
		switch g.kind(p) {
		case syntax.Identifier:
			return p
		case syntax.DefaultParameter, syntax.TypedDefaultParameter:
			p = g.child(p, syntax.FieldName)
		case syntax.TypedParameter, syntax.ListSplatPattern, syntax.DictionarySplatPattern:
			p = g.firstNamed(p)
		default:
			return syntax.NoNode
		}
	}
}

// dotted is the text of a name or a chain of attributes of a name, without
// blanks; "" for anything else.
func (g *gatherer) dotted(n syntax.NodeID) string {
	for g.kind(n) == syntax.ParenthesizedExpression || g.kind(n) == syntax.Type {
		n = g.firstNamed(n)
	}
	if g.kind(n) == syntax.Identifier {
		return g.text(n)
	}
	root := g.rootOf(n)
	if root == syntax.NoNode {
		return ""
	}
	// The identifiers of a chain follow each other in source order.
	buf := append([]byte(nil), g.tree.Text(root)...)
	end := g.tree.Nodes[n].Next
	for i := root + 1; i < end; i++ {
		if g.kind(i) == syntax.Identifier {
			buf = append(buf, '.')
			buf = append(buf, g.tree.Text(i)...)
		}
	}
	return g.intern(buf)
}

// rootOf is the identifier at the start of a name, attribute chain or dotted
// name; NoNode for any other expression.
func (g *gatherer) rootOf(n syntax.NodeID) syntax.NodeID {
	for {
		switch g.kind(n) {
		case syntax.Identifier:
			return n
		case syntax.Attribute:
			n = g.child(n, syntax.FieldObject)
		case syntax.DottedName:
			return g.tree.First(n)
		case syntax.MemberType, syntax.Type, syntax.ParenthesizedExpression:
			n = g.firstNamed(n)
		default:
			return syntax.NoNode
		}
	}
}
