package config

import "math"

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
