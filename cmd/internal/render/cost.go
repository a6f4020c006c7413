package render

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"fastpath/plan"
	"fastpath/plan/facts"
)

// setNotes say which other moves the row's move needs before it pays.
func (s Shown) setNotes(d *plan.Decision) []string {
	needs, ok := s.needs(d)
	switch {
	case !ok:
		return nil
	case needs.Wall != nil:
		return []string{"cannot pay: " + s.chainText(needs.Wall) + ", where nothing can move"}
	case len(needs.Moves) == 0:
		return nil
	}
	text := "pays together with " + s.movesText(needs.Moves, mostPlaces)
	switch {
	case needs.SavesMS > 0:
		text += fmt.Sprintf(": saves %s ms", Milliseconds(needs.SavesMS))
	case needs.ShiftsMS > 0:
		text = strings.Replace(text, "pays", "keeps it from loading", 1) +
			fmt.Sprintf(": %s ms shifted, not saved", Milliseconds(needs.ShiftsMS))
	}
	return []string{text}
}

// needs is the set that a decision without a gain of its own is part of; false
// where there is nothing to say.
func (s Shown) needs(d *plan.Decision) (plan.Cut, bool) {
	sets := s.Plan.Sets
	if sets == nil || !sets.Known() || d.ShiftsMS > 0 || d.SavesMS > 0 {
		return plan.Cut{}, false
	}
	gainless := d.Status == plan.StatusNoGain && len(d.NoGain) > 0
	if !gainless && !(d.Status == plan.StatusMove && (d.Action == plan.Sink || d.Action == plan.ToTypeChecking)) {
		return plan.Cut{}, false
	}
	c := sets.Needs(s.index(d))
	return c, c.Loads
}

// index is the place of a decision in the plan.
func (s Shown) index(d *plan.Decision) int {
	low, high := 0, len(s.Plan.Decisions)
	for low < high {
		mid := (low + high) / 2
		if e := &s.Plan.Decisions[mid]; e.File < d.File || e.File == d.File && e.Unit < d.Unit {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

func (s Shown) unit(i int) (*facts.Module, *facts.Unit) {
	d := &s.Plan.Decisions[i]
	m := s.Input.Modules[d.File]
	return m, &m.Units[d.Unit]
}

// movesText names moves by their places.
func (s Shown) movesText(moves []int, most int) string {
	var list []string
	for n, i := range moves {
		if most > 0 && n == most && len(moves) > most {
			list = append(list, fmt.Sprintf("and %d more", len(moves)-most))
			break
		}
		m, u := s.unit(i)
		list = append(list, fmt.Sprintf("%s:%d %s", Printable(m.Path), u.Line, unitText(u)))
	}
	return strings.Join(list, ", ")
}

// chainText spells an import chain; a number behind a module is the line of
// the import that leads on.
func (s Shown) chainText(chain []plan.Hop) string {
	var list []string
	for _, h := range chain {
		name := Printable(strings.Trim(h.Module, "<>"))
		if h.Line > 0 {
			name += fmt.Sprintf(":%d", h.Line)
		}
		list = append(list, name)
	}
	return strings.Join(list, " > ")
}

// modelNotes say which model of cost favours another level than the rule.
func (s Shown) modelNotes(d *plan.Decision) []string {
	c, ok := d.PerDay(s.Input.Policy.Traffic)
	if !ok {
		return nil
	}
	var notes []string
	for _, by := range c.Against(d.Level) {
		notes = append(notes, fmt.Sprintf("by %s %s level costs less: %s s a day at module level, %s s at function level",
			modelName(by), c.Favours(by), seconds(c.ModuleMS), seconds(functionMS(c, by))))
	}
	return notes
}

func modelName(m plan.Model) string {
	if m == plan.ByInstances {
		return "the instance model"
	}
	return "the formula"
}

func functionMS(c plan.DayCost, m plan.Model) float64 {
	if m == plan.ByInstances {
		return c.InstanceFunctionMS
	}
	return c.FunctionMS
}

// models ends a plan with what the models say of many imports at once: fast
// ones, which the rules keep whatever they cost, and heavy ones that an
// exception could keep.
func (s Shown) models(out *bytes.Buffer, style Style) {
	fast, perDay := 0, 0.0
	asked := map[string]bool{}
	s.each(func(d *plan.Decision, _ *facts.Module, _ *facts.Unit) {
		c, ok := d.PerDay(s.Input.Policy.Traffic)
		if by := c.Against(d.Level); ok && d.Rule == plan.RuleFast && len(by) > 0 {
			fast++
			perDay += c.ModuleMS - functionMS(c, by[0])
		}
		if module := s.module(d); d.WantsException(s.Input.Policy) && !asked[module] {
			asked[module] = true
			writeWrapped(out, "", exceptionLead(module), style.width())
			out.WriteString(s.exception(module, d, "") + "\n")
		}
	})
	// Less than what one import at the limit costs is not worth a line.
	if t := s.Input.Policy.Traffic; perDay > s.Input.Policy.FastMS*t.ColdStartRatio*t.RequestsPerDay {
		writeWrapped(out, "", fmt.Sprintf("%s would cost less at function level by a model of cost, %s s a day in all; the rules keep what takes less than %g ms",
			Count(fast, "fast import"), seconds(perDay), s.Input.Policy.FastMS), style.width())
	}
}

func (s Shown) module(d *plan.Decision) string { return s.Plan.Sets.Module(s.index(d)) }

func exceptionLead(module string) string {
	return fmt.Sprintf("`%s` costs less at module level. Where that is approved, fill in who did and paste:", Printable(module))
}

// exception is the table of the configuration that would keep a heavy import
// at module level, each line behind the indent. Its dates are the profile's
// and a month later; without one it has none and never expires.
func (s Shown) exception(module string, d *plan.Decision, indent string) string {
	c, _ := d.PerDay(s.Input.Policy.Traffic)
	reason := fmt.Sprintf("used by %s of requests; %s s a day against %s s",
		measure(d.UsagePct, " %"), seconds(c.ModuleMS), seconds(c.FunctionMS))
	lines := []string{"[[tool.fastpath.exception]]", fmt.Sprintf("module = %q", module), fmt.Sprintf("reason = %q", reason), `approved-by = ""`}
	if p := s.Input.Profile; p != nil {
		if day, err := time.Parse(time.DateOnly, p.Date); err == nil {
			lines = append(lines, "date = "+p.Date, "review = "+day.AddDate(0, 1, 0).Format(time.DateOnly))
		}
	}
	return indent + strings.Join(lines, "\n"+indent) + "\n"
}

func seconds(ms float64) string {
	if ms < 99_950 {
		return fmt.Sprintf("%.1f", ms/1000)
	}
	return Grouped(int64(ms/1000 + 0.5))
}

// money spells an amount in the currency of the configured price.
func money(amount float64) string {
	switch {
	case amount >= 0.9995:
		return fmt.Sprintf("%.2f", amount)
	case amount >= 0.01 || amount == 0:
		return fmt.Sprintf("%.3f", amount)
	}
	return fmt.Sprintf("%.2g", amount)
}
