package plan

import (
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/stdlib"
)

// optional: nothing shows that the target, and what loads with it, is always
// there.
func (a *ascent) optional(action Action) {
	if action == Drop {
		return
	}
	target := a.loaded(a.u)
	if a.u.Module == "" {
		a.block("optional", a.u.Line, "", "the relative import leaves its package")
		return
	}
	closure := a.firstPartyClosure(target)
	if len(closure) == 0 && !a.always(a.file, target) {
		a.block("optional", a.u.Line, "declare it as a required dependency", "nothing shows that `%s` is always there", target)
		return
	}
	for _, module := range closure {
		file := a.byName[module]
		if a.with.inside[file] {
			continue
		}
		for _, o := range a.optionalIn(file) {
			if t := a.loaded(o); !a.always(a.file, t) {
				a.blockAt("optional", place{file, o.Line}, "declare it as a required dependency",
					"`%s` loads `%s`, and nothing shows that it is always there", target, t)
				return
			}
		}
	}
}

// optionalIn are the unguarded imports of a file from outside the tree that are
// not required.
func (w *world) optionalIn(file int) []facts.Unit {
	if list, ok := w.optionals[file]; ok {
		return list
	}
	list := []facts.Unit{}
	m := w.facts(file)
	for _, u := range m.Units {
		site := m.Statements[u.Statement].Site
		if site != facts.SiteModule && site != facts.SiteClass || u.Module == "" {
			continue
		}
		if t := w.loaded(u); !w.inTree(t) && !w.required(t) {
			list = append(list, u)
		}
	}
	w.optionals[file] = list
	return list
}

func (w *world) inTree(module string) bool {
	_, ok := w.byName[module]
	return ok
}

// always tells that a module outside the tree is sure to be there: in every
// supported standard library, a required dependency, loaded by an unguarded
// eager path, or seen when the entry was profiled.
func (w *world) always(file int, module string) bool {
	if stdlib.Root(module) {
		return stdlib.Always(module) // even what loads may come from elsewhere, as setuptools brings distutils
	}
	return w.proven(file, module) || w.declared(module)
}

// declared tells that the project requires the module, or that it was loaded
// when the entry was profiled.
func (w *world) declared(module string) bool {
	return w.required(module) || w.Profile != nil && !w.Profile.Short && w.Profile.Loaded(module)
}

// required tells that the module is in every supported standard library or one
// of the project's required dependencies.
func (w *world) required(module string) bool {
	if stdlib.Root(module) {
		return stdlib.Always(module)
	}
	root, _, _ := strings.Cut(module, ".")
	for _, d := range w.Policy.Dependencies {
		if strings.EqualFold(strings.ReplaceAll(d, "-", "_"), root) {
			return true
		}
	}
	return false
}
