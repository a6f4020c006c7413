package fastpath

import (
	"reflect"
	"testing"

	"fastpath/plan"
)

func existing(t *testing.T, name string) []byte {
	t.Helper()
	for _, c := range cases(t) {
		if c.name == name {
			return c.existing
		}
	}
	t.Fatalf("no case %s", name)
	return nil
}

func known(v float64) plan.Measure { return plan.Measure{Value: v, Known: true} }

// TestParse pins what is read from the two hand-written layouts.
func TestParse(t *testing.T) {
	doc, err := Parse(existing(t, "seed-lesson"))
	if err != nil {
		t.Fatal(err)
	}
	want := Doc{
		Profiled: "2025-10-01",
		Entries: []Entry{
			{Module: "json", Bound: "json", Line: 16, Tier: 1, ImportMS: known(0.8), Note: "every request"},
			{Module: "time", Bound: "time", Line: 17, Tier: 1, ImportMS: known(0.4), Note: "timing operations"},
			{Module: "logging", Bound: "logging", Line: 18, Tier: 1, ImportMS: known(4.2), Note: "logging everywhere"},
			{Module: "gateway", Bound: "gateway", Line: 21, Tier: 2, ImportMS: known(15), Profiled: "2025-10-01", Note: "every request"},
			{Module: "cache_core", Bound: "cache_core", Line: 22, Tier: 2, ImportMS: known(35), Profiled: "2025-10-01", Note: "every request"},
		},
		All:     []string{"json", "time", "logging", "gateway", "cache_core"},
		AllLine: 25,
		History: []string{
			"2025-10-01: Initial file, 5 imports, 55ms total",
			"2025-11-08: Removed boto3 (moved to function level), 55ms total",
		},
	}
	if !reflect.DeepEqual(doc, want) {
		t.Errorf("got\n%+v\nwant\n%+v", doc, want)
	}
}

func TestParseBlock(t *testing.T) {
	doc, err := Parse(existing(t, "seed-antipattern"))
	if err != nil {
		t.Fatal(err)
	}
	last := doc.Entries[len(doc.Entries)-1]
	want := &Block{
		Line: 28, ImportMS: known(350), UsagePct: known(90),
		Exception: plan.Exception{
			Module: "boto3", Date: "2025-11-08", Review: "2025-12-08",
			Reason: "Used by all KEEP-device operations\nUsed by all cache operations",
		},
	}
	if last.Module != "boto3" || !reflect.DeepEqual(last.Block, want) {
		t.Errorf("got\n%+v\n%+v\nwant\n%+v", last, last.Block, want)
	}
	if doc.All != nil {
		t.Errorf("__all__ is %q where there is none", doc.All)
	}
}

// TestParseWhatRenderWrote pins that a generated block says what the
// configuration said.
func TestParseWhatRenderWrote(t *testing.T) {
	x := plan.Exception{Module: "boto3", Reason: "used by \\every\\ device\nand \"\"\"every\"\"\" cache", ApprovedBy: "team lead",
		Date: "2025-11-08", Review: "2025-12-08"}
	out, err := Render(nil, plan.FastPathFile{Date: "2025-11-08", TotalMS: 350, Entries: []plan.FastPathEntry{{
		Module: "boto3", Bound: "boto3", Tier: 3, ImportMS: known(350), UsagePct: known(90), Exception: &x,
		Daily: plan.Daily{ColdStarts: 1000, Uses: 9000, ModuleMS: 350e3, FunctionMS: 3150e3},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Parse(out)
	if err != nil {
		t.Fatal(err)
	}
	e := doc.Entries[0]
	if e.Block == nil || e.Block.Exception != x || e.Block.ImportMS != known(350) || e.Block.UsagePct != known(90) {
		t.Errorf("got %+v\nfrom\n%s", e.Block, out)
	}
	if e.ImportMS != known(350) || e.UsagePct != known(90) || e.Profiled != "2025-11-08" || e.Tier != 3 {
		t.Errorf("got %+v\nfrom\n%s", e, out)
	}
}

func TestParseRefuses(t *testing.T) {
	_, err := Parse([]byte("import json\nprint(json)\n"))
	refusal, ok := err.(*Refusal)
	if !ok || refusal.Line != 2 || refusal.Col != 0 {
		t.Errorf("got %v", err)
	}
}

func TestRenderRefusesWhatCannotBeSpelled(t *testing.T) {
	for _, e := range []plan.FastPathEntry{
		{Module: "json; import os", Bound: "json", Tier: 1},
		{Module: "json", Bound: "a b", Tier: 1},
		{Module: ".json", Bound: "json", Tier: 1},
		{Module: "json", Bound: "json"},
		{Module: "", Bound: "json", Tier: 1},
	} {
		if out, err := Render(nil, plan.FastPathFile{Entries: []plan.FastPathEntry{e}}); err == nil {
			t.Errorf("%+v gives\n%s", e, out)
		}
	}
}
