package plan

import (
	"fmt"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/graph"
)

// keepCyclesWhole takes back the moves after which a module of an import cycle
// would read a name of another one before it is bound. The load of the tree is
// played as it is and as it would be: for imports that sink from every entry,
// for those that go up from every file, since any of them may be the first to
// load. When that is in order, every import that sank is played as the first
// thing that happens after start-up. It tells whether a move was taken back.
func (p *planner) keepCyclesWhole() bool {
	p.findIdle()
	var before, after []*playbook
	for _, guarded := range []bool{true, false} {
		before = append(before, p.playbook(version{guarded: guarded}))
		for _, behind := range []bool{false, true} {
			after = append(after, p.playbook(version{moved: true, behind: behind, guarded: guarded}))
		}
	}
	if p.keepFromLargeCycles(append(before, after...)) {
		return true // what is left is played in the next round
	}
	r := &performance{planner: p, cyclic: p.cyclic(append(before, after...)), entry: map[int]bool{}}
	for _, file := range p.allStarts() {
		r.entry[file] = true
	}
	was := []*theatre{p.theatre(before[0], nil), p.theatre(before[1], nil)}
	r.after = after
	for changed := false; ; changed = true {
		r.touched, r.settled, r.unsettled = map[int]bool{}, map[failure]bool{}, nil
		for i, book := range after {
			r.playAll(p.theatre(book, was[i/2]))
		}
		for i := 0; i < len(r.unsettled) && len(r.touched) == 0; i++ {
			r.blockCycle(r.unsettled[i])
		}
		for i := 0; i < len(after) && len(r.touched) == 0; i += 2 {
			r.playSinks(p.theatre(after[i], was[i/2]))
		}
		if len(r.touched) == 0 {
			return changed
		}
		r.dropOrphans()
		for file := range r.touched {
			r.writeAgain(file)
		}
	}
}

// writeAgain brings the script of a file up to date in every version.
func (r *performance) writeAgain(file int) {
	for _, book := range r.after {
		book.scripts[file] = r.script(file, book.version)
	}
}

// findIdle learns from the tree as it stands, which works: a def that would fail
// where it is presumed to run does not run there.
func (p *planner) findIdle() {
	if p.idle != nil {
		return
	}
	p.idle = map[idleDef]bool{}
	book := p.playbook(version{guarded: true})
	cyclic := p.cyclic([]*playbook{book})
	for again := true; again; {
		again = false
		theatre := p.theatre(book, nil)
		for start := range p.Modules {
			if !cyclic[start] {
				continue
			}
			for _, f := range theatre.load(start).failed {
				if at := (idleDef{f.file, f.def}); f.def != facts.Top && !p.idle[at] {
					p.idle[at], again = true, true
					delete(p.read, f.file)
					book.scripts[f.file] = p.script(f.file, book.version)
				}
			}
		}
	}
}

// A performance is one search for moves that have to be taken back.
type performance struct {
	*planner
	after     []*playbook
	cyclic    []bool // by file: a cycle is reached from it
	entry     map[int]bool
	touched   map[int]bool     // in this round: files in which a move was taken back
	settled   map[failure]bool // in this round: what was put back shows in the next
	unsettled []failed
}

// playAll plays one version of the tree from every start. Of what fails from
// a start only the first counts: the rest may fail because of it.
func (r *performance) playAll(is *theatre) {
	for start := range r.Modules {
		if !r.cyclic[start] {
			continue
		}
		for f, fails := is.load(start).first(); fails; f, fails = is.load(start).first() {
			is.clear(0)
			if r.lower(f) {
				continue
			}
			is.excused[f.failure] = true
			switch {
			case !r.entry[start] || r.settled[f.failure]:
			case r.putBack(f, is.was.load(start)):
				r.settled[f.failure] = true
			default:
				r.unsettled = append(r.unsettled, f)
			}
		}
	}
}

// playSinks plays the sunk imports as what comes first after start-up.
func (r *performance) playSinks(is *theatre) {
	for start := range r.Modules {
		if !r.entry[start] || !r.cyclic[start] {
			continue
		}
		new := is.load(start)
		old := is.was.load(start)
		for file := range r.Modules {
			if file == start || len(r.Policy.Entry) > 0 && old.state[file] == -1 {
				r.playSunk(file, old, new)
			}
		}
	}
}

