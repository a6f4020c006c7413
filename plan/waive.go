package plan

import (
	"maps"
	"slices"
	"sort"

	"fastpath/plan/facts"
	"fastpath/plan/graph"
)

// Some blockers speak only of the moment at which a module first loads: its
// effects, what it reads, what it would take from a mock. They do not hold for
// an import that loads nothing, because by the time its statement runs other
// imports, which stay, have begun to load the modules in question. Such units
// move on trial; keepWaived plays the load of the tree as decided and takes
// back those whose statement would have been the first.

// waive puts blockers that may turn out not to hold aside; a unit that has
// others as well is blocked by all of them.
func (d *Decision) waive() {
	for _, b := range d.Blockers {
		if b.firstLoads == nil {
			return
		}
	}
	d.waived, d.Blockers = d.Blockers, nil
}

// keepWaived takes back the moves on trial that did not stand it. A unit put
// back loads modules earlier, so the rest is tried again until nothing changes.
func (p *planner) keepWaived() bool {
	changed := false
	for again := true; again; {
		again = false
		for _, all := range []bool{false, true} {
			for _, i := range p.rehearse(all) {
				p.decisions[i].takeBack()
				again, changed = true, true
			}
		}
	}
	return changed
}

// A step is what one import does while its module loads: it loads modules, or,
// moved on trial, finds what it would have been the first to load.
type step struct {
	line  int
	loads []graph.Node
	trial int // the decision; -1 for none
}

// A rehearsal is one play after another of the load of the tree, each from
// nothing. Modules are known by their graph nodes.
type rehearsal struct {
	*planner
	after  *loading
	steps  [][]step
	fileOf map[graph.Node]int
	scene
	failed map[int]bool
	// While those that have to bring a module are played, what pytest loads before
	// them is no part of what they bring.
	bringing, aside bool

	premieres map[*firstLoad]*premiere    // memo of premiereOf
	matter    map[*firstLoads][]*premiere // memo of premieresOf

	open   []*premiere // kept from one use to the next, as those that follow
	stack  []graph.Node
	walked []int // by node: the walk in which it was last met
	walk   int
}

// rehearse plays the load of every file and lists the moves on trial that were
// reached too early. Conditional imports, and those of functions that are
// presumed to run, count all or not at all.
func (p *planner) rehearse(all bool) []int {
	r := &rehearsal{planner: p, after: p.after(), fileOf: map[graph.Node]int{}, failed: map[int]bool{}, premieres: map[*firstLoad]*premiere{}, matter: map[*firstLoads][]*premiere{}, steps: make([][]step, len(p.Modules))}
	matters := r.mattering()
	if matters == nil {
		return nil
	}
	var trials []int // files
	for file := range p.Modules {
		n, ok := p.graph.Find(p.nodeName(file))
		if !ok || matters[n] == 0 {
			continue
		}
		r.fileOf[n] = file
		steps, trial := p.steps(file, all)
		r.steps[file] = steps
		if trial {
			trials = append(trials, file)
		}
	}
	leads := r.leadTo(trials)
	r.begun = make([]bool, p.graph.Len())
	r.bringing = true
	bringers := r.bringers()
	for _, tests := range []bool{false, true} { // what is back for a test may be so for the others already
		if len(r.failed) > 0 {
			break
		}
		for _, file := range bringers {
			if r.tests[file] == tests {
				r.playLoad(file, leads)
			}
		}
	}
	r.bringing = false
	if len(r.failed) == 0 { // else the others may do once these are back
		for file := range p.Modules {
			r.playLoad(file, leads)
		}
	}
	var list []int
	for i := range r.failed {
		list = append(list, i)
	}
	sort.Ints(list)
	return list
}

// mattering tells by node what can lead to a module whose first load matters to a
// move on trial, or whose being there does, as walk counts; nil where there is no
// such move. Of what else loads, nobody can tell.
func (r *rehearsal) mattering() []int {
	var trials []*Decision
	told := map[string]bool{}
	for i := range r.decisions {
		if d := &r.decisions[i]; d.sinks() && len(d.waived) > 0 {
			trials = append(trials, d)
			told[r.nodeName(d.File)] = true
		}
	}
	if len(trials) == 0 {
		return nil
	}
	eachFirstLoad(trials, func(f *firstLoad) {
		for _, name := range f.tellers() {
			told[name] = true
		}
	})
	return r.leadingTo(r.known(sortedKeys(told)...)...)
}

// bringers are the modules that would have to bring one whose first load matters,
// and do not. They come first: a few imports taken back there may do for all others.
func (r *rehearsal) bringers() []int {
	var trials []*Decision
	for _, steps := range r.steps {
		for _, s := range steps {
			if s.trial >= 0 {
				trials = append(trials, &r.decisions[s.trial])
			}
		}
	}
	wanted := map[int]bool{}
	eachFirstLoad(trials, func(f *firstLoad) {
		for _, m := range f.bringers() {
			n, known := r.graph.Find(m)
			if file, matters := r.fileOf[n]; known && matters && !r.brings(m, f) {
				wanted[file] = true
			}
		}
	})
	return slices.Sorted(maps.Keys(wanted))
}

