package python

import (
	"context"
	"strings"
	"testing"
)

func TestHandler(t *testing.T) {
	for in, want := range map[string]string{
		"app:handler": "app handler", "app.handler": "app handler", "src/app.handler": "src.app handler",
		"pkg.mod:Class.method": "pkg.mod Class.method", "app.py:handler": "app.py handler",
		"app": "", ":handler": "", "app:": "", ".handler": "",
	} {
		module, function, err := Handler(in)
		if got := strings.TrimSpace(module + " " + function); err == nil && got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestReadEvents(t *testing.T) {
	events, err := ReadEvents("e", []byte(`{"a": {"weight": 95, "event": {"event": 1}}, "b": {"event": 1, "id": 2}}`))
	if err != nil || len(events) != 2 || events[0].Weight != 95 || string(events[0].JSON) != `{"event":1}` ||
		events[1].Weight != 1 || string(events[1].JSON) != `{"event":1,"id":2}` {
		t.Errorf("%+v, %v", events, err)
	}
	events, err = ReadEvents("e", []byte(`["text", {"name": "n", "event": null}, 1.50]`))
	if err != nil || len(events) != 3 || events[0].Class != "event 1" || events[1].Class != "n" || string(events[1].JSON) != "null" || string(events[2].JSON) != "1.50" {
		t.Errorf("%+v, %v", events, err)
	}
	for in, want := range map[string]string{
		`{}`:                                        "there are no events",
		`"x"`:                                       "a string where events are wanted",
		`[{"name": "event 2", "event": 1}, 2]`:      `there are two events "event 2"`,
		`[{"name": 1, "event": 1}]`:                 "a number where the name",
		`[{"weight": "much", "event": 1}]`:          "want a weight above 0",
		`{"Records": [], "requestContext": {}}`:     "Records: an array where an event is wanted",
		`{"a": {"event": 1}, "a": {"event": 2}}`:    "second time",
		`{"a": {"weight": -1, "event": {"x": []}}}`: "want a weight above 0",
	} {
		if _, err := ReadEvents("e", []byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, want %q", in, err, want)
		}
	}
}

// A sample holds what the import did, and nothing of what the process did before
// and after.
func TestSample(t *testing.T) {
	dir := tree(t, map[string]string{"app.py": `
import sys, time
assert "json" not in sys.modules
import colorsys
filler = bytearray(30 << 20)
end = time.process_time() + 0.05
while time.process_time() < end:
    pass
time.sleep(0.05)
calls = 0
def handler(event, context):
    global calls
    calls += 1
    assert event == {"n": []}
    event["n"].append(1)
    time.sleep(0.1 if calls == 1 else 0.001)
`})
	for version, python := range pythons(t) {
		t.Run(version, func(t *testing.T) {
			s, err := NewSession(python, dir, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			target := Target{Module: "app", Function: "handler", Events: []Event{{Class: "a", Weight: 1, JSON: []byte(`{"n": []}`)}}}
			sample, err := s.Sample(context.Background(), target, 3)
			if err != nil {
				t.Fatal(err)
			}
			if sample.Event != "a" || sample.WallMS < 100 || sample.CPUMS < 50 || sample.CPUMS > sample.WallMS || sample.PeakKB < 30<<10 ||
				sample.Modules < 2 || sample.Modules > 20 || sample.FirstMS < 100 || sample.WarmMS < 1 || sample.WarmMS > 90 {
				t.Errorf("sample %+v", sample)
			}
		})
	}
	if got := listing(t, dir); len(got) != 1 {
		t.Errorf("the tree holds %v", got)
	}
}
