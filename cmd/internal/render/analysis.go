package render

import (
	"bytes"
	"fmt"

	"fastpath/plan/evidence"
)

// Analysis is a comparison of two measurements as markdown. Its dates are
// those of the measurements.
func Analysis(before, after *evidence.Measurement, c evidence.Comparison, outcomes []evidence.Outcome) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "# Cold start: %s\n\n", c.Verdict)
	out.WriteString("| | before | after |\n| --- | --- | --- |\n")
	row := func(head, b, a string) {
		if b != "" || a != "" {
			fmt.Fprintf(&out, "| %s | %s | %s |\n", head, b, a)
		}
	}
	row("median, ms", interval(c.Before, 1), interval(c.After, 1))
	row("samples", fmt.Sprint(len(before.Samples)), fmt.Sprint(len(after.Samples)))
	row("entry", Printable(before.Entry), Printable(after.Entry))
	row("date", before.Date, after.Date)
	row("Python", Printable(before.Python), Printable(after.Python))
	row("revision", Printable(before.Revision), Printable(after.Revision))
	improvement := evidence.Interval{Estimate: 1 - c.Ratio.Estimate, Low: 1 - c.Ratio.High, High: 1 - c.Ratio.Low}
	fmt.Fprintf(&out, "\nImprovement: %s %%.\n", interval(improvement, 100))
	if c.Needed > 0 {
		fmt.Fprintf(&out, "To tell for certain, measure with %d runs or more.\n", c.Needed)
	}
	if before.Python != after.Python && before.Python != "" && after.Python != "" {
		out.WriteString("The two were measured with different Pythons: the difference is not the imports' alone.\n")
	}
	if len(outcomes) > 0 {
		out.WriteString("\n| target | limit | measured | met |\n| --- | --- | --- | --- |\n")
	}
	for _, o := range outcomes {
		scale, unit := 100.0, " %"
		if o.Target == "cold-start-ms" {
			scale, unit = 1, " ms"
		}
		met := map[bool]string{true: "yes", false: "no"}[o.Met]
		if !o.Certain {
			met += ", but not for certain"
		}
		fmt.Fprintf(&out, "| %s | %g%s | %s%s | %s |\n", o.Target, o.Limit*scale, unit, interval(o.Value, scale), unit, met)
	}
	return out.Bytes()
}

// interval spells an estimate with its bounds.
func interval(i evidence.Interval, scale float64) string {
	return fmt.Sprintf("%.1f (%.1f to %.1f)", i.Estimate*scale, i.Low*scale, i.High*scale)
}
