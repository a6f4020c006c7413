package facts

import "fastpath/plan/syntax"

// precedes names the constructs that can end a function, raise, or have an
// effect: an import below them may not run, or may find things changed. Loads
// of names, constants, displays and tests of them are taken as harmless.
var precedes = [...]string{
	syntax.ReturnStatement:         "return",
	syntax.RaiseStatement:          "raise",
	syntax.AssertStatement:         "assert",
	syntax.DeleteStatement:         "del",
	syntax.BreakStatement:          "break",
	syntax.ContinueStatement:       "continue",
	syntax.ForStatement:            "for",
	syntax.WhileStatement:          "while",
	syntax.WithStatement:           "with",
	syntax.MatchStatement:          "match",
	syntax.ClassDefinition:         "class",
	syntax.Assignment:              "assignment",
	syntax.AugmentedAssignment:     "assignment",
	syntax.Call:                    "call",
	syntax.Decorator:               "call",
	syntax.Attribute:               "attribute",
	syntax.Subscript:               "subscript",
	syntax.BinaryOperator:          "operator",
	syntax.Await:                   "await",
	syntax.Yield:                   "yield",
	syntax.ListSplat:               "unpacking",
	syntax.DictionarySplat:         "unpacking",
	syntax.Interpolation:           "formatting",
	syntax.ListComprehension:       "comprehension",
	syntax.SetComprehension:        "comprehension",
	syntax.DictionaryComprehension: "comprehension",
	syntax.GeneratorExpression:     "comprehension",
}

// effectHere notes the first such construct in the code of the function here.
func (g *gatherer) effectHere(n syntax.NodeID, why string) {
	c := g.here()
	def := g.m.frame(c.scope)
	if def == Top || g.preceded[def] != "" {
		return
	}
	if c.role == InAnnotation && c.flags&(quoted|local) != 0 || c.role == InTypeAlias || c.role == InTypeParam {
		return // not evaluated here
	}
	if g.kind(n) == syntax.Assignment {
		switch g.kind(g.child(n, syntax.FieldLeft)) {
		case syntax.Identifier:
			return // a plain local variable; its value is judged by itself
		case syntax.PatternList, syntax.TuplePattern, syntax.ListPattern:
			why = "unpacking"
		}
	}
	g.preceded[def] = why
}
