package render

import (
	"fmt"
	"strings"

	"fastpath/plan/evidence"
)

// A summaryView is the head of the page.
type summaryView struct {
	Cold    *coldView
	Lacking string // what is missing for a comparison
	Command string // that fills it
	Targets []targetView
	Cards   []cardView
	Status  []shareView
}

// A coldView is the cold start before and after.
type coldView struct {
	Bars    []barView
	Limit   float64 // where the target is, in percent of the scale; 0 for none
	LimitMS float64
	Change  string // improvement with its interval
	Word    string // improvement or slow-down
	Verdict string
	Class   string // of the verdict: good, bad or open
	Notes   []string
}

// A barView is one bar; widths and places are percent of the scale.
type barView struct {
	Name, Text, Range string
	Detail            string
	Class             string // after for the last of several
	Width, Low, Span  float64
}

// A targetView is one target.
type targetView struct {
	Name, Limit, Value, Says string
	Class                    string
}

type cardView struct {
	Label, Value, Unit, Note string
	Href                     string
}

// A shareView is one part of the bar of statuses.
type shareView struct {
	Name, Class string
	Count       int
	At, Width   float64 // percent
}

// scaleRoom keeps the whiskers of the longest bar on the scale.
const scaleRoom = 1.04

func (p Page) summary(stages []stageView) summaryView {
	v := summaryView{Cards: p.cards(stages), Status: p.shares()}
	before, after := p.Measured.Baseline, p.Measured.After
	switch {
	case before == nil && after == nil:
		v.Lacking, v.Command = "The cold start was not measured yet.", "fastpath measure baseline"
	case before == nil:
		v.Lacking, v.Command = "There is no baseline to compare the latest measurement with.", "fastpath measure baseline"
	case after == nil:
		v.Lacking, v.Command = "There is a baseline; once the moves are made, measure again.", "fastpath measure after"
	}
	if before == nil || after == nil {
		for _, m := range []struct {
			name string
			of   *evidence.Measurement
		}{{"Before", before}, {"After", after}} {
			if m.of != nil {
				median := evidence.Summarize(m.of.Walls())
				v.Cold = &coldView{Bars: []barView{bar(m.name, median, m.of, median.High*scaleRoom)}}
			}
		}
		if before == nil && after == nil {
			v.Cold = predicted(stages)
		}
		v.Targets = p.unmeasured()
		return v
	}
	analysis := evidence.Analyse(before, after)
	c := analysis.Cold
	scale := max(c.Before.High, c.After.High) * scaleRoom
	cold := &coldView{Bars: []barView{bar("Before", c.Before, before, scale), bar("After", c.After, after, scale)}, Verdict: string(c.Verdict)}
	cold.Class = map[evidence.Verdict]string{evidence.Faster: "good", evidence.Slower: "bad"}[c.Verdict]
	change := evidence.Interval{Estimate: 1 - c.Ratio.Estimate, Low: 1 - c.Ratio.High, High: 1 - c.Ratio.Low}
	cold.Word = "less"
	if change.Estimate < 0 {
		cold.Word = "more"
		change = evidence.Interval{Estimate: -change.Estimate, Low: -change.High, High: -change.Low}
	}
	cold.Change = fmt.Sprintf("%.1f %%", change.Estimate*100)
	if change.Low < change.High {
		cold.Notes = append(cold.Notes, fmt.Sprintf("With %g %% confidence %.1f to %.1f %%.", evidence.Confidence*100, change.Low*100, change.High*100))
	}
	if c.Needed > 0 {
		cold.Notes = append(cold.Notes, fmt.Sprintf("To tell for certain, measure with %d runs or more.", c.Needed))
	}
	if share, ok := analysis.Shifted(); ok {
		cold.Notes = append(cold.Notes, fmt.Sprintf("Of what left the start, %.0f %% came back in the first request.", share*100))
	}
	if before.Python != after.Python && before.Python != "" && after.Python != "" {
		cold.Notes = append(cold.Notes, "The two were measured with different Pythons: the difference is not the imports' alone.")
	}
	if limit := p.Measured.Targets.ColdStartMS; limit > 0 && limit < scale {
		cold.LimitMS, cold.Limit = limit, percent(limit, scale)
	}
	v.Cold = cold
	for _, o := range analysis.Judge(p.Measured.Targets) {
		v.Targets = append(v.Targets, targetOf(o))
	}
	return v
}

// predicted are the stages as the profile adds them up; nil without any.
func predicted(stages []stageView) *coldView {
	if len(stages) == 0 {
		return nil
	}
	cold := &coldView{}
	for i, s := range stages {
		b := barView{Name: s.Name, Text: Milliseconds(s.MS), Width: percent(s.MS, stages[0].MS*scaleRoom), Detail: "added up from the profile"}
		if i > 0 && i == len(stages)-1 {
			b.Class = "after"
		}
		cold.Bars = append(cold.Bars, b)
	}
	return cold
}

