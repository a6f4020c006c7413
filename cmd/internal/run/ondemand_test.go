package run

import (
	"fmt"
	"maps"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"fastpath/plan/usage"
)

// told spells what check is told of the chosen files.
func told(s *Survey) string {
	p, left := s.PlanChosen()
	var b strings.Builder
	for _, d := range p.Decisions {
		if s.Chosen[d.File] {
			m := s.Input.Complete(d.File)
			fmt.Fprintln(&b, m.Path, d.Unit, d.Level, d.Rule, d.Status, d.Action, d.ImportMS, d.UsagePct, d.Into, reasons(d.Blockers), reasons(d.Cautions), d.NoGain, len(m.Uses), p.Start.Chain(d.File))
		}
	}
	fmt.Fprintf(&b, "%+v %v %v\n", p.FastPaths, p.Start.Modules(), left)
	for _, skipped := range s.Skipped {
		fmt.Fprintln(&b, skipped)
	}
	for _, m := range s.Input.Modules {
		fmt.Fprintln(&b, m.Path, m.Name, len(m.Units))
	}
	return b.String()
}

// onDemand marks each file of a job with its content, as the file system would.
func onDemand(project tree, job Job) Job {
	job.OnDemand = true
	for i := range job.Files {
		job.Files[i].Mark = fmt.Sprintf("%x", hashOf(project[job.Files[i].Path]))
	}
	return job
}

