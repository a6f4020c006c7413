package scope

import "fastpath/plan/syntax"

// function is a def. Its name, decorators, defaults and annotations belong to
// the scope around it; annotations also see its type parameters.
func (r *resolver) function(i syntax.NodeID) {
	t := r.tree
	name := t.Child(i, syntax.FieldName)
	text := ""
	if name != syntax.NoNode {
		r.occur(name, BindDef)
		text = r.spelled(name)
	}
	around := r.typeParameters(t.Child(i, syntax.FieldTypeParameters), text)
	body := r.open(KindFunction, i, around, text)
	r.parameters(t.Child(i, syntax.FieldParameters), body, around)
	r.annotate(around, t.Child(i, syntax.FieldReturnType), Evaluated)
	r.within(body, t.Child(i, syntax.FieldBody))
}

func (r *resolver) lambda(i syntax.NodeID) {
	body := r.open(KindLambda, i, r.scope, "lambda")
	r.parameters(r.tree.Child(i, syntax.FieldParameters), body, r.scope)
	r.within(body, r.tree.Child(i, syntax.FieldBody))
}

// parameters binds in body, evaluates defaults where the walk is, and
// annotations in around.
func (r *resolver) parameters(list syntax.NodeID, body, around ID) {
	if list == syntax.NoNode {
		return
	}
	t := r.tree
	for c := t.FirstNamed(list); c != syntax.NoNode; c = t.AfterNamed(c) {
		switch r.nodes[c].Kind {
		case syntax.DefaultParameter, syntax.TypedDefaultParameter, syntax.TypedParameter:
			for p := t.FirstNamed(c); p != syntax.NoNode; p = t.AfterNamed(p) {
				switch r.nodes[p].Field {
				case syntax.FieldType:
					r.annotate(around, p, Evaluated)
				case syntax.FieldValue:
					r.walk(p, r.nodes[p].Next)
				default:
					r.parameter(p, body)
				}
			}
		default:
			r.parameter(c, body)
		}
	}
}

// parameter binds a name, or the name behind * or **.
func (r *resolver) parameter(n syntax.NodeID, body ID) {
	switch r.nodes[n].Kind {
	case syntax.Identifier:
		r.occurIn(body, n, BindParameter, Parameter)
	case syntax.ListSplatPattern, syntax.DictionarySplatPattern:
		if name := r.tree.FirstNamed(n); name != syntax.NoNode {
			r.parameter(name, body)
		}
	}
}

// class is a class statement. Decorators, bases and keywords belong to the
// scope around it; bases also see its type parameters.
func (r *resolver) class(i syntax.NodeID) {
	t := r.tree
	name := t.Child(i, syntax.FieldName)
	text := ""
	if name != syntax.NoNode {
		r.occur(name, BindClass)
		text = r.spelled(name)
	}
	outer := r.mangling
	inner := manglingFor(text)
	generic := t.Child(i, syntax.FieldTypeParameters)
	around := r.scope
	if generic != syntax.NoNode {
		r.mangling = inner
		r.mangling.only = new([]nameID)
		around = r.typeParameters(generic, text)
	}
	body := r.open(KindClass, i, around, text)
	r.within(around, t.Child(i, syntax.FieldSuperclasses))
	r.mangling = inner
	if generic != syntax.NoNode {
		r.add(body, r.names.id("__type_params__"), Assigned)
	}
	r.within(body, t.Child(i, syntax.FieldBody))
	r.mangling = outer
}

// spelled is the name at node as symtable names scopes: not mangled.
func (r *resolver) spelled(node syntax.NodeID) string {
	return r.names.text[r.names.idOf(r.tree.Text(node))]
}

// typeParameters opens the hidden scope of a generic definition and gives it;
// without a list it gives the current scope.
func (r *resolver) typeParameters(list syntax.NodeID, owner string) ID {
	if list == syntax.NoNode {
		return r.scope
	}
	t := r.tree
	outer := r.scope
	r.scope = r.open(KindTypeParameters, list, outer, owner)
	name := ""
	for c := t.FirstNamed(list); c != syntax.NoNode; c = t.AfterNamed(c) {
		if r.nodes[c].Field == syntax.FieldValue {
			r.lazily(c, name)
		} else {
			name = r.typeParameter(c)
		}
	}
	around := r.scope
	r.scope = outer
	return around
}

