package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fastpath/plan"
	"fastpath/plan/facts"
)

// keeps judges the keep comments themselves.
func (s *search) keeps() {
	for i, m := range s.Input.Modules {
		if !s.asked(i) {
			continue
		}
		for _, k := range m.Keeps {
			switch {
			case k.Reason == "":
				s.add("FP601", Finding{File: m.Path, Line: k.Line, Message: "the keep comment gives no reason"})
			case k.Code != "" && !s.holds(i, k):
				s.add("FP601", Finding{File: m.Path, Line: k.Line,
					Message: fmt.Sprintf("the keep comment claims %q, which does not hold here", k.Code)})
			}
		}
	}
}

// holds tells whether the claim of a keep comment is true of an import on its
// line: a finding that would stand, a blocker or the rule that decided.
func (s *search) holds(file int, k facts.Keep) bool {
	m := s.Input.Modules[file]
	if _, isCode := Find(k.Code); isCode {
		return slices.ContainsFunc(s.found, func(f Finding) bool {
			return f.File == m.Path && f.Line == k.Line && f.Code.selects([]string{k.Code})
		})
	}
	for i := range s.Plan.Decisions {
		d := &s.Plan.Decisions[i]
		if d.File != file || m.Units[d.Unit].Line != k.Line {
			continue
		}
		if string(d.Rule) == k.Code || slices.ContainsFunc(d.Blockers, func(b plan.Blocker) bool { return b.Code == k.Code }) {
			return true
		}
	}
	return false
}

// exceptions judges the documented exceptions by today's date and the data.
func (s *search) exceptions() {
	if s.Input.Profile == nil {
		return
	}
	for _, e := range s.Input.Policy.Exceptions {
		f := Finding{Module: e.Module}
		f.File, f.Line = s.exceptionPlace(e.Module)
		ms, exact, known := s.Input.Profile.Cost(e.Module)
		f.ImportMS = plan.Measure{Value: ms, Known: known && exact}
		if s.Input.Usage != nil {
			if pct, ok := s.Input.Usage.Share(e.Module); ok {
				f.UsagePct = plan.Measure{Value: pct, Known: true}
			}
		}
		kind := "exception-untrue"
		switch {
		case e.ApprovedBy == "" || e.Reason == "":
			f.Message = fmt.Sprintf("the exception for %s lacks %s", e.Module, lacking(e))
			f.Hint = "Add `reason` and `approved-by` to it in the configuration, which is the authority, or remove it and let the import move."
		case e.Review != "" && e.Review < s.Today:
			kind = "exception-expired"
			f.Message = fmt.Sprintf("the exception for %s was to be reviewed by %s", e.Module, e.Review)
		case f.UsagePct.Known && f.UsagePct.Value <= s.Input.Policy.HotUsage:
			f.Message = fmt.Sprintf("the exception for %s is untrue: %s %% of requests use it, and an exception needs more than %g %%",
				e.Module, figure(f.UsagePct), s.Input.Policy.HotUsage)
		case !f.UsagePct.Known:
			f.Message = fmt.Sprintf("the exception for %s is unproven: nothing says how often it is used", e.Module)
		default:
			continue
		}
		s.add(kind, f)
	}
}

// lacking says which of what an exception must have is not there.
func lacking(e plan.Exception) string {
	switch {
	case e.Reason != "":
		return "an approval"
	case e.ApprovedBy != "":
		return "a reason"
	}
	return "a reason and an approval"
}

// exceptionPlace is where an exception is reported: at its block in
// fast_path.py, else at its import there, else at the file that would hold it.
func (s *search) exceptionPlace(module string) (file string, line int) {
	for _, path := range slices.Sorted(maps.Keys(s.FastPaths)) {
		for _, e := range s.FastPaths[path].Entries {
			switch {
			case entryName(e) != module:
			case e.Block != nil:
				return path, e.Block.Line
			default:
				return path, e.Line
			}
		}
	}
	for _, fp := range s.Plan.FastPaths {
		return fp.Path, 1
	}
	return s.Input.Policy.FastPath.File, 1
}

