package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"fastpath/fixtures"
)

// reportOf writes the report of a folder and gives its text.
func reportOf(t testing.TB, dir string, args ...string) string {
	t.Helper()
	text, stderr, code := invoke(dir, append([]string{"report", "--no-cache", "--today", "2025-11-20", "-o", "-"}, args...)...)
	if code != exitDone || stderr != "" {
		t.Fatalf("report ends with %d:\n%s", code, stderr)
	}
	return text
}

// reportFile is the same as a file to open.
func reportFile(t testing.TB, dir string) string {
	t.Helper()
	place(t, dir, "report.html", []byte(reportOf(t, dir)))
	return filepath.Join(dir, "report.html")
}

func sampleFolder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, fixtures.Sample); err != nil {
		t.Fatal(err)
	}
	return dir
}

// measuredSample is the sample after the whole loop, with measurements of a
// machine that never existed.
func measuredSample(t testing.TB) string {
	t.Helper()
	dir := sampleFolder(t)
	if _, stderr, code := invoke(dir, "apply", "--no-cache", "-q"); code != exitDone {
		t.Fatal(stderr)
	}
	for name, ms := range map[string]float64{"baseline": 2266, "after": 87} {
		var samples []string
		for i := range 20 {
			samples = append(samples, fmt.Sprintf(`{"wall_ms": %g}`, ms*(1+float64(i%5)/100)))
		}
		place(t, dir, ".fastpath/"+name+".json", []byte(`{"schema": 1, "date": "2025-11-09", "python": "3.12.1", "samples": [`+strings.Join(samples, ",")+`]}`))
	}
	place(t, dir, ".fastpath/history.jsonl", []byte(`{"date": "2025-10-06", "kind": "baseline", "cold_start_ms": 5200, "low_ms": 5050, "high_ms": 5390, "entry": "lambda_function.py"}
{"date": "2025-10-13", "kind": "after", "cold_start_ms": 3660, "entry": "lambda_function.py", "revision": "0123456789abcdef"}
{"date": "2025-10-14", "kind": "after", "cold_start_ms": 2900, "entry": "lambda_function.py", "source": "lambda"}
{"date": "2025-11-09", "kind": "after", "cold_start_ms": 87, "entry": "lambda_function.py"}
`))
	return dir
}

