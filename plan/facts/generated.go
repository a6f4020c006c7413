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
	g.taken(n, g.tree.Text(n))
}

// taken does so for the text of a program.
func (g *gatherer) taken(n syntax.NodeID, text []byte) {
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

// plainImport finds the others, in the examples of a docstring.
var plainImport = regexp.MustCompile(`(?m)^[ \t]*import[ \t]+([A-Za-z_][\w.]*)(?:[ \t]+as[ \t]+(\w+))?[ \t]*$`)

// taught files what the examples of a docstring take from modules that they import:
// a doctest runs them.
func (g *gatherer) taught(n syntax.NodeID) {
	if !bytes.Contains(g.tree.Text(n), []byte(">>> ")) {
		return
	}
	var code []byte
	for _, line := range bytes.Split(g.tree.Text(n), []byte("\n")) {
		line = bytes.TrimSpace(line)
		for _, prompt := range [...]string{">>> ", "... "} {
			if rest, ok := bytes.CutPrefix(line, []byte(prompt)); ok {
				code = append(append(code, rest...), '\n')
			}
		}
	}
	g.taken(n, code)
	modules := map[string]string{}
	for _, m := range plainImport.FindAllSubmatch(code, -1) {
		root, _, _ := strings.Cut(string(m[1]), ".")
		modules[root] = root
		if len(m[2]) > 0 {
			modules[string(m[2])] = string(m[1])
		}
	}
	read := map[string]bool{}
	for names := (nameScanner{text: code}); names.next(); {
		module, chain := modules[string(names.word())], names.chain()
		if path := module + "." + chain; !names.attribute && module != "" && chain != "" && !read[path] {
			read[path] = true
			g.m.Strings = append(g.m.Strings, StringRef{Value: path, Line: g.line(n), Span: g.tree.Span(n)})
		}
	}
}
