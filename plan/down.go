package plan

import (
	"fmt"
	"slices"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/stdlib"
)

// A descent is the question whether one module-level unit may sink.
type descent struct {
	*world
	file   int
	m      *facts.Module
	unit   int
	u      facts.Unit
	r      *running
	users  user
	with   company // going up: what loads with the file anyway
	blocks []Blocker

	patches []PatchEdit // that the move asks for
}

// block records one blocker.
func (d *descent) block(code string, line int, hint, format string, args ...any) {
	d.blockAt(code, place{d.file, line}, hint, format, args...)
}

func (d *descent) blockAt(code string, at place, hint, format string, args ...any) {
	d.blocks = append(d.blocks, Blocker{Code: code, File: d.Modules[at.file].Path, Line: at.line,
		Message: fmt.Sprintf(format, args...), Hint: hint})
}

// proveAt records a blocker whose code stands for presumptions, and which is none.
func (d *descent) proveAt(code string, at place, hint, format string, args ...any) {
	d.blockAt(code, at, hint, format, args...)
	d.blocks[len(d.blocks)-1].proven = true
}

// allowing is the hint to lift a presumption, and when that is safe.
func (d *descent) allowing(code, when string) string {
	return "add `" + code + "` to `per-path-allow` for " + d.m.Path + " if " + when
}

// down finds everything that forbids a unit to sink, in the order of Blockers.
func (w *world) down(file, unit int, r *running) *descent {
	m := w.facts(file)
	d := &descent{world: w, file: file, m: m, unit: unit, u: m.Units[unit], r: r}
	switch {
	case d.u.Attr == "*":
		d.block("star", d.u.Line, "name what is imported", "`from %s import *` binds names that cannot be listed", d.u.Module)
		return d
	case d.u.Module == "__future__":
		d.block("future", d.u.Line, "", "`from __future__` must stand first in the file")
		return d
	}
	d.guarded()
	if d.u.Name < 0 {
		return d
	}
	d.users = w.users(m, d.uses(), r)
	for _, rule := range []func(){
		d.handled, d.eagerUse, d.classScope, d.runs, d.loadingWithThreads, d.unused, d.rebound, d.lateValue, d.providesSubmodule,
		d.exported, d.patched, d.stubbed, d.dynamic, d.doctest, d.compiled, d.sideEffect, d.stateAtImport,
		d.finalizer, d.importSystem, d.mangled, d.pinned,
	} {
		rule()
	}
	return d
}

func (d *descent) name() *facts.Name { return &d.m.Names[d.u.Name] }

// uses are the references that mean this unit. Where several units of the
// file bind the same root package, each use belongs to the unit whose
// submodule its attribute chain needs; one that is not evaluated may belong to
// an import for type checkers too.
func (d *descent) uses() []int {
	all := d.name().Uses
	family := d.family()
	unread := append(slices.Clip(family), d.relatives(facts.SiteTypeChecking)...)
	if len(unread) < 2 {
		return all
	}
	var mine []int
	for _, i := range all {
		servers := family
		if lazyRole(d.m.Uses[i]) {
			servers = unread
		}
		if len(servers) < 2 || d.serves(servers, d.m.Uses[i]) == d.unit {
			mine = append(mine, i)
		}
	}
	return mine
}

// family are the module-level units that bind the same root package as this
// one by `import a…`, in source order; nil for other forms.
func (d *descent) family() []int { return d.relatives(facts.SiteModule) }

// relatives are those that stand at such a site.
func (d *descent) relatives(site facts.Site) []int {
	if d.u.Attr != "" || d.u.Alias {
		return nil
	}
	var list []int
	for _, b := range d.name().Bindings {
		if b.Kind == facts.ByImport && d.m.Units[b.Unit].Attr == "" && !d.m.Units[b.Unit].Alias &&
			d.m.Statements[d.m.Units[b.Unit].Statement].Site == site {
			list = append(list, b.Unit)
		}
	}
	return list
}

