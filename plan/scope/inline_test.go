package scope_test

import "fastpath/plan/scope"

// A view is a scope as some version of CPython's symtable shows it.
type view struct {
	symbols  []scope.Symbol
	detached bool // inside an annotation that is not evaluated: not shown
	inlined  bool // merged into the scope around it: its symbols are not shown
	merged   bool // it or a scope around it is inlined
	// free are the names that the scope needs from outside.
	free map[string]bool
}

// views gives what symtable shows of each scope. Since 3.12 list, set and dict
// comprehensions run inside the scope around them (PEP 709): symtable merges
// their names into it, and names that only such a comprehension captures stay
// plain locals. The table keeps Python's own view, where every comprehension
// is a scope; this is CPython's step from there, in its order.
func views(t *scope.Table, inline bool) []view {
	vs := make([]view, len(t.Scopes))
	children := make([][]scope.ID, len(t.Scopes))
	for id := range t.Scopes {
		s := &t.Scopes[id]
		v := &vs[id]
		v.symbols = append([]scope.Symbol(nil), s.Symbols...)
		v.detached = s.Kind == scope.KindAnnotation || s.Parent != scope.NoScope && vs[s.Parent].detached
		if s.Parent == scope.NoScope || v.detached {
			continue
		}
		children[s.Parent] = append(children[s.Parent], scope.ID(id))
		v.inlined = inline && s.Kind == scope.KindComprehension && s.Name != "genexpr" && !seesClass(t, s.Parent)
		v.merged = v.inlined || vs[s.Parent].merged
	}
	if inline {
		merge(t, vs, children, scope.Module)
	}
	return vs
}

func seesClass(t *scope.Table, id scope.ID) bool {
	switch s := &t.Scopes[id]; s.Kind {
	case scope.KindTypeParameters, scope.KindTypeAlias, scope.KindTypeVariable:
		return t.Scopes[s.Parent].Kind == scope.KindClass || seesClass(t, s.Parent)
	}
	return false
}

const boundFlags = scope.Assigned | scope.Parameter | scope.Imported | scope.TypeParameter

func merge(t *scope.Table, vs []view, children [][]scope.ID, id scope.ID) {
	v := &vs[id]
	kind := t.Scopes[id].Kind
	v.free = map[string]bool{}
	for _, k := range v.symbols {
		if k.Binding == scope.Free && k.Flags != 0 {
			v.free[k.Name] = true
		}
	}
	newFree := map[string]bool{}
	cells := map[string]bool{}
	find := func(name string) *scope.Symbol {
		for i := range v.symbols {
			if v.symbols[i].Name == name {
				return &v.symbols[i]
			}
		}
		return nil
	}
	for _, c := range children[id] {
		merge(t, vs, children, c)
		free := vs[c].free
		if vs[c].inlined {
			for _, k := range vs[c].symbols {
				if k.Flags&scope.Parameter != 0 || k.Flags == 0 {
					continue
				}
				if k.Binding == scope.Cell || vs[c].cell(k.Name) {
					cells[k.Name] = true
				}
				switch existing := find(k.Name); {
				case existing == nil || existing.Flags == 0:
					if k.Binding == scope.Free && kind == scope.KindClass && k.Name == "__class__" {
						k.Binding = scope.GlobalImplicit
						delete(free, k.Name)
					}
					if existing == nil {
						v.symbols = append(v.symbols, k)
					} else {
						*existing = k
					}
				case existing.Flags&boundFlags != 0:
					if kind != scope.KindClass && !freeInChild(vs, children, c, k.Name) {
						delete(free, k.Name)
					}
				}
			}
		}
		for name := range free {
			newFree[name] = true
		}
	}
	switch kind {
	case scope.KindClass:
		delete(newFree, "__class__")
		for i := range v.symbols {
			if k := &v.symbols[i]; k.Flags != 0 && newFree[k.Name] {
				k.Flags |= scope.PassedThrough
			}
		}
	case scope.KindModule:
	default:
		for i := range v.symbols {
			k := &v.symbols[i]
			if k.Binding != scope.Local && k.Binding != scope.Cell {
				continue
			}
			k.Binding = scope.Local
			if newFree[k.Name] || cells[k.Name] {
				k.Binding = scope.Cell
			}
			delete(newFree, k.Name)
		}
	}
	// Traces of free names that nothing inside needs any more vanish.
	kept := v.symbols[:0]
	for _, k := range v.symbols {
		if k.Flags != 0 || newFree[k.Name] {
			kept = append(kept, k)
		}
	}
	v.symbols = kept
	for name := range newFree {
		v.free[name] = true
	}
}

func (v *view) cell(name string) bool {
	for _, k := range v.symbols {
		if k.Name == name {
			return k.Binding == scope.Cell
		}
	}
	return false
}

// freeInChild tells whether a scope inside id that is left after merging takes
// name from outside.
func freeInChild(vs []view, children [][]scope.ID, id scope.ID, name string) bool {
	for _, c := range children[id] {
		if vs[c].inlined {
			if freeInChild(vs, children, c, name) {
				return true
			}
			continue
		}
		for _, k := range vs[c].symbols {
			if k.Name == name && k.Binding == scope.Free {
				return true
			}
		}
	}
	return false
}
