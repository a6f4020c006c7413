package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/plan/profile"
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
	"fastpath/plan/usage"
	"fastpath/rewrite/fastpath"
)

// find plans a small project and lists its findings as "file:line code".
func find(t *testing.T, files map[string]string, policy plan.Policy, options Options) []string {
	t.Helper()
	parser := syntax.NewParser()
	defer parser.Close()
	var paths []string
	for path := range files {
		paths = append(paths, path)
	}
	slices.Sort(paths) // the planner wants modules in path order
	in := plan.Input{Policy: policy,
		Profile: &profile.Profile{Date: "2025-11-08", Modules: map[string]profile.Module{
			"json": {ImportMS: 0.8}, "gateway": {ImportMS: 15}, "jmespath": {ImportMS: 14}, "cachetools": {ImportMS: 30},
			"urllib3": {ImportMS: 40}, "requests": {ImportMS: 180}, "boto3": {ImportMS: 350}, "pandas": {ImportMS: 1200}}},
		Usage: &usage.Usage{Modules: map[string]float64{"gateway": 95, "jmespath": 95, "cachetools": 90, "requests": 12, "boto3": 95, "pandas": 5}}}
	layout := facts.NewLayout(paths, policy.Src)
	for i, path := range paths {
		tree, err := parser.Parse([]byte(files[path]))
		if err != nil {
			t.Fatal(err)
		}
		in.Modules = append(in.Modules, facts.Gather(scope.Resolve(tree), layout.Places[i]))
	}
	docs := map[string]fastpath.Doc{}
	if text, ok := files["fast_path.py"]; ok {
		doc, err := fastpath.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		docs["fast_path.py"] = doc
	}
	found, _ := All(Tree{Input: in, Plan: plan.Make(in), FastPaths: docs}, options)
	var list []string
	for _, f := range found {
		list = append(list, fmt.Sprintf("%s:%d %s", f.File, f.Line, f.Code.ID))
	}
	return list
}

func policy(change func(*plan.Policy)) plan.Policy {
	p := plan.Default()
	p.Entry = []string{"main.py"}
	if change != nil {
		change(&p)
	}
	return p
}

