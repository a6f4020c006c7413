// Package check turns a plan into findings: what a reviewer should act on,
// each under a stable code.
//
// It knows the codes, their reasons and how comments suppress them, and reads
// plans and facts. It must not know output formats, files or the clock: today
// is an input. Its invariant: findings come in file and line order, and the
// same inputs give the same list.
package check

import (
	"slices"
	"strings"
)

// A Severity says whether a finding fails a check.
type Severity string

// Only errors set the exit code.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// A Code is one kind of finding.
type Code struct {
	ID       string
	Name     string
	Severity Severity
	Seed     string // the document that asks for it
	What     string // one sentence
	Why      string
	Fix      string
}

// Codes are all kinds of findings, by ID.
var Codes = []Code{
	{"FP101", "heavy-import", Error, "LMMS-AP-04",
		"a module that takes longer than heavy-ms to import is imported at module level on a cold-start path",
		"Every cold start pays for it, whether the request needs it or not. One import of 1,200 ms turns a two-second start into one of more than three.",
		"Run `fastpath apply` to move it into the functions that use it, or document an approved exception when nearly every request needs it."},
	{"FP102", "cold-import", Error, "LMMS-AP-04",
		"a module of moderate cost that few requests use is imported at module level",
		"The cold start pays on behalf of requests that will never come. Between the thresholds, use decides.",
		"Run `fastpath apply` to move it into the functions that use it."},
	{"FP103", "hidden-import", Warning, "LMMS-LESS-04",
		"a module that costs time is imported on the cold-start path by a file that is not consolidated, so fast_path.py does not show it",
		"What loads at cold start should be readable in one file. Imports scattered over the tree are how a start creeps from 2.1 to 3.2 seconds unnoticed.",
		"Move it into the functions that use it, or import it in fast_path.py with its figures."},
	{"FP104", "new-eager-module", Error, "LMMS-LESS-04",
		"the cold-start path loads a module that eager.json does not allow",
		"Milliseconds vary from run to run; the set of modules that load does not. A new one is a decision that someone should take.",
		"Remove the import chain that brought it in, or accept it with `fastpath check --update-eager`."},
	{"FP201", "lazy-fast-import", Warning, "LMMS-AP-02",
		"a module that takes less than fast-ms to import is imported inside a function",
		"A fast import gains nothing inside a function: it costs a look-up on every call and hides the dependency.",
		"Run `fastpath apply` to move it to module level."},
	{"FP202", "lazy-hot-import", Warning, "LMMS-AP-02",
		"a module that nearly every request uses is imported inside a function",
		"The first request pays what the start could have paid, and handler time is often the dearer of the two.",
		"Run `fastpath apply` to move it to module level."},
	{"FP203", "repeated-import", Warning, "LMMS-AP-02",
		"an import that belongs at module level stands in three or more functions of one file",
		"The same line again and again is the sign of a rule applied without measuring.",
		"Run `fastpath apply` to replace the copies by one import at module level."},
	{"FP301", "not-profiled", Warning, "LMMS-AP-01",
		"an import was placed in a function without a measurement",
		"Guessing which imports are slow is the first anti-pattern: guesses are usually wrong in both directions.",
		"Measure it: run `fastpath profile`, or add its milliseconds to profile.json."},
	{"FP302", "no-usage", Warning, "LMMS-AP-01",
		"an import of moderate cost was placed without knowing how often it is used",
		"Between the thresholds, the share of requests decides, and nothing says what it is.",
		"Record it: run `fastpath usage`, or add its percentage to usage.json."},
	{"FP303", "profile-stale", Warning, "LMMS-AP-04",
		"the profile is older than max-profile-age-days, or of another Python version",
		"Import times change with every upgrade. Decisions on old figures are guesses with a date.",
		"Measure again: run `fastpath profile`."},
	{"FP401", "unjustified-entry", Error, "LMMS-AP-04",
		"an import in fast_path.py has no figures, or figures that the profile contradicts",
		"An entry without figures cannot be reviewed, and the next one will not have them either.",
		"Run `fastpath apply` to write the figures, or move the import out of fast_path.py."},
	{"FP402", "exception", Error, "LMMS-AP-04",
		"a documented exception is expired, unapproved, or not what the data says",
		"An exception holds while it is true and reviewed. After that it is a slow import with a story.",
		"Review it: renew its date with the figures of today, or remove it and let the import move."},
	{"FP403", "fast-path-budget", Error, "LMMS-LESS-04",
		"fast_path.py holds too many imports, takes too long in total, or loads a forbidden module",
		"A budget that is never checked is spent.",
		"Move what is rarely used to function level, or argue for a larger budget in the configuration."},
	{"FP404", "fast-path-bypassed", Error, "LMMS-LESS-04",
		"a consolidated module imports at module level beside fast_path.py",
		"fast_path.py shows the hot path only if nothing goes around it.",
		"Run `fastpath apply` to take the import into fast_path.py."},
	{"FP405", "fast-path-missing", Warning, "LMMS-LESS-04",
		"an entry has no fast_path.py, or fast_path.py has no test that guards it",
		"Without the file the hot path is invisible; without the test it is unprotected.",
		"Run `fastpath apply` to create the file and `fastpath init --tests` to create the test."},
	{"FP501", "not-measured", Warning, "LMMS-AP-03",
		"imports were moved, and no measurement shows what that brought",
		"An optimisation that nobody measured is a belief.",
		"Run `fastpath measure after` and `fastpath measure compare`."},
	{"FP502", "regression", Error, "LMMS-AP-03",
		"the latest measurement is slower than its baseline or misses a target",
		"Moves are made for a figure. A measurement that is worse, or short of the target, says that they did not bring it.",
		"Look at analysis.md for what grew, and for what a cold start still loads."},
	{"FP601", "false-keep", Warning, "LMMS-LESS-04",
		"a keep comment has no reason, or claims one that does not hold",
		"A comment that stops a tool must be true, or the next reader trusts it for nothing.",
		"Give the reason after a dash, as in `# fastpath: keep - used by every plugin`, or remove the comment."},
	{"FP901", "syntax", Warning, "",
		"the file does not parse",
		"What cannot be read cannot be judged.",
		"Mend the file, or exclude it."},
}

// kinds are the names that tell the findings of one code apart, by its ID.
var kinds = map[string][]string{
	"FP402": {"exception-expired", "exception-untrue"},
	"FP502": {"regression", "target-missed"},
}

// Kinds are the names that findings of the code bear in place of its own; nil
// where they all bear that.
func (c Code) Kinds() []string { return kinds[c.ID] }

// Find looks a code up by ID or name, in any case. A code found by the name of
// a kind bears that name.
func Find(name string) (Code, bool) {
	for _, c := range Codes {
		for _, kind := range c.Kinds() {
			if strings.EqualFold(kind, name) {
				c.Name = kind
				return c, true
			}
		}
		if strings.EqualFold(c.ID, name) || strings.EqualFold(c.Name, name) {
			return c, true
		}
	}
	return Code{}, false
}

// selects tells whether one of the patterns names the code: FP101,
// heavy-import, a prefix such as FP1, or the code's name for all of its kinds.
func (c Code) selects(patterns []string) bool {
	for _, p := range patterns {
		if strings.EqualFold(p, c.Name) || len(p) >= 2 && len(p) <= len(c.ID) && strings.EqualFold(p, c.ID[:len(p)]) {
			return true
		}
		if whole, _ := Find(c.ID); strings.EqualFold(p, whole.Name) && !slices.Contains(c.Kinds(), whole.Name) {
			return true
		}
	}
	return false
}
