package graph

import (
	"math"
	"math/rand"
	"strconv"
	"testing"
)

// What one import brings is found by leaving it out of the whole walk as well.
func TestWithoutAgainstTheWalk(t *testing.T) {
	draw := rand.New(rand.NewSource(1))
	lost := 0
	for range 3000 {
		g := New()
		size := 2 + draw.Intn(12)
		for n := range size {
			name := "m" + strconv.Itoa(n)
			if n > 0 && draw.Intn(4) == 0 {
				name = g.Name(Node(draw.Intn(g.Len()))) + "." + name
			}
			g.SetSelf(g.Add(name), float64(1+draw.Intn(1000)))
		}
		for tag := range draw.Intn(3 * size) {
			g.Link(Node(draw.Intn(g.Len())), Node(draw.Intn(g.Len())), draw.Intn(5) > 0, int32(tag))
		}
		entries := []Node{0, Node(draw.Intn(g.Len()))}
		whole := g.Load(entries, Eager)
		for from := range Node(g.Len()) {
			for _, e := range g.Edges(from) {
				if e.Tag < 0 {
					continue
				}
				want := whole.MS() - g.Load(entries, func(f Edge) bool { return f.Eager && f.Tag != e.Tag }).MS()
				if got := whole.Without(from, e.Tag); math.Abs(got-want) > 1e-6 {
					t.Fatalf("without the import %d of %s %v ms less, want %v", e.Tag, g.Name(from), got, want)
				}
				if want > 0 {
					lost++
				}
			}
		}
	}
	if lost < 1000 {
		t.Errorf("only %d imports brought anything", lost)
	}
}
