package tree

import (
	"errors"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// CheckGlob reports a pattern that Match could not read.
func CheckGlob(pattern string) error {
	if !doublestar.ValidatePattern(pattern) {
		return errors.New("unbalanced brackets or braces, or a backslash at its end")
	}
	return nil
}

// Match tells whether one of the globs matches the slash path. A glob that
// matches a folder matches everything below it, as in ignore files, with or without a slash at
// its end.
func Match(globs []string, path string) bool {
	for _, g := range globs {
		g = strings.TrimSuffix(g, "/")
		if doublestar.MatchUnvalidated(g, path) {
			return true
		}
		for i, c := range path {
			if c == '/' && doublestar.MatchUnvalidated(g, path[:i]) {
				return true
			}
		}
	}
	return false
}
