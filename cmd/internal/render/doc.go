// Package render spells results for people and machines: tables, coloured
// diffs, JSON, annotations.
//
// It knows layout, width and colour, and reads plans and findings. It must not
// know how they were made, nor read or write files. Its invariant: the same
// result and options give the same bytes.
package render
