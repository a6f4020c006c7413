package render

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"fastpath/cmd/internal/check"
	"fastpath/plan"
	"fastpath/plan/evidence"
	"fastpath/plan/facts"
)

// A Context is what an analysis says beside the figures.
type Context struct {
	Moves   []check.Move // that no earlier measurement covers
	Kept    []Kept
	Planned bool // Kept was looked for
}

// A Kept is an import that costs something and stays.
type Kept struct {
	File   string
	Line   int
	Import string
	MS     float64
	Why    []string
}

// mostRows bounds the tables of an analysis.
const mostRows = 20

// Measured is a measurement in one line.
func Measured(m *evidence.Measurement, r evidence.Record) string {
	text := fmt.Sprintf("cold start %s ms, median of %s", interval(r.ColdStart, 1), Count(r.Samples, "cold start"))
	if r.FloorMS > 0 {
		text += fmt.Sprintf("; the bare interpreter takes %s ms beside it", Milliseconds(r.FloorMS))
	}
	if m.HasRequests() {
		text += fmt.Sprintf("; first request %s ms, warm request %s ms", Milliseconds(r.FirstMS), Milliseconds(r.WarmMS))
	}
	if m.MemoryMB > 0 {
		text += fmt.Sprintf("; %g MB", m.MemoryMB)
	}
	if share, needed := evidence.Scatter(r.ColdStart, r.Samples); needed > r.Samples && m.Source == evidence.Local {
		text += fmt.Sprintf("; noisy, by %.0f %%: %s would make that %g %%", 100*share, Count(needed, "run"), 100*evidence.Resolution/2)
	}
	return text
}

// Analysis is what two measurements say as markdown. Its dates are those of the
// measurements.
func Analysis(a *evidence.Analysis, outcomes []evidence.Outcome, context Context) []byte {
	out := &analysis{}
	out.line("# Cold start: %s", a.Cold.Verdict)
	out.line("")
	out.figures(a)
	out.verdict(a)
	out.requests(a)
	out.targets(outcomes)
	out.moves(a, context.Moves)
	out.modules(a)
	out.kept(context)
	return out.Bytes()
}

type analysis struct{ bytes.Buffer }

func (out *analysis) line(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }

// row writes one row of a table.
func (out *analysis) row(cells ...string) {
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
	}
	out.line("| %s |", strings.Join(cells, " | "))
}

func (out *analysis) head(cells ...string) {
	out.row(cells...)
	out.line("|%s", strings.Repeat(" --- |", len(cells)))
}

func (out *analysis) figures(a *evidence.Analysis) {
	out.head("", "before", "after", "after / before")
	quantity := func(name string, c evidence.Comparison, scale float64) {
		if c.Samples > 0 {
			out.row(name, interval(c.Before, scale), interval(c.After, scale), ratio(c.Ratio))
		}
	}
	quantity("cold start, ms", a.Cold, 1)
	quantity("CPU time, ms", a.CPU, 1)
	quantity("bare interpreter, ms", a.Floor, 1)
	quantity("peak memory, MB", a.Peak, 1.0/1024)
	quantity("modules loaded", a.Modules, 1)
	b, c := a.Before, a.After
	text := func(name, before, after string) {
		if before != "" || after != "" {
			out.row(name, Printable(before), Printable(after), "")
		}
	}
	text("samples", fmt.Sprint(len(b.Samples)), fmt.Sprint(len(c.Samples)))
	text("entry", b.Entry, c.Entry)
	text("date", b.Date, c.Date)
	text("Python", b.Python, c.Python)
	text("revision", b.Revision, c.Revision)
	if b.MemoryMB > 0 || c.MemoryMB > 0 {
		text("memory, MB", fmt.Sprint(b.MemoryMB), fmt.Sprint(c.MemoryMB))
	}
}

