package facts

import "fastpath/plan/syntax"

// A context is what the constructs around a node say about when it runs.
type context struct {
	node  syntax.NodeID // the construct that opened it
	end   syntax.NodeID // the first node after it
	scope ScopeID       // whose code runs here
	opens ScopeID       // the scope that a def, class or lambda opens further in; -1
	test  test          // of an if statement or elif clause

	role      Role
	annotated ScopeID
	guard     Guard // nearest, within the scope
	flags     flag
}

type flag uint16

const (
	quoted        flag = 1 << iota // an annotation that is not evaluated
	local                          // annotation of a function's variable
	inLoop                         // for or while of this scope
	inMain                         // main guard
	inTypes                        // if TYPE_CHECKING
	comprehension                  // inside one, past its first iterable
	conditional                    // under any compound statement of this scope
	optional                       // under a try that catches ImportError, in this scope
	literal                        // inside Literal[…]: strings are values
	deferred                       // inside a def or lambda body
)

func (c *context) has(f flag) bool { return c.flags&f != 0 }

// A test is what the condition of an if says, as far as imports care.
type test uint8

const (
	testOther test = iota
	testMain
	testNotMain
	testTypes
	testNotTypes
)

// enter opens the contexts that begin at node n and collects what later
// passes want to see.
func (g *gatherer) enter(n syntax.NodeID) {
	nd := &g.tree.Nodes[n]
	if nd.Field != syntax.NoField {
		g.enterField(n, nd)
	}
	if int(nd.Kind) < len(precedes) && precedes[nd.Kind] != "" {
		g.effectHere(n, precedes[nd.Kind])
	}
	switch nd.Kind {
	case syntax.FunctionDefinition:
		g.enterDef(n)
	case syntax.ClassDefinition:
		g.enterClass(n)
	case syntax.Lambda:
		g.enterLambda(n)
	case syntax.Block:
		g.enterBlock(n)
	case syntax.Decorator:
		if d := g.firstNamed(n); g.kind(d) == syntax.Identifier || g.kind(d) == syntax.Attribute {
			g.keep(&g.decorating, d)
		}
		g.push(n).role = InDecorator
	case syntax.ReturnStatement:
		g.keep(&g.returns, n)
	case syntax.IfStatement:
		g.enterGuard(n, GuardIf)
		g.here().test = g.condition(n)
	case syntax.ElifClause:
		g.push(n).test = g.condition(n)
	case syntax.TryStatement:
		g.enterTry(n)
	case syntax.ExceptClause, syntax.ExceptGroupClause, syntax.FinallyClause:
		g.enterGuard(n, GuardHandler)
	case syntax.ElseClause:
		if g.kind(nd.Parent) == syntax.TryStatement {
			g.enterGuard(n, GuardHandler)
		}
	case syntax.WithStatement:
		g.enterGuard(n, GuardWith)
	case syntax.ForStatement, syntax.WhileStatement:
		g.enterGuard(n, GuardLoop)
	case syntax.MatchStatement:
		g.enterGuard(n, GuardMatch)
	case syntax.ListComprehension, syntax.SetComprehension, syntax.DictionaryComprehension, syntax.GeneratorExpression:
		g.push(n).flags |= comprehension
	case syntax.TypeAliasStatement:
		g.push(n).role = InTypeParam
	case syntax.Type:
		g.enterType(n)
	case syntax.Yield:
		g.m.Scopes[g.here().scope].Generator = true
	case syntax.ImportStatement, syntax.ImportFromStatement, syntax.FutureImportStatement:
		g.statement(n)
	case syntax.Subscript, syntax.GenericType:
		if object := g.child(n, syntax.FieldValue); g.kind(object) == syntax.Identifier && g.isTarget(n) {
			g.keep(&g.changed, object)
			g.changesItem(object)
		} else if g.kind(object) == syntax.Call && g.isTarget(n) {
			g.keep(&g.changed, object)
		}
		if g.here().role == InAnnotation && g.literalBase(n) {
			g.push(n).flags |= literal
		}
	case syntax.Call:
		g.keep(&g.calls, n)
		switch last(g.dotted(g.child(n, syntax.FieldFunction))) {
		case "setattr", "delattr", "reload":
			g.changesItem(g.arguments(n).at(0))
		}
	case syntax.Attribute:
		g.enterAttribute(n)
	case syntax.String, syntax.ConcatenatedString:
		g.enterString(n)
	case syntax.Comment:
		g.keep(&g.comments, n)
	}
}

// enterField handles contexts that a node's role in its parent opens.
func (g *gatherer) enterField(n syntax.NodeID, nd *syntax.Node) {
	parent := g.kind(nd.Parent)
	switch nd.Field {
	case syntax.FieldValue:
		if parent == syntax.DefaultParameter || parent == syntax.TypedDefaultParameter {
			g.push(n).role = InDefault
		}
	case syntax.FieldSuperclasses:
		if parent == syntax.ClassDefinition {
			g.push(n).role = InBase
		}
	case syntax.FieldTypeParameters:
		g.push(n).role = InTypeParam
	case syntax.FieldBody:
		if parent == syntax.Lambda {
			opens := g.here().opens
			g.openBody(n, opens)
		}
	case syntax.FieldRight:
		// The first iterable of a comprehension is evaluated outside of it.
		if parent == syntax.ForInClause && g.here().has(comprehension) && g.firstClause(nd.Parent) {
			outer := g.stack[len(g.stack)-2]
			c := g.push(n)
			c.flags = c.flags&^comprehension | outer.flags&comprehension
		}
	case syntax.FieldCondition:
		if parent == syntax.WhileStatement {
			g.push(n).flags |= inLoop
		}
	}
}

