package plan_test

import (
	"fmt"
	"math"
	"math/rand"
	"strings"
	"testing"

	"fastpath/plan"
	"fastpath/plan/profile"
	"fastpath/plan/usage"
)

// shown spells moves as "file:bound".
func shown(in plan.Input, p *plan.Plan, moves []int) string {
	var list []string
	for _, i := range moves {
		d := p.Decisions[i]
		m := in.Modules[d.File]
		list = append(list, m.Path+":"+m.Units[d.Unit].Bound)
	}
	return strings.Join(list, " ")
}

func chain(hops []plan.Hop) string {
	var list []string
	for _, h := range hops {
		list = append(list, fmt.Sprintf("%s:%d", h.Module, h.Line))
	}
	return strings.Join(list, " > ")
}

// uses makes a module that imports others and needs each in a function.
func uses(name string, modules ...string) string {
	text := "-- " + name + ".py --\n"
	for _, m := range modules {
		text += "import " + m + "\n"
	}
	for _, m := range modules {
		text += fmt.Sprintf("def f_%s(): return %s.run()\n", m, m)
	}
	return text
}

// Five trees whose smallest cuts are known, from main.py to big, which costs
// 1,000 ms of its own; every other module costs 10.
func TestCutTrees(t *testing.T) {
	for _, c := range []struct {
		name string
		tree string
		cut  string
		save float64
		wall string
	}{
		{name: "one import", tree: uses("main", "a") + uses("a", "big"), cut: "a.py:big", save: 1000},
		{name: "two importers, cut one by one or at once where they meet",
			tree: uses("main", "hub") + uses("hub", "a", "b") + uses("a", "big") + uses("b", "big"),
			cut:  "main.py:hub", save: 1030},
		{name: "where they meet is blocked", tree: "-- main.py --\nimport hub\nhub.start()\n" + uses("hub", "a", "b") + uses("a", "big") + uses("b", "big"),
			cut: "a.py:big b.py:big", save: 1000},
		{name: "the import of big is blocked, the one before is not",
			tree: uses("main", "a") + "-- a.py --\nimport big\nX = big.run()\n", cut: "main.py:a", save: 1010},
		{name: "nothing on the way can move", tree: "-- main.py --\nimport a\na.x\n-- a.py --\nimport big\nX = big.run()\n",
			wall: "main:1 > a:1 > big:0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := plan.Input{Modules: tree(t, c.tree), Policy: plan.Default()}
			in.Policy.Entry = []string{"main.py"}
			in.Profile = &profile.Profile{Source: profile.SourceMeasured, Modules: map[string]profile.Module{"big": {SelfMS: 1000, ImportMS: 1000}}}
			for _, m := range in.Modules {
				in.Profile.Modules[m.Name] = profile.Module{SelfMS: 10, ImportMS: 1010}
			}
			in.Usage = &usage.Usage{Modules: map[string]float64{"main": 5, "hub": 5, "a": 5, "b": 5, "big": 5}}
			p := plan.Make(in)
			got := p.Sets.Cut("big")
			if s := shown(in, p, got.Moves); s != c.cut || chain(got.Wall) != c.wall || got.SavesMS != c.save {
				t.Errorf("cut %q saving %v, wall %q; want %q saving %v, wall %q", s, got.SavesMS, chain(got.Wall), c.cut, c.save, c.wall)
			}
		})
	}
}

// pandas is imported by two files; one of them is hot, so the set only shifts.
const twoImporters = `
-- main.py --
import report
import export
def handler(event): return report.run(event), export.run(event)
-- report.py --
import pandas
def run(event): return pandas.DataFrame(event)
-- export.py --
import pandas
def run(event): return pandas.Series(event)
`

func setInput(t *testing.T, archive string, ms map[string]float64, pct map[string]float64) plan.Input {
	t.Helper()
	in := plan.Input{Modules: tree(t, archive), Policy: plan.Default()}
	in.Policy.Entry = []string{"main.py"}
	in.Profile = &profile.Profile{Short: true, Source: profile.SourceShort, Modules: map[string]profile.Module{}}
	for name, v := range ms {
		in.Profile.Modules[name] = profile.Module{ImportMS: v}
	}
	in.Usage = &usage.Usage{Modules: map[string]float64{}, Functions: pct, Complete: true}
	return in
}

