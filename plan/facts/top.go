package facts

import (
	"sort"
	"strings"

	"fastpath/plan/syntax"
)

// readTop goes over the statements of the module itself.
func (g *gatherer) readTop() {
	g.m.Tail = uint32(len(g.tree.Source))
	found := false
	for n := g.firstNamed(syntax.Root); n != syntax.NoNode; n = g.tree.AfterNamed(n) {
		if !found && !g.isDeclaration(n) {
			g.m.Tail, found = g.tree.Nodes[n].Start, true
		}
		if why := g.barrier(n); why != "" {
			g.addBarrier(n, why)
		}
	}
	for i := range g.m.Names {
		n := &g.m.Names[i]
		if n.Scope == Top && isModuleHook(n.Text) && len(n.Bindings) > 0 {
			g.m.Dunder = append(g.m.Dunder, n.Text)
			g.m.Lazy = g.m.Lazy || n.Text == "__lazy_modules__"
		}
	}
	g.m.Lazy = g.m.Lazy || len(g.tree.Lazy) > 0
	g.runsAtImport()
	g.effectBarriers()
	g.commentBarriers()
	sort.SliceStable(g.m.Barriers, func(i, j int) bool { return g.m.Barriers[i].Span.Start < g.m.Barriers[j].Span.Start })
}

// isModuleHook selects the names that give a module a life of its own.
func isModuleHook(name string) bool {
	switch name {
	case "__getattr__", "__dir__", "__path__", "__class__", "__name__", "__package__", "__spec__", "__loader__",
		"__file__", "__builtins__", "__lazy_modules__", "__import__":
		return true
	}
	return false
}

// isDeclaration tells whether the statement n only names things: an import, a
// definition, a docstring, a literal.
func (g *gatherer) isDeclaration(n syntax.NodeID) bool {
	switch g.kind(n) {
	case syntax.ImportStatement, syntax.ImportFromStatement, syntax.FutureImportStatement,
		syntax.FunctionDefinition, syntax.ClassDefinition, syntax.PassStatement, syntax.GlobalStatement:
		return true
	case syntax.DecoratedDefinition:
		return g.harmlessDecorators(n)
	case syntax.TypeAliasStatement:
		return true
	case syntax.IfStatement:
		return g.typesOnly(n)
	case syntax.ExpressionStatement:
		e := g.firstNamed(n)
		if g.kind(e) == syntax.Assignment {
			return g.isLiteralAssignment(e)
		}
		return g.isConstant(e)
	}
	return false
}

// typesOnly tells whether the if statement is `if TYPE_CHECKING:` alone.
func (g *gatherer) typesOnly(n syntax.NodeID) bool {
	return g.condition(n) == testTypes && g.child(n, syntax.FieldAlternative) == syntax.NoNode
}

// harmlessDecorators tells whether all decorators come from those parts of the
// library that only wrap what they are given.
func (g *gatherer) harmlessDecorators(n syntax.NodeID) bool {
	for c := g.tree.First(n); c != syntax.NoNode; c = g.tree.After(c) {
		if g.kind(c) != syntax.Decorator {
			continue
		}
		e := g.firstNamed(c)
		if g.kind(e) == syntax.Call {
			e = g.child(e, syntax.FieldFunction)
		}
		root, _, _ := strings.Cut(g.objectOf(e), ".")
		switch root {
		case "functools", "contextlib", "dataclasses", "abc", "typing", "typing_extensions", "enum":
		default:
			return false
		}
	}
	return true
}

// isLiteralAssignment tells whether names are bound to displays of constants.
func (g *gatherer) isLiteralAssignment(n syntax.NodeID) bool {
	for g.kind(n) == syntax.Assignment {
		if left := g.child(n, syntax.FieldLeft); g.kind(left) != syntax.Identifier {
			return false
		}
		right := g.child(n, syntax.FieldRight)
		if right == syntax.NoNode {
			return true // x: T
		}
		n = right
	}
	for i := n; i < g.tree.Nodes[n].Next; i++ {
		switch g.kind(i) {
		case syntax.List, syntax.Tuple, syntax.Set, syntax.Dictionary, syntax.Pair, syntax.ExpressionList,
			syntax.String, syntax.ConcatenatedString, syntax.StringStart, syntax.StringContent, syntax.StringEnd,
			syntax.EscapeSequence, syntax.EscapeInterpolation, syntax.Comment, syntax.LineContinuation,
			syntax.Integer, syntax.Float, syntax.True, syntax.False, syntax.None, syntax.Ellipsis,
			syntax.UnaryOperator, syntax.ParenthesizedExpression:
		default:
			if g.tree.Named(i) {
				return false
			}
		}
	}
	return true
}

// barrier says why imports must not cross the statement; "" when they may, as
// far as its form goes.
func (g *gatherer) barrier(n syntax.NodeID) string {
	switch g.kind(n) {
	case syntax.ImportFromStatement:
		if g.firstOf(n, syntax.WildcardImport) != syntax.NoNode {
			return "star"
		}
	case syntax.DeleteStatement:
		return "del"
	case syntax.IfStatement:
		switch {
		case g.typesOnly(n):
			return "type-checking"
		case g.condition(n) == testMain:
			return "main"
		}
		return "if"
	case syntax.TryStatement:
		return "try"
	case syntax.WithStatement:
		return "with"
	case syntax.ForStatement:
		return "for"
	case syntax.WhileStatement:
		return "while"
	case syntax.MatchStatement:
		return "match"
	}
	return ""
}

func (g *gatherer) addBarrier(n syntax.NodeID, why string) {
	g.m.Barriers = append(g.m.Barriers, Barrier{Why: why, Line: g.line(n), Span: g.tree.Span(n)})
}

// isProcessWide tells the codes of effects on the whole process from those on
// single objects.
func isProcessWide(code string) bool {
	switch code {
	case "store", "register", "call", "value", "subclass", "metaclass", "atexit", "thread", "pool", "state", "method":
		return false
	}
	return true
}

// effectBarriers marks the top-level statements that change the process, by
// themselves or through functions of the file.
func (g *gatherer) effectBarriers() {
	codes := map[int]string{}
	for i := range g.m.Effects {
		if e := &g.m.Effects[i]; e.Scope == Top && isProcessWide(e.Code) {
			codes[e.Line] = e.Code
		}
	}
	for line, code := range g.callBarriers() {
		if codes[line] == "" {
			codes[line] = code
		}
	}
	if len(codes) == 0 {
		return
	}
	for n := g.firstNamed(syntax.Root); n != syntax.NoNode; n = g.tree.AfterNamed(n) {
		if g.barrier(n) != "" {
			continue
		}
		first, last := g.line(n), g.tree.Line(g.tree.Nodes[n].End)
		if last-first > len(codes) && (g.kind(n) == syntax.ClassDefinition || g.kind(n) == syntax.FunctionDefinition) {
			last = first // effects inside have another scope
		}
		for line := first; line <= last; line++ {
			if code := codes[line]; code != "" {
				if code == "cwd" {
					code = "chdir"
				}
				g.addBarrier(n, code)
				break
			}
		}
	}
}

// commentBarriers marks the comments that hold import sorters back.
func (g *gatherer) commentBarriers() {
	for _, s := range g.m.Sorting {
		tool, rest, _ := strings.Cut(strings.TrimLeft(s.Text, "# \t"), ":")
		switch strings.TrimSpace(rest) {
		case "off", "on", "split", "skip", "skip_file":
			span := g.tree.LineSpan(s.Line)
			g.m.Barriers = append(g.m.Barriers, Barrier{Why: strings.TrimSpace(tool), Line: s.Line, Span: span})
		}
	}
}
