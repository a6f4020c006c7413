package evidence

import (
	"fmt"
	"strings"
	"testing"
)

func report(id int, more string) string {
	return fmt.Sprintf("REPORT RequestId: 3604209a-e9a3-11e6-939a-%012d\tDuration: %d.5 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 90 MB\t%s\n", id, 10+id, more)
}

func summary(m *Measurement) string {
	var parts []string
	for _, s := range m.Samples {
		parts = append(parts, fmt.Sprintf("%g+%g", s.WallMS, s.FirstMS))
	}
	return fmt.Sprintf("%s warm %v, %g MB, %s", strings.Join(parts, " "), m.WarmMS, m.MemoryMB, m.Python)
}

func TestReadLambda(t *testing.T) {
	text := "2025-11-08T10:00:00.000Z INIT_START Runtime Version: python:3.12.v36\tRuntime Version ARN: arn\n" +
		"2025-11-08T10:00:01.000Z " + report(1, "Init Duration: 250.12 ms\t") + "XRAY TraceId: 1-5\tSegmentId: 2\n" +
		"Duration: 999 ms, says the application\n" + report(2, "")
	platform := `{"time":"2025-11-08T10:00:00Z","type":"platform.initStart","record":{"runtimeVersion":"python:3.12.v36"}}
{"time":"2025-11-08T10:00:00Z","type":"platform.initReport","record":{"initializationType":"on-demand","phase":"init","status":"success","metrics":{"durationMs":250.12}}}
prefix {"time":"2025-11-08T10:00:00Z","type":"platform.report","record":{"requestId":"a","status":"success","metrics":{"durationMs":11.5,"billedDurationMs":300,"memorySizeMB":512,"maxMemoryUsedMB":90,"initDurationMs":250.12}}}
{"type":"platform.report","time":"x","record":{"requestId":"b","metrics":{"durationMs":12.5,"memorySizeMB":512,"maxMemoryUsedMB":90}}}
`
	const want = "250.12+11.5 warm [12.5], 512 MB, 3.12"
	quoted := func(text string) string {
		return strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%q", text), `"`), `"`)
	}
	for name, log := range map[string]string{
		"lines":      text,
		"windows":    strings.ReplaceAll(text, "\n", "\r\n"),
		"blanks":     strings.ReplaceAll(text, "\t", "  "),
		"csv":        strings.ReplaceAll(text, "REPORT", `1762596000000,"REPORT`),
		"json":       platform,
		"one line":   `{"events": [{"message": "` + quoted(text) + `"}]}`,
		"quoted":     `"message": "` + strings.ReplaceAll(quoted(platform), `\n`, "\",\n\"message\": \"") + `"`,
		"tail":       strings.ReplaceAll(text, "REPORT", "2025/11/08/[$LATEST]8d6a REPORT"),
		"read twice": text + text,
	} {
		m, notes, err := ReadLambda(0, Text{"log", []byte(log)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := summary(m); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if twice := len(notes) == 1 && notes[0] == "reports that stand there twice and count once: 2"; twice != (name == "read twice") || len(notes) > 1 {
			t.Errorf("%s: notes %q", name, notes)
		}
	}
}

func TestReadLambdaWhatIsLeftOut(t *testing.T) {
	bigger := strings.ReplaceAll(report(5, "Init Duration: 100 ms"), "512 MB", "1024 MB")
	for _, c := range []struct {
		name, log string
		memory    float64
		want      string
		notes     string
	}{
		{"restore", report(1, "Restore Duration: 300 ms\tBilled Restore Duration: 4 ms") + report(2, ""), 0, "300+11.5 warm [12.5], 512 MB, ", ""},
		{"restore and init", report(1, "Restore Duration: 300 ms") + report(2, "Init Duration: 50 ms"), 0, "50+12.5 warm [], 512 MB, ", "left out, because a restore of a snapshot is no init: 1"},
		{"timeout", report(1, "Init Duration: 50 ms") + report(2, "Status: timeout"), 0, "50+11.5 warm [], 512 MB, ", "left out, because the request failed or timed out: 1"},
		{"cut", report(1, "Init Duration: 50 ms") + "REPORT RequestId: 12\n{\"type\":\"platform.report\",", 0, "50+11.5 warm [], 512 MB, ", "left out, because the report is cut: 2"},
		{"memory", report(1, "Init Duration: 50 ms") + bigger, 1024, "100+15.5 warm [], 1024 MB, ", "left out, of functions with other memory: 1"},
		{"a retry has the id of its request", report(1, "Init Duration: 50 ms") + report(1, ""), 0, "50+11.5 warm [11.5], 512 MB, ", ""},
		{"inits alone", `{"type":"platform.initReport","record":{"phase":"init","metrics":{"durationMs":80}}}
{"type":"platform.initReport","record":{"initializationType":"provisioned-concurrency","phase":"init","metrics":{"durationMs":90}}}`, 0, "80+0 warm [], 0 MB, ", ""},
	} {
		m, notes, err := ReadLambda(c.memory, Text{"log", []byte(c.log)})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := summary(m); got != c.want || !strings.HasPrefix(strings.Join(notes, "; "), c.notes) || (c.notes == "") != (len(notes) == 0) {
			t.Errorf("%s: %s %q, want %s %q", c.name, got, notes, c.want, c.notes)
		}
	}
	for log, want := range map[string]string{
		"":                     "log: no report of AWS Lambda in 0 lines",
		"hello\n":              "in 1 lines; want lines with",
		report(1, ""):          "none of them was a cold start",
		report(1, "") + bigger: "different memory, and so with different CPU shares: 512 MB (1), 1024 MB (1); choose with --memory",
		"\xff":                 "log:1:1: byte 0xff is not UTF-8",
	} {
		if _, _, err := ReadLambda(0, Text{"log", []byte(log)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error is %v, want %q", log, err, want)
		}
	}
}

func TestHandlerSlowdown(t *testing.T) {
	local := served("", 380, 122, 2) // the first request takes 12.2 ms more than a warm one, on average
	lambda := &Measurement{Source: Lambda, Samples: []Sample{{WallMS: 800, FirstMS: 64}}, WarmMS: []float64{4}}
	k, ok := HandlerSlowdown(local, lambda)
	// On a machine half as fast as here the start takes 800 ms, the first request 60 instead of 24.
	if !ok || k < 2.4 || k > 2.6 {
		t.Errorf("slowdown %v, %v", k, ok)
	}
	if _, ok := HandlerSlowdown(lambda, lambda); ok {
		t.Error("a Lambda is held against itself")
	}
	if _, ok := HandlerSlowdown(nil, lambda); ok {
		t.Error("against nothing")
	}
}

func FuzzReadLambda(f *testing.F) {
	f.Add([]byte(report(1, "Init Duration: 250.12 ms")))
	f.Add([]byte(`{"type":"platform.report","record":{"metrics":{"durationMs":11.5,"initDurationMs":250}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, _, err := ReadLambda(0, Text{"log", data})
		if err != nil {
			return
		}
		if again, err := Read("b", m.Write()); err != nil || len(again.Samples) != len(m.Samples) {
			t.Fatalf("%s does not read back: %v", m.Write(), err)
		}
	})
}
