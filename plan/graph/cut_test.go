package graph

import (
	"fmt"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/simple"
)

// loading gathers what loads target from the node main.
func loading(g *Graph, target string) *Loading {
	main := []Node{g.Add("main")}
	return g.Loading(main, g.Load(main, Eager), g.Add(target), Eager)
}

func names(g *Graph, chain []Node) string {
	var list []string
	for _, n := range chain {
		list = append(list, g.Name(n))
	}
	return strings.Join(list, " ")
}

// The five graphs with known answers; the number of an edge is its place in
// the text. In every one the target is t.
func TestCut(t *testing.T) {
	for _, c := range []struct {
		name  string
		graph string
		fixed string // edges that cannot be cut
		want  []int32
		wall  string
	}{
		{name: "a chain is cut at its end",
			graph: "main > a; a > b; b > t", want: []int32{2}},
		{name: "a chain whose end is blocked is cut further up",
			graph: "main > a; a > b; b > t", fixed: " 2 ", want: []int32{1}},
		{name: "two ways need two moves, unless one import feeds both",
			graph: "main > hub; hub > a; hub > b; a > t; b > t", want: []int32{0}},
		{name: "the two ways where the common import is blocked",
			graph: "main > hub; hub > a; hub > b; a > t; b > t", fixed: " 0 ", want: []int32{3, 4}},
		{name: "the greedy choice is wrong: a crossing between two chains",
			graph: "main > a; main > b; a > b; a > c; b > c; b > d; c > t; d > t; c > d", want: []int32{6, 7}},
		{name: "every statement that imports the target counts",
			graph: "main > t; main > t; main > a; a > t", want: []int32{0, 1, 3}},
		{name: "a wall of blocked imports",
			graph: "main > a; a > t; main > b; b > t", fixed: " 2 3 ", wall: "main b t"},
		{name: "a submodule loads its package",
			graph: "main > t.x; t.x > c; main > a; a > t", want: []int32{0, 3}},
		{name: "a cycle on the way",
			graph: "main > a; a > b; b > a; b > t; a > t", want: []int32{0}},
		{name: "lazy imports load nothing",
			graph: "main > a; a > t; main ~ t", want: []int32{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := build(c.graph)
			cut := loading(g, "t").Cut(func(tag int32) int64 {
				if strings.Contains(c.fixed, fmt.Sprintf(" %d ", tag)) {
					return Uncuttable
				}
				return 1
			})
			if !reflect.DeepEqual(cut.Tags, c.want) || names(g, cut.Wall) != c.wall {
				t.Errorf("got %v, wall %q; want %v, wall %q", cut.Tags, names(g, cut.Wall), c.want, c.wall)
			}
		})
	}
}

func TestCutOfWhatDoesNotLoad(t *testing.T) {
	l := loading(build("main ~ t"), "t")
	if cut := l.Cut(func(int32) int64 { return 1 }); !l.Empty() || cut.Price != 0 || cut.Tags != nil || l.Paths(3) != nil {
		t.Errorf("got %+v, paths %v", cut, l.Paths(3))
	}
}

// The referee for the price is gonum; that the set cuts is seen by walking,
// and that no edge of it is spare as well.
func TestCutAgainstReferee(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	cuts := 0
	for round := range 400 {
		g := New()
		n := 4 + r.Intn(12)
		for i := range n {
			g.Add(fmt.Sprint("m", i))
		}
		price := map[int32]int64{}
		for tag := range int32(r.Intn(4 * n)) {
			g.Link(Node(r.Intn(n)), Node(r.Intn(n)), r.Intn(5) > 0, tag)
			price[tag] = 1 + int64(r.Intn(3))
			if r.Intn(6) == 0 {
				price[tag] = Uncuttable
			}
		}
		entries := []Node{0, 1}
		target := Node(n - 1)
		reach := g.Load(entries, Eager)
		cut := g.Loading(entries, reach, target, Eager).Cut(func(tag int32) int64 { return price[tag] })
		if !reach.Loaded(target) || cut.Wall != nil {
			continue
		}
		cuts++
		if want := maxFlow(g, price, target); cut.Price != want {
			t.Fatalf("round %d: price %d, want %d", round, cut.Price, want)
		}
		dropped := map[int32]bool{}
		for _, tag := range cut.Tags {
			dropped[tag] = true
		}
		without := func(e Edge) bool { return e.Eager && !dropped[e.Tag] }
		if g.Load(entries, without).Loaded(target) {
			t.Fatalf("round %d: %v does not cut the target off", round, cut.Tags)
		}
		for _, tag := range cut.Tags {
			dropped[tag] = false
			if !g.Load(entries, without).Loaded(target) {
				t.Fatalf("round %d: edge %d of %v is spare", round, tag, cut.Tags)
			}
			dropped[tag] = true
		}
	}
	if cuts < 50 {
		t.Errorf("only %d of the graphs had a cut", cuts)
	}
}

func maxFlow(g *Graph, price map[int32]int64, target Node) int64 {
	sum := map[[2]int64]float64{}
	source := int64(g.Len())
	sum[[2]int64{source, 0}], sum[[2]int64{source, 1}] = 1e9, 1e9
	for n := range Node(g.Len()) {
		for _, e := range g.Edges(n) {
			if e.Eager && e.To != n {
				sum[[2]int64{int64(n), int64(e.To)}] += float64(min(price[e.Tag], 1e6))
			}
		}
	}
	w := simple.NewWeightedDirectedGraph(0, 0)
	for i := range int64(g.Len()) + 1 {
		w.AddNode(simple.Node(i))
	}
	for e, capacity := range sum {
		w.SetWeightedEdge(w.NewWeightedEdge(simple.Node(e[0]), simple.Node(e[1]), capacity))
	}
	return int64(network.MaxFlowDinic(w, simple.Node(source), simple.Node(target), -1))
}

func TestPaths(t *testing.T) {
	g := build("main > a; main > b; a > t; b > a; b > t; main > c; c > d; d > t; t > a")
	for _, c := range []struct {
		most int
		want string
	}{
		{2, "main a t; main b t"},
		{9, "main a t; main b t; main b a t; main c d t"},
	} {
		var first string
		for range 5 {
			var got []string
			for _, chain := range loading(g, "t").Paths(c.most) {
				got = append(got, names(g, chain))
			}
			first = strings.Join(got, "; ")
			if len(got) != strings.Count(c.want, ";")+1 {
				t.Fatalf("got %s", first)
			}
			for i := 1; i < len(got); i++ {
				if strings.Count(got[i], " ") < strings.Count(got[i-1], " ") {
					t.Errorf("%q comes behind a longer chain", got[i])
				}
			}
			if first != c.want {
				t.Errorf("got %s\nwant %s", first, c.want)
			}
		}
	}
	if got := loading(g, "main").Paths(3); len(got) != 1 || names(g, got[0]) != "main" {
		t.Errorf("an entry: %v", got)
	}
}