func TestFindings(t *testing.T) {
	tests := []struct {
		name   string
		files  map[string]string
		policy plan.Policy
		want   string
	}{
		{"an import off the cold-start path is nobody's concern",
			map[string]string{"main.py": "import json\n", "tool.py": "import pandas\n\n\ndef f():\n    return pandas.DataFrame()\n"},
			policy(nil), "fast_path.py:1 FP405"},
		{"a heavy import behind another file",
			map[string]string{"main.py": "import helper\n\nhelper.run()\n", "helper.py": "import pandas\n\n\ndef run():\n    pass\n\n\ndef f():\n    return pandas.DataFrame()\n"},
			policy(nil), "helper.py:1 FP101"},
		{"what a file loads that fast_path.py shows is not hidden",
			map[string]string{"main.py": "from fast_path import *\n\ngateway.run()\n", "fast_path.py": "import gateway  # 15ms but 95% usage - PROFILED 2025-11-08\n\n__all__ = [\"gateway\"]\n",
				"gateway.py": "import jmespath\n\nPATTERN = jmespath.compile(\"a\")\n\n\ndef run():\n    pass\n", "tests/test_fast_path.py": "import fast_path\n"},
			policy(nil), ""},
		{"hot but hidden", map[string]string{"main.py": "import helper\n\nhelper.run()\n",
			"helper.py": "import cachetools\n\nCACHE = cachetools.TTLCache(9, 9)\n\n\ndef run():\n    pass\n"},
			policy(nil), "helper.py:1 FP103"},
		{"a bypass of fast_path.py",
			map[string]string{"main.py": "from fast_path import *\nimport json\n\n\ndef f():\n    return json.dumps(gateway)\n",
				"fast_path.py": "import gateway  # 15ms but 95% usage - PROFILED 2025-11-08\n\n__all__ = [\"gateway\"]\n", "gateway.py": "", "tests/test_fast_path.py": "import fast_path\n"},
			policy(nil), "main.py:2 FP404"},
		{"entries without figures, and with figures that the profile contradicts",
			map[string]string{"main.py": "from fast_path import *\n\ngateway.run(json, cachetools)\n",
				"fast_path.py": "import json\nimport gateway  # 15ms but 50% usage\nimport cachetools  # 12ms but 90% usage\n\n__all__ = [\"json\", \"gateway\", \"cachetools\"]\n",
				"gateway.py":   "def run(*args):\n    pass\n", "tests/test_fast_path.py": "import fast_path\n"},
			policy(nil), "fast_path.py:1 FP401, fast_path.py:2 FP401, fast_path.py:3 FP401"},
		{"an entry that was never measured, and one whose use nobody knows",
			map[string]string{"main.py": "import unused_pool\nfrom fast_path import *\n\nunused_pool.run(mystery, urllib3)\n",
				"fast_path.py":   "import mystery  # 3ms\nimport urllib3  # 40ms\n\n__all__ = [\"mystery\", \"urllib3\"]\n",
				"unused_pool.py": "import urllib3\n\nurllib3.run()\n\n\ndef run(*args):\n    pass\n", "tests/test_fast_path.py": "import fast_path\n"},
			policy(nil), "fast_path.py:1 FP301, fast_path.py:2 FP302"},
		{"an exception that has expired, and one that is untrue",
			map[string]string{"main.py": "x = 1\n"},
			policy(func(p *plan.Policy) {
				p.Exceptions = []plan.Exception{
					{Module: "boto3", Reason: "devices", ApprovedBy: "lead", Date: "2025-10-08", Review: "2025-11-10"},
					{Module: "pandas", Reason: "reports", ApprovedBy: "lead", Date: "2025-11-08", Review: "2026-01-01"},
				}
			}), "fast_path.py:1 FP402, fast_path.py:1 FP402"},
		{"a budget of imports that is reached",
			map[string]string{"main.py": "import gateway\nimport json\n\n\ndef f():\n    return gateway, json\n", "gateway.py": ""},
			policy(func(p *plan.Policy) { p.FastPath.MaxImports = 2; p.FastPath.MaxTotalMS = 15.8 }),
			"fast_path.py:1 FP403, fast_path.py:1 FP403, fast_path.py:1 FP405"},
		{"a claim that does not hold, and one that does",
			map[string]string{"main.py": "import pandas  # fastpath: keep(eager-use) - a base class\nimport requests  # fastpath: keep(eager-use) - a base class\n\n\nclass C(pandas.DataFrame):\n    pass\n\n\ndef f():\n    return requests.get\n"},
			policy(nil), "main.py:2 FP601"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Join(find(t, test.files, test.policy, Options{Today: "2025-11-20", MaxProfileAge: 31}), ", ")
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestCodesAreInOrderAndComplete(t *testing.T) {
	for i, c := range Codes {
		if i > 0 && Codes[i-1].ID >= c.ID {
			t.Errorf("%s stands after %s", c.ID, Codes[i-1].ID)
		}
		if c.Name == "" || c.What == "" || c.Why == "" || c.Fix == "" || c.Severity == "" {
			t.Errorf("%s is not explained completely", c.ID)
		}
		for _, name := range append([]string{c.ID, strings.ToLower(c.ID), c.Name}, c.Kinds()...) {
			if found, ok := Find(name); !ok || found.ID != c.ID {
				t.Errorf("Find(%q) gives %v", name, found.ID)
			}
		}
	}
}

func TestPathIgnoresAndSelection(t *testing.T) {
	files := map[string]string{"main.py": "import pandas\n\n\ndef f():\n    return pandas.DataFrame()\n"}
	for _, test := range []struct {
		options Options
		want    string
	}{
		{Options{}, "main.py:1 FP101"},
		{Options{Select: []string{"FP2"}}, ""},
		{Options{Ignore: []string{"heavy-import"}}, ""},
		{Options{PerPathIgnore: map[string][]string{"main.*": {"FP101"}}}, ""},
		{Options{PerPathIgnore: map[string][]string{"other/**": {"FP101"}}}, "main.py:1 FP101"},
	} {
		p := plan.Default()
		if got := strings.Join(find(t, files, p, test.options), ", "); got != test.want {
			t.Errorf("%+v: got %q, want %q", test.options, got, test.want)
		}
	}
}
