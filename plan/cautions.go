package plan

import (
	"fmt"

	"fastpath/plan/facts"
	"fastpath/plan/stdlib"
)

// cautions lists what is worth knowing about sinking the unit.
func (d *descent) cautions(decision Decision) []Blocker {
	var list []Blocker
	add := func(code string, line int, hint, format string, args ...any) {
		list = append(list, Blocker{Code: code, File: d.m.Path, Line: line, Message: fmt.Sprintf(format, args...), Hint: hint})
	}
	for _, l := range d.users.landings {
		if l.Scope >= 0 && d.m.Scopes[l.Scope].Async {
			s := &d.m.Scopes[l.Scope]
			add("async-consumer", s.Line, "load it in a thread at start-up, or add it to `keep`", "the first `%s` blocks the event loop while `%s` loads", s.Qualified, d.loaded(d.u))
			break
		}
	}
	if s, use, ok := d.calledInLoop(); ok {
		add("hot-loop", use.Line, "", "`%s` is called in a loop, so the look-up repeats", d.m.Scopes[s].Qualified)
	}
	for _, use := range d.m.Uses {
		if !startsThread(use.PassedTo) {
			continue
		}
		for _, b := range d.m.Names[use.Name].Bindings {
			if b.Kind == facts.ByDef && d.lands(b.Defines) {
				add("thread", use.Line, "", "`%s` runs in a thread, where the first import takes the import lock", d.m.Scopes[b.Defines].Qualified)
			}
		}
	}
	if target := d.loaded(d.u); len(d.Policy.Dependencies) > 0 && !d.inTree(target) && !stdlib.Root(target) && !d.declared(target) {
		add("late-error", d.u.Line, "declare it as a required dependency", "where `%s` is missing, the error now comes at first use", target)
	}
	if n := len(d.users.landings); d.Policy.MaxSites > 0 && n > d.Policy.MaxSites {
		add("many-sites", d.u.Line, "", "%d functions need it, more than max-sites = %d", n, d.Policy.MaxSites)
	}
	k, t := d.Policy.Traffic.HandlerSlowdown, decision.UsagePct
	if k > 0 && t.Known && t.Value/100 >= 1/k {
		add("handler-cost", d.u.Line, "", "with a handler slow-down of %g the deferred import costs more than it saves: %.4g %% of cold requests use it", k, t.Value)
	}
	if t.Known && t.Value > d.Policy.HotUsage && decision.Level == FunctionLevel {
		add("hot-consumer", d.u.Line, "move the code that needs it into a function of its own",
			"it is needed in %.4g %% of requests: the cost is shifted, not saved", t.Value)
	}
	return list
}

// calledInLoop finds a landing function that the file calls inside a loop.
func (d *descent) calledInLoop() (facts.ScopeID, facts.Use, bool) {
	for _, use := range d.m.Uses {
		if !use.InLoop || !use.Called || use.Chain != "" {
			continue
		}
		for _, b := range d.m.Names[use.Name].Bindings {
			if b.Kind == facts.ByDef && d.lands(b.Defines) {
				return b.Defines, use, true
			}
		}
	}
	return 0, facts.Use{}, false
}

func (d *descent) lands(s facts.ScopeID) bool {
	for _, l := range d.users.landings {
		if l.Scope == s {
			return true
		}
	}
	return false
}