// playLoad plays the load of one file; leads tells of each whether it can reach a
// move on trial.
func (r *rehearsal) playLoad(file int, leads []bool) {
	var way []leg
	if leads[file] {
		way = r.setUp(file)
	}
	name := r.nodeName(file)
	named := name == r.Modules[file].Name
	if named {
		start := r.nodes(withParents(name))
		if slices.ContainsFunc(start, func(n graph.Node) bool { file, ok := r.fileOf[n]; return ok && leads[file] }) {
			way = append(way, legs(start, false)...)
		}
	}
	for _, l := range r.leave(way) {
		r.aside = l.aside
		r.load([]graph.Node{l.to})
		r.pass(l)
	}
	if r.aside = false; !named && leads[file] {
		r.run(file)
	}
}

// setUp is what pytest has loaded before a test file, the outermost first.
func (r *rehearsal) setUp(file int) (way []leg) {
	n, _ := r.graph.Find(r.nodeName(file))
	for _, c := range slices.Backward(r.conftest(n)) {
		nodes := []graph.Node{c}
		if name := r.graph.Name(c); r.inTree(name) {
			nodes = r.nodes(withParents(name))
		}
		way = append(way, legs(nodes, r.bringing)...)
	}
	return way
}

// leadTo tells of each file whether its load can reach one of the given files:
// the others need not be played.
func (r *rehearsal) leadTo(files []int) []bool {
	by := make([][]int, len(r.steps))
	for file, steps := range r.steps {
		for _, s := range steps {
			for _, n := range s.loads {
				if to, ok := r.fileOf[n]; ok && s.trial < 0 {
					by[to] = append(by[to], file)
				}
			}
		}
	}
	leads := make([]bool, len(r.steps))
	for queue := files; len(queue) > 0; queue = queue[1:] {
		if file := queue[0]; !leads[file] {
			leads[file] = true
			queue = append(queue, by[file]...)
		}
	}
	return leads
}

func (p *planner) steps(file int, all bool) (list []step, trial bool) {
	m := p.facts(file)
	running := p.running(file)
	for unit, u := range m.Units {
		st := &m.Statements[u.Statement]
		d := p.at(file, unit)
		s := step{line: st.Line, trial: -1}
		sunk := d.Status == StatusMove && (d.Action == Sink || d.Action == ToTypeChecking)
		switch {
		case st.Site == facts.SiteTypeChecking || st.Site == facts.SiteMain || u.Module == "":
			continue
		case u.Path() == "typing.TYPE_CHECKING":
			continue // a move may bring it along, and a second run has to see what the first saw
		case d.Status == StatusMove && d.Action == Hoist:
			s.line = importsEnd(m)
		case sunk:
			if len(d.waived) > 0 {
				list = append(list, step{line: st.Line, trial: p.first[file] + unit, loads: p.nodes(p.loads(u))})
				trial = true
			}
			if s.line = lowest(running, d.Into); s.line == 0 || !all {
				continue
			}
		case st.Site == facts.SiteFunction:
			if s.line = running.called[m.DefAround(st.Scope)].line; s.line == 0 || !all {
				continue
			}
		case (st.Site != facts.SiteModule || st.Lazy) && !all:
			continue
		}
		s.loads = p.nodes(p.loads(u))
		list = append(list, s)
	}
	sort.SliceStable(list, func(i, j int) bool {
		if list[i].line != list[j].line {
			return list[i].line < list[j].line
		}
		return list[i].trial < list[j].trial // the statement's other units come first
	})
	return list, trial
}

// lowest is the first line at which one of the landings runs while the module
// loads; 0 when none does.
func lowest(r *running, into []Landing) int {
	line := 0
	for _, l := range into {
		if l.Scope >= 0 && r.called[l.Scope].is() && (line == 0 || r.called[l.Scope].line < line) {
			line = r.called[l.Scope].line
		}
	}
	return line
}

// known are the nodes of those modules that something imports.
func (p *planner) known(modules ...string) (list []graph.Node) {
	for _, name := range modules {
		if n, ok := p.graph.Find(name); ok && int(n) < len(p.importers()) {
			list = append(list, n)
		}
	}
	return list
}

// runsAnyOf tells whether the load of a file runs code of one of some groups of
// modules.
func (p *planner) runsAnyOf(file int, groups [][]string) bool {
	for _, c := range p.ranBy(file) {
		name := p.nodeName(c.file)
		if slices.ContainsFunc(groups, func(group []string) bool { return slices.Contains(group, name) }) {
			return true
		}
	}
	return false
}

