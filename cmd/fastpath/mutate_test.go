package main

import (
	"bytes"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fastpath/cmd/internal/run"
)

// TestMutatedCorpus rewrites files of a Python tree with accidents in them, for
// as long as FASTPATH_MUTATE says: `make mutate DIR=path FUZZTIME=20m`. Nothing
// may panic or fail its proof, CPython must compile what comes out wherever it
// compiled what went in, names and bytes must be what they were, and a second run
// must be silent. FASTPATH_SEED repeats a round.
func TestMutatedCorpus(t *testing.T) {
	source, lasts := os.Getenv("FASTPATH_CORPUS"), os.Getenv("FASTPATH_MUTATE")
	if source == "" || lasts == "" {
		t.Skip("no corpus: run make mutate DIR=path FUZZTIME=20m")
	}
	limit, err := time.ParseDuration(lasts)
	if err != nil {
		t.Fatal(err)
	}
	first := int64(1)
	if n, err := strconv.ParseInt(os.Getenv("FASTPATH_SEED"), 10, 64); err == nil {
		first = n
	}
	corpus := smallFiles(t, source)
	rounds, files, changed, compiled := 0, 0, 0, 0
	ends := time.Now().Add(limit)
	for seed := first; time.Now().Before(ends) && !t.Failed(); seed++ {
		content := mutants(rand.New(rand.NewSource(seed)), corpus, 40)
		dir := t.TempDir()
		for path, data := range content {
			place(t, dir, path, data)
		}
		var cases []pair
		for name, cost := range map[string]float64{"sink": 500, "hoist": 1} {
			_, r := corpusRun(t, dir, cost, nil)
			failedProofs(t, r)
			made := pairs(name, r.Changes, nil)
			cases = append(cases, made...)
			_, again := corpusRun(t, dir, cost, after(r.Changes))
			if len(again.Changes) > 0 {
				diff, _ := run.Diff(again.Changes[:1])
				t.Errorf("%s: a second run changes %d files:\n%s", name, len(again.Changes), diff)
			}
		}
		judge(t, interpreter(t), compilesScript, cases)
		judge(t, interpreter(t), namesScript, refereed(cases))
		judge(t, interpreter(t), bytesScript, refereed(cases))
		compiled += countCompiled(t, cases)
		rounds, files, changed = rounds+1, files+len(content), changed+len(cases)
		if t.Failed() {
			t.Logf("repeat with FASTPATH_SEED=%d", seed)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d rounds, %d mutated files, %d results, %d of them of files that CPython compiles", rounds, files, changed, compiled)
}

// countCompiled is how many of the cases CPython compiles before the rewrite.
func countCompiled(t *testing.T, cases []pair) int {
	t.Helper()
	const script = `
import json, sys, warnings
warnings.simplefilter("ignore")
def ok(text):
    try: compile(text.encode("latin-1"), "<case>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError): return False
    return True
json.dump([{"id": c["id"]} for c in json.load(sys.stdin) if ok(c["before"])], sys.stdout)`
	return len(verdicts(t, interpreter(t), script, cases))
}

// smallFiles are the Python files of a tree by path, without the big ones.
func smallFiles(t *testing.T, source string) []run.Change {
	t.Helper()
	var found []run.Change
	err := filepath.WalkDir(source, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.HasSuffix(path, ".py") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(source, path)
		if err == nil && len(data) > 0 && len(data) < 40_000 {
			found = append(found, run.Change{Path: filepath.ToSlash(rel), Old: data})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatalf("no Python files in %q", source)
	}
	return found
}

// mutants are neighbouring files of the corpus, each with one to four accidents.
func mutants(r *rand.Rand, corpus []run.Change, most int) map[string][]byte {
	content := map[string][]byte{}
	start := r.Intn(len(corpus))
	for i := range min(most, len(corpus)) {
		c := corpus[(start+i)%len(corpus)]
		text := slices.Clone(c.Old)
		for range 1 + r.Intn(4) {
			text = mutate(r, text, corpus[r.Intn(len(corpus))].Old)
		}
		content[c.Path] = text
	}
	return content
}

var (
	word       = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)
	importLine = regexp.MustCompile(`(?m)^[ \t]*(?:import|from) .*$`)
)

// mutate does one thing to a text that a slip of the hand, a merge or a generator
// could: most leave Python behind.
func mutate(r *rand.Rand, text, other []byte) []byte {
	lines := bytes.SplitAfter(text, []byte("\n"))
	at, to := r.Intn(len(lines)), r.Intn(len(lines))
	indent := lines[at][:len(lines[at])-len(bytes.TrimLeft(lines[at], " \t"))]
	switch r.Intn(12) {
	case 0: // a line is lost
		lines = slices.Delete(lines, at, at+1)
	case 1: // a line stands twice
		lines = slices.Insert(lines, at, lines[at])
	case 2: // two lines change places
		lines[at], lines[to] = lines[to], lines[at]
	case 3: // a line goes deeper
		lines[at] = append([]byte("    "), lines[at]...)
	case 4: // an import of another file, where this line is
		if all := importLine.FindAll(other, -1); len(all) > 0 {
			line := slices.Concat(indent, bytes.TrimSpace(all[r.Intn(len(all))]), []byte("\n"))
			lines = slices.Insert(lines, at, line)
		}
	case 5: // an import of this file, somewhere else
		if all := importLine.FindAll(text, -1); len(all) > 0 {
			line := slices.Concat(indent, bytes.TrimSpace(all[r.Intn(len(all))]), []byte("\n"))
			lines = slices.Insert(lines, at, line)
		}
	case 6: // one name for another
		if all := word.FindAllIndex(text, -1); len(all) > 1 {
			a, b := all[r.Intn(len(all))], all[r.Intn(len(all))]
			return slices.Concat(text[:a[0]], text[b[0]:b[1]], text[a[1]:])
		}
	case 7: // a semicolon joins two lines
		lines[at] = append(bytes.TrimRight(lines[at], "\r\n"), "; "...)
	case 8: // a byte is lost or another
		if len(text) > 0 {
			i := r.Intn(len(text))
			if r.Intn(2) == 0 {
				return slices.Concat(text[:i], text[i+1:])
			}
			return slices.Concat(text[:i], []byte{"\f\t\r\\#\"'(:;,\x00\xff"[r.Intn(13)]}, text[i:])
		}
	case 9: // a comment, a pragma or a blank line comes in
		comments := []string{"# note\n", "# fmt: off\n", "# isort: split\n", "\n", "\f\n", "# fastpath: keep - here\n", "# type: ignore\n"}
		lines = slices.Insert(lines, at, slices.Concat(indent, []byte(comments[r.Intn(len(comments))])))
	case 10: // a statement that says something about names
		statements := []string{"global os, sys, re", "del os", "nonlocal re", "os = sys", "globals()", "return", "pass", "yield",
			"class os: pass", "def re(): pass", "for sys in (): pass", "try: import re\n"}
		lines = slices.Insert(lines, at, slices.Concat(indent, []byte(statements[r.Intn(len(statements))]), []byte("\n")))
	case 11: // the end is missing
		return text[:r.Intn(len(text)+1)]
	}
	return bytes.Join(lines, nil)
}
