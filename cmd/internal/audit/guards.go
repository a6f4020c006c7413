package audit

import (
	"fmt"
	"slices"
	"strings"

	"fastpath/plan"
)

// keeps judges each keep comment of the tree.
func (r *review) keeps() Section {
	s := Section{Key: "keep", Title: "Keep comments", Columns: []Column{{"place", "place"}, {"claim", "claim"}, {"reason", "reason"}}}
	for _, m := range r.New.Input.Modules {
		for _, k := range m.Keeps {
			row := Row{Cells: []any{place(m.Path, k.Line), k.Code, k.Reason}}
			f, bad := r.finding("FP601", m.Path, k.Line, "")
			switch {
			case bad:
				row.Verdict, row.Do = f.Message, f.Hint
			case k.Code == "":
				row.Verdict = "a reason in words: nothing to verify"
			default:
				row.Verdict = "true"
			}
			s.Rows = append(s.Rows, row)
		}
	}
	s.Summary = count(len(s.Rows), "comment")
	return s
}

// budget holds every fast_path.py against its limits.
func (r *review) budget() Section {
	s := Section{Key: "budget", Title: "Budget of fast_path.py", Columns: []Column{{"file", "file"}, {"what", "what"}, {"value", "value"}, {"limit", "limit"}}}
	limit := r.New.Input.Policy.FastPath
	for _, fp := range r.New.Plan.FastPaths {
		if len(fp.Entries) == 0 {
			continue
		}
		row := func(what string, value any, most float64, within bool, do string) {
			if most == 0 {
				return
			}
			row := Row{Cells: []any{fp.Path, what, value, fmt.Sprintf("less than %g", most)}, Verdict: "within"}
			if !within {
				row.Verdict, row.Do = "spent", do
			}
			s.Rows = append(s.Rows, row)
		}
		row("imports", len(fp.Entries), float64(limit.MaxImports), len(fp.Entries) < limit.MaxImports, "Move what is rarely used to function level, or raise max-imports.")
		row("total, ms", known(fp.TotalMS), limit.MaxTotalMS, fp.TotalMS < limit.MaxTotalMS, "Move what is rarely used to function level, or raise max-total-ms.")
		for _, f := range r.found {
			if f.Code.ID == "FP403" && f.File == fp.Path && f.Module != "" {
				s.Rows = append(s.Rows, Row{Cells: []any{fp.Path, "forbidden", f.Module, ""}, Verdict: f.Message, Do: f.Hint})
			}
		}
	}
	s.Summary = "no fast_path.py is planned"
	if len(s.Rows) > 0 {
		s.Summary = fmt.Sprintf("%s held against the configuration", count(len(s.Rows), "limit"))
	}
	return s
}

// eager compares what a cold start loads with what eager.json allows.
func (r *review) eager() Section {
	s := Section{Key: "eager", Title: "Modules of the cold start", Columns: []Column{{"module", "module"}, {"now_ms", "now, ms"}, {"chain", "loaded by"}}}
	loads := r.New.Plan.Start.Modules()
	switch {
	case loads == nil:
		s.Summary = "without an entry in the configuration nothing says what a cold start loads"
		return s
	case r.Options.Allowed == nil:
		s.Summary = fmt.Sprintf("%s; there is no %s to hold them against: run `fastpath check --update-eager`", count(len(loads), "module"), r.Options.EagerPath)
		return s
	}
	measure := func(module string) plan.Measure {
		m, found := r.New.Input.Profile.Modules[module]
		return cost(m, found)
	}
	for _, f := range r.found {
		if f.Code.ID == "FP104" {
			s.Rows = append(s.Rows, Row{Cells: []any{f.Module, measure(f.Module), strings.Join(f.Chain, " > ")}, Verdict: "new, and not allowed", Do: f.Hint})
		}
	}
	gone := 0
	for _, name := range r.Options.Allowed.Modules {
		if _, found := slices.BinarySearch(loads, name); !found {
			gone++
			s.Rows = append(s.Rows, Row{Cells: []any{name, measure(name), ""}, Verdict: "allowed, and no longer loaded"})
		}
	}
	s.Summary = fmt.Sprintf("%s, %d allowed", count(len(loads), "module"), len(r.Options.Allowed.Modules))
	if gone > 0 {
		s.Summary += fmt.Sprintf("; %d no longer loaded: `fastpath check --update-eager` narrows the list", gone)
	}
	return s
}
