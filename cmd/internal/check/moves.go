package check

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"fastpath/plan"
	"fastpath/plan/evidence"
	"fastpath/plan/jsondoc"
)

// A Move is an import that was moved and whose effect is to be measured.
type Move struct {
	File   string `json:"file"`
	Module string `json:"module"`
	Name   string `json:"name"`
	To     string `json:"to"` // function, module or type-checking
	// After marks the after.json that stood when the move was made. Another one
	// covers the move.
	After string `json:"after"`
	// SavesMS is the saving at a cold start that was predicted: its share of what
	// the moves that pay only together save.
	SavesMS float64 `json:"saves_ms,omitempty"`
}

// A Measured is what the measurement files say, each nil when it is not there.
type Measured struct {
	Moves     []Move
	MovesPath string // how messages name moves.json
	After     *evidence.Measurement
	AfterPath string
	AfterMark string
	Baseline  *evidence.Measurement
	Analysed  bool // analysis.md is there
	Targets   evidence.Targets
}

// Mark tells one after.json from another by its bytes; "" for none.
func Mark(after []byte) string {
	if after == nil {
		return ""
	}
	sum := sha256.Sum256(after)
	return hex.EncodeToString(sum[:8])
}

// Moves adds what a plan moves in the chosen files to the moves that no
// measurement has covered since.
func Moves(in plan.Input, p *plan.Plan, chosen []bool, before []Move, mark string) []Move {
	moves := slices.DeleteFunc(slices.Clone(before), func(m Move) bool { return m.After != mark })
	saves := predicted(p)
	for i, d := range p.Decisions {
		to := map[plan.Action]string{plan.Sink: "function", plan.Hoist: "module", plan.Drop: "module", plan.ToTypeChecking: "type-checking"}[d.Action]
		if d.Status != plan.StatusMove || to == "" || chosen != nil && !chosen[d.File] {
			continue
		}
		m := in.Modules[d.File]
		u := &m.Units[d.Unit]
		moves = append(moves, Move{File: m.Path, Module: target(u), Name: u.Bound, To: to, After: mark, SavesMS: saves[i]})
	}
	slices.SortStableFunc(moves, func(a, b Move) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Module, b.Module), cmp.Compare(a.Name, b.Name))
	})
	// Of two moves of one import the later one counts; it stands behind.
	var last []Move
	for i, m := range moves {
		if i+1 < len(moves) && m.File == moves[i+1].File && m.Module == moves[i+1].Module && m.Name == moves[i+1].Name {
			continue
		}
		last = append(last, m)
	}
	return last
}

// predicted shares the savings of a plan out among its decisions: what each step
// adds to those before it, in equal parts among the moves that are new in it.
func predicted(p *plan.Plan) map[int]float64 {
	saves := map[int]float64{}
	before := 0.0
	for _, step := range p.Sets.Order() {
		fresh := slices.DeleteFunc(slices.Clone(step.Moves), func(i int) bool { _, seen := saves[i]; return seen })
		for _, i := range fresh {
			saves[i] = math.Round((step.SumMS-before)/float64(len(fresh))*1000) / 1000
		}
		if len(fresh) > 0 {
			before = step.SumMS
		}
	}
	return saves
}

// ReadMoves reads what WriteMoves wrote. Errors name the file, the line and the
// column.
func ReadMoves(name string, data []byte) ([]Move, error) {
	d, items, err := readList(name, data, "moves")
	if err != nil {
		return nil, err
	}
	var list []Move
	for _, item := range items {
		var m Move
		for key, into := range map[string]*string{"file": &m.File, "module": &m.Module, "name": &m.Name, "to": &m.To, "after": &m.After} {
			v, ok := item.Get(key)
			if !ok || v.Kind != jsondoc.String {
				return nil, d.Errorf(item, "a move needs %q as a string", key)
			}
			*into = v.Text
		}
		if v, found := item.Get("saves_ms"); found {
			var ok bool
			if m.SavesMS, ok = v.Float(); !ok {
				return nil, d.Errorf(v, "%s where a number is wanted", v.Kind)
			}
		}
		list = append(list, m)
	}
	return list, nil
}

// WriteMoves spells moves as a file, one a line.
func WriteMoves(list []Move) []byte {
	lines := make([]any, len(list))
	for i, m := range list {
		lines[i] = m
	}
	return writeList("moves", lines, "")
}

// measurements finds moves that nothing shows the effect of, and a latest
// measurement that misses its targets. Both concern the project as a whole.
func (s *search) measurements() {
	m := s.Measured
	if s.Chosen != nil && slices.Contains(s.Chosen, false) {
		return
	}
	if len(m.Moves) > 0 {
		missing := ""
		switch {
		case m.After == nil:
			missing = "there is no after.json"
		case slices.ContainsFunc(m.Moves, func(v Move) bool { return v.After == m.AfterMark }):
			missing = "after.json is older than the move"
		case m.Baseline == nil:
			missing = "there is no baseline.json to compare with"
		case !m.Analysed:
			missing = "there is no analysis.md"
		}
		if missing != "" {
			s.add("FP501", Finding{File: m.MovesPath, Message: fmt.Sprintf("%d moved (%s), and no measurement shows what that brought: %s",
				len(m.Moves), movedModules(m.Moves), missing)})
		}
	}
	if m.Baseline == nil || m.After == nil {
		return
	}
	comparison := evidence.ColdStarts(m.Baseline, m.After)
	for _, o := range m.Targets.Judge(comparison) {
		if !o.Failed() {
			continue
		}
		kind := "target-missed"
		if o.Target == "max-regression" {
			kind = "regression"
		}
		s.add(kind, Finding{File: m.AfterPath, Module: o.Target, Message: missed(o)})
	}
	if comparison.Verdict == evidence.Slower {
		s.add("regression", Finding{File: m.AfterPath, Message: fmt.Sprintf("the cold start became slower: %.1f ms, and it was %.1f ms",
			comparison.After.Estimate, comparison.Before.Estimate)})
	}
}

// missed says by how much a target is missed.
func missed(o evidence.Outcome) string {
	switch o.Target {
	case "cold-start-ms":
		return fmt.Sprintf("the cold start takes %.1f ms, and the target is less than %g ms", o.Value.Estimate, o.Limit)
	case "min-improvement":
		if o.Value.Estimate < 0 {
			return fmt.Sprintf("the cold start became slower by %.1f %%, and the target is an improvement of at least %g %%", -100*o.Value.Estimate, 100*o.Limit)
		}
		return fmt.Sprintf("the cold start improved by %.1f %%, and the target is at least %g %%", 100*o.Value.Estimate, 100*o.Limit)
	}
	return fmt.Sprintf("the cold start became slower by %.1f %%, and the limit is %g %%", 100*o.Value.Estimate, 100*o.Limit)
}

// movedModules lists the modules of the moves, a few of them at most.
func movedModules(moves []Move) string {
	var names []string
	for _, m := range moves {
		names = append(names, m.Module)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	const most = 5
	if rest := len(names) - most; rest > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), rest)
	}
	return strings.Join(names, ", ")
}
