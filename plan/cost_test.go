package plan_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"fastpath/plan"
	"fastpath/plan/profile"
	"fastpath/plan/usage"
)

// seeds are the figures of the documents that the rules come from, at 10,000
// requests a day of which 10 % are cold. Costs are seconds a day; where use is
// not stated the documents give none.
var seeds = []struct {
	module    string
	ms, pct   float64 // pct < 0: unknown
	level     plan.Level
	rule      plan.Rule
	atModule  float64 // at module level
	formula   float64 // at function level
	instances float64
	against   string // models that favour the other level
}{
	// Both too fast to matter and used by all: the formula agrees, and by
	// instances it is the same.
	{"json", 0.8, 100, plan.ModuleLevel, plan.RuleFast, 0.8, 8, 0.8, ""},
	{"gateway", 15, 95, plan.ModuleLevel, plan.RuleHotPath, 15, 142.5, 15, ""},
	{"cache_core", 35, 90, plan.ModuleLevel, plan.RuleHotPath, 35, 315, 35, ""},
	{"requests", 180, -1, plan.FunctionLevel, plan.RuleHeavy, 180, 0, 0, ""},
	// The documents' one exception: "module level is 9× better" holds by the
	// formula; an instance that serves ten requests pays once either way.
	{"boto3", 350, 90, plan.FunctionLevel, plan.RuleHeavy, 350, 3150, 350, "formula"},
	{"ha_devices", 450, -1, plan.FunctionLevel, plan.RuleHeavy, 450, 0, 0, ""},
	{"pandas", 1200, 5, plan.FunctionLevel, plan.RuleHeavy, 1200, 600, 481.516, ""},
}

// seedInput imports every module of the documents in one handler.
func seedInput(t *testing.T) plan.Input {
	t.Helper()
	var head, body strings.Builder
	in := plan.Input{Policy: plan.Default(),
		Profile: &profile.Profile{Short: true, Source: profile.SourceShort, Date: "2025-11-08", Modules: map[string]profile.Module{}},
		Usage:   &usage.Usage{Modules: map[string]float64{}, Functions: map[string]float64{}}}
	for _, s := range seeds {
		fmt.Fprintf(&head, "import %s\n", s.module)
		fmt.Fprintf(&body, "def use_%s(event):\n    return %s.run(event)\n", s.module, s.module)
		in.Profile.Modules[s.module] = profile.Module{ImportMS: s.ms}
		if s.pct >= 0 {
			in.Usage.Modules[s.module] = s.pct
		}
	}
	in.Modules = tree(t, "-- handler.py --\n"+head.String()+body.String())
	return in
}

func TestSeedFigures(t *testing.T) {
	in := seedInput(t)
	p := plan.Make(in)
	for i, want := range seeds {
		d := p.Decisions[i]
		if d.Level != want.level || d.Rule != want.rule {
			t.Errorf("%s: %s by %s, want %s by %s", want.module, d.Level, d.Rule, want.level, want.rule)
		}
		c, ok := d.PerDay(in.Policy.Traffic)
		if !ok || c.Used != (want.pct >= 0) {
			t.Fatalf("%s: cost known %v, use known %v", want.module, ok, c.Used)
		}
		for _, f := range []struct {
			what      string
			got, want float64
		}{{"module level", c.ModuleMS, want.atModule}, {"formula", c.FunctionMS, want.formula}, {"instances", c.InstanceFunctionMS, want.instances}} {
			if math.Abs(f.got/1000-f.want) > 0.0006 {
				t.Errorf("%s: %s s a day by %s, want %v", want.module, fmt.Sprint(f.got/1000), f.what, f.want)
			}
		}
		if got := strings.Trim(fmt.Sprint(c.Against(d.Level)), "[]"); got != want.against {
			t.Errorf("%s: against the rule: %q, want %q", want.module, got, want.against)
		}
		if d.WantsException(in.Policy) != (want.module == "boto3") {
			t.Errorf("%s: wants an exception: %v", want.module, d.WantsException(in.Policy))
		}
		// Nearly every request needs boto3: moving it saves nothing.
		shifted := want.module == "boto3"
		if d.Status == plan.StatusMove && (d.ShiftsMS > 0) != shifted || shifted && d.SavesMS != 0 {
			t.Errorf("%s: saves %v ms, shifts %v ms", want.module, d.SavesMS, d.ShiftsMS)
		}
	}
}

func TestSeedExceptionHolds(t *testing.T) {
	in := seedInput(t)
	in.Policy.Exceptions = []plan.Exception{{Module: "boto3", Reason: "all device operations", ApprovedBy: "lead", Date: "2025-11-08", Review: "2025-12-08"}}
	d := plan.Make(in).Decisions[4]
	if d.Level != plan.ModuleLevel || d.Rule != plan.RuleException || d.WantsException(in.Policy) {
		t.Errorf("%s by %s", d.Level, d.Rule)
	}
}

// With a handler that runs on a quarter of the CPU, the instance model turns
// against function level once most instances need the module.
func TestHandlerSlowdown(t *testing.T) {
	traffic := plan.Default().Traffic
	traffic.HandlerSlowdown = 4
	even := traffic.BreakEven(plan.ByInstances)
	// 4·(1-(1-u)^10) = 1
	if want := 100 * (1 - math.Pow(0.75, 0.1)); !even.Known || math.Abs(even.Value-want) > 1e-9 {
		t.Fatalf("even at %v, want %v", even.Value, want)
	}
	for _, c := range []struct {
		pct  float64
		want plan.Level
	}{{even.Value - 0.5, plan.FunctionLevel}, {even.Value, ""}, {even.Value + 0.5, plan.ModuleLevel}} {
		d := plan.Decision{ImportMS: plan.Measure{Value: 200, Known: true}, UsagePct: plan.Measure{Value: c.pct, Known: true}}
		cost, _ := d.PerDay(traffic)
		if got := cost.Favours(plan.ByInstances); got != c.want {
			t.Errorf("at %.3f %%: %q, want %q", c.pct, got, c.want)
		}
	}
	if m := plan.Default().Traffic.BreakEven(plan.ByInstances); m.Known {
		t.Errorf("without a slow-down both placements never cost the same, not at %v", m.Value)
	}
}

// 1,200 ms in a tenth of a million requests at half a GB.
func TestMoney(t *testing.T) {
	traffic := plan.Default().Traffic
	d := plan.Decision{ImportMS: plan.Measure{Value: 1200, Known: true}}
	c, _ := d.PerDay(traffic)
	if got, want := traffic.PerMillion(c.ModuleMS), 1.2*0.1*1e6*0.5*0.0000166667; math.Abs(got-want) > 1e-9 {
		t.Errorf("%v per million requests, want %v", got, want)
	}
	traffic.RequestsPerDay = 0
	if got := traffic.PerMillion(c.ModuleMS); got != 0 {
		t.Errorf("without requests: %v", got)
	}
}