func (out *analysis) verdict(a *evidence.Analysis) {
	c := a.Cold
	improvement := evidence.Interval{Estimate: 1 - c.Ratio.Estimate, Low: 1 - c.Ratio.High, High: 1 - c.Ratio.Low}
	out.line("\nImprovement: %s %%, which is %s ms.", interval(improvement, 100),
		interval(evidence.Interval{Estimate: -c.Difference.Estimate, Low: -c.Difference.High, High: -c.Difference.Low}, 1))
	how := "median of all samples"
	if c.Paired && c.Samples > 1 {
		how = "mean of the middle half of " + Count(c.Samples, "pair") + " taken in turn"
	}
	if c.Samples > 1 {
		out.line("In brackets the interval that holds the truth with %g %% (bootstrap; ratio: %s).", evidence.Confidence*100, how)
	}
	switch {
	case c.Verdict != evidence.Unclear:
	case c.Samples < evidence.MinSamples:
		out.line("The samples are too few for a verdict, %d on either side: measure with %d runs or more.", c.Samples, c.Needed)
	case c.Needed > 0:
		out.line("The samples scatter too much for a verdict: a difference of %g %% needs about %s (`--runs`, or a longer `--budget`), or a quieter machine.",
			evidence.Resolution*100, samplesNeeded(c))
	}
	if c.Drift.Estimate > 0 && c.Verdict == evidence.Unclear && c.Needed == 0 {
		out.line("The machine itself changed: the bare interpreter takes %s times as long as before. `fastpath measure ab` does not depend on that.", ratio(c.Drift))
	}
	if b, c := strings.TrimSuffix(a.Before.Entry, ".py"), strings.TrimSuffix(a.After.Entry, ".py"); b != c && b != "" && c != "" {
		out.line("The two are of different entries: they cannot be compared.")
	}
	if a.Before.Python != a.After.Python && a.Before.Python != "" && a.After.Python != "" {
		out.line("The two were measured with different Pythons: the difference is not the imports' alone.")
	}
	if a.Before.Source != a.After.Source {
		out.line("One was measured on this machine and the other in AWS Lambda: the two cannot be compared.")
	}
	if a.Before.MemoryMB != a.After.MemoryMB {
		out.line("The two were measured with different memory, and so with different CPU shares: the difference is not the imports' alone.")
	}
}

func samplesNeeded(c evidence.Comparison) string {
	if c.Paired {
		return Count(c.Needed, "pair")
	}
	return Count(c.Needed, "sample") + " on either side"
}

func (out *analysis) requests(a *evidence.Analysis) {
	if a.Whole.Samples == 0 {
		if a.Before.HasRequests() != a.After.HasRequests() {
			out.line("Only one of the two measured requests: what moved into the first request does not show. Measure both with `--event` and `--handler`.")
		}
		return
	}
	out.line("\n## Requests\n")
	out.line("A cold request waits for the start and is the first one after it; all times in ms.\n")
	out.head("event", "share", "cold request before", "after", "first request before", "after", "warm request before", "after")
	row := func(name, share string, r evidence.Requests) {
		cells := []string{name, share}
		for _, c := range []evidence.Comparison{r.Whole, r.First, r.Warm} {
			if c.Samples == 0 {
				cells = append(cells, "-", "-")
				continue
			}
			cells = append(cells, figure(c.Before.Estimate), figure(c.After.Estimate))
		}
		out.row(cells...)
	}
	for _, c := range a.Classes {
		row(Printable(c.Name), fmt.Sprintf("%.1f %%", 100*c.Share), c.Requests)
	}
	row("all, by share", "", a.Requests)
	out.line("")
	out.change("A cold request", a.Whole)
	out.change("A warm request", a.Warm)
	if share, ok := a.Shifted(); ok {
		saved := -a.Cold.Difference.Estimate
		switch back := a.First.Difference; {
		case a.First.Samples < evidence.MinSamples:
			out.line("Of the %s ms that left the start, about %s ms (%.0f %%) came back in the first request; the samples are too few to be sure.",
				figure(saved), figure(back.Estimate), 100*share)
		case back.Low > 0:
			out.line("Of the %s ms that left the start, %s ms (%.0f %%) came back in the first request, on average: that part is shifted, not saved.",
				figure(saved), interval(back, 1), 100*share)
		case back.High < 0:
			out.line("The first request did not become slower: the %s ms that left the start are saved.", figure(saved))
		default:
			out.line("Whether any of the %s ms that left the start came back in the first request does not show: %s ms.", figure(saved), interval(back, 1))
		}
	}
	if a.After.Source == evidence.Lambda && a.After.MemoryMB > 0 {
		if k := a.After.Slowdown(); k > 1 {
			out.line("With %g MB a Lambda has 1/%.1f of a CPU while it handles requests: what moves into the handler may take up to %.1f times as long (`handler-slowdown = %.1f`).",
				a.After.MemoryMB, k, k, k)
		}
	}
}

