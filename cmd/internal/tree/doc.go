// Package tree chooses the files of a project and reads them.
//
// It knows globs, ignore files, links and what identifies a file on disk. It
// must not know what the files hold.
//
// Invariant: nothing but regular files below the project's root is ever
// opened, each once, and the selection depends on the tree alone: it is sorted
// by the bytes of the paths.
package tree
