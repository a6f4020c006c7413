package graph

import (
	"reflect"
	"strings"
	"testing"
)

func TestCyclic(t *testing.T) {
	edges := [][2]int{{0, 1}, {1, 2}, {2, 1}, {3, 4}, {4, 4}, {5, 0}}
	for least, want := range map[int][]bool{
		2: {true, true, true, false, false, true},
		3: {false, false, false, false, false, false},
	} {
		if got := Cyclic(6, least, edges); !reflect.DeepEqual(got, want) {
			t.Errorf("at least %d: got %v, want %v", least, got, want)
		}
	}
}

// build reads edges as "a > b" (eager) and "a ~ b" (lazy); the number of an
// edge is its tag.
func build(text string) *Graph {
	g := New()
	for i, line := range strings.Split(text, "; ") {
		f := strings.Fields(line)
		g.Link(g.Add(f[0]), g.Add(f[2]), f[1] == ">", int32(i))
	}
	return g
}

func TestLoad(t *testing.T) {
	g := build("main > a; a > b.c; main ~ d; d > e; main > e")
	for i, name := range []string{"main", "a", "b", "b.c", "d", "e"} {
		g.SetSelf(g.Add(name), float64(int(1)<<i))
	}
	main := g.Add("main")
	for _, c := range []struct {
		what string
		cut  int32
		lazy bool
		ms   float64
		path string // to b, the parent package of b.c
	}{
		{"as it is", -1, false, 1 + 2 + 4 + 8 + 32, "main a b.c b"},
		{"without a", 0, false, 1 + 32, ""},
		{"without b.c", 1, false, 1 + 2 + 32, ""},
		{"lazy edges too", -1, true, 63, "main a b.c b"},
	} {
		r := g.Load([]Node{main}, func(e Edge) bool { return (e.Eager || c.lazy) && (e.Tag < 0 || e.Tag != c.cut) })
		if r.MS() != c.ms {
			t.Errorf("%s: %v ms, want %v", c.what, r.MS(), c.ms)
		}
		if got := strings.Join(r.Path(g.Add("b")), " "); got != c.path {
			t.Errorf("%s: path %q, want %q", c.what, got, c.path)
		}
	}
}

func TestLoads(t *testing.T) {
	g := build("a > b; b > c.d; a ~ e")
	for _, c := range []struct {
		from, to string
		want     bool
	}{{"a", "c", true}, {"a", "a", true}, {"a", "e", false}, {"c", "a", false}} {
		if got := g.Loads(g.Add(c.from), g.Add(c.to)); got != c.want {
			t.Errorf("Loads(%s, %s) = %v", c.from, c.to, got)
		}
	}
}

func TestSpreadSelf(t *testing.T) {
	g := build("main > a; main > b; a > c; b > c; main > d")
	cumulative := map[string]float64{"main": 100, "a": 50, "b": 45, "c": 40}
	g.SpreadSelf(func(name string) (float64, bool) { ms, ok := cumulative[name]; return ms, ok })
	// main alone: 100 less a's own 10, b's own 5 and c's 40.
	if r := g.Load([]Node{g.Add("main")}, Eager); r.MS() != 100 {
		t.Errorf("all of main: %v ms, want 100", r.MS())
	}
	if r := g.Load([]Node{g.Add("main")}, func(e Edge) bool { return e.Eager && e.Tag != 0 }); r.MS() != 90 {
		t.Errorf("without a, c still loads: %v ms, want 90", r.MS())
	}
}
