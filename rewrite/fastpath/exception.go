package fastpath

import (
	"regexp"
	"strings"

	"fastpath/plan"
)

const (
	noReason   = "(no justification given)"
	noApproval = "(not approved)"
)

// The lines of an exception block. What a pattern does not capture in its
// first or last group is generated.
var (
	blockTime     = regexp.MustCompile(`^(\s*Import time:\s*)([0-9][0-9,.]*)(ms\b.*)$`)
	blockUsage    = regexp.MustCompile(`^(\s*Usage frequency:\s*)([0-9][0-9.]*)(%.*)$`)
	blockReason   = regexp.MustCompile(`^\s*Justification:\s*(.*)$`)
	blockAnalysis = regexp.MustCompile(`^\s*(?:- )?Total cost analysis:\s*$`)
	blockModule   = regexp.MustCompile(`^(\s*Module level: ).*ms/day()$`)
	blockFunction = regexp.MustCompile(`^(\s*Function level: ).*ms/day()$`)
	blockDecision = regexp.MustCompile(`^(\s*Decision: )(?:Module|Function) level is [0-9.,]+× better()$`)
	blockApproved = regexp.MustCompile(`^(\s*Approved by:)\s*(.*)$`)
	blockDate     = regexp.MustCompile(`^(\s*Date:)\s*(.*)$`)
	blockReview   = regexp.MustCompile(`^(\s*Review date:)\s*(.*)$`)
	placeholder   = regexp.MustCompile(`^(\[.*\]|\(not approved\)|)$`)
)

// newBlock writes the block of an exception that the file does not justify yet.
func newBlock(e plan.FastPathEntry, eol string) block {
	x := plan.Exception{}
	if e.Exception != nil {
		x = *e.Exception
	}
	lines := []string{`"""`, "HOT PATH EXCEPTION: " + e.Module, ""}
	if e.ImportMS.Known {
		lines = append(lines, "Import time: "+ms(e.ImportMS.Value)+"ms (heavy)")
	}
	if e.UsagePct.Known {
		lines = append(lines, "Usage frequency: "+decimal(e.UsagePct.Value, 1)+"% of requests")
	}
	lines = append(lines, "Justification:")
	for i, line := range prose(x.Reason, noReason) {
		bullet := "    - "
		if i > 0 {
			bullet = "      "
		}
		lines = append(lines, bullet+line)
	}
	if module, function, decision, known := analysis(e); known {
		lines = append(lines, "    - Total cost analysis:",
			"        Module level: "+module, "        Function level: "+function, "        Decision: "+decision)
	}
	lines = append(lines, "", "Approved by: "+oneLine(x.ApprovedBy, noApproval))
	if x.Date != "" {
		lines = append(lines, "Date: "+oneLine(x.Date, ""))
	}
	if x.Review != "" {
		lines = append(lines, "Review date: "+oneLine(x.Review, ""))
	}
	lines = append(lines, `"""`)
	return block{module: e.Module, literal: strings.Join(lines, eol)}
}

// prose splits text that somebody configured into lines fit for the inside of
// a string literal.
func prose(text, otherwise string) []string {
	text = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"))
	if text == "" {
		return []string{otherwise}
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = oneLine(line, "")
	}
	return lines
}

