package plan

import (
	"slices"
	"strings"

	"fastpath/plan/facts"
)

// A failure is a name that a module reads of another one before it is bound.
type failure struct {
	file, of int
	attr     string
}

// A failed is a failure as it happened.
type failed struct {
	failure
	line  int
	def   facts.ScopeID // as in event
	chain []string      // the modules being loaded then, outermost first
	files []int         // the same
	cause []unitAt      // imports that went up and may have led there, the likeliest first
}

// A unitAt is an import by its file and unit.
type unitAt struct{ file, unit int }

// A player runs scripts as CPython's import system would, with modules of
// which only a part has run.
type player struct {
	*world
	*stage
	from    int // how much had begun on the stage before this player
	scripts []script
	guarded bool // as in version
	met     map[failure]bool
	usual   map[failure]bool // what fails in the tree as it stands
	excused map[failure]bool // as in theatre
	failed  []failed         // in the order in which they happen
	over    bool             // something unusual failed, and what follows would only follow from it
	stack   []frame
	raised  []unitAt // imports that went up and loaded something, in order
}

// A stage is what has been loaded. Players that go on from one another share
// it, the last one on top: copies of a whole tree's state for every module that
// may load first would cost more than all the playing.
type stage struct {
	state []int32  // by file: 0 not begun, -1 done, else the place that runs
	by    []unitAt // by file: the import that loaded it; file -1 for none
	begun []int    // files, in the order in which they began to load
}

// leave takes from the stage what the player has loaded.
func (p *player) leave() {
	for _, file := range p.begun[p.from:] {
		p.state[file] = 0
	}
	p.begun = p.begun[:p.from]
}

// A frame is a module being loaded.
type frame struct {
	file  int
	event *event // the one that runs
}

// A theatre plays one book from many starts. A submodule's load begins with
// that of its package, so the packages around the last start are kept. Whoever
// is given a player is done with it before the next is asked for.
type theatre struct {
	*world
	*stage
	book *playbook
	was  *theatre // the tree as it stands; nil for that itself
	// excused is what fails for no import that could be taken back.
	excused map[failure]bool
	around  []act
}

// An act is what the load of a module has done.
type act struct {
	name   string
	player *player
}

func (w *world) theatre(book *playbook, was *theatre) *theatre {
	return &theatre{world: w, book: book, was: was, excused: map[failure]bool{},
		stage: &stage{state: make([]int32, len(w.Modules)), by: make([]unitAt, len(w.Modules))}}
}

// load is the player after the load of a file from nothing.
func (t *theatre) load(start int) *player {
	name := t.Modules[start].Name
	if i, ok := t.byName[name]; ok && i == start {
		return t.loadName(name)
	}
	t.clear(0)
	p := t.newPlayer()
	if t.was != nil {
		p.usual = t.was.load(start).met
	}
	p.run(start)
	t.around = append(t.around, act{"", p})
	return p
}

func (t *theatre) loadName(name string) *player {
	n := len(t.around)
	for n > 0 && (t.around[n-1].name == "" || !underOrSame(name, t.around[n-1].name)) {
		n--
	}
	t.clear(n)
	if n > 0 && t.around[n-1].name == name {
		return t.around[n-1].player
	}
	var p *player
	if dot := strings.LastIndexByte(name, '.'); dot < 0 {
		p = t.newPlayer()
	} else {
		p = t.loadName(name[:dot]).fork()
	}
	if t.was != nil {
		p.usual = t.was.loadName(name).met
	}
	if i, ok := t.byName[name]; ok {
		p.load([]int{i})
	}
	t.around = append(t.around, act{name, p})
	return p
}

// clear leaves the first acts alone on the stage.
func (t *theatre) clear(kept int) {
	if kept < len(t.around) {
		t.around[kept].player.leave()
		t.around = t.around[:kept]
	}
}

// newPlayer begins on an empty stage.
func (t *theatre) newPlayer() *player {
	return &player{world: t.world, stage: t.stage, scripts: t.book.scripts, guarded: t.book.guarded, excused: t.excused, met: map[failure]bool{}}
}