func bar(name string, i evidence.Interval, m *evidence.Measurement, scale float64) barView {
	b := barView{Name: name, Class: strings.ToLower(name), Text: Milliseconds(i.Estimate), Width: percent(i.Estimate, scale),
		Low: percent(i.Low, scale), Span: percent(i.High-i.Low, scale)}
	if i.Low < i.High {
		b.Range = Milliseconds(i.Low) + " to " + Milliseconds(i.High)
	}
	b.Detail = Count(len(m.Samples), "sample")
	for _, text := range []string{m.Date, m.Revision[:min(len(m.Revision), 10)]} {
		if text != "" {
			b.Detail += ", " + Printable(text)
		}
	}
	return b
}

func percent(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return rounded(100 * part / whole)
}

var targetNames = map[string]string{
	"cold-start-ms":   "Cold start",
	"min-improvement": "Improvement",
	"max-regression":  "Slow-down",

	"max-warm-regression": "Slow-down of warm requests",
}

// targetOf spells an outcome.
func targetOf(o evidence.Outcome) targetView {
	v := targetView{Name: targetNames[o.Target], Limit: limitText(o.Target, o.Limit)}
	if v.Name == "" {
		v.Name = o.Target
	}
	if v.Value = fmt.Sprintf("%.1f %%", o.Value.Estimate*100); o.Target == "cold-start-ms" {
		v.Value = Milliseconds(o.Value.Estimate) + " ms"
	}
	if o.Target != "cold-start-ms" && o.Target != "min-improvement" && o.Value.Estimate <= 0 {
		v.Value = "none"
	}
	switch {
	case o.Met && o.Certain:
		v.Says, v.Class = "met", "good"
	case o.Met:
		v.Says, v.Class = "met, not for certain", "open"
	case o.Certain:
		v.Says, v.Class = "missed", "bad"
	default:
		v.Says, v.Class = "missed, not for certain", "bad"
	}
	return v
}

func limitText(target string, limit float64) string {
	switch target {
	case "cold-start-ms":
		return fmt.Sprintf("below %s ms", Grouped(int64(limit)))
	case "min-improvement":
		return fmt.Sprintf("at least %g %%", rounded(limit*100))
	}
	return fmt.Sprintf("at most %g %%", rounded(limit*100))
}

// unmeasured are the targets before anything can be held against them.
func (p Page) unmeasured() []targetView {
	t := p.Measured.Targets
	var list []targetView
	for _, one := range []struct {
		name  string
		limit float64
	}{{"cold-start-ms", t.ColdStartMS}, {"min-improvement", t.MinImprovement}, {"max-regression", t.MaxRegression}} {
		if one.limit > 0 {
			list = append(list, targetView{Name: targetNames[one.name], Limit: limitText(one.name, one.limit), Value: "–", Says: "not measured", Class: "open"})
		}
	}
	return list
}

// cards are the figures of the head.
func (p Page) cards(stages []stageView) []cardView {
	sum := p.Summarize()
	moves := cardView{Label: "Moves planned", Value: Grouped(int64(sum.Move)), Note: "of " + Count(sum.Imports, "import"), Href: "#decisions"}
	switch made := len(p.Measured.Moves); {
	case made > 0 && sum.Move == 0:
		moves.Label, moves.Value, moves.Note = "Moves made", Grouped(int64(made)), "none left of "+Count(sum.Imports, "import")
	case made > 0:
		moves.Note += fmt.Sprintf("; %s made before", Grouped(int64(made)))
	}
	saving := cardView{Label: "Predicted saving", Value: Milliseconds(sum.SavesMS), Unit: "ms", Note: "of a cold start, by the plan", Href: "#time"}
	if len(stages) > 0 && stages[0].Slug == "before" && stages[1].Slug == "now" {
		if made := stages[1].Less; sum.Move == 0 || sum.SavesMS == 0 {
			saving.Value, saving.Note = Milliseconds(made), "of a cold start, by the moves that were made"
		} else {
			saving.Note += "; " + Milliseconds(made) + " ms by the moves made"
		}
	}
	if sum.ShiftsMS > 0 {
		saving.Note += fmt.Sprintf("; %s ms shifted, not saved", Milliseconds(sum.ShiftsMS))
	}
	blocked := cardView{Label: "Blocked", Value: Grouped(int64(sum.Blocked)), Note: "imports that should move and may not", Href: "#blockers"}
	findings := cardView{Label: "Findings", Value: Grouped(int64(len(p.Findings.Findings))), Note: p.Findings.Summary(), Href: "#findings"}
	return []cardView{moves, saving, blocked, findings}
}

// shares are the statuses as parts of all imports.
func (p Page) shares() []shareView {
	sum := p.Summarize()
	list := []shareView{{Name: "move", Class: "move", Count: sum.Move}, {Name: "keep", Class: "keep", Count: sum.Keep},
		{Name: "blocked", Class: "blocked", Count: sum.Blocked}, {Name: "no gain", Class: "no-gain", Count: sum.NoGain}}
	at := 0
	for i := range list {
		list[i].At = percent(float64(at), float64(sum.Imports))
		list[i].Width = percent(float64(list[i].Count), float64(sum.Imports))
		at += list[i].Count
	}
	return list
}
