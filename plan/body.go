package plan

import (
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/graph"
)

// A code is a def of the tree, as something that runs.
type code struct {
	file int
	def  facts.ScopeID
}

// A body is what the code of a def does to modules of the tree when it runs,
// as far as names tell. What its parameters are, nobody knows.
type body struct {
	reads []bodyRead
	units []int // its own imports, by unit
	outcome
}

// A bodyRead is the read of a name of a module.
type bodyRead struct {
	of   int
	attr string
}

// An outcome is what a call, or the making of a class, leads to.
type outcome struct {
	enters []code
	// doubt are the modules whose objects do what cannot be told: anything that
	// one of them could reach may be read.
	doubt []int
}

// followed is the number of defs up to which what a call leads to is followed.
const followed = 2000

// bodyOf reads the body of a def from the facts.
func (w *world) bodyOf(c code) *body {
	if b, ok := w.bodies[c]; ok {
		return b
	}
	b := &body{}
	w.bodies[c] = b
	m := w.facts(c.file)
	for _, i := range w.usesInside(c.file)[c.def] {
		use := m.Uses[i]
		if lazyRole(use) {
			continue
		}
		if m.Names[use.Name].Scope == facts.Top {
			b.reads = append(b.reads, bodyRead{c.file, m.Names[use.Name].Text})
		}
		w.eachRead(m, use, func(of int, attr string) { b.reads = append(b.reads, bodyRead{of, attr}) })
		w.follow(&b.outcome, c.file, use)
	}
	for unit, u := range m.Units {
		if st := &m.Statements[u.Statement]; st.Site == facts.SiteFunction && u.Module != "" && m.Inside(st.Scope, c.def) {
			b.units = append(b.units, unit)
		}
	}
	b.enters = append(b.enters, w.methodsCalled(c.file, func(s facts.ScopeID) bool { return m.Inside(s, c.def) })...)
	return b
}

// methodsCalled lists the methods of a file that have the names of what its code
// calls in some of its scopes.
func (w *world) methodsCalled(file int, counts func(facts.ScopeID) bool) []code {
	var list []code
	for _, call := range w.facts(file).Calls {
		if call.Attr != "?" && counts(call.Scope) {
			for _, method := range w.methodsNamed(file)[call.Attr] {
				list = append(list, code{file, method})
			}
		}
	}
	return list
}

// usesInside lists, by def, the uses in its code and in that of the scopes
// inside it.
func (w *world) usesInside(file int) map[facts.ScopeID][]int {
	if list, ok := w.inside[file]; ok {
		return list
	}
	m := w.facts(file)
	list := map[facts.ScopeID][]int{}
	for i, use := range m.Uses {
		for s := use.Scope; s > facts.Top; s = m.Scopes[s].Parent {
			if m.Scopes[s].Kind == facts.DefScope {
				list[s] = append(list[s], i)
			}
		}
	}
	w.inside[file] = list
	return list
}

// methodsNamed are the methods of the classes of a file, by name.
func (w *world) methodsNamed(file int) map[string][]facts.ScopeID {
	if list, ok := w.methods[file]; ok {
		return list
	}
	m := w.facts(file)
	list := map[string][]facts.ScopeID{}
	for s := range m.Scopes {
		if sc := &m.Scopes[s]; sc.Kind == facts.DefScope && m.Scopes[sc.Parent].Kind == facts.ClassScope {
			list[sc.Name] = append(list[sc.Name], facts.ScopeID(s))
		}
	}
	w.methods[file] = list
	return list
}

// eachRead gives each attribute of a module of the tree that a use reads.
func (w *world) eachRead(m *facts.Module, use facts.Use, read func(of int, attr string)) {
	base, ok := m.Denotes(use.Name)
	for rest := use.Chain; ok && rest != ""; {
		i, inTree := w.byName[base]
		if !inTree {
			return
		}
		attr := firstPart(rest)
		read(i, attr)
		base, rest = base+"."+attr, rest[min(len(attr)+1, len(rest)):]
	}
}

// pathOf is the dotted path of what a use reads; ok tells whether it may be a
// thing of the tree.
func (w *world) pathOf(file int, use facts.Use) (path string, ok bool) {
	m := w.facts(file)
	if path, ok = m.Denotes(use.Name); !ok {
		name := m.Names[use.Name]
		if m.Name == "" || name.Scope != facts.Top || w.byName[m.Name] != file {
			return "", false
		}
		path = m.Name + "." + name.Text
	}
	return path + suffix(use.Chain), true
}

