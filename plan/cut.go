package plan

import (
	"slices"

	"fastpath/plan/facts"
	"fastpath/plan/graph"
)

// Sets is the view of a plan in which moves count together: an import that
// four files load is not saved by moving one of them. Without configured
// entries every file is its own entry, and there are no sets to speak of.
//
// Its answers refer to decisions by their index into Plan.Decisions. A unit
// that the rules leave where it is counts as movable when nothing blocks it,
// except that the order of import cycles is judged for planned moves only.
type Sets struct {
	p       *planner
	entries []graph.Node
	before  *graph.Reach
	planned *graph.Reach // memo of what loads, or is only shifted, after the plan
	free    map[int32]freedom
	cuts    map[string]Cut
	recuts  int // cuts found for one move alone
}

// A freedom tells whether a unit could move down.
type freedom struct {
	free  bool
	sites int // places that would import it
	// blockers are what keeps a unit that the rules never asked to move.
	blockers []Blocker
}

func (p *planner) sets() *Sets {
	s := &Sets{p: p, entries: p.entries(), free: map[int32]freedom{}, cuts: map[string]Cut{}}
	if len(s.entries) > 0 {
		s.before = p.graph.Load(s.entries, graph.Eager)
	}
	return s
}

// Known tells whether entries are configured, so that there is a cold start to
// speak of.
func (s *Sets) Known() bool { return s != nil && s.before != nil }

// Saves is what the given moves together take off a cold start, in
// milliseconds: exactly the self time of the modules that no longer load, less
// that of the modules that do so only now. shifts is the part of the time that
// nearly every first request pays instead. Decisions of imports in functions
// count as hoisted, all others as sunk.
func (s *Sets) Saves(moves ...int) (saves, shifts float64) {
	if !s.Known() {
		for _, i := range moves {
			saves += s.p.decisions[i].SavesMS
			shifts += s.p.decisions[i].ShiftsMS
		}
		return saves, shifts
	}
	set := newMoveSet()
	for _, i := range moves {
		if d := &s.p.decisions[i]; currentLevel(s.site(i)) == FunctionLevel {
			set.rising[int32(i)] = true
		} else {
			set.sink(int32(i), d.hot(s.p.Policy))
		}
	}
	needed := s.p.priced.Load(s.entries, set.needed).MS()
	return s.before.MS() - needed, needed - s.p.priced.Load(s.entries, set.start).MS()
}

func (s *Sets) site(i int) facts.Site {
	d := &s.p.decisions[i]
	m := s.p.facts(d.File)
	return m.Statements[m.Units[d.Unit].Statement].Site
}

// A Cut is a smallest set of moves after which a module no longer loads at a
// cold start.
type Cut struct {
	Loads    bool  // the module loads at a cold start as the tree stands
	Moves    []int // decisions in plan order; empty when Wall says why
	Edits    int   // statements taken out and put in
	SavesMS  float64
	ShiftsMS float64
	// Wall is an import chain from an entry to the module, both included, none
	// of whose imports may move; nil when there is a cut.
	Wall []Hop
}

// Prices of a move in a cut. The number of moves decides; among cuts of as
// many moves the one that follows the rules more often is taken, then the one
// with fewer edits.
const (
	perMove    = 1 << 40
	perUnasked = 1 << 20
	mostEdits  = 1 << 10
)

// Cut finds the smallest set of moves that keeps a module, by its dotted name,
// from loading at a cold start. Imports that nearly every request needs are
// cut only where it does not go without them, for moving them saves nothing.
func (s *Sets) Cut(module string) Cut {
	if c, ok := s.cuts[module]; ok {
		return c
	}
	c := s.cut(module, -1)
	s.cuts[module] = c
	return c
}

// Needs finds what else must move before the move of a decision pays: the
// smallest set that, together with it, keeps its module from loading. The
// figures are those of the whole set, the decision included.
func (s *Sets) Needs(i int) Cut {
	d := &s.p.decisions[i]
	module := s.p.loaded(s.p.Modules[d.File].Units[d.Unit])
	c := s.Cut(module)
	if slices.Contains(c.Moves, i) {
		// What is left of a smallest cut is a smallest cut of what is left.
		c.Moves = slices.DeleteFunc(slices.Clone(c.Moves), func(j int) bool { return j == i })
		return c
	}
	if !c.Loads || s.recuts >= mostRecuts {
		// That set is enough without this move, if perhaps not the smallest with it.
		return c
	}
	s.recuts++
	return s.cut(module, int32(i))
}

