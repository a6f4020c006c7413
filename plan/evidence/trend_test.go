package evidence

import (
	"fmt"
	"math"
	"testing"
	"time"
)

// monthly is a history with one record a month.
func monthly(values ...float64) []Record {
	var records []Record
	for i, v := range values {
		records = append(records, recorded(time.Date(2025, time.Month(1+i), 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), v, 0))
	}
	return records
}

func recorded(date string, ms, half float64) Record {
	return Record{Date: date, ColdStart: Interval{Estimate: ms, Low: ms - half, High: ms + half}}
}

// of says what the records were measured with.
func of(python string, records ...Record) []Record {
	for i := range records {
		records[i].Python = python
	}
	return records
}

func TestTrends(t *testing.T) {
	for _, c := range []struct {
		name    string
		records []Record
		want    string // direction, first record, change in percent
	}{
		{"the months of the seed", monthly(2100, 2400, 2800), "gradual degradation from 0: 33"},
		{"the months of the lesson", monthly(2100, 2300, 3200), "gradual degradation from 0: 52"},
		{"the months after", monthly(2100, 2300, 3200, 2100, 2100), "no trend from 0: 0"},
		{"a week in which pandas came", monthly(2100, 3300), "sudden degradation from 0: 57"},
		{"weeks of work", monthly(5200, 4000, 3700), "too few measurements from 1: 0"},
		{"work that does not hide what follows", monthly(5200, 4000, 3700, 2100, 2400, 2800), "gradual degradation from 3: 33"},
		{"nothing", nil, "too few measurements from 0: 0"},
		{"one", monthly(5), "too few measurements from 0: 0"},
		{"within the tolerance", monthly(2000, 2050, 2100), "no trend from 0: 5"},
		{"up and down", monthly(2000, 2300, 2000, 2300, 2000, 2300), "no trend from 0: 0"},
		{"a slow fall", monthly(3000, 2900, 2800, 2750, 2650, 2550), "gradual improvement from 0: -15"},
		{"a rise with one outlier", monthly(2000, 2100, 2200, 2900, 2400, 2500, 2600, 2700), "gradual degradation from 0: 35"},
		{"a jump out of a level", monthly(2000, 2010, 1990, 2005, 2000, 2600), "sudden degradation from 0: 30"},
		{"scatter without a jump", monthly(2000, 2400, 1900, 2350, 2100, 2450), "no trend from 0: 12"},
		{"all equal", monthly(2000, 2000, 2000, 2000), "no trend from 0: 0"},
		{"no Python is like another", append(of("3.11.7", monthly(2000, 2200)...), of("3.12.1", recorded("2025-03-01", 4000, 0))...), "too few measurements from 2: 0"},
		{"steps within their own noise", []Record{recorded("2025-01-01", 2000, 500), recorded("2025-02-01", 2200, 500), recorded("2025-03-01", 2400, 500)}, "no trend from 0: 20"},
		{"steps beyond their noise", []Record{recorded("2025-01-01", 2000, 50), recorded("2025-02-01", 2200, 50), recorded("2025-03-01", 2400, 50)}, "gradual degradation from 0: 20"},
		{"all of one day", []Record{recorded("2025-01-01", 2000, 0), recorded("2025-01-01", 2300, 0), recorded("2025-01-01", 2600, 0)}, "gradual degradation from 0: 30"},
		{"without dates", []Record{recorded("", 2000, 0), recorded("", 2300, 0), recorded("", 2600, 0)}, "gradual degradation from 0: 30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := FindTrend(c.records, 0.1)
			from := 0
			if len(got.Records) > 0 {
				from = got.Records[0]
			}
			if text := fmt.Sprintf("%s from %d: %.0f", got.Direction, from, 100*got.Change); text != c.want {
				t.Errorf("got  %s (%+v)\nwant %s", text, got, c.want)
			}
		})
	}
}

func TestTrendFigures(t *testing.T) {
	got := FindTrend(monthly(2100, 2400, 2800), 0.1)
	// The slope over all 59 days lies between those of the two steps.
	if want := 700.0 / 59 * month; math.Abs(got.Monthly-want) > 1e-9 || got.Tested || math.Abs(got.P-1.0/6) > 1e-9 {
		t.Errorf("got %+v, want %v a month and a chance of 1 in 6", got, want)
	}
	// Of the 120 orders of five values, 5 have one pair out of order or none.
	if got := FindTrend(monthly(1, 2, 3, 5, 4), 0.1); math.Abs(got.P-5.0/120) > 1e-9 || !got.Tested || got.Direction != Creeping {
		t.Errorf("got %+v, want a chance of 5 in 120", got)
	}
	// Of the 360 orders of these six values, 5 score as much or more.
	if got := FindTrend(monthly(1, 2, 2, 4, 3, 5), 0.1); math.Abs(got.P-5.0/360) > 0.005 {
		t.Errorf("with ties the chance is %v, want about %v", got.P, 5.0/360)
	}
}

// A history without a trend is seldom called one, and a true rise is found.
func TestTrendsOverManyHistories(t *testing.T) {
	g := generator{state: 11}
	for _, c := range []struct {
		records         int
		rise, sigma     float64 // a month; scatter
		atLeast, atMost int     // degradations of 500
	}{
		{records: 3, sigma: 0.02, atMost: 5}, {records: 6, sigma: 0.02, atMost: 5}, {records: 12, sigma: 0.02, atMost: 5},
		{records: 12, sigma: 0.1, atMost: 50}, {records: 24, sigma: 0.1, atMost: 50},
		{records: 6, rise: 0.05, sigma: 0.02, atLeast: 475, atMost: 500}, {records: 12, rise: 0.03, sigma: 0.05, atLeast: 475, atMost: 500},
	} {
		found := 0
		for range 500 {
			var values []float64
			for i := range c.records {
				u, v := float64(g.next()>>11)/(1<<53), float64(g.next()>>11)/(1<<53)
				z := math.Sqrt(-2*math.Log(u+1e-300)) * math.Cos(2*math.Pi*v)
				values = append(values, 2000*(1+c.rise*float64(i))*(1+c.sigma*z))
			}
			if d := FindTrend(monthly(values...), 0.1).Direction; d == Creeping || d == Jumped {
				found++
			}
		}
		if found < c.atLeast || found > c.atMost {
			t.Errorf("%d records, %.2f a month, scatter %.2f: %d of 500 called a degradation; want %d to %d", c.records, c.rise, c.sigma, found, c.atLeast, c.atMost)
		}
	}
}
