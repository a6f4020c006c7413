package plan

import (
	"fmt"
	"sort"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/graph"
)

// keepCyclesWhole takes back the moves after which a module of an import cycle
// would read a name of another one before it is bound. The load of the tree is
// played from every entry, as it is and as it would be; when that is in order,
// every import that sank is played as the first thing that happens after
// start-up. It tells whether a move was taken back.
func (p *planner) keepCyclesWhole() bool {
	p.findIdle()
	before, after := p.scripts(false), p.scripts(true)
	cyclic := p.cyclic(before, after)
	starts := p.starts(cyclic)
	changed := false
	var unsettled []func() bool
	settled := map[failure]bool{} // in this round: what was put back shows in the next
	for _, start := range starts {
		was, is := p.play(before, start), p.play(after, start)
		for _, f := range fresh(was.failed, is.failed) {
			chain := is.failed[f]
			if settled[f] {
				continue
			}
			if p.blockHoists(f, chain) || p.putBack(f, chain, was) {
				changed, settled[f] = true, true
				continue
			}
			unsettled = append(unsettled, func() bool { return p.blockCycle(f, chain) })
		}
	}
	for _, block := range unsettled {
		if changed {
			return true // a unit put back may be all that the others need
		}
		changed = block()
	}
	if changed {
		return true
	}
	for _, start := range starts {
		was, is := p.play(before, start), p.play(after, start)
		for file := range p.Modules {
			if file == start || len(p.Policy.Entry) > 0 && was.state[file] == -1 {
				changed = p.playSunk(file, cyclic, was, is) || changed
			}
		}
	}
	return changed
}

// findIdle learns from the tree as it stands, which works: a def that would fail
// where it is presumed to run does not run there.
func (p *planner) findIdle() {
	if p.idle != nil {
		return
	}
	p.idle = map[idleDef]bool{}
	for again := true; again; {
		again = false
		scripts := p.scripts(false)
		for _, start := range p.starts(p.cyclic(scripts, nil)) {
			for f := range p.play(scripts, start).failed {
				if at := (idleDef{f.file, f.def}); f.def != facts.Top && !p.idle[at] {
					p.idle[at], again = true, true
				}
			}
		}
	}
}

// playSunk takes back the sunk units of a file whose import, coming first
// after start-up, would fail.
func (p *planner) playSunk(file int, cyclic []bool, was, is *player) bool {
	changed := false
	outcome := map[string]*player{}
	for unit, u := range p.Modules[file].Units {
		d := p.at(file, unit)
		target := p.loaded(u)
		i, ok := p.byName[target]
		if d.Status != StatusMove || d.Action != Sink || !ok || !cyclic[i] {
			continue
		}
		then, done := outcome[target]
		if !done {
			then = is.further(p.loads(u))
			outcome[target] = then
		}
		for _, f := range fresh(was.failed, then.failed) {
			if !p.putBack(f, then.failed[f], was.further(p.loads(u))) {
				p.revertOrder(d, target, f, then.failed[f])
			}
			changed = true
			break
		}
	}
	return changed
}

// allStarts are the entries; without any, every file is its own.
func (p *planner) allStarts() []int {
	var list []int
	for _, e := range p.Policy.Entry {
		if i, ok := p.entryFile(e); ok {
			list = append(list, i)
		}
	}
	if len(p.Policy.Entry) == 0 {
		for i := range p.Modules {
			list = append(list, i)
		}
	}
	return list
}

// starts are the files to play from: those from which a cycle is reached; from
// the others nothing can fail.
func (p *planner) starts(cyclic []bool) []int {
	var list []int
	for _, file := range p.allStarts() {
		if cyclic[file] {
			list = append(list, file)
		}
	}
	return list
}

// cyclic tells for each file whether an import cycle of either shape of the
// tree is reached from it.
func (p *planner) cyclic(before, after []script) []bool {
	var edges [][2]int
	for _, scripts := range [][]script{before, after} {
		for _, s := range scripts {
			for _, e := range s.events {
				for _, module := range e.loads {
					if to, ok := p.byName[module]; ok {
						edges = append(edges, [2]int{s.file, to})
					}
				}
			}
		}
	}
	return graph.Cyclic(len(p.Modules), edges)
}

