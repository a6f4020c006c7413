package profile

import (
	"reflect"
	"strings"
	"testing"
)

func TestReadShort(t *testing.T) {
	p, err := Read("p", []byte("\xef\xbb\xbf{\"json\": 0.8, \"pandas\": 1200, \"zero\": -0}"))
	if err != nil {
		t.Fatal(err)
	}
	if !p.Short || p.Modules["json"].ImportMS != 0.8 || p.Modules["pandas"].ImportMS != 1200 {
		t.Errorf("read %+v", p)
	}
	if p.Loaded("json") {
		t.Error("a hand-written figure proves that the module exists")
	}
}

func TestReadShortWithModulesNamedLikeKeys(t *testing.T) {
	p, err := Read("p", []byte(`{"schema": 30, "modules": 2, "date": 1}`))
	if err != nil {
		t.Fatal(err)
	}
	if p.Modules["schema"].ImportMS != 30 || p.Modules["modules"].ImportMS != 2 {
		t.Errorf("read %+v", p.Modules)
	}
}

func TestReadErrors(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"empty file", "", "p:1:1: the file is empty"},
		{"prose", "hello\n", "neither JSON nor a log"},
		{"array", "[1, 2]", `p:1:1: an array where an object is wanted; write milliseconds, as in {"json": 0.8}`},
		{"string", `"json"`, "a string where an object is wanted"},
		{"cut", `{"json": 0.8,`, "p:1:14: the JSON text ends too early"},
		{"negative", "{\n \"json\": -1}", "p:2:10: json: -1 is negative"},
		{"nan", `{"json": NaN}`, "p:1:10: NaN and Infinity are no JSON numbers"},
		{"text", `{"json": "0.8"}`, `p:1:10: json: the string "0.8" where milliseconds are wanted`},
		{"null", `{"json": null}`, "null where milliseconds are wanted"},
		{"bool", `{"json": true}`, "a boolean where milliseconds are wanted"},
		{"twice", `{"json": 1, "json": 2}`, "second time"},
		{"huge", `{"json": 1e9}`, "p:1:10: json: 1e9 is over an hour"},
		{"beyond", `{"json": 1e999}`, "1e999 is over an hour"},
		{"no name", `{"": 1}`, `p:1:2: [""]: the module name is empty`},
		{"blank name", `{" ": 1}`, "the module name is empty"},
		{"latin-1", "{\"\xe9\": 1}", "byte 0xe9 is not UTF-8"},
		{"newer", `{"schema": 2, "modules": {}}`, "p:1:12: schema: schema 2 is newer than this fastpath knows (1); upgrade"},
		{"newer of other shape", `{"schema": 2, "imports": []}`, "schema 2 is newer"},
		{"schema text", `{"schema": "1", "modules": {}}`, `schema: the string "1" is no schema version`},
		{"schema zero", `{"schema": 0, "modules": {}}`, "0 is no schema version"},
		{"no schema", `{"modules": {}}`, `"schema" is missing`},
		{"no modules", `{"schema": 1, "python": "3.11"}`, `"modules" is missing`},
		{"modules array", `{"schema": 1, "modules": []}`, `1:26: modules: an array where the modules are wanted`},
		{"module array", `{"schema": 1, "modules": {"a.b": []}}`, `p:1:34: modules["a.b"]: an array where an object is wanted`},
		{"long negative", `{"schema": 1, "modules": {"a": {"import_ms": -2}}}`, "modules.a.import_ms: -2 is negative"},
		{"long text", `{"schema": 1, "modules": {"a": {"self_ms": "2"}}}`, "modules.a.self_ms: the string"},
		{"kind", `{"schema": 1, "modules": {"a": {"kind": "local"}}}`, `"local" is no kind; it is stdlib`},
		{"date", `{"schema": 1, "date": "8.11.2025", "modules": {}}`, "is no date; write it as 2025-11-08"},
		{"runs", `{"schema": 1, "runs": 1.5, "modules": {}}`, "1.5 is no count of runs"},
		{"edge", `{"schema": 1, "modules": {"a": {"imports": {"b": "maybe"}}}}`, `modules.a.imports.b: "maybe" is no kind of import`},
		{"edges", `{"schema": 1, "modules": {"a": {"imports": 3}}}`, "a number where an object is wanted"},
		{"effects", `{"schema": 1, "modules": {"a": {"effects": [1]}}}`, "modules.a.effects[0]: a number where a string is wanted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := Read("p", []byte(c.in))
			if err == nil {
				t.Fatalf("read without complaint: %+v", p)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %q, want %q in it", err, c.want)
			}
		})
	}
}

const long = `{
  "date": "2025-11-08",
  "entry": ["lambda_function.py"],
  "floor_ms": 12.5,
  "implementation": "CPython",
  "modules": {
    "app": {"cumulative_ms": 30.5, "file": "app.py", "import_ms": 31, "imports": {"gone": "lazy", "json": "eager"}, "kind": "first-party", "self_ms": 1.25, "spread_ms": 0.5},
    "gone": {"failed": "ModuleNotFoundError: No module named 'gone'"},
    "json": {"effects": ["environ: A", "sys.path"], "file": "<stdlib>/json/__init__.py", "import_ms": 0, "kind": "stdlib", "rss_kb": 400},
    "x<y>&": {"import_ms": 0.001}
  },
  "platform": "linux-x86_64",
  "python": "3.11.7",
  "runs": 5,
  "schema": 1
}
`

