// Package facts reads one resolved file as import facts: its import
// statements and the names they bind, each use of those names and when it
// runs, what the file exports, and what it does to other modules and to the
// process.
//
// It knows Python's constructs and the names of library functions that reach
// around them. It must not know what an import costs, what the configuration
// asks for, or any other file. Its invariant: a Module holds no part of the
// source or of the tree, and the same source and place give the same Module.
package facts
