package plan

import (
	"path"

	"fastpath/plan/facts"
	"fastpath/plan/graph"
)

// A loading says what is sure to have loaded when a module has: what it and
// what it loads import at plain module level, and the packages around each. For
// a test file, pytest has loaded the conftest.py of its folder, and of those
// around it, before.
type loading struct {
	*planner
	gone func(*Decision) bool // the units that are not at module level any more
	memo map[graph.Node][]bool
	into [][]graph.Node // by node: what surely loads it; see bringing
}

func (p *planner) loading(gone func(*Decision) bool) *loading {
	return &loading{planner: p, gone: gone, memo: map[graph.Node][]bool{}}
}

// before is the tree as it stands, after with the moves as decided so far.
func (p *planner) before() *loading { return p.loading(func(*Decision) bool { return false }) }
func (p *planner) after() *loading  { return p.loading((*Decision).sinks) }

// of lists by node what has loaded with n.
func (l *loading) of(n graph.Node) []bool {
	if seen, ok := l.memo[n]; ok {
		return seen
	}
	seen := make([]bool, l.graph.Len())
	seen[n] = true
	for stack := []graph.Node{n}; len(stack) > 0; {
		from := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, e := range l.graph.Edges(from) {
			if !seen[e.To] && l.follows(e) {
				seen[e.To] = true
				stack = append(stack, e.To)
			}
		}
		for _, c := range l.conftest(from) {
			if !seen[c] {
				seen[c] = true
				stack = append(stack, c)
			}
		}
	}
	l.memo[n] = seen
	return seen
}

// follows tells whether the import of an edge is sure to run while its module
// loads.
func (l *loading) follows(e graph.Edge) bool {
	if !e.Eager || e.Tag < 0 {
		return e.Eager
	}
	d := &l.decisions[e.Tag]
	m := l.Modules[d.File]
	st := &m.Statements[m.Units[d.Unit].Statement]
	return st.Site == facts.SiteModule && !st.Lazy && !l.gone(d)
}

// sinks tells that the unit leaves the module level.
func (d *Decision) sinks() bool {
	return d.Status == StatusMove && (d.Action == Sink || d.Action == ToTypeChecking)
}

// brings tells whether loading the named module, or file, surely loads the other.
func (l *loading) brings(from, module string) bool {
	n, ok := l.graph.Find(from)
	to, known := l.graph.Find(module)
	return ok && known && l.of(n)[to]
}

// conftest lists the nodes of the conftest.py files that pytest loads before the
// test file of node n.
func (p *planner) conftest(n graph.Node) []graph.Node {
	if p.conftests == nil {
		p.conftests = map[graph.Node][]graph.Node{}
		at := map[string]graph.Node{}
		for file, m := range p.Modules {
			if path.Base(m.Path) == "conftest.py" {
				if n, ok := p.graph.Find(p.nodeName(file)); ok {
					at[path.Dir(m.Path)] = n
				}
			}
		}
		for file, m := range p.Modules {
			n, ok := p.graph.Find(p.nodeName(file))
			if !ok || !p.tests[file] || len(at) == 0 {
				continue
			}
			for dir := path.Dir(m.Path); ; dir = path.Dir(dir) {
				if c, ok := at[dir]; ok && c != n {
					p.conftests[n] = append(p.conftests[n], c)
				}
				if dir == "." || dir == "/" {
					break
				}
			}
		}
	}
	return p.conftests[n]
}

// bringing tells by node what surely loads a module, as walk counts.
func (l *loading) bringing(module graph.Node) []int {
	if l.into == nil {
		l.into = make([][]graph.Node, l.graph.Len())
		for n := range l.into {
			for _, e := range l.graph.Edges(graph.Node(n)) {
				if l.follows(e) {
					l.into[e.To] = append(l.into[e.To], graph.Node(n))
				}
			}
			for _, c := range l.conftest(graph.Node(n)) {
				l.into[c] = append(l.into[c], graph.Node(n))
			}
		}
	}
	return walk(l.graph.Len(), []graph.Node{module}, func(n graph.Node) []graph.Node { return l.into[n] })
}

// walk counts by node how many there are on the shortest way from one of the given
// by way of next, both included; 0 where it cannot be reached.
func walk(size int, from []graph.Node, next func(graph.Node) []graph.Node) []int {
	far := make([]int, size)
	var queue []graph.Node
	for _, n := range from {
		if far[n] == 0 {
			far[n] = 1
			queue = append(queue, n)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, to := range next(queue[0]) {
			if far[to] == 0 {
				far[to] = far[queue[0]] + 1
				queue = append(queue, to)
			}
		}
	}
	return far
}
