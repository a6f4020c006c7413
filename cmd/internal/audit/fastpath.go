package audit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"fastpath/cmd/internal/check"
	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/plan/glob"
)

// fastPaths judges each import of each fast_path.py: what the file says of it,
// what the new figures say, who uses it.
func (r *review) fastPaths() Section {
	s := Section{Key: "fast_path", Title: "Entries of fast_path.py", Columns: []Column{
		{"place", "place"}, {"import", "import"}, {"stated_ms", "stated, ms"}, {"now_ms", "now, ms"},
		{"stated_pct", "stated, %"}, {"now_pct", "now, %"}, {"rule", "rule"}, {"used_by", "used by"}}}
	entries := 0
	for _, path := range slices.Sorted(maps.Keys(r.New.FastPaths)) {
		file := slices.IndexFunc(r.New.Input.Modules, func(m *facts.Module) bool { return m.Path == path })
		if file < 0 {
			continue
		}
		m := r.New.Input.Modules[file]
		for _, e := range r.New.FastPaths[path].Entries {
			unit := slices.IndexFunc(m.Units, func(u facts.Unit) bool { return u.Bound == e.Bound && u.Line == e.Line })
			if unit < 0 {
				continue
			}
			entries++
			before, now := r.decision(file, unit)
			users := r.users(m.Name, e.Bound)
			row := Row{Cells: []any{place(path, e.Line), target(&m.Units[unit]), e.ImportMS, now.ImportMS, e.UsagePct, now.UsagePct, string(now.Rule), strings.Join(users, ", ")}}
			contradicted, differs := r.finding("FP401", path, e.Line, "")
			switch why := r.unjustified(now); {
			case len(users) == 0:
				row.Verdict = "unused: no file that imports fast_path.py reads it"
				row.Do = "Take it out of " + path + "."
			case now.UsagePct.Known && now.UsagePct.Value == 0:
				row.Verdict = "unused: no request used it"
				row.Do = "Take it out of " + path + ", or record usage that shows it."
			case why != "":
				row.Verdict = "unauthorised: " + why
				if r.unjustified(before) == "" {
					row.Verdict = "no longer justified: " + why
				}
				row.Do = "Move it into the functions that use it, or document an approved exception."
			case differs:
				row.Verdict, row.Do = contradicted.Message, "Take the new figures over and run `fastpath apply`."
			default:
				row.Verdict = "justified: " + string(now.Rule)
			}
			s.Rows = append(s.Rows, row)
		}
	}
	switch {
	case len(r.New.FastPaths) == 0:
		s.Summary = "there is no fast_path.py"
	case entries == 1:
		s.Summary = "1 entry"
	default:
		s.Summary = fmt.Sprintf("%d entries", entries)
	}
	return s
}

// unjustified says why the rules do not want an import in fast_path.py; "" when
// they do.
func (r *review) unjustified(d *plan.Decision) string {
	p := r.New.Input.Policy
	switch d.Rule {
	case plan.RuleHeavy:
		return fmt.Sprintf("it takes %s ms, more than %g, and no approved and true exception covers it", figure(d.ImportMS), p.HeavyMS)
	case plan.RuleCold:
		return fmt.Sprintf("it takes %s ms, and %s %% of requests use it, not more than %g", figure(d.ImportMS), figure(d.UsagePct), p.HotUsage)
	case plan.RuleNotProfiled:
		return "it was not measured"
	case plan.RuleNoUsage:
		return fmt.Sprintf("it takes %s ms, and nothing says how often it is used", figure(d.ImportMS))
	}
	return ""
}

