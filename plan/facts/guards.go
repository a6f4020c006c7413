package facts

import "fastpath/plan/syntax"

// condition classifies the test of an if statement or elif clause.
func (g *gatherer) condition(n syntax.NodeID) test {
	c := g.child(n, syntax.FieldCondition)
	return g.classify(c, 0)
}

// classify looks a few levels deep only: no real test is nested deeper.
func (g *gatherer) classify(c syntax.NodeID, depth int) test {
	if depth > 4 {
		return testOther
	}
	switch g.kind(c) {
	case syntax.ParenthesizedExpression:
		return g.classify(g.firstNamed(c), depth+1)
	case syntax.NotOperator:
		switch g.classify(g.child(c, syntax.FieldArgument), depth+1) {
		case testTypes:
			return testNotTypes
		case testNotTypes:
			return testTypes
		case testMain:
			return testNotMain
		}
	case syntax.BooleanOperator:
		// x and TYPE_CHECKING is false whenever TYPE_CHECKING is.
		if g.kind(g.child(c, syntax.FieldOperator)) == syntax.TokAnd {
			left := g.classify(g.child(c, syntax.FieldLeft), depth+1)
			right := g.classify(g.child(c, syntax.FieldRight), depth+1)
			if left == testTypes || right == testTypes {
				return testTypes
			}
			if left == testMain || right == testMain {
				return testMain
			}
		}
	case syntax.ComparisonOperator:
		return g.mainTest(c)
	case syntax.Identifier, syntax.Attribute:
		if g.isTypeChecking(c) {
			return testTypes
		}
	case syntax.False:
		return testTypes
	case syntax.Integer:
		if g.is(c, "0") {
			return testTypes
		}
	}
	return testOther
}

// mainTest recognizes __name__ == "__main__" and its mirror images.
func (g *gatherer) mainTest(c syntax.NodeID) test {
	var name, main bool
	result := testOther
	for p := g.tree.First(c); p != syntax.NoNode; p = g.tree.After(p) {
		switch g.kind(p) {
		case syntax.TokEqualEqual:
			if result != testOther {
				return testOther
			}
			result = testMain
		case syntax.TokNotEqual:
			if result != testOther {
				return testOther
			}
			result = testNotMain
		case syntax.Identifier:
			name = name || g.is(p, "__name__")
		case syntax.String:
			s, ok := g.stringValue(p)
			main = main || ok && s == "__main__"
		default:
			if g.tree.Named(p) {
				return testOther
			}
		}
	}
	if name && main {
		return result
	}
	return testOther
}

// isTypeChecking recognizes typing.TYPE_CHECKING under any alias, and the
// constants named TYPE_CHECKING or MYPY that type checkers take as true. Only
// bindings met so far count: the walk runs in source order, as the module does.
func (g *gatherer) isTypeChecking(n syntax.NodeID) bool {
	if g.kind(n) == syntax.Attribute {
		if !g.is(g.child(n, syntax.FieldAttribute), "TYPE_CHECKING") {
			return false
		}
		root := g.rootOf(n)
		if root == syntax.NoNode {
			return false
		}
		i, known := g.lookup(root)
		if !known {
			return g.is(root, "typing") || g.is(root, "typing_extensions")
		}
		for _, b := range g.m.Names[i].Bindings {
			if b.Kind != ByImport || !isTyping(g.m.Units[b.Unit].Module) || g.m.Units[b.Unit].Attr != "" {
				return false
			}
		}
		return len(g.m.Names[i].Bindings) > 0
	}
	named := g.is(n, "TYPE_CHECKING") || g.is(n, "MYPY")
	i, known := g.lookup(n)
	if !known {
		return named
	}
	imported := false
	for k, b := range g.m.Names[i].Bindings {
		switch {
		case b.Kind == ByImport:
			u := &g.m.Units[b.Unit]
			if u.Attr != "TYPE_CHECKING" || !isTyping(u.Module) {
				return false
			}
			imported = true
		case b.Kind == ByAssign && g.kind(g.rights[i][k]) == syntax.False:
		case b.Kind == ByAssign && g.kind(g.rights[i][k]) == syntax.Attribute && g.isTypeChecking(g.rights[i][k]):
			imported = true
		case b.Kind == ByDeclaration:
		default:
			return false
		}
	}
	return imported || named
}

func isTyping(module string) bool { return module == "typing" || module == "typing_extensions" }

// catchesImportError tells whether a handler of the try catches a failed
// import.
func (g *gatherer) catchesImportError(try syntax.NodeID) bool {
	for c := g.tree.First(try); c != syntax.NoNode; c = g.tree.After(c) {
		if k := g.kind(c); k != syntax.ExceptClause && k != syntax.ExceptGroupClause {
			continue
		}
		e := g.firstNamed(c)
		if e == syntax.NoNode || g.kind(e) == syntax.Block {
			return true // a bare except
		}
		end := g.tree.Nodes[e].Next
		for i := e; i < end; i++ {
			switch {
			case g.kind(i) != syntax.Identifier:
			case g.is(i, "ImportError"), g.is(i, "ModuleNotFoundError"), g.is(i, "Exception"), g.is(i, "BaseException"):
				return true
			}
		}
	}
	return false
}
