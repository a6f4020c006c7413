package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fastpath/cmd/internal/check"
	"fastpath/plan"
	"fastpath/plan/facts"
)

// pageData is what the script of the report works on. Every text in it is
// printable.
type pageData struct {
	Rows   []rowData   `json:"rows"`
	Stages []stageData `json:"stages"`
}

// A rowData is one decision. Times are milliseconds; what is unknown is null.
type rowData struct {
	File     string      `json:"file"`
	Line     int         `json:"line"`
	Name     string      `json:"name"`
	Target   string      `json:"target"`
	Site     string      `json:"site"`
	Decision plan.Level  `json:"decision"`
	Rule     plan.Rule   `json:"rule"`
	Status   plan.Status `json:"status"`
	MS       *float64    `json:"ms"`
	Use      *float64    `json:"use"`
	Saves    float64     `json:"saves"` // what the move saves; of a blocked one, what it would
	Shifts   float64     `json:"shifts,omitempty"`
	Outcome  string      `json:"outcome,omitempty"`
	Notes    []string    `json:"notes,omitempty"`
	Blockers []placeData `json:"blockers,omitempty"`
	Cautions []placeData `json:"cautions,omitempty"`
}

// A placeData is a blocker or a caution.
type placeData struct {
	Code string `json:"code"`
	At   string `json:"at,omitempty"`
	Text string `json:"text"`
	Hint string `json:"hint,omitempty"`
	More int    `json:"more,omitempty"` // places of the code that are not listed
}

// A stageData is one chart: per module its name, kind, own time and the index
// of the module that loads it, -1 for an entry.
type stageData struct {
	Slug  string   `json:"slug"`
	Loads [][4]any `json:"loads"`
}

func (p Page) data(stages []stageView) pageData {
	d := pageData{Rows: []rowData{}, Stages: []stageData{}}
	p.each(func(decision *plan.Decision, m *facts.Module, u *facts.Unit) {
		d.Rows = append(d.Rows, p.row(decision, m, u))
	})
	for _, s := range stages {
		loads := make([][4]any, len(s.loads))
		for i, l := range s.loads {
			loads[i] = [4]any{moduleText(l.Module), l.Kind, rounded(l.SelfMS), l.By}
		}
		d.Stages = append(d.Stages, stageData{s.Slug, loads})
	}
	return d
}

// moduleText is a module as one would name it: by its path, where it has no
// dotted name and stands in angle brackets.
func moduleText(name string) string {
	if inner, ok := strings.CutPrefix(name, "<"); ok {
		name = strings.TrimSuffix(inner, ">")
	}
	return Printable(name)
}

func (p Page) row(d *plan.Decision, m *facts.Module, u *facts.Unit) rowData {
	r := rowData{
		File: Printable(m.Path), Line: u.Line, Name: unitText(u), Target: Printable(dotted(u)),
		Site: m.Statements[u.Statement].Site.String(), Decision: d.Level, Rule: d.Rule, Status: d.Status,
		MS: number(d.ImportMS), Use: number(d.UsagePct), Saves: rounded(d.SavesMS), Shifts: rounded(d.ShiftsMS),
		Outcome: outcomeOf(d, m), Blockers: places(d.Blockers, m.Path), Cautions: places(d.Cautions, m.Path),
	}
	if d.Status == plan.StatusBlocked {
		r.Saves = rounded(p.Plan.Sets.Beyond(p.index(d)))
	}
	r.Notes = append(r.Notes, p.setNotes(d)...)
	if d.Rule != plan.RuleFast {
		r.Notes = append(r.Notes, p.modelNotes(d)...)
	}
	return r
}

// places lists blockers or cautions, a few of each code.
func places(list []plan.Blocker, file string) []placeData {
	total := map[string]int{}
	for _, b := range list {
		total[b.Code]++
	}
	said := map[string]int{}
	var out []placeData
	for _, b := range list {
		if said[b.Code]++; said[b.Code] > mostPlaces {
			continue
		}
		at := ""
		switch {
		case b.File != "" && b.File != file:
			at = fmt.Sprintf("%s:%d", Printable(b.File), b.Line)
		case b.Line > 0:
			at = fmt.Sprintf("line %d", b.Line)
		}
		p := placeData{Code: b.Code, At: at, Text: Printable(b.Message), Hint: Printable(b.Hint)}
		if said[b.Code] == mostPlaces {
			p.More = total[b.Code] - mostPlaces
		}
		out = append(out, p)
	}
	return out
}

// A filterView is one filter of the table and what can be chosen.
type filterView struct {
	Name    string // of the field in rowData
	Label   string
	Options []optionView
}

type optionView struct {
	Value string
	Rows  int
}

