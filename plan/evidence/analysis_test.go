package evidence

import (
	"math"
	"testing"
)

// served is a measurement of two classes of events: a frequent one, and a rare
// one whose first request imports what the start does not.
func served(round string, start, rareFirst, warm float64) *Measurement {
	m := &Measurement{Round: round, Events: map[string]float64{"list": 90, "report": 10}, FloorMS: []float64{20, 20, 20}}
	g := generator{state: 9}
	for i := range 40 {
		s := Sample{WallMS: start * (1 + 0.01*g.normal()), CPUMS: start, Modules: start, Event: "list", FirstMS: 2, WarmMS: warm}
		if i%2 == 1 {
			s.Event, s.FirstMS = "report", rareFirst*(1+0.01*g.normal())
		}
		m.Samples = append(m.Samples, s)
	}
	return m
}

func TestAShiftIntoTheFirstRequestShows(t *testing.T) {
	before, after := served("1", 1000, 10, 1), served("1", 400, 610, 1)
	before.Loads = map[string]Loaded{"pandas": {600, 600}, "app": {400, 1000}}
	after.Loads = map[string]Loaded{"app": {400, 401}, "tiny": {1, 1}}
	a := Analyse(before, after)
	if a.Cold.Verdict != Faster || !a.Cold.Paired || len(a.Classes) != 2 || a.Classes[0].Name != "list" || a.Classes[0].Share != 0.9 {
		t.Fatalf("analysis %+v", a)
	}
	if rare := a.Classes[1]; rare.Whole.Verdict != Same || rare.First.Verdict != Slower {
		t.Errorf("the rare request: %+v", rare)
	}
	// One request in ten pays the 600 ms.
	if share, ok := a.Shifted(); !ok || math.Abs(share-0.1) > 0.01 {
		t.Errorf("shifted %v, %v", share, ok)
	}
	if want := (1000*0.9 + 1010*0.1 + 1.8) / 1; math.Abs(a.Whole.Before.Estimate-want) > 10 {
		t.Errorf("a cold request takes %v, want about %v", a.Whole.Before.Estimate, want)
	}
	if len(a.Left) != 1 || a.Left[0] != (Load{"pandas", Loaded{600, 600}}) || len(a.Came) != 1 || a.Came[0].Module != "tiny" {
		t.Errorf("left %v, came %v", a.Left, a.Came)
	}
	if _, ok := Analyse(before, before).Shifted(); ok {
		t.Error("nothing left, yet something is said to have come back")
	}
}

func TestWarmRequestsHaveATarget(t *testing.T) {
	targets := Targets{MaxWarmRegression: 0.05}
	slow := Analyse(served("1", 1000, 10, 1), served("1", 400, 10, 1.06))
	if o := slow.Judge(targets); len(o) != 1 || o[0].Met || !o[0].Certain {
		t.Errorf("outcomes %+v", o)
	}
	if o := slow.Judge(targets); !o[0].Failed() {
		t.Error("a certain regression is let through")
	}
	doubtful := Outcome{Target: "max-warm-regression"}
	if goal := (Outcome{Target: "cold-start-ms"}); doubtful.Failed() || !goal.Failed() {
		t.Errorf("a doubtful regression fails: %v; a missed goal: %v", doubtful.Failed(), goal.Failed())
	}
	none := Analyse(&Measurement{Samples: []Sample{{WallMS: 1}}}, &Measurement{Samples: []Sample{{WallMS: 1}}})
	if o := none.Judge(targets); len(o) != 0 || none.Warm.Samples != 0 {
		t.Errorf("without requests: %+v", o)
	}
}

func TestADriftingMachineIsNoVerdict(t *testing.T) {
	before, after := served("", 100, 10, 1), served("", 90, 10, 1)
	if a := Analyse(before, after); a.Cold.Verdict != Faster || a.Cold.Paired {
		t.Errorf("%+v", a.Cold)
	}
	after.FloorMS = []float64{17, 17, 17} // the interpreter itself became faster by as much
	if a := Analyse(before, after); a.Cold.Verdict != Unclear || a.Cold.Drift.Estimate != 0.85 {
		t.Errorf("%+v", a.Cold)
	}
	limit := Targets{MaxRegression: 0.10}
	before, after = served("", 100, 10, 1), served("", 130, 10, 1)
	if o := Analyse(before, after).Judge(limit); !o[0].Failed() {
		t.Errorf("a certain regression is let through: %+v", o)
	}
	after.FloorMS = []float64{26, 26, 26} // slower by 30 %, as the program is
	if o := Analyse(before, after).Judge(limit); o[0].Met || o[0].Failed() {
		t.Errorf("the machine's drift fails as a regression: %+v", o)
	}
	after = served("", 40, 10, 1)
	after.FloorMS = []float64{17, 17, 17}
	if a := Analyse(before, after); a.Cold.Verdict != Faster {
		t.Errorf("a real improvement is lost: %+v", a.Cold)
	}
}

func TestFewSamplesFailNoRegression(t *testing.T) {
	limit := Targets{MaxRegression: 0.10}
	walls := func(ms ...float64) *Measurement {
		m := &Measurement{}
		for _, x := range ms {
			m.Samples = append(m.Samples, Sample{WallMS: x})
		}
		return m
	}
	if o := Analyse(walls(2.4, 2.5, 2.6), walls(3.1, 3.2, 3.3)).Judge(limit); o[0].Met || o[0].Failed() {
		t.Errorf("three samples fail as a regression: %+v", o)
	}
	before, after := walls(200), walls(5200)
	before.Short, after.Short = true, true
	if o := Analyse(before, after).Judge(limit); !o[0].Failed() {
		t.Errorf("figures that were written down are doubted: %+v", o)
	}
}

func TestSlowdown(t *testing.T) {
	for memory, want := range map[float64]float64{0: 1, 3008: 1, 1769: 1, 512: 1769.0 / 512} {
		if got := (&Measurement{MemoryMB: memory}).Slowdown(); got != want {
			t.Errorf("%v MB: %v, want %v", memory, got, want)
		}
	}
}
