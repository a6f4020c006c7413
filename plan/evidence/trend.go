package evidence

import (
	"math"
	"slices"
	"strings"
	"time"
)

// A Direction is what a history does.
type Direction string

const (
	TooFew   Direction = "too few measurements"
	Steady   Direction = "no trend"
	Creeping Direction = "gradual degradation"
	Jumped   Direction = "sudden degradation"
	Falling  Direction = "gradual improvement"
)

// MinRecords make a trend.
const MinRecords = 3

// significance is the level of the test: one trendless history in twenty of
// those that change by more than the tolerance passes for a trend.
const significance = 0.05

// month is the mean length in days.
const month = 365.25 / 12

// A Trend is what the last stretch of a history says. A stretch begins at the
// start, and where a cold start falls below all earlier ones by more than the
// tolerance and their scatter: an improvement that somebody made must not hide
// what creeps in afterwards.
type Trend struct {
	Direction Direction
	// Records are the indexes of the records that the stretch is made of: those
	// that can be compared with the latest.
	Records []int
	// Change is the share by which the fitted line rises from the first record to
	// the last; for Jumped, the share by which the last record lies above the
	// median of those before.
	Change  float64
	Monthly float64 // slope of the line, in milliseconds a month; 0 where all records are of one day
	// P is the probability that a history without a trend rises, or falls, as
	// steadily as this one, by the test of Mann and Kendall.
	P float64
	// Tested tells that there are records enough for the test to find anything.
	// Without, a trend is one in which every step goes the same way.
	Tested bool
}

// FindTrend looks at a history in the order of time. A change of no more than
// the tolerance, a share, is no trend.
//
// The line is the one of Theil and Sen, the median of the slopes between all
// pairs, which one outlier in four cannot turn. Whether it rises at all is told
// by the test of Mann and Kendall, which reads the order of the records only.
func FindTrend(records []Record, tolerance float64) Trend {
	t := Trend{P: 1, Direction: TooFew}
	records, t.Records = stretch(records, tolerance)
	if len(records) == 0 {
		return t
	}
	if len(records) >= MinRecords {
		t.Direction = Steady
		t.fit(records)
		t.test(records)
		sure := t.P <= significance
		if !t.Tested {
			sure = oneWay(records, t.Change > 0)
		}
		switch {
		case sure && t.Change > tolerance:
			t.Direction = Creeping
		case sure && t.Change < -tolerance:
			t.Direction = Falling
		}
	}
	if rise := jump(records); t.Direction != Creeping && rise > tolerance {
		t.Direction, t.Change = Jumped, rise
	}
	return t
}

// stretch is the last stretch of the history, and where its records stand there.
func stretch(history []Record, tolerance float64) (records []Record, at []int) {
	for i, r := range history {
		if !Comparable(r, history[len(history)-1]) {
			continue
		}
		if leaves(records, r, -1) > tolerance {
			records, at = nil, nil
		}
		records, at = append(records, r), append(at, i)
	}
	return records, at
}

// Comparable tells whether two records are of the same thing, as far as they say.
func Comparable(a, b Record) bool {
	same := func(x, y string) bool { return x == y || x == "" || y == "" }
	return same(a.Entry, b.Entry) && same(a.Source, b.Source) && same(minor(a.Python), minor(b.Python)) &&
		(a.MemoryMB == b.MemoryMB || a.MemoryMB == 0 || b.MemoryMB == 0)
}

// minor is 3.11 for 3.11.7.
func minor(version string) string {
	if parts := strings.SplitN(version, ".", 3); len(parts) > 2 {
		return parts[0] + "." + parts[1]
	}
	return version
}

// apart tells whether the intervals of two records do not meet.
func apart(low, high Record) bool { return low.ColdStart.High < high.ColdStart.Low }

// fit lays the line of Theil and Sen through the records.
func (t *Trend) fit(records []Record) {
	days := days(records)
	across := days[len(days)-1] - days[0]
	if across <= 0 {
		// All of one day: the order stands for the time.
		for i := range days {
			days[i] = float64(i)
		}
	}
	var slopes []float64
	for i := range records {
		for j := i + 1; j < len(records); j++ {
			if days[j] > days[i] {
				slopes = append(slopes, (records[j].ColdStart.Estimate-records[i].ColdStart.Estimate)/(days[j]-days[i]))
			}
		}
	}
	slope := Median(slopes)
	starts := make([]float64, len(records))
	for i, p := range records {
		starts[i] = p.ColdStart.Estimate - slope*(days[i]-days[0])
	}
	if start := Median(starts); start > 0 {
		t.Change = slope * (days[len(days)-1] - days[0]) / start
	}
	if across > 0 {
		t.Monthly = slope * month
	}
}

