package config

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"fastpath/cmd/internal/check"
	"fastpath/plan"
)

// liftable accepts the codes of blockers that may be allowed: those that are
// presumptions rather than proofs.
func liftable(s string) string {
	if plan.Liftable(s) {
		return ""
	}
	var all []string
	for _, r := range plan.Blockers {
		if r.Liftable {
			all = append(all, r.Code)
		}
	}
	slices.Sort(all)
	return fmt.Sprintf("%q is no blocker that may be allowed: want one of %s", s, quoted(all))
}

// caution accepts the codes of cautions.
func caution(s string) string {
	var all []string
	for _, r := range plan.Cautions {
		all = append(all, r.Code)
	}
	slices.Sort(all)
	return oneOf(all...)(s)
}

// matching are the codes that s selects: a code, the start of one such as FP1,
// or a name; blind to case. Of a code with kinds the name of one stands for that
// kind alone.
func matching(s string) []string {
	if c, ok := check.Find(s); ok {
		if slices.Contains(c.Kinds(), c.Name) && !strings.EqualFold(s, c.ID) {
			return []string{c.Name}
		}
		return []string{c.ID}
	}
	var codes []string
	for _, c := range check.Codes {
		if len(s) >= 2 && strings.HasPrefix(c.ID, strings.ToUpper(s)) {
			codes = append(codes, c.ID)
		}
	}
	return codes
}

func finding(s string) string {
	if len(matching(s)) > 0 {
		return ""
	}
	best, far := check.Codes[0], math.MaxInt
	for _, c := range check.Codes {
		for _, name := range append([]string{c.ID, c.Name}, c.Kinds()...) {
			if d := distance(s, name); d < far {
				best, _ = check.Find(name)
				far = d
			}
		}
	}
	return fmt.Sprintf("%q is no finding; did you mean %s (%s)?", s, best.ID, best.Name)
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
			return nil, errors.New(wrong)
		}
	}
	return expand(list), nil
}

// CheckAllow reports the first value of a command-line flag that names no
// blocker that may be lifted.
func CheckAllow(list []string) error {
	for _, s := range list {
		if wrong := liftable(s); wrong != "" {
			return errors.New(wrong)
		}
	}
	return nil
}
