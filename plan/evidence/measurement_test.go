package evidence

import (
	"strings"
	"testing"
)

const long = `{
  "cpus": 2,
  "date": "2025-11-08",
  "entry": "lambda_function.py",
  "events": {
    "list": 95,
    "report": 5
  },
  "floor_ms": [12.5, 13],
  "handler": "lambda_function:handler",
  "implementation": "CPython",
  "loads": {
    "json": {"cumulative_ms": 2, "self_ms": 1.5},
    "lambda_function": {"cumulative_ms": 50, "self_ms": 40}
  },
  "memory_mb": 512,
  "platform": "linux-x86_64",
  "python": "3.11.7",
  "revision": "0a1b2c3",
  "round": "1",
  "samples": [
    {"cpu_ms": 40, "modules": 200, "peak_kb": 30000, "wall_ms": 50.125},
    {"cpu_ms": 41, "event": "list", "first_ms": 8, "modules": 200, "peak_kb": 30000, "wall_ms": 52, "warm_ms": 1.5}
  ],
  "schema": 1,
  "source": "lambda",
  "warm_ms": [1, 2]
}
`

func TestMeasurementReadsBackAsItWas(t *testing.T) {
	m, err := Read("b", []byte(long))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(m.Write()); got != long {
		t.Errorf("written:\n%s\nwant:\n%s", got, long)
	}
	if walls := m.Walls(); len(walls) != 2 || walls[0] != 50.125 {
		t.Errorf("walls %v", walls)
	}
	short, err := Read("b", []byte(`{"cold_start_ms": 5200}`))
	if err != nil || !short.Short || short.Walls()[0] != 5200 {
		t.Errorf("short form: %+v, %v", short, err)
	}
}

func TestMeasurementErrors(t *testing.T) {
	for in, want := range map[string]string{
		`[]`:                       "b:1:1: an array where an object is wanted",
		`{}`:                       `neither "schema" nor "cold_start_ms"`,
		`{"cold_start_ms": -1}`:    "b:1:19: cold_start_ms: -1 is negative",
		`{"cold_start_ms": 0}`:     "takes more than 0 ms",
		`{"cold_start_ms": 1e300}`: "too large to be true",
		`{"cold_start_ms": "5 s"}`: "a string where a number is wanted",
		`{"schema": 2}`:            "schema 2 is newer",
		`{"schema": "1"}`:          "no schema version",
		`{"schema": 1}`:            "there are no samples",
		`{"schema": 1, "samples": [{"cpu_ms": 1}]}`:         `samples[0]: a sample needs "wall_ms"`,
		`{"schema": 1, "samples": {}}`:                      "an object where an array of samples",
		`{"schema": 1, "floor_ms": ["x"], "samples": []}`:   "floor_ms[0]: a string where a number",
		`{"schema": 1, "date": "yesterday", "samples": []}`: `"yesterday" is no date`,
		`{"schema": 1, "source": "azure"}`:                  `"azure" is no source`,
		`{"schema": 1, "loads": {"json": 1}}`:               "loads.json: a number where an object of numbers",
		`{"schema": 1, "loads": 1}`:                         "a number where an object of modules",
		`{"schema": 1, "events": []}`:                       "an array where an object of numbers",
		`{"schema": 1, "samples": [{"event": 3}]}`:          "a number where a string",
		`{"schema": 1, "entry": 3}`:                         "a number where a string is wanted",
	} {
		if _, err := Read("b", []byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, want %q", in, err, want)
		}
	}
}

func TestTargets(t *testing.T) {
	all := Targets{ColdStartMS: 2000, MinImprovement: 0.40, MaxRegression: 0.10, MaxWarmRegression: 0.05}
	comparison := func(before, after, spread float64) Comparison {
		ratio := after / before
		return Comparison{
			After: Interval{after, after * (1 - spread), after * (1 + spread)},
			Ratio: Interval{ratio, ratio * (1 - spread), ratio * (1 + spread)},
		}
	}
	for _, c := range []struct {
		name                  string
		before, after, spread float64
		want                  string // met or missed, with ? where the interval leaves it open
	}{
		{"good", 5200, 1900, 0.01, "met met met"},
		{"the cold start fails at equality", 5200, 2000, 0, "missed met met"},
		{"improvement passes at equality", 1000, 600, 0, "met met met"},
		{"regression passes at equality", 1000, 1100, 0, "met missed met"},
		{"regression", 1000, 1101, 0, "met missed missed"},
		{"noisy", 3400, 1990, 0.05, "met? met? met"},
	} {
		var got []string
		for _, o := range all.Judge(comparison(c.before, c.after, c.spread)) {
			text := "missed"
			if o.Met {
				text = "met"
			}
			if !o.Certain {
				text += "?"
			}
			got = append(got, text)
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
	}
	if o := all.JudgeWarm(comparison(100, 106, 0)); len(o) != 1 || o[0].Met {
		t.Errorf("warm requests 6 percent slower: %+v", o)
	}
	if o := (Targets{}).Judge(comparison(1, 9, 0)); len(o) != 0 {
		t.Errorf("no targets: %+v", o)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(long))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Read("b", data)
		if (m == nil) == (err == nil) {
			t.Fatalf("measurement %v with error %v", m, err)
		}
	})
}