// days are the dates of the records in days. A record whose date is not known
// stands beside the one before.
func days(records []Record) []float64 {
	list := make([]float64, len(records))
	for i, p := range records {
		if day, err := time.Parse(time.DateOnly, p.Date); err == nil {
			list[i] = float64(day.Unix()) / 86400
		} else if i > 0 {
			list[i] = list[i-1]
		}
	}
	return list
}

// test is the one-sided test of Mann and Kendall in the direction that the
// records take: exact for few records without ties, else by the normal
// approximation with the correction for ties.
func (t *Trend) test(records []Record) {
	n := len(records)
	score, ties := 0, map[float64]int{}
	for i := range records {
		ties[records[i].ColdStart.Estimate]++
		for j := i + 1; j < n; j++ {
			score += sign(records[j].ColdStart.Estimate - records[i].ColdStart.Estimate)
		}
	}
	most := n * (n - 1) / 2
	const few = 40 // above, the two differ by less than a hundredth
	t.Tested = n > few || tail(n, most) <= significance
	if len(ties) == n && n <= few {
		t.P = tail(n, max(score, -score))
		return
	}
	size := func(k int) float64 { f := float64(k); return f * (f - 1) * (2*f + 5) }
	variance := size(n)
	counts := make([]int, 0, len(ties))
	for _, k := range ties {
		counts = append(counts, k)
	}
	slices.Sort(counts) // sums of floats depend on the order
	for _, k := range counts {
		variance -= size(k)
	}
	if variance <= 0 {
		return // all are equal
	}
	z := (math.Abs(float64(score)) - 1) / math.Sqrt(variance/18)
	t.P = min(math.Erfc(max(z, 0)/math.Sqrt2)/2, 1)
}

// tail is the probability that n values in random order score so much or more:
// the score is the pairs in order less the pairs out of order.
func tail(n, score int) float64 {
	// chances[k] is the probability of k pairs out of order. The i-th value
	// adds from 0 to i-1 of them, each with the same chance.
	chances := []float64{1}
	for i := 2; i <= n; i++ {
		next := make([]float64, len(chances)+i-1)
		for k, c := range chances {
			for more := range i {
				next[k+more] += c / float64(i)
			}
		}
		chances = next
	}
	sum := 0.0
	for k, c := range chances {
		if len(chances)-1-2*k >= score {
			sum += c
		}
	}
	return min(sum, 1)
}

// oneWay tells whether every step goes up, or every step down, and none could
// as well be noise.
func oneWay(records []Record, up bool) bool {
	for i := 1; i < len(records); i++ {
		low, high := records[i-1], records[i]
		if !up {
			low, high = high, low
		}
		if low.ColdStart.Estimate >= high.ColdStart.Estimate || !apart(low, high) {
			return false
		}
	}
	return true
}

// jump is the share by which the last record lies above the median of those
// before.
func jump(records []Record) float64 {
	return leaves(records[:len(records)-1], records[len(records)-1], 1)
}

// leaves is the share by which a record lies above (direction 1) or below (-1)
// those before: their median going up, the lowest of them going down. It is 0
// unless the record passes all of them, by more than their scatter where there
// are enough of them to tell.
func leaves(before []Record, record Record, direction float64) float64 {
	if len(before) == 0 {
		return 0
	}
	values := make([]float64, len(before))
	for i, p := range before {
		low, high := p, record
		if direction < 0 {
			low, high = record, p
		}
		if values[i] = p.ColdStart.Estimate; low.ColdStart.Estimate >= high.ColdStart.Estimate || !apart(low, high) {
			return 0
		}
	}
	from := Median(values)
	const enoughToScatter, deviations, normal = 4, 3, 1.4826
	if n := float64(len(values)); n >= enoughToScatter {
		scatter := make([]float64, len(values))
		for i, v := range values {
			scatter[i] = math.Abs(v - from)
		}
		// Few values seldom show all of their scatter.
		if math.Abs(record.ColdStart.Estimate-from) <= deviations*(1+4/n)*normal*Median(scatter) {
			return 0
		}
	}
	if direction < 0 {
		from = slices.Min(values)
	}
	return direction * (record.ColdStart.Estimate/from - 1)
}

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}