var embeddedData = regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`)

type reportData struct {
	Rows []struct {
		File, Name, Status string
		Saves              float64
		Blockers           []struct{ Code, Text string }
	}
	Stages []struct {
		Slug  string
		Loads [][4]any
	}
}

func dataOf(t testing.TB, text string) reportData {
	t.Helper()
	found := embeddedData.FindStringSubmatch(text)
	if found == nil {
		t.Fatal("no data in the page")
	}
	var d reportData
	if err := json.Unmarshal([]byte(found[1]), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestReportStages(t *testing.T) {
	for _, c := range []struct {
		dir    string
		stages string
		moves  string
		bars   string
	}{
		{sampleFolder(t), "now:pandas planned", ">Moves planned<", "<dt>Planned</dt>\n          <dd><b>56.2</b> ms"},
		{measuredSample(t), "before:pandas now", ">Moves made<", "<dt>After</dt>\n          <dd><b>88.7</b> ms"},
	} {
		text := reportOf(t, c.dir)
		var stages []string
		for _, s := range dataOf(t, text).Stages {
			name := s.Slug
			for _, l := range s.Loads {
				if l[0] == "pandas" {
					name += ":pandas"
				}
			}
			stages = append(stages, name)
		}
		if got := strings.Join(stages, " "); got != c.stages || !strings.Contains(text, c.moves) || !strings.Contains(text, c.bars) {
			t.Errorf("stages %q, want %q, %s and %s", got, c.stages, c.moves, c.bars)
		}
	}
}

// The same inputs give the same bytes, and the page is all there is to it.
func TestReportIsOneFile(t *testing.T) {
	dir := measuredSample(t)
	text := reportOf(t, dir, "-j", "1")
	if again := reportOf(t, dir, "-j", "4"); again != text {
		t.Error("two runs differ")
	}
	for _, bad := range []string{"http://", "https://", "@import", " src=", "url(", "ZgotmplZ", dir, "20,000"} {
		if strings.Contains(text, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if hints := regexp.MustCompile(`(?i)<(link|img|iframe|object|embed|base|form)[^>]*`).FindAllString(text, -1); len(hints) != 2 {
		t.Errorf("want the empty icon and the form of the filters alone: %q", hints)
	}
	if !strings.Contains(text, `http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;sha256-`) {
		t.Error("no policy forbids the network")
	}
	if _, stderr, code := invoke(dir, "report", "--no-cache", "-o", "sub/page.html"); code != exitDone || !strings.HasPrefix(stderr, "sub/page.html, ") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if _, err := os.Stat(filepath.Join(dir, "sub/page.html")); err != nil {
		t.Error(err)
	}
}

// hostileTree holds names that would like to be markup or script, to steer a
// terminal, to turn text round, or to be too long.
func hostileTree(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{
		`a</script><script>pwned=1</script>.py`, `b"onmouseover="pwned=1.py`, `c'+(pwned=1)+'.py`, `d<img src=x onerror=pwned=1>.py`,
		"e\u202egnp.py", "f\x1b[31m.py", "g{{.Data}}${pwned=1}`.py", "h" + strings.Repeat("longname", 28) + ".py",
		"i\nj.py", "k&lt;&#x27;.py", "l\u2028m.py", "\u05d0\u05d1\u05d2.py", "<!--.py", "]]>.py",
	} {
		place(t, dir, name, []byte("import pandas\n\nX = pandas.DataFrame\n"))
	}
	place(t, dir, "main.py", []byte("import pandas\nimport lib\n\n\ndef f():\n    return pandas.x + lib.y\n"))
	place(t, dir, "fastpath.toml", []byte("entry = [\"main.py\"]\n[targets]\ncold-start-ms = 100\n"))
	place(t, dir, ".fastpath/profile.json", []byte(`{"schema": 1, "date": "2025-11-08", "python": "3.12<img src=x onerror=pwned=1>", "modules": {
		"pandas": {"import_ms": 1200, "self_ms": 700, "imports": {"</script><img src=x onerror=pwned=1>": "eager", "\u202egnp.elif": "eager", "'\"><b>": "eager"}},
		"</script><img src=x onerror=pwned=1>": {"import_ms": 300, "self_ms": 300}, "\u202egnp.elif": {"import_ms": 100, "self_ms": 100}, "'\"><b>": {"import_ms": 100, "self_ms": 100},
		"lib": {"import_ms": 200, "self_ms": 200}}}`))
	place(t, dir, ".fastpath/baseline.json", []byte(`{"schema": 1, "revision": "<i>\u202e</i>", "samples": [{"wall_ms": 150}]}`))
	return dir
}