func TestNeeds(t *testing.T) {
	in := setInput(t, twoImporters, map[string]float64{"pandas": 1200}, map[string]float64{"report.py::run": 5, "export.py::run": 3})
	p := plan.Make(in)
	for i, d := range p.Decisions {
		if in.Modules[d.File].Units[d.Unit].Bound != "pandas" {
			continue
		}
		other := map[string]string{"report.py": "export.py:pandas", "export.py": "report.py:pandas"}[in.Modules[d.File].Path]
		needs := p.Sets.Needs(i)
		if d.SavesMS != 0 || shown(in, p, needs.Moves) != other || needs.SavesMS != 1200 {
			t.Errorf("%s saves %v alone, %v with %q; want 0, 1200 with %q", in.Modules[d.File].Path, d.SavesMS, needs.SavesMS, shown(in, p, needs.Moves), other)
		}
	}
	if p.Summary.SavesMS != 1200 || p.Summary.ShiftsMS != 0 {
		t.Errorf("all moves save %v and shift %v", p.Summary.SavesMS, p.Summary.ShiftsMS)
	}
	order := p.Sets.Order()
	if len(order) != 1 || shown(in, p, order[0].Moves) != "export.py:pandas report.py:pandas" || order[0].Edits != 4 || order[0].SumMS != 1200 {
		t.Errorf("order %+v", order)
	}
}

// What nearly every request needs is shifted, and keeps the rest from saving.
func TestShiftedIsNotSaved(t *testing.T) {
	in := setInput(t, twoImporters, map[string]float64{"pandas": 1200}, map[string]float64{"main.py::handler": 100, "report.py::run": 95, "export.py::run": 3})
	p := plan.Make(in)
	if p.Summary.Moves != 2 || p.Summary.SavesMS != 0 || p.Summary.ShiftsMS != 1200 {
		t.Errorf("%d moves save %v and shift %v, want 2, 0 and 1200", p.Summary.Moves, p.Summary.SavesMS, p.Summary.ShiftsMS)
	}
	c := p.Sets.Cut("pandas")
	if len(c.Moves) != 2 || c.SavesMS != 0 || c.ShiftsMS != 1200 {
		t.Errorf("the cut saves %v and shifts %v", c.SavesMS, c.ShiftsMS)
	}
	if order := p.Sets.Order(); len(order) != 0 {
		t.Errorf("nothing pays, yet there is an order: %+v", order)
	}
}

func TestOrderAndPaths(t *testing.T) {
	in := setInput(t, uses("main", "a", "small", "b")+uses("a", "large")+uses("b", "large"),
		map[string]float64{"small": 300, "large": 900}, map[string]float64{})
	p := plan.Make(in)
	var got []string
	for _, s := range p.Sets.Order() {
		got = append(got, fmt.Sprintf("%s %v/%d %v", s.Module, s.SavesMS, s.Edits, s.SumMS))
	}
	if s, want := strings.Join(got, "; "), "large 900/4 900; small 300/2 1200"; s != want {
		t.Errorf("order %q, want %q", s, want)
	}
	got = nil
	for _, path := range p.Sets.Paths("large", 9) {
		got = append(got, chain(path))
	}
	if s, want := strings.Join(got, "; "), "main:1 > a:1 > large:0; main:3 > b:1 > large:0"; s != want {
		t.Errorf("paths %q, want %q", s, want)
	}
}

