package facts

import (
	"strings"

	"fastpath/plan/syntax"
)

// alternatives are all that an expression can give, where those are texts that are known
// without running it: a constant, or the variable of a loop over constants or a
// parameter for which pytest.mark.parametrize has them. Nil where there may be others.
func (g *gatherer) alternatives(n syntax.NodeID) []string {
	if s, ok := g.constant(n); ok {
		return []string{s}
	}
	binding := g.soleBinding(n)
	if binding == syntax.NoNode {
		return nil
	}
	switch loop := g.tree.Parent(binding); g.kind(loop) {
	case syntax.ForStatement:
		return g.column(g.child(loop, syntax.FieldRight), -1)
	case syntax.PatternList, syntax.TuplePattern:
		if around := g.tree.Parent(loop); g.kind(around) == syntax.ForStatement {
			return g.column(g.child(around, syntax.FieldRight), g.indexOf(loop, binding))
		}
	case syntax.Parameters, syntax.TypedParameter:
		return g.parametrized(binding)
	}
	return nil
}

// indexOf counts the named children before one of them.
func (g *gatherer) indexOf(n, child syntax.NodeID) int {
	i := 0
	for c := g.firstNamed(n); c != child && c != syntax.NoNode; c = g.tree.AfterNamed(c) {
		i++
	}
	return i
}

// column reads the constants of a display that is written out: its items for the
// column -1, otherwise those at one position of each item. Nil where one is none.
func (g *gatherer) column(rows syntax.NodeID, column int) []string {
	var list []string
	for _, row := range g.items(rows) {
		cells := []syntax.NodeID{row}
		if g.kind(row) == syntax.Call && last(g.dotted(g.child(row, syntax.FieldFunction))) == "param" {
			cells = g.arguments(row).positional // of pytest
		} else if column >= 0 {
			cells = g.items(row)
		}
		if max(column, 0) >= len(cells) {
			return nil
		}
		s, ok := g.constant(cells[max(column, 0)])
		if !ok {
			return nil
		}
		list = append(list, s)
	}
	return list
}

// items are those of a display that is written out.
func (g *gatherer) items(n syntax.NodeID) (list []syntax.NodeID) {
	switch g.kind(n) {
	case syntax.List, syntax.Tuple, syntax.Set, syntax.ExpressionList:
		for item := g.firstNamed(n); item != syntax.NoNode; item = g.tree.AfterNamed(item) {
			list = append(list, item)
		}
	}
	return list
}

// parametrized are the values that the one decorator of its function which names the
// parameter gives it.
func (g *gatherer) parametrized(param syntax.NodeID) []string {
	def := g.tree.Parent(param)
	for g.kind(def) != syntax.FunctionDefinition {
		if def = g.tree.Parent(def); def == syntax.NoNode {
			return nil // of a lambda
		}
	}
	around := g.tree.Parent(def)
	if g.kind(around) != syntax.DecoratedDefinition {
		return nil
	}
	for d := g.firstNamed(around); d != def; d = g.tree.AfterNamed(d) {
		call := g.firstNamed(d)
		if g.kind(call) != syntax.Call || last(g.dotted(g.child(call, syntax.FieldFunction))) != "parametrize" {
			continue
		}
		args := g.arguments(call)
		_, indirect := args.keywords["indirect"]
		column, ok := g.columnNamed(args.at(0, "argnames"), g.text(param))
		if !ok {
			continue
		}
		if indirect {
			return nil
		}
		return g.column(args.at(1, "argvalues"), column)
	}
	return nil
}

// columnNamed finds a name among those that parametrize is given: -1 for the only one
// of a text.
func (g *gatherer) columnNamed(names syntax.NodeID, name string) (int, bool) {
	var list []string
	if text, ok := g.constant(names); ok {
		list = strings.Split(text, ",")
		if len(list) == 1 {
			return -1, strings.TrimSpace(text) == name
		}
	} else {
		list = g.column(names, -1)
	}
	for i, s := range list {
		if strings.TrimSpace(s) == name {
			return i, true
		}
	}
	return 0, false
}
