package config

import (
	"fmt"
	"slices"
	"strings"
)

// Liftable are the blockers that are presumptions rather than proofs, which
// alone may be allowed.
var Liftable = []string{"called-at-import", "dynamic", "exported", "import-system", "side-effect", "stubbed", "unused"}

// cautions are the remarks on a move that may be made to block it.
var cautions = []string{"async-consumer", "handler-cost", "hot-consumer", "hot-loop", "late-error", "many-sites", "thread"}

// A Finding is one thing that check can report: its stable code and name.
type Finding struct{ Code, Name string }

// Findings are all of them, by code.
var Findings = []Finding{
	{"FP101", "heavy-import"},
	{"FP102", "cold-import"},
	{"FP103", "hidden-import"},
	{"FP104", "new-eager-module"},
	{"FP201", "lazy-fast-import"},
	{"FP202", "lazy-hot-import"},
	{"FP203", "repeated-import"},
	{"FP301", "not-profiled"},
	{"FP302", "no-usage"},
	{"FP303", "profile-stale"},
	{"FP401", "unjustified-entry"},
	{"FP402", "exception"},
	{"FP403", "fast-path-budget"},
	{"FP404", "fast-path-bypassed"},
	{"FP405", "fast-path-missing"},
	{"FP501", "not-measured"},
	{"FP502", "regression"},
	{"FP601", "false-keep"},
	{"FP901", "syntax"},
}

// liftable accepts the codes of blockers that may be allowed.
func liftable(s string) string {
	if slices.Contains(Liftable, s) {
		return ""
	}
	return fmt.Sprintf("%q is no blocker that may be allowed: want one of %s", s, quoted(Liftable))
}

// matching are the codes that s selects: a code, the start of one such as FP1,
// or a name; blind to case.
func matching(s string) []string {
	var codes []string
	for _, f := range Findings {
		if len(s) >= 2 && strings.HasPrefix(f.Code, strings.ToUpper(s)) || strings.EqualFold(s, f.Name) {
			codes = append(codes, f.Code)
		}
	}
	return codes
}

func finding(s string) string {
	if len(matching(s)) > 0 {
		return ""
	}
	best := Findings[0]
	for _, f := range Findings {
		if min(distance(s, f.Code), distance(s, f.Name)) < min(distance(s, best.Code), distance(s, best.Name)) {
			best = f
		}
	}
	return fmt.Sprintf("%q is no finding; did you mean %s (%s)?", s, best.Code, best.Name)
}

// expand replaces names and starts of codes by the codes they stand for.
func expand(list []string) []string {
	if list == nil {
		return nil
	}
	codes := []string{}
	for _, s := range list {
		codes = append(codes, matching(s)...)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// FindingCodes are the codes that values of a command-line flag select.
func FindingCodes(list []string) ([]string, error) {
	for _, s := range list {
		if wrong := finding(s); wrong != "" {
			return nil, fmt.Errorf("%s", wrong)
		}
	}
	return expand(list), nil
}

// CheckAllow reports the first value of a command-line flag that names no
// blocker that may be lifted.
func CheckAllow(list []string) error {
	for _, s := range list {
		if wrong := liftable(s); wrong != "" {
			return fmt.Errorf("%s", wrong)
		}
	}
	return nil
}