func TestWriteReadsBackAsItWas(t *testing.T) {
	p, err := Read("p", []byte(long))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(p.Write()); got != long {
		t.Errorf("written:\n%s\nwant:\n%s", got, long)
	}
	if p.FloorMS != 12.5 || p.Runs != 5 || p.Modules["app"].Imports[0] != (Edge{Module: "gone", Lazy: true}) {
		t.Errorf("read %+v", p)
	}
	if p.Loaded("gone") || !p.Loaded("json") || p.Loaded("other") {
		t.Error("loaded: want json alone of gone, json, other")
	}
}

func TestReadUnknownKeysAreNoted(t *testing.T) {
	p, err := Read("p", []byte("{\"schema\": 1,\n\"modules\": {\"a\": {\"import_sm\": 3, \"cumulative_ms\": 2}}}"))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{`p:2: the key "modules.a.import_sm" is unknown and was read over`}; !reflect.DeepEqual(p.Notes, want) {
		t.Errorf("notes %q, want %q", p.Notes, want)
	}
	if ms, exact, ok := p.Cost("a"); ms != 2 || !exact || !ok {
		t.Errorf("a costs %v %v %v, want its cumulative time", ms, exact, ok)
	}
}

func TestWriteNamesNoPlaceOnTheMachine(t *testing.T) {
	p := &Profile{Entry: []string{"/home/someone/app.py", "app.py"}, Modules: map[string]Module{
		"a": {File: "/home/someone/a.py"}, "b": {File: `C:\Users\someone\b.py`},
		"c": {File: "../someone/c.py"}, "d": {File: "~/someone/d.py"}, "e": {File: `pkg\e.py`},
	}}
	got := string(p.Write())
	if strings.Contains(got, "someone") || !strings.Contains(got, `"pkg/e.py"`) || !strings.Contains(got, `["app.py"]`) {
		t.Errorf("written:\n%s", got)
	}
}

func TestCost(t *testing.T) {
	p := &Profile{Modules: map[string]Module{"a": {ImportMS: 5}, "a.b": {Unmeasured: true}, "a.b.c": {ImportMS: 0}}}
	for _, c := range []struct {
		module    string
		ms        float64
		exact, ok bool
	}{
		{"a", 5, true, true}, {"a.b", 5, false, true}, {"a.b.c", 0, true, true},
		{"a.b.c.d", 0, false, true}, {"ab", 0, false, false}, {"", 0, false, false},
	} {
		if ms, exact, ok := p.Cost(c.module); ms != c.ms || exact != c.exact || ok != c.ok {
			t.Errorf("Cost(%q) = %v, %v, %v; want %v, %v, %v", c.module, ms, exact, ok, c.ms, c.exact, c.ok)
		}
	}
	if _, _, ok := (*Profile)(nil).Cost("a"); ok {
		t.Error("no profile has a cost")
	}
}

func TestEffectsOf(t *testing.T) {
	p := &Profile{Modules: map[string]Module{
		"a": {Effects: []string{"codec"}, Imports: []Edge{{Module: "b", Called: true}, {Module: "c", Lazy: true}}},
		"b": {Effects: []string{"environ: B", "codec"}, Imports: []Edge{{Module: "a"}}},
		"c": {Effects: []string{"locale"}},
	}}
	if got, want := p.EffectsOf("a"), []string{"codec", "environ: B"}; !reflect.DeepEqual(got, want) {
		t.Errorf("effects of a are %q, want %q", got, want)
	}
	for effect, want := range map[string]bool{"environ: B": true, "codec": false, "warnings-filter": false, "warnings-filter: all": true, "new thing": true} {
		if ProcessWide(effect) != want {
			t.Errorf("%s process-wide: %v", effect, !want)
		}
	}
}

func TestStatistics(t *testing.T) {
	for _, c := range []struct {
		samples        []float64
		median, spread float64
	}{
		{nil, 0, 0}, {[]float64{3}, 3, 0}, {[]float64{4, 2}, 3, 1}, {[]float64{9, 1, 5}, 5, 4}, {[]float64{1, 2, 3, 4, 100}, 3, 2},
	} {
		before := append([]float64(nil), c.samples...)
		if m, s := Median(c.samples), Spread(c.samples); m != c.median || s != c.spread {
			t.Errorf("%v: median %v spread %v, want %v and %v", c.samples, m, s, c.median, c.spread)
		}
		if !reflect.DeepEqual(before, append([]float64(nil), c.samples...)) {
			t.Errorf("%v was reordered", before)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(long))
	f.Add([]byte(`{"json": 0.8}`))
	f.Add([]byte("import time: self [us] | cumulative | imported package\nimport time:  1 |  2 |   a\nimport time:  1 |  3 | b\n"))
	f.Add([]byte("x import time: cached | cached |   é import time: 1 | 9"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Read("p", data)
		if (p == nil) == (err == nil) {
			t.Fatalf("profile %v with error %v", p, err)
		}
		if err != nil {
			return
		}
		first := p.Write()
		again, err := Read("p", first)
		if err != nil {
			t.Fatalf("what Write gave is refused: %v\n%s", err, first)
		}
		if second := again.Write(); string(second) != string(first) {
			t.Fatalf("written twice:\n%s\nand:\n%s", first, second)
		}
	})
}
