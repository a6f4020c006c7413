// Package glob matches paths against the patterns of the configuration. It is
// the one door to doublestar, and knows nothing of files on disk.
package glob

import (
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Valid tells whether the pattern is well formed.
func Valid(pattern string) bool { return doublestar.ValidatePattern(pattern) }

// Match tells whether one of the patterns matches the slash path. A pattern
// without a slash speaks of names at any depth, and a pattern that names a
// folder speaks of everything below it, as in .gitignore.
func Match(patterns []string, file string) bool {
	for _, p := range patterns {
		p = strings.TrimPrefix(p, "./")
		name := file
		if !strings.Contains(strings.TrimSuffix(p, "/"), "/") {
			name = path.Base(file)
		}
		// Malformed patterns are refused when the configuration is read.
		if ok, _ := doublestar.Match(p, name); ok {
			return true
		}
		if ok, _ := doublestar.Match(strings.TrimSuffix(p, "/")+"/**", file); ok {
			return true
		}
	}
	return false
}
