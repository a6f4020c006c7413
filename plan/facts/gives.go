package facts

import (
	"slices"
	"strings"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// mostGiven is how many calls a def may give the value of before it counts as giving
// anything.
const mostGiven = 4

// readGives finds what the defs give back that could be a decorator: defs inside them,
// and the values of calls.
func (g *gatherer) readGives() {
	for i := range g.returns {
		def := g.returns[i].ctx.scope
		if g.m.Scopes[def].Kind == DefScope {
			g.gives(def, g.firstNamed(g.returns[i].node), 0)
		}
	}
}

func (g *gatherer) gives(def ScopeID, n syntax.NodeID, depth int) {
	if n == syntax.NoNode || depth > farthest {
		return
	}
	s := &g.m.Scopes[def]
	given := "?"
	switch g.kind(n) {
	case syntax.None, syntax.True, syntax.False, syntax.Integer, syntax.String:
		return
	case syntax.ParenthesizedExpression:
		g.gives(def, g.firstNamed(n), depth+1)
		return
	case syntax.ConditionalExpression:
		yes := g.firstNamed(n)
		g.gives(def, yes, depth+1)
		g.gives(def, g.tree.AfterNamed(g.tree.AfterNamed(yes)), depth+1)
		return
	case syntax.Lambda:
		if !g.lambdaRuns(n) {
			return
		}
	case syntax.Identifier:
		if inner := g.innerDef(n); inner >= 0 {
			g.m.Scopes[inner].Given = true
			return
		}
		if value := g.localValue(n); value != syntax.NoNode {
			g.gives(def, value, depth+1)
			return
		}
	case syntax.Call:
		callee := g.child(n, syntax.FieldFunction)
		if g.innerDef(callee) >= 0 {
			return // it is called bare: @deco, not @deco(…)
		}
		if dotted := g.dotted(callee); dotted != "" {
			given = dotted
		}
	}
	if len(s.Gives) == mostGiven {
		given = "?"
	}
	if !slices.Contains(s.Gives, given) {
		s.Gives = append(s.Gives, g.intern([]byte(given)))
	}
}

// lambdaRuns tells whether a lambda may run what it is given.
func (g *gatherer) lambdaRuns(lambda syntax.NodeID) bool {
	for _, o := range g.occurrences[g.firstOccurrence(lambda):g.firstOccurrence(g.tree.Nodes[lambda].Next)] {
		if o.Role == scope.Load && o.Owner >= 0 && g.table.Scopes[o.Owner].Node == lambda {
			if runs, _ := g.runsThere(o.Node); runs {
				return true
			}
		}
	}
	return false
}

// isMark tells whether a call makes a mark of pytest, which runs nothing.
func (g *gatherer) isMark(call syntax.NodeID) bool {
	return g.kind(call) == syntax.Call && strings.HasPrefix(g.dotted(g.child(call, syntax.FieldFunction)), "pytest.mark.")
}
