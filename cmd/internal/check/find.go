package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/plan/glob"
	"fastpath/rewrite/fastpath"
)

// A Finding is one thing to act on.
type Finding struct {
	Code     Code
	File     string // slash path relative to the root
	Line     int    // 1-based; 1 for what concerns the whole file
	Module   string // the import it is about; "" for none
	Message  string
	Hint     string
	ImportMS plan.Measure
	UsagePct plan.Measure
	Chain    []string // the import chain from an entry, where one matters
}

// Options say what to look for.
type Options struct {
	Today         string // "2006-01-02"
	ProfilePath   string // how messages name the profile
	MaxProfileAge int    // days
	Select        []string
	Ignore        []string
	PerPathIgnore map[string][]string

	Suppressed       []Suppression // findings accepted for the time being
	SuppressionsPath string        // how messages name their file
	Allowed          *Eager        // what the cold start may load; nil where nothing says
	EagerPath        string        // how messages name the file of that list
}

// A Tree is what findings are drawn from.
type Tree struct {
	Input  plan.Input
	Plan   *plan.Plan
	Chosen []bool    // by index into Input.Modules: the files asked about; nil for all
	Broken []Finding // files that do not parse
	// FastPaths are the fast_path.py files as they stand, by path.
	FastPaths map[string]fastpath.Doc
	// Measured is what was moved and measured; the zero value knows nothing.
	Measured Measured
}

// All lists the findings that stand, in file and line order, and how many
// comments and configuration suppressed.
func All(t Tree, o Options) (findings []Finding, suppressed int) {
	s := &search{Tree: t, Options: o}
	s.imports()
	s.repeats()
	s.exceptions()
	s.budget()
	s.refusals()
	s.staleness()
	s.newcomers()
	s.entries()
	s.measurements()
	s.keeps() // last: a claim may name any of the findings above
	findings = append(s.found, t.Broken...)
	findings = slices.DeleteFunc(findings, func(f Finding) bool {
		switch {
		case len(o.Select) > 0 && !f.Code.selects(o.Select):
			return true
		case f.Code.selects(o.Ignore):
			return true
		case s.kept(f) || s.ignoredAt(f):
			suppressed++
			return true
		}
		return false
	})
	findings, accepted := s.suppress(findings)
	suppressed += accepted
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Code.ID, b.Code.ID), cmp.Compare(a.Module, b.Module))
	})
	return slices.CompactFunc(findings, func(a, b Finding) bool {
		return a.File == b.File && a.Line == b.Line && a.Code.ID == b.Code.ID && a.Module == b.Module && a.Message == b.Message
	}), suppressed
}

// Failing tells whether a finding among them is an error.
func Failing(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Code.Severity == Error })
}

type search struct {
	Tree
	Options
	found []Finding
}

// add takes a finding in under a code's ID or the name of its kind.
func (s *search) add(name string, f Finding) {
	f.Code, _ = Find(name)
	if f.Hint == "" {
		f.Hint = f.Code.Fix
	}
	f.Line = max(f.Line, 1)
	s.found = append(s.found, f)
}

func (s *search) asked(file int) bool { return s.Chosen == nil || s.Chosen[file] }

// imports looks at each import unit by itself.
func (s *search) imports() {
	for i := range s.Plan.Decisions {
		d := &s.Plan.Decisions[i]
		if !s.asked(d.File) {
			continue
		}
		m := s.Input.Modules[d.File]
		u := &m.Units[d.Unit]
		if u.Bound == "" || u.Module == "__future__" {
			continue
		}
		f := Finding{File: m.Path, Line: u.Line, Module: target(u), ImportMS: d.ImportMS, UsagePct: d.UsagePct}
		switch site := m.Statements[u.Statement].Site; site {
		case facts.SiteModule, facts.SiteGuarded, facts.SiteClass:
			s.atModuleLevel(d, m, f)
		case facts.SiteFunction:
			s.inFunction(d, f)
		}
	}
}