// oneLine makes text safe within a triple-quoted string.
func oneLine(text, otherwise string) string {
	text = strings.TrimSpace(strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c == 0xfeff {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(text, "?")))
	if text == "" {
		return otherwise
	}
	text = strings.ReplaceAll(text, `\`, `\\`)
	return strings.ReplaceAll(text, `"""`, `\"\"\"`)
}

// analysis spells the costs in a day of both placements.
func analysis(e plan.FastPathEntry) (module, function, decision string, known bool) {
	d := e.Daily
	if d.ModuleMS <= 0 && d.FunctionMS <= 0 {
		return "", "", "", false
	}
	product := func(count float64, what string, cost float64) string {
		if count > 0 && e.ImportMS.Known {
			return decimal(e.ImportMS.Value, 2) + "ms × " + decimal(count, 0) + " " + what + " = " + grouped(cost) + "ms/day"
		}
		return grouped(cost) + "ms/day"
	}
	better, by := "Module", d.FunctionMS/d.ModuleMS
	if d.FunctionMS < d.ModuleMS {
		better, by = "Function", d.ModuleMS/d.FunctionMS
	}
	decision = better + " level is " + decimal(by, 1) + "× better"
	if d.ModuleMS <= 0 || d.FunctionMS <= 0 {
		decision = better + " level is free"
	}
	return product(d.ColdStarts, "cold starts", d.ModuleMS), product(d.Uses, "requests", d.FunctionMS), decision, true
}

// refresh brings the figures, costs and dates of a written block up to date
// and leaves its justification and approval alone. A review date replaces the
// written one only if it is configured.
func (b block) refresh(e plan.FastPathEntry) block {
	x := plan.Exception{}
	if e.Exception != nil {
		x = *e.Exception
	}
	module, function, decision, known := analysis(e)
	b.literal = eachLine(b.literal, func(line string) string {
		if m := blockTime.FindStringSubmatch(line); m != nil && e.ImportMS.Known {
			return m[1] + ms(e.ImportMS.Value) + m[3]
		}
		if m := blockUsage.FindStringSubmatch(line); m != nil && e.UsagePct.Known {
			return m[1] + decimal(e.UsagePct.Value, 1) + m[3]
		}
		if known {
			for _, cost := range []struct {
				pattern *regexp.Regexp
				text    string
			}{{blockModule, module}, {blockFunction, function}, {blockDecision, decision}} {
				if m := cost.pattern.FindStringSubmatch(line); m != nil {
					return m[1] + cost.text
				}
			}
		}
		if m := blockApproved.FindStringSubmatch(line); m != nil && placeholder.MatchString(m[2]) && x.ApprovedBy != "" {
			return m[1] + " " + oneLine(x.ApprovedBy, "")
		}
		if m := blockDate.FindStringSubmatch(line); m != nil && x.Date != "" {
			return m[1] + " " + oneLine(x.Date, "")
		}
		if m := blockReview.FindStringSubmatch(line); m != nil && x.Review != "" {
			return m[1] + " " + oneLine(x.Review, "")
		}
		return line
	})
	return b
}

// eachLine maps the lines of a text and keeps their ends.
func eachLine(text string, f func(string) string) string {
	var out strings.Builder
	for _, line := range strings.SplitAfter(text, "\n") {
		body := strings.TrimRight(line, "\r\n")
		out.WriteString(f(body))
		out.WriteString(line[len(body):])
	}
	return out.String()
}

// parse reads what a block claims.
func (b block) parse() Block {
	out := Block{Line: b.line, Exception: plan.Exception{Module: b.module}}
	var reason []string
	inReason, inAnalysis := false, false
	for _, line := range strings.Split(b.literal, "\n") {
		line = strings.TrimRight(line, "\r")
		value := func(p *regexp.Regexp) (string, bool) {
			m := p.FindStringSubmatch(line)
			if m == nil {
				return "", false
			}
			inReason = false
			return strings.TrimRight(strings.TrimSpace(m[2]), `"'`), true
		}
		text := strings.TrimSpace(line)
		if v, found := value(blockTime); found {
			out.ImportMS = number(v)
		} else if v, found := value(blockUsage); found {
			out.UsagePct = number(v)
		} else if v, found := value(blockApproved); found {
			if !placeholder.MatchString(v) {
				out.Exception.ApprovedBy = v
			}
		} else if v, found := value(blockDate); found {
			out.Exception.Date = v
		} else if v, found := value(blockReview); found {
			out.Exception.Review = v
		} else if m := blockReason.FindStringSubmatch(line); m != nil {
			inReason, inAnalysis = true, false
			if m[1] != "" {
				reason = append(reason, m[1])
			}
		} else if blockAnalysis.MatchString(line) {
			inAnalysis = true
		} else if inReason && text != "" {
			if strings.HasPrefix(text, "- ") {
				inAnalysis = false
			}
			if text = strings.TrimPrefix(text, "- "); !inAnalysis && text != noReason && strings.Trim(text, `"'`) != "" {
				reason = append(reason, text)
			}
		}
	}
	x := &out.Exception
	x.Reason = strings.Join(reason, "\n")
	for _, text := range []*string{&x.Reason, &x.ApprovedBy, &x.Date, &x.Review} {
		*text = unescaped.Replace(*text)
	}
	return out
}

// unescaped undoes what oneLine does to quotes and backslashes.
var unescaped = strings.NewReplacer(`\\`, `\`, `\"`, `"`)
