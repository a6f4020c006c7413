package plan

import (
	"strings"

	"fastpath/plan/facts"
)

// A need is a use that reaches a submodule through an attribute chain, and
// the unit its file loads that submodule by, -1 for none.
type need struct {
	place
	scope  facts.ScopeID
	unit   int
	base   string // what its first name denotes
	eager  bool   // it runs while its module loads
	inBase bool   // loading base loads the submodule, at least at times
}

// needs is what is known so far of the uses that reach submodules.
type needs struct {
	submodules map[string]bool     // modules that some import loads as submodules
	in         map[string][]string // those, by the package that holds them
	of         map[string][]need   // by submodule: the uses whose chain goes through it
	read       []bool              // by file: whose uses are among them
}

// needsOf lists the uses whose chain goes through a module that some import loads
// as a submodule.
func (w *world) needsOf(sub string) []need {
	pkg := objectOf(sub)
	for _, list := range [][]place{w.said(readFrom, sub), w.said(storedTo, sub), w.said(namespaceOf, pkg), w.said(handedOn, pkg)} {
		for _, at := range list {
			w.indexNeeds(at.file)
		}
	}
	return inOrder(w.needs.of[sub])
}

// indexNeeds takes in the uses of one file.
func (w *world) indexNeeds(file int) {
	if w.needs.submodules == nil {
		w.needs = needs{submodules: w.submodules(), in: map[string][]string{}, of: map[string][]need{}, read: make([]bool, len(w.Modules))}
		for _, sub := range sortedKeys(w.needs.submodules) {
			w.needs.in[objectOf(sub)] = append(w.needs.in[objectOf(sub)], sub)
		}
	}
	if w.needs.read[file] {
		return
	}
	w.needs.read[file] = true
	m := w.facts(file)
	for _, use := range m.Uses {
		if use.Chain == "" || lazyRole(use) {
			continue
		}
		if base, ok := m.Denotes(use.Name); ok {
			w.indexChain(file, m, use, base)
		}
	}
	for _, d := range m.Dynamic {
		if d.Object != "" {
			w.indexDynamic(file, m, d)
		}
	}
	for _, h := range m.Handed() {
		w.indexHanded(file, h)
	}
}

// indexDynamic takes in the submodules that an access to the namespace of a package
// may reach.
func (w *world) indexDynamic(file int, m *facts.Module, d facts.Dynamic) {
	base := w.objectPath(m, d.Object)
	n := need{place: place{file, d.Line}, scope: d.Scope, unit: -1, base: base, eager: m.DefAround(d.Scope) < 0}
	switch d.What {
	case "getattr":
		for _, sub := range w.needs.in[base] {
			if d.Attr == last(sub) || d.Attr == "" && strings.HasPrefix(last(sub), d.Begins) {
				w.indexNeed(sub, n)
			}
		}
	case "vars", "dir", "getmembers", "__dict__":
		for _, sub := range w.needs.in[base] {
			w.indexNeed(sub, n)
		}
	}
}

// indexHanded takes in the submodules of a package that is handled as an object,
// where attributes of their names are read off something.
func (w *world) indexHanded(file int, h facts.Handed) {
	if subs := w.needs.in[h.Path]; len(subs) > 0 && w.inTree(h.Path) {
		w.hearAll()
		for _, sub := range subs {
			if _, read := w.readAnywhere[last(sub)]; read {
				w.indexNeed(sub, need{place: place{file, h.Line}, scope: facts.Top, unit: -1, base: h.Path})
			}
		}
	}
}

func (w *world) submodules() map[string]bool {
	list := map[string]bool{}
	for _, m := range w.Modules {
		for _, u := range m.Units {
			for i, sub := range w.loads(u) {
				if i > 0 && sub != "os.path" {
					list[sub] = true
				}
			}
		}
	}
	return list
}

func (w *world) indexChain(file int, m *facts.Module, use facts.Use, base string) {
	full := base + "." + use.Chain
	for end := len(base) + 1; end <= len(full); end++ {
		if end < len(full) && full[end] != '.' {
			continue
		}
		w.indexNeed(full[:end], need{place: place{file, use.Line}, scope: use.Scope, unit: w.provider(m, use, full[:end]), base: base, eager: m.DefAround(use.Scope) < 0})
	}
}

// indexNeed takes in what may reach a submodule.
func (w *world) indexNeed(sub string, n need) {
	if w.needs.submodules[sub] {
		n.inBase = w.provided(sub, n.base)
		w.needs.of[sub] = append(w.needs.of[sub], n)
	}
}

// provided tells whether loading base alone loads the submodule.
func (w *world) provided(sub, base string) bool {
	from, ok := w.graph.Find(base)
	if !ok {
		return false
	}
	to, ok := w.graph.Find(sub)
	return ok && w.graph.Loads(from, to)
}

// provider is a unit that binds the used name and loads the submodule; -1 for
// none.
func (w *world) provider(m *facts.Module, use facts.Use, sub string) int {
	found := -1
	for _, b := range m.Names[use.Name].Bindings {
		if b.Kind == facts.ByImport && underOrSame(w.loaded(m.Units[b.Unit]), sub) {
			found = b.Unit
		}
	}
	return found
}

// loose lists the uses of a submodule that come without an import of their own,
// of each file the first, and the first that runs while the file loads.
func (w *world) loose(sub string) []need {
	return w.looseBut(sub, func(need) bool { return false })
}

// looseBut lists them without some uses.
func (w *world) looseBut(sub string, leaveOut func(need) bool) []need {
	var list []need
	seen := map[need]bool{}
	for _, n := range w.needsOf(sub) {
		kind := need{place: place{file: n.file}, eager: n.eager, base: n.base}
		if n.unit < 0 && !seen[kind] && !leaveOut(n) {
			seen[kind] = true
			list = append(list, n)
		}
	}
	return list
}