// change says what became of a kind of request.
func (out *analysis) change(what string, c evidence.Comparison) {
	if c.Samples == 0 {
		return
	}
	saying := map[evidence.Verdict]string{evidence.Faster: "is faster", evidence.Slower: "is slower",
		evidence.Same: "shows no difference", evidence.Unclear: "gives no clear answer"}[c.Verdict]
	out.line("%s %s: after / before is %s.", what, saying, ratio(c.Ratio))
}

func (out *analysis) targets(outcomes []evidence.Outcome) {
	if len(outcomes) == 0 {
		return
	}
	out.line("\n## Targets\n")
	out.head("target", "limit", "measured", "met")
	for _, o := range outcomes {
		scale, unit := 100.0, " %"
		if o.Target == "cold-start-ms" {
			scale, unit = 1, " ms"
		}
		met := map[bool]string{true: "yes", false: "no"}[o.Met]
		if !o.Certain {
			met += ", but not for certain"
		}
		out.row(o.Target, fmt.Sprintf("%g%s", o.Limit*scale, unit), interval(o.Value, scale)+unit, met)
	}
}

// moves holds what was predicted of each move against what was measured.
func (out *analysis) moves(a *evidence.Analysis, moves []check.Move) {
	if len(moves) == 0 {
		return
	}
	out.line("\n## Predicted and measured\n")
	out.head("import", "file", "to", "predicted, ms", "in the start before, ms", "after, ms")
	total := 0.0
	in := func(loads map[string]evidence.Loaded, module string) string {
		if len(loads) == 0 {
			return "?"
		}
		if l, loaded := loads[loadedName(loads, module)]; loaded {
			return figure(l.CumulativeMS)
		}
		return "not loaded"
	}
	listed := slices.Clone(moves)
	slices.SortStableFunc(listed, func(a, b check.Move) int { return cmp.Compare(b.SavesMS, a.SavesMS) })
	for i, m := range listed {
		if total += m.SavesMS; i < mostRows {
			out.row(Printable(m.Module), Printable(m.File), m.To, figure(m.SavesMS), in(a.Before.Loads, m.Module), in(a.After.Loads, m.Module))
		}
	}
	if more := len(listed) - mostRows; more > 0 {
		out.row(fmt.Sprintf("and %d more", more), "", "", "", "", "")
	}
	saved := a.Cold.Difference
	out.line("\nAll moves together: predicted %s ms, measured %s ms.", figure(total),
		interval(evidence.Interval{Estimate: -saved.Estimate, Low: -saved.High, High: -saved.Low}, 1))
}

// loadedName is the module that an import of the name loads: the name may be an
// attribute.
func loadedName(loads map[string]evidence.Loaded, name string) string {
	for n := name; n != ""; {
		if _, found := loads[n]; found {
			return n
		}
		at := strings.LastIndexByte(n, '.')
		if at < 0 || n != name {
			break
		}
		n = n[:at]
	}
	return name
}

