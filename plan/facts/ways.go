package facts

import (
	"strings"

	"fastpath/plan/stdlib"
	"fastpath/plan/syntax"
)

// readWays lists the ways to objects that are variables of a module.
//
//	_app = App()
//	def get_app(): return _app
//	apps = {"main": _app}
func (g *gatherer) readWays() {
	if g.m.Name == "" {
		return
	}
	for i := range g.m.Names {
		n := &g.m.Names[i]
		for k, b := range n.Bindings {
			if right := g.rights[i][k]; n.Scope == Top && b.Kind == ByAssign && right != syntax.NoNode {
				g.wayTo(right, n.Text)
			}
		}
	}
	for i := range g.classes {
		s := &g.m.Scopes[g.scopes[g.classes[i].node]]
		if g.m.DefAround(s.Parent) >= 0 {
			continue
		}
		body := g.child(g.classes[i].node, syntax.FieldBody)
		for n := g.firstNamed(body); n != syntax.NoNode; n = g.tree.AfterNamed(n) {
			a := g.firstNamed(n)
			if name := g.child(a, syntax.FieldLeft); g.kind(n) == syntax.ExpressionStatement && g.kind(a) == syntax.Assignment && g.kind(name) == syntax.Identifier {
				g.wayTo(g.valueAssigned(a), s.Qualified+"."+g.text(name))
			}
		}
	}
	for i := range g.returns {
		s := &g.m.Scopes[g.returns[i].ctx.scope]
		if s.Kind == DefScope && s.Parent == Top && !s.Async && !s.Generator {
			g.wayTo(g.firstNamed(g.returns[i].node), s.Name+"()")
		}
	}
}

// wayTo files that a path of the module leads to what an expression gives. What a call
// makes of its arguments is nothing that others have.
func (g *gatherer) wayTo(n syntax.NodeID, path string) {
	if args := g.child(n, syntax.FieldArguments); g.kind(n) == syntax.Call && g.firstNamed(args) != syntax.NoNode {
		return
	}
	list, way := g.objects(n), g.m.Name+"."+path
	if len(list) == 0 && g.display(n) == n {
		g.left = most
		list, way = g.contained(n, 0), way+"[]"
	}
	for _, of := range list {
		if of != way && !stdlib.Root(of) && !g.justMade(of) {
			g.m.Ways = append(g.m.Ways, Way{Of: g.intern([]byte(of)), Path: g.intern([]byte(way)), Line: g.line(n)})
		}
	}
}

// justMade tells that a path is that of a def of this module, or of an object that a
// class of it has just made.
func (g *gatherer) justMade(path string) bool {
	if !g.isOwn(path) || path == g.m.Name {
		return false
	}
	name, made := strings.CutSuffix(path[len(g.m.Name)+1:], "()")
	n := g.m.NameAt(Top, name)
	if n < 0 || len(g.m.Names[n].Bindings) != 1 {
		return false
	}
	switch g.m.Names[n].Bindings[0].Kind {
	case ByDef:
		return !made
	case ByClass:
		return made
	}
	return false
}