// firstClause tells whether no for clause of the same comprehension precedes c.
func (g *gatherer) firstClause(c syntax.NodeID) bool {
	around := g.tree.Parent(c)
	if g.here().node != around {
		return false
	}
	return g.firstOf(around, syntax.ForInClause) == c
}

// firstOf is the first child of n of kind k.
func (g *gatherer) firstOf(n syntax.NodeID, k syntax.Kind) syntax.NodeID {
	for c := g.tree.First(n); c != syntax.NoNode; c = g.tree.After(c) {
		if g.tree.Kind(c) == k {
			return c
		}
	}
	return syntax.NoNode
}

func (g *gatherer) enterGuard(n syntax.NodeID, guard Guard) {
	c := g.push(n)
	c.guard = guard
	c.flags |= conditional
	if guard == GuardHandler {
		// A handler is not protected by its own try.
		if outer := g.stack[len(g.stack)-2]; g.kind(outer.node) == syntax.TryStatement && len(g.stack) > 2 {
			c.flags = c.flags&^optional | g.stack[len(g.stack)-3].flags&optional
		}
	}
}

func (g *gatherer) enterTry(n syntax.NodeID) {
	guard := GuardTry
	if g.catchesImportError(n) {
		guard = GuardImportError
	}
	g.enterGuard(n, guard)
	if guard == GuardImportError {
		g.here().flags |= optional
	}
}

// enterBlock opens the body of a def, class or loop, or the branch of an if
// that only runs under a test we know.
func (g *gatherer) enterBlock(n syntax.NodeID) {
	nd := &g.tree.Nodes[n]
	top := g.here()
	switch g.kind(nd.Parent) {
	case syntax.FunctionDefinition, syntax.ClassDefinition:
		g.openBody(n, top.opens)
	case syntax.ForStatement, syntax.WhileStatement:
		g.push(n).flags |= inLoop
	case syntax.IfStatement:
		switch top.test {
		case testMain:
			g.branch(n, 1, inMain)
			g.mainGuard(n)
		case testTypes:
			g.branch(n, 1, inTypes)
		}
	case syntax.ElifClause:
		if top.test == testTypes {
			g.branch(n, 2, inTypes)
		}
	case syntax.ElseClause:
		// `if not TYPE_CHECKING: … else:` without an elif between.
		clause := nd.Parent
		around := g.tree.Parent(clause)
		if g.kind(around) != syntax.IfStatement || g.firstOf(around, syntax.ElifClause) != syntax.NoNode {
			return
		}
		switch top.test {
		case testNotTypes:
			g.branch(n, 1, inTypes)
		case testNotMain:
			g.branch(n, 1, inMain)
			g.mainGuard(n)
		}
	}
}

// branch opens a block whose if is known and so guards nothing by itself; up
// says how many contexts the if statement and its clauses opened.
func (g *gatherer) branch(n syntax.NodeID, up int, f flag) {
	outer := g.stack[len(g.stack)-1-up]
	c := g.push(n)
	c.flags |= f
	if c.scope == Top {
		// In a function or class the block stays a condition like any other.
		c.guard = outer.guard
		c.flags = c.flags&^conditional | outer.flags&conditional
	}
}

// mainGuard records a guard at the top level; elsewhere it is a condition
// like any other.
func (g *gatherer) mainGuard(block syntax.NodeID) {
	if c := g.here(); c.scope == Top && !c.has(conditional) {
		g.m.MainGuard = append(g.m.MainGuard, g.tree.Span(block))
	} else {
		c.flags &^= inMain
		c.guard = GuardIf
		c.flags |= conditional
	}
}

// openBody enters the code of scope s.
func (g *gatherer) openBody(n syntax.NodeID, s ScopeID) {
	c := g.push(n)
	c.scope, c.role, c.guard, c.annotated = s, Plain, NoGuard, -1
	c.flags &= inMain | inTypes | deferred
	if s >= 0 && g.m.Scopes[s].Kind != ClassScope {
		c.flags |= deferred
	}
	if s >= 0 {
		g.m.Scopes[s].Body = g.bodySpan(n)
	}
}

// bodySpan runs from the first statement of a block to its end.
func (g *gatherer) bodySpan(block syntax.NodeID) syntax.Span {
	span := g.tree.Span(block)
	if g.kind(block) == syntax.Block {
		if first := g.firstNamed(block); first != syntax.NoNode {
			span.Start = g.tree.Nodes[first].Start
		}
	}
	return span
}

// enterType tells annotations from type aliases.
func (g *gatherer) enterType(n syntax.NodeID) {
	nd := &g.tree.Nodes[n]
	parent := g.kind(nd.Parent)
	top := g.here()
	if parent == syntax.TypeAliasStatement {
		if g.firstNamed(nd.Parent) != n {
			g.push(n).role = InTypeAlias
		}
		return
	}
	if nd.Field != syntax.FieldType && nd.Field != syntax.FieldReturnType {
		return
	}
	signature := top.opens
	c := g.push(n)
	c.role = InAnnotation
	switch parent {
	case syntax.TypedParameter, syntax.TypedDefaultParameter, syntax.FunctionDefinition:
		c.annotated = signature
	case syntax.Assignment:
		c.annotated = c.scope
		if k := g.m.Scopes[c.scope].Kind; k == DefScope || k == LambdaScope {
			c.flags |= local
		}
	}
	if g.table.Future {
		c.flags |= quoted
	}
}

// literalBase tells whether n subscripts typing.Literal, by its name: the
// strings in it are values, not forward references.
func (g *gatherer) literalBase(n syntax.NodeID) bool {
	base := g.tree.First(n)
	if g.kind(base) == syntax.Attribute {
		base = g.child(base, syntax.FieldAttribute)
	}
	return g.is(base, "Literal")
}