func (out *analysis) modules(a *evidence.Analysis) {
	list := func(title string, loads []evidence.Load) {
		if len(loads) == 0 {
			return
		}
		total := 0.0
		for _, l := range loads {
			total += l.SelfMS
		}
		out.line("\n## %s: %s, %s ms\n", title, Count(len(loads), "module"), figure(total))
		out.head("module", "ms, without what it imports")
		for _, l := range loads[:min(len(loads), mostRows/2)] {
			out.row(Printable(l.Module), figure(l.SelfMS))
		}
		if more := len(loads) - mostRows/2; more > 0 {
			out.row(fmt.Sprintf("and %d more", more), "")
		}
	}
	list("No longer loaded by a cold start", a.Left)
	list("Loaded only now", a.Came)
}

func (out *analysis) kept(c Context) {
	if !c.Planned {
		return
	}
	out.line("\n## What stays, and why\n")
	if len(c.Kept) == 0 {
		out.line("Nothing that costs a start more than the thresholds allow.")
		return
	}
	out.head("import", "place", "ms", "why")
	for _, k := range c.Kept[:min(len(c.Kept), mostRows)] {
		out.row(k.Import, fmt.Sprintf("%s:%d", Printable(k.File), k.Line), figure(k.MS), strings.Join(k.Why, "; "))
	}
	if more := len(c.Kept) - mostRows; more > 0 {
		out.row(fmt.Sprintf("and %d more", more), "", "", "`fastpath plan` names them")
	}
}

// Stays are the imports that cost something and stay, the dearest first: what
// the rules would move and something keeps, and what an exception or its use
// holds at module level.
func (s Shown) Stays() []Kept {
	var kept []Kept
	s.each(func(d *plan.Decision, m *facts.Module, u *facts.Unit) {
		k := Kept{File: m.Path, Line: u.Line, Import: unitText(u), MS: d.ImportMS.Value}
		switch {
		case d.Status == plan.StatusBlocked && d.Level == plan.FunctionLevel:
			k.Why = noteAll("", d.Blockers, m.Path, false)
		case d.Status == plan.StatusNoGain && d.Level == plan.FunctionLevel && len(d.NoGain) > 1:
			k.Why = []string{"no gain: " + outcomeOf(d, m)}
		case d.Status == plan.StatusKeep && (d.Rule == plan.RuleException || d.Rule == plan.RuleHotPath):
			k.Why = []string{string(d.Rule)}
			if d.UsagePct.Known {
				k.Why[0] += ", used by " + measure(d.UsagePct, " %") + " of the requests"
			}
		default:
			return
		}
		kept = append(kept, k)
	})
	slices.SortStableFunc(kept, func(a, b Kept) int { return cmp.Compare(b.MS, a.MS) })
	return kept
}

// interval spells an estimate with its bounds, where it has any.
func interval(i evidence.Interval, scale float64) string {
	if i.Low == i.High {
		return fmt.Sprintf("%.1f", plain(i.Estimate*scale))
	}
	return fmt.Sprintf("%.1f (%.1f to %.1f)", plain(i.Estimate*scale), plain(i.Low*scale), plain(i.High*scale))
}

func ratio(i evidence.Interval) string {
	if i.Low == i.High {
		return fmt.Sprintf("%.3f", i.Estimate)
	}
	return fmt.Sprintf("%.3f (%.3f to %.3f)", i.Estimate, i.Low, i.High)
}

// figure spells milliseconds with as many digits as they deserve.
func figure(ms float64) string {
	switch size := math.Abs(ms); {
	case size >= 100:
		return fmt.Sprintf("%.0f", ms)
	case size >= 1 || size == 0:
		return fmt.Sprintf("%.1f", ms)
	}
	return fmt.Sprintf("%.3f", ms)
}

// plain is x without the sign of a negative zero.
func plain(x float64) float64 {
	if math.Abs(x) < 0.05 {
		return math.Abs(x)
	}
	return x
}
