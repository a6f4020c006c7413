package audit

import (
	"cmp"
	"fmt"
	"slices"

	"fastpath/plan/evidence"
)

// trend says what the history of measurements does.
func (r *review) trend() Section {
	s := Section{Key: "trend", Title: "Trend of the cold start", Columns: []Column{
		{"date", "date"}, {"kind", "kind"}, {"revision", "revision"}, {"cold_start_ms", "cold start, ms"}, {"interval", "interval"}, {"change", "change"}}}
	history := InOrder(r.History)
	if len(history) == 0 {
		s.Summary = "nothing was measured yet: run `fastpath measure`"
		return s
	}
	tolerance := r.New.Measured.Targets.MaxRegression
	t := evidence.FindTrend(history, tolerance)
	before := -1 // the record of the stretch before the one at hand
	for i, h := range history {
		row := Row{Cells: []any{h.Date, h.Kind, h.Revision, known(h.ColdStart.Estimate), between(h.ColdStart), ""}, Verdict: "before the stretch"}
		if slices.Contains(t.Records, i) {
			row.Verdict = "begins the stretch"
			if before >= 0 {
				row.Verdict = ""
				row.Cells[5] = percent(h.ColdStart.Estimate / history[before].ColdStart.Estimate)
			}
			before = i
		}
		s.Rows = append(s.Rows, row)
	}
	last, since := &s.Rows[t.Records[len(t.Records)-1]], history[t.Records[0]].Date
	last.Verdict = string(t.Direction)
	s.Summary = SayTrend(history, t)
	if t.Direction == evidence.Creeping || t.Direction == evidence.Jumped {
		last.Do = fmt.Sprintf("Look for what came in since %s: `fastpath check`, and the history of fast_path.py.", since)
	}
	return s
}

// InOrder is a history by date, the oldest first.
func InOrder(history []evidence.Record) []evidence.Record {
	history = slices.Clone(history)
	slices.SortStableFunc(history, func(a, b evidence.Record) int { return cmp.Compare(a.Date, b.Date) })
	return history
}

// SayTrend sums up a history that is in order, and its trend.
func SayTrend(history []evidence.Record, t evidence.Trend) string {
	text := count(len(history), "measurement")
	first, latest := history[0], history[len(history)-1]
	if len(history) > 1 && evidence.Comparable(first, latest) {
		text += fmt.Sprintf(", %s from first to last", percent(latest.ColdStart.Estimate/first.ColdStart.Estimate))
	}
	return text + fmt.Sprintf("; %d comparable since %s: %s", len(t.Records), history[t.Records[0]].Date, said(t))
}

// said spells a trend with what it rests on.
func said(t evidence.Trend) string {
	switch t.Direction {
	case evidence.TooFew:
		return fmt.Sprintf("too few to tell a trend, which takes %d", evidence.MinRecords)
	case evidence.Jumped:
		return fmt.Sprintf("sudden degradation, the latest lies %s above those before", percent(1+t.Change))
	}
	text := fmt.Sprintf("%s, %s", t.Direction, percent(1+t.Change))
	if t.Monthly != 0 {
		text += fmt.Sprintf(" or %+.0f ms a month", t.Monthly)
	}
	switch {
	case t.Tested:
		text += fmt.Sprintf(" (line of Theil and Sen; Mann-Kendall p = %.2g)", t.P)
	case t.Direction == evidence.Steady:
		text += fmt.Sprintf("; %d are too few for the Mann-Kendall test", len(t.Records))
	default:
		text += fmt.Sprintf("; %d are too few for the Mann-Kendall test (p = %.2g at best), but every step goes the same way", len(t.Records), t.P)
	}
	return text
}

func between(i evidence.Interval) string {
	if i.Low == i.High {
		return ""
	}
	return fmt.Sprintf("%.1f to %.1f", i.Low, i.High)
}
