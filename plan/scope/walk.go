package scope

import "fastpath/plan/syntax"

// walk visits the nodes from i up to end in source order. The flat tree lets
// it pass over everything that does not touch names without descending;
// constructs that bind, declare or open a scope have a method of their own.
func (r *resolver) walk(i, end syntax.NodeID) {
	for i < end {
		n := &r.nodes[i]
		switch n.Kind {
		case syntax.Identifier:
			r.identifier(i)
			i++
			continue
		case syntax.FunctionDefinition:
			r.function(i)
		case syntax.ClassDefinition:
			r.class(i)
		case syntax.Lambda:
			r.lambda(i)
		case syntax.ListComprehension:
			r.comprehension(i, "listcomp")
		case syntax.SetComprehension:
			r.comprehension(i, "setcomp")
		case syntax.DictionaryComprehension:
			r.comprehension(i, "dictcomp")
		case syntax.GeneratorExpression:
			r.comprehension(i, "genexpr")
		case syntax.Assignment:
			r.assignment(i)
		case syntax.AugmentedAssignment:
			r.withTarget(i, syntax.FieldLeft, AugAssign)
		case syntax.ForStatement:
			r.withTarget(i, syntax.FieldLeft, Assign)
		case syntax.AsPattern:
			r.asPattern(i)
		case syntax.DeleteStatement:
			r.targets(i, Delete)
		case syntax.NamedExpression:
			r.namedExpression(i)
		case syntax.ImportStatement, syntax.ImportFromStatement, syntax.FutureImportStatement:
			r.imports(i)
		case syntax.GlobalStatement:
			r.declare(i, DeclareGlobal)
		case syntax.NonlocalStatement:
			r.declare(i, DeclareNonlocal)
		case syntax.TypeAliasStatement:
			r.typeAlias(i)
		case syntax.CasePattern:
			r.pattern(i)
		case syntax.DottedName:
			r.load(i + 1)
		case syntax.MemberType:
			r.walk(i+1, r.nodes[i+1].Next)
		default:
			i++
			continue
		}
		i = n.Next
	}
}

// within walks the subtree of n in the given scope.
func (r *resolver) within(scope ID, n syntax.NodeID) {
	if n == syntax.NoNode {
		return
	}
	outer := r.scope
	r.scope = scope
	r.walk(n, r.nodes[n].Next)
	r.scope = outer
}

// identifier loads the identifier i unless it names an attribute or a keyword.
func (r *resolver) identifier(i syntax.NodeID) {
	n := &r.nodes[i]
	switch n.Field {
	case syntax.FieldAttribute:
		if r.tree.Kind(n.Parent) == syntax.Attribute {
			return
		}
	case syntax.FieldName:
		if r.tree.Kind(n.Parent) == syntax.KeywordArgument {
			return
		}
	}
	r.load(i)
}

// withTarget walks i, whose child in the role target is assigned to.
func (r *resolver) withTarget(i syntax.NodeID, target syntax.Field, role Role) {
	for c := r.tree.First(i); c != syntax.NoNode; c = r.tree.After(c) {
		if r.nodes[c].Field == target {
			r.target(c, role)
		} else {
			r.walk(c, r.nodes[c].Next)
		}
	}
}

// target visits an expression that is assigned to or deleted. Names in
// attribute and subscript targets are read.
func (r *resolver) target(n syntax.NodeID, role Role) {
	switch r.nodes[n].Kind {
	case syntax.Identifier:
		r.occur(n, role)
	case syntax.PatternList, syntax.TuplePattern, syntax.ListPattern, syntax.ListSplatPattern,
		syntax.ExpressionList, syntax.Tuple, syntax.List, syntax.ListSplat,
		syntax.ParenthesizedExpression, syntax.AsPatternTarget:
		r.targets(n, role)
	default:
		r.walk(n, r.nodes[n].Next)
	}
}

func (r *resolver) targets(n syntax.NodeID, role Role) {
	for c := r.tree.First(n); c != syntax.NoNode; c = r.tree.After(c) {
		r.target(c, role)
	}
}

// asPattern is the `as` of a with item or an except clause.
func (r *resolver) asPattern(i syntax.NodeID) {
	role := Assign
	switch r.tree.Kind(r.tree.Parent(i)) {
	case syntax.ExceptClause, syntax.ExceptGroupClause:
		role = BindExcept
	}
	r.withTarget(i, syntax.FieldAlias, role)
}

// assignment is `target = value`, with further targets nested in the value,
// or an annotated name with or without a value.
func (r *resolver) assignment(i syntax.NodeID) {
	t := r.tree
	left, note, value := t.Child(i, syntax.FieldLeft), t.Child(i, syntax.FieldType), t.Child(i, syntax.FieldRight)
	if note == syntax.NoNode {
		r.withTarget(i, syntax.FieldLeft, Assign)
		return
	}
	if left != syntax.NoNode {
		r.annotated(left, value != syntax.NoNode)
	}
	kind := Evaluated
	if r.table.Scopes[r.scope].Kind == KindFunction {
		kind = Ignored
	}
	r.annotate(r.scope, note, kind)
	if value != syntax.NoNode {
		r.walk(value, r.nodes[value].Next)
	}
}

