package graph

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
)

// Paths lists the import chains from the entries to the target without a
// repeated module, at most the given number, shortest first and then by name.
func (l *Loading) Paths(most int) [][]Node {
	if l.Empty() || most < 1 {
		return nil
	}
	if l.entry[0] {
		return [][]Node{{l.nodes[0]}}
	}
	g := simple.NewWeightedDirectedGraph(0, math.Inf(1))
	source := simple.Node(len(l.nodes))
	link := func(from, to simple.Node) {
		if from != to && !g.HasEdgeFromTo(from.ID(), to.ID()) {
			g.SetWeightedEdge(simple.WeightedEdge{F: from, T: to, W: lengthOf(int64(from), int64(to))})
		}
	}
	for i, is := range l.entry {
		if is {
			link(source, simple.Node(i))
		}
	}
	for _, a := range l.arcs {
		link(simple.Node(a.from), simple.Node(a.to))
	}
	if g.Node(source.ID()) == nil || g.Node(0) == nil {
		return nil
	}
	var chains [][]Node
	for _, found := range path.YenKShortestPaths(g, most, math.Inf(1), source, simple.Node(0)) {
		var chain []Node
		for _, n := range found[1:] {
			chain = append(chain, l.nodes[n.ID()])
		}
		chains = append(chains, chain)
	}
	slices.SortStableFunc(chains, func(a, b []Node) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), slices.CompareFunc(a, b, func(x, y Node) int {
			return cmp.Compare(l.g.names[x], l.g.names[y])
		}))
	})
	return chains
}

// lengthOf is the length of an edge: one step, and a trace by which chains of
// as many steps differ. The search visits neighbours in no fixed order, so
// that ties would be broken by chance.
func lengthOf(from, to int64) float64 {
	x := uint64(from)<<32 ^ uint64(to) + 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	x ^= x >> 31
	// Steps weigh 2^40 traces of at most 2^28: sums of 4,096 steps are exact
	// and never outweigh a step.
	return float64(1<<40 + x>>36)
}
