package audit

import (
	"fmt"
	"slices"

	"fastpath/plan"
	"fastpath/plan/facts"
)

// decisions lists the imports that the new figures place differently.
func (r *review) decisions() Section {
	s := Section{Key: "decisions", Title: "Decisions that change", Columns: []Column{
		{"place", "place"}, {"import", "import"}, {"before_ms", "before, ms"}, {"now_ms", "now, ms"},
		{"before_pct", "before, %"}, {"now_pct", "now, %"}, {"before", "before"}, {"now", "now"}}}
	for i := range r.New.Plan.Decisions {
		before, now := &r.Old.Plan.Decisions[i], &r.New.Plan.Decisions[i]
		if before.Level == now.Level {
			continue
		}
		m := r.New.Input.Modules[now.File]
		u := &m.Units[now.Unit]
		row := Row{Cells: []any{place(m.Path, u.Line), target(u), before.ImportMS, now.ImportMS, before.UsagePct, now.UsagePct,
			standing(before), standing(now)}}
		switch {
		case r.noise(u, before, now):
			row.Verdict = "within the noise"
		case now.Status == plan.StatusMove:
			row.Verdict, row.Do = "moves", "Take the new figures over and run `fastpath apply`."
		case now.Status == plan.StatusBlocked && len(now.Blockers) > 0:
			row.Verdict = "stays: " + now.Blockers[0].Message + " (" + now.Blockers[0].Code + ")"
		case now.Status == plan.StatusNoGain:
			row.Verdict = "stays: other paths load it anyway"
		default:
			row.Verdict = "stands there already"
		}
		s.Rows = append(s.Rows, row)
	}
	s.Summary = fmt.Sprintf("%s decided, %d differently than by the committed figures", count(len(r.New.Plan.Decisions), "import"), len(s.Rows))
	return s
}

func standing(d *plan.Decision) string { return fmt.Sprintf("%s (%s)", d.Level, d.Rule) }

// noise tells whether a decision changed though its figures did not, by more
// than the measurements scatter.
func (r *review) noise(u *facts.Unit, before, now *plan.Decision) bool {
	p := r.New.Input.Policy
	if before.UsagePct != now.UsagePct || !before.ImportMS.Known || !now.ImportMS.Known ||
		level(p, before.ImportMS.Value) == level(p, now.ImportMS.Value) {
		return false // something else turned it, such as an exception that expired
	}
	for _, name := range []string{target(u), u.Module} {
		_, was := r.changes.before.Modules[name]
		_, is := r.changes.now.Modules[name]
		if was && is {
			return !r.changes.real(name)
		}
	}
	return false
}

// target is the dotted name of what a unit imports.
func target(u *facts.Unit) string {
	if u.Attr == "" || u.Attr == "*" {
		return u.Module
	}
	return u.Module + "." + u.Attr
}

// decision is the decision of a unit by the new figures, and by the committed
// ones.
func (r *review) decision(file, unit int) (before, now *plan.Decision) {
	i := slices.IndexFunc(r.New.Plan.Decisions, func(d plan.Decision) bool { return d.File == file && d.Unit == unit })
	return &r.Old.Plan.Decisions[i], &r.New.Plan.Decisions[i]
}
