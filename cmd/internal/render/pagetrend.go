package render

import (
	"math"
	"slices"
	"strings"

	"fastpath/cmd/internal/audit"
	"fastpath/plan/evidence"
)

// A Trend is the cold start over time.
type Trend struct {
	Records   []evidence.Record
	LimitMS   float64 // the target; 0 for none
	Tolerance float64 // the share by which a cold start may change without a trend
}

// A trendView is the chart: x in percent of the width, y in pixels.
type trendView struct {
	Says   string
	Chip   string
	Class  string // of the chip: good, bad or open
	Points []pointView
	Lines  []lineView
	Ticks  []tickView
	Series []string // what was measured, if more than one thing was
	Limit  *tickView
	Height float64
	First  string
	Last   string
}

// A pointView is one measurement.
type pointView struct {
	Date, Kind, Entry, Revision string
	X, Y                        float64
	Top, End                    float64 // of the whisker
	Text, Range                 string  // the figure and its interval, "" without one
	Series                      int
}

type lineView struct {
	X1, Y1, X2, Y2 float64
	Series         int
}

type tickView struct {
	Y    float64
	Text string
}

// colors is how many series have a colour of their own.
const colors = 4

// The plot is so many pixels high; the rest of the chart is its labels.
const (
	plotTop    = 16.0
	plotBottom = 196.0
	chartHigh  = 226.0
)

func (t Trend) view() trendView {
	v := trendView{Height: chartHigh}
	if len(t.Records) == 0 {
		return v
	}
	records := audit.InOrder(t.Records)
	trend := evidence.FindTrend(records, t.Tolerance)
	v.Says, v.Chip, v.Class = Printable(audit.SayTrend(records, trend)), string(trend.Direction), "keep"
	switch trend.Direction {
	case evidence.Falling:
		v.Class = "good"
	case evidence.Creeping, evidence.Jumped:
		v.Class = "bad"
	case evidence.TooFew:
		v.Chip = "" // as the sentence says
	}
	top := t.LimitMS
	for _, r := range records {
		top = max(top, r.ColdStart.Estimate, r.ColdStart.High)
	}
	step := max(niceStep(top/4), 1)
	top = step * math.Ceil(top/step)
	y := func(ms float64) float64 { return rounded(plotBottom - (plotBottom-plotTop)*ms/top) }
	for ms := 0.0; ms <= top+step/2; ms += step {
		v.Ticks = append(v.Ticks, tickView{y(ms), Grouped(int64(math.Round(ms)))})
	}
	last := map[int]pointView{}
	for i, r := range records {
		p := pointView{Date: Printable(r.Date), Kind: Printable(r.Kind), Entry: seriesName(r), Revision: Printable(r.Revision[:min(len(r.Revision), 10)]),
			X: 50, Y: y(r.ColdStart.Estimate), Text: Milliseconds(r.ColdStart.Estimate)}
		if n := len(records); n > 1 {
			p.X = rounded(2 + 96*float64(i)/float64(n-1))
		}
		if c := r.ColdStart; c.Low < c.High {
			p.Top, p.End, p.Range = y(c.High), y(c.Low), Milliseconds(c.Low)+" to "+Milliseconds(c.High)
		}
		series := slices.Index(v.Series, p.Entry)
		if series < 0 {
			series = len(v.Series)
			v.Series = append(v.Series, p.Entry)
		}
		p.Series = series % colors
		if before, ok := last[series]; ok {
			v.Lines = append(v.Lines, lineView{before.X, before.Y, p.X, p.Y, p.Series})
		}
		last[series] = p
		v.Points = append(v.Points, p)
	}
	if t.LimitMS > 0 {
		v.Limit = &tickView{y(t.LimitMS), "target " + Grouped(int64(t.LimitMS)) + " ms"}
	}
	v.First, v.Last = v.Points[0].Date, v.Points[len(v.Points)-1].Date
	return v
}

// seriesName is what a record measured: only like is joined with like.
func seriesName(r evidence.Record) string {
	var parts []string
	for _, text := range []string{r.Entry, r.Source} {
		if text != "" {
			parts = append(parts, Printable(text))
		}
	}
	if len(parts) == 0 {
		return "cold start"
	}
	return strings.Join(parts, ", ")
}

// niceStep is the next of 1, 2, 5, 10, 20, 50, … from x on.
func niceStep(x float64) float64 {
	if x <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= x {
			return m * power
		}
	}
	return 10 * power
}
