package plan

import (
	"cmp"
	"slices"

	"fastpath/plan/graph"
)

// A Step is a set of planned moves that pays only as a whole.
type Step struct {
	Module  string // what no longer loads at a cold start
	Moves   []int  // decisions in plan order
	Edits   int    // statements taken out and put in
	SavesMS float64
	// SumMS is what this step and all before it save together.
	SumMS float64
}

// PerEdit is the saving of one edit in milliseconds.
func (s Step) PerEdit() float64 { return s.SavesMS / float64(max(s.Edits, 1)) }

// Order lists the planned moves by what an edit saves, the best first: where
// to begin. Moves that only pay together are one step; moves that save nothing
// are left out. A move can be part of several steps; only the first counts its
// saving into the sum.
func (s *Sets) Order() []Step {
	if s == nil {
		return nil
	}
	planned := s.p.moves()
	var steps []Step
	seen := map[string]bool{}
	for i := range s.p.decisions {
		d := &s.p.decisions[i]
		if !planned.sinking[int32(i)] || planned.hot[int32(i)] {
			continue
		}
		module := s.p.loaded(s.p.Modules[d.File].Units[d.Unit])
		if !s.Known() {
			steps = s.step(steps, module, []int{i})
			continue
		}
		if !seen[module] {
			seen[module] = true
			steps = s.step(steps, module, s.together(module, planned))
		}
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(b.PerEdit(), a.PerEdit()), slices.Compare(a.Moves, b.Moves))
	})
	steps = slices.CompactFunc(steps, func(a, b Step) bool { return slices.Equal(a.Moves, b.Moves) })
	s.sum(steps)
	return steps
}

// step adds a set of moves to the list if it saves anything.
func (s *Sets) step(steps []Step, module string, moves []int) []Step {
	saves, _ := s.Saves(moves...)
	if saves <= 0 {
		return steps
	}
	edits := 0
	for _, i := range moves {
		edits += s.Edits(i)
	}
	return append(steps, Step{Module: module, Moves: moves, Edits: edits, SavesMS: saves})
}

// together is the smallest set of planned moves that keeps the module from
// loading; nil when they do not.
func (s *Sets) together(module string, planned moveSet) []int {
	target, ok := s.p.priced.Find(module)
	if !ok || !s.before.Loaded(target) {
		return nil
	}
	cut := s.p.priced.Loading(s.entries, s.before, target, graph.Eager).Cut(func(tag int32) int64 {
		if !planned.sinking[tag] || planned.hot[tag] {
			return graph.Uncuttable
		}
		return int64(perMove + min(s.Edits(int(tag)), mostEdits))
	})
	var moves []int
	for _, tag := range cut.Tags {
		moves = append(moves, int(tag))
	}
	return moves
}

// sum adds up what the steps save, each on top of those before it.
func (s *Sets) sum(steps []Step) {
	var made []int
	for i := range steps {
		made = append(made, steps[i].Moves...)
		steps[i].SumMS, _ = s.Saves(made...)
	}
}
