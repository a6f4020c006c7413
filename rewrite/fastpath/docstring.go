package fastpath

import (
	"regexp"
	"strings"

	"fastpath/plan"
)

var (
	docProfiled = regexp.MustCompile(`^(\s*Last profiled:)\s*(.*?)((?:"""|''')?)$`)
	docDate     = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	docTarget   = regexp.MustCompile(`^(\s*Target cold start: <)[0-9.]+ ?(?:seconds?|ms)((?:"""|''')?)$`)
	docQuotes   = regexp.MustCompile(`^[rRuU]?("""|''')`)
)

// A threshold is a wording whose numbers are generated.
type threshold struct {
	pattern *regexp.Regexp
	values  func(plan.Limits) []float64 // one for each captured group
}

var thresholds = []threshold{
	{regexp.MustCompile(`^- Import time <([0-9.]+)ms, OR$`),
		func(l plan.Limits) []float64 { return []float64{l.FastMS} }},
	{regexp.MustCompile(`^- Used on >([0-9.]+)% of requests \(hot path exception\)$`),
		func(l plan.Limits) []float64 { return []float64{l.HotUsage} }},
	{regexp.MustCompile(`^- Import time <=([0-9.]+)ms AND used on >([0-9.]+)% of requests \(hot path\), OR$`),
		func(l plan.Limits) []float64 { return []float64{l.HeavyMS, l.HotUsage} }},
	{regexp.MustCompile(`^# Tier 1: Fast \(<([0-9.]+)ms\)$`),
		func(l plan.Limits) []float64 { return []float64{l.FastMS} }},
	{regexp.MustCompile(`^# Tier 2: Hot path \(>=([0-9.]+)ms but >([0-9.]+)% usage\)$`),
		func(l plan.Limits) []float64 { return []float64{l.FastMS, l.HotUsage} }},
	{regexp.MustCompile(`^# Tier 3: Documented exceptions \(>([0-9.]+)ms\)$`),
		func(l plan.Limits) []float64 { return []float64{l.HeavyMS} }},
}

// newHeading is the heading of a tier that has none.
func newHeading(tier int, l plan.Limits) string {
	template := [...]string{
		1: "# Tier 1: Fast (<0ms)",
		2: "# Tier 2: Hot path (>=0ms but >0% usage)",
		3: "# Tier 3: Documented exceptions (>0ms)",
	}[tier]
	text := refreshThresholds(template, l)
	if text == template {
		text, _, _ = strings.Cut(text, " (")
	}
	return text
}

// refreshThresholds puts the numbers of l into a line worded as this package
// words it; a threshold of 0 leaves the line as it is.
func refreshThresholds(line string, l plan.Limits) string {
	for _, t := range thresholds {
		m := t.pattern.FindStringSubmatchIndex(line)
		if m == nil {
			continue
		}
		var out strings.Builder
		at := 0
		for i, v := range t.values(l) {
			if v <= 0 {
				return line
			}
			out.WriteString(line[at:m[2+2*i]] + decimal(v, 2))
			at = m[3+2*i]
		}
		return out.String() + line[at:]
	}
	return line
}

// newDocstring is the docstring of a file that has none.
func newDocstring(want plan.FastPathFile, eol string) string {
	lines := []string{
		`"""Fast Path: the imports that every cold start pays for.`, "",
		"ONLY modules meeting criteria:",
		"- Import time <0ms, OR",
		"- Import time <=0ms AND used on >0% of requests (hot path), OR",
		"- Documented exception: figures, justification, approval and review date", "",
		"Last profiled: " + orUndated(want.Date),
	}
	if l := want.Limits; l.FastMS > 0 && l.HeavyMS > 0 && l.HotUsage > 0 {
		for i, line := range lines {
			lines[i] = refreshThresholds(line, l)
		}
	} else {
		lines = append(lines[:2], lines[len(lines)-1])
	}
	if want.Limits.TargetMS > 0 {
		lines = append(lines, "Target cold start: <"+duration(want.Limits.TargetMS))
	}
	lines = append(lines, "", "REVIEW REQUIRED for any changes to this file!", `"""`)
	return strings.Join(lines, eol)
}

// refreshDocstring updates the generated lines of a written docstring, and adds
// the profiling date where it is missing.
func refreshDocstring(literal string, want plan.FastPathFile, eol string) string {
	return eachLine(withDate(literal, eol), func(line string) string {
		if m := docProfiled.FindStringSubmatch(line); m != nil {
			return m[1] + " " + orUndated(want.Date) + m[3]
		}
		if m := docTarget.FindStringSubmatch(line); m != nil && want.Limits.TargetMS > 0 {
			return m[1] + duration(want.Limits.TargetMS) + m[2]
		}
		return refreshThresholds(line, want.Limits)
	})
}

// withDate adds a "Last profiled" line to a docstring that has none and can
// hold one.
func withDate(literal, eol string) string {
	open := docQuotes.FindStringSubmatch(literal)
	if open == nil || !strings.HasSuffix(literal, open[1]) {
		return literal
	}
	for _, line := range strings.Split(literal, "\n") {
		if docProfiled.MatchString(strings.TrimRight(line, "\r")) {
			return literal
		}
	}
	body := strings.TrimRight(literal[:len(literal)-len(open[1])], " \t\r\n")
	between := eol + eol
	if i := strings.LastIndexByte(body, '\n'); i >= 0 && strings.HasPrefix(body[i+1:], "Last ") {
		between = eol
	}
	return body + between + "Last profiled: " + orUndated("") + eol + open[1]
}

// profiled is the date of the docstring's "Last profiled" line; "" without one.
func profiled(literal string) string {
	for _, line := range strings.Split(literal, "\n") {
		if m := docProfiled.FindStringSubmatch(strings.TrimRight(line, "\r")); m != nil && docDate.MatchString(m[2]) {
			return m[2]
		}
	}
	return ""
}

func orUndated(date string) string {
	if date == "" {
		return "undated"
	}
	return date
}

// duration spells a target: 2 seconds, 1.5 seconds, 800ms.
func duration(v float64) string {
	if v < 1000 {
		return ms(v) + "ms"
	}
	if v == 1000 {
		return "1 second"
	}
	return decimal(v/1000, 2) + " seconds"
}
