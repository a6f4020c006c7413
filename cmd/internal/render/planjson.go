package render

import (
	"encoding/json"
	"io"
	"math"

	"fastpath/plan"
	"fastpath/plan/facts"
)

// importJSON is one element of `imports` in the JSON of a plan. Times are
// milliseconds.
type importJSON struct {
	File     string      `json:"file"`
	Line     int         `json:"line"`
	Name     string      `json:"name"`
	Target   string      `json:"target"`
	Site     string      `json:"site"`
	Decision plan.Level  `json:"decision"`
	Rule     plan.Rule   `json:"rule"`
	Status   plan.Status `json:"status"`
	Action   string      `json:"action,omitempty"`
	ImportMS *float64    `json:"import_ms"`
	UsagePct *float64    `json:"usage_pct"`
	// SavesMS is what this move alone saves at a cold start.
	SavesMS float64 `json:"saves_ms"`
	// ShiftsMS is what it only shifts into the first request, because nearly
	// every request needs the module.
	ShiftsMS float64        `json:"shifts_ms,omitempty"`
	Cost     *costJSON      `json:"cost,omitempty"`
	NoGain   []string       `json:"no_gain,omitempty"`
	Needs    *cutJSON       `json:"needs,omitempty"` // the set that the move pays with, where it does not pay alone
	Into     []intoJSON     `json:"into"`
	Types    bool           `json:"keep_for_types,omitempty"`
	Blockers []plan.Blocker `json:"blockers"`
	Cautions []plan.Blocker `json:"cautions"`
	Turns    []plan.Turn    `json:"turns,omitempty"` // explain only: what would change the decision
}

type intoJSON struct {
	Function string `json:"function"` // "" for the main guard
	Line     int    `json:"line"`
}

// costJSON is what the import costs under both placements: per day in
// milliseconds, and per million requests in the currency of the price. Figures
// at function level are absent where use is unknown.
type costJSON struct {
	Module              float64  `json:"module_ms_per_day"`
	Function            *float64 `json:"function_ms_per_day,omitempty"`          // by the formula
	Instances           *float64 `json:"instance_function_ms_per_day,omitempty"` // by the instance model
	ModulePerMillion    float64  `json:"module_per_million"`
	FunctionPerMillion  *float64 `json:"function_per_million,omitempty"`          // by the formula
	InstancesPerMillion *float64 `json:"instance_function_per_million,omitempty"` // by the instance model
	// Favours is the cheaper level by each model, "" where both cost the same
	// within one percent.
	Favours map[plan.Model]plan.Level `json:"favours,omitempty"`
	// Against lists the models that favour another level than the decision.
	Against   []plan.Model `json:"against"`
	Exception string       `json:"exception,omitempty"` // the table of the configuration that would keep it
}

// cutJSON is a smallest set of moves that keeps a module from loading.
type cutJSON struct {
	Possible bool       `json:"possible"`
	Moves    []moveJSON `json:"moves"`
	Edits    int        `json:"edits"` // statements taken out and put in
	SavesMS  float64    `json:"saves_ms"`
	ShiftsMS float64    `json:"shifts_ms,omitempty"`
	Wall     []plan.Hop `json:"wall,omitempty"` // the chain that cannot be cut, where none is possible
}

type moveJSON struct {
	File   string      `json:"file"`
	Line   int         `json:"line"`
	Name   string      `json:"name"`
	Target string      `json:"target"`
	Status plan.Status `json:"status"` // what the plan does with it
}

// stepJSON is one element of `order`: a set of planned moves that pays as a
// whole, the best saving for an edit first.
type stepJSON struct {
	Module    string     `json:"module"` // what no longer loads
	Moves     []moveJSON `json:"moves"`
	Edits     int        `json:"edits"`
	SavesMS   float64    `json:"saves_ms"`
	PerEditMS float64    `json:"per_edit_ms"`
	SumMS     float64    `json:"sum_ms"` // of this step and all before it
}

// PlanJSON writes the decisions as one JSON object.
func PlanJSON(w io.Writer, s Shown) error {
	document := struct {
		Schema  int          `json:"schema"`
		Summary Summary      `json:"summary"`
		Imports []importJSON `json:"imports"`
		Order   []stepJSON   `json:"order"`
	}{Schema: 1, Summary: s.Summarize(), Imports: []importJSON{}, Order: s.orderJSON()}
	s.each(func(d *plan.Decision, m *facts.Module, u *facts.Unit) {
		document.Imports = append(document.Imports, s.importJSON(d, m, u))
	})
	return writeJSON(w, document)
}

