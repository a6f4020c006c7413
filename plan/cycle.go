package plan

import (
	"fmt"
	"sort"
	"strings"

	"fastpath/plan/graph"
)

// keepCyclesWhole takes back the moves after which a module of an import cycle
// would read a name of another one before it is bound. The load of the tree is
// played from every entry, as it is and as it would be; then every import that
// sank is played as the first thing that happens after start-up. It tells
// whether a move was taken back.
func (p *planner) keepCyclesWhole() bool {
	before, after := p.scripts(false), p.scripts(true)
	cyclic := p.cyclic(before, after)
	changed := false
	for _, start := range p.starts(cyclic) {
		was, is := p.play(before, start), p.play(after, start)
		for _, f := range fresh(was.failed, is.failed) {
			changed = p.blockCycle(f, is.failed[f]) || changed
		}
		for file := range p.Modules {
			if file == start || len(p.Policy.Entry) > 0 && was.state[file] == -1 {
				changed = p.playSunk(file, cyclic, was, is) || changed
			}
		}
	}
	return changed
}

// playSunk takes back the sunk units of a file whose import, coming first
// after start-up, would fail.
func (p *planner) playSunk(file int, cyclic []bool, was, is *player) bool {
	changed := false
	outcome := map[string]map[failure][]string{}
	for unit, u := range p.Modules[file].Units {
		d := p.at(file, unit)
		target := p.loaded(u)
		i, ok := p.byName[target]
		if d.Status != StatusMove || d.Action != Sink || !ok || !cyclic[i] {
			continue
		}
		failed, done := outcome[target]
		if !done {
			failed = is.further(p.loads(u))
			outcome[target] = failed
		}
		for _, f := range fresh(was.failed, failed) {
			p.revertOrder(d, target, f, failed[f])
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
		f.line = 0
		old[f] = true
	}
	var list []failure
	for f := range after {
		key := f
		key.line = 0
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

// blockCycle blocks the hoisted units along the chain, else the sunk units
// whose import decided which module of the cycle came first.
func (p *planner) blockCycle(f failure, chain []string) bool {
	at := place{f.file, f.line}
	path := strings.Join(chain, " > ")
	changed := false
	for _, name := range chain {
		file, ok := p.byName[name]
		if !ok {
			continue
		}
		for unit := range p.Modules[file].Units {
			if d := p.at(file, unit); d.Status == StatusMove && d.Action == Hoist && p.inTree(p.loaded(p.Modules[file].Units[unit])) {
				p.revert(d, "cycle", at, fmt.Sprintf("importing `%s` at module level closes the cycle %s, where `%s.%s` is read before it is bound",
					p.loaded(p.Modules[file].Units[unit]), path, f.module, f.attr))
				changed = true
			}
		}
	}
	if changed {
		return true
	}
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
