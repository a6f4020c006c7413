package plan

import (
	"path"
	"slices"

	"fastpath/plan/graph"
)

// What becomes of the imports of a few files can be told without the rest of the
// tree, but for the moves elsewhere that have a say in it. A move changes only
// whether, and when, what its import leads to loads. So whatever would take a move
// back, or make it worthless, names the modules at stake, and of other files those
// imports matter that lead to one of them:
//
//   - it saves nothing where its target loads at a cold start all the same (weigh):
//     the target, as far as entries lead there;
//   - a use elsewhere leans on it for a submodule (keepProvided): the submodule;
//   - it must not be the first to load a module (keepWaived): that module, and its
//     owners;
//   - a patch has to find the file loaded (settlePatches): the file itself;
//   - its own file needs another import of the same name (settleFiles): that import.
//
// The same holds of the moves that are found to matter, and so on. What happens in
// an import cycle depends on too much for that (keepCyclesWhole): a move that leads
// to one takes the whole tree.
type influence struct {
	*planner
	sure, least *loading // before any move; with all moves that the figures allow
	back        [][]arc  // by node: what leads to it
	cold        *graph.Reach
	met         [2][]bool       // by whether only what entries lead to counts, by node: it is at stake, or leads there
	matters     map[int32]bool  // decisions
	work        []int32         // those whose stakes were not looked at yet
	cycles      map[int]visit   // memo of inCycle
	leaned      map[string]bool // memo of leans
}

// An arc is one way in which a node leads to another: the import of a decision, or
// -1.
type arc struct {
	from graph.Node
	tag  int32
}

// judgeFew decides the files that are asked for and, of the rest, the imports that
// have a say in those. It is false where that takes the whole tree.
func (p *planner) judgeFew() bool {
	asked := p.asked()
	in := &influence{planner: p, matters: map[int32]bool{}, cycles: map[int]visit{}, leaned: map[string]bool{}}
	for file := range asked {
		if !asked[file] {
			continue
		}
		p.judgeFile(file)
		for unit := range p.Modules[file].Units {
			// Of what is only there for fast_path.py, imports that go up join it, and
			// those that go down never do.
			if d := p.at(file, unit); p.Asked[file] || d.Action == Hoist || d.Action == Drop {
				in.join(int32(p.first[file] + unit))
			}
		}
	}
	for len(in.work) > 0 {
		i := in.work[len(in.work)-1]
		in.work = in.work[:len(in.work)-1]
		if !in.stakes(&p.decisions[i]) {
			return false
		}
	}
	for file, m := range p.Modules {
		for unit := range m.Units {
			if p.judged[file] && !asked[file] && !in.matters[int32(p.first[file]+unit)] {
				*p.at(file, unit) = undecided(file, unit, m)
			}
		}
	}
	p.leanedOn = slices.DeleteFunc(sortedKeys(in.leaned), func(sub string) bool { return !in.leaned[sub] })
	return true
}

// asked marks the files whose decisions are wanted, and those that a fast_path.py
// is made of.
func (p *planner) asked() []bool {
	asked := slices.Clone(p.Asked)
	for _, names := range [][]string{p.Policy.Entry, p.Policy.FastPath.Consolidate} {
		for _, name := range names {
			i, ok := p.entryFile(name)
			if !ok {
				continue
			}
			asked[i] = true
			beside := path.Join(path.Dir(p.Modules[i].Path), p.Policy.FastPath.File)
			for j, m := range p.Modules {
				if m.Path == beside {
					asked[j] = true
				}
			}
		}
	}
	return asked
}

// join takes in a decision, if it is a move.
func (in *influence) join(i int32) {
	d := &in.decisions[i]
	if in.matters[i] || !in.judged[d.File] && !in.mayMove(d) {
		return
	}
	if in.judgeFile(d.File); d.Status == StatusMove {
		in.matters[i] = true
		in.work = append(in.work, i)
	}
}

// mayMove tells whether the figures allow a unit to move, whatever its use.
func (p *planner) mayMove(d *Decision) bool {
	m := p.Modules[d.File]
	module := p.loaded(m.Units[d.Unit])
	ms, exact, ok := p.cost(module)
	switch {
	case !ok || !exact && ms <= p.Policy.HeavyMS:
		return false
	case currentLevel(m.Statements[m.Units[d.Unit].Statement].Site) == ModuleLevel:
		return ms >= p.Policy.FastMS
	}
	return ms <= p.Policy.HeavyMS || slices.ContainsFunc(p.Policy.Exceptions, func(e Exception) bool { return e.Module == module })
}