func (s Shown) importJSON(d *plan.Decision, m *facts.Module, u *facts.Unit) importJSON {
	row := importJSON{
		File: m.Path, Line: u.Line, Name: u.Bound, Target: dotted(u),
		Site: m.Statements[u.Statement].Site.String(), Decision: d.Level, Rule: d.Rule, Status: d.Status,
		ImportMS: number(d.ImportMS), UsagePct: number(d.UsagePct), SavesMS: rounded(d.SavesMS), ShiftsMS: rounded(d.ShiftsMS),
		Cost: s.costJSON(d), NoGain: d.NoGain,
		Into: []intoJSON{}, Types: d.KeepForTypes, Blockers: listed(d.Blockers), Cautions: listed(d.Cautions),
	}
	if c, ok := s.needs(d); ok {
		needs := s.cutJSON(c)
		row.Needs = &needs
	}
	if d.Status == plan.StatusMove {
		row.Action = actionName(d.Action)
	}
	for _, l := range d.Into {
		if l.Scope < 0 {
			row.Into = append(row.Into, intoJSON{})
			continue
		}
		row.Into = append(row.Into, intoJSON{m.Scopes[l.Scope].Qualified, m.Scopes[l.Scope].Line})
	}
	return row
}

func (s Shown) costJSON(d *plan.Decision) *costJSON {
	t := s.Input.Policy.Traffic
	c, ok := d.PerDay(t)
	if !ok {
		return nil
	}
	cost := costJSON{Module: rounded(c.ModuleMS), ModulePerMillion: micro(t.PerMillion(c.ModuleMS)), Against: []plan.Model{}}
	if !c.Used {
		return &cost
	}
	pair := func(ms float64) (perDay, perMillion *float64) {
		a, b := rounded(ms), micro(t.PerMillion(ms))
		return &a, &b
	}
	cost.Function, cost.FunctionPerMillion = pair(c.FunctionMS)
	cost.Instances, cost.InstancesPerMillion = pair(c.InstanceFunctionMS)
	cost.Favours = map[plan.Model]plan.Level{plan.ByFormula: c.Favours(plan.ByFormula), plan.ByInstances: c.Favours(plan.ByInstances)}
	cost.Against = append(cost.Against, c.Against(d.Level)...)
	if d.WantsException(s.Input.Policy) && d.File >= 0 {
		cost.Exception = s.exception(s.module(d), d, "")
	}
	return &cost
}

func (s Shown) cutJSON(c plan.Cut) cutJSON {
	return cutJSON{Possible: c.Wall == nil, Moves: s.movesJSON(c.Moves), Edits: c.Edits,
		SavesMS: rounded(c.SavesMS), ShiftsMS: rounded(c.ShiftsMS), Wall: c.Wall}
}

func (s Shown) movesJSON(moves []int) []moveJSON {
	list := []moveJSON{}
	for _, i := range moves {
		m, u := s.unit(i)
		list = append(list, moveJSON{m.Path, u.Line, u.Bound, dotted(u), s.Plan.Decisions[i].Status})
	}
	return list
}

func (s Shown) orderJSON() []stepJSON {
	list := []stepJSON{}
	for _, step := range s.Plan.Sets.Order() {
		list = append(list, stepJSON{step.Module, s.movesJSON(step.Moves), step.Edits,
			rounded(step.SavesMS), rounded(step.PerEdit()), rounded(step.SumMS)})
	}
	return list
}

func actionName(a plan.Action) string {
	return [...]string{"", "sink", "hoist", "drop", "type-checking", "consolidate"}[a]
}

func number(m plan.Measure) *float64 {
	if !m.Known {
		return nil
	}
	v := rounded(m.Value)
	return &v
}

func rounded(v float64) float64 { return math.Round(v*1000) / 1000 }

// micro keeps six decimals: money per million requests is small change.
func micro(v float64) float64 { return math.Round(v*1e6) / 1e6 }

// listed makes an absent list an empty one: readers iterate without asking.
func listed(b []plan.Blocker) []plan.Blocker {
	if b == nil {
		return []plan.Blocker{}
	}
	return b
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
