package facts

import (
	"bytes"
	"regexp"
	"strings"

	"fastpath/plan/syntax"
)

// fromImport finds import statements in the text of programs that a string
// holds or begins: the code of a template engine, of `python -c`.
var fromImport = regexp.MustCompile(`\bfrom[ \t]+([A-Za-z_][\w.]*)[ \t]+import\b[ \t(]*([\w \t,]*)`)

// generated files what the import statements in a string take: module.name, or
// module.* where the names are not in the string.
func (g *gatherer) generated(n syntax.NodeID) {
	text := g.tree.Text(n)
	if !bytes.Contains(text, []byte("from ")) {
		return // almost every string
	}
	for _, m := range fromImport.FindAllSubmatch(text, -1) {
		listed := false
		for _, name := range strings.Split(string(m[2]), ",") {
			if words := strings.Fields(name); len(words) > 0 {
				listed = true
				g.m.Strings = append(g.m.Strings, StringRef{Value: string(m[1]) + "." + words[0], Line: g.line(n), Span: g.tree.Span(n)})
			}
		}
		if !listed {
			g.m.Strings = append(g.m.Strings, StringRef{Value: string(m[1]) + ".*", Line: g.line(n), Span: g.tree.Span(n)})
		}
	}
}
