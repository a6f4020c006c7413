package evidence

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"
)

// A machine gives the time of a process that takes 200 ms when nothing else
// runs, each in its own way of being disturbed.
type machine func(g *generator) func() float64

func (g *generator) uniform() float64 { return float64(g.next()>>11) / (1 << 53) }

func (g *generator) normal() float64 {
	return math.Sqrt(-2*math.Log(g.uniform()+1e-300)) * math.Cos(2*math.Pi*g.uniform())
}

// scatter is a quiet machine: a normal scatter, and one process in ten much too slow.
func scatter(sigma float64) machine {
	return func(g *generator) func() float64 {
		return func() float64 {
			x := 1 + sigma*g.normal()
			if g.below(10) == 0 {
				x *= 1.5
			}
			return 200 * x
		}
	}
}

// skewed never is faster than the work itself, and often slower.
func skewed(sigma float64) machine {
	return func(g *generator) func() float64 {
		return func() float64 { return 200 * (1 + sigma*math.Exp(0.8*g.normal())) }
	}
}

// shared changes between two speeds for a while each, as with a neighbour that
// comes and goes.
func shared(sigma float64) machine {
	return func(g *generator) func() float64 {
		slow := false
		return func() float64 {
			if g.below(25) == 0 {
				slow = !slow
			}
			x := 1 + sigma*g.normal()
			if slow {
				x *= 1.4
			}
			return 200 * x
		}
	}
}

// heating becomes slower all the time.
func heating(sigma float64) machine {
	return func(g *generator) func() float64 {
		n := 0.0
		return func() float64 {
			n++
			return 200 * (1 + n/200) * (1 + sigma*g.normal())
		}
	}
}

// most is how many pairs of processes of 200 ms fit into five minutes, each
// with an interpreter's start around it.
const most = 550

// sequence takes pairs in turn until there are enough, as a measurement does.
func sequence(next func() float64, ratio float64) Comparison {
	var before, after []float64
	for want := FirstLook; len(before) < want; {
		if len(before)%2 == 0 {
			before = append(before, next())
			after = append(after, next()*ratio)
		} else {
			after = append(after, next()*ratio)
			before = append(before, next())
		}
		if len(before) == want {
			want = min(Pairs(before, after), most)
		}
	}
	return ComparePairs(before, after)
}

// TestVerdictsOfSequences makes FASTPATH_COMPARISONS comparisons of each kind, by
// default a few.
func TestVerdictsOfSequences(t *testing.T) {
	comparisons, all, wrong := 12, 0, 0
	if n, err := strconv.Atoi(os.Getenv("FASTPATH_COMPARISONS")); err == nil {
		comparisons = n
	}
	for _, c := range []struct {
		name    string
		machine machine
		clear   float64 // share of verdicts other than unclear, at least
	}{
		{"quiet", scatter(0.04), 1},
		{"noisy", scatter(0.07), 1},
		{"skewed", skewed(0.10), 1},
		{"shared", shared(0.05), 1},
		{"heating", heating(0.05), 1},
	} {
		for _, r := range []struct {
			ratio float64
			want  Verdict
		}{{1, Same}, {1.05, Slower}} {
			t.Run(fmt.Sprintf("%s %g", c.name, r.ratio), func(t *testing.T) {
				g := generator{state: 7}
				counts, samples, covered := map[Verdict]int{}, 0, 0
				for range comparisons {
					result := sequence(c.machine(&g), r.ratio)
					counts[result.Verdict]++
					samples += result.Samples
					if result.Ratio.Low <= r.ratio && r.ratio <= result.Ratio.High {
						covered++
					}
				}
				t.Logf("%v with %d pairs on average, %d intervals hold the truth", counts, samples/comparisons, covered)
				all += comparisons
				wrong += comparisons - counts[Unclear] - counts[r.want]
				if float64(counts[Unclear]) > float64(comparisons)*(1-c.clear) || covered < comparisons-1-comparisons/50 {
					t.Errorf("of %d comparisons: %v, %d intervals hold the truth; want %q", comparisons, counts, covered, r.want)
				}
			})
		}
	}
	if wrong > all/100 {
		t.Errorf("%d of %d verdicts are wrong", wrong, all)
	}
}

