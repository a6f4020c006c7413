// Package stdlib knows which modules the standard library of CPython 3.8 to
// 3.13 has, which of their attributes always denote the same object, and what they
// take of each other when they load.
//
// It must not know the tree that is planned. Its invariant: it only says
// "stable" of what every interpreter that the snapshot was taken from agrees
// on; of the rest it knows nothing.
package stdlib

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed stdlib.txt
var snapshot string

type module struct {
	always bool
	names  string // space separated, with a space at both ends
}

// The signs before the words of the snapshot that are no attributes.
const (
	loadsSurely = '<'
	mayLoad     = '?'
	takes       = '='
)

var modules = sync.OnceValue(func() map[string]module {
	m := make(map[string]module, 900)
	for line := range strings.Lines(snapshot) {
		name, names, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		bare := strings.TrimPrefix(name, "*")
		m[bare] = module{always: bare != name, names: names + " "}
	}
	return m
})

// Has tells whether some supported version has the module.
func Has(name string) bool {
	_, ok := modules()[name]
	return ok
}

// Root tells whether the top-level package of the dotted name is in the
// standard library.
func Root(name string) bool {
	root, _, _ := strings.Cut(name, ".")
	return Has(root)
}

// Always tells whether every supported version has the module on every
// platform and in every build.
func Always(name string) bool { return modules()[name].always }

// Stable tells whether the attribute of the module always denotes the same object:
// a module, class, function, constant or what the module binds once, and that
// nothing in the standard library binds anew.
func Stable(name, attr string) bool {
	m, ok := modules()[name]
	return ok && strings.Contains(m.names, " "+attr+" ")
}

// AtStartup tells whether the interpreter has loaded the module before any code
// of a program runs, so that no import of it does anything.
func AtStartup(name string) bool { return startup[name] }

var startup = map[string]bool{
	"__main__": true, "_abc": true, "_codecs": true, "_collections_abc": true, "_frozen_importlib": true,
	"_frozen_importlib_external": true, "_imp": true, "_io": true, "_signal": true, "_sitebuiltins": true, "_stat": true,
	"_thread": true, "_warnings": true, "_weakref": true, "abc": true, "builtins": true, "codecs": true, "encodings": true,
	"encodings.aliases": true, "encodings.utf_8": true, "genericpath": true, "io": true, "marshal": true, "os": true,
	"os.path": true, "site": true, "stat": true, "sys": true, "time": true, "zipimport": true,
}
