package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/graph"
	"fastpath/plan/stdlib"
)

// stateAtImport: the target reads process state when it loads, and the tree
// changes that state.
func (d *descent) stateAtImport() {
	for _, file := range d.loadedWith(d.loaded(d.u)) {
		if d.around(file) {
			continue
		}
		if f := d.findings(file, d.file); f != nil {
			d.blockAt("state-at-import", f.read, "read it in a function, when it is needed",
				"importing `%s` reads %s, which %s:%d changes", d.loaded(d.u), f.what, d.Modules[f.change.file].Path, f.change.line)
			d.onFirstLoadOf(d.foundWith(d.loaded(d.u), d.file))
			return
		}
	}
	if roots := d.writes("root"); len(roots) > 0 {
		d.blockAt("state-at-import", roots[0].place, "", "the root directory changes here: later `%s` might not be found", d.loaded(d.u))
		d.onFirstLoad(firstLoad{module: d.loaded(d.u)})
		return
	}
	if at, ok := d.foundElsewhere(d.loaded(d.u)); ok {
		d.blockAt("state-at-import", at, "", "where modules are looked for changes here: later `%s` might be another one", d.loaded(d.u))
		d.onFirstLoad(firstLoad{module: d.loaded(d.u)})
		return
	}
	if target := d.loaded(d.u); !stdlib.Root(target) && !d.sameRoots(target) && !d.with.outside[target] {
		if at, ok := d.searchShrinks(target); ok {
			d.blockAt("state-at-import", at, "add its folder to `src` if it belongs to the project", "the search path changes here: later `%s` might not be found, or be another module", target)
			d.onFirstLoad(firstLoad{module: target})
		}
	}
}

// A finding is what the load of a file finds as it is at that time, and what
// changes that: the first of all such things, and when all of them matter.
type finding struct {
	read   place
	what   string
	change place
	firstLoad
}

// findings is what one file's load finds that the tree changes, in a process that has
// the file of an import; nil for nothing.
func (w *world) findings(file, importer int) *finding {
	all, known := w.found[file]
	if !known {
		all = &findings{by: map[string]*finding{}}
		all.of = w.findingsBut(file, func(c stateWrite) bool {
			if w.ofProgram(c) && !slices.Contains(all.programs, c.file) {
				all.programs = append(all.programs, c.file)
			}
			return false
		})
		w.found[file] = all
	}
	var apart []int
	for _, program := range all.programs {
		if !w.mayLoad(program, importer) {
			apart = append(apart, program)
		}
	}
	if len(apart) == 0 {
		return all.of
	}
	key := fmt.Sprint(apart)
	f, known := all.by[key]
	if !known {
		f = w.findingsBut(file, func(c stateWrite) bool { return w.ofProgram(c) && slices.Contains(apart, c.file) })
		all.by[key] = f
	}
	return f
}

// findings are those of one file, and of it in a process that some of the programs
// which make changes have nothing to do with.
type findings struct {
	of       *finding
	programs []int
	by       map[string]*finding
}

// findingsBut finds so without some changes.
func (w *world) findingsBut(file int, leaveOut func(stateWrite) bool) *finding {
	var f *finding
	always := false
	before := map[string]bool{}
	note := func(read place, what string, changes []stateWrite) {
		if changes = slices.DeleteFunc(changes, leaveOut); len(changes) == 0 {
			return
		}
		if f == nil {
			f = &finding{read: read, what: what, change: changes[0].place, firstLoad: firstLoad{module: w.Modules[file].Name}}
		}
		for _, c := range changes {
			always = always || c.atImport || slices.Contains(w.ranBy(c.file), code{c.file, c.def})
			before[w.nodeName(c.file)] = true // a function runs when its own module has loaded
		}
	}
	seen := map[[2]string]bool{}
	for _, r := range w.readsBy(file) {
		thing := [2]string{r.Code, r.Key}
		if seen[thing] {
			continue
		}
		seen[thing] = true
		note(r.place, r.Code, slices.DeleteFunc(slices.Clone(w.changesOf(r.Read)), func(c stateWrite) bool {
			return c.atImport && c.file == file || w.comesFirst(c, file)
		}))
	}
	for _, s := range w.snapshots(file) {
		note(s.read, "`"+s.name+"`", slices.Clone(s.changes))
	}
	if f != nil && !always {
		for _, name := range sortedKeys(before) {
			f.earlier = append(f.earlier, []string{name})
		}
	}
	return f
}

