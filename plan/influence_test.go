package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"fastpath/plan"
)

// influences are trees in which the move of another file has a say in what becomes
// of the last import of a.py, each by another way; main.py is the entry. The line
// is what becomes of it, and says the file whose move had the say, if one did.
var influences = []struct{ name, tree, line, says string }{
	{"a cold start that loads the module anyway", `
-- a.py --
import json
def f(): return json.x
-- b.py --
import json
def f(): return json.x
f()
-- main.py --
import a, b
print(a, b)
`, "a.py json: no-gain (heavy)", ""},
	{"a cold start that would load the module but for a move", `
-- a.py --
import json
def f(): return json.x
-- b.py --
import json
def f(): return json.x
-- main.py --
import a, b
print(a, b)
`, "a.py json: sink f", "b.py"},
	{"a cold start that runs the function into which another file moves the module", `
-- a.py --
import json
def f(): return json.x
-- b.py --
import json
def f(): return json.x
-- main.py --
import a, b
b.f()
print(a)
`, "a.py json: no-gain (heavy)", "b.py"},
	{"a use of a submodule that two files provide", `
-- a.py --
import xml.dom.minidom
def f(): return xml.dom.minidom.x
-- b.py --
import xml.dom.minidom
def f(): return xml.dom.minidom.x
-- main.py --
import xml, a, b
def g(): return xml.dom.minidom.x, a, b
`, "a.py xml: no-gain (heavy)", "b.py"},
	{"a patch that needs the file loaded", `
-- a.py --
import json
def f(): return json.x
-- b.py --
import a
def f(): return a.f
-- main.py --
import b
print(b)
-- test_a.py --
import b
from unittest.mock import patch
@patch("a.json.dumps")
def test(): b.f()
`, "a.py json: patched", "b.py"},
	{"what has to load the module first", `
-- a.py --
import effect
def f(): return effect.x
-- b.py --
import effect
def f(): return effect.x
-- effect.py --
import signal
x = signal.signal(signal.SIGINT, print)
-- main.py --
import b, a
print(a, b)
`, "a.py effect: side-effect", "b.py"},
}

// TestFew plans trees for one file at a time: what is said of it is what the plan
// of the whole tree says, whichever moves of other files have a say in that.
func TestFew(t *testing.T) {
	for _, c := range influences {
		in := plan.Input{Modules: tree(t, c.tree), Policy: plan.Default()}
		in.Policy.Entry = []string{"main.py"}
		everything(&in, 500, 1)
		few := asking(t, c.name, in, 0)
		if got := lines(in, few); !strings.Contains(got, c.line+"\n") {
			t.Errorf("%s: got\n%swant %s", c.name, got, c.line)
		}
		said := c.says == ""
		for _, d := range few.Decisions {
			said = said || in.Modules[d.File].Path == c.says && d.Rule != ""
		}
		if !few.Partial || !said {
			t.Errorf("%s: partial: %t, %s decided: %t", c.name, few.Partial, c.says, said)
		}
	}
	partial, told := 0, 0
	each := func(name, archive string) {
		for _, ms := range []float64{500, 1} {
			in := plan.Input{Modules: tree(t, archive), Policy: plan.Default()}
			everything(&in, ms, 50)
			for entry := -1; entry < len(in.Modules); entry++ {
				if entry >= 0 {
					in.Policy.Entry = []string{in.Modules[entry].Path}
				}
				for file := range in.Modules {
					few := asking(t, name, in, file)
					if few.Partial {
						partial++
					}
					for _, d := range few.Decisions {
						if few.Partial && d.File != file && d.File != entry && d.Rule != "" {
							told++
							break
						}
					}
				}
			}
		}
	}
	for _, c := range moves {
		each(c.name, c.tree)
	}
	for _, list := range [][]expected{dangers, surely} {
		for _, c := range list {
			each(c.name, c.tree)
		}
	}
	t.Logf("%d plans were partial, in %d of them another file had a say", partial, told)
	if partial < 2000 || told < 100 {
		t.Errorf("%d plans were partial, in %d of them another file had a say: the test proves too little", partial, told)
	}
}

// asking plans the tree for one file, and holds that to the plan of all files.
func asking(t *testing.T, name string, in plan.Input, file int) *plan.Plan {
	t.Helper()
	whole := plan.Make(in)
	in.Asked = make([]bool, len(in.Modules))
	in.Asked[file] = true
	few := plan.Make(in)
	for i, d := range whole.Decisions {
		reasons := func(list []plan.Blocker) (told []string) {
			for _, b := range list {
				told = append(told, fmt.Sprint(b.Code, " ", b.File, ":", b.Line, " ", b.Message, " ", b.Hint, " ", b.Liftable()))
			}
			return told
		}
		told := func(d plan.Decision) string {
			return fmt.Sprint(d.Level, d.Rule, d.Status, d.Action, d.ImportMS, d.UsagePct, d.NoGain, d.NoGain == nil, d.Into, d.KeepForTypes, reasons(d.Blockers), reasons(d.Cautions))
		}
		if want, got := told(d), told(few.Decisions[i]); d.File == file && got != want {
			t.Errorf("%s: %s, asked for alone:\n%s\nwant\n%s", name, in.Modules[file].Path, got, want)
		}
	}
	return few
}
