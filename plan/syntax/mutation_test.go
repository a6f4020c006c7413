package syntax

import (
	"bytes"
	"encoding/json"
	"math/rand"
	"os"
	"os/exec"
	"slices"
	"testing"
)

// A verdict is CPython's word on a text: no Message when it compiles.
type verdict struct {
	Message string
	Line    int
}

// judgeTexts asks CPython for its word on each text.
func judgeTexts(t testing.TB, texts [][]byte) (verdicts []verdict) {
	t.Helper()
	in, err := json.Marshal(texts) // base64
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(cpython(t), "-c", `
import base64, json, sys, warnings
warnings.simplefilter("ignore")
def verdict(text):
    try:
        compile(base64.b64decode(text), "f", "exec", dont_inherit=True)
        return {}
    except Exception as e:
        return {"Message": type(e).__name__ + ": " + str(getattr(e, "msg", e)), "Line": getattr(e, "lineno", 0) or 0}
json.dump([verdict(t) for t in json.load(sys.stdin)], sys.stdout)
`)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("asking CPython: %v", err)
	}
	if err := json.Unmarshal(out, &verdicts); err != nil || len(verdicts) != len(texts) {
		t.Fatalf("reading CPython's verdicts: %v", err)
	}
	return verdicts
}

// mutate changes one token-like piece of src: removes it, doubles it, or puts
// another of the file's pieces in its place.
func mutate(r *rand.Rand, src []byte) []byte {
	var pieces []Span
	for i := 0; i < len(src); {
		end := i + 1
		if class[src[i]] == isLetter || class[src[i]] == isDigit {
			end = wordEnd(src, i)
		}
		pieces = append(pieces, Span{uint32(i), uint32(end)})
		i = end
	}
	a, b := pieces[r.Intn(len(pieces))], pieces[r.Intn(len(pieces))]
	out := slices.Clone(src[:a.Start])
	switch r.Intn(3) {
	case 1:
		out = append(out, src[a.Start:a.End]...)
		out = append(out, src[a.Start:a.End]...)
	case 2:
		out = append(out, src[b.Start:b.End]...)
	}
	return append(out, src[a.End:]...)
}

// TestMutations compares with CPython on files with one change. What only
// CPython rejects is counted by its message.
func TestMutations(t *testing.T) {
	each := 1
	if os.Getenv("FASTPATH_CORPUS") != "" {
		each = 5
	}
	r := rand.New(rand.NewSource(1))
	var texts [][]byte
	for _, path := range corpora(t) {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(src) < 20 || len(src) > 12_000 || len(texts) > 20_000 {
			continue
		}
		for range each {
			texts = append(texts, mutate(r, src))
		}
	}
	verdicts := judgeTexts(t, texts)
	p := NewParser()
	defer p.Close()
	invalid, accepted := 0, map[string]int{}
	examples := map[string][]string{}
	for i, text := range texts {
		tree, err := p.Parse(text)
		if verdicts[i].Message != "" {
			invalid++
		}
		switch {
		case err != nil && verdicts[i].Message == "":
			t.Errorf("CPython compiles what is refused: %v\n%q", err, line(text, err.(*Error).Line))
		case err == nil && verdicts[i].Message != "":
			message := verdicts[i].Message
			accepted[message]++
			examples[message] = append(examples[message], string(line(text, verdicts[i].Line)))
		}
		if err == nil {
			checkNodes(t, "mutation", tree)
			if verdicts[i].Message == "" {
				sameImports(t, "mutation", tree)
			}
		}
	}
	sum := 0
	for message, n := range accepted {
		t.Logf("%4d accepted of which CPython says %s: %q", n, message, examples[message][:min(n, 30)])
		sum += n
	}
	t.Logf("%d mutations, %d of them invalid, %d of these accepted", len(texts), invalid, sum)
}

// line is the text of a line, counted from 1.
func line(text []byte, n int) []byte {
	lines := bytes.SplitAfter(text, []byte("\n"))
	if n < 1 || n > len(lines) {
		return nil
	}
	return bytes.TrimSpace(lines[n-1])
}
