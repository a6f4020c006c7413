package plan_test

import (
	"strings"
	"testing"

	"fastpath/plan"
)

// What another file is seen to rely on is no presumption: it stays, whatever the
// configuration allows.
func TestProvenBlockersAreNotLifted(t *testing.T) {
	in := plan.Input{Policy: plan.Default(), Modules: tree(t, `
-- p/__init__.py --
import json, csv
def f(): return json.x, csv.x
-- other.py --
import sys
from p import json
def g():
    sys.modules["uuid"] = json
-- user.py --
import uuid
def h(): return uuid.x
`)}
	in.Policy.Allow = []string{"exported", "stubbed"}
	everything(&in, 500, 1)
	got := lines(in, plan.Make(in))
	for _, want := range []string{"p/__init__.py json: exported", "p/__init__.py csv: sink f", "user.py uuid: stubbed"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
