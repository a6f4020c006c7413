package graph

import (
	"math"
	"slices"
)

// Uncuttable is the price of an edge that must stay.
const Uncuttable = math.MaxInt64

// A Cut is a cheapest set of edges without which a module no longer loads.
type Cut struct {
	Tags  []int32 // of the edges, in rising order; empty when nothing loads the module
	Price int64
	// Wall is a chain from an entry to the module of which no edge can be cut;
	// nil when there is a cut.
	Wall []Node
}

// A Loading is everything that takes part in loading one module: the nodes
// and edges on some eager path from the entries to it.
//
// The graph is restricted to it because flows and paths cost far more than a
// walk, and few modules of a large tree take part.
type Loading struct {
	g      *Graph
	nodes  []Node         // the target first
	number map[Node]int32 // index into nodes
	entry  []bool         // by index into nodes
	arcs   []arc
}

// An arc is one eager edge between nodes of a Loading.
type arc struct {
	from, to int32
	tag      int32
}

// Loading gathers what takes part in loading target from the entries. reach is
// what loads from them; follow admits the same edges.
func (g *Graph) Loading(entries []Node, reach *Reach, target Node, follow func(Edge) bool) *Loading {
	l := &Loading{g: g, number: map[Node]int32{}}
	if !reach.Loaded(target) {
		return l
	}
	back := g.Importers()
	l.add(target)
	for i := 0; i < len(l.nodes); i++ {
		for _, from := range back[l.nodes[i]] {
			if _, known := l.number[from]; known || !reach.Loaded(from) {
				continue
			}
			for _, e := range g.out[from] {
				if e.To == l.nodes[i] && follow(e) {
					l.add(from)
					break
				}
			}
		}
	}
	l.entry = make([]bool, len(l.nodes))
	for _, e := range entries {
		if i, ok := l.number[e]; ok {
			l.entry[i] = true
		}
	}
	for i, n := range l.nodes {
		for _, e := range g.out[n] {
			// What the target loads itself brings it in no further.
			if to, ok := l.number[e.To]; ok && i > 0 && to != int32(i) && follow(e) {
				l.arcs = append(l.arcs, arc{int32(i), to, e.Tag})
			}
		}
	}
	return l
}

func (l *Loading) add(n Node) {
	l.number[n] = int32(len(l.nodes))
	l.nodes = append(l.nodes, n)
}

// Importers lists, for each node, the nodes with an edge to it.
func (g *Graph) Importers() [][]Node {
	if len(g.back) == len(g.out) {
		return g.back
	}
	g.back = make([][]Node, len(g.out))
	for from, edges := range g.out {
		for _, e := range edges {
			if list := g.back[e.To]; len(list) == 0 || list[len(list)-1] != Node(from) {
				g.back[e.To] = append(list, Node(from))
			}
		}
	}
	return g.back
}

// Empty tells that nothing loads the target.
func (l *Loading) Empty() bool { return len(l.nodes) == 0 }

// Cut finds the cheapest set of edges without which the target does not load.
// price gives what cutting an edge costs, at least 1, or Uncuttable; prices of
// all edges together must stay below Uncuttable. Of several cheapest sets it
// gives the one nearest to the target, which is unique.
func (l *Loading) Cut(price func(tag int32) int64) Cut {
	if l.Empty() {
		return Cut{}
	}
	if wall := l.wall(price); wall != nil {
		return Cut{Price: Uncuttable, Wall: wall}
	}
	f := newFlow(len(l.nodes) + 1)
	source := int32(len(l.nodes))
	for i, is := range l.entry {
		if is {
			f.arc(source, int32(i), Uncuttable)
		}
	}
	for _, a := range l.arcs {
		f.arc(a.from, a.to, l.price(a, price))
	}
	f.run(source, 0)
	reaches := f.reaching(0)
	var cut Cut
	for _, a := range l.arcs {
		if reaches[a.to] && !reaches[a.from] {
			cut.Tags = append(cut.Tags, a.tag)
			cut.Price += l.price(a, price)
		}
	}
	slices.Sort(cut.Tags)
	return cut
}

func (l *Loading) price(a arc, price func(tag int32) int64) int64 {
	if a.tag < 0 {
		return Uncuttable
	}
	return price(a.tag)
}

// wall is a shortest chain of uncuttable edges from an entry to the target.
func (l *Loading) wall(price func(tag int32) int64) []Node {
	out := make([][]int32, len(l.nodes))
	for _, a := range l.arcs {
		if l.price(a, price) == Uncuttable {
			out[a.from] = append(out[a.from], a.to)
		}
	}
	from := make([]int32, len(l.nodes))
	var queue []int32
	for i := range from {
		from[i] = -1
		if l.entry[i] {
			from[i] = int32(i)
			queue = append(queue, int32(i))
		}
	}
	for len(queue) > 0 && from[0] < 0 {
		n := queue[0]
		queue = queue[1:]
		for _, to := range out[n] {
			if from[to] < 0 {
				from[to] = n
				queue = append(queue, to)
			}
		}
	}
	if from[0] < 0 {
		return nil
	}
	chain := []Node{l.nodes[0]}
	for n := int32(0); from[n] != n; {
		n = from[n]
		chain = append(chain, l.nodes[n])
	}
	for i, j := 0, len(chain)-1; i < j; i, j = i+1, j-1 {
		chain[i], chain[j] = chain[j], chain[i]
	}
	return chain
}