func TestReportEscapesHostileNames(t *testing.T) {
	text := reportOf(t, hostileTree(t))
	for _, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028') {
			t.Errorf("the page holds %U", r)
		}
	}
	for _, bad := range []string{"<script>pwned", "<img", "<b>\"", "<!--.py", "<i>"} {
		if strings.Contains(text, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if n := strings.Count(text, "</script>"); n != 2 {
		t.Errorf("%d scripts end, want the data and the script", n)
	}
	files := map[string]bool{}
	for _, r := range dataOf(t, text).Rows {
		files[r.File] = true
	}
	for _, want := range []string{`a</script><script>pwned=1</script>.py`, `e\u202egnp.py`, `f\x1b[31m.py`, `i\nj.py`, "g{{.Data}}${pwned=1}`.py", "אבג.py"} {
		if !files[want] {
			t.Errorf("no row of %q", want)
		}
	}
}

// What blocks is counted by code, with what it costs.
func TestReportBlockers(t *testing.T) {
	dir := t.TempDir()
	place(t, dir, "main.py", []byte("import a\nimport b\n\nX = a.x\nY = b.y\n__all__ = ['b']\n"))
	place(t, dir, "fastpath.toml", []byte("entry = [\"main.py\"]\n"))
	place(t, dir, ".fastpath/profile.json", []byte(`{"a": 200, "b": 300}`))
	text := reportOf(t, dir)
	for _, want := range []string{
		`a cold start would save <b>500.0 ms</b> on top of the plan`,
		`data-value="eager-use">eager-use</a>`,
		`data-label="held by it alone">1</td>`,
		`data-label="saving lost, ms">200.0</td>`,
		`data-value="exported">exported</a>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, r := range dataOf(t, text).Rows {
		if want := map[string]float64{"a": 200, "b": 300}[r.Name]; r.Status != "blocked" || r.Saves != want {
			t.Errorf("%s: %s, would save %v, want %v", r.Name, r.Status, r.Saves, want)
		}
	}
}

// Each section says what is missing, and the command that fills it.
func TestReportOfNothing(t *testing.T) {
	dir := t.TempDir()
	place(t, dir, "a.py", []byte("import json\n"))
	text := reportOf(t, dir, "-q")
	for _, want := range []string{
		"Nothing was measured yet, so no import has a width.</p><p>Run <code>fastpath profile</code>",
		"The cold start was not measured yet.</p><p>Run <code>fastpath measure baseline</code>",
		"There is no history yet", "Nothing is blocked.", "No findings",
		"no profile: run fastpath profile", "no usage: run fastpath usage",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	place(t, dir, ".fastpath/profile.json", []byte(`{"json": 1}`))
	if text = reportOf(t, dir); !strings.Contains(text, "No entry says where a cold start begins.</p><p>Run <code>fastpath init</code>") {
		t.Error("nothing says that entries are missing")
	}
	place(t, dir, "fastpath.toml", []byte("entry = [\"a.py\"]\n"))
	if text = reportOf(t, dir); !strings.Contains(text, "no edges, so what libraries load in turn is not shown") {
		t.Error("nothing says that edges are missing")
	}
	place(t, dir, ".fastpath/baseline.json", []byte(`{"cold_start_ms": 5200}`))
	if text = reportOf(t, dir); !strings.Contains(text, "<b>5,200</b> ms") || !strings.Contains(text, "<code>fastpath measure after</code>") {
		t.Error("nothing says that the measurement after is missing")
	}
}

func TestReportTrend(t *testing.T) {
	dir := measuredSample(t)
	text := reportOf(t, dir)
	for want, times := range map[string]int{`<line class="line s0"`: 2, `<line class="line s1"`: 0, `<g class="point s0">`: 3, `<g class="point s1">`: 1,
		`<circle class="hollow"`: 1, `<line class="span"`: 1, "<title>2025-10-06 baseline: 5,200 ms (5,050 to 5,390)</title>": 1,
		`target 2,000 ms`: 1, "4 measurements, -98 % from first to last; ": 1, ">0123456789<": 1, "<bdi>lambda_function.py, lambda</bdi>": 2} {
		if n := strings.Count(text, want); n != times {
			t.Errorf("%q stands %d times, want %d", want, n, times)
		}
	}
	place(t, dir, ".fastpath/history.jsonl", []byte("{\"date\": \"2025-10-06\", \"cold_start_ms\": 5200}\n{\"date\": 5}\n"))
	if _, stderr, code := invoke(dir, "report", "--no-cache"); code != exitTrouble || !strings.Contains(stderr, "history.jsonl:2:") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

func TestReportRefusesBadInput(t *testing.T) {
	dir := t.TempDir()
	place(t, dir, "a.py", []byte("import json\n"))
	place(t, dir, ".fastpath/after.json", []byte("{"))
	if _, stderr, code := invoke(dir, "report"); code != exitTrouble || !strings.Contains(stderr, ".fastpath/after.json:1:2: ") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if _, err := os.Stat(filepath.Join(dir, ".fastpath/report.html")); err == nil {
		t.Error("a report was written")
	}
	if _, stderr, code := invoke(dir, "report", "--format", "json"); code != exitTrouble || !strings.Contains(stderr, "want html") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

// Where requests were measured too, the page says what only moved into them.
func TestReportOfRequests(t *testing.T) {
	dir := sampleFolder(t)
	for name, ms := range map[string][3]float64{"baseline": {500, 20, 10}, "after": {100, 220, 11}} {
		var samples []string
		for i := range 20 {
			by := 1 + float64(i%5)/1000
			samples = append(samples, fmt.Sprintf(`{"wall_ms": %g, "first_ms": %g, "warm_ms": %g, "event": "all"}`, by*ms[0], by*ms[1], by*ms[2]))
		}
		place(t, dir, ".fastpath/"+name+".json", []byte(`{"schema": 1, "samples": [`+strings.Join(samples, ",")+`]}`))
	}
	text := reportOf(t, dir)
	for _, want := range []string{"Of what left the start, 50 % came back in the first request.", "Slow-down of warm requests", `<span class="value">10.0 %</span>`} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
