package usage

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

func read(t *testing.T, text string) *Usage {
	t.Helper()
	u, err := Read("u", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestReadShort(t *testing.T) {
	u := read(t, `{"pandas": 5, "requests": 90, "schema": 0.5, "app/a.py::C.m": 100}`)
	for name, want := range map[string]float64{"pandas": 5, "requests": 90, "schema": 0.5, "pandas.io.json": 5} {
		if got, ok := u.Share(name); got != want || !ok {
			t.Errorf("share of %s is %v, %v; want %v", name, got, ok, want)
		}
	}
	if pct, ok := u.FunctionShare(`app\a.py::C.m`); pct != 100 || !ok {
		t.Errorf("C.m ran in %v, %v", pct, ok)
	}
	if _, ok := u.Share("numpy"); ok {
		t.Error("numpy has a share")
	}
	if _, ok := u.FunctionShare("app/a.py::other"); ok {
		t.Error("a function that is not listed in the short form has a share")
	}
	if u.Requests != 0 {
		t.Errorf("the short form counts %v requests", u.Requests)
	}
}

func TestReadErrors(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"empty file", "", "u:1:1: the file is empty"},
		{"prose", "pandas 5", "neither JSON nor lines of the recorder"},
		{"array", "[]", `u:1:1: an array where an object is wanted; write percent`},
		{"cut", `{"pandas": `, "ends too early"},
		{"above", "{\n\"pandas\": 101}", `u:2:11: pandas: 101 is above 100 percent; counts need {"schema": 1, "requests"`},
		{"beyond", `{"pandas": 1e999}`, "above 100"},
		{"negative", `{"pandas": -0.1}`, "pandas: -0.1 is negative"},
		{"text", `{"pandas": "5%"}`, `the string "5%" where a percentage is wanted`},
		{"nan", `{"pandas": NaN}`, "NaN and Infinity"},
		{"no name", `{"": 5}`, "the name is empty"},
		{"no function", `{"a.py::": 5}`, `"a.py::" names no function`},
		{"twice", `{"a": 5, "a": 5}`, "second time"},
		{"newer", `{"schema": 7, "modules": {}}`, "schema 7 is newer"},
		{"newer of other shape", `{"schema": 7, "x": []}`, "schema 7 is newer"},
		{"schema", `{"schema": 1.5, "modules": {}}`, "1.5 is no schema version"},
		{"no table", `{"schema": 1, "x": []}`, `neither "modules" nor "functions"`},
		{"no requests", `{"modules": {"a": 1}}`, `"requests" is missing; counts need`},
		{"requests 0", `{"requests": 0, "modules": {}}`, "u:1:14: requests: 0 requests were counted"},
		{"requests text", `{"requests": "9", "modules": {}}`, `the string "9" where a number of requests is wanted`},
		{"count above", `{"requests": 9, "modules": {"a": 10}}`, "modules.a: 10 of 9 requests used it"},
		{"count negative", `{"requests": 9, "functions": {"a.py::f": -1}}`, `functions["a.py::f"]: -1 is negative`},
		{"count array", `{"requests": 9, "functions": {"a.py::f": []}}`, "an array where a number of requests"},
		{"module among the functions", "{\"requests\": 9, \"functions\": {\n\"a.f\": 1}}", `u:2:8: functions["a.f"]: "a.f" is no function: want the file and the function, as in "app/report.py::Report.render"`},
		{"complete", `{"requests": 9, "functions": {}, "complete": 1}`, "1 where true or false is wanted"},
		{"period", `{"requests": 9, "modules": {}, "period": "october"}`, `no period; write "2025-10-01/2025-10-31"`},
		{"period backwards", `{"requests": 9, "modules": {}, "period": "2025-10-31/2025-10-01"}`, "no period"},
		{"sets", `{"requests": 9, "functions": {"a.py::f": 2}, "sets": [[2, 1]]}`, "sets[0][1]: 1 is no position in the 1 functions"},
		{"sets too many", `{"requests": 9, "functions": {"a.py::f": 2}, "sets": [[3, 0]]}`, `the sets count "a.py::f" more often`},
		{"sets above requests", `{"requests": 9, "functions": {}, "sets": [[5], [5]]}`, "more than the 9 requests"},
		{"coverage without contexts", `{"meta": {"show_contexts": false}, "files": {"a.py": {}}}`, "make it with `coverage json --show-contexts`"},
		{"old coverage", `{"meta": {"show_contexts": true}, "files": {"a.py": {"contexts": {"1": ["r"]}}}}`, "coverage.py 7.6 or newer"},
		{"coverage of one context", `{"meta": {"show_contexts": true}, "files": {"a.py": {"contexts": {"1": [""]}, "functions": {}}}}`, "no context names a request"},
		{"cut line", `fastpath-usage {"requests": 9, "mod`, "no whole line of the recorder in 1 lines"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u, err := Read("u", []byte(c.in))
			if err == nil {
				t.Fatalf("read without complaint: %+v", u)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %q, want %q in it", err, c.want)
			}
		})
	}
}

