package graph

import (
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"
)

// Cyclic tells, for each of n nodes joined by the given edges, whether a cycle
// is reached from it that joins at least the given number of nodes, two or
// more.
func Cyclic(n, least int, edges [][2]int) []bool {
	g := simple.NewDirectedGraph()
	for i := range n {
		g.AddNode(simple.Node(i))
	}
	for _, e := range edges {
		if e[0] != e[1] {
			g.SetEdge(simple.Edge{F: simple.Node(e[0]), T: simple.Node(e[1])})
		}
	}
	cyclic := make([]bool, n)
	// Components come in reverse topological order: what one reaches is done.
	for _, component := range topo.TarjanSCC(g) {
		reaches := len(component) >= least
		for _, node := range component {
			for to := g.From(node.ID()); to.Next() && !reaches; {
				reaches = cyclic[to.Node().ID()]
			}
		}
		for _, node := range component {
			cyclic[node.ID()] = reaches
		}
	}
	return cyclic
}