// serves picks the unit of a family that a use needs: the one that loads most of
// its chain, and of several the one that loads the least beside.
func (d *descent) serves(family []int, use facts.Use) int {
	full := d.u.Bound + suffix(use.Chain)
	best, most := family[0], 0
	for _, i := range family {
		module := d.m.Units[i].Module
		n := commonParts(full, module)
		if n > most || n == most && len(module) < len(d.m.Units[best].Module) {
			best, most = i, n
		}
	}
	return best
}

// commonParts counts the parts with which both dotted names begin.
func commonParts(a, b string) int {
	n := 0
	for {
		x, restA, moreA := strings.Cut(a, ".")
		y, restB, moreB := strings.Cut(b, ".")
		if x != y {
			return n
		}
		n++
		if !moreA || !moreB {
			return n
		}
		a, b = restA, restB
	}
}

// underOrSame tells whether the dotted name is module itself or below it.
func underOrSame(name, module string) bool {
	return name == module || strings.HasPrefix(name, module) && name[len(module)] == '.'
}

func (d *descent) guarded() {
	switch d.m.Statements[d.u.Statement].Site {
	case facts.SiteGuarded:
		d.block("guarded", d.u.Line, "", "it stands in if, try, with or a loop at module level")
	case facts.SiteClass:
		d.block("guarded", d.u.Line, "", "it stands in a class body, where it becomes a class attribute")
	}
	if d.m.Statements[d.u.Statement].Lazy {
		d.block("guarded", d.u.Line, "", "it is a lazy import already (PEP 810)")
	}
}

func (d *descent) eagerUse() {
	for _, use := range d.users.eager {
		hint := "refer to it inside a function"
		if use.Role == facts.InAnnotation {
			hint = "quote the annotation or add `from __future__ import annotations`"
		}
		what := use.Role.String()
		switch {
		case use.Role != facts.Plain:
		case use.Comprehension:
			what = "comprehension"
		case d.m.Scopes[use.Scope].Kind == facts.ClassScope:
			what = "class body"
		case d.m.Scopes[use.Scope].Kind == facts.LambdaScope:
			what = "lambda"
		default:
			what = "module statement"
		}
		d.block("eager-use", use.Line, hint, "`%s` is used at import time (%s)", d.u.Bound, what)
	}
	for _, use := range d.users.unread {
		if reader, ok := d.annotationReader(use); ok {
			d.block("eager-use", use.Line, "", "the annotation that names `%s` may be read at run time by %s", d.u.Bound, reader)
		}
	}
	if line := d.typeNameTaken(); line > 0 && len(d.users.unread) > 0 {
		d.block("name-taken", line, "", "`%s` means something else here, so `%s` cannot be kept for type checkers", typeCheckingName, d.u.Bound)
	}
}

// annotationReader names what may evaluate the annotation of the use.
func (d *descent) annotationReader(use facts.Use) (string, bool) {
	if use.Local || use.TypeComment || use.TypeChecking {
		return "", false
	}
	owner := use.Annotated
	if owner < 0 {
		return "", false
	}
	s := &d.m.Scopes[owner]
	for _, dec := range s.Decorators {
		if !d.harmlessDecorator(d.m, dec.Name) || matchName(d.lists.annotationReaders, d.objectPath(d.m, dec.Name)) {
			return fmt.Sprintf("decorator `@%s`", dec.Name), true
		}
	}
	if s.Kind == facts.ClassScope {
		for _, base := range s.Bases {
			if !plainBase(d.objectPath(d.m, base)) {
				return fmt.Sprintf("base class `%s`", base), true
			}
		}
		if len(s.Keywords) > 0 {
			return fmt.Sprintf("class keyword `%s`", s.Keywords[0]), true
		}
	}
	for n := range d.m.Names {
		for _, b := range d.m.Names[n].Bindings {
			if b.Defines != owner || b.Kind != facts.ByDef && b.Kind != facts.ByClass {
				continue
			}
			for _, i := range d.m.Names[n].Uses {
				if to := d.m.Uses[i].PassedTo; to != "" && matchName(d.lists.annotationReaders, d.objectPath(d.m, to)) {
					return "`" + to + "`", true
				}
			}
		}
	}
	for _, path := range withParents(s.Qualified) { // of a class that is given, its methods may be asked too
		if at, ok := elsewhere(d.said(hintsReadOf, d.m.Name+"."+path), d.file); ok {
			return d.Modules[at.file].Path, true
		}
	}
	if len(d.said(hintsReadAny, "")) > 0 {
		at := d.said(hintsReadAny, "")[0]
		return fmt.Sprintf("%s:%d, whatever that is given", d.Modules[at.file].Path, at.line), true
	}
	return "", false
}

