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
	for s := r.table.Scopes[scope].Parent; s != owner; s = r.table.Scopes[s].Parent {
		if between := r.index.get(s, name); between == noRecord {
			between = r.add(s, name, 0)
			r.records[between].binding, r.records[between].owner = Free, owner
		} else if between < r.collected && (!r.functionLike(s) || r.seesClass(s)) {
			r.records[between].flags |= PassedThrough
		}
	}
}

// search looks for name outside scope. A class is seen only by the type
// scopes and the unevaluated annotations that stand directly in it.
func (r *resolver) search(scope ID, name nameID, isClass bool) (Binding, ID) {
	scopes := r.table.Scopes
	near := r.seesClass(scope)
	for s := scopes[scope].Parent; s != NoScope; s = scopes[s].Parent {
		rec := r.index.get(s, name)
		switch scopes[s].Kind {
		case KindModule:
			return GlobalImplicit, Module
		case KindAnnotation:
			continue
		case KindClass:
			if near && rec != noRecord {
				switch f := r.records[rec].flags; {
				case f&DeclaredGlobal != 0:
					return GlobalExplicit, Module
				case f&bound != 0 && f&DeclaredNonlocal == 0:
					return GlobalImplicit, s
				}
			}
			near = false
			if isClass && !r.standsIn(scope, s) {
				return Free, s
			}
		default:
			if !r.seesClass(s) {
				near = false
			}
			if rec == noRecord {
				continue
			}
			switch f := r.records[rec].flags; {
			case f&DeclaredGlobal != 0:
				return GlobalImplicit, Module
			case f&DeclaredNonlocal == 0 && f&bound != 0:
				return Free, s
			}
		}
	}
	return GlobalImplicit, Module
}

// seesClass tells whether names of a class directly around scope are visible
// in it.
func (r *resolver) seesClass(scope ID) bool {
	s := &r.table.Scopes[scope]
	switch s.Kind {
	case KindAnnotation:
		return true
	case KindTypeParameters, KindTypeAlias, KindTypeVariable:
		return r.table.Scopes[s.Parent].Kind == KindClass || r.seesClass(s.Parent)
	}
	return false
}

// standsIn tells whether scope is an unevaluated annotation of class itself.
func (r *resolver) standsIn(scope, class ID) bool {
	return r.table.Scopes[scope].Kind == KindAnnotation && r.table.Scopes[scope].Parent == class
}