// fork goes on from here, with failures of its own.
func (p *player) fork() *player {
	return &player{world: p.world, stage: p.stage, from: len(p.begun), scripts: p.scripts, guarded: p.guarded, excused: p.excused,
		met: map[failure]bool{}, raised: slices.Clone(p.raised)}
}

// first is what unusual thing fails first.
func (p *player) first() (failed, bool) {
	if len(p.failed) == 0 {
		return failed{}, false
	}
	return p.failed[0], true
}

// further is what happens when the modules are loaded next, next to what
// fails as a rule. The player has to leave the stage.
func (p *player) further(modules []string, usual map[failure]bool) *player {
	next := p.fork()
	next.usual = usual
	for _, module := range modules {
		if i, ok := p.byName[module]; ok {
			next.load([]int{i})
		}
	}
	return next
}

func (p *player) load(files []int) (ran bool) {
	for _, i := range files {
		if p.state[i] == 0 && !p.over {
			p.run(i)
			ran = true
		}
	}
	return ran
}

func (p *player) run(file int) {
	p.begun = append(p.begun, file)
	p.by[file] = unitAt{-1, -1}
	if n := len(p.stack); n > 0 {
		p.by[file] = unitAt{p.stack[n-1].file, p.stack[n-1].event.unit}
	}
	p.stack = append(p.stack, frame{file: file})
	p.state[file] = 1
	events := p.scripts[file].events
	for i := 0; i < len(events) && !p.over; i++ {
		e := &events[i]
		p.stack[len(p.stack)-1].event = e
		p.state[file] = int32(max(e.at, 1))
		if p.load(e.loads) && e.up {
			p.raised = append(p.raised, unitAt{file, e.unit})
		}
		if e.of >= 0 && !p.over && p.unbound(e) {
			p.fail(file, e)
		}
		if len(e.enters)+len(e.doubt) > 0 && !p.over {
			p.goInto(file, e)
		}
	}
	p.state[file] = -1
	p.stack = p.stack[:len(p.stack)-1]
}

// unbound tells whether the attribute that is read is not there yet.
func (p *player) unbound(e *event) bool {
	at := int(p.state[e.of])
	if at <= 0 {
		return false // loaded completely, or never
	}
	sub, isModule := p.byName[p.Modules[e.of].Name+"."+e.attr]
	bound, known := p.scripts[e.of].binds[e.attr]
	switch {
	case e.attr == "*":
		return p.unboundYet(e.of)
	case e.unit >= 0 && isModule && p.state[sub] != 0:
		return false // sys.modules has it
	case known:
		return bound >= at
	}
	// `from p import sub` finds a submodule even while it loads, p.sub only
	// once it has loaded. Of a name that nothing is known of, the worst.
	return !isModule || e.unit < 0 && p.state[sub] != -1
}

// goInto runs what an event sets going: the imports with which the defs that it
// enters begin, and, while an import that goes up is under way, all that those
// defs lead to.
func (p *player) goInto(file int, e *event) {
	for _, c := range e.enters {
		for _, unit := range p.bodyOf(c).units {
			if st := p.statement(c.file, unit); st.Guard == facts.NoGuard && st.Preceded == "" {
				p.localImport(file, e, c.file, unit)
			}
		}
	}
	if p.rising() {
		p.goDeep(file, e)
	}
}

// An entered is code that an event leads to.
type entered struct {
	code
	own bool // no code of another module leads there
}

// goDeep runs all that the defs which an event enters lead to: modules may be
// loading that otherwise would have loaded before.
func (p *player) goDeep(file int, e *event) {
	seen := map[entered]bool{}
	var work []entered
	enter := func(list []code, own bool) {
		for _, c := range list {
			work = append(work, entered{c, own && c.file == file})
		}
	}
	enter(e.enters, true)
	doubt := append([]int(nil), e.doubt...)
	for len(work) > 0 && !p.over {
		c := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[c] {
			continue
		}
		if seen[c] = true; len(seen) > followed {
			doubt = append(doubt, c.file)
			break
		}
		b := p.bodyOf(c.code)
		for _, r := range b.reads {
			if !c.own || r.of != file || !p.definesItself(file, r.attr) {
				p.readIn(file, e, r.of, r.attr)
			}
		}
		for _, unit := range b.units {
			if p.guarded {
				p.localImport(file, e, c.file, unit)
			}
		}
		enter(b.enters, c.own)
		doubt = append(doubt, b.doubt...)
	}
	for _, owner := range doubt {
		if of := p.loadingUnder(owner); of >= 0 && !p.over {
			p.fail(file, &event{at: e.at, unit: -1, of: of, attr: "?", def: e.def})
			return
		}
	}
}

