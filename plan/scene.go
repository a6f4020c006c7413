package plan

import "fastpath/plan/graph"

// A scene is what has begun to load so far in a play. Most plays begin alike: a
// module loads after the packages around it, and those load nearly everything. So
// each goes on from where its way parts from that of the play before.
type scene struct {
	begun  []bool       // by node
	order  []graph.Node // what has begun
	way    []leg        // that can be gone on from
	marks  []int        // how many had begun after each leg of the way
	strays bool         // see stray
}

// A leg of a way is a module that is loaded from outside, or only beforehand: aside.
type leg struct {
	to    graph.Node
	aside bool
}

func legs(nodes []graph.Node, aside bool) []leg {
	list := make([]leg, 0, len(nodes))
	for _, n := range nodes {
		list = append(list, leg{n, aside})
	}
	return list
}

// begunYet tells whether the module has begun to load.
func (s *scene) begunYet(n graph.Node) bool { return int(n) < len(s.begun) && s.begun[n] }

// begin sees a module begin.
func (s *scene) begin(n graph.Node) {
	s.begun = append(s.begun, make([]bool, max(0, int(n)+1-len(s.begun)))...)
	s.begun[n] = true
	s.order = append(s.order, n)
}

// leave goes back to where another way parts from the one of the play before, and
// gives what is left of it.
func (s *scene) leave(way []leg) (rest []leg) {
	same, kept := 0, 0
	for same < min(len(way), len(s.way)) && way[same] == s.way[same] {
		kept = s.marks[same]
		same++
	}
	for _, n := range s.order[kept:] {
		s.begun[n] = false
	}
	s.order, s.way, s.marks, s.strays = s.order[:kept], s.way[:same], s.marks[:same], false
	return way[same:]
}

// pass has loaded the next leg of the way.
func (s *scene) pass(l leg) {
	if !s.strays {
		s.way = append(s.way, l)
		s.marks = append(s.marks, len(s.order))
	}
}

// stray tells that the load of this leg, and so of those behind it, would go another
// way the next time.
func (s *scene) stray() { s.strays = true }
