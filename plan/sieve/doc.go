// Package sieve chooses, from their bytes, the files of a tree that can have a
// part in what a plan moves, so that the others need not be parsed.
//
// It knows from which words of a file its facts are made, and which facts of
// other files the planner asks for when it judges an import. It must not know
// how it judges. Its invariant: where nothing but the names of the other files
// is known, a plan makes the same moves as with all of their facts.
//
// The moves are those of imports from outside the tree, by their profile: a
// measured module of the tree itself would bring in import cycles and the load
// order of the whole tree, and then every file matters. What the planner asks
// about such a move falls into three kinds, and each has its own net:
//
//   - facts of modules that load with the file, or that it names: Sieve.More
//     follows imports and attribute chains from parsed facts, not from bytes;
//   - facts of any file that speak of the file's own module or of the measured
//     one: to do so a file must spell the parts of that dotted name, other than
//     those of the packages around itself, or import from bare dots;
//   - what any file can do to the module search path, or to the annotations of
//     whatever it is given.
//
// Texts that are put together from pieces of words, and names that are not in
// normal form, are not what they seem: a file with such is always read.
package sieve
