package scope

import "strings"

// Symbol gives the symbol of name in scope itself, nil when there is none.
func (t *Table) Symbol(scope ID, name string) *Symbol {
	symbols := t.Scopes[scope].Symbols
	for i := range symbols {
		if symbols[i].Name == name {
			return &symbols[i]
		}
	}
	return nil
}

// Mangle gives the name under which the compiler knows name when it stands in
// scope: private names carry their class.
func (t *Table) Mangle(scope ID, name string) string {
	if !strings.HasPrefix(name, "__") || strings.HasSuffix(name, "__") {
		return name
	}
	for s := scope; s != NoScope; s = t.Scopes[s].Parent {
		if t.Scopes[s].Kind == KindClass {
			if class := manglingFor(t.Scopes[s].Name).class; class != "" {
				return "_" + class + name
			}
			return name
		}
	}
	return name
}

// Lookup resolves name as if it were read in scope, whether or not it occurs
// there: for names in text, such as a quoted annotation. The name must already
// be mangled (see Mangle). bound tells whether any binding of it is seen in
// the owner; a name that some function declares global counts as bound in the
// module. Where it is false the name is a builtin, comes from an Unknown
// scope, or is missing.
func (t *Table) Lookup(scope ID, name string) (owner ID, bound bool) {
	if s := t.Symbol(scope, name); s != nil {
		return s.Owner, t.binds(s.Owner, name)
	}
	if t.Scopes[scope].Kind == KindAnnotation {
		return t.Lookup(t.Scopes[scope].Parent, name)
	}
	if class := t.classSeen(scope); class != NoScope && t.binds(class, name) {
		return class, true
	}
	for s := t.Scopes[scope].Parent; s != NoScope; s = t.Scopes[s].Parent {
		switch t.Scopes[s].Kind {
		case KindModule, KindAnnotation:
			continue
		case KindClass:
			if name == "__class__" {
				return s, true
			}
			continue
		}
		k := t.Symbol(s, name)
		if k != nil && k.Binding != GlobalImplicit && (k.Binding != GlobalExplicit || k.Flags&DeclaredGlobal != 0) {
			return k.Owner, t.binds(k.Owner, name)
		}
	}
	return Module, t.binds(Module, name)
}

// binds tells whether a binding of name is seen in scope.
func (t *Table) binds(scope ID, name string) bool {
	s := t.Symbol(scope, name)
	if s == nil {
		return name == "__class__" && t.Scopes[scope].Kind == KindClass
	}
	return s.Flags&(bound|DeclaredGlobal) != 0 && s.Owner == scope
}
