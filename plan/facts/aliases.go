package facts

import (
	"fastpath/plan/stdlib"
	"fastpath/plan/syntax"
)

// readAliases looks at what is done to imported objects by way of variables that
// stand for them or their methods, and of functions and containers that give them:
//
//	settings = conf.settings
//	settings.debug = True
//	conf.get_settings().debug = True
//	for item in conf.items:
//	    item.debug = True
//	add = conf.items.append
//	add(1)
func (g *gatherer) readAliases() {
	for _, list := range [][]site{g.changed, g.decorating} {
		for i := range list {
			g.aliased(&list[i])
		}
	}
	for i := range g.calls {
		s := &g.calls[i]
		g.aliased(&site{g.child(s.node, syntax.FieldFunction), s.ctx})
	}
}

// aliased files what a site does to the object that its first name stands for.
func (g *gatherer) aliased(s *site) {
	if s.ctx.has(inTypes) {
		return
	}
	base, tail := g.baseOf(s.node)
	var objects []string
	if g.kind(base) == syntax.Identifier {
		if name, known := g.lookup(base); known && g.fromImport[name] {
			return // a reference
		}
		objects = g.heldBy(base)
	} else if tail != "" || g.itemIsTarget(s.node) {
		objects = g.objects(base)
	}
	for _, p := range objects {
		full := p + suffixed(tail)
		call := g.callOf(s.node)
		code, detail := g.processEffect(s.node, full, call)
		if made := g.loggerMade(base); p == "logging.getLogger()" && made != syntax.NoNode {
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

// loggerMade is the call that gives a logger, by itself or for a variable.
func (g *gatherer) loggerMade(n syntax.NodeID) syntax.NodeID {
	if g.kind(n) == syntax.Identifier {
		n = g.valueOf(n)
	}
	if g.kind(n) == syntax.Call {
		return n
	}
	return syntax.NoNode
}

// changesObject files a change of an object of another module, or that a function
// makes one of this module's.
func (g *gatherer) changesObject(s *site, full string, call syntax.NodeID) {
	item := g.itemIsTarget(s.node)
	e := Effect{Code: "store", Detail: g.intern([]byte(full)), Item: item, Line: g.line(s.node), Scope: s.ctx.scope}
	applied := g.decorates(s.node, call)
	switch {
	case g.isOwn(full) && atImport(&s.ctx):
		return
	case item, g.isTarget(s.node):
	case call == syntax.NoNode && !applied || stdlib.Root(full) && !grows[last(full)]:
		return
	case !atImport(&s.ctx):
		e.Code = "method"
	case applied:
		e.Code = "register"
	case g.kind(g.tree.Parent(call)) == syntax.ExpressionStatement:
		e.Code = "call"
	default:
		e.Code = "value"
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
