package render

import (
	"io"

	"fastpath/cmd/internal/check"
	"fastpath/plan"
	"fastpath/plan/facts"
)

// moduleJSON is one element of `modules` in the JSON of explain. Times are
// milliseconds; figures that are unknown are null or absent.
type moduleJSON struct {
	Module    string       `json:"module"`
	File      string       `json:"file,omitempty"`
	ImportMS  *float64     `json:"import_ms"`
	SpreadMS  float64      `json:"spread_ms,omitempty"`
	SelfMS    float64      `json:"self_ms,omitempty"`
	RSSKB     float64      `json:"rss_kb,omitempty"`
	Failed    string       `json:"failed,omitempty"`
	UsagePct  *float64     `json:"usage_pct"`
	Decision  plan.Level   `json:"decision"`
	Rule      plan.Rule    `json:"rule"`
	Cost      *costJSON    `json:"cost,omitempty"`
	BreakEven evenJSON     `json:"break_even"`
	Loads     bool         `json:"loads"`    // at a cold start
	HoldsMS   float64      `json:"holds_ms"` // what would not load without it
	Paths     [][]plan.Hop `json:"paths"`    // shortest first
	MorePaths bool         `json:"more_paths"`
	Cut       *cutJSON     `json:"cut,omitempty"` // the smallest set of moves that keeps it from loading
}

// evenJSON is the percentage of requests above which function level costs more
// than module level; null where it never does.
type evenJSON struct {
	Formula   *float64 `json:"formula"`
	Instances *float64 `json:"instances"`
	// Cold is the percentage of cold requests above which a deferred import
	// makes them slower on average: 100/k for a handler k times slower.
	Cold float64 `json:"cold"`
}

// ExplainJSON writes the same as Explain as one JSON object: `modules` and
// `imports`, the latter as in the JSON of a plan with `turns` added.
func ExplainJSON(w io.Writer, s Shown) error {
	document := struct {
		Schema  int          `json:"schema"`
		Modules []moduleJSON `json:"modules"`
		Imports []importJSON `json:"imports"`
	}{Schema: 1, Modules: []moduleJSON{}, Imports: []importJSON{}}
	for _, e := range s.explained() {
		document.Modules = append(document.Modules, s.moduleJSON(e))
	}
	s.each(func(d *plan.Decision, m *facts.Module, u *facts.Unit) {
		row := s.importJSON(d, m, u)
		row.Turns = s.Plan.Sets.Turns(s.index(d))
		document.Imports = append(document.Imports, row)
	})
	return writeJSON(w, document)
}

func (s Shown) moduleJSON(e explained) moduleJSON {
	sets, t := s.Plan.Sets, s.Input.Policy.Traffic
	m := moduleJSON{Module: e.module, File: e.file, ImportMS: number(e.d.ImportMS), UsagePct: number(e.d.UsagePct),
		Decision: e.d.Level, Rule: e.d.Rule, Cost: s.costJSON(&e.d), Paths: [][]plan.Hop{},
		BreakEven: evenJSON{number(t.BreakEven(plan.ByFormula)), number(t.BreakEven(plan.ByInstances)), 100}}
	if t.HandlerSlowdown > 0 {
		m.BreakEven.Cold = rounded(100 / t.HandlerSlowdown)
	}
	if p := s.Input.Profile; p != nil {
		measured := p.Modules[e.module]
		m.SpreadMS, m.RSSKB, m.Failed = rounded(measured.SpreadMS), rounded(measured.RSSKB), measured.Failed
	}
	f, _ := sets.Figures(e.module)
	m.SelfMS, m.Loads, m.HoldsMS = rounded(f.SelfMS), f.Loads, rounded(f.HoldsMS)
	if !f.Loads {
		return m
	}
	paths := sets.Paths(e.module, mostPaths+1)
	m.MorePaths = len(paths) > mostPaths
	m.Paths = append(m.Paths, paths[:min(len(paths), mostPaths)]...)
	cut := s.cutJSON(sets.Cut(e.module))
	m.Cut = &cut
	return m
}

// CodeJSON writes the explanation of a finding's code as one JSON object.
func CodeJSON(w io.Writer, c check.Code) error {
	return writeJSON(w, struct {
		Schema   int            `json:"schema"`
		Code     string         `json:"code"`
		Name     string         `json:"name"`
		Severity check.Severity `json:"severity"`
		Seed     string         `json:"seed,omitempty"`
		What     string         `json:"what"`
		Why      string         `json:"why"`
		Fix      string         `json:"fix"`
	}{1, c.ID, c.Name, c.Severity, c.Seed, c.What, c.Why, c.Fix})
}