// fresh lists what fails only afterwards, in a fixed order. The line does not
// count: the same read may stand elsewhere.
func fresh(before, after map[failure][]string) []failure {
	old := map[failure]bool{}
	for f := range before {
		f.line, f.def = 0, facts.Top
		old[f] = true
	}
	var list []failure
	for f := range after {
		key := f
		key.line, key.def = 0, facts.Top
		if !old[key] {
			list = append(list, f)
		}
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if a.file != b.file {
			return a.file < b.file
		}
		if a.line != b.line {
			return a.line < b.line
		}
		return a.module+"."+a.attr < b.module+"."+b.attr
	})
	return list
}

// blockHoists blocks the hoisted units along the chain.
func (p *planner) blockHoists(f failure, chain []string) bool {
	changed := false
	for _, name := range chain {
		file, ok := p.byName[name]
		if !ok {
			continue
		}
		for unit := range p.Modules[file].Units {
			if d := p.at(file, unit); d.Status == StatusMove && d.Action == Hoist && p.inTree(p.loaded(p.Modules[file].Units[unit])) {
				p.revert(d, "cycle", place{f.file, f.line}, fmt.Sprintf("importing `%s` at module level closes the cycle %s, where `%s.%s` is read before it is bound",
					p.loaded(p.Modules[file].Units[unit]), strings.Join(chain, " > "), f.module, f.attr))
				changed = true
			}
		}
	}
	return changed
}

// blockCycle blocks every sunk unit that loads one of the two modules of the
// failure: what is left where the load as it was does not tell which of them
// matters.
func (p *planner) blockCycle(f failure, chain []string) bool {
	changed := false
	for i := range p.decisions {
		d := &p.decisions[i]
		if d.Status != StatusMove || d.Action != Sink && d.Action != ToTypeChecking {
			continue
		}
		target := p.loaded(p.Modules[d.File].Units[d.Unit])
		for _, module := range p.firstPartyClosure(target) {
			if module == f.module || module == p.Modules[f.file].Name {
				p.revertOrder(d, target, f, chain)
				changed = true
				break
			}
		}
	}
	return changed
}

// putBack takes back the sunk unit by which, in the load as it was, the
// modules of the failure came to load: the nearest one, since the imports
// further out rarely matter and are found in the next round if they do. It
// tells whether there was one.
func (p *planner) putBack(f failure, chain []string, was *player) bool {
	files := []int{f.file}
	for _, name := range append([]string{f.module}, chain...) {
		if file, ok := p.byName[name]; ok {
			files = append(files, file)
		}
	}
	seen := map[int]bool{}
	for _, file := range files {
		for ; file >= 0 && !seen[file] && was.state[file] != 0; file = was.by[file].file {
			seen[file] = true
			by := was.by[file]
			if by.unit < 0 {
				continue
			}
			d := p.at(by.file, by.unit)
			if d.Status == StatusMove && (d.Action == Sink || d.Action == ToTypeChecking) {
				p.revertOrder(d, p.loaded(p.Modules[by.file].Units[by.unit]), f, chain)
				return true
			}
		}
	}
	return false
}

func (p *planner) revertOrder(d *Decision, target string, f failure, chain []string) {
	p.revert(d, "cycle-order", place{f.file, f.line},
		fmt.Sprintf("without this import `%s` could load in the order %s, and `%s.%s` would be read before it is bound",
			target, strings.Join(chain, " > "), f.module, f.attr))
}

// revert turns a move into a blocked unit.
func (p *planner) revert(d *Decision, code string, at place, message string) {
	d.Status, d.Action, d.Into, d.KeepForTypes, d.SavesMS = StatusBlocked, Stay, nil, false, 0
	d.Blockers = append(d.Blockers, Blocker{Code: code, File: p.Modules[at.file].Path, Line: at.line, Message: message,
		Hint: "import the module, and refer to its attribute when it is needed"})
}