func (s *search) atModuleLevel(d *plan.Decision, m *facts.Module, f Finding) {
	f.Chain = s.Plan.Start.Chain(d.File)
	if !s.Plan.Start.Loads(d.File) || s.isTest(m) {
		return
	}
	wanted := d.Level == plan.FunctionLevel && d.Status != plan.StatusNoGain
	switch {
	case wanted && d.Rule == plan.RuleHeavy:
		f.Message = fmt.Sprintf("%s takes %s ms to import and is imported at module level%s", f.Module, figure(d.ImportMS), s.why(d))
		f.Hint = s.hint(d)
		s.add("FP101", f)
	case wanted && d.Rule == plan.RuleCold:
		f.Message = fmt.Sprintf("%s takes %s ms to import, is used by %s %% of requests and is imported at module level%s",
			f.Module, figure(d.ImportMS), figure(d.UsagePct), s.why(d))
		f.Hint = s.hint(d)
		s.add("FP102", f)
	case s.hidden(d, m):
		f.Message = fmt.Sprintf("%s takes %s ms to import at cold start, but fast_path.py does not show it", f.Module, figure(d.ImportMS))
		s.add("FP103", f)
	case s.Input.Profile == nil || s.FastPaths[m.Path].Entries == nil:
		// Of what stays at module level elsewhere, nobody claimed that it is fast.
	case d.Rule == plan.RuleNotProfiled:
		f.Message = fmt.Sprintf("%s stands in fast_path.py, and its cost was never measured", f.Module)
		s.add("FP301", f)
	case d.Rule == plan.RuleNoUsage:
		f.Message = fmt.Sprintf("%s takes %s ms to import, and nothing says how often it is used", f.Module, figure(d.ImportMS))
		s.add("FP302", f)
	}
	if d.Status == plan.StatusMove && d.Action == plan.Consolidate && s.fastPathExists() {
		f.Message = fmt.Sprintf("%s is imported beside fast_path.py", f.Module)
		f.Hint = ""
		s.add("FP404", f)
	}
}

func (s *search) inFunction(d *plan.Decision, f Finding) {
	if s.Input.Profile == nil {
		return
	}
	moves := d.Status == plan.StatusMove && (d.Action == plan.Hoist || d.Action == plan.Drop || d.Action == plan.Consolidate)
	switch {
	case moves && d.Rule == plan.RuleFast:
		f.Message = fmt.Sprintf("%s takes only %s ms to import and is imported inside a function", f.Module, figure(d.ImportMS))
		s.add("FP201", f)
	case moves:
		f.Message = fmt.Sprintf("%s is used by %s %% of requests and is imported inside a function (%s ms)", f.Module, figure(d.UsagePct), figure(d.ImportMS))
		s.add("FP202", f)
	case d.Rule == plan.RuleNotProfiled:
		f.Message = fmt.Sprintf("%s is imported inside a function, and its cost was never measured", f.Module)
		s.add("FP301", f)
	case d.Rule == plan.RuleNoUsage:
		f.Message = fmt.Sprintf("%s takes %s ms to import, and nothing says how often it is used", f.Module, figure(d.ImportMS))
		s.add("FP302", f)
	}
}

// repeats finds imports decided `module` that stand in three or more functions
// of a file.
func (s *search) repeats() {
	type key struct {
		file          int
		target, bound string
	}
	lines := map[key][]int{}
	var order []key
	for _, d := range s.Plan.Decisions {
		m := s.Input.Modules[d.File]
		u := &m.Units[d.Unit]
		if !s.asked(d.File) || d.Level != plan.ModuleLevel || m.Statements[u.Statement].Site != facts.SiteFunction {
			continue
		}
		k := key{d.File, target(u), u.Bound}
		if lines[k] == nil {
			order = append(order, k)
		}
		lines[k] = append(lines[k], u.Line)
	}
	for _, k := range order {
		if len(lines[k]) < 3 {
			continue
		}
		s.add("FP203", Finding{File: s.Input.Modules[k.file].Path, Line: lines[k][0], Module: k.target,
			Message: fmt.Sprintf("%s is imported inside %d functions of this file (lines %s) and belongs at module level", k.target, len(lines[k]), joined(lines[k]))})
	}
}

// why says what stands in the way of a move.
func (s *search) why(d *plan.Decision) string {
	if d.Status != plan.StatusBlocked || len(d.Blockers) == 0 || s.inFastPath(d) {
		return ""
	}
	b := d.Blockers[0]
	return fmt.Sprintf("; it stays: %s (%s)", b.Message, b.Code)
}

