package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/graph"
	"fastpath/plan/syntax"
)

// A PatchEdit is the string of a patch that has to spell another path, because
// an import that the old path leads through moves. Both paths are dotted names.
type PatchEdit struct {
	File int         // index into Input.Modules: the file of the string
	Span syntax.Span // the string literal with its quotes
	Old  string
	New  string
	For  []int // indexes into Plan.Decisions: the moves that ask for it
}

// A computedPatch replaces something whose path is known in its beginning only,
// up to a dot, or not at all.
type computedPatch struct {
	place
	within string
}

// A patched is every patch of the tree: under the path that it spells, and under
// those that mean the same object.
type patched struct {
	at     map[string][]patchPlace
	below  map[string][]string // by module.name: longer paths that are patched
	within []computedPatch     // what code works out when it runs
	named  map[string][]place  // by name: patches of that name of something that cannot be told
}

// patchesOf are the patches of module.name.
func (w *world) patchesOf(path string) []patchPlace { return w.allPatches().at[path] }

func (w *world) allPatches() *patched {
	if w.patched != nil {
		return w.patched
	}
	w.hearOf(patches, "")
	w.patched = &patched{at: map[string][]patchPlace{}, below: map[string][]string{}, named: map[string][]place{}}
	for i := range w.Modules {
		if w.heard[i] {
			w.patched.file(w, i)
		}
	}
	for _, target := range sortedKeys(w.patched.at) {
		for parent := range above(target) {
			w.patched.below[parent] = append(w.patched.below[parent], target)
		}
	}
	return w.patched
}

func (all *patched) file(w *world, i int) {
	for _, p := range w.facts(i).Patches {
		path := p.Target
		switch p.Form {
		case facts.PatchModules, facts.PatchReload, facts.PatchContent:
			continue
		case facts.PatchString, facts.PatchMultiple:
			if within, computed := strings.CutSuffix(path, "*"); computed {
				all.within = append(all.within, computedPatch{place{i, p.Line}, strings.TrimSuffix(within, ".")})
				continue
			}
		case facts.PatchObject:
			if path == "" {
				all.named[p.Attr] = append(all.named[p.Attr], place{i, p.Line})
				continue
			}
			path += "." + p.Attr
		}
		at := patchPlace{place: place{i, p.Line}, patch: p, spelled: true}
		for step, more := 0, true; more && step < 8; step++ {
			all.at[path] = append(all.at[path], at)
			at.spelled = false
			path, more = w.through(path)
		}
	}
}

// through follows a path through one import: with `import pandas as pd` in
// mod, mod.pd.read_csv is pandas.read_csv. A name that a module binds itself is
// left alone, for to replace it is to replace the binding.
func (w *world) through(path string) (string, bool) {
	for end := strings.LastIndexByte(path, '.'); end > 0; end = strings.LastIndexByte(path[:end], '.') {
		m, ok := w.module(path[:end])
		if !ok {
			continue
		}
		name, rest, deeper := strings.Cut(path[end+1:], ".")
		n := w.top(m, name)
		if !deeper || n < 0 {
			return "", false
		}
		base, ok := m.Denotes(n)
		return base + "." + rest, ok && base != path[:end]+"."+name
	}
	return "", false
}

// path is the dotted path of what the unit binds.
func (d *descent) path() string {
	switch {
	case d.u.Attr != "":
		return d.u.Module + "." + d.u.Attr
	case d.u.Alias:
		return d.u.Module
	}
	root, _, _ := strings.Cut(d.u.Module, ".")
	return root
}

// repatchBelow wants a patch of an attribute of the bound module to name that
// module by its own path: the object that is changed is the same. It says why
// that cannot be, "" when it can.
func (d *descent) repatchBelow(p patchPlace, target string) string {
	if d.u.Attr != "" && d.loaded(d.u) != d.path() {
		return fmt.Sprintf(", and `%s` is no module", d.path())
	}
	to := d.path() + target[len(d.m.Name)+1+len(d.u.Bound):]
	if to == target {
		return "" // the package is asked for its own submodule, and imports it if need be
	}
	if _, more := d.through(to); more {
		return fmt.Sprintf(", and `%s` leads through another import", to)
	}
	return d.repatch(p, to)
}

// repatchName wants a patch of the bound name itself to replace the name where
// it is defined. Each function now looks it up there when it starts; nothing
// else may, or it would get the mock as well.
func (d *descent) repatchName(p patchPlace) string {
	full := d.path()
	switch source, ok := d.module(d.u.Module); {
	case d.u.Attr == "" || d.loaded(d.u) == full:
		return ", and a module cannot be replaced where it is defined"
	case !ok || slices.ContainsFunc(d.Policy.Vendored, func(f string) bool { return underFolder(source.Path, f) }):
		return fmt.Sprintf(", and `%s` does not belong to the project", d.u.Module)
	case !p.patch.Plain:
		return ", with create, spec, autospec or new_callable"
	default:
		if why := d.definedAway(source); why != "" {
			return why
		}
	}
	if at, ok := d.usedBeside(full); ok {
		return fmt.Sprintf(", and %s:%d uses `%s` too", d.Modules[at.file].Path, at.line, full)
	}
	if why := d.lookedUpLater(); why != "" {
		return why
	}
	return d.repatch(p, full)
}

func underFolder(file, folder string) bool {
	return folder == "." || strings.HasPrefix(file, folder+"/")
}

// definedAway tells why the source module does not simply define the name.
func (d *descent) definedAway(source *facts.Module) string {
	n := d.top(source, d.u.Attr)
	if n < 0 || slices.ContainsFunc(source.Names[n].Bindings, func(b facts.Bind) bool { return b.Kind == facts.ByImport }) {
		return fmt.Sprintf(", and `%s` does not define it", d.u.Module)
	}
	return ""
}

