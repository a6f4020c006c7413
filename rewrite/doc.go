// Package rewrite spells decisions in bytes.
//
// It knows layout: import statements and their lists, bodies, blank lines,
// comments, and the order in which a file keeps its imports. It must not know
// cost, policy or the file system, and it never asks whether a move is wise.
// Its invariant: bytes outside the lines that a decision touches stay as they
// are, and the same job gives the same bytes.
//
// # Where things go
//
// Every body is a list of lines (suite). Removing marks lines, inserting adds
// fresh ones, and at the end each stretch between two lines that stay is
// written once, so that all edits refer to the original and none overlap.
//
// A sunk import stands at the top of its function: behind the docstring and
// the imports that are there, in the order of the module, its groups parted as
// the module parts them. If the module's imports are sorted and the function
// has some of its own, it is sorted in among those.
//
// A hoisted import joins the first run of imports: the group of its section,
// at the place that the file's own order gives it, or the statement of the
// same module where the file writes one statement a module.
//
// # How lists are written
//
// A list that loses or gains names is written again only if some import sorter
// would have written exactly what stands there; then it is written as that
// sorter would write the rest. Everything else keeps its layout, and only the
// names in question come and go.
//
// # Comments
//
// A comment behind a statement goes with it when the whole statement leaves
// its line; otherwise it stays, pragmas or not, and of the pragmas only those
// that silence a type checker are copied, since what they speak of is the
// import, wherever it stands. A comment on lines of its own stays, unless it
// clearly belongs to the one statement below it (see attached). A dropped
// import repeats another: the comment on its line goes with it.
package rewrite
