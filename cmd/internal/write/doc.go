// Package write puts new contents of many files in place so that whatever
// happens, each file is whole, old or new.
//
// It knows files on disk, their modes and owners, and a journal from which an
// interrupted run is finished. It must not know what the contents mean or how
// they came about. It is the door to the library for atomic writes.
//
// Invariant: until every new content lies beside its target, synced to disk,
// no target is touched; from then on the journal alone suffices to finish. A
// file is never replaced unless its content is still the one that was read.
//
// The journal holds the names of the temporary files before they are created,
// so that none is left behind that no journal names. That is why the atomic
// writes of the tree are not the library's: it chooses names by itself.
package write