const long = `{
  "complete": true,
  "functions": {
    "app/a.py::C.m": 30,
    "app/a.py::f": 50,
    "app/a.py::g": 50
  },
  "modules": {
    "pandas": 7
  },
  "period": "2025-10-01/2025-10-31",
  "requests": 100,
  "schema": 1,
  "sets": [
    [20],
    [10, 0, 1, 2],
    [30, 1],
    [20, 2]
  ]
}
`

func TestWriteReadsBackAsItWas(t *testing.T) {
	if got := string(read(t, long).Write()); got != long {
		t.Errorf("written:\n%s\nwant:\n%s", got, long)
	}
	short := "{\n  \"app/a.py::f\": 12.5,\n  \"pandas\": 5\n}\n"
	if got := string(read(t, short).Write()); got != short {
		t.Errorf("written:\n%s\nwant:\n%s", got, short)
	}
}

func TestWriteNamesNoPlaceOnTheMachine(t *testing.T) {
	u := read(t, `{"requests": 2, "functions": {"/home/someone/a.py::f": 1, "C:\\someone\\a.py::f": 1, "b::f": 2}, "sets": [[1, 0, 1, 2], [1, 2]]}`)
	got := string(u.Write())
	if strings.Contains(got, "someone") || !strings.Contains(got, `"b::f": 2`) || !strings.Contains(got, "[1, 0]") {
		t.Errorf("written:\n%s", got)
	}
	if near := string(u.Relative("/home/someone").Write()); !strings.Contains(near, `"a.py::f": 1`) {
		t.Errorf("made relative:\n%s", near)
	}
}

func TestAny(t *testing.T) {
	for _, c := range []struct {
		name, usage, functions, want string
	}{
		{"one function", `{"a::f": 40}`, "a::f", "40..40"},
		{"same twice", `{"a::f": 40}`, "a::f a::f", "40..40"},
		{"two without sets", `{"a::f": 40, "a::g": 30}`, "a::f a::g", "40..70"},
		{"sum is capped", `{"a::f": 60, "a::g": 70}`, "a::f a::g", "70..100"},
		{"all requests", `{"a::f": 100, "a::g": 70}`, "a::f a::g", "100..100"},
		{"one unknown", `{"a::f": 40}`, "a::f a::g", "40..100"},
		{"all unknown", `{"a::f": 40}`, "a::g", "unknown"},
		{"none", `{"a::f": 40}`, "", "unknown"},
		{"unlisted of a complete count", `{"requests": 10, "complete": true, "functions": {"a::f": 4}}`, "a::f a::g", "40..40"},
		{"sets are exact", `{"requests": 10, "functions": {"a::f": 4, "a::g": 5}, "sets": [[3, 0, 1], [1, 0], [2, 1], [4]]}`, "a::f a::g", "60..60"},
		{"sets of a part", `{"requests": 10, "functions": {"a::f": 4, "a::g": 5}, "sets": [[3, 0, 1]]}`, "a::f a::g", "50..60"},
		{"the rest bounds the sum", `{"requests": 10, "functions": {"a::f": 3, "a::g": 3}, "sets": [[6], [1, 0, 1]]}`, "a::f a::g", "30..40"},
		{"not one too many", `{"requests": 10, "functions": {"a::f": 8}, "sets": [[1, 0], [1, 0], [6, 0], [2]]}`, "a::f", "80..80"},
		{"nested name", `{"a::f.g": 4}`, "./a::f.<locals>.g", "4..4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := "unknown"
			if share, ok := read(t, c.usage).Any(strings.Fields(c.functions)...); ok {
				got = fmt.Sprintf("%v..%v", share.Low, share.High)
				if share.Exact() != (share.Low == share.High) {
					t.Error("Exact disagrees with the bounds")
				}
			}
			if got != c.want {
				t.Errorf("share %s, want %s", got, c.want)
			}
		})
	}
	if _, ok := (*Usage)(nil).Any("a::f"); ok {
		t.Error("no usage has a share")
	}
}

func TestReadCoverage(t *testing.T) {
	data, err := os.ReadFile("testdata/coverage.json")
	if err != nil {
		t.Fatal(err)
	}
	u := read(t, string(data))
	if u.Requests != 3 || !u.Complete {
		t.Errorf("%v requests, complete %v; want 3, true", u.Requests, u.Complete)
	}
	third := round(100.0 / 3)
	for function, want := range map[string]float64{
		"Report.render": third, "Report.render.inner": third, "top": round(200.0 / 3), "Report.later": 0, "never": 0,
	} {
		if got, ok := u.FunctionShare("app/report.py::" + function); got != want || !ok {
			t.Errorf("%s ran in %v, %v; want %v", function, got, ok, want)
		}
	}
	if share, _ := u.Any("app/report.py::Report.render", "app/report.py::top"); share != (Range{100, 100}) {
		t.Errorf("render or top ran in %+v, want all", share)
	}
}

