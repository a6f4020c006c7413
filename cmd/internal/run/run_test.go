package run

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fastpath/plan"
	"fastpath/plan/profile"
)

// tree is a project in memory.
type tree map[string]string

func (t tree) job(workers int) Job {
	j := Job{Policy: plan.Default(), Workers: workers,
		Profile: &profile.Profile{Modules: map[string]profile.Module{"numpy": {ImportMS: 500}, "json": {ImportMS: 1}}},
		Read: func(path string) ([]byte, error) {
			text, ok := t[path]
			if !ok {
				return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
			}
			return []byte(text), nil
		}}
	for path := range t {
		j.Files = append(j.Files, File{Path: path})
	}
	SortFiles(j.Files)
	return j
}

const heavy = "import numpy\n\n\ndef f():\n    return numpy.zeros(3)\n"

func TestWorkersDoNotShow(t *testing.T) {
	project := tree{}
	for i := range 40 {
		project[fmt.Sprintf("m%02d.py", i)] = strings.Replace(heavy, "zeros", fmt.Sprintf("zeros%d", i), 1)
	}
	project["broken.py"] = "def f(:\n"
	var first *Result
	for _, workers := range []int{1, 2, 7, 100} {
		s := Gather(project.job(workers))
		if len(s.Skipped) != 1 || s.Skipped[0].Path != "broken.py" || s.Skipped[0].Line != 1 {
			t.Fatalf("skipped %v", s.Skipped)
		}
		r, err := s.Rewrite()
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Changes) != 40 {
			t.Fatalf("%d changes, want 40", len(r.Changes))
		}
		if first == nil {
			first = r
		} else if !reflect.DeepEqual(first.Changes, r.Changes) {
			t.Errorf("%d workers change other bytes than one", workers)
		}
	}
}

func TestAFileThatChangesWhileItIsWorkedOn(t *testing.T) {
	project := tree{"a.py": heavy}
	job := project.job(1)
	reads := 0
	job.Read = func(string) ([]byte, error) {
		if reads++; reads > 1 {
			return []byte(heavy + "\n"), nil
		}
		return []byte(heavy), nil
	}
	if _, err := Gather(job).Rewrite(); !errors.Is(err, ErrChanged) {
		t.Errorf("got %v, want %v", err, ErrChanged)
	}
}

func TestWhatIsNotSelectedStays(t *testing.T) {
	project := tree{"a.py": heavy, "b.py": heavy}
	job := project.job(1)
	job.Selected = func(path string) bool { return path == "b.py" }
	r, err := Gather(job).Rewrite()
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Changes) != 1 || r.Changes[0].Path != "b.py" || len(r.Left) > 0 {
		t.Errorf("changes %v, left %v", r.Changes, r.Left)
	}
}

// A string of a test and the import that its path leads through change
// together or not at all.
func TestAPatchThatMayNotChangeKeepsItsImport(t *testing.T) {
	project := tree{"a.py": heavy, "b.py": heavy,
		"test_a.py": "import a\nimport b\nfrom unittest.mock import patch\n\n\n@patch(\"a.numpy.zeros\")\ndef test(zeros):\n    a.f(), b.f()\n"}
	for _, c := range []struct {
		name    string
		chosen  string
		changed string
	}{
		{"all chosen", "a.py b.py test_a.py", "a.py b.py test_a.py"},
		{"the test left out", "a.py b.py", "b.py"},
		{"the module left out", "b.py test_a.py", "b.py"},
	} {
		job := project.job(1)
		job.Selected = func(path string) bool { return slices.Contains(strings.Fields(c.chosen), path) }
		s := Gather(job)
		r, err := s.Rewrite()
		if err != nil {
			t.Fatal(err)
		}
		var changed []string
		for _, x := range r.Changes {
			changed = append(changed, x.Path)
		}
		if got := strings.Join(changed, " "); got != c.changed || len(r.Left) > 0 {
			t.Errorf("%s: changed %s, left %v, want %s", c.name, got, r.Left, c.changed)
		}
		planned, _ := s.Plan()
		if moves := planned.Decisions[0].Status == plan.StatusMove; c.name == "the test left out" && moves {
			t.Errorf("%s: the plan moves what stays", c.name)
		}
	}
}

func TestAFileThatFailsTakesBackWhatPresumedIt(t *testing.T) {
	project := tree{"a.py": heavy,
		"test_a.py": "import a\nfrom unittest.mock import patch\n\n\ndef test():\n    with patch(\"a.numpy.zeros\"):\n        a.f()\n"}
	s := Gather(project.job(1))
	for i := range s.Input.Modules {
		for j := range s.Input.Modules[i].Patches {
			s.Input.Modules[i].Patches[j].Span.End-- // no such string
		}
	}
	r, err := s.Rewrite()
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Changes) > 0 || len(r.Left) != 1 || r.Left[0].Path != "test_a.py" {
		t.Errorf("changes %v, left %v", r.Changes, r.Left)
	}
}

func TestAFastPathThatRefusesLeavesItsConsumersAlone(t *testing.T) {
	project := tree{"fast_path.py": "print('mine')\n", "main.py": "import json\nimport numpy\n\n\ndef f():\n    return json, numpy.zeros(3)\n"}
	job := project.job(1)
	job.Policy.Entry = []string{"main.py"}
	job.Policy.FastPath.Consolidate = job.Policy.Entry
	s := Gather(job)
	p, left := s.Plan()
	if len(left) != 1 || !left[0].Refused || len(p.FastPaths) != 0 {
		t.Errorf("plan leaves %v and has %d fast paths", left, len(p.FastPaths))
	}
	r, err := s.Rewrite()
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Left) != 1 || r.Failed() || len(r.Changes) > 1 || len(r.Changes) == 1 && strings.Contains(string(r.Changes[0].New), "fast_path") {
		t.Errorf("left %v, changes %q", r.Left, r.Changes)
	}
}

func TestDiffNamesNewFiles(t *testing.T) {
	diff, err := Diff([]Change{{Path: "new.py", New: []byte("x\n")}, {Path: "old.py", Old: []byte("a\n"), New: []byte("b\n")}})
	want := "--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+x\n--- a/old.py\n+++ b/old.py\n@@ -1 +1 @@\n-a\n+b\n"
	if err != nil || string(diff) != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, diff, want)
	}
}
