package plan

import "math"

// A DayCost is what the import of one module costs per day under both
// placements, in milliseconds, by two models.
//
// The seed's formula counts every cold start at module level and every request
// that needs the module at function level. The instance model knows that an
// import is paid once per instance: at function level only by instances that
// ever need it, and slower, because the handler may get less CPU than start-up.
type DayCost struct {
	ModuleMS           float64 // import time × cold starts, the same in both models
	FunctionMS         float64 // seed: import time × requests that need it
	InstanceFunctionMS float64 // instance model: import time × k × instances that ever need it
}

// perDay computes the cost of an import of the given time in milliseconds,
// needed by the given percentage of requests.
func (t Traffic) perDay(importMS, usagePct float64) DayCost {
	u := usagePct / 100
	cold := t.RequestsPerDay * t.ColdStartRatio
	c := DayCost{ModuleMS: importMS * cold, FunctionMS: importMS * u * t.RequestsPerDay}
	if t.ColdStartRatio > 0 {
		perInstance := 1 / t.ColdStartRatio // requests that one instance serves
		ever := 1 - math.Pow(1-u, perInstance)
		c.InstanceFunctionMS = importMS * t.HandlerSlowdown * cold * ever
	}
	return c
}

// PerDay is the cost of the decision's import under both placements; false
// when the figures are not all known.
func (d Decision) PerDay(t Traffic) (DayCost, bool) {
	if !d.ImportMS.Known || !d.UsagePct.Known {
		return DayCost{}, false
	}
	return t.perDay(d.ImportMS.Value, d.UsagePct.Value), true
}

// Favours is the level that the cheaper placement stands for.
func (c DayCost) Favours() (seed, instance Level) {
	seed, instance = FunctionLevel, FunctionLevel
	if c.FunctionMS > c.ModuleMS {
		seed = ModuleLevel
	}
	if c.InstanceFunctionMS > c.ModuleMS {
		instance = ModuleLevel
	}
	return seed, instance
}

// A Summary counts the decisions of a plan.
type Summary struct {
	Files   int
	Units   int
	Moves   int
	Kept    int
	Blocked int
	NoGain  int
	SavesMS float64 // what all moves together save at a cold start
}

func (p *planner) summary() Summary {
	s := Summary{Files: len(p.Modules), Units: len(p.decisions), SavesMS: p.savedMS}
	for _, d := range p.decisions {
		switch d.Status {
		case StatusMove:
			s.Moves++
		case StatusBlocked:
			s.Blocked++
		case StatusNoGain:
			s.NoGain++
		default:
			s.Kept++
		}
	}
	return s
}
