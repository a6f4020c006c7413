package facts

import (
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// A Place says where a file stands in the module name space.
type Place struct {
	Path    string // slash path relative to the project root
	Name    string // dotted module name; "" when no import can name the file
	Package bool   // an __init__.py
}

// Gather reads the facts of one file off its resolved tree. The Module holds
// no part of the tree or of the source.
func Gather(table *scope.Table, where Place) *Module {
	g := &gatherer{
		tree:   table.Tree,
		table:  table,
		m:      &Module{Path: where.Path, Name: where.Name, Package: where.Package, Future: table.Future},
		owned:  map[variable]int{},
		scopes: map[syntax.NodeID]ScopeID{},
		texts:  map[string]string{},
		spent:  map[syntax.NodeID]bool{},
		inText: map[nameKey]int{},

		classReads: map[nameKey]bool{},
		givenPaths: map[variable][]string{},
		changedIn:  map[attribute]bool{},
		firstRead:  map[string]int{},
	}
	g.findVariables()
	g.walk()
	g.readStray()
	g.resolve()
	g.readReferences()
	g.readBuiltins()
	g.readAttributes()
	g.readCalls()
	g.readMethods()
	g.readAliases()
	g.readWays()
	g.readClasses()
	g.readShared()
	g.readKept()
	g.readParams()
	g.readGives()
	g.readFixtures()
	g.readQuoted()
	g.readStrings()
	g.readComments()
	g.readAll()
	g.readTop()
	g.finish()
	return g.m
}

// A variable is a name together with the scope that owns it.
type variable struct {
	owner scope.ID
	name  string
}

// A place in the walk that a later pass looks at again, with the context it
// was met in. Later passes can ask what a name refers to; the walk cannot, as
// imports may follow their uses.
type site struct {
	node syntax.NodeID
	ctx  context
}

// gatherer is the working state of one Gather.
type gatherer struct {
	tree  *syntax.Tree
	table *scope.Table
	m     *Module

	occurrences []scope.Occurrence // in order of their nodes
	owned       map[variable]int   // tracked variables, as indexes into m.Names
	imports     []bool             // by scope.ID: a function scope that imports
	scopes      map[syntax.NodeID]ScopeID
	texts       map[string]string // interned strings

	stack    []context
	preceded []string // by ScopeID: the first effect met in the code of that def

	binders    []syntax.NodeID // by unit: the identifier it binds, NoNode for a star
	nextUnit   int             // the next unit whose binder is awaited
	rights     [][]syntax.NodeID
	paths      [][]string // by name: what resolve found
	pathState  []uint8
	fromImport []bool // by name: an import binds it
	tableIDs   []scope.ID
	inText     map[nameKey]int
	classReads map[nameKey]bool
	targets    map[variable][]syntax.NodeID // memo of targetsOf
	givenPaths map[variable][]string        // memo of assignedPaths
	left       int                          // how many expressions standsFor may still look at

	firstRead  map[string]int // by attribute name: its first line
	calls      []site
	changed    []site // attributes that are assigned, and names, attributes and calls of which an item is
	decorating []site // decorators that are names or attributes
	returns    []site
	keepings   []keeping
	changedIn  map[attribute]bool
	attributes []site
	builtins   []site
	strings    []site
	quoted     []site
	comments   []site
	classes    []site
	references []reference
	spent      map[syntax.NodeID]bool // strings and calls that are accounted for
}

// A reference is a use of a variable that imports bind.
type reference struct {
	use int
	top syntax.NodeID // the whole attribute chain
	ctx context
}

// text is the source of n; "" for NoNode.
func (g *gatherer) text(n syntax.NodeID) string {
	if n == syntax.NoNode {
		return ""
	}
	return g.intern(g.tree.Text(n))
}

// child and firstNamed are the tree's, but take NoNode for an answer.
func (g *gatherer) child(n syntax.NodeID, f syntax.Field) syntax.NodeID {
	if n == syntax.NoNode {
		return n
	}
	return g.tree.Child(n, f)
}

func (g *gatherer) firstNamed(n syntax.NodeID) syntax.NodeID {
	if n == syntax.NoNode {
		return n
	}
	return g.tree.FirstNamed(n)
}

// intern keeps one copy of each string: names recur all over a file.
func (g *gatherer) intern(b []byte) string {
	if s, ok := g.texts[string(b)]; ok {
		return s
	}
	s := string(b)
	g.texts[s] = s
	return s
}

func (g *gatherer) line(n syntax.NodeID) int { return g.tree.Line(g.tree.Nodes[n].Start) }

func (g *gatherer) kind(n syntax.NodeID) syntax.Kind { return g.tree.Kind(n) }

// is compares a node's text without allocating.
func (g *gatherer) is(n syntax.NodeID, s string) bool {
	return n != syntax.NoNode && string(g.tree.Text(n)) == s
}

// walk visits every node once, in source order, keeping the context on a
// stack: no node climbs to the root, so depth costs nothing.
func (g *gatherer) walk() {
	nodes := g.tree.Nodes
	g.m.Scopes = append(g.m.Scopes, Scope{Kind: ModuleScope, Parent: -1, Line: 1,
		Span: syntax.Span{End: uint32(len(g.tree.Source))}, Body: syntax.Span{End: uint32(len(g.tree.Source))}})
	g.preceded = append(g.preceded, "")
	g.scopes[syntax.Root] = Top
	g.stack = append(g.stack, context{end: nodes[0].Next, node: syntax.Root, opens: -1, annotated: -1})
	next := 0
	for i := syntax.NodeID(0); int(i) < len(nodes); i++ {
		for len(g.stack) > 1 && i >= g.stack[len(g.stack)-1].end {
			g.stack = g.stack[:len(g.stack)-1]
		}
		g.enter(i)
		for next < len(g.occurrences) && g.occurrences[next].Node <= i {
			g.occurrence(g.occurrences[next])
			next++
		}
	}
}

// here is the innermost context.
func (g *gatherer) here() *context { return &g.stack[len(g.stack)-1] }

// push opens a context that lasts for the subtree of n.
func (g *gatherer) push(n syntax.NodeID) *context {
	c := g.stack[len(g.stack)-1]
	c.node, c.end, c.opens, c.test = n, g.tree.Nodes[n].Next, -1, testOther
	g.stack = append(g.stack, c)
	return g.here()
}

// keep remembers n for a later pass.
func (g *gatherer) keep(list *[]site, n syntax.NodeID) {
	*list = append(*list, site{n, *g.here()})
}
