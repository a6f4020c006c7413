package main

import (
	"reflect"
	"testing"

	"fastpath/cmd/internal/check"
	"fastpath/cmd/internal/run"
	"fastpath/plan"
)

// open opens the case as a project of its own.
func (f *fixture) open(t *testing.T) (*globals, *project) {
	t.Helper()
	g := &globals{here: t.TempDir(), workers: 1, quiet: true, noCache: true}
	f.lay(t, g.here)
	root := rootCommand(g.here)
	root.SetContext(t.Context())
	p, err := g.open(root, nil)
	if err != nil {
		t.Fatalf("%s: %v", f.name, err)
	}
	return g, p
}

// TestPlanOfFewFiles plans the fixtures for one file at a time: what is said of
// that file and of fast_path.py must not depend on who else was asked about.
func TestPlanOfFewFiles(t *testing.T) {
	partial, whole := 0, 0
	for _, f := range loadFixtures(t) {
		g, p := f.open(t)
		s := p.gather(g)
		for file, m := range s.Input.Modules {
			clear(s.Chosen)
			s.Chosen[file] = true
			all, _ := s.Plan()
			few, _ := s.PlanChosen()
			if few.Partial {
				partial++
			} else {
				whole++
			}
			findings := func(made *plan.Plan) []check.Finding {
				list, _ := check.All(check.Tree{Input: s.Input, Plan: made, Chosen: s.Chosen, FastPaths: p.fastPaths(made)}, check.Options{Today: "2025-11-20", MaxProfileAge: 31})
				return list
			}
			if want, got := findings(all), findings(few); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s: findings differ\ngot  %+v\nwant %+v", f.name, m.Path, got, want)
			}
			if !reflect.DeepEqual(few.FastPaths, all.FastPaths) {
				t.Errorf("%s: %s: fast_path.py differs\ngot  %+v\nwant %+v", f.name, m.Path, few.FastPaths, all.FastPaths)
			}
		}
	}
	if partial == 0 || whole == 0 {
		t.Errorf("%d plans were partial and %d whole: the test proves too little", partial, whole)
	}
	t.Logf("%d plans were partial and %d whole", partial, whole)
}

// TestPlanOnDemand checks the files of the fixtures one at a time, with the facts
// of all files in the cache: nothing is found that is not found without it, and
// nothing is missed.
func TestPlanOnDemand(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	left := 0
	for _, f := range loadFixtures(t) {
		g, p := f.open(t)
		whole := p.gather(g)
		onDemand := func() *run.Survey {
			job := p.job
			job.OnDemand, job.Memory = true, run.OpenMemory(g.here)
			for i := range job.Files {
				job.Files[i].Mark = "the same"
			}
			return run.Gather(job)
		}
		closeMemory := func(s *run.Survey) {
			if err := s.CloseMemory(); err != nil {
				t.Fatal(err)
			}
		}
		closeMemory(onDemand())
		for file, m := range whole.Input.Modules {
			s := onDemand()
			clear(s.Chosen)
			s.Chosen[file] = true
			few, _ := s.PlanChosen()
			whole.Chosen = s.Chosen
			all, _ := whole.Plan()
			findings := func(s *run.Survey, made *plan.Plan) []check.Finding {
				list, _ := check.All(check.Tree{Input: s.Input, Plan: made, Chosen: s.Chosen, FastPaths: p.fastPaths(made)}, check.Options{Today: "2025-11-20", MaxProfileAge: 31, Allowed: &check.Eager{Modules: []string{"json"}}})
				return list
			}
			if want, got := findings(whole, all), findings(s, few); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s: findings differ\ngot  %+v\nwant %+v", f.name, m.Path, got, want)
			}
			if !reflect.DeepEqual(few.FastPaths, all.FastPaths) {
				t.Errorf("%s: %s: fast_path.py differs\ngot  %+v\nwant %+v", f.name, m.Path, few.FastPaths, all.FastPaths)
			}
			for _, other := range s.Input.Modules {
				if len(other.Scopes) == 0 {
					left++
				}
			}
			closeMemory(s)
		}
	}
	t.Logf("the facts of %d files were left in the cache", left)
	if left == 0 {
		t.Error("no facts were left in the cache: the test proves nothing")
	}
}