// budget judges every fast_path.py against the limits of the configuration.
func (s *search) budget() {
	limit := s.Input.Policy.FastPath
	if len(s.Input.Policy.Entry) == 0 {
		return
	}
	for _, fp := range s.Plan.FastPaths {
		if len(fp.Entries) == 0 {
			continue
		}
		at := Finding{File: fp.Path, Line: 1}
		if n := len(fp.Entries); limit.MaxImports > 0 && n >= limit.MaxImports {
			at.Message = fmt.Sprintf("%d imports, and the budget is fewer than %d", n, limit.MaxImports)
			s.add("FP403", at)
		}
		if limit.MaxTotalMS > 0 && fp.TotalMS >= limit.MaxTotalMS {
			at.Message = fmt.Sprintf("the imports take %.1f ms in total, and the budget is less than %g ms", fp.TotalMS, limit.MaxTotalMS)
			s.add("FP403", at)
		}
		s.forbidden(fp)
		if s.module(fp.Path) == nil {
			at.Message = "the entry has no fast_path.py"
			s.add("FP405", at)
		} else if !s.guarded(fp.Path) {
			at.Message = "no test guards fast_path.py"
			at.Hint = "Run `fastpath init --tests` to create one."
			s.add("FP405", at)
		}
	}
}

// forbidden finds modules that fast_path.py must not load, by itself or through
// what it imports.
func (s *search) forbidden(fp plan.FastPathFile) {
	bad := func(name string) bool {
		return slices.ContainsFunc(s.Input.Policy.FastPath.Forbidden, func(f string) bool { return strings.HasPrefix(name+".", f+".") })
	}
	file := slices.IndexFunc(s.Input.Modules, func(m *facts.Module) bool { return m.Path == fp.Path })
	if file < 0 {
		for _, e := range fp.Entries {
			if bad(e.Module) {
				s.add("FP403", Finding{File: fp.Path, Module: e.Module, ImportMS: e.ImportMS, Message: e.Module + " is forbidden in fast_path.py"})
			}
		}
		return
	}
	self, start := s.Input.Modules[file], s.Plan.Start.Behind(file)
	for _, name := range start.Modules() {
		chain := start.ChainTo(name)
		// What a forbidden module loads comes with it: one finding is enough.
		if !bad(name) || slices.ContainsFunc(chain[:max(len(chain)-1, 0)], bad) {
			continue
		}
		f := Finding{Module: name, Chain: chain, Message: name + " is forbidden in fast_path.py, which loads it"}
		f.File, f.Line = s.importOf(map[string]*facts.Module{self.Name: self}, name, chain)
		if ms, exact, known := s.cost(name); known && exact {
			f.ImportMS = plan.Measure{Value: ms, Known: true}
		}
		s.add("FP403", f)
	}
}

func (s *search) cost(module string) (ms float64, exact, known bool) {
	if s.Input.Profile == nil {
		return 0, false, false
	}
	return s.Input.Profile.Cost(module)
}

// guarded tells whether a test of the tree names the fast path.
func (s *search) guarded(path string) bool {
	own := s.module(path)
	for _, m := range s.Input.Modules {
		if !s.isTest(m) {
			continue
		}
		for i := range m.Units {
			if u := &m.Units[i]; u.Module == own.Name || target(u) == own.Name {
				return true
			}
		}
		if slices.ContainsFunc(m.Loads, func(l facts.StringImport) bool { return l.Module == own.Name }) {
			return true
		}
	}
	for _, name := range []string{own.Name, path} {
		for _, i := range s.Input.Named(name) {
			if m := s.Input.Complete(i); s.isTest(m) && slices.ContainsFunc(m.Strings, func(r facts.StringRef) bool { return r.Value == name }) {
				return true
			}
		}
	}
	return false
}

// staleness judges the Python and the age of the profile.
func (s *search) staleness() {
	if s.Input.Profile == nil {
		return
	}
	if python, wanted := s.Input.Profile.Python, s.Input.Policy.RequiresPython; !admits(wanted, python) {
		s.add("FP303", Finding{File: s.ProfilePath, Line: 1,
			Message: fmt.Sprintf("the profile is of Python %s, and the project runs on %s", python, wanted)})
	}
	if s.Input.Profile.Date == "" || s.Today == "" || s.MaxProfileAge <= 0 {
		return
	}
	made, err := time.Parse(time.DateOnly, s.Input.Profile.Date)
	today, err2 := time.Parse(time.DateOnly, s.Today)
	if err != nil || err2 != nil {
		return
	}
	if days := int(today.Sub(made).Hours() / 24); days > s.MaxProfileAge {
		s.add("FP303", Finding{File: s.ProfilePath, Line: 1,
			Message: fmt.Sprintf("the profile is %d days old (%s), and the limit is %d", days, s.Input.Profile.Date, s.MaxProfileAge)})
	}
}
