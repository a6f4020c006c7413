package main

import (
	"regexp"
	"strings"
	"testing"

	"fastpath/plan"
)

// TestEveryReasonOccurs demands a fixture for each reason that the planner can
// give, so that none is only described.
func TestEveryReasonOccurs(t *testing.T) {
	var plans strings.Builder
	for _, f := range loadFixtures(t) {
		plans.WriteString(f.want["plan"])
	}
	// These have no place in a plan that a fixture can show.
	elsewhere := map[string]string{
		"syntax": "a file that does not parse has no units",
		"proof":  "it tells of a defect of the program itself",
	}
	for _, r := range plan.Blockers {
		if _, ok := elsewhere[r.Code]; !ok && !hasLine(plans.String(), `      `+r.Code+` `) {
			t.Errorf("no fixture shows the blocker %q", r.Code)
		}
	}
	for _, r := range plan.Cautions {
		if !hasLine(plans.String(), `      caution `+r.Code+` `) {
			t.Errorf("no fixture shows the caution %q", r.Code)
		}
	}
	for _, rule := range []plan.Rule{plan.RuleFast, plan.RuleHeavy, plan.RuleException, plan.RuleHotPath, plan.RuleCold, plan.RuleNotProfiled, plan.RuleNoUsage} {
		if !regexp.MustCompile(`(?m)(?:keep|move|blocked|no gain) +` + string(rule) + `\b`).MatchString(plans.String()) {
			t.Errorf("no fixture shows the rule %q", rule)
		}
	}
	for _, outcome := range []string{"into ", "to module level", "repeats the module level", "to TYPE_CHECKING", "to fast_path.py", "the main guard", "loaded anyway by "} {
		if !strings.Contains(plans.String(), outcome) {
			t.Errorf("no fixture shows %q", outcome)
		}
	}
}

func hasLine(text, start string) bool {
	return strings.HasPrefix(text, start) || strings.Contains(text, "\n"+start)
}
