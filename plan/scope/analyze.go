package scope

// analyze decides for every record where its name lives. Scopes come after
// their parents, but a record needs only the flags of the scopes around it,
// so the order does not matter. Records added on the way are complete.
func (r *resolver) analyze() {
	class := r.names.id("__class__")
	r.collected = int32(len(r.records))
	for rec := int32(0); rec < r.collected; rec++ {
		k := &r.records[rec]
		switch {
		case k.flags&DeclaredGlobal != 0:
			k.binding, k.owner = GlobalExplicit, Module
		case k.flags&DeclaredNonlocal == 0 && k.flags&bound != 0:
			// May have become a Cell already.
			k.owner = k.scope
		default:
			r.outward(rec, class)
		}
	}
}

// bound are the flags that make a name local to its scope.
const bound = Assigned | Parameter | Imported | TypeParameter

// maxTraces bounds the memory that a file of thousands of nested lambdas can
// take. Traces only mirror symtable; owners do not depend on them.
const maxTraces = 1 << 20

// outward finds the owner of a name that its own scope does not bind, and
// leaves a trace in the scopes between.
func (r *resolver) outward(rec int32, class nameID) {
	scope, name := r.records[rec].scope, r.records[rec].name
	binding, owner := r.search(scope, name, name == class)
	k := &r.records[rec]
	k.binding, k.owner = binding, owner
	if binding != Free || r.chains[scope].detached {
		return
	}
	if home := r.index.get(owner, name); home != noRecord && r.functionLike(owner) {
		r.records[home].binding = Cell
	}
	if len(r.records)-int(r.collected) > maxTraces {
		return
	}
	for s := r.table.Scopes[scope].Parent; s != owner; s = r.table.Scopes[s].Parent {
		if between := r.index.get(s, name); between == noRecord {
			between = r.add(s, name, 0)
			r.records[between].binding, r.records[between].owner = Free, owner
		} else if between < r.collected && (!r.functionLike(s) || r.table.classSeen(s) != NoScope) {
			r.records[between].flags |= PassedThrough
		}
	}
}

// search looks for a name that scope does not bind.
func (r *resolver) search(scope ID, name nameID, isClass bool) (Binding, ID) {
	scopes := r.table.Scopes
	if parent := scopes[scope].Parent; scopes[scope].Kind == KindAnnotation {
		// Text, read as if it were evaluated where it stands.
		switch f := r.flags(parent, name); {
		case parent == Module || f&DeclaredGlobal != 0:
			return GlobalImplicit, Module
		case f&bound != 0 && f&DeclaredNonlocal == 0:
			return Free, parent
		}
		return r.search(parent, name, isClass)
	}
	if class := r.table.classSeen(scope); class != NoScope {
		// Even before the type parameters between.
		switch f := r.flags(class, name); {
		case f&DeclaredGlobal != 0:
			return GlobalExplicit, Module
		case f&bound != 0 && f&DeclaredNonlocal == 0:
			return GlobalImplicit, class
		}
	}
	for s := scopes[scope].Parent; s != NoScope; s = scopes[s].Parent {
		switch scopes[s].Kind {
		case KindModule, KindAnnotation:
		case KindClass:
			if isClass {
				return Free, s
			}
		default:
			switch f := r.flags(s, name); {
			case f&DeclaredGlobal != 0:
				return GlobalImplicit, Module
			case f&bound != 0 && f&DeclaredNonlocal == 0:
				return Free, s
			}
		}
	}
	return GlobalImplicit, Module
}

// flags are those that the walk collected of name in scope.
func (r *resolver) flags(scope ID, name nameID) Flag {
	if rec := r.index.get(scope, name); rec != noRecord {
		return r.records[rec].flags
	}
	return 0
}

// classSeen gives the class whose names the code of scope sees although it is
// not the class's own code: the type scopes that stand directly in a class do.
func (t *Table) classSeen(scope ID) ID {
	for s := &t.Scopes[scope]; ; s = &t.Scopes[s.Parent] {
		switch s.Kind {
		case KindTypeParameters, KindTypeAlias, KindTypeVariable:
			if t.Scopes[s.Parent].Kind == KindClass {
				return s.Parent
			}
		default:
			return NoScope
		}
	}
}