// Trees made at random are changed at random, file by file, with renames and other
// profiles, policies and questions in between: with what is left from run to run
// every answer is the one that a fresh look at the whole tree gives.
func TestOnDemandOnRandomTrees(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	r := rand.New(rand.NewSource(5))
	partial, left := 0, 0
	for n := range 60 {
		root := fmt.Sprint("project ", n)
		project := randomTree(r)
		for step := range 8 {
			other := randomTree(r)
			for _, path := range slices.Sorted(maps.Keys(other)) {
				switch r.Intn(8) {
				case 0:
					project[path] = other[path]
				case 1:
					delete(project, path)
				case 2:
					project[path], project["c.py"] = project["c.py"], project[path]
				}
			}
			project["a.py"] += "\n"
			job := project.job(1 + r.Intn(2))
			job.Usage = &usage.Usage{Modules: map[string]float64{"p": 90}}
			ms := map[string]float64{"numpy": []float64{500, 1, 50}[r.Intn(3)], "json": 1}
			for _, own := range []string{"b", "p.d", "p.q", "l"} {
				ms[own] = []float64{500, 1, 50}[r.Intn(3)]
			}
			job.Profile = short(ms)
			if n%3 > 0 {
				job.Policy.Entry = []string{"a.py"}
			}
			few := map[string]bool{}
			for path := range project {
				few[path] = r.Intn(6) == 0
			}
			job.Selected = func(path string) bool { return few[path] }
			want := told(Gather(job))
			lean := onDemand(project, job)
			lean.Memory = OpenMemory(root)
			s := Gather(lean)
			got := told(s)
			if want != got {
				t.Fatalf("tree %d, step %d: without\n%s\nwith\n%s\n%v\n%v", n, step, want, got, project, few)
			}
			for _, m := range s.Input.Modules {
				if len(m.Scopes) == 0 {
					left++
				}
			}
			if made, _ := s.PlanChosen(); made.Partial {
				partial++
			}
			if err := s.CloseMemory(); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d plans were partial, the facts of %d files were left in the cache", partial, left)
	if partial < 50 || left < 100 {
		t.Errorf("%d plans were partial, the facts of %d files were left: the test proves too little", partial, left)
	}
}

// A table that is damaged anywhere, or whose facts are gone, costs time alone; so
// does one that another run replaced meanwhile.
func TestOnDemandWithoutFacts(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	project := tree{"a.py": heavy, "b.py": "import a\nx = a.numpy\n", "c.py": "def f():\n    import json\n"}
	job := onDemand(project, project.job(1))
	job.Selected = func(path string) bool { return path == "a.py" }
	plain := job
	plain.OnDemand = false
	want := told(Gather(plain))
	run := func(while func(s *Survey)) *Survey {
		t.Helper()
		job.Memory = OpenMemory("project")
		s := Gather(job)
		while(s)
		if got := told(s); got != want {
			t.Fatalf("without\n%s\nwith\n%s", want, got)
		}
		_ = s.CloseMemory()
		return s
	}
	run(func(*Survey) {})
	if s := run(func(*Survey) {}); s.Passed != 3 || len(s.Input.Modules[2].Scopes) > 0 {
		t.Fatalf("%d files were passed over, want 3, and the facts of c.py left", s.Passed)
	}
	files, err := filepath.Glob(filepath.Join(cache, "fastpath/facts/*/*/*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("the cache holds %v (%v)", files, err)
	}
	for _, name := range files {
		whole, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(whole); i += 1 + len(whole)/97 {
			damaged := slices.Clone(whole)
			damaged[i] ^= 0x20
			if err := os.WriteFile(name, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			run(func(*Survey) {})
		}
		if err := os.WriteFile(name, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// The facts are gone, and the file changes while they are needed.
	for _, name := range files {
		if filepath.Base(name) != "table.pack" {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	run(func(*Survey) {
		project["a.py"] = heavy + "# changed\n"
		want = told(Gather(plain))
	})
}

// Runs at the same time with one cache, of which every one finds other files
// changed and keeps a table of its own, all answer as if they were alone.
func TestOnDemandAtTheSameTime(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	r := rand.New(rand.NewSource(6))
	const runs = 4
	for round := range 20 {
		var wants, gots [runs]string
		var all sync.WaitGroup
		begin := make(chan struct{})
		for n := range runs {
			project := randomTree(r)
			project["a.py"] = heavy + fmt.Sprintf("# %d %d\n", round, n)
			job := project.job(2)
			job.Profile = short(map[string]float64{"numpy": 500, "json": 1})
			job.Selected = func(path string) bool { return path == "a.py" }
			wants[n] = told(Gather(job))
			all.Go(func() {
				<-begin
				lean := onDemand(project, job)
				lean.Memory = OpenMemory("project")
				s := Gather(lean)
				gots[n] = told(s)
				if err := s.CloseMemory(); err != nil {
					t.Error(err)
				}
			})
		}
		close(begin)
		all.Wait()
		for n := range runs {
			if wants[n] != gots[n] {
				t.Fatalf("round %d, run %d: alone\n%s\namong others\n%s", round, n, wants[n], gots[n])
			}
		}
	}
}

// What the last run left holds whatever version of Python the project is for.
func TestOnDemandForAnotherPython(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	project := tree{"a.py": heavy, "b.py": "import a, distutils\nx = a.numpy\n", "c.py": "import numpy\ndef f(x: numpy.array):\n    import json, tomllib\n    return numpy.sum(x)\n"}
	answers := map[string]bool{}
	for _, version := range []string{">=3.8", ">=3.13", ">=3.8", ">=3.14"} {
		for _, chosen := range []string{"a.py", "c.py"} {
			job := project.job(1)
			job.Policy.RequiresPython = version
			job.Profile = short(map[string]float64{"numpy": 500, "json": 1, "tomllib": 500})
			job.Selected = func(path string) bool { return path == chosen }
			want := told(Gather(job))
			answers[want] = true
			lean := onDemand(project, job)
			lean.Memory = OpenMemory("project")
			s := Gather(lean)
			if got := told(s); got != want {
				t.Errorf("%s, %s: without\n%s\nwith\n%s", version, chosen, want, got)
			}
			if err := s.CloseMemory(); err != nil {
				t.Error(err)
			}
		}
	}
	if len(answers) != 3 {
		t.Errorf("%d answers, want one for a.py and two for c.py: annotations are evaluated before 3.14", len(answers))
	}
}

// What is no table is not taken for one.
func TestEncodedTable(t *testing.T) {
	n := &table{}
	if n.decode(nil) || n.decode([]byte("nonsense")) {
		t.Error("nonsense is taken for a table")
	}
	if !n.decode((&table{}).encode()) || len(n.entries) > 0 {
		t.Error("an empty table does not come back")
	}
}
