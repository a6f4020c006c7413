package facts

import (
	"bytes"
	"regexp"

	"fastpath/plan/syntax"
)

// pickledGlobal is the opcode of the text pickle protocols that names a
// module's attribute, as the escapes of a literal spell it.
var pickledGlobal = regexp.MustCompile(`c([A-Za-z_][\w.]*)\\n([A-Za-z_]\w*)\\n`)

// pickled files what a literal that holds a pickle names.
func (g *gatherer) pickled(n syntax.NodeID) {
	text := g.tree.Text(n)
	if bytes.IndexByte(text, 'c') < 0 || !bytes.Contains(text, []byte(`\n`)) {
		return // almost every string
	}
	for _, m := range pickledGlobal.FindAllSubmatch(text, -1) {
		g.m.Strings = append(g.m.Strings, StringRef{Value: string(m[1]) + "." + string(m[2]), Line: g.line(n), Span: g.tree.Span(n)})
	}
}
