package evidence

import (
	"maps"
	"slices"
)

// HasRequests tells whether requests were measured after the cold starts.
func (m *Measurement) HasRequests() bool {
	return slices.ContainsFunc(m.Samples, func(s Sample) bool { return s.FirstMS > 0 })
}

// Requests are the median times of the first and of a warm request, each over
// the classes of events by their weight; 0 where none were measured.
func (m *Measurement) Requests() (first, warm float64) {
	classes := m.classes()
	first = whole(classes, func(s Sample) float64 { return s.FirstMS })
	if len(m.WarmMS) > 0 {
		return first, Median(m.WarmMS)
	}
	return first, whole(classes, func(s Sample) float64 { return s.WarmMS })
}

// A class is the samples of one class of events.
type class struct {
	name    string
	weight  float64
	samples []Sample
}

// classes are the samples by their class of events, in the order of the names.
// Where the weights say nothing of a class, it counts as one.
func (m *Measurement) classes() []class {
	found := map[string]*class{}
	for _, s := range m.Samples {
		c := found[s.Event]
		if c == nil {
			c = &class{name: s.Event, weight: 1}
			if w, weighted := m.Events[s.Event]; weighted {
				c.weight = w
			}
			found[s.Event] = c
		}
		c.samples = append(c.samples, s)
	}
	var list []class
	for _, name := range slices.Sorted(maps.Keys(found)) {
		list = append(list, *found[name])
	}
	return list
}

// whole is the weighted mean of the medians of the classes.
func whole(classes []class, of func(Sample) float64) float64 {
	sum, weights := 0.0, 0.0
	for _, c := range classes {
		values := make([]float64, 0, len(c.samples))
		for _, s := range c.samples {
			if of(s) > 0 {
				values = append(values, of(s))
			}
		}
		if len(values) > 0 {
			sum, weights = sum+c.weight*Median(values), weights+c.weight
		}
	}
	if weights == 0 {
		return 0
	}
	return sum / weights
}

// Median is the middle of the values, or the mean of the middle two; 0 of none.
func Median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
