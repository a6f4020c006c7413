package scope_test

import (
	"fmt"
	"strings"
	"testing"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// TestDeep holds sources that nest deeper than CPython itself can go.
func TestDeep(t *testing.T) {
	const depth = 10000
	parser := syntax.NewParser()
	defer parser.Close()
	for what, src := range map[string]string{
		"parentheses":      strings.Repeat("(", depth) + "a" + strings.Repeat(")", depth),
		"lambdas":          strings.Repeat("lambda a: ", depth) + "a",
		"unbound":          strings.Repeat("lambda: ", depth) + "a",
		"from outermost":   "lambda a: " + strings.Repeat("lambda: ", depth) + "a",
		"sums":             strings.Repeat("a + ", depth) + "a",
		"attributes":       "a" + strings.Repeat(".b", depth),
		"targets":          strings.Repeat("a = ", depth) + "a",
		"lists":            strings.Repeat("[x for x in ", depth) + "a" + strings.Repeat("]", depth),
		"elif":             "if a: pass\n" + strings.Repeat("elif a: pass\n", depth),
		"many outer names": nestedLambdas(depth / 2),
	} {
		tree, err := parser.Parse([]byte(src))
		if err != nil {
			t.Logf("%s: not read: %v", what, err)
			continue
		}
		table := scope.Resolve(tree)
		if len(table.Occurrences) == 0 {
			t.Errorf("%s: no names", what)
		}
	}
}

// nestedLambdas has as many parameters as levels, all read by the innermost.
func nestedLambdas(depth int) string {
	var head, body strings.Builder
	for i := range depth {
		fmt.Fprintf(&head, "lambda a%d: ", i)
		fmt.Fprintf(&body, "a%d + ", i)
	}
	return head.String() + body.String() + "0"
}