// stakes takes in what has a say in a move. It is false where that is too much.
func (in *influence) stakes(d *Decision) bool {
	m := in.Modules[d.File]
	u := m.Units[d.Unit]
	for _, module := range in.loads(u) {
		if file, ok := in.byName[module]; ok && in.inCycle(file) {
			return false
		}
	}
	for unit, o := range m.Units {
		if o.Bound == u.Bound {
			in.join(int32(in.first[d.File] + unit))
		}
	}
	if !d.sinks() {
		return true // only a cycle, or its own file, takes it back
	}
	in.survey()
	for _, target := range in.known(in.loaded(u)) {
		if in.cold != nil {
			in.lead(true, target)
		}
		for n, loaded := range in.sure.of(target) {
			if loaded && in.leans(in.graph.Name(graph.Node(n))) {
				in.lead(false, graph.Node(n))
			}
		}
	}
	eachFirstLoad([]*Decision{d}, func(f *firstLoad) { in.lead(false, in.known(f.tellers()...)...) })
	if len(d.patches) > 0 {
		in.lead(false, in.known(in.nodeName(d.File))...)
	}
	return true
}

// survey looks the graph over, once.
func (in *influence) survey() {
	if in.back != nil {
		return
	}
	in.sure, in.least = in.before(), in.loading(in.mayMove)
	in.back = make([][]arc, in.graph.Len())
	in.met = [2][]bool{make([]bool, in.graph.Len()), make([]bool, in.graph.Len())}
	for n := range in.back {
		for _, e := range in.graph.Edges(graph.Node(n)) {
			in.back[e.To] = append(in.back[e.To], arc{graph.Node(n), e.Tag})
		}
		for _, c := range in.conftest(graph.Node(n)) {
			in.back[c] = append(in.back[c], arc{graph.Node(n), -1})
		}
	}
	if entries := in.entries(); len(entries) > 0 {
		in.cold = in.graph.Load(entries, graph.Any)
	}
}

// lead takes in the imports that lead to one of the modules, all or those that
// entries lead to.
func (in *influence) lead(cold bool, to ...graph.Node) {
	met := in.met[0]
	if cold {
		met = in.met[1]
	}
	queue := slices.DeleteFunc(to, func(n graph.Node) bool { return met[n] })
	for ; len(queue) > 0; queue = queue[1:] {
		met[queue[0]] = true
		for _, a := range in.back[queue[0]] {
			if cold && !in.cold.Loaded(a.from) {
				continue
			}
			if a.tag >= 0 {
				in.join(a.tag)
			}
			if !met[a.from] {
				met[a.from] = true
				queue = append(queue, a.from)
			}
		}
	}
}

// leans tells whether a use somewhere may come to lack the submodule.
func (in *influence) leans(sub string) bool {
	leans, known := in.leaned[sub]
	if !known {
		leans = in.mayLack(sub)
		in.leaned[sub] = leans
	}
	return leans
}

func (in *influence) mayLack(sub string) bool {
	node, _ := in.graph.Find(sub)
	return slices.ContainsFunc(in.loose(sub), func(need need) bool {
		_, leans := in.planner.leans(in.sure, need, node)
		return leans && (need.eager && len(in.goneAbove(in.sure, in.least, node, need)) > 0 || !in.planner.met(in.least, need, sub))
	})
}

// A visit is how far the search for a cycle has come with a file.
type visit uint8

const (
	begun  visit = iota + 1
	free         // it leads to no cycle
	cyclic       // it does
)

// inCycle tells whether the file is in an import cycle of the tree, or leads to
// one, by imports of any kind.
func (in *influence) inCycle(file int) bool {
	switch in.cycles[file] {
	case begun, cyclic:
		return true
	case free:
		return false
	}
	in.cycles[file] = begun
	found := free
	for _, u := range in.Modules[file].Units {
		for _, module := range in.loads(u) {
			if to, ok := in.byName[module]; ok && to != file && in.inCycle(to) {
				found = cyclic
			}
		}
	}
	in.cycles[file] = found
	return found == cyclic
}
