// Package graph knows which module loads which, eagerly or not.
//
// It must not know edits or policy. Its invariant: an edge stands for one
// import that can really run; what loads is what is reachable over eager
// edges from the entries, parents of dotted names included.
package graph

import (
	"maps"
	"slices"
	"strings"
)

// A Node is an index into the graph's modules.
type Node = int32

// An Edge is one import of a module by another.
type Edge struct {
	To    Node
	Eager bool  // runs while the importer is being imported
	Tag   int32 // the caller's number for the import that makes the edge; -1 for none
}

// A Graph is a growing set of modules and edges. Nodes keep the order in
// which they were first named.
type Graph struct {
	names []string
	index map[string]Node
	out   [][]Edge
	self  []float64 // milliseconds
	back  [][]Node  // memo of importers
}

// New makes an empty graph.
func New() *Graph { return &Graph{index: map[string]Node{}} }

// Add gives the node of a module, made on first sight. A name in angle brackets
// is a file without a dotted name. A dotted module loads
// its parents first, so each child has an eager edge to its parent.
func (g *Graph) Add(name string) Node {
	if n, ok := g.index[name]; ok {
		return n
	}
	n := Node(len(g.names))
	g.names = append(g.names, name)
	g.out = append(g.out, nil)
	g.self = append(g.self, 0)
	g.index[name] = n
	if i := strings.LastIndexByte(name, '.'); i > 0 && name[0] != '<' {
		parent := g.Add(name[:i])
		g.out[n] = append(g.out[n], Edge{To: parent, Eager: true, Tag: -1})
	}
	return n
}

// Find gives the node of a module that was added.
func (g *Graph) Find(name string) (Node, bool) {
	n, ok := g.index[name]
	return n, ok
}

// Name is the dotted name of n.
func (g *Graph) Name(n Node) string { return g.names[n] }

// Len is the number of modules.
func (g *Graph) Len() int { return len(g.names) }

// Edges are the imports of n; they are not to be changed.
func (g *Graph) Edges(n Node) []Edge { return g.out[n] }

// Link adds an import.
func (g *Graph) Link(from, to Node, eager bool, tag int32) {
	g.out[from] = append(g.out[from], Edge{To: to, Eager: eager, Tag: tag})
	g.back = nil
}

// Clone is a copy that can grow by itself.
func (g *Graph) Clone() *Graph {
	c := &Graph{names: slices.Clone(g.names), index: maps.Clone(g.index), out: slices.Clone(g.out), self: slices.Clone(g.self)}
	for n := range c.out {
		c.out[n] = slices.Clip(c.out[n])
	}
	return c
}

// SetSelf records the module's own load time, without what it imports, in
// milliseconds.
func (g *Graph) SetSelf(n Node, ms float64) { g.self[n] = ms }

// Self is the module's own load time in milliseconds.
func (g *Graph) Self(n Node) float64 { return g.self[n] }

