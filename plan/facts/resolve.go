package facts

import (
	"slices"
	"sort"
	"strings"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// occurrenceAt is the appearance of a name at node; nil when it is no name.
func (g *gatherer) occurrenceAt(node syntax.NodeID) *scope.Occurrence {
	i := g.firstOccurrence(node)
	if i < len(g.occurrences) && g.occurrences[i].Node == node {
		return &g.occurrences[i]
	}
	return nil
}

// firstOccurrence is the index of the first name at node or behind.
func (g *gatherer) firstOccurrence(node syntax.NodeID) int {
	return sort.Search(len(g.occurrences), func(i int) bool { return g.occurrences[i].Node >= node })
}

// lookup is the tracked variable that the identifier at node refers to.
func (g *gatherer) lookup(node syntax.NodeID) (name int, known bool) {
	o := g.occurrenceAt(node)
	if o == nil {
		return 0, false
	}
	if name, known = g.find(o.Owner, o.Name); known {
		return name, true
	}
	if o.Owner > 0 && g.table.Scopes[o.Owner].Kind == scope.KindClass {
		return g.find(scope.Module, o.Name)
	}
	return 0, false
}

// isGlobal tells whether the identifier at node is no variable of the file: a
// builtin, or a name of a star import.
func (g *gatherer) isGlobal(node syntax.NodeID) bool {
	o := g.occurrenceAt(node)
	if o == nil || o.Owner != scope.Module {
		return false
	}
	_, bound := g.find(scope.Module, o.Name)
	return !bound
}

// States of the search for a variable's paths.
const (
	pathsUnknown uint8 = iota
	pathsPending
	pathsKnown
)

// resolve prepares the search for dotted paths. It needs all bindings.
func (g *gatherer) resolve() {
	g.paths = make([][]string, len(g.m.Names))
	g.pathState = make([]uint8, len(g.m.Names))
}

// pathsOf lists the dotted paths, from outside this file, that the variable
// may denote: what its imports name, what a plain alias stands for, and the
// module's own attribute for anything defined here. Several bindings give
// several paths: `try: from unittest import mock`, `except ImportError: import
// mock`. The list is empty when one of them cannot be known.
func (g *gatherer) pathsOf(name int) []string {
	if g.pathState[name] != pathsUnknown {
		return g.paths[name]
	}
	g.pathState[name] = pathsPending
	var list []string
	own := false
	n := &g.m.Names[name]
	for k, b := range n.Bindings {
		switch b.Kind {
		case ByImport:
			if p := g.m.Units[b.Unit].Path(); p != "" {
				list = append(list, p)
			}
		case ByAssign:
			right := g.rights[name][k]
			if found := g.pathsAt(right); len(found) > 0 {
				list = append(list, found...)
			} else if found := g.importedBy(right); found != "" {
				list = append(list, found)
			} else if b.Value != "literal" {
				own = true
			}
		case ByDef, ByClass:
			own = true
		}
	}
	if own && n.Scope == Top && g.m.Name != "" {
		list = append(list, g.m.Name+"."+n.Text)
	}
	list = distinct(list)
	g.paths[name], g.pathState[name] = list, pathsKnown
	return list
}

// enough is how many paths or places of a variable are looked at.
const enough = 16

// distinct drops repeats, and all beyond what any real program needs.
func distinct(list []string) []string {
	out := list[:0]
	for _, p := range list {
		if len(out) < enough && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// pathsAt lists the paths of a name or attribute chain; empty for others.
func (g *gatherer) pathsAt(n syntax.NodeID) []string {
	root := g.rootOf(n)
	if root == syntax.NoNode {
		return nil
	}
	name, known := g.lookup(root)
	if !known {
		return nil
	}
	list := g.pathsOf(name)
	top := n
	for g.kind(top) == syntax.ParenthesizedExpression {
		top = g.firstNamed(top)
	}
	rest := g.tail(root, top)
	if rest == "" || len(list) == 0 {
		return list
	}
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = g.intern([]byte(p + "." + rest))
	}
	return out
}

// named lists what a called or decorating expression may be, as dotted paths;
// a name this file does not bind stands for itself.
func (g *gatherer) named(n syntax.NodeID) []string {
	if list := g.pathsAt(n); len(list) > 0 {
		return list
	}
	if s := g.dotted(n); s != "" {
		return []string{s}
	}
	return nil
}

// objectOf is the best single dotted name of an expression: its path, else its
// text, else "?".
func (g *gatherer) objectOf(n syntax.NodeID) string {
	if list := g.named(n); len(list) > 0 {
		return list[0]
	}
	return "?"
}

// importedBy is the module that `import_module("x")` or sys.modules["x"] gives.
func (g *gatherer) importedBy(n syntax.NodeID) string {
	switch g.kind(n) {
	case syntax.Call:
		args := g.arguments(n)
		for _, f := range g.named(g.child(n, syntax.FieldFunction)) {
			if f == "importlib.import_module" || f == "pytest.importorskip" {
				if v, ok := g.moduleGiven(args); ok {
					return v
				}
			}
		}
	case syntax.Subscript:
		for _, f := range g.pathsAt(g.child(n, syntax.FieldValue)) {
			if f == "sys.modules" {
				if v, ok := g.constant(g.child(n, syntax.FieldSubscript)); ok {
					return v
				}
			}
		}
	}
	return ""
}

// Path is the dotted path of what the unit binds: "a" for `import a.b`, "a.b"
// for `import a.b as c`, "m.x" for `from m import x`. It is "" for a star and
// where the module is not known.
func (u *Unit) Path() string {
	switch {
	case u.Module == "" || u.Attr == "*":
		return ""
	case u.Attr != "":
		return u.Module + "." + u.Attr
	case u.Alias:
		return u.Module
	}
	root, _, _ := strings.Cut(u.Module, ".")
	return root
}

// Denotes gives the dotted path that a name stands for, where an import says
// so: the first one that binds it.
func (m *Module) Denotes(name int) (path string, ok bool) {
	for _, b := range m.Names[name].Bindings {
		if b.Kind == ByImport {
			path = m.Units[b.Unit].Path()
			return path, path != ""
		}
	}
	return "", false
}

// Expand replaces the first part of a dotted name, as written in scope, by
// the path that an import gives it: with `from threading import Thread as T`
// it makes "threading.Thread" of "T". Names that no import binds stay.
func (m *Module) Expand(s ScopeID, dotted string) string {
	root, rest, more := strings.Cut(dotted, ".")
	m.once.Do(m.indexNames)
	for {
		i, found := m.byName[nameKey{s, root}]
		if found {
			for _, b := range m.Names[i].Bindings {
				if b.Kind != ByImport {
					continue
				}
				if p := m.Units[b.Unit].Path(); p != "" {
					if more {
						return p + "." + rest
					}
					return p
				}
			}
			return dotted
		}
		if s <= Top {
			return dotted
		}
		s = m.Scopes[s].Parent
	}
}

// NameAt is the index in Names of the variable text as seen from scope; -1
// when it is none of them. Names of functions without an import of that name
// are not known, so a hit in an outer scope may be hidden by a plain local.
func (m *Module) NameAt(s ScopeID, text string) int {
	m.once.Do(m.indexNames)
	for ; s >= 0; s = m.Scopes[s].Parent {
		if i, found := m.byName[nameKey{s, text}]; found {
			return i
		}
	}
	return -1
}

type nameKey struct {
	scope ScopeID
	text  string
}

func (m *Module) indexNames() {
	m.byName = make(map[nameKey]int, len(m.Names))
	for i := range m.Names {
		m.byName[nameKey{m.Names[i].Scope, m.Names[i].Text}] = i
	}
}
