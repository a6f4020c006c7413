package config

import (
	"cmp"
	"math"
	"slices"
)

// Nearest is the known name that was probably meant; "" where none is near.
// The first of several equally near ones counts.
func Nearest(name string, known []string) string {
	best, least := "", math.MaxInt
	for _, candidate := range known {
		if d := distance(name, candidate); d < least {
			best, least = candidate, d
		}
	}
	if least > 1+max(len(name), 3)/3 {
		return ""
	}
	return best
}

// Near lists the known names that come nearest, the nearest first and at most
// so many; empty where none is near.
func Near(name string, known []string, most int) []string {
	type candidate struct {
		name     string
		distance int
	}
	var list []candidate
	for _, k := range known {
		// Lengths that differ much rule a name out without the full comparison.
		if limit := 1 + max(len(name), 3)/3; len(k)-len(name) <= limit && len(name)-len(k) <= limit {
			if d := distance(name, k); d <= limit {
				list = append(list, candidate{k, d})
			}
		}
	}
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	list = slices.Compact(list)
	var names []string
	for _, c := range list[:min(len(list), most)] {
		names = append(names, c.name)
	}
	return names
}
