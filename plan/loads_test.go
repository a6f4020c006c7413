package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fastpath/plan"
	"fastpath/plan/profile"
	"fastpath/plan/usage"
)

// loading spells what loads as "module<importer", sorted, and adds up its time.
func loading(list []plan.Load) (string, float64) {
	var names []string
	total := 0.0
	for i, l := range list {
		by := ""
		if l.By >= 0 {
			by = "<" + list[l.By].Module
		}
		if l.By >= i {
			by += " (behind it)"
		}
		names = append(names, l.Module+by)
		total += l.SelfMS
	}
	slices.Sort(names)
	return strings.Join(names, " "), total
}

// The tree stands in the middle of its way: big sank earlier, and mid is to
// sink. late was raised earlier, typed went to TYPE_CHECKING.
func TestLoadsOfTheStages(t *testing.T) {
	in := plan.Input{Policy: plan.Default(), Modules: tree(t, `
-- main.py --
from __future__ import annotations
from typing import TYPE_CHECKING
import late
import pkg.mid
if TYPE_CHECKING:
    import typed
def f():
    import big
    return big.run()
def g(): return pkg.mid.run()
def h(x: typed.T): return late.run()
`)}
	in.Policy.Entry = []string{"main.py"}
	in.Profile = &profile.Profile{Modules: map[string]profile.Module{
		"main": {SelfMS: 1, ImportMS: 1000, Kind: "first-party", Imports: []profile.Edge{{Module: "late", Lazy: true}}},
		"big":  {SelfMS: 400, ImportMS: 450, Kind: "third-party", Imports: []profile.Edge{{Module: "deep"}}},
		"pkg":  {SelfMS: 2, ImportMS: 2}, "pkg.mid": {SelfMS: 200, ImportMS: 250, Imports: []profile.Edge{{Module: "deep"}}},
		"deep": {SelfMS: 50, ImportMS: 50}, "late": {SelfMS: 3, ImportMS: 3}, "typed": {SelfMS: 7, ImportMS: 7}, "typing": {SelfMS: 5, ImportMS: 5},
	}}
	in.Usage = &usage.Usage{Modules: map[string]float64{"big": 5, "pkg.mid": 5}}
	made := []plan.Made{
		{File: "main.py", Module: "big", Name: "big", To: plan.FunctionLevel},
		{File: "main.py", Module: "late", Name: "late", To: plan.ModuleLevel},
		{File: "main.py", Module: "typed", Name: "typed", To: plan.TypeChecking},
		{File: "gone.py", Module: "pandas", Name: "pandas", To: plan.FunctionLevel},
	}
	p := plan.Make(in)
	for _, c := range []struct {
		stage plan.Stage
		loads string
		ms    float64
	}{
		{plan.Before, "big<main deep<pkg.mid main pkg.mid<main pkg<main typed<main typing<main", 1 + 400 + 50 + 200 + 2 + 7 + 5},
		{plan.Now, "deep<pkg.mid late<main main pkg.mid<main pkg<main typing<main", 1 + 50 + 3 + 200 + 2 + 5},
		{plan.After, "late<main main typing<main", 1 + 3 + 5},
	} {
		loads, ms := loading(p.Sets.Loads(c.stage, made))
		loads = strings.ReplaceAll(loads, " __future__<main", "")
		loads = strings.TrimPrefix(loads, "__future__<main ")
		if loads != c.loads || ms != c.ms {
			t.Errorf("stage %d: %q in %v ms, want %q in %v ms", c.stage, loads, ms, c.loads, c.ms)
		}
	}
	if again, _ := loading(p.Sets.Loads(plan.Now, nil)); strings.Contains(again, "typed") {
		t.Errorf("looking at the stage before changed the graph: %q", again)
	}
	kinds := map[string]string{}
	for _, l := range p.Sets.Loads(plan.Before, made) {
		kinds[l.Module] = l.Kind
	}
	if kinds["main"] != "first-party" || kinds["big"] != "third-party" || kinds["typing"] != "stdlib" || kinds["deep"] != "" {
		t.Errorf("kinds %v", kinds)
	}
}

// Without configured entries those of the profile say where a start begins.
func TestLoadsWithoutEntries(t *testing.T) {
	in := plan.Input{Policy: plan.Default(), Modules: tree(t, "-- main.py --\nimport json\n")}
	if p := plan.Make(in); p.Sets.Loads(plan.Now, nil) != nil {
		t.Error("no entry is named, and something loads")
	}
	in.Profile = &profile.Profile{Entry: []string{"main", "missing"}, Modules: map[string]profile.Module{"json": {SelfMS: 1}}}
	if got, _ := loading(plan.Make(in).Sets.Loads(plan.Now, nil)); got != "json<main main" {
		t.Errorf("got %q", got)
	}
}

func TestBeyondThePlan(t *testing.T) {
	in := plan.Input{Policy: plan.Default(), Modules: tree(t, `
-- main.py --
import a, b, hot
X = a.x, b.x, hot.x
`)}
	in.Policy.Entry = []string{"main.py"}
	in.Profile = &profile.Profile{Modules: map[string]profile.Module{
		"a":   {SelfMS: 200, ImportMS: 250, Imports: []profile.Edge{{Module: "shared"}}},
		"b":   {SelfMS: 300, ImportMS: 350, Imports: []profile.Edge{{Module: "shared"}}},
		"hot": {SelfMS: 500, ImportMS: 500}, "shared": {SelfMS: 50, ImportMS: 50},
	}}
	in.Usage = &usage.Usage{Modules: map[string]float64{"a": 5, "b": 5, "hot": 99}}
	p := plan.Make(in)
	at := map[string]int{}
	for i, d := range p.Decisions {
		at[in.Modules[d.File].Units[d.Unit].Bound] = i
	}
	if d := p.Decisions[at["a"]]; d.Status != plan.StatusBlocked {
		t.Fatalf("a is %s", d.Status)
	}
	for _, c := range []struct {
		stay string
		ms   float64
	}{{"a", 200}, {"a b", 550}, {"hot", 0}, {"", 0}} {
		var stay []int
		for _, name := range strings.Fields(c.stay) {
			stay = append(stay, at[name])
		}
		if got := p.Sets.Beyond(stay...); got != c.ms {
			t.Errorf("moving %q as well saves %v, want %v", c.stay, got, c.ms)
		}
	}
	in.Policy.Entry = nil
	p = plan.Make(in)
	if got := fmt.Sprint(p.Sets.Beyond(at["a"]), p.Sets.Beyond(at["hot"])); got != "250 0" {
		t.Errorf("without entries %s", got)
	}
}
