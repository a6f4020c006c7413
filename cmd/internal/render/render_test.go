package render

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"fastpath/cmd/internal/check"
	"fastpath/plan"
)

func report(t *testing.T) Report {
	t.Helper()
	heavy, _ := check.Find("FP101")
	stale, _ := check.Find("profile-stale")
	return Report{
		Findings: []check.Finding{
			{Code: heavy, File: "app/a b|c.py", Line: 3, Module: "pandas", Message: "pandas takes 1200 ms: 100 %, really", Hint: "move it\nsoon",
				ImportMS: plan.Measure{Value: 1200, Known: true}},
			{Code: heavy, File: "app/a b|c.py", Line: 9, Module: "pandas", Message: "again", Hint: "move it"},
			{Code: stale, File: ".fastpath/profile.json", Line: 1, Message: "old \x1b[31m and \xff", Hint: "measure"},
		},
		Suppressed: 2,
		Source: func(string) ([]byte, error) {
			return []byte("import os\n\nimport pandas  # \x1b[0m\n"), nil
		},
	}
}

func TestSARIFIsValid(t *testing.T) {
	var out bytes.Buffer
	if err := FindingsSARIF(&out, report(t)); err != nil {
		t.Fatal(err)
	}
	read, err := sarif.FromBytes(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := read.Validate(); err != nil {
		t.Error(err)
	}
	if n := len(read.Runs[0].Results); n != 3 {
		t.Errorf("%d results, want 3", n)
	}
	for _, want := range []string{`"uri": "app/a%20b%7Cc.py"`, `"startLine": 3`, `"level": "error"`, `"id": "FP402"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %s", want)
		}
	}
}

func TestGitLabFingerprintsDiffer(t *testing.T) {
	var out bytes.Buffer
	if err := FindingsGitLab(&out, report(t)); err != nil {
		t.Fatal(err)
	}
	var entries []codeQuality
	if err := json.Unmarshal(out.Bytes(), &entries); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range entries {
		if seen[e.Fingerprint] {
			t.Errorf("fingerprint %s stands twice", e.Fingerprint)
		}
		seen[e.Fingerprint] = true
	}
}

func TestFormatsEscape(t *testing.T) {
	for name, test := range map[string]struct {
		write func(*bytes.Buffer) error
		want  []string
	}{
		"text": {func(b *bytes.Buffer) error { return Findings(b, report(t), Style{}) },
			[]string{"app/a b|c.py:3: FP101 heavy-import\n", `      3 | import pandas  # \x1b[0m`, `old \x1b[31m and \xff`}},
		"github": {func(b *bytes.Buffer) error { return FindingsGitHub(b, report(t)) },
			[]string{"::error file=app/a b|c.py,line=3,title=FP101 heavy-import::pandas takes 1200 ms: 100 %25, really%0Amove it%0Asoon\n"}},
		"markdown": {func(b *bytes.Buffer) error { return FindingsMarkdown(b, report(t)) },
			[]string{"## fastpath: 2 errors, 1 warning, 2 suppressed\n", "| `app/a b\\|c.py:3` |"}},
	} {
		var out bytes.Buffer
		if err := test.write(&out); err != nil {
			t.Fatal(err)
		}
		for _, want := range test.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s prints\n%s\nwithout %q", name, out.String(), want)
			}
		}
		if strings.Contains(out.String(), "\x1b") && name != "github" {
			t.Errorf("%s lets an escape code through", name)
		}
	}
}

func TestDiffKeepsItsBytesAndColoursLines(t *testing.T) {
	diff := "--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,2 @@\n--- a/not a header\r\n-import os\n+import re\n+++ b/neither\n\\ No newline at end of file\n--- a/y.py\n+++ b/y.py\n@@ -1 +1 @@\n-a\n+b\n"
	var plain, coloured bytes.Buffer
	if err := Diff(&plain, []byte(diff), Style{}); err != nil || plain.String() != diff {
		t.Errorf("without colour the diff changes to %q (%v)", plain.String(), err)
	}
	if err := Diff(&coloured, []byte(diff), Style{Color: true}); err != nil {
		t.Fatal(err)
	}
	if stripAll(coloured.String()) != diff {
		t.Errorf("without its colours the diff is %q", stripAll(coloured.String()))
	}
	for _, want := range []string{"\x1b[31m--- a/not a header\x1b[0m\r\n", "\x1b[32m+++ b/neither\x1b[0m", "\x1b[1m--- a/y.py\x1b[0m", "\x1b[36m@@ -1 +1 @@\x1b[0m"} {
		if !strings.Contains(coloured.String(), want) {
			t.Errorf("no %q in %q", want, coloured.String())
		}
	}
}

func stripAll(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString(stripPaint(line))
	}
	return out.String()
}

func TestFigures(t *testing.T) {
	for ms, want := range map[float64]string{0: "0.0", 0.04: "0.0", 9.96: "10.0", 100.1: "100.1", 999.94: "999.9", 999.96: "1,000", 1234567: "1,234,567"} {
		if got := Milliseconds(ms); got != want {
			t.Errorf("Milliseconds(%v) = %q, want %q", ms, got, want)
		}
	}
	for n, want := range map[int]string{0: "0 files", 1: "1 file", 2: "2 files", 12345: "12,345 files"} {
		if got := Count(n, "file"); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
	for text, want := range map[string]string{"plain.py": "plain.py", "ä ö.py": "ä ö.py", "a\nb": `a\nb`, "\x1b[1m": `\x1b[1m`, `"q"` + "\t": `"q"\t`} {
		if got := Printable(text); got != want {
			t.Errorf("Printable(%q) = %q, want %q", text, got, want)
		}
	}
}