// inFastPath tells of an import that fast_path.py hands on: nothing there uses
// it, and that is no reason to keep it.
func (s *search) inFastPath(d *plan.Decision) bool {
	_, is := s.FastPaths[s.Input.Modules[d.File].Path]
	return is
}

func (s *search) hint(d *plan.Decision) string {
	if s.inFastPath(d) {
		return "Take it out of fast_path.py and import it in the functions that use it, or document an approved exception when nearly every request needs it."
	}
	switch {
	case d.Status == plan.StatusBlocked && len(d.Blockers) > 0:
		return whileBlocked(d.Blockers[0])
	case d.Status == plan.StatusKeep:
		return "Nothing here uses it: remove it, or " + orKeep
	}
	return ""
}

// orKeep accepts a finding for good.
const orKeep = "keep it with `# fastpath: keep - reason`."

// whileBlocked says what to do about an import that `fastpath apply` cannot move.
func whileBlocked(b plan.Blocker) string {
	switch {
	case b.Hint != "":
		return strings.ToUpper(b.Hint[:1]) + b.Hint[1:] + ", or " + orKeep
	case slices.ContainsFunc(plan.Cautions, func(r plan.Reason) bool { return r.Code == b.Code }):
		return "Take `" + b.Code + "` out of `block-cautions`, or " + orKeep
	}
	return "`fastpath apply` cannot move it while that holds: change that, or " + orKeep
}

// hidden tells whether the import stays at module level of a file that is not
// consolidated, and costs time that fast_path.py does not show.
func (s *search) hidden(d *plan.Decision, m *facts.Module) bool {
	if len(s.Input.Policy.Entry) == 0 || !d.ImportMS.Known || d.ImportMS.Value < s.Input.Policy.FastMS {
		return false
	}
	module := target(&m.Units[d.Unit])
	chain := append([]string{m.Name}, s.Plan.Start.Chain(d.File)...)
	for _, fp := range s.Plan.FastPaths {
		if fp.Path == m.Path {
			return false
		}
		for _, c := range fp.Consumers {
			if c.File == d.File {
				return false
			}
		}
		for _, e := range fp.Entries {
			if e.Module == module || e.Module == m.Units[d.Unit].Module {
				return false
			}
			// What an entry loads is in the time that fast_path.py states for it.
			if slices.Contains(chain, e.Module) {
				return false
			}
		}
	}
	return true
}

func (s *search) isTest(m *facts.Module) bool { return glob.Match(s.Input.Policy.Tests, m.Path) }

func (s *search) fastPathExists() bool {
	for _, fp := range s.Plan.FastPaths {
		for _, m := range s.Input.Modules {
			if m.Path == fp.Path {
				return true
			}
		}
	}
	return false
}

// kept tells whether a comment on the line suppresses the finding.
func (s *search) kept(f Finding) bool {
	if f.Code.ID == "FP601" || f.Code.ID == "FP901" {
		return false
	}
	m := s.module(f.File)
	if m == nil {
		return false
	}
	for _, k := range m.Keeps {
		if k.Line != f.Line || k.Reason == "" {
			continue
		}
		if _, isCode := Find(k.Code); !isCode || f.Code.selects([]string{k.Code}) {
			return true
		}
	}
	return false
}

func (s *search) ignoredAt(f Finding) bool {
	for pattern, codes := range s.PerPathIgnore {
		if f.Code.selects(codes) && glob.Match([]string{pattern}, f.File) {
			return true
		}
	}
	return false
}

func (s *search) module(path string) *facts.Module {
	i, ok := slices.BinarySearchFunc(s.Input.Modules, path, func(m *facts.Module, p string) int { return strings.Compare(m.Path, p) })
	if !ok {
		return nil
	}
	return s.Input.Complete(i)
}

// target is the dotted name of what a unit imports.
func target(u *facts.Unit) string {
	if u.Attr == "" || u.Attr == "*" {
		return u.Module
	}
	return u.Module + "." + u.Attr
}

func figure(m plan.Measure) string {
	if !m.Known {
		return "an unknown number of"
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", m.Value), ".0")
}

func joined(lines []int) string {
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = fmt.Sprint(l)
	}
	return strings.Join(texts, ", ")
}