// definesItself tells whether only statements of the file that stay where they
// are bind a name of it. What its own code finds of such names while it loads is
// the same in every load, whoever asks for it.
func (p *player) definesItself(file int, attr string) bool {
	m := p.facts(file)
	n := p.top(m, attr)
	if _, isModule := p.byName[m.Name+"."+attr]; n < 0 || isModule {
		return false
	}
	for _, b := range m.Names[n].Bindings {
		if b.Kind == facts.ByImport {
			return false
		}
	}
	return true
}

// localImport runs an import of a def that an event leads to, or reads the name
// where the import has gone to module level.
func (p *player) localImport(file int, e *event, owner, unit int) {
	u := p.Modules[owner].Units[unit]
	if p.scripts[owner].left[unit] {
		p.readIn(file, e, owner, u.Bound)
		return
	}
	for _, module := range p.loads(u) {
		if i, ok := p.byName[module]; ok && !p.over {
			p.load([]int{i})
		}
	}
}

// readIn reads a name in code that an event leads to.
func (p *player) readIn(file int, e *event, of int, attr string) {
	if r := (event{at: e.at, unit: -1, of: of, attr: attr, def: e.def}); !p.over && p.unbound(&r) {
		p.fail(file, &r)
	}
}

// loadingUnder is a module which code of the owner could get at, and which is
// still loading around an import that goes up; -1 for none.
func (p *player) loadingUnder(owner int) int {
	last := len(p.stack) - 1
	for last >= 0 && !p.stack[last].event.up {
		last--
	}
	reach := p.reach(owner)
	for _, fr := range p.stack[:last+1] {
		if n, ok := p.graph.Find(p.nodeName(fr.file)); ok && reach.Loaded(n) {
			return fr.file
		}
	}
	return -1
}

// unboundYet tells whether the running module still has names to bind that a
// star import would take.
func (p *player) unboundYet(file int) bool {
	m := p.facts(file)
	for _, n := range m.Names {
		if n.Scope == facts.Top && exports(m, n.Text) && p.scripts[file].binds[n.Text] >= int(p.state[file]) {
			return true
		}
	}
	return false
}

// rising tells whether an import that goes up is under way: what fails then may
// be as usual only because something was misjudged in the tree as it stands.
func (p *player) rising() bool {
	for _, fr := range p.stack {
		if fr.event != nil && fr.event.up {
			return true
		}
	}
	return false
}

func (p *player) fail(file int, e *event) {
	f := failure{file, e.of, e.attr}
	if p.met[f] && !p.rising() {
		return
	}
	p.met[f] = true
	if p.excused[f] || p.usual[f] && !p.rising() {
		return
	}
	p.over = p.usual != nil
	happened := failed{failure: f, line: max(e.at/2, 1), def: e.def}
	if e.up {
		happened.line = p.Modules[file].Units[e.unit].Line
	}
	for _, fr := range p.stack {
		happened.chain = append(happened.chain, p.nodeName(fr.file))
		happened.files = append(happened.files, fr.file)
	}
	// Of the imports under way, the innermost that went up led here; else one
	// that ran before and changed the order.
	for i := len(p.stack) - 1; i >= 0; i-- {
		if s := p.stack[i].event; s.up {
			happened.cause = append(happened.cause, unitAt{p.stack[i].file, s.unit})
		}
	}
	for i := len(p.raised) - 1; i >= 0; i-- {
		happened.cause = append(happened.cause, p.raised[i])
	}
	p.failed = append(p.failed, happened)
}
