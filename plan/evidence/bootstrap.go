package evidence

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// resamples of the bootstrap: enough that the ends of a 99.9 percent interval
// hold still.
const resamples = 10000

// A group is one class of samples, before and after, that counts with a weight.
type group struct {
	weight        float64
	before, after []float64
	paired        bool // sample i of before and of after were taken next to each other
}

// figures are what one draw of the samples gives.
type figures struct{ before, after, ratio, difference float64 }

// bootstrap draws from every group as many samples as it has, again and again,
// and gives the figures of the samples themselves and of each draw. Paired
// samples are drawn as pairs. No group may be empty.
func bootstrap(groups []group) (whole figures, draws []figures) {
	random := generator{state: seed}
	drawn := make([]*drawing, len(groups))
	for i, g := range groups {
		drawn[i] = newDrawing(g)
	}
	draws = make([]figures, resamples)
	for i := range draws {
		for _, d := range drawn {
			d.draw(&random)
		}
		draws[i] = sum(drawn)
	}
	for _, d := range drawn {
		d.all()
	}
	return sum(drawn), draws
}

// sum puts the groups together by their weights.
func sum(groups []*drawing) figures {
	var total figures
	weights, expected := 0.0, 0.0
	for _, g := range groups {
		f := g.figures()
		total.before += g.weight * f.before
		total.after += g.weight * f.after
		total.difference += g.weight * f.difference
		expected += g.weight * f.before * f.ratio
		weights += g.weight
	}
	total.ratio = expected / total.before
	total.before, total.after, total.difference = total.before/weights, total.after/weights, total.difference/weights
	return total
}

// A drawing is a group of which samples are drawn.
//
// The ratio of pairs is the mean of the middle half of the logarithms of their
// ratios, which one slow process in four does not move, and a machine that
// becomes slower neither: both of a pair meet the same machine. It takes about
// half as many samples as a ratio of medians for the same interval.
type drawing struct {
	group
	first, second      *series
	ratios, difference *series // of pairs; nil without
}

func newDrawing(g group) *drawing {
	d := &drawing{group: g, first: newSeries(g.before), second: newSeries(g.after)}
	if g.paired {
		logs, differences := make([]float64, len(g.before)), make([]float64, len(g.before))
		for i, b := range g.before {
			logs[i], differences[i] = math.Log(g.after[i]/b), g.after[i]-b
		}
		d.ratios, d.difference = newSeries(logs), newSeries(differences)
		// One draw of pairs serves all four.
		d.second.weights, d.ratios.weights, d.difference.weights = d.first.weights, d.first.weights, d.first.weights
	}
	return d
}

func (d *drawing) draw(g *generator) {
	d.first.draw(g)
	if !d.paired {
		d.second.draw(g)
	}
}

// all takes every sample once.
func (d *drawing) all() {
	d.first.all()
	d.second.all()
}

func (d *drawing) figures() figures {
	f := figures{before: d.first.median(), after: d.second.median()}
	if d.paired {
		f.ratio, f.difference = math.Exp(d.ratios.midmean()), d.difference.midmean()
	} else {
		f.ratio, f.difference = f.after/f.before, f.after-f.before
	}
	return f
}

// interval takes the ends from the draws. Percentiles of a bootstrap are too
// narrow for few samples: they are taken further out, by Student's t and by
// n/(n-1), as Hesterberg gives it (What Teachers Should Know about the
// Bootstrap, 2015).
func interval(estimate float64, draws []figures, samples int, of func(figures) float64) Interval {
	values := make([]float64, len(draws))
	for i, f := range draws {
		values[i] = of(f)
	}
	slices.Sort(values)
	n := float64(samples)
	out := 0
	if samples > 1 {
		far := math.Sqrt(n/(n-1)) * student(n-1)
		out = int(float64(len(values)) * distuv.UnitNormal.CDF(-far))
	}
	return Interval{Estimate: estimate, Low: min(values[out], estimate), High: max(values[len(values)-1-out], estimate)}
}

// student is the quantile of Student's t at the end of an interval.
func student(freedom float64) float64 {
	return distuv.StudentsT{Sigma: 1, Nu: freedom}.Quantile(1 - (1-Confidence)/2)
}

// A series is samples of which each can be drawn several times: a draw is how
// often. Its statistics take one walk in the order of the samples.
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

// all takes every sample once.
func (s *series) all() {
	for i := range s.weights {
		s.weights[i] = 1
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

// midmean is the mean of the middle half of the drawn samples; a sample at its
// edge counts in part.
func (s *series) midmean() float64 {
	n := float64(len(s.samples))
	low, high := n/4, n-n/4
	seen, total := 0.0, 0.0
	for _, at := range s.order {
		if s.weights[at] == 0 {
			continue
		}
		next := seen + float64(s.weights[at])
		if inside := min(next, high) - max(seen, low); inside > 0 {
			total += inside * s.samples[at]
		}
		if seen = next; seen >= high {
			break
		}
	}
	return total / (high - low)
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
