// Package syntax reads Python source into a flat, immutable array of nodes.
//
// It knows node kinds, byte spans, line starts and parse damage, and is the
// one door to tree-sitter. It must not know scopes, imports or the file
// system. Its invariant: every offset of a Tree refers to the original bytes,
// and a Tree never describes a program other than the one CPython would see;
// where that cannot be promised, Parse returns an *Error instead.
package syntax
