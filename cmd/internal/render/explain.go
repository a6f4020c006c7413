package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"fastpath/plan"
	"fastpath/plan/facts"
)

// mostPaths is how many import chains to a module are shown.
const mostPaths = 10

// Explain writes what is known of the modules and imports that are asked
// about: figures, rule, cost of each placement, what loads them at a cold
// start and what it takes to stop that, then each decision with everything in
// its way and what would change it.
func Explain(w io.Writer, s Shown, style Style) error {
	s.Full = true
	var out bytes.Buffer
	for _, e := range s.explained() {
		s.explainModule(&out, e, style)
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return err
	}
	return Plan(w, s, style)
}

// An explained is one module to explain, with a decision that stands for it:
// that of the first import shown, else what the rules say of the module.
type explained struct {
	module string
	d      plan.Decision
	file   string // set for a file of the tree that is asked about itself
}

// explained lists the modules that the question is about.
func (s Shown) explained() []explained {
	var list []explained
	seen := map[string]bool{}
	put := func(e explained) {
		if !seen[e.module] {
			seen[e.module] = true
			list = append(list, e)
		}
	}
	byModule := map[string]plan.Decision{}
	s.each(func(d *plan.Decision, _ *facts.Module, _ *facts.Unit) {
		if module := s.module(d); module != "" {
			if _, ok := byModule[module]; !ok {
				byModule[module] = *d
			}
		}
	})
	if module := s.Only.Module; module != "" {
		if _, ok := s.Plan.Sets.Figures(module); ok {
			d, imported := byModule[module]
			if !imported {
				d = s.Plan.Sets.Judge(module)
			}
			// Its submodules have their rows.
			return append(list, explained{module: module, d: d})
		}
	}
	if s.Only.File != "" && s.Only.Line == 0 {
		// The imports of the file have their rows; the section is on itself.
		for _, m := range s.Input.Modules {
			if name := m.Name; m.Path == s.Only.File {
				if name == "" {
					name = "<" + m.Path + ">"
				}
				put(explained{module: name, d: s.Plan.Sets.Judge(name), file: m.Path})
			}
		}
		return list
	}
	s.each(func(d *plan.Decision, _ *facts.Module, _ *facts.Unit) {
		if module := s.module(d); module != "" {
			put(explained{module: module, d: byModule[module]})
		}
	})
	return list
}

func (s Shown) explainModule(out *bytes.Buffer, e explained, style Style) {
	const column = 14
	line := func(head, format string, args ...any) {
		writeIndented(out, fmt.Sprintf("  %-*s", column-2, head), fmt.Sprintf(format, args...), column, style.width())
	}
	title := e.module
	if e.file != "" {
		title = e.file
	}
	out.WriteString(style.Paint(Bold, Printable(title)) + "\n")
	line("import", "%s", s.importText(e))
	if e.d.UsagePct.Known {
		line("use", "%s of requests", measure(e.d.UsagePct, " %"))
	} else {
		line("use", "unknown: run `fastpath usage`")
	}
	line("rule", "%s", ruleText(e.d.Rule, s.Input.Policy))
	s.explainCost(line, &e.d)
	if e.d.File >= 0 && e.d.WantsException(s.Input.Policy) {
		line("exception", "%s", exceptionLead(e.module))
		out.WriteString(s.exception(e.module, &e.d, "    "))
	}
	s.explainStart(line, e.module)
	out.WriteByte('\n')
}

// importText is what was measured of a module.
func (s Shown) importText(e explained) string {
	p := s.Input.Profile
	if p == nil {
		return "not measured: run `fastpath profile`"
	}
	m, known := p.Modules[e.module]
	switch {
	case m.Failed != "":
		return "could not be imported: " + Printable(m.Failed)
	case (!known || m.Unmeasured) && e.d.ImportMS.Known:
		return fmt.Sprintf("at least %s ms, the time of a package around it", Milliseconds(e.d.ImportMS.Value))
	case !known || m.Unmeasured:
		return "not measured: run `fastpath profile`"
	}
	text := Milliseconds(m.ImportMS) + " ms"
	if m.SpreadMS > 0 {
		text += fmt.Sprintf(", spread %s ms", Milliseconds(m.SpreadMS))
	}
	if f, ok := s.Plan.Sets.Figures(e.module); ok && f.SelfMS > 0 && f.SelfMS < m.ImportMS {
		text += fmt.Sprintf(", %s ms of it its own", Milliseconds(f.SelfMS))
	}
	if m.RSSKB > 0 {
		text += fmt.Sprintf("; %s KB of memory", Grouped(int64(m.RSSKB+0.5)))
	}
	if p.Runs > 0 {
		text += "; " + Count(p.Runs, "run")
	}
	if p.Date != "" {
		text += " on " + p.Date
	}
	return text
}

