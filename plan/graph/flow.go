package graph

// A flow is a network for Dinic's algorithm on flat arrays. Arc i^1 is the
// reverse of arc i.
//
// gonum's network.MaxFlowDinic gives the value of a maximum flow but not the
// cut that goes with it, which is all that is wanted here; it serves as the
// referee in the tests.
type flow struct {
	out   [][]int32 // by node: its arcs
	to    []int32
	room  []int64 // what still fits through an arc
	level []int32
	next  []int
}

func newFlow(nodes int) *flow {
	return &flow{out: make([][]int32, nodes), level: make([]int32, nodes), next: make([]int, nodes)}
}

// arc adds an arc of the given capacity and its reverse.
func (f *flow) arc(from, to int32, capacity int64) {
	f.out[from] = append(f.out[from], int32(len(f.to)))
	f.out[to] = append(f.out[to], int32(len(f.to)+1))
	f.to = append(f.to, to, from)
	f.room = append(f.room, capacity, 0)
}

// run sends as much as goes from source to sink. Some cut between them must be
// finite.
func (f *flow) run(source, sink int32) {
	for f.levels(source, sink) {
		for i := range f.next {
			f.next[i] = 0
		}
		for f.push(source, sink) {
		}
	}
}

// levels numbers the nodes by their distance from the source, and tells
// whether the sink can still be reached.
func (f *flow) levels(source, sink int32) bool {
	for i := range f.level {
		f.level[i] = -1
	}
	f.level[source] = 0
	for queue := []int32{source}; len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		for _, a := range f.out[n] {
			if to := f.to[a]; f.room[a] > 0 && f.level[to] < 0 {
				f.level[to] = f.level[n] + 1
				queue = append(queue, to)
			}
		}
	}
	return f.level[sink] >= 0
}

// push sends what fits along one shortest path; false when there is none left.
// It keeps its own stack, for import chains can be long.
func (f *flow) push(source, sink int32) bool {
	var path []int32
	n := source
	for n != sink {
		advanced := false
		for ; f.next[n] < len(f.out[n]); f.next[n]++ {
			a := f.out[n][f.next[n]]
			if to := f.to[a]; f.room[a] > 0 && f.level[to] == f.level[n]+1 {
				path = append(path, a)
				n, advanced = to, true
				break
			}
		}
		if advanced {
			continue
		}
		if n == source {
			return false
		}
		last := path[len(path)-1]
		path = path[:len(path)-1]
		n = f.to[last^1]
		f.next[n]++
	}
	least := int64(Uncuttable)
	for _, a := range path {
		least = min(least, f.room[a])
	}
	for _, a := range path {
		if f.room[a] != Uncuttable {
			f.room[a] -= least
		}
		if f.room[a^1] < Uncuttable-least {
			f.room[a^1] += least
		}
	}
	return true
}

// reaching tells which nodes can still send to the sink.
func (f *flow) reaching(sink int32) []bool {
	reaches := make([]bool, len(f.out))
	reaches[sink] = true
	for queue := []int32{sink}; len(queue) > 0; queue = queue[1:] {
		for _, a := range f.out[queue[0]] {
			if from := f.to[a]; f.room[a^1] > 0 && !reaches[from] {
				reaches[from] = true
				queue = append(queue, from)
			}
		}
	}
	return reaches
}
