package evidence

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// Confidence of the intervals. At 99 percent, two equal programs pass for
// different in one comparison of a hundred.
const Confidence = 0.99

// Resolution is the relative difference that a comparison is to find.
const Resolution = 0.05

// resamples of the bootstrap: 20 of them lie beyond each end of a 99 percent
// interval, which keeps the ends steady.
const resamples = 4000

// enough is the half width of the interval of the ratio at which a difference
// of Resolution is found in 95 of 100 comparisons: the normal quantiles 2.58 for
// the interval and 1.64 for the finding share the resolution.
const enough = Resolution * 2.58 / (2.58 + 1.64)

// MinSamples on either side are needed for an interval that means something:
// below, the percentile bootstrap of a median is too narrow.
const MinSamples = 10

// An Interval is an estimate and the bounds that hold the truth with Confidence.
type Interval struct{ Estimate, Low, High float64 }

// A Verdict is what a comparison says.
type Verdict string

const (
	Faster  Verdict = "faster"
	Slower  Verdict = "slower"
	Same    Verdict = "no difference" // any difference is smaller than Resolution
	Unclear Verdict = "unclear"       // too few samples, or too noisy, to tell
)

// A Comparison holds two series of samples against each other.
type Comparison struct {
	Before, After Interval // medians
	Ratio         Interval // median after / median before
	Difference    Interval // median after - median before
	Verdict       Verdict
	// Needed is the number of samples on either side after which a difference
	// of Resolution should show; 0 if there are enough.
	Needed int
}

// Compare judges samples of one quantity, of which less is better. Sample i of
// before and sample i of after were taken next to each other where both series
// are equally long: then they are drawn as pairs, and the drift of a machine
// falls out.
//
// The intervals are percentile bootstraps of medians. Samples that are not
// finite, or not above zero, are left out.
func Compare(before, after []float64) Comparison {
	paired := len(before) == len(after)
	before, after, paired = usable(before, after, paired)
	c := Comparison{Verdict: Unclear}
	if len(before) == 0 || len(after) == 0 {
		c.Needed = MinSamples
		return c
	}
	draw := generator{state: seed}
	first, second := newSeries(before), newSeries(after)
	medians := make([][4]float64, resamples)
	for i := range medians {
		first.draw(&draw)
		if paired {
			copy(second.weights, first.weights)
		} else {
			second.draw(&draw)
		}
		mb, ma := first.median(), second.median()
		medians[i] = [4]float64{mb, ma, ma / mb, ma - mb}
	}
	mb, ma := first.whole(), second.whole()
	c.Before, c.After = bounds(medians, 0, mb), bounds(medians, 1, ma)
	c.Ratio, c.Difference = bounds(medians, 2, ma/mb), bounds(medians, 3, ma-mb)

	samples := min(len(before), len(after))
	half := (c.Ratio.High - c.Ratio.Low) / 2
	if half > enough {
		c.Needed = int(math.Ceil(float64(samples) * (half / enough) * (half / enough)))
	}
	c.Needed = max(c.Needed, 0)
	if samples < MinSamples {
		c.Needed = max(c.Needed, MinSamples)
		return c
	}
	switch {
	case c.Ratio.High < 1:
		c.Verdict = Faster
	case c.Ratio.Low > 1:
		c.Verdict = Slower
	case c.Ratio.Low > 1-Resolution && c.Ratio.High < 1+Resolution:
		c.Verdict = Same
	}
	return c
}

// Summarize gives the median of one series with its interval.
func Summarize(samples []float64) Interval {
	return Compare(samples, samples).Before
}

// usable leaves out what is no measurement, in pairs where there are pairs.
func usable(before, after []float64, paired bool) (b, a []float64, pairs bool) {
	good := func(x float64) bool { return x > 0 && !math.IsInf(x, 1) }
	if paired {
		for i := range before {
			if good(before[i]) && good(after[i]) {
				b, a = append(b, before[i]), append(a, after[i])
			}
		}
		return b, a, true
	}
	bad := func(x float64) bool { return !good(x) }
	return slices.DeleteFunc(slices.Clone(before), bad), slices.DeleteFunc(slices.Clone(after), bad), false
}

// bounds takes the ends of the interval from one column of the resamples.
func bounds(rows [][4]float64, column int, estimate float64) Interval {
	values := make([]float64, len(rows))
	for i, row := range rows {
		values[i] = row[column]
	}
	slices.Sort(values)
	out := int(float64(len(values)) * (1 - Confidence) / 2)
	return Interval{Estimate: estimate, Low: min(values[out], estimate), High: max(values[len(values)-1-out], estimate)}
}

// A series is samples of which each can be drawn several times: a resample is
// how often. Its median takes one walk in the order of the samples.
type series struct {
	samples []float64
	order   []int // positions of the samples, the least first
	weights []int
}

func newSeries(samples []float64) *series {
	s := &series{samples: samples, order: make([]int, len(samples)), weights: make([]int, len(samples))}
	for i := range s.order {
		s.order[i] = i
	}
	slices.SortFunc(s.order, func(a, b int) int { return cmp.Compare(samples[a], samples[b]) })
	return s
}

func (s *series) draw(g *generator) {
	clear(s.weights)
	for range s.samples {
		s.weights[g.below(len(s.samples))]++
	}
}

// median is the middle of the drawn samples, or the mean of the middle two.
func (s *series) median() float64 {
	n, seen, low := len(s.samples), 0, math.NaN()
	for _, at := range s.order {
		seen += s.weights[at]
		if math.IsNaN(low) && seen > (n-1)/2 {
			low = s.samples[at]
		}
		if seen > n/2 {
			return (low + s.samples[at]) / 2
		}
	}
	return low
}

// whole is the median of the samples themselves.
func (s *series) whole() float64 {
	for i := range s.weights {
		s.weights[i] = 1
	}
	return s.median()
}

const seed = 0x9e3779b97f4a7c15

// A generator is SplitMix64 (Steele, Lea and Flood, 2014): the same draws on
// every machine and in every version of Go.
type generator struct{ state uint64 }

func (g *generator) next() uint64 {
	g.state += 0x9e3779b97f4a7c15
	z := g.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below gives a number from 0 to n-1; its bias is below n in 2^64.
func (g *generator) below(n int) int {
	high, _ := bits.Mul64(g.next(), uint64(n))
	return int(high)
}
