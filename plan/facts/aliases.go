package facts

import (
	"slices"

	"fastpath/plan/stdlib"
	"fastpath/plan/syntax"
)

// readAliases looks at what is done to imported objects by way of variables that
// stand for them, and of functions that give them:
//
//	settings = conf.settings
//	settings.debug = True
//	conf.get_settings().debug = True
func (g *gatherer) readAliases() {
	for i := range g.changed {
		g.aliased(&g.changed[i])
	}
	for i := range g.calls {
		s := &g.calls[i]
		if f := g.child(s.node, syntax.FieldFunction); g.kind(f) == syntax.Attribute {
			g.aliased(&site{f, s.ctx})
		}
	}
}

// aliased files what a site does to the object that its first name stands for.
func (g *gatherer) aliased(s *site) {
	if s.ctx.has(inTypes) {
		return
	}
	base, tail := g.baseOf(s.node)
	made := base
	if g.kind(base) == syntax.Identifier {
		if name, known := g.lookup(base); known && g.fromImport[name] {
			return // a reference
		}
		made = g.valueOf(base)
	}
	if tail == "" && g.kind(s.node) != syntax.Identifier {
		return
	}
	for _, p := range g.standsFor(made, 0) {
		full := p + suffixed(tail)
		call := g.callOf(s.node)
		code, detail := g.processEffect(s.node, full, call)
		if p == "logging.getLogger()" && g.kind(made) == syntax.Call {
			code, detail = g.foreignLogger(made, tail, g.isTarget(s.node))
			g.levelSet(&s.ctx, made, tail, s.node, code != "")
		}
		if code != "" {
			g.effect(&s.ctx, code, detail, s.node)
		} else {
			g.changesObject(s, full, call)
		}
	}
}

// changesObject files a change of an object of another module.
func (g *gatherer) changesObject(s *site, full string, call syntax.NodeID) {
	item := g.itemIsTarget(s.node)
	e := Effect{Code: "store", Detail: g.intern([]byte(full)), Item: item, Line: g.line(s.node), Scope: s.ctx.scope}
	switch {
	case g.isOwn(full):
		return
	case item, g.isTarget(s.node):
	case call == syntax.NoNode || stdlib.Root(full) && !grows[last(full)]:
		return
	case atImport(&s.ctx):
		if e.Code = "value"; g.kind(g.tree.Parent(call)) == syntax.ExpressionStatement {
			e.Code = "call"
		}
	default:
		e.Code = "method"
	}
	g.fileEffect(&s.ctx, e)
}

// baseOf is what a chain of attributes is read off, and the chain.
func (g *gatherer) baseOf(n syntax.NodeID) (base syntax.NodeID, tail string) {
	for g.kind(n) == syntax.Attribute {
		tail = g.text(g.child(n, syntax.FieldAttribute)) + suffixed(tail)
		n = g.child(n, syntax.FieldObject)
	}
	return n, tail
}

func suffixed(tail string) string {
	if tail == "" {
		return ""
	}
	return "." + tail
}

// standsFor lists the paths of the imported object that an expression gives: a
// chain of attributes, a variable that holds one, or, with "()" behind it, what a
// function gives.
func (g *gatherer) standsFor(n syntax.NodeID, depth int) []string {
	if n == syntax.NoNode || depth > 4 {
		return nil
	}
	switch g.kind(n) {
	case syntax.Identifier:
		if list := g.pathsAt(n); len(list) > 0 {
			return list
		}
		return g.standsFor(g.valueOf(n), depth+1)
	case syntax.Attribute:
		if list := g.pathsAt(n); len(list) > 0 {
			return list
		}
		base, tail := g.baseOf(n)
		return behind(g.standsFor(base, depth+1), "."+tail)
	case syntax.Call:
		return behind(g.pathsAt(g.child(n, syntax.FieldFunction)), "()")
	}
	return nil
}

func behind(paths []string, tail string) []string {
	list := slices.Clone(paths)
	for i := range list {
		list[i] += tail
	}
	return list
}
