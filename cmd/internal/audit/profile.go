package audit

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"fastpath/plan"
	"fastpath/plan/profile"
)

// changes are two profiles held against each other.
type changes struct {
	before, now *profile.Profile
	// speed is how much longer everything takes now: the median over the modules
	// of both. It is the machine's, or the interpreter's; 1 where too few modules
	// can be compared.
	speed float64
}

// Below this nothing can be told of a module: timers and page faults decide.
const leastMS = 1

func compare(before, now *profile.Profile) changes {
	c := changes{before: before, now: now, speed: 1}
	var ratios []float64
	for name, b := range before.Modules {
		if n, both := now.Modules[name]; both && !b.Unmeasured && !n.Unmeasured && b.ImportMS >= leastMS && n.ImportMS >= leastMS {
			ratios = append(ratios, n.ImportMS/b.ImportMS)
		}
	}
	const enough = 5
	if len(ratios) >= enough {
		slices.Sort(ratios)
		middle := len(ratios) / 2
		c.speed = math.Sqrt(ratios[middle] * ratios[len(ratios)-1-middle])
	}
	return c
}

// real tells whether the module's cost changed by more than the two measurements
// scatter, the speed of the machine aside.
func (c changes) real(name string) bool {
	b, n := c.before.Modules[name], c.now.Modules[name]
	expected := b.ImportMS * c.speed
	slack := max(leastMS, 0.2*expected)
	if b.SpreadMS > 0 && n.SpreadMS > 0 {
		slack = max(leastMS, 0.1*expected, b.SpreadMS*c.speed+n.SpreadMS)
	}
	return math.Abs(n.ImportMS-expected) > slack
}

// level is on which side of the thresholds a cost lies.
func level(p plan.Policy, ms float64) int {
	switch {
	case ms < p.FastMS:
		return 0
	case ms > p.HeavyMS:
		return 2
	}
	return 1
}

// crossing names the thresholds between two costs; "" for none.
func (c changes) crossing(p plan.Policy, name string) string {
	b, n := c.before.Modules[name].ImportMS, c.now.Modules[name].ImportMS
	from, to := level(p, b), level(p, n)
	if from == to {
		return ""
	}
	word := "rises above"
	if to < from {
		word = "falls below"
	}
	limit := p.HeavyMS
	if from == 0 && to == 1 || from == 1 && to == 0 || from == 2 && to == 0 {
		limit = p.FastMS
	}
	text := fmt.Sprintf("%s %g ms", word, limit)
	switch {
	case c.real(name):
	case level(p, b*c.speed) == to:
		text += ", by the speed of the machine alone"
	default:
		text += ", within the noise"
	}
	return text
}

func known(ms float64) plan.Measure { return plan.Measure{Value: ms, Known: true} }

func cost(m profile.Module, found bool) plan.Measure {
	return plan.Measure{Value: m.ImportMS, Known: found && !m.Unmeasured && m.Failed == ""}
}

func (r *review) profile() Section {
	s := Section{Key: "profile", Title: "Import times", Columns: []Column{
		{"module", "module"}, {"kind", "kind"}, {"before_ms", "before, ms"}, {"now_ms", "now, ms"}, {"change", "change"}}}
	c, policy := r.changes, r.New.Input.Policy
	s.Rows = append(s.Rows, r.origin()...)
	compared, changed, crossed, small := 0, 0, 0, 0
	names := maps.Clone(c.before.Modules)
	maps.Copy(names, c.now.Modules)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		before, was := c.before.Modules[name]
		now, is := c.now.Modules[name]
		b, n := cost(before, was), cost(now, is)
		row := Row{Cells: []any{name, names[name].Kind, b, n, ""}}
		switch {
		case is && now.Failed != "" && (!was || before.Failed == ""):
			row.Verdict = "fails to import: " + now.Failed
			row.Do = "Mend the import, or profile under the Python that runs the project."
		case !is && b.Value < leastMS || !was && n.Value < leastMS:
			small++
			continue
		case !is:
			row.Verdict = "vanished"
		case !was:
			row.Verdict = "new"
		case b.Known && n.Known:
			compared++
			crossing := c.crossing(policy, name)
			if crossing != "" {
				crossed++
			}
			real := c.real(name)
			if real {
				changed++
			}
			if !real && crossing == "" && !slices.Contains(c.now.Entry, name) {
				continue
			}
			row.Cells[4] = percent(n.Value / b.Value)
			switch {
			case !real:
				row.Verdict = "within the noise"
			case n.Value > b.Value*c.speed:
				row.Verdict = "slower"
			default:
				row.Verdict = "faster"
			}
			if slices.Contains(c.now.Entry, name) {
				if most := r.New.Measured.Targets.MaxRegression; real && n.Value > b.Value*c.speed*(1+most) {
					row.Do = fmt.Sprintf("More than %g %% slower: look at what is new or slower in this table.", 100*most)
				}
				row.Verdict = "entry: " + row.Verdict
			}
			if crossing != "" {
				row.Verdict += "; " + crossing
			}
		default:
			continue
		}
		s.Rows = append(s.Rows, row)
	}
	s.Summary = fmt.Sprintf("%s compared, %d changed by more than the noise, %d crossed a threshold", count(compared, "module"), changed, crossed)
	if small > 0 {
		s.Summary += fmt.Sprintf("; %s below %g ms came or went", count(small, "module"), float64(leastMS))
	}
	if c.speed > 1.1 || c.speed < 1/1.1 {
		s.Summary += fmt.Sprintf("; everything took %.2f times as long as before: another machine, or a busy one", c.speed)
	}
	return s
}