// foundWith are the first loads that the findings of a target's load speak of.
func (w *world) foundWith(target string, importer int) (list *firstLoads) {
	for _, file := range slices.Sorted(slices.Values(w.loadedWith(target))) {
		if f := w.findings(file, importer); f != nil {
			list = w.listWith(&f.firstLoad, list)
		}
	}
	return list
}

// ofProgram tells that a main guard makes the change, of a program that runs in a
// process of its own.
func (w *world) ofProgram(c stateWrite) bool {
	guarded := c.effect.Code != "" && !c.atImport && c.def < 0
	if !guarded || len(w.facts(c.file).MainGuard) == 0 || w.tests[c.file] || w.imported(c.file) {
		return false
	}
	runpy, ok := w.graph.Find("runpy") // which runs main guards in any process
	return !ok || len(w.importers()[runpy]) == 0
}

// mayLoad tells whether a program can have a file in its process: by what its imports
// lead to, or by a name that it works out. A file that is there for its own tests only
// gets into programs that load such a name themselves, or run tests.
func (w *world) mayLoad(program, file int) bool {
	self, _ := w.graph.Find(w.nodeName(file))
	reach := w.reach(program)
	leads := func(module string) bool { n, ok := w.graph.Find(module); return ok && reach.Loaded(n) }
	return program == file || reach.Loaded(self) || !w.onlyTests(file) ||
		slices.ContainsFunc(w.Modules[program].Loads, func(l facts.StringImport) bool { return l.Module == "" }) ||
		slices.ContainsFunc([]string{"unittest", "pytest", "nose", "doctest"}, leads)
}

// sameRoots tells that the target is found from the project's own roots,
// wherever the search path goes.
func (w *world) sameRoots(target string) bool { return w.inTree(target) }

// foundElsewhere finds a change after which a module would be looked for in another
// place: of the __path__ of a package around it, or one that puts a folder before
// the project's where the tree has another module of that name.
func (w *world) foundElsewhere(target string) (place, bool) {
	for pkg := range above(target) {
		if at, _ := w.contentsAt(pkg + ".__path__"); len(at) > 0 {
			return at[0].place, true
		}
	}
	if !w.inTree(target) || strings.Contains(target, ".") || !w.another(target) {
		return place{}, false
	}
	for _, at := range w.changesOfPath() {
		switch last(at.effect) {
		case "insert", "syspath_prepend":
			return at.place, true
		}
	}
	return place{}, false
}

// another tells whether the tree has two files that would be the module of that
// name, each in its folder.
func (w *world) another(name string) bool {
	if w.called == nil {
		w.called = map[string]int{}
		for _, m := range w.Modules {
			w.called[path.Base(strings.TrimSuffix(strings.TrimSuffix(m.Path, ".py"), "/__init__"))]++
		}
	}
	return w.called[name] > 1
}

// searchShrinks finds a change of the search path that can hide a module which
// was found before: one that does not merely add to it, or a change of the
// directory while a relative folder is on it.
func (w *world) searchShrinks(target string) (place, bool) {
	for _, at := range w.changesOfPath() {
		if !at.adds {
			return at.place, true
		}
	}
	if len(w.writes("cwd")) > 0 && len(w.changesOfPath()) > 0 && !w.installed(target) {
		return w.changesOfPath()[0].place, true
	}
	return place{}, false
}

// installed tells that the target was seen where packages are installed, a
// folder that is on the search path by its full name.
func (w *world) installed(target string) bool {
	if w.Profile == nil {
		return false
	}
	root, _, _ := strings.Cut(target, ".")
	return strings.HasPrefix(w.Profile.Modules[root].File, "<site>/")
}

// changesOf lists the changes of what is read.
func (w *world) changesOf(r facts.Read) []stateWrite {
	thing := [2]string{r.Code, r.Key}
	list, known := w.changed[thing]
	if !known {
		list = w.changesOfThing(r)
		w.changed[thing] = list
	}
	return list
}

