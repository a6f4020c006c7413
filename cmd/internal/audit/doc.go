// Package audit reviews a project as of today: it holds the figures of a new
// profile against the committed ones, and what people wrote down against both.
//
// It knows plans, findings and histories, and says what needs a person. It must
// not know files, the clock, processes or output formats. Its invariant: a
// difference that the noise of the two measurements explains needs nobody, and
// the same inputs give the same audit.
package audit
