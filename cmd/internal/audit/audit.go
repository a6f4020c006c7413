package audit

import (
	"cmp"
	"fmt"
	"slices"

	"fastpath/cmd/internal/check"
	"fastpath/plan/evidence"
)

// An Input is what an audit looks at. Old and New are the same tree, planned by
// the committed figures and by the new ones.
type Input struct {
	Old, New check.Tree
	Options  check.Options
	History  []evidence.Record
	// NewUsage tells that New has usage data of its own.
	NewUsage bool
	// Unbound are the names that a file reads and does not bind, by path, of each
	// file that imports a fast_path.py by a star.
	Unbound map[string][]string
}

// An Audit is the review, section by section.
type Audit struct {
	Date     string
	Sections []Section
}

// A Section is one question of the review.
type Section struct {
	Key     string // as JSON names it
	Title   string
	Summary string // one sentence: what was looked at
	Columns []Column
	Rows    []Row
}

// A Column is one fact of each row.
type Column struct{ Key, Title string }

// A Row is one thing that was looked at. A cell is a string, an int or a
// plan.Measure.
type Row struct {
	Cells   []any
	Verdict string
	Do      string // what the person is to do; "" where nobody is needed
}

// Person tells whether the row needs one.
func (r Row) Person() bool { return r.Do != "" }

// People counts the rows that need a person.
func (s Section) People() int {
	n := 0
	for _, r := range s.Rows {
		if r.Person() {
			n++
		}
	}
	return n
}

// People counts the rows of all sections that need a person.
func (a Audit) People() int {
	n := 0
	for _, s := range a.Sections {
		n += s.People()
	}
	return n
}

// Make reviews.
func Make(in Input) Audit {
	// What a list accepts or the configuration ignores is reviewed as well.
	everything := in.Options
	everything.Select, everything.Ignore, everything.PerPathIgnore, everything.Suppressed = nil, nil, nil, nil
	r := &review{Input: in, changes: compare(in.Old.Input.Profile, in.New.Input.Profile)}
	r.found, _ = check.All(in.New, everything)
	return Audit{Date: in.Options.Today, Sections: []Section{
		r.profile(), r.usage(), r.decisions(), r.fastPaths(), r.exceptions(), r.keeps(), r.budget(), r.eager(), r.findings(), r.trend(),
	}}
}

// A review is one call of Make.
type review struct {
	Input
	changes changes
	found   []check.Finding // everything that check says of New
}

// finding is the first finding with the code, in the file, on the line and about
// the module, as far as these are given.
func (r *review) finding(code, file string, line int, module string) (check.Finding, bool) {
	i := slices.IndexFunc(r.found, func(f check.Finding) bool {
		return f.Code.ID == code && (file == "" || f.File == file) && (line == 0 || f.Line == line) && (module == "" || f.Module == module)
	})
	if i < 0 {
		return check.Finding{}, false
	}
	return r.found[i], true
}

// findings lists what check reports and no other section is about, as it is
// configured.
func (r *review) findings() Section {
	s := Section{Key: "findings", Title: "Findings", Columns: []Column{{"place", "place"}, {"code", "finding"}, {"module", "module"}}}
	standing, suppressed := check.All(r.New, r.Options)
	errors := 0
	for _, f := range standing {
		if r.elsewhere(f) {
			continue
		}
		row := Row{Cells: []any{place(f.File, f.Line), f.Code.ID + " " + f.Code.Name, f.Module}, Verdict: f.Message}
		if f.Code.Severity == check.Error {
			errors++
			row.Do = f.Hint
		}
		s.Rows = append(s.Rows, row)
	}
	slices.SortStableFunc(s.Rows, func(a, b Row) int { return cmp.Compare(order(a), order(b)) })
	s.Summary = fmt.Sprintf("check reports %s and %s by the new figures", count(errors, "error"), count(len(s.Rows)-errors, "warning"))
	if suppressed > 0 {
		s.Summary += fmt.Sprintf("; %d suppressed", suppressed)
	}
	return s
}

// elsewhere tells whether another section is about what a finding says.
func (r *review) elsewhere(f check.Finding) bool {
	if slices.Contains([]string{"FP104", "FP303", "FP401", "FP402", "FP403", "FP601"}, f.Code.ID) {
		return true
	}
	_, inFastPath := r.New.FastPaths[f.File]
	return inFastPath && slices.Contains([]string{"FP101", "FP102", "FP301", "FP302"}, f.Code.ID)
}

// order puts what needs a person first.
func order(r Row) int {
	if r.Person() {
		return 0
	}
	return 1
}

func place(file string, line int) string { return fmt.Sprintf("%s:%d", file, line) }

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
