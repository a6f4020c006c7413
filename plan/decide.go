package plan

import (
	"fastpath/plan/facts"
)

// decide applies the five decision rules to one unit: what level the figures
// ask for, and which rule said so. current is where the unit stands now; it is
// what unmeasured units keep.
func (w *world) decide(module string, current Level, used Measure) (Level, Rule, Measure) {
	cost, exact, ok := w.cost(module)
	if !ok {
		return current, RuleNotProfiled, Measure{}
	}
	ms := Measure{Value: cost, Known: true}
	p := w.Policy
	switch {
	case !exact && cost <= p.HeavyMS:
		// A parent's time is only a lower bound; below the limit it says nothing.
		return current, RuleNotProfiled, Measure{}
	case cost < p.FastMS:
		return ModuleLevel, RuleFast, ms
	case cost > p.HeavyMS:
		if _, ok := w.exception(module, used); ok {
			return ModuleLevel, RuleException, ms
		}
		return FunctionLevel, RuleHeavy, ms
	case !used.Known:
		return current, RuleNoUsage, ms
	case used.Value > p.HotUsage:
		return ModuleLevel, RuleHotPath, ms
	}
	return FunctionLevel, RuleCold, ms
}

// cost is the cold cumulative time of the module in milliseconds. exact is
// false when only a parent package was measured.
func (w *world) cost(module string) (ms float64, exact, ok bool) {
	if w.Profile == nil || module == "" {
		return 0, false, false
	}
	return w.Profile.Cost(module)
}

// exception finds the approved exception of the module that is unexpired on
// the profile's date and true in the data.
func (w *world) exception(module string, used Measure) (Exception, bool) {
	for _, e := range w.Policy.Exceptions {
		if e.Module == module && e.ApprovedBy != "" && e.Reason != "" &&
			(w.Profile.Date == "" || e.Review == "" || w.Profile.Date <= e.Review) &&
			used.Known && used.Value > w.Policy.HotUsage {
			return e, true
		}
	}
	return Exception{}, false
}

// usage is the share of requests that need the unit: those that ran one of
// the functions that refer to it where functions were counted, else those
// that used the module or its nearest counted parent.
func (w *world) usage(m *facts.Module, module string, users []facts.ScopeID) Measure {
	if w.Usage == nil {
		return Measure{}
	}
	names := make([]string, 0, len(users))
	for _, s := range users {
		names = append(names, m.Path+"::"+m.Scopes[s].Qualified)
	}
	if share, ok := w.Usage.Any(names...); ok && len(names) > 0 {
		switch hot := w.Policy.HotUsage; {
		case share.Low > hot:
			return Measure{Value: share.Low, Known: true}
		case share.High <= hot:
			return Measure{Value: share.High, Known: true}
		}
		return Measure{} // the bounds do not tell on which side it lies
	}
	if pct, ok := w.Usage.Share(module); ok {
		return Measure{Value: pct, Known: true}
	}
	return Measure{}
}

// currentLevel is the level at which the site of an import stands.
func currentLevel(site facts.Site) Level {
	switch site {
	case facts.SiteFunction, facts.SiteMain:
		return FunctionLevel
	case facts.SiteTypeChecking:
		return TypeChecking
	}
	return ModuleLevel
}