// playSunk takes back the sunk units of a file whose import, coming first
// after start-up, would fail.
func (r *performance) playSunk(file int, was, is *player) {
	outcome := map[string]*player{}
	for unit, u := range r.Modules[file].Units {
		d := r.at(file, unit)
		if d.Status != StatusMove || d.Action != Sink {
			continue
		}
		target := r.loaded(u)
		i, ok := r.byName[target]
		if !ok || !r.cyclic[i] {
			continue
		}
		then, done := outcome[target]
		if !done {
			then = is.further(r.loads(u), was.met)
			then.leave()
			outcome[target] = then
		}
		if f, fails := then.first(); fails {
			as := was.further(r.loads(u), was.met)
			if !r.putBack(f, as) {
				r.revertOrder(d, target, f)
			}
			as.leave()
		}
	}
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

// cyclic tells for each file whether an import cycle of any version of the
// tree is reached from it; from the others nothing can fail.
func (p *planner) cyclic(books []*playbook) []bool {
	return graph.Cyclic(len(p.Modules), 2, loadEdges(books))
}

// loadEdges lists which file loads which in any of the versions.
func loadEdges(books []*playbook) [][2]int {
	var edges [][2]int
	for _, book := range books {
		for file, s := range book.scripts {
			for _, e := range s.events {
				for _, to := range e.loads {
					edges = append(edges, [2]int{file, to})
				}
			}
		}
	}
	return edges
}

// sureOf is the number of modules up to which the play of an import cycle is
// trusted to go up. What objects do to modules that are still loading is known
// only as far as names tell, and in a large cycle something always does.
const sureOf = 12

// keepFromLargeCycles blocks what would go up into, or towards, a cycle too
// large to be sure of. It tells whether there was any.
func (p *planner) keepFromLargeCycles(books []*playbook) bool {
	large := graph.Cyclic(len(p.Modules), sureOf+1, loadEdges(books))
	changed := false
	for i := range p.decisions {
		d := &p.decisions[i]
		if d.Status != StatusMove || d.Action != Hoist {
			continue
		}
		m := p.facts(d.File)
		u := m.Units[d.Unit]
		target, ok := p.byName[p.loaded(u)]
		if !ok || !large[target] {
			continue
		}
		d.takeBack(Blocker{Code: "cycle", File: m.Path, Line: u.Line,
			Message: fmt.Sprintf("with all that goes up, `%s` leads into an import cycle of more than %d modules, too many to be sure that they load in any order", p.Modules[target].Name, sureOf),
			Hint:    "move it by hand, and import every module of the package in a fresh interpreter"})
		changed = true
	}
	return changed
}

// lower takes back the import that went up and led to the failure.
func (r *performance) lower(f failed) bool {
	for _, c := range f.cause {
		d := r.at(c.file, c.unit)
		if d.Status != StatusMove || d.Action != Hoist {
			continue
		}
		of := r.nodeName(f.of)
		what := fmt.Sprintf("`%s.%s` is read before it is bound", of, f.attr)
		if f.attr == "?" {
			what = fmt.Sprintf("code runs that may need what `%s` has not bound yet", of)
		}
		r.takeBack(d, "cycle", f, fmt.Sprintf("importing `%s` at module level closes the cycle %s, where %s",
			r.loaded(r.Modules[c.file].Units[c.unit]), strings.Join(append(from(f.chain, of), of), " > "), what))
		r.writeAgain(c.file)
		return true
	}
	return false
}

// from is the part of a chain that begins with a module, else all of it.
func from(chain []string, module string) []string {
	for i, name := range chain {
		if name == module {
			return chain[i:len(chain):len(chain)]
		}
	}
	return chain[:len(chain):len(chain)]
}

// putBack takes back the sunk unit by which, in the load as it was, the
// modules of the failure came to load: the nearest one, since the imports
// further out rarely matter and are found in the next round if they do. It
// tells whether there was one.
func (r *performance) putBack(f failed, was *player) bool {
	seen := map[int]bool{}
	for _, file := range append([]int{f.file, f.of}, f.files...) {
		for ; file >= 0 && !seen[file] && was.state[file] != 0; file = was.by[file].file {
			seen[file] = true
			by := was.by[file]
			if by.unit < 0 {
				continue
			}
			if d := r.at(by.file, by.unit); d.Status == StatusMove && (d.Action == Sink || d.Action == ToTypeChecking) {
				r.revertOrder(d, r.loaded(r.Modules[by.file].Units[by.unit]), f)
				return true
			}
		}
	}
	return false
}

// blockCycle blocks every sunk unit that loads one of the two modules of the
// failure: what is left where the load as it was does not tell which of them
// matters.
func (r *performance) blockCycle(f failed) {
	for i := range r.decisions {
		d := &r.decisions[i]
		if d.Status != StatusMove || d.Action != Sink && d.Action != ToTypeChecking {
			continue
		}
		target := r.loaded(r.Modules[d.File].Units[d.Unit])
		for _, module := range r.firstPartyClosure(target) {
			if i := r.byName[module]; i == f.of || i == f.file {
				r.revertOrder(d, target, f)
				break
			}
		}
	}
}

// dropOrphans keeps the local imports that were to be dropped in favour of one
// which does not go up after all.
func (r *performance) dropOrphans() {
	for file := range r.Modules {
		if !r.touched[file] {
			continue
		}
		m := r.facts(file)
		for unit := range m.Units {
			d := r.at(file, unit)
			if d.Status != StatusMove || d.Action != Drop || r.givenAtTop(file, unit) {
				continue
			}
			for other := range m.Units {
				o := r.at(file, other)
				if n := len(o.Blockers); n > 0 && m.Units[other].Bound == m.Units[unit].Bound && o.Blockers[n-1].Code == "cycle" {
					d.takeBack(o.Blockers[n-1])
					break
				}
			}
		}
	}
}

// givenAtTop tells whether the file will have the same import at module level.
func (p *planner) givenAtTop(file, unit int) bool {
	m := p.facts(file)
	a := m.Units[unit]
	for other, o := range m.Units {
		d := p.at(file, other)
		if !alike(a, o) {
			continue
		}
		if d.Status == StatusMove && d.Action == Hoist || d.Status != StatusMove && m.Statements[o.Statement].Site == facts.SiteModule {
			return true
		}
	}
	return false
}

func (r *performance) revertOrder(d *Decision, target string, f failed) {
	r.takeBack(d, "cycle-order", f, fmt.Sprintf("without this import `%s` could load in the order %s, and `%s.%s` would be read before it is bound",
		target, strings.Join(f.chain, " > "), r.nodeName(f.of), f.attr))
}

// takeBack turns a move into a blocked unit.
func (r *performance) takeBack(d *Decision, code string, f failed, message string) {
	d.takeBack(Blocker{Code: code, File: r.Modules[f.file].Path, Line: f.line, Message: message,
		Hint: "import the module, and refer to its attribute when it is needed"})
	r.touched[d.File] = true
}
