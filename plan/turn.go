package plan

import (
	"fmt"
	"strings"
)

// A Turn is something that would change a decision.
type Turn struct {
	When string `json:"when"` // the condition, as a phrase
	Then string `json:"then"` // what would happen
}

// Turns lists what would change the decision of a unit: other figures first,
// then what stands in its way.
func (s *Sets) Turns(i int) []Turn {
	d := &s.p.decisions[i]
	turns := s.p.figuresTurn(d)
	if d.Status == StatusBlocked {
		turns = append(turns, blockedTurn(d.Blockers))
	}
	if d.Status == StatusNoGain && s.Known() && len(d.NoGain) > 0 {
		if c := s.Needs(i); c.Wall == nil && len(c.Moves) > 0 {
			turns = append(turns, Turn{fmt.Sprintf("%s as well", count(len(c.Moves), "other move")), fmt.Sprintf("together they save %.1f ms", c.SavesMS)})
		}
	}
	return turns
}

// figuresTurn lists the figures by which the rules would decide otherwise.
func (p *planner) figuresTurn(d *Decision) []Turn {
	pol := p.Policy
	hot, fast, heavy := pol.HotUsage, pol.FastMS, pol.HeavyMS
	const module, function = "module level", "function level"
	between := fmt.Sprintf("an import time of %g to %g ms", fast, heavy)
	switch d.Rule {
	case RuleNotProfiled:
		return []Turn{{"a measurement: run `fastpath profile`", "the rules apply"}}
	case RuleNoUsage:
		return []Turn{
			{fmt.Sprintf("use known to be above %g %%", hot), module},
			{fmt.Sprintf("use known to be at most %g %%", hot), function},
		}
	case RuleFast:
		if d.hot(pol) {
			return []Turn{{fmt.Sprintf("an import time above %g ms", heavy), function}}
		}
		if d.UsagePct.Known {
			return []Turn{{fmt.Sprintf("an import time of %g ms or more", fast), function}}
		}
		return []Turn{{between, "use decides, and it is unknown"}, {fmt.Sprintf("an import time above %g ms", heavy), function}}
	case RuleHotPath:
		return []Turn{
			{fmt.Sprintf("use of at most %g %%", hot), function},
			{fmt.Sprintf("an import time above %g ms", heavy), function + ", without an approved exception"},
		}
	case RuleCold:
		return []Turn{
			{fmt.Sprintf("use above %g %%", hot), module},
			{fmt.Sprintf("an import time below %g ms", fast), module},
		}
	case RuleException:
		return []Turn{
			{fmt.Sprintf("use of at most %g %%", hot), function},
			{"a profile dated after the exception's review", function},
		}
	}
	turns := []Turn{{p.exceptionTurn(d), module}}
	if d.hot(pol) {
		return append(turns, Turn{fmt.Sprintf("an import time of at most %g ms", heavy), module})
	}
	return append(turns, Turn{fmt.Sprintf("an import time below %g ms", fast), module})
}

// exceptionTurn says what an exception for a heavy import lacks.
func (p *planner) exceptionTurn(d *Decision) string {
	module := p.loaded(p.Modules[d.File].Units[d.Unit])
	used := fmt.Sprintf("use above %g %%", p.Policy.HotUsage)
	for _, e := range p.Policy.Exceptions {
		switch {
		case e.Module != module:
			continue
		case e.ApprovedBy == "" || e.Reason == "":
			return "an approval and a reason for its exception"
		case !d.hot(p.Policy):
			return used + ", which its exception needs to be true"
		case p.Profile.Date != "" && e.Review != "" && p.Profile.Date > e.Review:
			return fmt.Sprintf("a review of its exception, which was due on %s", e.Review)
		}
	}
	if d.hot(p.Policy) {
		return "an approved exception"
	}
	return used + " and an approved exception"
}

// blockedTurn says which blockers stand in the way, each code once.
func blockedTurn(blockers []Blocker) Turn {
	var codes []string
	liftable := true
	seen := map[string]bool{}
	for _, b := range blockers {
		if !seen[b.Code] {
			seen[b.Code] = true
			codes = append(codes, b.Code)
			liftable = liftable && b.Liftable() && b.Code != "unused" // which has nowhere to go
		}
	}
	when := fmt.Sprintf("%s removed", count(len(blockers), "blocker"))
	if liftable {
		when += fmt.Sprintf("; `allow = [\"%s\"]` lifts all of them", strings.Join(codes, `", "`))
	}
	return Turn{when, "it could move"}
}

// count spells n things.
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