// plainBase tells that a base class does not look at annotations.
func plainBase(name string) bool {
	switch name {
	case "object", "abc.ABC", "ABC", "Exception", "BaseException", "ValueError", "TypeError", "RuntimeError", "KeyError",
		"LookupError", "OSError", "AttributeError", "NotImplementedError", "dict", "list", "tuple", "str", "int", "float", "set", "frozenset", "bytes",
		"type", "threading.Thread", "unittest.TestCase", "enum.Enum", "enum.IntEnum", "enum.Flag", "enum.IntFlag", "typing.Generic",
		"logging.Handler", "logging.Formatter", "logging.Filter", "argparse.Action", "json.JSONEncoder", "collections.OrderedDict", "collections.UserDict":
		return true
	}
	return false
}

// classScope: a load in a class body that also binds the name looks in the
// class, then in the globals, and never in the function around the class.
func (d *descent) classScope() {
	for _, c := range d.m.ClassNames {
		if c.Name == d.u.Bound && d.m.DefAround(c.Scope) >= 0 {
			d.block("class-scope", c.Line, "rename the class attribute",
				"class `%s` binds and reads `%s`: the read would no longer find the import", d.m.Scopes[c.Scope].Name, c.Name)
		} else if c.Name == d.u.Bound {
			d.block("eager-use", c.Line, "", "the body of class `%s` reads `%s` at import time", d.m.Scopes[c.Scope].Name, c.Name)
		}
	}
}

func (d *descent) runs() {
	for _, e := range d.users.early {
		name := d.m.Scopes[e.scope].Qualified
		switch {
		case !e.handed:
			d.block("called-at-import", e.cause.line, "call it later, or move the code that needs the import into a function of its own",
				"`%s` is called while the module loads, so nothing would be gained", name)
		case e.cause.thread:
			d.block("runs-at-import", e.cause.line, "", "`%s` is handed to `%s` while the module loads: importing there can deadlock", name, e.cause.via)
		case strings.HasPrefix(e.cause.via, "@"):
			d.block("runs-at-import", e.cause.line, "add it to `harmless-decorators` if it does not call the function",
				"`%s` is decorated with `%s`, which may call it while the module loads", name, e.cause.via)
		default:
			d.block("runs-at-import", e.cause.line, "", "`%s` is handed to `%s` while the module loads and may run then", name, e.cause.via)
		}
	}
}

// loadingWithThreads: a package that starts threads while it loads holds its lock
// meanwhile. Whatever of them imports something below it may wait for ever.
func (d *descent) loadingWithThreads() {
	if slices.ContainsFunc(d.blocks, func(b Blocker) bool { return b.Code == "runs-at-import" }) {
		return // that says it
	}
	for parent := range above(d.loaded(d.u)) {
		file, ok := d.byName[parent]
		if !ok {
			continue
		}
		if at, ok := d.startsThreads(file); ok {
			d.blockAt("runs-at-import", at, "start them when they are needed", "`%s` starts threads while it loads: importing `%s` in one can deadlock", parent, d.loaded(d.u))
			return
		}
	}
}

func (d *descent) unused() {
	if len(d.uses()) == 0 {
		d.block("unused", d.u.Line, "remove it if nothing needs what importing it does",
			"nothing refers to `%s`: it is there for its side effect or to be re-exported", d.u.Bound)
	}
}

