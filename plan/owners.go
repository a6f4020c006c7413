package plan

import (
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/stdlib"
)

// owners are the modules of the tree through which alone an effect can be met:
// where the object lives that keeps it. Nil where that is not known.
func (w *world) owners(e effectAt) []string {
	m := w.facts(e.file)
	switch e.effect.Code {
	case "registry":
		list, _ := w.namers(e)
		return list
	case "store", "call", "register":
		home, name := w.home(m, e.effect.Detail, 0)
		if e.effect.Code != "store" && w.isClass(home, name) {
			list, _ := w.lineage(m, e.effect.Detail, 0)
			return list
		}
		if home != "" && (e.effect.Code == "store" || !w.changesProcess(home+"."+name)) {
			return []string{home}
		}
	case "subclass", "metaclass":
		list, known := w.lineage(m, e.effect.Detail, 0)
		if known {
			return list
		}
	}
	return nil
}

// namers are the other modules that name what an effect registers, in text; not
// known where that cannot be told, for it is computed, no dotted name, or looked up
// by something else than its name.
func (w *world) namers(e effectAt) (list []string, known bool) {
	if e.effect.Detail != "codecs.register_error" {
		return nil, false
	}
	for _, at := range w.said(stringNames, strings.Replace(e.effect.Key, ":", ".", 1)) {
		if at.file == e.file {
			known = true // such names are noted in every file
		} else {
			list = append(list, w.nodeName(at.file))
		}
	}
	return list, known
}

// isClass tells whether all that a module of the tree binds to the name is a class.
func (w *world) isClass(module, name string) bool {
	m, ok := w.module(module)
	if !ok {
		return false
	}
	n := w.top(m, name)
	return n >= 0 && len(m.Names[n].Bindings) == 1 && m.Names[n].Bindings[0].Kind == facts.ByClass
}

// home is the module of the tree that makes the object to which the first name
// of a dotted path leads, and its name there; "" where none is known to.
func (w *world) home(m *facts.Module, dotted string, depth int) (module, name string) {
	module, rest := w.splitModule(dotted)
	if rest == "" {
		module, rest = m.Name, dotted
	}
	owner, ok := w.module(module)
	if !ok || depth > 10 {
		return "", ""
	}
	name, _, _ = strings.Cut(rest, ".")
	n := w.top(owner, name)
	if n < 0 {
		if source, ok := w.starSource(owner, name, 0); ok {
			return w.home(owner, source+"."+rest, depth+1)
		}
		return "", ""
	}
	if b := owner.Names[n].Bindings; len(b) == 1 && b[0].Kind == facts.ByImport {
		path := owner.Units[b[0].Unit].Path()
		if path == "" || path == dotted {
			return "", ""
		}
		return w.home(owner, path+strings.TrimPrefix(rest, name), depth+1)
	} else if len(b) == 1 && (b[0].Kind == facts.ByAssign || b[0].Kind == facts.ByDef || b[0].Kind == facts.ByClass) {
		return module, name
	}
	return "", ""
}

// lineage are the homes of a class and of all that it inherits from; not known
// where that leaves the tree, the standard library aside.
func (w *world) lineage(m *facts.Module, class string, depth int) (list []string, known bool) {
	home, name := w.home(m, class, 0)
	if home == "" || depth > 10 {
		return nil, stdlib.Root(class)
	}
	list = append(list, home)
	owner, _ := w.module(home)
	if !w.isClass(home, name) {
		return nil, false
	}
	for _, base := range owner.Scopes[owner.Names[w.top(owner, name)].Bindings[0].Defines].Bases {
		path := owner.Expand(facts.Top, base)
		if w.top(owner, base) < 0 && builtins[base] || stdlib.Root(path) {
			continue
		}
		more, known := w.lineage(owner, path, depth+1)
		if !known {
			return nil, false
		}
		list = append(list, more...)
	}
	return list, true
}
