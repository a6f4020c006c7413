// Package cache keeps what was computed from content between runs, in the
// user's cache folder.
//
// It knows keys, bytes and packs of them on disk. It must not know what the
// bytes mean. What it cannot read it does not have: a cache that is missing,
// read-only, damaged or of another build costs time and nothing else.
//
// Entries are found one by one by the digest of what they were computed from. A
// table is one piece of bytes for a whole project, read and written as such, for
// what every run needs of every file; its owner tells what of it still holds.
//
// Invariant: Get returns the bytes that some run of the same build Put under
// that very key, or nothing.
package cache
