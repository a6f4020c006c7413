package profile

import (
	"math"
	"slices"
)

// Median is the middle of the samples, or the mean of the middle two. It is 0
// without samples and does not change them.
func Median(samples []float64) float64 { return Quantile(samples, 0.5) }

// Spread is the interquartile range of the samples: half of them lie within.
// With three samples it is half of the distance from the least to the greatest;
// with one it is 0.
func Spread(samples []float64) float64 {
	return Quantile(samples, 0.75) - Quantile(samples, 0.25)
}

// Quantile gives the sample below which a share q (0 to 1) of the samples lies,
// interpolated linearly between neighbours (Hyndman and Fan, type 7).
func Quantile(samples []float64, q float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	sorted := slices.Clone(samples)
	slices.Sort(sorted)
	at := min(max(q, 0), 1) * float64(len(sorted)-1)
	below := int(math.Floor(at))
	above := min(below+1, len(sorted)-1)
	return sorted[below] + (sorted[above]-sorted[below])*(at-float64(below))
}