func figure(m plan.Measure) string {
	if !m.Known {
		return "an unknown number of"
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", m.Value), ".0")
}

// users are the files, tests aside, that read a name of a fast_path.py.
func (r *review) users(fastPath, name string) []string {
	var files []string
	for _, m := range r.New.Input.Modules {
		if m.Name == fastPath || glob.Match(r.New.Input.Policy.Tests, m.Path) {
			continue
		}
		if slices.ContainsFunc(m.Units, func(u facts.Unit) bool { return r.reads(m, u, fastPath, name) }) {
			files = append(files, m.Path)
		}
	}
	return files
}

// StarReaders are the files that import a fast_path.py by a star: an audit needs
// to know which names they take from it.
func StarReaders(t check.Tree) []string {
	named := map[string]bool{}
	for _, m := range t.Input.Modules {
		if _, is := t.FastPaths[m.Path]; is {
			named[m.Name] = true
		}
	}
	var paths []string
	for _, m := range t.Input.Modules {
		if slices.ContainsFunc(m.Units, func(u facts.Unit) bool { return u.Attr == "*" && named[u.Module] }) {
			paths = append(paths, m.Path)
		}
	}
	return paths
}

// reads tells whether a file reads a name of fast_path.py through one of its
// imports.
func (r *review) reads(m *facts.Module, u facts.Unit, fastPath, name string) bool {
	switch {
	case u.Module == fastPath && u.Attr == "*":
		return slices.Contains(r.Unbound[m.Path], name) || m.All.Present && slices.Contains(m.All.Names, name)
	case u.Name < 0:
		return false
	case u.Module == fastPath && u.Attr == name:
		return u.Reexport || len(m.Names[u.Name].Uses) > 0 || m.All.Present && slices.Contains(m.All.Names, u.Bound)
	}
	// import fast_path, from . import fast_path, import app.fast_path
	denotes := target(&u)
	if u.Attr == "" && !u.Alias {
		denotes, _, _ = strings.Cut(u.Module, ".")
	}
	return slices.ContainsFunc(m.Names[u.Name].Uses, func(use int) bool {
		path := denotes
		if chain := m.Uses[use].Chain; chain != "" {
			path += "." + chain
		}
		return path == fastPath+"."+name || strings.HasPrefix(path, fastPath+"."+name+".")
	})
}

// exceptions judges each documented exception.
func (r *review) exceptions() Section {
	s := Section{Key: "exceptions", Title: "Exceptions", Columns: []Column{
		{"module", "module"}, {"now_ms", "now, ms"}, {"now_pct", "now, %"}, {"approved_by", "approved by"}, {"date", "date"}, {"review", "review"}}}
	policy := r.New.Input.Policy
	for _, e := range policy.Exceptions {
		ms, exact, measured := r.New.Input.Profile.Cost(e.Module)
		used, counted := r.New.Input.Usage.Share(e.Module)
		row := Row{Cells: []any{e.Module, plan.Measure{Value: ms, Known: measured && exact}, plan.Measure{Value: used, Known: counted}, e.ApprovedBy, e.Date, e.Review}}
		if f, found := r.finding("FP402", "", 0, e.Module); found {
			row.Verdict, row.Do = f.Message, f.Hint
		} else if measured && exact && ms <= policy.HeavyMS {
			row.Verdict = fmt.Sprintf("no longer needed: it takes %s ms, not more than %g", figure(known(ms)), policy.HeavyMS)
			row.Do = "Remove the exception."
		} else if !measured {
			row.Verdict, row.Do = "it was not measured", "Remove the exception if nothing imports the module any more."
		} else {
			row.Verdict = "true, approved and not past its review"
		}
		s.Rows = append(s.Rows, row)
	}
	// Blocks in fast_path.py that the configuration does not know.
	for _, f := range r.found {
		if f.Code.ID == "FP402" && !slices.ContainsFunc(policy.Exceptions, func(e plan.Exception) bool { return e.Module == f.Module }) {
			s.Rows = append(s.Rows, Row{Cells: []any{f.Module, f.ImportMS, f.UsagePct, "", "", ""}, Verdict: f.Message, Do: f.Hint})
		}
	}
	s.Summary = count(len(policy.Exceptions), "documented exception")
	return s
}
