package fastpath

import (
	"regexp"
	"strconv"
	"strings"

	"fastpath/plan"
)

// A remark is the comment behind an import: markers for other tools, figures,
// and what somebody noted.
//
//	import gateway  # noqa: F401  # 15ms but 95% usage - PROFILED 2025-11-08; routes everything
type remark struct {
	markers []string // "# noqa: F401", as written
	ms      plan.Measure
	usage   plan.Measure
	date    string
	note    string
}

var (
	marker    = regexp.MustCompile(`(?i)^#\s*(noqa|type:|isort:|usort:|pylint:|pyright:|mypy:|pyre|ruff:|flake8:|fmt:|nosec|nopycln|pragma:|fastpath:)`)
	hashStart = regexp.MustCompile(`\s#`)
	timing    = regexp.MustCompile(`^#\s*(?:not profiled|([0-9][0-9,]*(?:\.[0-9]+)?)ms)\b`)
	usageOf   = regexp.MustCompile(`^(?:,| but| and)? ([0-9]+(?:\.[0-9]+)?)% usage\b`)
	dated     = regexp.MustCompile(`^ - PROFILED ([0-9]{4}-[0-9]{2}-[0-9]{2})\b| - PROFILED ([0-9]{4}-[0-9]{2}-[0-9]{2})$`)
	separator = regexp.MustCompile(`^(?:[;,]| -)? *`)
)

// parseRemark reads a comment with its "#"; "" gives an empty remark.
func parseRemark(comment string) remark {
	var r remark
	var words []string
	for _, part := range splitHashes(comment) {
		if marker.MatchString(part) {
			r.markers = append(r.markers, part)
			continue
		}
		words = append(words, part)
	}
	rest := comment
	if len(r.markers) > 0 {
		rest = strings.Join(words, "  ")
	}
	m := timing.FindStringSubmatch(rest)
	if m == nil {
		rest, r.date = undated(rest)
		r.note = strings.TrimLeft(strings.TrimPrefix(rest, "#"), " \t")
		return r
	}
	rest = rest[len(m[0]):]
	r.ms = number(m[1])
	if m := usageOf.FindStringSubmatch(rest); m != nil {
		rest = rest[len(m[0]):]
		r.usage = number(m[1])
	}
	rest, r.date = undated(rest)
	r.note = rest[len(separator.FindString(rest)):]
	return r
}

// undated takes the profiling date off the start and the end of a text. People
// put it behind their note, this package in front of it.
func undated(text string) (rest, date string) {
	for m := dated.FindStringSubmatchIndex(text); m != nil; m = dated.FindStringSubmatchIndex(text) {
		if date == "" {
			date = text[m[1]-len("2025-11-08") : m[1]]
		}
		text = text[:m[0]] + text[m[1]:]
	}
	return text, date
}

// splitHashes cuts "# noqa  # 15ms" before each "#" that follows a blank.
func splitHashes(comment string) []string {
	var parts []string
	for comment != "" {
		end := len(comment)
		if m := hashStart.FindStringIndex(comment); m != nil {
			end = m[0]
		}
		parts = append(parts, strings.TrimRight(comment[:end], " \t"))
		comment = strings.TrimLeft(comment[end:], " \t")
	}
	return parts
}

// text spells the remark for an import of the given tier.
func (r remark) text(tier int) string {
	text := "# not profiled"
	if r.ms.Known {
		text = "# " + ms(r.ms.Value) + "ms"
	}
	if r.usage.Known {
		if tier > 1 {
			text += " but "
		} else {
			text += ", "
		}
		text += decimal(r.usage.Value, 1) + "% usage"
	}
	if r.date != "" {
		text += " - PROFILED " + r.date
	}
	if r.note != "" {
		text += "; " + r.note
	}
	return strings.Join(append(append([]string(nil), r.markers...), text), "  ")
}

func number(text string) plan.Measure {
	v, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	return plan.Measure{Value: v, Known: err == nil}
}

// ms spells milliseconds with as many digits as tell something: 0.04, 0.8, 55.4.
func ms(v float64) string {
	if v < 0.1 {
		return decimal(v, 2)
	}
	return decimal(v, 1)
}

// decimal spells v with at most the given number of decimals.
func decimal(v float64, decimals int) string {
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// grouped spells v as a whole number with commas: 3,150,000.
func grouped(v float64) string {
	text := strconv.FormatFloat(v, 'f', 0, 64)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func trimComment(line string) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "#"))
}