// usedBeside finds a use of module.name other than by this import: in the
// module itself, as an attribute, by another import, or by text. Uses that
// cannot be told from one count.
func (d *descent) usedBeside(full string) (place, bool) {
	file := d.byName[d.u.Module]
	source := d.facts(file)
	if uses := source.Names[d.top(source, d.u.Attr)].Uses; len(uses) > 0 {
		return place{file, source.Uses[uses[0]].Line}, true
	}
	for _, x := range source.Dynamic {
		if x.Object == "" && wholeModule(x.What) {
			return place{file, x.Line}, true
		}
	}
	for _, x := range source.Mentions {
		if x.Name == d.u.Attr {
			return place{file, x.Line}, true
		}
	}
	imports := d.said(importedFrom, full)
	for i, at := range imports {
		if at != (place{d.file, d.u.Line}) || i > 0 {
			return at, true
		}
	}
	for _, list := range [][]place{d.said(readFrom, full), d.said(storedTo, full), d.said(stringNames, full), d.said(stringsBelow, full), d.said(starOf, d.u.Module),
		d.namespaceReads(d.u.Module, d.u.Attr), d.said(reloaded, d.u.Module)} {
		if len(list) > 0 {
			return list[0], true
		}
	}
	// The module may be reached through one that imports it.
	tail := "." + last(d.u.Module) + "." + d.u.Attr
	d.hearAll()
	for _, path := range sortedKeys(d.places[readFrom-importedFrom]) {
		if strings.HasSuffix(path, tail) {
			return d.said(readFrom, path)[0], true
		}
	}
	return place{}, false
}

// lookedUpLater tells why a function could hold the value from before or after
// the patch: the import runs when the function that it lands in starts, and a
// function or lambda inside may run at another time, a generator too.
func (d *descent) lookedUpLater() string {
	if len(d.users.landings) == 0 {
		return ", and no function uses it"
	}
	for _, l := range d.users.landings {
		if l.Scope < 0 || l.Present {
			return ", and not only functions look it up"
		}
	}
	for _, i := range d.uses() {
		use := d.m.Uses[i]
		if lazyRole(use) {
			continue
		}
		landed := slices.ContainsFunc(d.users.landings, func(l Landing) bool { return d.runsWith(use.Scope, l.Scope) })
		if !landed || use.Comprehension {
			return fmt.Sprintf(", and line %d may look it up at another time than its function starts", use.Line)
		}
	}
	return ""
}

// runsWith tells whether the code of scope s runs as part of the def itself.
func (d *descent) runsWith(s, def facts.ScopeID) bool {
	for s != def && s > facts.Top && d.m.Scopes[s].Kind == facts.ClassScope {
		s = d.m.Scopes[s].Parent
	}
	return s == def
}

// repatch wants the string of the patch to name another path.
func (d *descent) repatch(p patchPlace, to string) string {
	switch {
	case !p.spelled:
		return ", through another module"
	case p.patch.Form != facts.PatchString:
		return ", and not by a string alone"
	case p.patch.Span == (syntax.Span{}):
		return ", by text that is not one plain string"
	case d.Frozen[d.Modules[p.file].Path]:
		return ", in a file that is not to be changed"
	}
	d.patches = append(d.patches, PatchEdit{File: p.file, Span: p.patch.Span, Old: p.patch.Target, New: to})
	return ""
}

// settlePatches keeps units whose patches would come before the module that
// they speak of: the old path imports it before it replaces anything, the new
// one does not, so the file of the patch has to load it by itself. It tells
// whether there were any.
func (p *planner) settlePatches() (any bool) {
	start := p.moves().start
	reach := map[int]*graph.Reach{}
	loads := func(from, to int) bool {
		if reach[from] == nil {
			n, _ := p.graph.Find(p.nodeName(from))
			reach[from] = p.graph.Load([]graph.Node{n}, start)
		}
		n, _ := p.graph.Find(p.nodeName(to))
		return reach[from].Loaded(n)
	}
	for i := range p.decisions {
		d := &p.decisions[i]
		if d.Status != StatusMove {
			continue
		}
		for _, e := range d.patches {
			if loads(e.File, d.File) {
				continue
			}
			m := p.facts(e.File)
			d.takeBack(Blocker{Code: "patched", File: m.Path, Line: patchLine(m, e.Span),
				Message: fmt.Sprintf("`%s` is replaced here, and nothing else imports `%s` first", e.Old, p.Modules[d.File].Name),
				Hint:    "import `" + p.Modules[d.File].Name + "` at the top of the file"})
			any = true
			break
		}
	}
	return any
}

func patchLine(m *facts.Module, at syntax.Span) int {
	for _, p := range m.Patches {
		if p.Span == at {
			return p.Line
		}
	}
	return 1
}

// patchEdits lists the strings that the moves of the plan change, each once.
func (p *planner) patchEdits() []PatchEdit {
	var list []PatchEdit
	for i := range p.decisions {
		if d := &p.decisions[i]; d.Status == StatusMove {
			for _, e := range d.patches {
				e.For = []int{i}
				list = append(list, e)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b PatchEdit) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Span.Start, b.Span.Start))
	})
	var merged []PatchEdit
	for _, e := range list {
		if n := len(merged) - 1; n >= 0 && merged[n].File == e.File && merged[n].Span == e.Span && merged[n].New == e.New {
			merged[n].For = append(merged[n].For, e.For...)
			continue
		}
		merged = append(merged, e)
	}
	return merged
}
