package audit

import (
	"slices"
	"strings"
	"testing"

	"fastpath/cmd/internal/check"
	"fastpath/plan"
	"fastpath/plan/evidence"
	"fastpath/plan/facts"
	"fastpath/plan/profile"
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
	"fastpath/plan/usage"
	"fastpath/rewrite/fastpath"
)

func modules(spread float64, costs map[string]float64) *profile.Profile {
	p := &profile.Profile{Date: "2025-11-08", Modules: map[string]profile.Module{}}
	for name, ms := range costs {
		p.Modules[name] = profile.Module{ImportMS: ms, SpreadMS: spread}
	}
	return p
}

func TestChanges(t *testing.T) {
	steady := map[string]float64{"s1": 10, "s2": 20, "s3": 30, "s4": 40, "s5": 50, "s6": 60}
	with := func(speed float64, name string, ms float64) map[string]float64 {
		costs := map[string]float64{name: ms}
		for s, v := range steady {
			costs[s] = v * speed
		}
		return costs
	}
	for _, c := range []struct {
		name         string
		speed        float64
		spread       float64
		before, now  float64
		real         bool
		wantCrossing string
	}{
		{"nothing", 1, 1, 50, 50, false, ""},
		{"within the spread", 1, 4, 50, 57, false, ""},
		{"beyond the spread", 1, 1, 50, 57, true, ""},
		{"within a tenth", 1, 0.1, 50, 54, false, ""},
		{"short figures want a fifth", 1, 0, 50, 59, false, ""},
		{"a fifth and more", 1, 0, 50, 61, true, ""},
		{"below a millisecond nothing is real", 1, 0.001, 0.1, 1, false, ""},
		{"over the heavy limit", 1, 1, 90, 140, true, "rises above 100 ms"},
		{"over the fast limit", 1, 0.1, 9, 14, true, "rises above 10 ms"},
		{"over both", 1, 1, 9, 140, true, "rises above 100 ms"},
		{"back below the heavy limit", 1, 1, 140, 90, true, "falls below 100 ms"},
		{"back below both", 1, 1, 140, 9, true, "falls below 10 ms"},
		{"a hair over the limit", 1, 1, 99, 101, false, "rises above 100 ms, within the noise"},
		{"a slow machine", 1.5, 1, 50, 75, false, ""},
		{"a slow machine takes it over the limit", 1.5, 1, 80, 120, false, "rises above 100 ms, by the speed of the machine alone"},
		{"no slower on a slow machine", 1.5, 1, 50, 50, true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := compare(modules(c.spread, with(1, "m", c.before)), modules(c.spread, with(c.speed, "m", c.now)))
			if real, crossing := got.real("m"), got.crossing(plan.Default(), "m"); real != c.real || crossing != c.wantCrossing {
				t.Errorf("got %v %q (speed %.2f), want %v %q", real, crossing, got.speed, c.real, c.wantCrossing)
			}
		})
	}
}

