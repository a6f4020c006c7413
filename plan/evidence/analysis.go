package evidence

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// An Analysis is all that two measurements say when they are held against each
// other. A comparison of what was not measured has no samples.
type Analysis struct {
	Before, After *Measurement
	Cold          Comparison // the import of the entry
	CPU           Comparison
	Peak          Comparison // kilobytes
	Modules       Comparison
	Floor         Comparison // the bare interpreter, in milliseconds
	Requests                 // over all classes of events, by weight
	Classes       []Class
	Left, Came    []Load // modules that a start no longer loads, or only now
}

// Requests compare what a request meets.
type Requests struct {
	Whole Comparison // the cold start and the first request after it, together
	First Comparison
	Warm  Comparison
}

// A Class is the part of one class of events.
type Class struct {
	Name  string
	Share float64 // of all requests, by weight
	Requests
}

// A Load is one module of a cold start.
type Load struct {
	Module string
	Loaded
}

// Analyse holds a measurement against an earlier one. Samples count as pairs
// where both were taken in one round.
func Analyse(before, after *Measurement) *Analysis {
	a := &Analysis{Before: before, After: after, Cold: ColdStarts(before, after)}
	paired := turns(before, after)
	of := func(value func(Sample) float64) Comparison {
		g := group{weight: 1, before: before.column(value), after: after.column(value), paired: paired}
		if !slices.ContainsFunc(g.before, positive) || !slices.ContainsFunc(g.after, positive) {
			return Comparison{Verdict: Unclear}
		}
		return compare([]group{g})
	}
	a.CPU = of(func(s Sample) float64 { return s.CPUMS })
	a.Peak = of(func(s Sample) float64 { return s.PeakKB })
	a.Modules = of(func(s Sample) float64 { return s.Modules })
	if len(before.FloorMS) > 0 && len(after.FloorMS) > 0 {
		a.Floor = Compare(before.FloorMS, after.FloorMS)
	}
	a.requests(paired)
	a.Left, a.Came = beyond(before.Loads, after.Loads), beyond(after.Loads, before.Loads)
	return a
}

// turns tells whether the samples of both were taken in turn.
func turns(before, after *Measurement) bool {
	return before.Round != "" && before.Round == after.Round && len(before.Samples) == len(after.Samples)
}

// ColdStarts compares the cold starts alone.
func ColdStarts(before, after *Measurement) Comparison {
	if turns(before, after) {
		return ComparePairs(before.Walls(), after.Walls())
	}
	c := Compare(before.Walls(), after.Walls())
	c.Few = before.few() || after.few()
	if len(before.FloorMS) > 0 && len(after.FloorMS) > 0 {
		c.allowFor(Compare(before.FloorMS, after.FloorMS).Ratio)
	}
	return c
}

// few tells whether the samples are too few for an interval that means something.
// A figure that somebody wrote down is taken at its word.
func (m *Measurement) few() bool { return !m.Short && len(m.Samples) < MinSamples }

func positive(x float64) bool { return x > 0 }

// allowFor takes back a verdict that the machine alone could have brought about:
// the bare interpreter changed by as much.
func (c *Comparison) allowFor(machine Interval) {
	c.Drift = machine
	switch {
	case c.Verdict == Faster && c.Ratio.High >= machine.Low,
		c.Verdict == Slower && c.Ratio.Low <= machine.High,
		c.Verdict == Same && (machine.Estimate < 1-Resolution || machine.Estimate > 1+Resolution):
		c.Verdict = Unclear
	}
}

// requests compares the requests over the classes that both measured.
func (a *Analysis) requests(paired bool) {
	after := map[string]class{}
	for _, c := range a.After.classes() {
		after[c.name] = c
	}
	var whole, first, warm []group
	total := 0.0
	for _, b := range a.Before.classes() {
		c, both := after[b.name]
		if !both || !b.served() || !c.served() {
			continue
		}
		pairs := paired && len(b.samples) == len(c.samples)
		of := func(value func(Sample) float64) group {
			return group{weight: b.weight, before: b.column(value), after: c.column(value), paired: pairs}
		}
		groups := [3]group{of(func(s Sample) float64 { return s.WallMS + s.FirstMS }),
			of(func(s Sample) float64 { return s.FirstMS }), of(func(s Sample) float64 { return s.WarmMS })}
		whole, first, warm = append(whole, groups[0]), append(first, groups[1]), append(warm, groups[2])
		total += b.weight
		if b.name != "" {
			a.Classes = append(a.Classes, Class{Name: b.name, Share: b.weight,
				Requests: Requests{Whole: compare(groups[:1]), First: compare(groups[1:2]), Warm: compare(groups[2:])}})
		}
	}
	if len(whole) == 0 {
		return
	}
	for i := range a.Classes {
		a.Classes[i].Share /= total
	}
	a.Whole, a.First = compare(whole), compare(first)
	if len(a.Before.WarmMS) > 0 && len(a.After.WarmMS) > 0 {
		a.Warm = Compare(a.Before.WarmMS, a.After.WarmMS)
	} else {
		a.Warm = compare(warm)
	}
}

func (c class) served() bool {
	return slices.ContainsFunc(c.samples, func(s Sample) bool { return s.FirstMS > 0 })
}

func (c class) column(of func(Sample) float64) []float64 {
	return (&Measurement{Samples: c.samples}).column(of)
}

// Judge holds the analysis against the targets.
func (a *Analysis) Judge(t Targets) []Outcome {
	outcomes := t.Judge(a.Cold)
	if a.Warm.Samples > 0 {
		outcomes = append(outcomes, t.JudgeWarm(a.Warm)...)
	}
	return outcomes
}

// Shifted is the share of what left the start that came back in the first
// request, on average; false where no requests were measured or nothing left.
func (a *Analysis) Shifted() (share float64, ok bool) {
	saved := -a.Cold.Difference.Estimate
	if a.First.Samples == 0 || a.Cold.Ratio.High >= 1 || saved <= 0 {
		return 0, false
	}
	return a.First.Difference.Estimate / saved, true
}

// beyond are the modules of one start that another does not load, the dearest
// first.
func beyond(these, those map[string]Loaded) []Load {
	if these == nil || those == nil {
		return nil
	}
	var loads []Load
	for _, module := range slices.Sorted(maps.Keys(these)) {
		if _, both := those[module]; !both {
			loads = append(loads, Load{module, these[module]})
		}
	}
	slices.SortStableFunc(loads, func(a, b Load) int { return cmp.Compare(b.SelfMS, a.SelfMS) })
	return loads
}

// FullCPU is the memory at which AWS Lambda gives a function one whole virtual
// CPU; its share is in proportion to its memory.
const FullCPU = 1769 // MB

// Slowdown estimates how much dearer the same work is in the handler of a Lambda
// than in its start, which has a whole CPU: 1 where the memory is not known.
func (m *Measurement) Slowdown() float64 {
	if m.MemoryMB <= 0 {
		return 1
	}
	return math.Max(1, FullCPU/m.MemoryMB)
}
