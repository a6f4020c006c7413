package facts

import (
	"slices"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// isBuiltin selects the builtins whose use the planner wants to know of.
func isBuiltin(name string) bool {
	switch name {
	case "globals", "locals", "vars", "dir", "eval", "exec", "getattr", "hasattr", "setattr", "delattr",
		"__import__", "open", "reload", "patch", "__builtins__", "print":
		return true
	}
	return false
}

// readBuiltins looks at the uses of those builtins.
func (g *gatherer) readBuiltins() {
	for i := range g.builtins {
		s := &g.builtins[i]
		if s.ctx.has(inTypes) {
			continue
		}
		name := g.text(s.node)
		call := g.callOf(s.node)
		d := Dynamic{What: name, Line: g.line(s.node), Scope: s.ctx.scope}
		switch name {
		case "open":
			if call != syntax.NoNode {
				args := g.arguments(call)
				g.opened(&s.ctx, g.pathKey(args.at(0, "file")), args.at(1, "mode"), call)
			}
			continue
		case "__builtins__":
			g.readAs(&s.ctx, "the built-in names", "", s.node)
			continue
		case "print":
			if call != syntax.NoNode {
				g.prints(&s.ctx, call)
			}
			continue
		case "patch":
			// From a star import, most likely.
			if call != syntax.NoNode && g.couldBePath(g.arguments(call).at(0, "target")) {
				g.mock(call, "patch", &s.ctx)
			}
			continue
		case "reload":
			if call != syntax.NoNode {
				g.reload(call)
			}
			continue
		case "setattr", "delattr":
			if call != syntax.NoNode {
				g.plainSet(call, &s.ctx)
			}
			continue
		case "__import__":
			if call != syntax.NoNode {
				g.stringImport(call, &s.ctx)
			}
			continue
		case "getattr", "hasattr":
			if call == syntax.NoNode {
				continue
			}
			d.What = "getattr"
		case "vars", "dir":
			// Bare names are often variables of code that is generated or
			// star-imported; only calls reach a namespace.
			if call == syntax.NoNode {
				continue
			}
		}
		if g.unseeing(name, call) {
			continue
		}
		if call != syntax.NoNode {
			g.describe(&d, g.arguments(call))
			d.Sets = d.Object == "" && (name == "globals" || name == "vars") && g.changesNames(call)
		}
		g.m.Dynamic = append(g.m.Dynamic, d)
	}
}

// enterAttribute notes the attribute's name, and remembers attributes that
// later passes look at.
func (g *gatherer) enterAttribute(n syntax.NodeID) {
	a := g.tree.Nodes[n].Next - 1
	if g.kind(a) != syntax.Identifier {
		return
	}
	if _, seen := g.firstRead[string(g.tree.Text(a))]; !seen && !g.isCaught(g.child(n, syntax.FieldObject)) {
		g.firstRead[g.text(a)] = g.line(a)
	}
	g.enterChange(n)
	if g.isTarget(n) || g.itemIsTarget(n) {
		g.keep(&g.changed, n)
	}
	switch string(g.tree.Text(a)) {
	case "__dict__", "__code__", "__globals__", "__subclasses__", "__annotations__", "__getattribute__",
		"setattr", "delattr", "setitem", "delitem", "patch", "object", "multiple", "dict", "modules",
		"setenv", "delenv", "chdir", "syspath_prepend", "spy":
		g.keep(&g.attributes, n)
	}
}

// isCaught tells that an expression is a variable that holds nothing but exceptions, and
// so no module.
func (g *gatherer) isCaught(n syntax.NodeID) bool {
	v, ok := g.localAt(n)
	if !ok {
		return false
	}
	targets := g.targetsOf(v)
	return len(targets) > 0 && len(targets) < enough && !slices.ContainsFunc(targets, func(t syntax.NodeID) bool { return !g.isCatch(t) })
}

// readAttributes looks at those of them that are not reached through an
// import; the others are references.
func (g *gatherer) readAttributes() {
	for i := range g.attributes {
		s := &g.attributes[i]
		if s.ctx.has(inTypes) {
			continue
		}
		object := g.child(s.node, syntax.FieldObject)
		attr := g.text(g.child(s.node, syntax.FieldAttribute))
		switch attr {
		case "__dict__", "__code__", "__globals__", "__subclasses__", "__annotations__":
			d := Dynamic{What: attr, Line: g.line(s.node), Scope: s.ctx.scope, Object: g.objectText(object), Loaded: g.mayBeLoaded(object, 0)}
			if attr == "__dict__" && d.Object != "" && g.changesMapping(s.node) {
				d.What = "setattr"
			} else if attr == "__dict__" {
				g.seeksOne(&d, s.node)
			}
			g.m.Dynamic = append(g.m.Dynamic, d)
		case "__getattribute__":
			g.m.Dynamic = append(g.m.Dynamic, Dynamic{What: "getattr", Line: g.line(s.node), Scope: s.ctx.scope, Object: g.objectText(object)})
		case "modules":
			// sys that comes from a star import or an outer variable.
			if g.is(object, "sys") && g.isGlobal(object) {
				g.sysModules(s.node, "sys.modules", &s.ctx)
			}
		default:
			g.unnamedPatch(s.node, object, attr, &s.ctx)
		}
	}
}

// changesNames tells whether names are set in the namespace that a call gives, be it
// by way of a variable or of exec.
func (g *gatherer) changesNames(call syntax.NodeID) bool {
	if list := g.tree.Parent(call); g.kind(list) == syntax.ArgumentList {
		return g.callee(list) == "exec" && g.argumentIn(list, call) == 2
	}
	left := g.assignedTo(call)
	if g.kind(left) != syntax.Identifier {
		return g.changesMapping(call)
	}
	o := g.occurrenceAt(left)
	for i := range g.occurrences {
		if u := &g.occurrences[i]; o != nil && u.Owner == o.Owner && u.Name == o.Name && u.Role == scope.Load && g.changesMapping(u.Node) {
			return true
		}
	}
	return false
}

// changesMapping tells whether an item of the mapping at n is set or deleted, or
// a method called that may do so.
func (g *gatherer) changesMapping(n syntax.NodeID) bool {
	if g.itemIsTarget(n) {
		return true
	}
	outer := g.tree.Parent(n)
	if g.kind(outer) != syntax.Attribute || g.callOf(outer) == syntax.NoNode {
		return false
	}
	switch g.text(g.child(outer, syntax.FieldAttribute)) {
	case "update", "setdefault", "pop", "popitem", "clear", "__setitem__", "__delitem__":
		return true
	}
	return false
}

// sysModules looks at one use of sys.modules: a write is a patch, a read by a
// key may be a way to the module itself.
func (g *gatherer) sysModules(n syntax.NodeID, p string, c *context) {
	nodes := g.tree.Nodes
	switch p {
	case "sys.modules":
		parent := nodes[n].Parent
		switch g.kind(parent) {
		case syntax.Subscript:
			if nodes[n].Field != syntax.FieldValue {
				return
			}
			key := g.child(parent, syntax.FieldSubscript)
			if g.isTarget(parent) {
				g.modulePatch(parent, key)
				return
			}
			g.moduleRead(parent, key, c)
			if s, ok := g.constant(key); ok && !g.is(key, "__name__") {
				g.asksFor(s, parent, c)
				if outer := g.tree.Parent(parent); g.kind(outer) == syntax.Attribute && g.isTarget(outer) {
					g.m.Dynamic = append(g.m.Dynamic, Dynamic{What: "setattr", Line: g.line(parent), Scope: c.scope, Object: s})
				}
			}
		case syntax.Assignment, syntax.AugmentedAssignment:
			if nodes[n].Field == syntax.FieldLeft {
				g.modulePatch(n, syntax.NoNode)
				return
			}
			g.moduleRead(n, syntax.NoNode, c)
		case syntax.ComparisonOperator:
			// A test of membership reads no module.
			if s, ok := g.soughtIn(n); ok {
				g.asksFor(s, parent, c)
			}
		case syntax.ArgumentList:
			// Calls that are given sys.modules are looked at as calls.
		}
	case "sys.modules.pop", "sys.modules.setdefault", "sys.modules.__setitem__", "sys.modules.__delitem__":
		if call := g.callOf(n); call != syntax.NoNode {
			g.modulePatch(call, g.arguments(call).at(0))
		}
	case "sys.modules.update":
		if call := g.callOf(n); call != syntax.NoNode {
			g.modulePatches(call, g.arguments(call), 0)
		}
	case "sys.modules.clear", "sys.modules.popitem":
		g.modulePatch(n, syntax.NoNode)
	case "sys.modules.get", "sys.modules.__getitem__":
		if call := g.callOf(n); call != syntax.NoNode {
			key := g.arguments(call).at(0)
			g.moduleRead(call, key, c)
			if s, ok := g.constant(key); ok && !g.is(key, "__name__") {
				g.asksFor(s, call, c)
			}
		}
	}
}

// asksFor notes that sys.modules is asked for a module.
func (g *gatherer) asksFor(module string, n syntax.NodeID, c *context) {
	g.m.Dynamic = append(g.m.Dynamic, Dynamic{What: "sys.modules[]", Line: g.line(n), Scope: c.scope, Object: module})
}

// moduleRead notes sys.modules[key]: without an object for __name__, with "?"
// for a computed key.
func (g *gatherer) moduleRead(n, key syntax.NodeID, c *context) {
	d := Dynamic{What: "sys.modules", Line: g.line(n), Scope: c.scope, Object: "?"}
	if key != syntax.NoNode && g.is(key, "__name__") {
		d.Object = ""
	} else if s, ok := g.constant(key); ok {
		d.Object = s
	}
	g.m.Dynamic = append(g.m.Dynamic, d)
}