// input plans a project by old and new figures.
func input(t *testing.T, files map[string]string, before, now *profile.Profile, used map[string]float64, policy plan.Policy) Input {
	t.Helper()
	parser := syntax.NewParser()
	defer parser.Close()
	var paths []string
	for path := range files {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	layout := facts.NewLayout(paths, policy.Src)
	made := plan.Input{Policy: policy, Profile: before, Usage: &usage.Usage{Modules: used}}
	in := Input{Unbound: map[string][]string{}, Options: check.Options{Today: "2025-11-20", MaxProfileAge: 31, ProfilePath: "profile.json"}}
	docs := map[string]fastpath.Doc{}
	for i, path := range paths {
		tree, err := parser.Parse([]byte(files[path]))
		if err != nil {
			t.Fatal(err)
		}
		made.Modules = append(made.Modules, facts.Gather(scope.Resolve(tree), layout.Places[i]))
		if strings.HasSuffix(path, "fast_path.py") && !strings.Contains(path, "test") {
			if docs[path], err = fastpath.Parse([]byte(files[path])); err != nil {
				t.Fatal(err)
			}
		}
	}
	in.Old = check.Tree{Input: made, Plan: plan.Make(made), FastPaths: docs}
	made.Profile = now
	in.New = check.Tree{Input: made, Plan: plan.Make(made), FastPaths: docs}
	return in
}

func TestWhoUsesAnEntry(t *testing.T) {
	files := map[string]string{
		"app/__init__.py":         "",
		"app/main.py":             "from .fast_path import *\n\n\ndef f():\n    return json\n",
		"app/names.py":            "from app.fast_path import csv as c, decimal\n\nc.reader\n",
		"app/whole.py":            "from . import fast_path\n\n\ndef f():\n    return fast_path.string.digits\n",
		"app/dotted.py":           "import app.fast_path\n\n\ndef f():\n    return app.fast_path.shlex.quote\n",
		"app/hands_on.py":         "from .fast_path import *\n\n__all__ = [\"glob\"]\n",
		"app/other.py":            "from app.elsewhere import shlex\n\nshlex.quote\n",
		"app/elsewhere.py":        "import shlex\n",
		"app/fast_path.py":        "import json  # 1ms\nimport csv  # 1ms\nimport decimal  # 1ms\nimport string  # 1ms\nimport shlex  # 1ms\nimport glob  # 1ms\nimport heapq  # 1ms\n",
		"tests/test_fast_path.py": "from app.fast_path import heapq\n\nheapq.merge\n",
	}
	policy := plan.Default()
	policy.Entry = []string{"app/main.py"}
	p := modules(0, map[string]float64{"json": 1, "csv": 1, "decimal": 1, "string": 1, "shlex": 1, "glob": 1, "heapq": 1})
	in := input(t, files, p, p, nil, policy)
	if got := StarReaders(in.New); strings.Join(got, " ") != "app/hands_on.py app/main.py" {
		t.Fatalf("star readers are %v", got)
	}
	in.Unbound["app/main.py"] = []string{"json"}
	r := &review{Input: in, changes: compare(p, p)}
	want := map[string]string{"json": "app/main.py", "csv": "app/names.py", "decimal": "", "string": "app/whole.py", "shlex": "app/dotted.py", "glob": "app/hands_on.py", "heapq": ""}
	for _, row := range r.fastPaths().Rows {
		name := row.Cells[1].(string)
		if got := row.Cells[7]; got != want[name] {
			t.Errorf("%s is used by %q, want %q", name, got, want[name])
		}
		if unused := strings.HasPrefix(row.Verdict, "unused"); unused != (want[name] == "") || unused != row.Person() {
			t.Errorf("%s: %s", name, row.Verdict)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("nothing is said of %v", want)
	}
}

func TestDecisionsThatTurn(t *testing.T) {
	files := map[string]string{"main.py": "import one\nimport two\nimport three\nimport four\nimport five\nimport six\n\n\ndef f():\n    return one, two, three, five, six\n\n\nclass C(four.Base):\n    pass\n"}
	policy := plan.Default()
	policy.Entry = []string{"main.py"}
	before := modules(1, map[string]float64{"one": 50, "two": 99, "three": 150, "four": 50, "five": 90, "six": 300})
	now := modules(1, map[string]float64{"one": 150, "two": 101, "three": 9, "four": 150, "five": 91, "six": 310})
	in := input(t, files, before, now, map[string]float64{"one": 90, "two": 90, "three": 90, "four": 90, "five": 90, "six": 5}, policy)
	r := &review{Input: in, changes: compare(before, now)}
	var got []string
	for _, row := range r.decisions().Rows {
		verdict, _, _ := strings.Cut(row.Verdict, ":")
		if row.Person() {
			verdict += "!"
		}
		got = append(got, row.Cells[1].(string)+" "+verdict)
	}
	if want := "one moves!, two within the noise, three moves!, four stays"; strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

func TestAnUnchangedProjectNeedsNobody(t *testing.T) {
	files := map[string]string{
		"main.py":                 "from fast_path import *\n\n\ndef f():\n    return json\n",
		"fast_path.py":            "import json  # 1ms\n\n__all__ = [\"json\"]\n",
		"tests/test_fast_path.py": "import fast_path\n",
	}
	policy := plan.Default()
	policy.Entry = []string{"main.py"}
	p := modules(0, map[string]float64{"json": 1})
	in := input(t, files, p, p, nil, policy)
	in.Unbound["main.py"] = []string{"json"}
	in.Options.Allowed = &check.Eager{Modules: in.New.Plan.Start.Modules()}
	in.History = []evidence.Record{
		{Date: "2025-11-01", ColdStart: evidence.Interval{Estimate: 2000, Low: 1990, High: 2010}},
		{Date: "2025-10-01", ColdStart: evidence.Interval{Estimate: 2001, Low: 1991, High: 2011}},
	}
	made := Make(in)
	for _, s := range made.Sections {
		for _, row := range s.Rows {
			if row.Person() {
				t.Errorf("%s: %v %s", s.Title, row.Cells, row.Verdict)
			}
			if len(row.Cells) != len(s.Columns) {
				t.Errorf("%s: %d cells in %d columns", s.Title, len(row.Cells), len(s.Columns))
			}
		}
	}
	if rows := made.Sections[len(made.Sections)-1].Rows; len(rows) != 2 || rows[0].Cells[0] != "2025-10-01" {
		t.Errorf("the history reads %v", rows)
	}
}