func TestReadCoverageFoldsThePhasesOfATest(t *testing.T) {
	u := read(t, `{"meta": {"show_contexts": true}, "files": {"a.py": {
		"contexts": {"2": ["t.py::one|setup", "t.py::one|run"], "5": ["t.py::two|run", ""]},
		"functions": {"f": {"executed_lines": [2], "start_line": 1}, "": {"executed_lines": [1]}}}}}`)
	if u.Requests != 2 || u.Functions["a.py::f"] != 50 {
		t.Errorf("read %+v", u)
	}
}

func TestReadLines(t *testing.T) {
	one := `fastpath-usage {"schema": 1, "requests": 6, "complete": true, "functions": {"a.py::f": 3}, "sets": [[3, 0], [3]]}`
	two := `fastpath-usage {"schema": 1, "requests": 4, "complete": true, "functions": {"a.py::f": 1, "a.py::g": 4}, "sets": [[1, 0, 1], [3, 1]]}`
	quoted := strings.ReplaceAll(two, `"`, `\"`)
	for _, c := range []struct{ name, text, note string }{
		{"plain", one + "\n" + two + "\n", ""},
		{"prefix and noise", "START\n2025-11-08T10:00:00Z 0a1b INFO " + one + "\nEND \xff\n" + two, ""},
		{"one line", one + " " + two, ""},
		{"json events", `{"events": [{"message": "` + strings.ReplaceAll(one, `"`, `\"`) + `\n"}, {"message": "` + quoted + `\n"}]}`, ""},
		{"cut", one + "\n" + two + "\n" + one[:40] + "\n", "u:3: the line is cut"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := read(t, c.text)
			if u.Requests != 10 || u.Functions["a.py::f"] != 40 || u.Functions["a.py::g"] != 40 || !u.Complete {
				t.Errorf("read %+v", u)
			}
			if share, _ := u.Any("a.py::f", "a.py::g"); share != (Range{70, 70}) {
				t.Errorf("f or g ran in %+v, want 70", share)
			}
			if notes := strings.Join(u.Notes, "\n"); !strings.Contains(notes, c.note) || c.note == "" && notes != "" {
				t.Errorf("notes %q, want %q", notes, c.note)
			}
		})
	}
}

func TestMerge(t *testing.T) {
	modules := read(t, `{"requests": 100, "modules": {"pandas": 10}, "period": "2025-10-05/2025-10-09"}`)
	functions := read(t, `{"requests": 300, "complete": true, "functions": {"a::f": 30}, "period": {"from": "2025-10-01", "to": "2025-10-07"}}`)
	u, err := Merge(modules, functions)
	if err != nil {
		t.Fatal(err)
	}
	want := &Usage{Requests: 400, Modules: map[string]float64{"pandas": 10}, Functions: map[string]float64{"a::f": 10},
		Complete: true, Period: "2025-10-01/2025-10-09"}
	if !reflect.DeepEqual(u, want) {
		t.Errorf("merged %+v, want %+v", u, want)
	}
	if _, err := Merge(modules, read(t, `{"pandas": 5}`)); err == nil {
		t.Error("percentages were merged with counts")
	}
}

func TestUnknownKeysAreNoted(t *testing.T) {
	u := read(t, "{\"requests\": 5,\n\"modules\": {}, \"host\": \"x\"}")
	if want := []string{`u:2: the key "host" is unknown and was read over`}; !reflect.DeepEqual(u.Notes, want) {
		t.Errorf("notes %q, want %q", u.Notes, want)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(long))
	f.Add([]byte(`{"pandas": 5}`))
	f.Add([]byte(`x fastpath-usage {\"requests\": 3, \"modules\": {\"a\": 1}}"`))
	f.Add([]byte(`{"meta": {"show_contexts": true}, "files": {"a.py": {"contexts": {"2": ["r"]}, "functions": {"f": {"executed_lines": [2]}}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		u, err := Read("u", data)
		if (u == nil) == (err == nil) {
			t.Fatalf("usage %v with error %v", u, err)
		}
		if err != nil {
			return
		}
		for name, pct := range u.Modules {
			if !(pct >= 0 && pct <= 100) {
				t.Fatalf("%q has share %v", name, pct)
			}
		}
		if _, err := Read("u", u.Write()); err != nil && u.Requests >= 1 {
			t.Fatalf("what Write gave is refused: %v\n%s", err, u.Write())
		}
	})
}