// follow adds what a use sets going: a call, a decorator, a base class.
func (w *world) follow(o *outcome, file int, use facts.Use) {
	path, ok := w.pathOf(file, use)
	if !ok {
		return
	}
	switch {
	case use.Role == facts.InBase && !use.Called:
		w.subclass(o, path, 0)
	case use.Called || use.Applied:
		w.call(o, path, 0)
	case use.Chain != "" && use.Role == facts.Plain:
		w.attribute(o, path)
	}
}

// call adds what calling the object at a dotted path enters.
func (w *world) call(o *outcome, path string, depth int) {
	w.object(o, path, depth, func(owner int, b facts.Bind, method string) {
		m := w.facts(owner)
		switch {
		case b.Kind == facts.ByDef && method == "":
			o.enters = append(o.enters, code{owner, b.Defines})
		case b.Kind == facts.ByClass && method == "":
			w.members(o, owner, b.Defines, depth, "__init__", "__new__", "__post_init__", "__call__")
		case b.Kind == facts.ByClass:
			w.members(o, owner, b.Defines, depth, last(method))
		case b.Kind == facts.ByAssign && method != "" && w.instanceOf(o, owner, b.Made, method, depth):
		case b.Kind != facts.ByDef && !(b.Kind == facts.ByAssign && b.Value == "literal"):
			o.unknown(w, m, owner, last(method))
		}
	}, w.call)
}

// instanceOf adds what calling a method enters of an object that a class of the tree
// has made; it is false where that is not known.
func (w *world) instanceOf(o *outcome, owner int, class, method string, depth int) bool {
	c, ok := w.classNamed(owner, class, 0)
	if !ok || strings.Contains(method, ".") {
		return false
	}
	before := len(o.enters)
	w.members(o, c.file, c.class, depth, method, "__getattr__", "__getattribute__")
	return len(o.enters) > before
}

// subclass adds what making a subclass of the class at a dotted path enters.
func (w *world) subclass(o *outcome, path string, depth int) {
	w.object(o, path, depth, func(owner int, b facts.Bind, method string) {
		switch {
		case b.Kind == facts.ByClass && method == "":
			w.members(o, owner, b.Defines, depth, "__init_subclass__")
			if isMeta := w.facts(owner).Scopes[b.Defines]; derives(isMeta, "type") {
				w.members(o, owner, b.Defines, depth, "__new__", "__init__", "__call__", "__prepare__")
			}
		case b.Kind == facts.ByAssign && b.Value != "literal":
			o.doubt = append(o.doubt, owner)
		}
	}, w.subclass)
}

// attribute adds what reading an attribute of a variable may enter, such as a
// property.
func (w *world) attribute(o *outcome, path string) {
	w.object(o, path, 0, func(owner int, b facts.Bind, method string) {
		if b.Kind == facts.ByAssign && b.Value == "" && method != "" {
			o.unknown(w, w.facts(owner), owner, last(method))
		}
	}, func(o *outcome, path string, depth int) {
		if depth < 2 {
			w.attribute(o, path)
		}
	})
}

// unknown adds what an object that a module made may do under a method's name:
// what classes of that module do, else anything.
func (o *outcome) unknown(w *world, m *facts.Module, owner int, method string) {
	if method == "" {
		o.doubt = append(o.doubt, owner)
		return
	}
	found := false
	for _, name := range []string{method, "__getattr__", "__getattribute__"} {
		for _, def := range w.methodsNamed(owner)[name] {
			o.enters = append(o.enters, code{owner, def})
			found = found || name == method
		}
	}
	if !found && w.importsTree(m) {
		o.doubt = append(o.doubt, owner)
	}
}

// importsTree tells whether the module could have made its objects of classes
// of other modules of the tree.
func (w *world) importsTree(m *facts.Module) bool {
	for _, u := range m.Units {
		if w.inTree(u.Module) {
			return true
		}
	}
	return false
}

