// Package glob matches paths against the patterns of the configuration. It is
// the one door to doublestar, and knows nothing of files on disk.
package glob

import (
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Valid tells whether the pattern is well formed.
func Valid(pattern string) bool { return doublestar.ValidatePattern(pattern) }

// Match tells whether one of the patterns matches the slash path. A pattern
// without a slash speaks of names at any depth, and a pattern that names a
// folder speaks of everything below it, as in .gitignore; a slash in front
// anchors a name at the root.
func Match(patterns []string, file string) bool {
	for _, p := range patterns {
		p = strings.TrimSuffix(strings.TrimPrefix(p, "./"), "/")
		if !strings.Contains(p, "/") {
			for name := range strings.SplitSeq(file, "/") {
				if matches(p, name) {
					return true
				}
			}
			continue
		}
		p = strings.TrimPrefix(p, "/")
		if matches(p, file) || matches(p+"/**", file) {
			return true
		}
	}
	return false
}

// matches leaves malformed patterns to whoever reads the configuration.
func matches(pattern, name string) bool {
	ok, _ := doublestar.Match(pattern, name)
	return ok
}
