package evidence

import (
	"math"
	"slices"
)

// Confidence of the intervals, and so the share of comparisons of equal programs
// that pass for a difference: one in a thousand.
const Confidence = 0.999

// Resolution is the relative difference that a comparison is to find, and below
// which it does not matter.
const Resolution = 0.05

// enough is the half width of the interval of the ratio at which no further
// samples are wanted. At half the resolution, the interval of a program that is
// slower by just that leaves 1 out, and that of an equal one stays within the
// resolution, each as surely as the interval holds the truth.
const enough = Resolution / 2

// MinSamples on either side are needed for an interval that means something.
const MinSamples = 10

// FirstLook is the number of samples after which it is first asked whether they
// are enough; before, their scatter is too uncertain itself.
const FirstLook = 30

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
	Ratio         Interval // after / before
	Difference    Interval // after - before
	Verdict       Verdict
	Samples       int  // on the side that has fewer
	Paired        bool // the samples were taken in turn
	Few           bool // too few samples for an interval that means something
	// Needed is the number of samples on either side after which a difference
	// of Resolution should show; 0 if there are enough.
	Needed int
	// Drift is by what the machine itself became slower or faster between two
	// measurements: the ratio of the bare interpreters. Zero for pairs.
	Drift Interval
}

// Compare judges samples of one quantity, of which less is better and which
// were taken independently.
//
// Samples that are not finite, or not above zero, are left out.
func Compare(before, after []float64) Comparison {
	return compare([]group{{weight: 1, before: before, after: after}})
}

// ComparePairs judges samples of which number i before and number i after were
// taken next to each other: the drift of a machine falls out.
func ComparePairs(before, after []float64) Comparison {
	n := min(len(before), len(after))
	return compare([]group{{weight: 1, before: before[:n], after: after[:n], paired: true}})
}

// Summarize gives the median of one series with its interval.
func Summarize(samples []float64) Interval {
	return ComparePairs(samples, samples).Before
}

func compare(groups []group) Comparison {
	c := Comparison{Verdict: Unclear, Paired: true}
	var kept []group
	for _, g := range groups {
		g.before, g.after = usable(g)
		n := min(len(g.before), len(g.after))
		if n == 0 {
			continue
		}
		c.Samples += n
		c.Paired = c.Paired && g.paired
		kept = append(kept, g)
	}
	if len(kept) == 0 {
		return Comparison{Verdict: Unclear, Needed: FirstLook}
	}
	whole, draws := bootstrap(kept)
	c.Before = interval(whole.before, draws, c.Samples, func(f figures) float64 { return f.before })
	c.After = interval(whole.after, draws, c.Samples, func(f figures) float64 { return f.after })
	c.Ratio = interval(whole.ratio, draws, c.Samples, func(f figures) float64 { return f.ratio })
	c.Difference = interval(whole.difference, draws, c.Samples, func(f figures) float64 { return f.difference })
	c.Verdict, c.Needed = judge(c.Ratio, c.Samples)
	c.Few = c.Samples < MinSamples
	return c
}

// judge gives the verdict and, where it is unclear, the samples for a clear one.
func judge(ratio Interval, samples int) (Verdict, int) {
	if samples < MinSamples {
		return Unclear, FirstLook
	}
	switch {
	case ratio.High < 1:
		return Faster, 0
	case ratio.Low > 1:
		return Slower, 0
	case ratio.Low > 1-Resolution && ratio.High < 1+Resolution:
		return Same, 0
	}
	return Unclear, max(samples+1, wanted(samples, (ratio.High-ratio.Low)/2/max(1, ratio.Estimate)))
}

// wanted is the number of samples that bring half of the interval down to enough.
func wanted(samples int, half float64) int {
	n := float64(samples) * (half / enough) * (half / enough)
	return int(math.Ceil(min(n, 1e9)))
}

// Scatter tells how far the ends of a median's interval are from it, as a share,
// and how many samples would bring that down to half of Resolution: no more than
// there are where it is so already.
func Scatter(median Interval, samples int) (share float64, needed int) {
	if median.Estimate <= 0 || samples < 2 {
		return 0, samples
	}
	share = (median.High - median.Low) / 2 / median.Estimate
	return share, max(samples, wanted(samples, share))
}

// Pairs is after how many pairs to look at them again; no more than there are
// when those are enough. Samples are taken until the interval is narrow, whatever
// the ratio in it, so that looking several times favours neither verdict; only
// where a narrow interval leaves the verdict unclear, some more are taken.
func Pairs(before, after []float64) int {
	before, after = usable(group{before: before, after: after, paired: true})
	n := len(before)
	if n < FirstLook {
		return FirstLook
	}
	logs := make([]float64, n)
	for i, b := range before {
		logs[i] = math.Log(after[i] / b)
	}
	center := newSeries(logs)
	center.all()
	// Of a great improvement a rough figure will do: 0.04 ± 0.01.
	ratio := min(1, math.Exp(center.midmean()))
	if want := wanted(n, halfWidth(logs)*ratio); want > n {
		return min(max(want, n+n/10), 2*n) // the first estimates of the scatter are rough
	}
	if ComparePairs(before, after).Verdict == Unclear {
		return n + n/4
	}
	return n
}

// halfWidth is half the interval of a midmean, by Yuen's winsorized variance: the
// bootstrap's to a few percent, and cheap enough to ask for after every sample.
func halfWidth(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	cut := n / 4
	mean, squares := 0.0, 0.0
	for i := range sorted {
		sorted[i] = min(max(sorted[i], sorted[cut]), sorted[n-1-cut])
	}
	for _, x := range sorted {
		mean += x / float64(n)
	}
	for _, x := range sorted {
		squares += (x - mean) * (x - mean)
	}
	deviation := math.Sqrt(squares / float64(n-1))
	return student(float64(n-2*cut-1)) * deviation / (0.5 * math.Sqrt(float64(n)))
}

// usable leaves out what is no measurement, in pairs where there are pairs.
func usable(g group) (before, after []float64) {
	good := func(x float64) bool { return x > 0 && !math.IsInf(x, 1) }
	if g.paired {
		for i := range g.before {
			if good(g.before[i]) && good(g.after[i]) {
				before, after = append(before, g.before[i]), append(after, g.after[i])
			}
		}
		return before, after
	}
	bad := func(x float64) bool { return !good(x) }
	return slices.DeleteFunc(slices.Clone(g.before), bad), slices.DeleteFunc(slices.Clone(g.after), bad)
}
