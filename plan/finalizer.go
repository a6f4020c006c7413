package plan

import (
	"slices"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/profile"
	"fastpath/plan/stdlib"
)

// finalizer: the function can run while objects or the interpreter go down,
// when importing may fail.
func (d *descent) finalizer() {
	var roots []facts.ScopeID
	for s := range d.m.Scopes {
		scope := &d.m.Scopes[s]
		if scope.Kind != facts.DefScope {
			continue
		}
		inClass := d.m.Scopes[scope.Parent].Kind == facts.ClassScope
		switch {
		case scope.Name == "__del__" && inClass:
		case inClass && implicit(scope.Name) && d.finalized(scope.Parent, nil):
		case (scope.Name == "emit" || scope.Name == "close" || scope.Name == "flush") && inClass && d.isHandler(scope.Parent):
		default:
			continue
		}
		roots = append(roots, facts.ScopeID(s))
	}
	g := d.r.graph
	for _, use := range d.m.Uses {
		if use.Chain == "" && use.PassedTo != "" && goesDown(d.m.Expand(use.Scope, use.PassedTo)) {
			roots = append(roots, g.defines[use.Name]...)
		}
	}
	if d.setsUpExit(d.loaded(d.u)) {
		for n := range d.m.Names {
			if d.m.Names[n].Scope == facts.Top && d.atExit[d.m.Name+"."+d.m.Names[n].Text] {
				roots = append(roots, g.defines[n]...)
			}
		}
	}
	if len(roots) == 0 {
		return
	}
	reach := g.reachable(roots)
	for _, l := range d.users.landings {
		for s := l.Scope; s > facts.Top; s = d.m.Scopes[s].Parent {
			if reach[s] {
				d.block("finalizer", d.m.Scopes[s].Line, "", "`%s` can run while objects or the interpreter go down", d.m.Scopes[s].Qualified)
				return
			}
		}
	}
}

// finalized tells whether instances of the class have a __del__ that the file
// shows.
func (d *descent) finalized(class facts.ScopeID, seen []facts.ScopeID) bool {
	if slices.Contains(seen, class) {
		return false
	}
	for s := range d.m.Scopes {
		if d.m.Scopes[s].Parent == class && d.m.Scopes[s].Name == "__del__" {
			return true
		}
	}
	for s := range d.m.Scopes {
		if d.m.Scopes[s].Kind == facts.ClassScope && slices.Contains(d.m.Scopes[class].Bases, d.m.Scopes[s].Name) &&
			d.finalized(facts.ScopeID(s), append(seen, class)) {
			return true
		}
	}
	return false
}

// implicit tells whether Python calls the method without its name being
// written: by an operator, a subscript, a loop, a with.
func implicit(method string) bool {
	switch method {
	case "__init__", "__new__", "__init_subclass__", "__class_getitem__", "__set_name__", "__reduce__", "__reduce_ex__",
		"__getstate__", "__setstate__", "__getnewargs__", "__getnewargs_ex__", "__copy__", "__deepcopy__":
		return false
	}
	return strings.HasPrefix(method, "__") && strings.HasSuffix(method, "__")
}

func (d *descent) isHandler(class facts.ScopeID) bool {
	for _, b := range d.m.Scopes[class].Bases {
		if strings.HasSuffix(b, "Handler") {
			return true
		}
	}
	return false
}

// goesDown tells that the callee calls what it is given while objects or the
// interpreter go down.
func goesDown(callee string) bool {
	switch callee {
	case "weakref.ref", "weakref.finalize", "weakref.proxy", "weakref.WeakMethod":
		return true
	}
	return false
}

// setsUpExit tells whether loading the target may register exit handlers or
// start threads, which is too late once the interpreter goes down.
func (w *world) setsUpExit(target string) bool {
	for _, name := range w.firstPartyClosure(target) {
		m := w.Modules[w.byName[name]]
		for _, list := range [][]facts.Effect{m.Effects, m.Touches} {
			for _, e := range list {
				switch e.Code {
				case "atexit", "thread", "pool":
					return true
				}
			}
		}
	}
	if w.Profile != nil {
		if m, ok := w.Profile.Modules[target]; ok && !w.Profile.Short {
			for _, e := range m.Effects {
				if kind := profile.EffectKind(e); kind == profile.EffectAtexit || kind == profile.EffectThread {
					return true
				}
			}
			return false
		}
	}
	switch root, _, _ := strings.Cut(target, "."); root {
	case "logging", "concurrent", "multiprocessing", "threading", "weakref", "asyncio":
		return true
	default:
		return !w.inTree(target) && !stdlib.Has(root)
	}
}