// mostRecuts bounds the cuts that are found anew for one move each: a large
// tree has thousands of moves without a gain.
const mostRecuts = 200

// cut finds the smallest cut, given that the unit of the tag has moved.
func (s *Sets) cut(module string, moved int32) Cut {
	target, ok := s.p.priced.Find(module)
	if !ok || !s.Known() || !s.before.Loaded(target) {
		return Cut{}
	}
	follow := func(e graph.Edge) bool { return e.Eager && (moved < 0 || e.Tag != moved) }
	reach := s.before
	if moved >= 0 {
		reach = s.p.priced.Load(s.entries, follow)
	}
	l := s.p.priced.Loading(s.entries, reach, target, follow)
	found := l.Cut(func(tag int32) int64 { return s.price(tag, false) })
	if found.Wall != nil {
		if shifting := l.Cut(func(tag int32) int64 { return s.price(tag, true) }); shifting.Wall == nil {
			found = shifting
		} else {
			found.Wall = shifting.Wall
		}
	}
	c := Cut{Loads: true}
	if found.Wall != nil {
		c.Wall = s.hops(found.Wall)
		return c
	}
	all := make([]int, 0, len(found.Tags)+1)
	for _, tag := range found.Tags {
		all = append(all, int(tag))
	}
	c.Moves = slices.Clone(all)
	if moved >= 0 {
		all = append(all, int(moved))
	}
	c.SavesMS, c.ShiftsMS = s.Saves(all...)
	for _, i := range all {
		c.Edits += s.Edits(i)
	}
	return c
}

// price is what it costs to cut the import of a unit.
func (s *Sets) price(tag int32, hot bool) int64 {
	d := &s.p.decisions[tag]
	f := s.freedom(tag)
	if !f.free || !hot && d.hot(s.p.Policy) {
		return graph.Uncuttable
	}
	price := int64(perMove + min(s.Edits(int(tag)), mostEdits))
	if d.Level == ModuleLevel || d.Rule == RuleNotProfiled || d.Rule == RuleNoUsage {
		price += perUnasked
	}
	return price
}

// Edits counts the statements that the move takes out and puts in.
func (s *Sets) Edits(i int) int { return 1 + max(s.freedom(int32(i)).sites, 1) }

// Free tells whether the unit could move down, whatever the rules ask for, and
// if not, what keeps it.
func (s *Sets) Free(i int) (bool, []Blocker) {
	f := s.freedom(int32(i))
	return f.free, f.blockers
}

func (s *Sets) freedom(tag int32) freedom {
	if f, ok := s.free[tag]; ok {
		return f
	}
	d := &s.p.decisions[tag]
	var f freedom
	switch {
	case d.Status == StatusBlocked:
		f.blockers = d.Blockers
	case d.Status == StatusMove && d.Action == Hoist:
		f.free, f.sites = true, 1
	case d.Status == StatusMove && d.Action == ToTypeChecking:
		f.free, f.sites = true, 1
	case d.Status == StatusMove && d.Action == Sink:
		f.free, f.sites = true, sites(d.Into)
	default:
		q := s.p.down(d.File, d.Unit, s.p.running(d.File))
		what := Decision{File: d.File, Unit: d.Unit, Blockers: s.p.lift(s.p.Modules[d.File].Path, q.blocks)}
		s.p.fixed(&what)
		f.blockers, f.sites = what.Blockers, sites(q.users.landings)
		f.free = len(f.blockers) == 0 && len(q.users.landings)+len(q.users.unread) > 0
	}
	s.free[tag] = f
	return f
}

// sites counts the places that get an import of their own.
func sites(into []Landing) int {
	n := 0
	for _, l := range into {
		if !l.Present {
			n++
		}
	}
	return n
}