// object looks a dotted path up in the tree and shows each binding that its
// first name behind the module has, with the rest of the path. Imports and other
// names for the same thing are followed by again.
func (w *world) object(o *outcome, path string, depth int, show func(owner int, b facts.Bind, rest string), again func(*outcome, string, int)) {
	module, rest := w.splitModule(path)
	owner, ok := w.byName[module]
	if !ok || rest == "" {
		return
	}
	if depth > 12 {
		o.doubt = append(o.doubt, owner)
		return
	}
	m := w.facts(owner)
	name, method, _ := strings.Cut(rest, ".")
	n := w.top(m, name)
	if n < 0 {
		if source, ok := w.starSource(m, name, 0); ok {
			again(o, source+"."+rest, depth+1)
		} else if len(m.Dunder) > 0 || w.stars(m) {
			o.doubt = append(o.doubt, owner)
		}
		return
	}
	for _, b := range m.Names[n].Bindings {
		switch {
		case b.Kind == facts.ByImport:
			if p := m.Units[b.Unit].Path(); p != "" && p+suffix(method) != path {
				again(o, p+suffix(method), depth+1)
			}
		case b.Kind == facts.ByAssign && b.Value != "" && b.Value != "literal":
			same := m.Expand(facts.Top, b.Value)
			if owned, _ := w.splitModule(same); !w.inTree(owned) {
				if root, _, _ := strings.Cut(same, "."); w.top(m, root) >= 0 && root != name {
					again(o, m.Name+"."+same+suffix(method), depth+1)
				}
				continue
			}
			if same+suffix(method) != path {
				again(o, same+suffix(method), depth+1)
			}
		case b.Kind != facts.ByDeclaration:
			show(owner, b, method)
		}
	}
}

func (w *world) stars(m *facts.Module) bool {
	for _, u := range m.Units {
		if u.Attr == "*" && w.inTree(u.Module) {
			return true
		}
	}
	return false
}

// members adds the methods of a class with one of the names, and those of the
// classes that it derives from and of their metaclasses.
func (w *world) members(o *outcome, owner int, class facts.ScopeID, depth int, names ...string) {
	m := w.facts(owner)
	for _, name := range names {
		for _, def := range w.methodsNamed(owner)[name] {
			if m.Scopes[def].Parent == class {
				o.enters = append(o.enters, code{owner, def})
			}
		}
	}
	above := func(o *outcome, path string, depth int) {}
	show := func(owner int, b facts.Bind, method string) {
		if b.Kind == facts.ByClass && method == "" {
			w.members(o, owner, b.Defines, depth+1, names...)
		} else if b.Kind == facts.ByAssign && b.Value != "literal" {
			o.doubt = append(o.doubt, owner)
		}
	}
	above = func(o *outcome, path string, depth int) { w.object(o, path, depth, show, above) }
	qualify := func(text string) string {
		path := m.Expand(facts.Top, text)
		if module, _ := w.splitModule(path); w.inTree(module) {
			return path
		}
		return m.Name + "." + path
	}
	for _, base := range m.Scopes[class].Bases {
		if base != "?" {
			above(o, qualify(base), depth+1)
		}
	}
	for _, e := range m.Touches {
		if e.Code == "metaclass" && e.Line == m.Scopes[class].Line && e.Detail != "" {
			w.object(o, qualify(e.Detail), depth+1, func(owner int, b facts.Bind, method string) {
				if b.Kind == facts.ByClass && method == "" {
					w.members(o, owner, b.Defines, depth+1, "__new__", "__init__", "__call__", "__prepare__")
				}
			}, above)
		}
	}
}

func derives(class facts.Scope, base string) bool {
	for _, b := range class.Bases {
		if b == base || strings.HasSuffix(b, "Meta") || strings.HasSuffix(b, "Type") {
			return true
		}
	}
	return false
}

// reach is what code of a module of the tree could get at: the modules that
// imports lead to from there, wherever they stand.
func (w *world) reach(file int) *graph.Reach {
	if r, ok := w.reaches[file]; ok {
		return r
	}
	n, _ := w.graph.Find(w.nodeName(file))
	r := w.graph.Load([]graph.Node{n}, graph.Any)
	w.reaches[file] = r
	return r
}

func (w *world) statement(file, unit int) *facts.Statement {
	m := w.facts(file)
	return &m.Statements[m.Units[unit].Statement]
}
