// Package python runs the project's interpreter: what an import costs, what it
// loads and changes, and how long a cold start takes. It also holds the recorder
// that applications use to count what their requests run.
//
// It knows processes, temporary folders and the two Python files it embeds. It
// must not know Python source, decisions or edits. Invariant: nothing is written
// in the user's tree (byte code goes to a temporary folder), every process ends
// within its time limit, and the children of a process end with it.
package python
