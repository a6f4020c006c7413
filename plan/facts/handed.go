package facts

import "strings"

// A Handed is a place where a file does more with what an import gives it than
// read an attribute of it: passes it, returns it, puts it somewhere.
type Handed struct {
	Path string // dotted; a module, where there is one of that name
	Line int
}

// Handed lists those places, calls and stores aside.
func (m *Module) Handed() []Handed {
	var list []Handed
	for i := range m.Uses {
		use := &m.Uses[i]
		if use.Role == InAnnotation || use.TypeChecking || use.Store || use.Called || looksOnly(use.PassedTo) {
			continue
		}
		if path, ok := m.Denotes(use.Name); ok {
			if use.Chain != "" {
				path += "." + use.Chain
			}
			list = append(list, Handed{path, use.Line})
		}
	}
	for _, s := range m.Loads {
		if s.Used && s.Module != "" {
			list = append(list, Handed{s.Module, s.Line})
		}
	}
	return list
}

// looksOnly tells that a callee reads no attribute of a module that it is
// given, or that what it reads or replaces is recorded as Dynamic or Patch.
func looksOnly(callee string) bool {
	switch callee[strings.LastIndexByte(callee, '.')+1:] {
	case "getattr", "hasattr", "setattr", "delattr", "vars", "dir", "getmembers", "reload", "object", "multiple", "setitem", "delitem", "spy", "stub",
		"id", "repr", "str", "print", "isinstance", "type", "bool", "getfile", "getsource", "getsourcefile", "getdoc", "getmodule", "ismodule":
		return true
	}
	return false
}
