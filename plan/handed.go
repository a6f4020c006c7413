package plan

import (
	"strings"

	"fastpath/plan/facts"
)

// handed: another file handles the module as an object, so that an attribute
// of anything may be a name of this module.
func (d *descent) handed() {
	at, ok := elsewhere(d.said(handedOn, d.m.Name), d.file)
	if !ok {
		return
	}
	d.hearAll()
	if read, ok := d.readAnywhere[d.u.Bound]; ok {
		d.blockAt("exported", at, "import `"+d.path()+"` where it is needed", "`%s` is handed on here, and `.%s` is read off something at %s:%d",
			d.m.Name, d.u.Bound, d.Modules[read.file].Path, read.line)
	}
}

// known tells whether the first part of a dotted expression is a name of the
// module scope, rather than what a function was given or worked out.
func (w *world) known(m *facts.Module, dotted string) bool {
	root, _, _ := strings.Cut(dotted, ".")
	return w.top(m, root) >= 0
}

// globalsOf is the module whose names `object.__globals__` reads, "" where it
// is not known.
func (w *world) globalsOf(m *facts.Module, object string) string {
	module, _ := w.splitModule(w.objectPath(m, object))
	if w.inTree(module) {
		return module
	}
	if w.known(m, object) {
		return m.Name
	}
	return ""
}
