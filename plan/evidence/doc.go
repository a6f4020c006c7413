// Package evidence judges measurements: what the samples before and after say,
// how sure that is, and whether the targets are met.
//
// It knows samples, medians and intervals, the written forms of a measurement
// and of the history, and the reports of AWS Lambda. It must not know Python,
// processes or how samples are taken. Invariant: no verdict without an interval,
// and the same samples give the same verdict, because the bootstrap draws from a
// fixed seed.
package evidence
