package plan

import "fastpath/plan/graph"

// weigh finds the moves that bring nothing because other eager paths load the
// module anyway, and what each move saves.
func (p *planner) weigh() {
	entries := p.entries()
	moves := p.moves()
	if len(entries) > 0 || !p.partial {
		p.price(moves)
	}
	for i := range p.decisions {
		p.decisions[i].SavesMS, p.decisions[i].ShiftsMS = 0, 0
	}
	if len(entries) == 0 {
		for i := range moves.sinking {
			d := &p.decisions[i]
			d.SavesMS = d.ImportMS.Value
			if moves.hot[i] {
				d.SavesMS, d.ShiftsMS = 0, d.ImportMS.Value
			}
		}
		return
	}
	before := p.priced.Load(entries, graph.Eager)
	after := p.priced.Load(entries, moves.start)
	reached := p.priced.Load(entries, graph.Any)
	for i := range p.decisions {
		if !moves.sinking[int32(i)] {
			continue
		}
		d := &p.decisions[i]
		target, _ := p.priced.Find(p.loaded(p.Modules[d.File].Units[d.Unit]))
		from, _ := p.priced.Find(p.nodeName(d.File))
		switch {
		case after.Loaded(target):
			d.NoGain = p.throughCalls(after.Path(target))
		case !reached.Loaded(from):
			d.NoGain = []string{}
		default:
			if before.Loaded(from) {
				d.SavesMS = before.Without(from, int32(i))
			}
			if moves.hot[int32(i)] {
				d.SavesMS, d.ShiftsMS = 0, d.SavesMS
			}
			continue
		}
		if !p.Policy.All {
			d.Status, d.Action, d.Into, d.KeepForTypes = StatusNoGain, Stay, nil, false
		}
	}
	needed := p.priced.Load(entries, moves.needed)
	p.savedMS, p.shiftedMS = before.MS()-needed.MS(), needed.MS()-after.MS()
}

// A moveSet is a set of moves as a change of the graph. Tags are indexes of
// decisions, for both number the units of the tree.
type moveSet struct {
	sinking, rising map[int32]bool
	hot             map[int32]bool // sinking ones that nearly every request needs
}

func newMoveSet() moveSet {
	return moveSet{sinking: map[int32]bool{}, rising: map[int32]bool{}, hot: map[int32]bool{}}
}

func (s moveSet) sink(i int32, hot bool) {
	s.sinking[i] = true
	if hot {
		s.hot[i] = true
	}
}

// start follows the imports that run at a cold start once the moves are made.
func (s moveSet) start(e graph.Edge) bool { return e.Eager && !s.sinking[e.Tag] || s.rising[e.Tag] }

// needed follows those that run then or that nearly every first request runs:
// what a move only shifts is not saved.
func (s moveSet) needed(e graph.Edge) bool {
	return s.start(e) || s.hot[e.Tag] && e.Eager
}

// moves are all moves of the plan.
func (p *planner) moves() moveSet {
	s := newMoveSet()
	for i := range p.decisions {
		if d := &p.decisions[i]; d.Status == StatusMove {
			switch d.Action {
			case Sink, ToTypeChecking:
				s.sink(int32(i), d.hot(p.Policy))
			case Hoist:
				s.rising[int32(i)] = true
			case Consolidate:
				m := p.facts(d.File)
				if currentLevel(m.Statements[m.Units[d.Unit].Statement].Site) == FunctionLevel {
					s.rising[int32(i)] = true
				}
			}
		}
	}
	return s
}
