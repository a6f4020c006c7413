package scope

import "fastpath/plan/syntax"

// Resolve finds the scope and the owner of every name of t. It is total: on a
// tree of a program that CPython would refuse it still gives some answer.
func Resolve(t *syntax.Tree) *Table {
	r := &resolver{
		tree:  t,
		nodes: t.Nodes,
		table: &Table{Tree: t},
		names: names{ids: make(map[string]nameID, 64+len(t.Nodes)/64), encoding: t.Encoding},
		index: newIndex(len(t.Nodes) / 32),
	}
	r.table.Occurrences = make([]Occurrence, 0, len(t.Nodes)/5)
	r.places = make([]int32, 0, len(t.Nodes)/5)
	r.open(KindModule, syntax.Root, NoScope, "top")
	r.walk(syntax.Root+1, int32(len(t.Nodes)))
	r.analyze()
	r.finish()
	return r.table
}

// A resolver makes one table in two passes: the walk collects what each scope
// does with each name, analyze then decides where each name lives.
type resolver struct {
	tree  *syntax.Tree
	nodes []syntax.Node
	table *Table
	names names

	records   []record
	collected int32 // records of the walk; those after it are traces of analyze
	index     index
	chains    []chain // of each scope
	places    []int32 // of each occurrence: its record, or noRecord

	scope      ID // where the walk is
	mangling   mangling
	annotation Annotation
	execs      []int32 // occurrences of exec that are called
}

const noRecord int32 = -1

// A record is a symbol in the making. The records of a scope form a list in
// order of first occurrence.
type record struct {
	name    nameID
	scope   ID
	next    int32
	owner   ID
	flags   Flag
	binding Binding
}

// A chain is the list of records of one scope.
type chain struct {
	first, last int32
	count       int32
	detached    bool // inside an annotation that is not evaluated
}

// open adds a scope; it does not enter it.
func (r *resolver) open(kind Kind, node syntax.NodeID, parent ID, name string) ID {
	id := ID(len(r.table.Scopes))
	r.table.Scopes = append(r.table.Scopes, Scope{Kind: kind, Node: node, Parent: parent, Name: name})
	detached := kind == KindAnnotation || parent != NoScope && r.chains[parent].detached
	r.chains = append(r.chains, chain{first: noRecord, last: noRecord, detached: detached})
	return id
}

// add notes that scope does flags with name, and gives the record.
func (r *resolver) add(scope ID, name nameID, flags Flag) int32 {
	rec, found := r.index.put(scope, name, int32(len(r.records)))
	if !found {
		r.records = append(r.records, record{name: name, scope: scope, next: noRecord, owner: NoScope})
		c := &r.chains[scope]
		if c.first == noRecord {
			c.first = rec
		} else {
			r.records[c.last].next = rec
		}
		c.last = rec
		c.count++
	}
	r.records[rec].flags |= flags
	if flags&DeclaredGlobal != 0 && scope != Module {
		r.add(Module, name, DeclaredGlobal)
	}
	return rec
}

// flagsOf says what each role means in symtable's terms. A del binds, and an
// augmented assignment does not count as a reference.
var flagsOf = [...]Flag{
	Load:              Referenced,
	Delete:            Assigned | Deleted,
	DeclareGlobal:     DeclaredGlobal,
	DeclareNonlocal:   DeclaredNonlocal,
	Assign:            Assigned,
	AugAssign:         Assigned,
	AnnAssign:         Assigned | Annotated,
	AnnOnly:           Assigned | Annotated,
	BindParameter:     Parameter,
	BindImport:        Imported,
	BindDef:           Assigned,
	BindClass:         Assigned,
	BindExcept:        Assigned,
	BindMatch:         Assigned,
	BindTypeParameter: Assigned | TypeParameter,
	BindTypeAlias:     Assigned,
}

// occur notes one appearance of a name in the current scope.
func (r *resolver) occur(node syntax.NodeID, role Role) {
	r.occurIn(r.scope, node, role, flagsOf[role])
}

func (r *resolver) occurIn(scope ID, node syntax.NodeID, role Role, flags Flag) {
	name := r.name(node)
	r.note(scope, node, name, role, r.add(scope, name, flags))
}

func (r *resolver) note(scope ID, node syntax.NodeID, name nameID, role Role, place int32) {
	r.table.Occurrences = append(r.table.Occurrences, Occurrence{
		Node: node, Name: r.names.text[name], Scope: scope, Role: role, Annotation: r.annotation,
	})
	r.places = append(r.places, place)
}

// load notes that the name at node is read.
func (r *resolver) load(node syntax.NodeID) {
	r.occur(node, Load)
	n := &r.nodes[node]
	switch n.End - n.Start {
	case 4:
		if n.Field == syntax.FieldFunction && string(r.tree.Text(node)) == "exec" {
			r.execs = append(r.execs, int32(len(r.places)-1))
		}
	case 5:
		// The zero-argument super() finds its class through this hidden cell.
		if r.functionLike(r.scope) && string(r.tree.Text(node)) == "super" {
			r.add(r.scope, r.names.id("__class__"), Referenced)
		}
	}
}

// functionLike tells whether inner scopes see the names of scope.
func (r *resolver) functionLike(scope ID) bool {
	switch r.table.Scopes[scope].Kind {
	case KindModule, KindClass, KindAnnotation:
		return false
	}
	return true
}

// finish copies the records into the table.
func (r *resolver) finish() {
	t := r.table
	all := make([]Symbol, 0, len(r.records))
	for id := range t.Scopes {
		from := len(all)
		for rec := r.chains[id].first; rec != noRecord; rec = r.records[rec].next {
			k := &r.records[rec]
			all = append(all, Symbol{Name: r.names.text[k.name], Binding: k.binding, Owner: k.owner, Flags: k.flags})
		}
		t.Scopes[id].Symbols = all[from:len(all):len(all)]
	}
	for i := range t.Occurrences {
		o := &t.Occurrences[i]
		if rec := r.places[i]; rec != noRecord {
			o.Owner = r.records[rec].owner
		} else {
			o.Owner, _ = t.Lookup(o.Scope, o.Name)
		}
	}
	for _, i := range r.execs {
		o := &t.Occurrences[i]
		if owner, bound := t.Lookup(o.Scope, o.Name); owner != Module || bound {
			continue
		}
		// Text that is executed binds in the class around it; saying "global"
		// it binds in the module from anywhere. It cannot bind in a function.
		t.Scopes[Module].Unknown = true
		if s := &t.Scopes[o.Scope]; s.Kind == KindClass {
			s.Unknown = true
		}
	}
}