// explainCost weighs both placements by both models, per day and in money.
func (s Shown) explainCost(line func(head, format string, args ...any), d *plan.Decision) {
	t := s.Input.Policy.Traffic
	c, ok := d.PerDay(t)
	if !ok {
		return
	}
	price := func(ms float64) string {
		return fmt.Sprintf("%s s, %s per million requests", seconds(ms), money(t.PerMillion(ms)))
	}
	line("per day", "at module level %s", price(c.ModuleMS))
	if c.Used {
		line("", "at function level %s by the formula (import time × requests that need it)", price(c.FunctionMS))
		how := fmt.Sprintf("%.4g requests each", t.RequestsPerInstance())
		if t.HandlerSlowdown != 1 {
			how += fmt.Sprintf(", %g times slower in the handler", t.HandlerSlowdown)
		}
		line("", "at function level %s by the instance model (paid once per instance that needs it: %s)", price(c.InstanceFunctionMS), how)
	}
	even := fmt.Sprintf("use of %s by the formula, ", measure(t.BreakEven(plan.ByFormula), " %"))
	if m := t.BreakEven(plan.ByInstances); m.Known {
		even += measure(m, " %") + " by the instance model"
	} else {
		even += "never by the instance model"
	}
	if k := t.HandlerSlowdown; k > 1 {
		even += fmt.Sprintf("; a cold request gains only where less than %.4g%% use it", 100/k)
	}
	line("even at", "%s", even)
	for _, n := range s.modelNotes(d) {
		line("but", "the rule says %s level; %s", d.Level, n)
	}
}

// explainStart tells what loads a module at a cold start, and the smallest set
// of moves that stops it.
func (s Shown) explainStart(line func(head, format string, args ...any), module string) {
	sets := s.Plan.Sets
	if !sets.Known() {
		line("cold start", "no `entry` is configured: every file counts as one")
		return
	}
	f, _ := sets.Figures(module)
	if !f.Loads {
		line("cold start", "does not load it")
		return
	}
	line("cold start", "loads it; without it %s ms less", Milliseconds(f.HoldsMS))
	paths := sets.Paths(module, mostPaths+1)
	for i, chain := range paths[:min(len(paths), mostPaths)] {
		line([]string{"loaded by", ""}[min(i, 1)], "%s", s.chainText(chain))
	}
	if len(paths) > mostPaths {
		line("", "and more")
	}
	switch c := sets.Cut(module); {
	case c.Wall != nil:
		line("cut off by", "nothing: no import of this chain can move: %s", s.chainText(c.Wall))
		for _, reason := range s.wallReasons(c.Wall) {
			line("", "%s", reason)
		}
	case len(c.Moves) > 0:
		gain := fmt.Sprintf("saves %s ms", Milliseconds(c.SavesMS))
		if c.ShiftsMS > 0 {
			gain += fmt.Sprintf(", %s ms shifted, not saved", Milliseconds(c.ShiftsMS))
		}
		line("cut off by", "%s, %s: %s", Count(len(c.Moves), "move"), Count(c.Edits, "edit"), gain)
		for _, i := range c.Moves {
			m, u := s.unit(i)
			line("", "%s:%d %s (%s)", Printable(m.Path), u.Line, unitText(u), s.asked(&s.Plan.Decisions[i]))
		}
	}
	for i, step := range sets.Order() {
		if step.Module == module {
			line("order", "step %d by saving per edit: %s ms for %s", i+1, Milliseconds(step.SavesMS), Count(step.Edits, "edit"))
		}
	}
}

// asked tells whether the plan makes a move, and if not why.
func (s Shown) asked(d *plan.Decision) string {
	switch {
	case d.Status == plan.StatusMove && d.Action != plan.Consolidate:
		return "planned"
	case d.Status == plan.StatusNoGain:
		return "no gain alone"
	}
	return fmt.Sprintf("free to move; %s keeps it", d.Rule)
}

// wallReasons tell what keeps each import of a chain, as far as statements of
// the tree make it.
func (s Shown) wallReasons(wall []plan.Hop) []string {
	var reasons []string
	for _, h := range wall {
		if h.Decision < 0 {
			continue
		}
		_, u := s.unit(h.Decision)
		why := "no function needs it"
		if _, blockers := s.Plan.Sets.Free(h.Decision); len(blockers) > 0 {
			why = strings.Join(codesOf(blockers), ", ")
		}
		reasons = append(reasons, fmt.Sprintf("%s:%d %s: %s", Printable(h.File), h.Line, unitText(u), why))
	}
	return reasons
}

// codesOf lists each code once, in the given order.
func codesOf(blockers []plan.Blocker) []string {
	var codes []string
	seen := map[string]bool{}
	for _, b := range blockers {
		if !seen[b.Code] {
			seen[b.Code] = true
			codes = append(codes, b.Code)
		}
	}
	return codes
}

// ruleText says a rule in words, with the project's own thresholds.
func ruleText(r plan.Rule, p plan.Policy) string {
	switch r {
	case plan.RuleFast:
		return fmt.Sprintf("fast: below %g ms an import belongs at module level", p.FastMS)
	case plan.RuleHeavy:
		return fmt.Sprintf("heavy: above %g ms an import belongs at function level", p.HeavyMS)
	case plan.RuleException:
		return fmt.Sprintf("exception: above %g ms, with an approved exception that the data bears out", p.HeavyMS)
	case plan.RuleHotPath:
		return fmt.Sprintf("hot-path: between %g and %g ms, and used by more than %g%% of requests", p.FastMS, p.HeavyMS, p.HotUsage)
	case plan.RuleCold:
		return fmt.Sprintf("cold: between %g and %g ms, and used by at most %g%% of requests", p.FastMS, p.HeavyMS, p.HotUsage)
	case plan.RuleNoUsage:
		return fmt.Sprintf("no-usage: between %g and %g ms use decides, and it is unknown", p.FastMS, p.HeavyMS)
	}
	return "not-profiled: what was not measured stays where it is"
}
