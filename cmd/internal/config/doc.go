// Package config reads [tool.fastpath] of a pyproject.toml, or a
// fastpath.toml, into the planner's policy and the settings of the commands.
//
// It knows where configuration is found, which keys exist, what each may hold,
// and what the project's own metadata says of versions and dependencies. It
// must not know Python source or what a setting leads to. It is the door to the
// TOML library.
//
// Invariant: a Config that Load returns without an error holds only values
// that the documentation allows; every wrong value is reported with its file,
// line and key, all of them at once.
package config
