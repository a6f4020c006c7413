package plan

import "math"

// A DayCost is what the import of one module costs per day under both
// placements, in milliseconds, by two models.
//
// The formula counts every cold start at module level and every request that
// needs the module at function level. The instance model knows that an import
// is paid once per instance: at function level only by instances that ever
// need it, and slower, because a handler may get less CPU than start-up.
type DayCost struct {
	ModuleMS           float64 // import time × cold starts, the same in both models
	FunctionMS         float64 // formula: import time × requests that need it
	InstanceFunctionMS float64 // instance model: import time × k × instances that ever need it
	// Used tells that the share of requests is known, and with it the costs at
	// function level.
	Used bool
}

// A Model is one way to reckon what an import costs.
type Model string

// The models of a DayCost.
const (
	ByFormula   Model = "formula"
	ByInstances Model = "instances"
)

// even is the difference, as a share of the dearer placement, up to which a
// model favours neither. A module that most requests need is needed by all but
// a tiny share of the instances, which is no argument for a move.
const even = 0.01

// RequestsPerInstance is how many requests one instance serves on average;
// infinite when there are no cold starts.
func (t Traffic) RequestsPerInstance() float64 { return 1 / t.ColdStartRatio }

// perDay computes the cost of an import of the given time in milliseconds,
// needed by the given percentage of requests.
func (t Traffic) perDay(importMS, usagePct float64) DayCost {
	u := usagePct / 100
	cold := t.RequestsPerDay * t.ColdStartRatio
	c := DayCost{ModuleMS: importMS * cold, FunctionMS: importMS * u * t.RequestsPerDay, Used: true}
	if t.ColdStartRatio > 0 {
		ever := 1 - math.Pow(1-u, t.RequestsPerInstance())
		c.InstanceFunctionMS = importMS * t.HandlerSlowdown * cold * ever
	}
	return c
}

// PerDay is the cost of the decision's import under both placements; false
// when its time is not known.
func (d Decision) PerDay(t Traffic) (DayCost, bool) {
	if !d.ImportMS.Known {
		return DayCost{}, false
	}
	c := t.perDay(d.ImportMS.Value, d.UsagePct.Value)
	if !d.UsagePct.Known {
		c = DayCost{ModuleMS: c.ModuleMS}
	}
	return c, true
}

// PerMillion is what so many milliseconds per day cost per million requests,
// in the currency of the configured price.
func (t Traffic) PerMillion(dayMS float64) float64 {
	if t.RequestsPerDay <= 0 {
		return 0
	}
	return dayMS / 1000 / t.RequestsPerDay * 1e6 * t.MemoryMB / 1024 * t.PricePerGBSecond
}

// Favours is the level that costs less by the model; "" when both cost the
// same within one percent, or nothing is known of use.
func (c DayCost) Favours(m Model) Level {
	function := c.FunctionMS
	if m == ByInstances {
		function = c.InstanceFunctionMS
	}
	switch difference := c.ModuleMS - function; {
	case !c.Used || math.Abs(difference) <= even*max(c.ModuleMS, function):
		return ""
	case difference > 0:
		return FunctionLevel
	}
	return ModuleLevel
}

// Against lists the models that favour another level than the rule asks for.
func (c DayCost) Against(l Level) []Model {
	if l == TypeChecking {
		l = FunctionLevel
	}
	var list []Model
	for _, m := range []Model{ByFormula, ByInstances} {
		if f := c.Favours(m); f != "" && f != l {
			list = append(list, m)
		}
	}
	return list
}

// BreakEven is the percentage of requests above which function level costs
// more than module level; unknown where it never does.
func (t Traffic) BreakEven(m Model) Measure {
	if m == ByFormula {
		return Measure{Value: 100 * t.ColdStartRatio, Known: true}
	}
	// k·(1-(1-u)^n) = 1, solved for u.
	k := t.HandlerSlowdown
	if k <= 1 || t.ColdStartRatio <= 0 {
		return Measure{}
	}
	return Measure{Value: 100 * (1 - math.Pow(1-1/k, t.ColdStartRatio)), Known: true}
}

// WantsException tells whether a heavy import could rightly stay at module
// level, were that approved: the rule asks for function level, a model favours
// module level, and use is above the threshold that an exception must pass.
func (d Decision) WantsException(p Policy) bool {
	c, ok := d.PerDay(p.Traffic)
	if !ok || d.Rule != RuleHeavy || d.Level == ModuleLevel || !d.hot(p) {
		return false
	}
	return len(c.Against(d.Level)) > 0
}

// hot tells whether so many requests need the unit that importing it later
// shifts its cost and saves nothing.
func (d Decision) hot(p Policy) bool { return d.UsagePct.Known && d.UsagePct.Value > p.HotUsage }

// A Summary counts the decisions of a plan.
type Summary struct {
	Files    int
	Units    int
	Moves    int
	Kept     int
	Blocked  int
	NoGain   int
	SavesMS  float64 // what all moves together save at a cold start
	ShiftsMS float64 // what they only shift into the first request that needs it
}

func (p *planner) summary() Summary {
	s := Summary{Files: len(p.Modules), Units: len(p.decisions), SavesMS: p.savedMS, ShiftsMS: p.shiftedMS}
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