// annotated is the target of an annotated assignment. Only a bare name is
// recorded as annotated: `(x): int` declares nothing.
func (r *resolver) annotated(left syntax.NodeID, value bool) {
	inner := left
	for k := r.nodes[inner].Kind; k == syntax.TuplePattern || k == syntax.ParenthesizedExpression; k = r.nodes[inner].Kind {
		first := r.tree.FirstNamed(inner)
		if first == syntax.NoNode {
			break
		}
		inner = first
	}
	switch {
	case r.nodes[inner].Kind != syntax.Identifier:
		r.target(left, AnnAssign)
	case inner == left && value:
		r.occur(inner, AnnAssign)
	case inner == left:
		r.occur(inner, AnnOnly)
	case value:
		r.occurIn(r.scope, inner, AnnAssign, Assigned)
	default:
		r.note(r.scope, inner, r.name(inner), AnnOnly, noRecord)
	}
}

// annotate visits an annotation that would be evaluated in scope.
func (r *resolver) annotate(scope ID, n syntax.NodeID, kind Annotation) {
	if n == syntax.NoNode {
		return
	}
	outer := r.annotation
	r.annotation = kind
	if r.table.Future {
		if kind == Evaluated {
			r.annotation = Deferred
		}
		scope = r.open(KindAnnotation, n, scope, "annotation")
	}
	r.within(scope, n)
	r.annotation = outer
}

// declare is a global or nonlocal statement.
func (r *resolver) declare(i syntax.NodeID, role Role) {
	for c := r.tree.FirstNamed(i); c != syntax.NoNode; c = r.tree.AfterNamed(c) {
		if r.nodes[c].Kind == syntax.Identifier {
			r.occur(c, role)
		}
	}
}

// imports is any import statement.
func (r *resolver) imports(i syntax.NodeID) {
	future := r.nodes[i].Kind == syntax.FutureImportStatement && r.leads(i)
	for c := r.tree.First(i); c != syntax.NoNode; c = r.tree.After(c) {
		switch {
		case r.nodes[c].Kind == syntax.WildcardImport:
			r.table.Scopes[r.scope].Unknown = true
		case r.nodes[c].Field != syntax.FieldName:
		case r.nodes[c].Kind == syntax.AliasedImport:
			if future && string(r.tree.Text(r.tree.Child(c, syntax.FieldName))) == "annotations" {
				r.table.Future = true
			}
			if alias := r.tree.Child(c, syntax.FieldAlias); alias != syntax.NoNode {
				r.occur(alias, BindImport)
			}
		case r.nodes[c].Kind == syntax.DottedName:
			if future && string(r.tree.Text(c)) == "annotations" {
				r.table.Future = true
			}
			// `import a.b.c` binds a.
			r.occur(c+1, BindImport)
		}
	}
}

// leads tells whether only the docstring and future imports stand above a
// statement: elsewhere a future import is none to CPython, which refuses the file.
func (r *resolver) leads(i syntax.NodeID) bool {
	for c := r.tree.First(r.tree.Parent(i)); c != i; c = r.tree.After(c) {
		switch r.nodes[c].Kind {
		case syntax.FutureImportStatement, syntax.Comment:
		case syntax.ExpressionStatement:
			if r.nodes[c+1].Kind != syntax.String && r.nodes[c+1].Kind != syntax.ConcatenatedString {
				return false
			}
		default:
			return false
		}
	}
	return r.tree.Parent(i) == 0
}

// pattern is a pattern of a case clause.
func (r *resolver) pattern(n syntax.NodeID) {
	t := r.tree
	switch r.nodes[n].Kind {
	case syntax.Identifier:
		// What follows `as`, `*` or `**`.
		r.occur(n, BindMatch)
	case syntax.DottedName:
		// A bare name captures, a dotted one is compared with.
		if t.After(n+1) == syntax.NoNode && r.nodes[n].Field != syntax.FieldKey {
			r.occur(n+1, BindMatch)
		} else {
			r.load(n + 1)
		}
	case syntax.ClassPattern, syntax.KeywordPattern:
		first := t.FirstNamed(n)
		if first == syntax.NoNode {
			return
		}
		if r.nodes[n].Kind == syntax.ClassPattern {
			r.walk(first, r.nodes[first].Next)
		}
		for c := t.After(first); c != syntax.NoNode; c = t.After(c) {
			r.pattern(c)
		}
	default:
		for c := t.First(n); c != syntax.NoNode; c = t.After(c) {
			r.pattern(c)
		}
	}
}
