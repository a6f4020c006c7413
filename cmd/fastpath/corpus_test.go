package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fastpath/cmd/internal/run"
	"fastpath/plan"
	"fastpath/plan/profile"
)

// TestCorpus checks on a copy of any Python tree what the fixtures check on
// small ones: `make corpus DIR=path`.
func TestCorpus(t *testing.T) {
	source := os.Getenv("FASTPATH_CORPUS")
	if source == "" {
		t.Skip("no corpus: run make corpus DIR=path")
	}
	dir := t.TempDir()
	size := copySources(t, source, dir)
	for _, direction := range []struct {
		name string
		cost float64
	}{{"sink all", 500}, {"hoist all", 1}} {
		t.Run(direction.name, func(t *testing.T) {
			began := time.Now()
			s, r := corpusRun(t, dir, direction.cost, nil)
			spent := time.Since(began)
			moves, kept := map[plan.Action]int{}, map[string]int{}
			for _, d := range r.Plan.Decisions {
				if d.Status == plan.StatusMove {
					moves[d.Action]++
				}
				codes := map[string]bool{}
				for _, b := range d.Blockers {
					if !codes[b.Code] && d.Status == plan.StatusBlocked {
						kept[b.Code]++
					}
					codes[b.Code] = true
				}
			}
			t.Logf("%.1f MB in %.1f s (%.1f MB/s): %d imports, %d files change, sunk %d, hoisted %d, dropped %d, to TYPE_CHECKING %d",
				float64(size)/1e6, spent.Seconds(), float64(size)/1e6/spent.Seconds(), len(r.Plan.Decisions), len(r.Changes),
				moves[plan.Sink], moves[plan.Hoist], moves[plan.Drop], moves[plan.ToTypeChecking])
			t.Logf("kept by blocker: %v", kept)
			failedProofs(t, r)
			if direction.cost > 100 {
				logMovable(t, source, dir, s, r)
			}
			applyWithGit(t, r.Changes)
			for part := range slices.Chunk(pairs(direction.name, r.Changes, nil), 300) {
				for _, python := range interpreters(t) {
					judge(t, python, compilesScript, part)
				}
				judge(t, interpreter(t), namesScript, refereed(part))
				judge(t, interpreter(t), bytesScript, refereed(part))
			}
			_, again := corpusRun(t, dir, direction.cost, after(r.Changes))
			if len(again.Changes) > 0 {
				diff, _ := run.Diff(again.Changes[:min(len(again.Changes), 5)])
				t.Errorf("a second run changes %d files:\n%s", len(again.Changes), diff)
			}
			some := evenly(r.Changes, 200)
			for _, v := range variants {
				compared := respell(t, v, before(some), r.Changes, func(content map[string][]byte) *run.Result {
					_, respelled := corpusRun(t, dir, direction.cost, content)
					return respelled
				})
				t.Logf("as %s: %d of %d files can be spelled so", v.name, compared, len(some))
			}
		})
	}
}

// evenly picks at most most of the changes.
func evenly(changes []run.Change, most int) []run.Change {
	if len(changes) <= most {
		return changes
	}
	picked := make([]run.Change, most)
	for i := range picked {
		picked[i] = changes[i*len(changes)/most]
	}
	return picked
}

// before gives the content of files before they change.
func before(changes []run.Change) map[string][]byte {
	content := map[string][]byte{}
	for _, c := range changes {
		if c.Old != nil {
			content[c.Path] = c.Old
		}
	}
	return content
}

// copySources copies the Python files of a tree and gives their size in bytes.
func copySources(t *testing.T, from, to string) (size int64) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.HasSuffix(path, ".py") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		size += int64(len(data))
		place(t, to, rel, data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return size
}

// corpusRun rewrites the tree as if every module took cost milliseconds and
// rare requests used the heavy ones, nearly all the light ones.
func corpusRun(t *testing.T, dir string, cost float64, content map[string][]byte) (*run.Survey, *run.Result) {
	t.Helper()
	return runKnowing(t, dir, cost, content, seen)
}

// runKnowing is corpusRun with a profile of modules outside the tree.
func runKnowing(t *testing.T, dir string, cost float64, content map[string][]byte, see func(*testing.T, []string) *profile.Profile) (*run.Survey, *run.Result) {
	t.Helper()
	g := globals{here: dir, workers: 2, quiet: true, noCache: true, all: true}
	root := rootCommand(dir)
	root.SetErr(testWriter{t})
	root.SetContext(t.Context())
	p, err := g.open(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "src")); err == nil && info.IsDir() {
		p.job.Policy.Src = []string{"src", "."}
	}
	p.overlay(content)
	s, err := p.survey(&g)
	if err != nil {
		t.Fatal(err)
	}
	percent := 1.0
	if cost < 10 {
		percent = 99
	}
	s.Input.Profile = corpusProfile(t, s, cost, see)
	s.Input.Usage = corpusUsage(s, percent)
	r, err := s.Rewrite()
	if err != nil {
		t.Fatal(err)
	}
	return s, r
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(line []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(line)))
	return len(line), nil
}