func (p *planner) nodes(modules []string) []graph.Node {
	list := make([]graph.Node, 0, len(modules))
	for _, name := range modules {
		list = append(list, p.graph.Add(name))
	}
	return list
}

func (r *rehearsal) load(nodes []graph.Node) {
	for _, n := range nodes {
		if r.begunYet(n) {
			continue
		}
		r.begin(n)
		if file, ok := r.fileOf[n]; ok {
			r.run(file)
		}
	}
}

func (r *rehearsal) run(file int) {
	var unsettled []step
	for _, s := range r.steps[file] {
		if s.trial >= 0 && !r.failed[s.trial] {
			strict, later := r.wouldBeFirst(s)
			if later && !strict {
				unsettled = append(unsettled, s)
			}
			if !strict {
				continue
			}
			r.fail(s)
		}
		r.load(s.loads)
	}
	for _, s := range unsettled {
		if _, later := r.wouldBeFirst(s); later {
			r.fail(s)
			r.load(s.loads)
			r.stray()
		}
	}
}

// fail ends a trial: the move will be taken back. What comes after it need not be for
// that; the next rehearsal tells. What pytest loads first is on trial in its own turn.
func (r *rehearsal) fail(s step) {
	if !r.aside {
		r.failed[s.trial] = true
	}
}

// wouldBeFirst tells whether the statement that moves, ran it now, would load a
// module whose first load matters, strictly now or later than the load of its file.
func (r *rehearsal) wouldBeFirst(s step) (strict, later bool) {
	if !slices.ContainsFunc(s.loads, func(n graph.Node) bool { return !r.begunYet(n) }) {
		return false, false
	}
	d := &r.decisions[s.trial]
	open := r.open[:0]
	for _, b := range d.waived {
		for _, f := range r.premieresOf(b.firstLoads) {
			if !r.begunYet(f.node) && !slices.ContainsFunc(f.carriers, r.begunYet) && (len(f.brought) == 0 || slices.ContainsFunc(f.brought, r.begunYet)) && b.speaksOf(f.firstLoad) {
				open = append(open, f)
			}
		}
	}
	r.open = open
	if len(open) == 0 {
		return false, false
	}
	r.meets(s.loads, func(n graph.Node) bool {
		for _, f := range open {
			if f.node == n && len(f.earlier) > 0 && !r.runsAnyOf(d.File, f.earlier) {
				later = true
			} else if f.node == n {
				strict = true
			}
		}
		return strict
	})
	return strict, later
}

// meets tells whether loading the nodes now would load one that is wanted.
func (r *rehearsal) meets(nodes []graph.Node, wanted func(graph.Node) bool) bool {
	r.walk++
	r.walked = append(r.walked, make([]int, max(0, r.graph.Len()-len(r.walked)))...)
	r.stack = append(r.stack[:0], nodes...)
	for len(r.stack) > 0 {
		n := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		if r.walked[n] == r.walk || r.begunYet(n) {
			continue
		}
		if r.walked[n] = r.walk; wanted(n) {
			return true
		}
		for _, e := range r.graph.Edges(n) {
			if e.Eager {
				r.stack = append(r.stack, e.To)
			}
		}
	}
	return false
}

// brings tells whether one module brings that of a first load.
func (r *rehearsal) brings(from string, f *firstLoad) bool {
	return r.after.brings(from, f.module) || slices.ContainsFunc(f.by, func(by string) bool { return r.after.brings(from, by) })
}

// A premiere is a first load that can matter, whatever has begun.
type premiere struct {
	*firstLoad
	node     graph.Node
	carriers []graph.Node // when one of these begins, so does the module
	brought  []graph.Node // its owners, where each brings the module: one of them has to have begun
}

// premieresOf are those of a list: nobody can tell of the others whether the module
// has loaded then.
func (r *rehearsal) premieresOf(list *firstLoads) []*premiere {
	known, ok := r.matter[list]
	if !ok {
		for f := range list.all() {
			if p := r.premiereOf(f); p != nil {
				known = append(known, p)
			}
		}
		r.matter[list] = known
	}
	return known
}

// premiereOf is nil for a first load that cannot matter.
func (r *rehearsal) premiereOf(f *firstLoad) *premiere {
	if known, ok := r.premieres[f]; ok {
		return known
	}
	brings := func(m string) bool { return r.brings(m, f) }
	matters := len(f.earlier) == 0 || slices.ContainsFunc(f.earlier, func(group []string) bool { return !slices.ContainsFunc(group, brings) })
	var found *premiere
	if matters {
		found = &premiere{firstLoad: f, node: r.graph.Add(f.module), carriers: r.known(f.by...)}
		if !slices.ContainsFunc(f.owners, func(o string) bool { return !brings(o) }) {
			found.brought = r.nodes(f.owners)
		}
	}
	r.premieres[f] = found
	return found
}