func (d *descent) rebound() {
	n := d.name()
	for _, b := range n.Bindings {
		switch {
		case b.Kind == facts.ByDeclaration || b.Kind == facts.ByImport && b.Unit == d.unit:
		case b.Kind == facts.ByImport && d.sameObject(b):
		case b.Kind == facts.ByImport && d.m.Statements[d.m.Units[b.Unit].Statement].Site == facts.SiteTypeChecking:
		case b.Kind == facts.ByDelete:
			d.block("rebound", b.Line, "", "`%s` is deleted", d.u.Bound)
		default:
			d.block("rebound", b.Line, "use another name", "`%s` has another binding", d.u.Bound)
		}
	}
	for _, star := range d.m.Units {
		if star.Attr == "*" && star.Line > d.u.Line && d.m.DefAround(d.m.Statements[star.Statement].Scope) < 0 && d.mayTake(star, d.u) {
			d.block("rebound", star.Line, "import the names that are needed", "`from %s import *` may bind `%s` again", star.Module, d.u.Bound)
			break
		}
	}
	for _, s := range n.GlobalIn {
		d.block("rebound", d.m.Scopes[s].Line, "", "`%s` is declared global in `%s`", d.u.Bound, d.m.Scopes[s].Qualified)
	}
}

// mayTake tells whether a star import may bind the name of a unit, to another object.
func (w *world) mayTake(star, u facts.Unit) bool {
	m, inTree := w.module(star.Module)
	if !inTree {
		return !stdlib.Root(star.Module) || stdlib.Stable(star.Module, u.Bound) && star.Module+"."+u.Bound != u.Path()
	}
	if !exports(m, u.Bound) {
		return false
	}
	n := w.top(m, u.Bound)
	if n < 0 {
		_, found := w.starSource(m, u.Bound, 0)
		return found
	}
	return slices.ContainsFunc(m.Names[n].Bindings, func(b facts.Bind) bool {
		return b.Kind != facts.ByImport || m.Units[b.Unit].Path() != u.Path()
	})
}

// sameObject tells that another plain import binds the name to the same thing.
func (d *descent) sameObject(b facts.Bind) bool {
	o := d.m.Units[b.Unit]
	if d.m.Statements[o.Statement].Site != facts.SiteModule {
		return false
	}
	if d.u.Attr == "" && o.Attr == "" && !d.u.Alias && !o.Alias {
		return true // both bind the root package
	}
	return o.Module == d.u.Module && o.Attr == d.u.Attr && o.Alias == d.u.Alias
}

func (d *descent) doctest() {
	for _, x := range d.m.Mentions {
		if x.Doctest && x.Name == d.u.Bound {
			d.block("doctest", x.Line, "import it inside the example", "a docstring example uses `%s`", x.Name)
			return
		}
	}
}

func (d *descent) mangled() {
	private := func(name string) bool {
		return strings.HasPrefix(name, "__") && !strings.HasSuffix(name, "__")
	}
	any := private(d.u.Bound) || private(d.u.Attr)
	for _, part := range strings.Split(d.u.Module, ".") {
		any = any || private(part)
	}
	if !any {
		return
	}
	for _, l := range d.users.landings {
		if l.Scope >= 0 && classAround(d.m, l.Scope) >= 0 {
			d.block("mangled", d.m.Scopes[l.Scope].Line, "", "inside class `%s` the name would be mangled", d.m.Scopes[classAround(d.m, l.Scope)].Name)
			return
		}
	}
}

// classAround is the innermost class that a scope is or stands in; -1 for none.
func classAround(m *facts.Module, s facts.ScopeID) facts.ScopeID {
	for ; s >= 0; s = m.Scopes[s].Parent {
		if m.Scopes[s].Kind == facts.ClassScope {
			return s
		}
	}
	return -1
}

func (d *descent) pinned() {
	for _, k := range d.m.Keeps {
		if k.Line >= d.u.Line && k.Line <= d.u.Line || k.Line == d.m.Statements[d.u.Statement].Line {
			reason := k.Reason
			if reason == "" {
				reason = "no reason given"
			}
			d.block("pinned", k.Line, "remove the comment", "kept by comment: %s", reason)
		}
	}
	for _, name := range d.lists.pinned {
		if underOrSame(d.loaded(d.u), name) {
			d.block("pinned", d.u.Line, "remove it from `keep`", "`%s` is kept by configuration", name)
		}
	}
}