// changesOfThing does so for changesOf. Two variables of the environment
// that are both named are told apart; on some systems upper and lower case are
// not.
func (w *world) changesOfThing(r facts.Read) []stateWrite {
	var list []stateWrite
	for _, reader := range facts.Readers(r.Code) {
		for _, p := range w.patchesOf(reader) {
			list = append(list, stateWrite{place: p.place, def: -1})
		}
	}
	switch r.Code {
	case "sys.argv", "sys.stdin", "sys.stdout", "sys.stderr":
		return w.changesOfObject(r.Code)
	case "process": // another program that runs, with all that it finds
		return slices.Concat(list, w.writes("cwd"), w.writes("environ"))
	case "files":
		list = append(list, w.changesOfObject("builtins.open")...)
	case "connections":
		for _, c := range w.writes("environ") {
			if c.variable == "" || ofConnections(c.variable) {
				list = append(list, c)
			}
		}
	}
	for _, c := range w.writes(r.Code) {
		same := true
		switch r.Code {
		case "files":
			same = facts.SameFile(r.Key, c.effect.Key)
		case "the levels of loggers":
			name := loggerOf(c.effect)
			same = r.Key == "" || name == "" || r.Key == name
		case "the warning filters":
			same = r.Key != facts.FiltersStay || facts.FiltersComeBack(c.effect)
		case "locale":
			same = w.changesEncoding(c)
		case "environ":
			same = r.Key == "" || c.variable == "" || strings.EqualFold(r.Key, c.variable)
		case "signal":
			same = c.effect.Detail == "signal.signal" && (r.Key == "" || c.effect.Key == "" || r.Key == c.effect.Key)
		}
		if same {
			list = append(list, c)
		}
	}
	return list
}

// loggerOf is the name of the logger whose level an effect sets; "" where it may be
// any.
func loggerOf(e facts.Effect) string {
	if _, name, ok := strings.Cut(e.Detail, "getLogger("); ok {
		name, _, _ = strings.Cut(name, ")")
		return name
	}
	if e.Code == "state" {
		return e.Key
	}
	return ""
}

// ofConnections tells the variables of the environment that clients of services
// read when they are made.
func ofConnections(variable string) bool {
	return strings.HasPrefix(variable, "AWS_") || strings.HasSuffix(strings.ToUpper(variable), "_PROXY")
}

// changesOfObject lists the changes of such an object of the process, and the
// places where another one is put into its place.
func (w *world) changesOfObject(object string) []stateWrite {
	var list []stateWrite
	for _, c := range w.writes("process") {
		if c.effect.Detail == object || object == "sys.argv" && underOrSame(c.effect.Detail, object) {
			list = append(list, c)
		}
	}
	for _, p := range w.patchesOf(object) {
		list = append(list, stateWrite{place: p.place, def: -1})
	}
	return list
}

// comesFirst tells that a program makes the change, while it loads, before any of
// it can have loaded the file: it has a main guard, nobody imports it, no test
// runner loads it, and nothing that it imports above leads to the file.
func (w *world) comesFirst(change stateWrite, file int) bool {
	m := w.facts(change.file)
	self, _ := w.graph.Find(w.nodeName(change.file))
	if !change.atImport || len(m.MainGuard) == 0 || w.tests[change.file] || len(w.importers()[self]) > 0 {
		return false
	}
	target, _ := w.graph.Find(w.nodeName(file))
	return !w.loadedAbove(change.place).Loaded(target)
}

// loadedAbove is what the imports of a file above one of its lines may have loaded.
func (w *world) loadedAbove(at place) *graph.Reach {
	if r, known := w.aboveLine[at]; known {
		return r
	}
	m := w.facts(at.file)
	var imported []graph.Node
	for _, u := range m.Units {
		n, ok := w.graph.Find(w.loaded(u))
		if ok && u.Line < at.line && m.Statements[u.Statement].Site != facts.SiteTypeChecking {
			imported = append(imported, n)
		}
	}
	// Some function of the tree may have run, so what those import counts too.
	r := w.graph.Load(imported, func(e graph.Edge) bool { return e.Eager || e.Tag >= 0 })
	w.aboveLine[at] = r
	return r
}

// changesEncoding tells whether a change of the locale can be seen by what asks
// for its language or encoding: those are of the category LC_CTYPE, which
// Python itself has set to the user's preference when it starts. Setting that
// again changes nothing unless the environment changed meanwhile.
func (w *world) changesEncoding(c stateWrite) bool {
	if c.effect.Detail != "locale.setlocale" {
		return c.effect.Detail == "" // of message catalogues, or the time zone
	}
	category, locale, constant := strings.Cut(c.effect.Key, "=")
	switch category {
	case "LC_TIME", "LC_NUMERIC", "LC_MONETARY", "LC_COLLATE", "LC_MESSAGES":
		return false
	}
	if category == "" || !constant || locale != "" {
		return true
	}
	for _, e := range w.writes("environ") {
		if e.effect.Key == "=" {
			continue // another mapping, of which the system does not know
		}
		switch strings.ToUpper(e.variable) {
		case "", "LC_ALL", "LC_CTYPE", "LANG", "LANGUAGE":
			return true
		}
	}
	return false
}