// origin compares where the two profiles come from, and when they were made.
func (r *review) origin() []Row {
	var rows []Row
	b, n := r.changes.before, r.changes.now
	differ := func(what, before, now, do string) {
		if before != "" && now != "" && before != now {
			rows = append(rows, Row{Cells: []any{what, "", "", "", before + " → " + now}, Verdict: "another " + what, Do: do})
		}
	}
	differ("Python", minorOf(b.Python), minorOf(n.Python), "Profile under the Python that runs the project, or take the new profile over: `fastpath audit --update-profile`.")
	differ("implementation", b.Implementation, n.Implementation, "Profile under the Python that runs the project.")
	differ("platform", b.Platform, n.Platform, "")
	if b.Date == "" || r.Options.Today == "" || r.Options.MaxProfileAge <= 0 {
		return rows
	}
	made, err := time.Parse(time.DateOnly, b.Date)
	today, err2 := time.Parse(time.DateOnly, r.Options.Today)
	if days := int(today.Sub(made).Hours() / 24); err == nil && err2 == nil && days > r.Options.MaxProfileAge {
		rows = append(rows, Row{Cells: []any{r.Options.ProfilePath, "", "", "", fmt.Sprintf("%d days", days)},
			Verdict: fmt.Sprintf("older than %d days", r.Options.MaxProfileAge), Do: "Take the new profile over: `fastpath audit --update-profile`."})
	}
	return rows
}

// minorOf is 3.11 for 3.11.7.
func minorOf(version string) string {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return version
	}
	return parts[0] + "." + parts[1]
}

// percent spells the change that a ratio means.
func percent(ratio float64) string { return fmt.Sprintf("%+.0f %%", 100*(ratio-1)) }

func (r *review) usage() Section {
	s := Section{Key: "usage", Title: "Usage", Columns: []Column{{"name", "module or function"}, {"before_pct", "before, %"}, {"now_pct", "now, %"}}}
	before, now := r.Old.Input.Usage, r.New.Input.Usage
	switch {
	case before == nil && now == nil:
		s.Summary = "there is no usage data: run `fastpath usage`"
		return s
	case !r.NewUsage:
		s.Summary = "the committed data stand"
		if before.Period != "" {
			s.Summary += " (" + before.Period + ")"
		}
		s.Summary += "; --new-usage holds newer ones against them"
		return s
	}
	hot := r.New.Input.Policy.HotUsage
	compared, changed := 0, 0
	table := func(b, n map[string]float64) {
		names := maps.Clone(n)
		if names == nil {
			names = map[string]float64{}
		}
		maps.Copy(names, b)
		for _, name := range slices.Sorted(maps.Keys(names)) {
			x, was := b[name]
			y, is := n[name]
			if was && is {
				compared++
			}
			verdict := ""
			switch {
			case !was:
				verdict = "new"
			case !is:
				verdict = "vanished"
			case x <= hot && y > hot:
				verdict = fmt.Sprintf("rises above %g %%", hot)
			case x > hot && y <= hot:
				verdict = fmt.Sprintf("falls to %g %% or less", hot)
			case x > 0 && y == 0:
				verdict = "no longer used"
			case math.Abs(y-x) > 5:
				verdict = "changed"
			default:
				continue
			}
			changed++
			s.Rows = append(s.Rows, Row{Cells: []any{name, plan.Measure{Value: x, Known: was}, plan.Measure{Value: y, Known: is}}, Verdict: verdict})
		}
	}
	if before == nil {
		table(nil, now.Modules)
		table(nil, now.Functions)
	} else {
		table(before.Modules, now.Modules)
		table(before.Functions, now.Functions)
	}
	s.Summary = fmt.Sprintf("%s compared, %d changed by more than 5 points, came or went", count(compared, "share"), changed)
	return s
}