func filtersOf(rows []rowData) []filterView {
	var list []filterView
	for _, f := range []struct {
		name, label string
		of          func(rowData) []string
	}{
		{"status", "Status", func(r rowData) []string { return []string{string(r.Status)} }},
		{"decision", "Decision", func(r rowData) []string { return []string{string(r.Decision)} }},
		{"rule", "Rule", func(r rowData) []string { return []string{string(r.Rule)} }},
		{"blocker", "Blocker", func(r rowData) []string {
			var codes []string
			for _, b := range r.Blockers {
				codes = append(codes, b.Code)
			}
			slices.Sort(codes)
			return slices.Compact(codes)
		}},
		{"file", "File", func(r rowData) []string { return []string{r.File} }},
	} {
		count := map[string]int{}
		for _, r := range rows {
			for _, v := range f.of(r) {
				count[v]++
			}
		}
		v := filterView{Name: f.name, Label: f.label}
		for value, n := range count {
			v.Options = append(v.Options, optionView{value, n})
		}
		slices.SortFunc(v.Options, func(a, b optionView) int { return strings.Compare(a.Value, b.Value) })
		list = append(list, v)
	}
	return list
}

// A blockerView is what one code keeps.
type blockerView struct {
	Code    string
	Meaning string
	Imports int
	// Alone counts the imports that nothing else keeps, and LostMS is what a
	// cold start would save beyond the plan if those could move.
	Alone  int
	LostMS float64
	Lifts  bool
}

// blockers sums up the blockers by code, the dearest first, and what all that
// is blocked would save.
func (p Page) blockers() (list []blockerView, allMS float64) {
	type held struct {
		imports int
		alone   []int
	}
	by := map[string]*held{}
	var all []int
	p.each(func(d *plan.Decision, _ *facts.Module, _ *facts.Unit) {
		if d.Status != plan.StatusBlocked {
			return
		}
		all = append(all, p.index(d))
		var codes []string
		for _, b := range d.Blockers {
			if !slices.Contains(codes, b.Code) {
				codes = append(codes, b.Code)
			}
		}
		for _, c := range codes {
			if by[c] == nil {
				by[c] = &held{}
			}
			by[c].imports++
			if len(codes) == 1 {
				by[c].alone = append(by[c].alone, p.index(d))
			}
		}
	})
	for code, h := range by {
		v := blockerView{Code: code, Imports: h.imports, Alone: len(h.alone), LostMS: rounded(p.Plan.Sets.Beyond(h.alone...)), Lifts: plan.Liftable(code)}
		for _, r := range slices.Concat(plan.Blockers, plan.Cautions) {
			if r.Code == code {
				v.Meaning = r.Meaning
			}
		}
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b blockerView) int {
		return cmp.Or(cmp.Compare(b.LostMS, a.LostMS), cmp.Compare(b.Imports, a.Imports), cmp.Compare(a.Code, b.Code))
	})
	return list, rounded(p.Plan.Sets.Beyond(all...))
}

// A findingsView is the findings by code.
type findingsView struct {
	Summary string
	Number  int
	Codes   []codeView
}

type codeView struct {
	check.Code
	Findings []findingView
	Shared   bool // Fix is what to do about some of them, which do not repeat it
	More     int  // that are not listed
}

type findingView struct {
	File, Message, Hint string
	Line                int
	Chain               []string
}

// mostFindings is how many findings of one code the page lists; check has all.
const mostFindings = 200

func (p Page) findings() findingsView {
	v := findingsView{Summary: p.Findings.Summary(), Number: len(p.Findings.Findings)}
	at := map[string]int{}
	rank := map[check.Severity]int{check.Error: 0, check.Warning: 1, check.Note: 2}
	for _, f := range p.Findings.Findings {
		key := f.Code.ID + string(f.Code.Severity)
		i, seen := at[key]
		if !seen {
			i = len(v.Codes)
			at[key] = i
			v.Codes = append(v.Codes, codeView{Code: f.Code})
		}
		c := &v.Codes[i]
		if len(c.Findings) == mostFindings {
			c.More++
			continue
		}
		one := findingView{File: Printable(f.File), Line: f.Line, Message: Printable(f.Message), Hint: Printable(f.Hint)}
		if f.Hint == f.Code.Fix {
			c.Shared, one.Hint = true, ""
		}
		for _, hop := range f.Chain {
			one.Chain = append(one.Chain, moduleText(hop))
		}
		c.Findings = append(c.Findings, one)
	}
	slices.SortStableFunc(v.Codes, func(a, b codeView) int {
		return cmp.Or(cmp.Compare(rank[a.Severity], rank[b.Severity]), cmp.Compare(a.ID, b.ID))
	})
	return v
}