// Names lists the dotted names of all modules, sorted; files without one are
// left out.
func (g *Graph) Names() []string {
	var names []string
	for _, name := range g.names {
		if name != "" && name[0] != '<' {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Loads tells whether loading one module loads the other.
func (g *Graph) Loads(from, to Node) bool {
	if from == to {
		return true
	}
	seen := map[Node]bool{from: true}
	stack := []Node{from}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, e := range g.out[n] {
			if e.To == to && e.Eager {
				return true
			}
			if e.Eager && !seen[e.To] {
				seen[e.To] = true
				stack = append(stack, e.To)
			}
		}
	}
	return false
}

// A Reach is what loads from some entries.
type Reach struct {
	g    *Graph
	seen []bool
	from []Node // the importer that reached it first; -1 for an entry
	list []Node // what loads, in the order in which it was reached
	ms   float64

	follow func(Edge) bool
	below  [][]Node // memo of what was reached from each module
}

// Eager follows the imports that run while their importer loads; Any follows
// lazy ones too.
func Eager(e Edge) bool { return e.Eager }
func Any(Edge) bool     { return true }

// Load walks from the entries along the edges that follow admits.
func (g *Graph) Load(entries []Node, follow func(Edge) bool) *Reach {
	r := &Reach{g: g, seen: make([]bool, len(g.names)), from: make([]Node, len(g.names)), follow: follow}
	queue := make([]Node, 0, len(entries))
	for _, e := range entries {
		if !r.seen[e] {
			r.seen[e], r.from[e] = true, -1
			queue = append(queue, e)
		}
	}
	for i := 0; i < len(queue); i++ {
		n := queue[i]
		r.ms += g.self[n]
		for _, e := range g.out[n] {
			if r.seen[e.To] || !follow(e) {
				continue
			}
			r.seen[e.To], r.from[e.To] = true, n
			queue = append(queue, e.To)
		}
	}
	r.list = queue
	return r
}

// Loaded tells whether n loads.
func (r *Reach) Loaded(n Node) bool { return r.seen[n] }

// MS is the sum of the self times of what loads, in milliseconds.
func (r *Reach) MS() float64 { return r.ms }

// Modules lists what loads, nearest to the entries first.
func (r *Reach) Modules() []Node { return r.list }

// By is the module whose import loads n, one nearest to an entry; -1 for an
// entry. A package is loaded by what imports its submodule, not by that.
func (r *Reach) By(n Node) Node {
	inside := r.g.names[n] + "."
	by := r.from[n]
	for by >= 0 && strings.HasPrefix(r.g.names[by], inside) {
		by = r.from[by]
	}
	return by
}

// Path is a shortest import chain from an entry to n, both included; nil when
// n does not load.
func (r *Reach) Path(n Node) []string {
	if !r.seen[n] {
		return nil
	}
	var path []string
	for ; n >= 0; n = r.from[n] {
		path = append(path, r.g.names[n])
	}
	for i, j := 0, len(path)-1; i < j; i, j = i+1, j-1 {
		path[i], path[j] = path[j], path[i]
	}
	return path
}

// SpreadSelf derives self times from cumulative ones: what a module costs
// itself is its cold cumulative time less that of everything it loads. known
// gives a module's cumulative time in milliseconds; modules without one cost
// nothing of their own.
func (g *Graph) SpreadSelf(known func(name string) (ms float64, ok bool)) {
	done := make([]bool, len(g.names))
	stamp := make([]Node, len(g.names))
	for i := range stamp {
		stamp[i] = -1
	}
	var list []Node
	for _, n := range g.postorder() {
		ms, ok := known(g.names[n])
		if !ok {
			done[n] = true
			continue
		}
		stamp[n] = n
		list = append(list[:0], n)
		for i := 0; i < len(list); i++ {
			for _, e := range g.out[list[i]] {
				if e.Eager && stamp[e.To] != n {
					stamp[e.To] = n
					list = append(list, e.To)
					if done[e.To] {
						ms -= g.self[e.To]
					}
				}
			}
		}
		g.self[n] = max(ms, 0)
		done[n] = true
	}
}

// postorder lists the modules so that what a module loads comes before it,
// cycles aside.
func (g *Graph) postorder() []Node {
	order := make([]Node, 0, len(g.names))
	state := make([]int, len(g.names)) // next edge to follow, plus one once entered
	for root := range g.names {
		if state[root] != 0 {
			continue
		}
		stack := []Node{Node(root)}
		state[root] = 1
		for len(stack) > 0 {
			n := stack[len(stack)-1]
			if i := state[n] - 1; i < len(g.out[n]) {
				state[n]++
				if e := g.out[n][i]; e.Eager && state[e.To] == 0 {
					state[e.To] = 1
					stack = append(stack, e.To)
				}
				continue
			}
			order = append(order, n)
			stack = stack[:len(stack)-1]
		}
	}
	return order
}