// lazily visits a bound or default of the type parameter name. Each has a
// scope of its own, because it is evaluated only when asked for.
func (r *resolver) lazily(n syntax.NodeID, name string) {
	r.within(r.open(KindTypeVariable, n, r.scope, name), n)
}

// typeParameter is `T`, `T: bound`, `*Ts` or `**P`; it gives the name.
func (r *resolver) typeParameter(n syntax.NodeID) string {
	t := r.tree
	name, bound := n, syntax.NoNode
	for r.nodes[name].Kind != syntax.Identifier {
		first := t.FirstNamed(name)
		if first == syntax.NoNode {
			return ""
		}
		if r.nodes[name].Kind == syntax.ConstrainedType {
			bound = t.AfterNamed(first)
		}
		name = first
	}
	id := r.names.idOf(t.Text(name))
	if only := r.mangling.only; only != nil {
		*only = append(*only, id)
	}
	r.occur(name, BindTypeParameter)
	if bound != syntax.NoNode {
		r.lazily(bound, r.names.text[id])
	}
	return r.names.text[id]
}

// typeAlias is `type X[T] = value`.
func (r *resolver) typeAlias(i syntax.NodeID) {
	t := r.tree
	left := t.FirstNamed(i)
	name, generic := t.FirstNamed(left), syntax.NoNode
	if t.Kind(name) == syntax.GenericType {
		name = t.FirstNamed(name)
		generic = t.AfterNamed(name)
	}
	if t.Kind(name) != syntax.Identifier {
		r.walk(left, r.nodes[i].Next)
		return
	}
	r.occur(name, BindTypeAlias)
	text := r.spelled(name)
	around := r.typeParameters(generic, text)
	alias := r.open(KindTypeAlias, i, around, text)
	for c := t.AfterNamed(left); c != syntax.NoNode; c = t.AfterNamed(c) {
		r.within(alias, c)
	}
}

// comprehension is a scope of its own, except for the iterable of its first
// clause, which is evaluated where the comprehension stands.
func (r *resolver) comprehension(i syntax.NodeID, name string) {
	t := r.tree
	outer := r.scope
	inner := r.open(KindComprehension, i, outer, name)
	first := true
	r.scope = inner
	for c := t.First(i); c != syntax.NoNode; c = t.After(c) {
		if r.nodes[c].Kind != syntax.ForInClause {
			r.walk(c, r.nodes[c].Next)
			continue
		}
		for p := t.First(c); p != syntax.NoNode; p = t.After(p) {
			switch {
			case r.nodes[p].Field == syntax.FieldLeft:
				r.target(p, Assign)
			case first:
				r.within(outer, p)
			default:
				r.walk(p, r.nodes[p].Next)
			}
		}
		first = false
	}
	r.scope = outer
}

// namedExpression is a walrus. In a comprehension it binds in the function or
// module around all comprehensions.
func (r *resolver) namedExpression(i syntax.NodeID) {
	t := r.tree
	name, value := t.Child(i, syntax.FieldName), t.Child(i, syntax.FieldValue)
	if t.Kind(name) != syntax.Identifier || value == syntax.NoNode {
		r.walk(i+1, r.nodes[i].Next)
		return
	}
	if r.table.Scopes[r.scope].Kind == KindComprehension {
		r.leak(r.name(name))
	}
	r.occur(name, Assign)
	r.walk(value, r.nodes[value].Next)
}

// leak declares in the current comprehension where a walrus target lives.
func (r *resolver) leak(name nameID) {
	home := r.scope
	for r.table.Scopes[home].Kind == KindComprehension {
		home = r.table.Scopes[home].Parent
	}
	switch r.table.Scopes[home].Kind {
	case KindFunction, KindLambda:
		declared := DeclaredNonlocal
		if rec := r.index.get(home, name); rec != noRecord && r.records[rec].flags&DeclaredGlobal != 0 {
			declared = DeclaredGlobal
		}
		r.add(r.scope, name, declared)
		r.add(home, name, Assigned)
	case KindModule:
		r.add(r.scope, name, DeclaredGlobal)
	}
}
