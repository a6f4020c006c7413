package evidence

// Targets are what a change has to reach.
type Targets struct {
	ColdStartMS       float64 // below this
	MinImprovement    float64 // of the cold start, 0 to 1, at least
	MaxRegression     float64 // of the cold start, at most
	MaxWarmRegression float64 // of warm requests, at most
}

// An Outcome is one target held against one comparison.
type Outcome struct {
	Target string
	Value  Interval // in the unit of Limit
	Limit  float64
	Met    bool // by the estimate
	// Certain tells that both ends of the interval are on the same side, and, of
	// a regression, that neither too few samples nor the machine made it.
	Certain bool
}

// Failed tells whether the outcome is to stop a build: a goal that the estimate
// misses, or a regression that is certain. What only scatter may have made slower
// is no regression.
func (o Outcome) Failed() bool {
	goal := o.Target == "cold-start-ms" || o.Target == "min-improvement"
	return !o.Met && (goal || o.Certain)
}

// Judge holds a comparison of cold starts against the targets. A limit of 0
// leaves its target out.
//
// The cold start is below its limit or misses it; improvement and regression
// may equal theirs.
func (t Targets) Judge(cold Comparison) []Outcome {
	var outcomes []Outcome
	improvement := Interval{Estimate: 1 - cold.Ratio.Estimate, Low: 1 - cold.Ratio.High, High: 1 - cold.Ratio.Low}
	if t.ColdStartMS > 0 {
		outcomes = append(outcomes, below("cold-start-ms", cold.After, t.ColdStartMS))
	}
	if t.MinImprovement > 0 {
		outcomes = append(outcomes, Outcome{
			Target: "min-improvement", Value: improvement, Limit: t.MinImprovement,
			Met:     reaches(improvement.Estimate, t.MinImprovement),
			Certain: reaches(improvement.Low, t.MinImprovement) == reaches(improvement.High, t.MinImprovement),
		})
	}
	if t.MaxRegression > 0 {
		outcomes = append(outcomes, atMost("max-regression", cold, t.MaxRegression))
	}
	return outcomes
}

// JudgeWarm holds a comparison of warm requests against the targets.
func (t Targets) JudgeWarm(warm Comparison) []Outcome {
	if t.MaxWarmRegression <= 0 {
		return nil
	}
	return []Outcome{atMost("max-warm-regression", warm, t.MaxWarmRegression)}
}

func below(target string, value Interval, limit float64) Outcome {
	return Outcome{Target: target, Value: value, Limit: limit, Met: value.Estimate < limit, Certain: (value.Low < limit) == (value.High < limit)}
}

func atMost(target string, c Comparison, limit float64) Outcome {
	slower := Interval{Estimate: c.Ratio.Estimate - 1, Low: c.Ratio.Low - 1, High: c.Ratio.High - 1}
	o := Outcome{Target: target, Value: slower, Limit: limit, Met: reaches(limit, slower.Estimate)}
	o.Certain = reaches(limit, slower.Low) == reaches(limit, slower.High) && !c.Few
	if machine := c.Drift.High; !o.Met && machine > 1 && reaches(limit, c.Ratio.Low/machine-1) {
		o.Certain = false
	}
	return o
}

// reaches is x >= limit for shares: 1 - 0.6 is to reach 0.4, though its float is
// a hair below.
func reaches(x, limit float64) bool { return x >= limit-1e-9 }
