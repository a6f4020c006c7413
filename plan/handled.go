package plan

import (
	"slices"

	"fastpath/plan/facts"
)

// handled: that the module fails to load without the target tells another file
// to do without it.
//
//	try:
//	    from . import fast      # fast.py: import cython_speedups
//	except ImportError:
//	    from . import slow
//
// Once the import sank, fast loads everywhere, and fails when it is used. What a
// profile saw shows nothing here: the handler is for the machines that it was not
// made on.
func (d *descent) handled() {
	if d.m.Statements[d.u.Statement].Site != facts.SiteModule {
		return
	}
	missing := d.mayMiss(d.u)
	if len(missing) == 0 {
		return
	}
	for _, at := range d.handlers()[d.file] {
		for _, module := range missing {
			if !d.proven(at.file, module) {
				d.blockAt("guarded", at, "declare `"+module+"` as a required dependency",
					"another module may take over here if `%s` does not load, and nothing shows that `%s` is always there", d.m.Name, module)
				return
			}
		}
	}
}

// mayMiss are the modules from outside the tree that load with the unit and that
// the project does not require.
func (w *world) mayMiss(u facts.Unit) []string {
	loads := w.loads(u)
	if i, ok := w.byName[w.loaded(u)]; ok {
		loads = sortedKeys(w.company(i).outside)
	}
	return slices.DeleteFunc(loads, func(module string) bool { return w.inTree(module) || w.required(module) })
}

// handlers are by file the imports under a handler for ImportError that load it,
// unless the importing file does not load without it anyway; one for each
// importing file.
func (w *world) handlers() map[int][]place {
	if w.handlersOf != nil {
		return w.handlersOf
	}
	w.handlersOf = map[int][]place{}
	for file, m := range w.Modules {
		for _, u := range m.Units {
			target, ok := w.byName[w.loaded(u)]
			if st := m.Statements[u.Statement]; !ok || !st.Optional || st.Site == facts.SiteTypeChecking {
				continue
			}
			for met := range w.company(target).inside {
				list := w.handlersOf[met]
				if !w.company(file).inside[met] && (len(list) == 0 || list[len(list)-1].file != file) {
					w.handlersOf[met] = append(list, place{file, u.Line})
				}
			}
		}
	}
	return w.handlersOf
}