func TestMedians(t *testing.T) {
	for _, c := range []struct {
		samples []float64
		median  float64
		midmean float64
	}{
		{[]float64{3}, 3, 3}, {[]float64{4, 2}, 3, 3}, {[]float64{9, 1, 5}, 5, 5}, {[]float64{8, 1, 2, 4}, 3, 3},
		{[]float64{1, 2, 3, 4, 5, 6, 7, 1000}, 4.5, 4.5}, {[]float64{0, 10, 20, 30, 100}, 20, 20},
	} {
		s := newSeries(c.samples)
		s.all()
		if m, mid := s.median(), s.midmean(); m != c.median || math.Abs(mid-c.midmean) > 1e-12 {
			t.Errorf("of %v the median is %v and the midmean %v, want %v and %v", c.samples, m, mid, c.median, c.midmean)
		}
	}
	s := newSeries([]float64{9, 1, 5})
	copy(s.weights, []int{2, 1, 0}) // 1, 9, 9
	// Its middle half reaches from 0.75 to 2.25 of 3: a quarter of the 1.
	if m, mid := s.median(), s.midmean(); m != 9 || math.Abs(mid-(0.25*1+1.25*9)/1.5) > 1e-12 {
		t.Errorf("of the drawn 1, 9, 9 the median is %v and the midmean %v", m, mid)
	}
}

func TestCompareIsTheSameEachTime(t *testing.T) {
	g := generator{state: 3}
	var a, b []float64
	for range 25 {
		a, b = append(a, 10+g.normal()), append(b, 11+g.normal())
	}
	if first, second := Compare(a, b), Compare(a, b); first != second {
		t.Errorf("%+v and %+v of the same samples", first, second)
	}
}

func TestComparePairsTakeOutDrift(t *testing.T) {
	var before, after []float64
	for i := range 30 {
		drift := 100 + 20*float64(i) // the machine gets slower all the time
		before, after = append(before, drift), append(after, drift*0.9)
	}
	c := ComparePairs(before, after)
	if c.Verdict != Faster || !c.Paired || math.Abs(c.Ratio.Estimate-0.9) > 1e-9 || c.Ratio.High > 0.901 {
		t.Errorf("compared %+v", c)
	}
	if c := Compare(before, after); c.Verdict != Unclear || c.Needed <= 30 || c.Paired {
		t.Errorf("without pairs: %+v", c)
	}
}

func TestCompareWithTooLittle(t *testing.T) {
	for _, c := range [][2][]float64{
		{nil, nil}, {{1, 1, 1}, {9, 9, 9}}, {{math.NaN(), 0, -1}, {1, 1, 1}}, {{5200}, {200}},
	} {
		if got := Compare(c[0], c[1]); got.Verdict != Unclear || got.Needed != FirstLook {
			t.Errorf("%v against %v: %+v", c[0], c[1], got)
		}
	}
	// The estimate is there all the same, and the interval as wide as can be told.
	if c := Compare([]float64{5200, 5000}, []float64{200, 250}); c.Ratio.Low >= c.Ratio.Estimate || c.Ratio.High <= c.Ratio.Estimate {
		t.Errorf("compared %+v", c)
	}
}

// independent takes as many samples of one program after those of the other.
func independent(m machine, ratio float64, n int, g *generator) Comparison {
	var before, after []float64
	next := m(g)
	for range n {
		before = append(before, next())
	}
	for range n {
		after = append(after, next()*ratio)
	}
	return Compare(before, after)
}

func TestIntervalsOfIndependentSamplesHold(t *testing.T) {
	for _, n := range []int{10, 30} {
		g, missed, wrong := generator{state: 5}, 0, 0
		for range 100 {
			c := independent(skewed(0.2), 1, n, &g)
			if c.Ratio.Low > 1 || c.Ratio.High < 1 {
				missed++
			}
			if c.Verdict == Faster || c.Verdict == Slower {
				wrong++
			}
		}
		if missed > 2 || wrong > 2 {
			t.Errorf("of 100 comparisons of %d equal samples, %d intervals miss 1 and %d verdicts are wrong", n, missed, wrong)
		}
	}
}

func TestScatter(t *testing.T) {
	for _, c := range []struct {
		median  Interval
		samples int
		share   float64
		needed  int
	}{
		{Interval{100, 99, 101}, 30, 0.01, 30}, {Interval{100, 95, 105}, 30, 0.05, 120}, {Interval{100, 100, 100}, 1, 0, 1}, {Interval{}, 0, 0, 0},
	} {
		if share, needed := Scatter(c.median, c.samples); math.Abs(share-c.share) > 1e-12 || needed != c.needed {
			t.Errorf("%v of %d: %v, %d", c.median, c.samples, share, needed)
		}
	}
}
