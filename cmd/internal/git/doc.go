// Package git asks the real git about a repository and commits to a new branch
// of it without touching what the user has checked out.
//
// It knows git's commands, their quiet forms and how they fail. It must not
// know Python, plans or edits.
//
// Invariant: only Branch writes to a repository, and what it began and did not
// finish, it removes.
package git