// The saving of any set of moves is the self time of what no longer loads:
// held against a walk of its own over random trees, hoists included.
func TestSavesAgainstWalk(t *testing.T) {
	r := rand.New(rand.NewSource(7))
	for range 40 {
		n := 4 + r.Intn(6)
		name := func(i int) string { return fmt.Sprintf("m%d", i) }
		var archive strings.Builder
		in := plan.Input{Policy: plan.Default(), Profile: &profile.Profile{Source: profile.SourceMeasured, Modules: map[string]profile.Module{}}}
		in.Policy.Entry = []string{"m0.py"}
		self := make([]float64, n)
		for i := range n {
			self[i] = float64(int(1) << i)
			in.Profile.Modules[name(i)] = profile.Module{SelfMS: self[i], ImportMS: 200}
			fmt.Fprintf(&archive, "-- %s.py --\n", name(i))
			for j := range n {
				switch r.Intn(4) {
				case 0:
					fmt.Fprintf(&archive, "import %s\ndef f%d(): return %s.x\n", name(j), j, name(j))
				case 1:
					fmt.Fprintf(&archive, "def g%d():\n    import %s\n    return %s.x\n", j, name(j), name(j))
				}
			}
		}
		in.Modules = tree(t, archive.String())
		p := plan.Make(in)
		changed := map[int]bool{}
		var moves []int
		for i := range p.Decisions {
			if r.Intn(3) == 0 {
				changed[i], moves = true, append(moves, i)
			}
		}
		want := walk(in, p, self, nil) - walk(in, p, self, changed)
		if got, _ := p.Sets.Saves(moves...); math.Abs(got-want) > 1e-9 {
			t.Fatalf("%d moves save %v, want %v in\n%s", len(moves), got, want, archive.String())
		}
	}
}

// walk adds up what loads from m0, with the placement of some units changed.
func walk(in plan.Input, p *plan.Plan, self []float64, changed map[int]bool) (ms float64) {
	seen := map[int]bool{}
	var visit func(file int)
	visit = func(file int) {
		if seen[file] {
			return
		}
		seen[file] = true
		ms += self[file]
		for i, d := range p.Decisions {
			m := in.Modules[d.File]
			u := m.Units[d.Unit]
			if eager := m.Statements[u.Statement].Scope == 0; d.File == file && eager != changed[i] {
				for to, other := range in.Modules {
					if other.Name == u.Module {
						visit(to)
					}
				}
			}
		}
	}
	visit(0)
	return ms
}

// What calls load, as the profile saw it, loads at a cold start whichever
// import statements move: also where no statement tells of it.
func TestCalledImports(t *testing.T) {
	in := plan.Input{Modules: tree(t, uses("main", "a", "b")+uses("a", "big")+uses("b", "big")), Policy: plan.Default()}
	in.Policy.Entry = []string{"main.py"}
	in.Profile = &profile.Profile{Source: profile.SourceMeasured, Modules: map[string]profile.Module{
		"big": {SelfMS: 1000, ImportMS: 1000}, "lazy": {SelfMS: 7, ImportMS: 7}, "main": {}, "a": {}, "b": {}}}
	in.Usage = &usage.Usage{Modules: map[string]float64{"big": 5}}
	if cut := plan.Make(in).Sets.Cut("big"); cut.SavesMS != 1000 {
		t.Errorf("both imports of big save %v ms, want 1000", cut.SavesMS)
	}
	in.Profile.Modules["main"] = profile.Module{Imports: []profile.Edge{{Module: "big", Called: true}, {Module: "lazy"}}}
	p := plan.Make(in)
	if cut := p.Sets.Cut("big"); cut.Wall == nil || chain(cut.Wall) != "main:0 > big:0" || p.Summary.SavesMS != 0 {
		t.Errorf("wall of big is %q and the plan saves %v ms, want main > big and nothing", chain(cut.Wall), p.Summary.SavesMS)
	}
	for _, d := range p.Decisions {
		if u := in.Modules[d.File].Units[d.Unit]; u.Module == "big" && d.Status != plan.StatusNoGain {
			t.Errorf("%s:%d is %s, want no gain", in.Modules[d.File].Path, u.Line, d.Status)
		}
	}
	// A statement that the profile saw and the tree no longer has is gone.
	if f, _ := p.Sets.Figures("lazy"); f.Loads {
		t.Error("lazy loads by a statement that is no longer there")
	}
}
