package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"fastpath/plan"
	"fastpath/plan/facts"
)

// Explain writes what is known of the imports that are shown: figures, cost of
// each placement, what loads them at a cold start, and each decision.
func Explain(w io.Writer, s Shown, style Style) error {
	var out bytes.Buffer
	seen := map[string]bool{}
	s.each(func(d *plan.Decision, m *facts.Module, u *facts.Unit) {
		name := dotted(u)
		if seen[name] {
			return
		}
		seen[name] = true
		s.explainModule(&out, name, u.Module, d, style)
	})
	if _, err := w.Write(out.Bytes()); err != nil {
		return err
	}
	return Plan(w, s, style)
}

func (s Shown) explainModule(out *bytes.Buffer, name, module string, d *plan.Decision, style Style) {
	line := func(head, format string, args ...any) {
		writeWrapped(out, fmt.Sprintf("  %-11s", head), fmt.Sprintf(format, args...), style.width())
	}
	out.WriteString(style.Paint(Bold, Printable(name)) + "\n")
	if d.ImportMS.Known {
		line("cost", "%s ms to import", Milliseconds(d.ImportMS.Value))
	} else {
		line("cost", "not measured: run `fastpath profile`")
	}
	if d.UsagePct.Known {
		line("use", "%s of requests", measure(d.UsagePct, " %"))
	} else {
		line("use", "unknown: run `fastpath usage`")
	}
	if c, ok := d.PerDay(s.Input.Policy.Traffic); ok {
		costs := seconds(c.ModuleMS) + " s at module level"
		if c.Used {
			costs += fmt.Sprintf("; at function level %s s by the formula (import time × requests), %s s by instances (paid once per instance that needs it)",
				seconds(c.FunctionMS), seconds(c.InstanceFunctionMS))
		}
		line("per day", "%s", costs)
		for _, m := range c.Against(d.Level) {
			line("", "the rule says %s level; reckoned by %s, %s level costs less", d.Level, m, c.Favours(m))
		}
	}
	if d.WantsException(s.Input.Policy) {
		line("exception", "it could stay at module level, were that approved in the configuration:")
		fmt.Fprintf(out, "\n    [[tool.fastpath.exception]]\n    module = %q\n    reason = \"\"\n    approved-by = \"\"\n    date = \n    review = \n\n", module)
	}
	if s.Plan.Start != nil {
		if chain := s.Plan.Start.ChainTo(module); chain != nil {
			line("loaded by", "%s", Printable(strings.Join(chain, " > ")))
		}
	}
	line("rule", "%s", ruleText(d.Rule, s.Input.Policy))
	out.WriteByte('\n')
}

func seconds(ms float64) string { return Grouped(int64(ms/1000 + 0.5)) }

// ruleText says a rule in words, with the project's own thresholds.
func ruleText(r plan.Rule, p plan.Policy) string {
	switch r {
	case plan.RuleFast:
		return fmt.Sprintf("fast: below %g ms an import belongs at module level", p.FastMS)
	case plan.RuleHeavy:
		return fmt.Sprintf("heavy: above %g ms an import belongs at function level", p.HeavyMS)
	case plan.RuleException:
		return fmt.Sprintf("exception: above %g ms, with an approved exception that the data bears out", p.HeavyMS)
	case plan.RuleHotPath:
		return fmt.Sprintf("hot-path: between %g and %g ms, and used by more than %g%% of requests", p.FastMS, p.HeavyMS, p.HotUsage)
	case plan.RuleCold:
		return fmt.Sprintf("cold: between %g and %g ms, and used by at most %g%% of requests", p.FastMS, p.HeavyMS, p.HotUsage)
	case plan.RuleNoUsage:
		return fmt.Sprintf("no-usage: between %g and %g ms use decides, and it is unknown", p.FastMS, p.HeavyMS)
	}
	return "not-profiled: what was not measured stays where it is"
}
