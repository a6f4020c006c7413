package profile

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const header = "import time: self [us] | cumulative | imported package\n"

func read(t *testing.T, text string) *Profile {
	t.Helper()
	p, err := Read("log", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// edgesOf spells the edges of a profile, sorted: "a>b a>c".
func edgesOf(p *Profile) string {
	var all []string
	for name, m := range p.Modules {
		for _, e := range m.Imports {
			all = append(all, name+">"+e.Module)
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func TestLog(t *testing.T) {
	rows := "import time:       100 |        100 |     c\n" +
		"import time:       200 |        300 |   b\n" +
		"import time:        50 |         50 |   d\n" +
		"import time:      1000 |       1350 | a\n"
	want := "a=1.35/1 b=0.3/0.2 c=0.1/0.1 d=0.05/0.05 | a>b a>d b>c"
	var jsonLog strings.Builder
	jsonLog.WriteString(`{"events": [`)
	for i, line := range strings.Split(strings.TrimSuffix(rows, "\n"), "\n") {
		if i > 0 {
			jsonLog.WriteString(", ")
		}
		fmt.Fprintf(&jsonLog, `{"timestamp": %d, "message": "%s\n"}`, i, line)
	}
	jsonLog.WriteString("]}")

	for _, c := range []struct{ name, text, want, note string }{
		{"plain", header + rows, want, ""},
		{"without header", rows, want, ""},
		{"crlf", strings.ReplaceAll(header+rows, "\n", "\r\n"), want, ""},
		{"no last line end", strings.TrimSuffix(rows, "\n"), want, ""},
		{"cloudwatch tail", prefix(rows, "2025-11-08T10:00:00.123000+00:00 2025/11/08/[$LATEST]0a1b2c "), want, ""},
		{"lambda json messages", jsonLog.String(), want, ""},
		{"csv", prefix(rows, `1762596000123,"`), want, ""},
		{"output before a row", strings.Replace(rows, "import", "loading...import", 1), want, ""},
		{"latin-1 output", "caf\xe9\n" + rows, want, ""},
		{"cut front", strings.Replace(rows, "import time:       100 |", "ime:       100 |", 1),
			"a=1.35/1 b=0.3/0.2 d=0.05/0.05 | a>b a>d", ""},
		{"cut figures", rows + "import time:       10", want, `log:5: a cut row was skipped: "import time:       10"`},
		{"cut name", rows + "import time:       10 |         10 | \n", want, "log:5: a cut row was skipped"},
		{"two rows in one", rows + "import time:  7 |  7 | eximport time:  8 |  8 | f\n",
			"a=1.35/1 b=0.3/0.2 c=0.1/0.1 d=0.05/0.05 f=0.008/0.008 | a>b a>d b>c", "log:5: a row with other output in it was skipped"},
		{"output in a row", rows + "import time:  7 |  7 | ex some words\n", want, "other output in it"},
		{"contradiction", rows + "import time:  70 |  7 | e\n", want, "contradict each other"},
		{"negative", rows + "import time:  -5 |  7 | e\n", want, "contradict each other"},
		{"impossible", rows + "import time:  5 |  99999999999999999999 | e\n", want, "impossible figures"},
		{"prose", "the import time: 30 seconds\n" + rows, want, ""},
		{"does not add up", strings.Replace(rows, "       1350 | a", "       1400 | a", 1),
			"a=1.4/1 b=0.3/0.2 c=0.1/0.1 d=0.05/0.05 | b>c", `log:4: the rows under "a" do not add up`},
		{"cached", "import time: cached    | cached     | collections.abc\nimport time: cached    | cached     |   os\n" +
			"import time:  5 |  5 |   deep\nimport time:  1 |  6 | e\n", "deep=0.005/0.005 e=0.006/0.001 | deep>os e>deep", ""},
		{"three runs", header + rows + header + strings.ReplaceAll(rows, "1000 |       1350", "2000 |       2350") + header + strings.ReplaceAll(rows, "1000 |       1350", "9000 |       9350"),
			"a=2.35/2 b=0.3/0.2 c=0.1/0.1 d=0.05/0.05 | a>b a>d b>c", ""},
		{"two runs without header", rows + strings.ReplaceAll(rows, "1000 |       1350", "2000 |       2350"),
			"a=1.85/1.5 b=0.3/0.2 c=0.1/0.1 d=0.05/0.05 | a>b a>d b>c", ""},
		{"failed import retried", "import time:  9 |  9 |   opt\n" + "import time:  5 |  5 |   opt\n" + "import time:  1 |  15 | e\n",
			"e=0.015/0.001 opt=0.009/0.009 | e>opt", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := read(t, c.text)
			var got []string
			for name, m := range p.Modules {
				got = append(got, fmt.Sprintf("%s=%v/%v", name, m.ImportMS, m.SelfMS))
			}
			slices.Sort(got)
			if text := strings.Join(got, " ") + " | " + edgesOf(p); text != c.want {
				t.Errorf("read %s\nwant %s", text, c.want)
			}
			if c.note == "" && len(p.Notes) > 0 || c.note != "" && !strings.Contains(strings.Join(p.Notes, "\n"), c.note) {
				t.Errorf("notes %q, want %q", p.Notes, c.note)
			}
			if p.Loaded("a") {
				t.Error("a row proves that the import did not fail")
			}
		})
	}
}

func prefix(rows, with string) string {
	return with + strings.ReplaceAll(strings.TrimSuffix(rows, "\n"), "\n", "\n"+with) + "\n"
}

func TestLogCountsRuns(t *testing.T) {
	rows := "import time:  5 |  5 | e\nimport time:  6 |  6 | f\n"
	for text, want := range map[string]int{header + rows: 1, rows + rows: 2, header + rows + header + rows + header: 2} {
		if p := read(t, text); p.Runs != want {
			t.Errorf("%d runs in %q, want %d", p.Runs, text, want)
		}
	}
}

func TestLogBoundsItsNotes(t *testing.T) {
	p := read(t, "import time:  5 |  5 | e\n"+strings.Repeat("import time:  5\n", 1000))
	if len(p.Notes) != maxNotes+1 || !strings.Contains(p.Notes[maxNotes], "980 more rows") {
		t.Errorf("%d notes, the last %q", len(p.Notes), p.Notes[len(p.Notes)-1])
	}
}

func TestLogWithoutAWholeRow(t *testing.T) {
	_, err := Read("log", []byte(header+"import time:  5 | "))
	if err == nil || !strings.Contains(err.Error(), "log: no whole row of python -X importtime in 2 lines; run `python -X importtime") {
		t.Errorf("error is %v", err)
	}
}

// What CPython really prints: each module's rows add up, and the edges are
// those that the modules' sources name.
func TestLogOfRealInterpreters(t *testing.T) {
	pythons, _ := filepath.Glob(filepath.Join(os.Getenv("HOME"), ".pyenv/versions/3.*/bin/python"))
	tried := 0
	for _, python := range pythons {
		if strings.Contains(python, "/3.6") || strings.Contains(python, "/3.7") {
			continue
		}
		tried++
		command := exec.Command(python, "-X", "importtime", "-c", "import json")
		var log strings.Builder
		command.Stderr = &log
		if err := command.Run(); err != nil {
			t.Fatal(err)
		}
		p := read(t, log.String())
		if len(p.Notes) > 0 {
			t.Errorf("%s: notes %q", python, p.Notes)
		}
		edges := " " + edgesOf(p) + " "
		for _, want := range []string{" json>json.decoder ", " json.decoder>json.scanner "} {
			if !strings.Contains(edges, want) {
				t.Errorf("%s: no edge%sin%s", python, want, edges)
			}
		}
		if ms, exact, _ := p.Cost("json"); ms <= 0 || !exact {
			t.Errorf("%s: json costs %v", python, ms)
		}
	}
	if tried == 0 {
		t.Skip("no Python from 3.8 under ~/.pyenv/versions")
	}
}

func TestReadLogs(t *testing.T) {
	row := func(ms int, name string) string {
		return fmt.Sprintf("import time: %d | %d | %s\n", ms*1000, ms*1000, name)
	}
	p, err := ReadLogs(Text{"a.log", []byte(row(1, "json") + row(10, "csv"))}, Text{"b.log", []byte("\xff\n" + row(3, "json") + "import time: 1 |\n")})
	if err != nil {
		t.Fatal(err)
	}
	if p.Runs != 2 || p.Modules["json"].ImportMS != 2 || p.Modules["csv"].ImportMS != 10 {
		t.Errorf("%d runs, %+v", p.Runs, p.Modules)
	}
	if len(p.Notes) != 1 || !strings.HasPrefix(p.Notes[0], "b.log:3: ") {
		t.Errorf("notes %q", p.Notes)
	}
	if _, err := ReadLogs(Text{"a.log", []byte(row(1, "json"))}, Text{"p.json", []byte(`{"json": 1}`)}); err == nil || !strings.HasPrefix(err.Error(), "p.json: not the text") {
		t.Errorf("a profile among logs: %v", err)
	}
}
