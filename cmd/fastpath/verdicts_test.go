package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"fastpath/plan/evidence"
)

// A trial is one comparison whose truth is known.
type trial struct {
	Trees   string           `json:"trees"` // "equal" or "5 % slower"
	Verdict evidence.Verdict `json:"verdict"`
	Ratio   [3]float64       `json:"ratio"`
	Pairs   int              `json:"pairs"`
	Seconds float64          `json:"seconds"`
}

// TestVerdictsForReal compares real processes, FASTPATH_VERDICTS times each:
// two equal trees, and one whose entry takes 5 percent longer by a calibrated
// sleep. It appends to the file FASTPATH_VERDICTS_LOG, if one is named, and
// judges all that stands there, so that many comparisons can be made in parts.
func TestVerdictsForReal(t *testing.T) {
	count, err := strconv.Atoi(os.Getenv("FASTPATH_VERDICTS"))
	if err != nil {
		t.Skip("an hour of measurements on an idle machine: make verdicts RUNS=100")
	}
	log := os.Getenv("FASTPATH_VERDICTS_LOG")
	if log == "" {
		log = filepath.Join(t.TempDir(), "trials.jsonl")
	}
	dir := t.TempDir()
	git := func(args ...string) {
		cmd := exec.Command("git", append([]string{"-c", "user.name=t", "-c", "user.email=t@example.invalid"}, args...)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	const entry = "import argparse\nimport decimal\nimport json\nimport logging\nimport time\n\ntime.sleep(0.03)\n"
	place(t, dir, "app.py", []byte(entry))
	place(t, dir, "fastpath.toml", []byte("entry = [\"app.py\"]\npython = "+strconv.Quote(interpreter(t))+"\n"))
	place(t, dir, ".gitignore", []byte(".fastpath/\n"))
	git("init", "-q")
	git("add", "-A")
	git("commit", "-q", "-m", "first")
	git("tag", "first")
	git("commit", "-q", "--allow-empty", "-m", "the same")
	git("tag", "same")
	measure := func(args ...string) {
		if _, stderr, code := invoke(dir, append([]string{"measure"}, args...)...); code == exitTrouble || code == exitInternal {
			t.Fatalf("measure %v ended with %d: %s", args, code, stderr)
		}
	}
	last := func() evidence.Record {
		data, err := os.ReadFile(filepath.Join(dir, ".fastpath", "history.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		records, err := evidence.ReadHistory("history.jsonl", data)
		if err != nil {
			t.Fatal(err)
		}
		return records[len(records)-1]
	}
	measure("baseline", "--runs", "60")
	start := last().ColdStart.Estimate
	place(t, dir, "app.py", []byte(entry+fmt.Sprintf("time.sleep(%.6f)\n", start*evidence.Resolution/1000)))
	git("commit", "-q", "-a", "-m", "slower")
	git("tag", "slower")
	t.Logf("the entry takes %.1f ms", start)

	out, err := os.OpenFile(log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	for range count {
		for _, c := range []struct{ trees, revision string }{{"equal", "same"}, {"5 % slower", "slower"}} {
			began := time.Now()
			measure("ab", "first", c.revision)
			r := last()
			line, err := json.Marshal(trial{c.trees, r.Verdict, [3]float64{r.Ratio.Estimate, r.Ratio.Low, r.Ratio.High}, r.Samples,
				time.Since(began).Seconds()})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := out.Write(append(line, '\n')); err != nil {
				t.Fatal(err)
			}
		}
	}
	judgeTrials(t, log)
}

func judgeTrials(t *testing.T, log string) {
	t.Helper()
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]map[evidence.Verdict]int{"equal": {}, "5 % slower": {}}
	pairs, seconds, total := map[string]int{}, map[string]float64{}, map[string]int{}
	for line := range bytes.Lines(data) {
		var c trial
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		verdicts[c.Trees][c.Verdict]++
		pairs[c.Trees] += c.Pairs
		seconds[c.Trees] += c.Seconds
		total[c.Trees]++
	}
	for trees, right := range map[string]evidence.Verdict{"equal": evidence.Same, "5 % slower": evidence.Slower} {
		n, v := total[trees], verdicts[trees]
		if n == 0 {
			continue
		}
		wrong := n - v[right] - v[evidence.Unclear]
		t.Logf("%d comparisons of trees that are %s: %d %q, %d unclear, %d wrong; %d pairs and %.1f s on average",
			n, trees, v[right], right, v[evidence.Unclear], wrong, pairs[trees]/n, seconds[trees]/float64(n))
		if wrong > (n+99)/100 || v[evidence.Unclear] > (n+19)/20 {
			t.Errorf("too often wrong or unclear")
		}
	}
}
