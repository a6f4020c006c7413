package evidence

import (
	"math"
	"testing"
)

// noise draws times as a shared machine gives them: a normal scatter, and one
// in ten much too slow.
func noise(g *generator, center, sigma float64) float64 {
	u, v := float64(g.next()>>11)/(1<<53), float64(g.next()>>11)/(1<<53)
	x := center * (1 + sigma*math.Sqrt(-2*math.Log(u+1e-300))*math.Cos(2*math.Pi*v))
	if g.below(10) == 0 {
		x *= 1.5
	}
	return x
}

func TestVerdictsOverManyComparisons(t *testing.T) {
	for _, c := range []struct {
		name        string
		ratio       float64
		sigma       float64
		n           int
		want        Verdict
		atLeast     int // of 200
		falseAlarms int // at most, of 200
	}{
		{"equal", 1, 0.04, 60, Same, 190, 4},
		{"5 percent faster", 0.95, 0.04, 80, Faster, 190, 200},
		{"5 percent slower", 1.05, 0.04, 80, Slower, 190, 200},
		{"half", 0.5, 0.2, 30, Faster, 200, 200},
		{"too noisy", 1, 0.5, 20, Unclear, 190, 6},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := generator{state: 7}
			counts := map[Verdict]int{}
			for range 200 {
				var before, after []float64
				for range c.n {
					before = append(before, noise(&g, 200, c.sigma))
					after = append(after, noise(&g, 200*c.ratio, c.sigma))
				}
				counts[Compare(before, after).Verdict]++
			}
			if counts[c.want] < c.atLeast || counts[Faster]+counts[Slower] > c.falseAlarms {
				t.Errorf("of 200 comparisons: %v; want at least %d %s", counts, c.atLeast, c.want)
			}
		})
	}
}

func TestMedians(t *testing.T) {
	for _, c := range []struct {
		samples []float64
		want    float64
	}{{[]float64{3}, 3}, {[]float64{4, 2}, 3}, {[]float64{9, 1, 5}, 5}, {[]float64{8, 1, 2, 4}, 3}} {
		if got := newSeries(c.samples).whole(); got != c.want {
			t.Errorf("median of %v is %v, want %v", c.samples, got, c.want)
		}
	}
	s := newSeries([]float64{9, 1, 5})
	copy(s.weights, []int{2, 1, 0}) // 1, 9, 9
	if got := s.median(); got != 9 {
		t.Errorf("median of the drawn 1, 9, 9 is %v", got)
	}
}

func TestCompareIsTheSameEachTime(t *testing.T) {
	g := generator{state: 3}
	var a, b []float64
	for range 25 {
		a, b = append(a, noise(&g, 10, 0.1)), append(b, noise(&g, 11, 0.1))
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
	c := Compare(before, after)
	if c.Verdict != Faster || math.Abs(c.Ratio.Estimate-0.9) > 0.001 || c.Ratio.High > 0.901 {
		t.Errorf("compared %+v", c)
	}
	if c := Compare(before, after[1:]); c.Verdict != Unclear || c.Needed <= 30 {
		t.Errorf("without pairs: %+v", c)
	}
}

func TestCompareWithTooLittle(t *testing.T) {
	for _, c := range []struct {
		before, after []float64
		needed        int
	}{
		{nil, nil, 10}, {[]float64{1, 1, 1}, []float64{9, 9, 9}, 10}, {[]float64{math.NaN(), 0, -1}, []float64{1, 1, 1}, 10},
	} {
		if got := Compare(c.before, c.after); got.Verdict != Unclear || got.Needed != c.needed {
			t.Errorf("%v against %v: %+v", c.before, c.after, got)
		}
	}
}
