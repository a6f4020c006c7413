package facts_test

import (
	"testing"

	"fastpath/plan/facts"
)

func TestExpand(t *testing.T) {
	m := gather(t, "app/mod.py", `
import a.b
import c.d as e
from f import g as h
from . import sib
from ... import beyond
x = 1
def fun():
    import local as a
    def inner():
        a
class C:
    import in_class
`)
	scope := func(name string) facts.ScopeID {
		for i := range m.Scopes {
			if m.Scopes[i].Qualified == name {
				return facts.ScopeID(i)
			}
		}
		t.Fatalf("no scope %q", name)
		return 0
	}
	tests := []struct{ scope, dotted, want string }{
		{"", "a", "a"},
		{"", "a.b.x", "a.b.x"},
		{"", "e.x", "c.d.x"},
		{"", "h", "f.g"},
		{"", "h.x.y", "f.g.x.y"},
		{"", "sib.x", "app.sib.x"},
		{"", "beyond.x", "beyond.x"},
		{"", "x.y", "x.y"},
		{"", "unknown.y", "unknown.y"},
		{"", "", ""},
		{"", "?", "?"},
		{"fun", "a.x", "local.x"},
		{"fun.inner", "a.x", "local.x"},
		{"fun.inner", "h", "f.g"},
		{"C", "in_class", "in_class"},
	}
	for _, test := range tests {
		if got := m.Expand(scope(test.scope), test.dotted); got != test.want {
			t.Errorf("Expand(%q, %q) is %q, not %q", test.scope, test.dotted, got, test.want)
		}
	}
	if i := m.NameAt(scope("fun.inner"), "a"); i < 0 || m.Names[i].Scope != scope("fun") {
		t.Errorf("a seen from fun.inner is name %d", i)
	}
	if i := m.NameAt(scope("fun"), "nothing"); i != -1 {
		t.Errorf("nothing is name %d", i)
	}
	if d, o := m.DefAround(scope("fun.inner")), m.OutermostDef(scope("fun.inner")); d != scope("fun.inner") || o != scope("fun") {
		t.Errorf("defs around fun.inner are %d and %d", d, o)
	}
	if d := m.OutermostDef(scope("C")); d != -1 {
		t.Errorf("def around C is %d", d)
	}
}
