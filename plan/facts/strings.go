package facts

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"fastpath/plan/syntax"
)

// enterString remembers a string literal; parts of a concatenation are seen
// as one.
func (g *gatherer) enterString(n syntax.NodeID) {
	if g.kind(g.tree.Parent(n)) == syntax.ConcatenatedString {
		return
	}
	c := g.here()
	if c.role == InAnnotation && !c.has(literal) {
		g.keep(&g.quoted, n)
		return
	}
	g.keep(&g.strings, n)
}

// readStrings finds names in the string literals of the file.
func (g *gatherer) readStrings() {
	bound := g.importedNames()
	for i := range g.strings {
		s := &g.strings[i]
		if g.spent[s.node] {
			continue
		}
		if g.inGeneric(s.node) {
			g.quotedNames(s.node, &s.ctx)
			continue
		}
		docstring := g.isDocstring(s.node)
		if docstring {
			g.taught(s.node)
		} else {
			g.pickled(s.node)
			g.generated(s.node)
			g.replacementFields(s.node)
			if value, ok := g.stringValue(s.node); ok && isDottedName(value) {
				g.m.Strings = append(g.m.Strings, StringRef{Value: value, Line: g.line(s.node), Span: g.tree.Span(s.node)})
			}
		}
		if len(bound) > 0 {
			g.mentions(s.node, bound, docstring)
		}
	}
}

// importedNames is the set of names that imports bind in the module.
func (g *gatherer) importedNames() map[string]bool {
	set := map[string]bool{}
	for i := range g.m.Units {
		u := &g.m.Units[i]
		if u.Bound != "" && u.Name >= 0 && g.m.Names[u.Name].Scope == Top {
			set[u.Bound] = true
		}
	}
	return set
}

// isDocstring tells whether n is the first statement of a module, class or
// function.
func (g *gatherer) isDocstring(n syntax.NodeID) bool {
	statement := g.tree.Parent(n)
	if g.kind(statement) != syntax.ExpressionStatement {
		return false
	}
	block := g.tree.Parent(statement)
	if g.firstNamed(block) != statement {
		return false
	}
	switch {
	case g.kind(block) == syntax.Module:
		return true
	case g.kind(block) == syntax.Block:
		k := g.kind(g.tree.Parent(block))
		return k == syntax.FunctionDefinition || k == syntax.ClassDefinition
	}
	return false
}

// mentions looks for imported names in the text of a string: in a docstring
// and in any text with examples, those of doctest; elsewhere, those that
// stand before a dot or a parenthesis, or after an @.
func (g *gatherer) mentions(n syntax.NodeID, bound map[string]bool, docstring bool) {
	for i := n; i < g.tree.Nodes[n].Next; i++ {
		if g.kind(i) != syntax.StringContent {
			continue
		}
		nd := &g.tree.Nodes[i]
		text := g.tree.Source[nd.Start:nd.End]
		if bytes.Contains(text, []byte(">>>")) {
			g.doctest(text, nd.Start, bound)
			if docstring {
				continue
			}
		}
		if docstring || g.onlyRead(n) {
			continue
		}
		imported := importsOfText(text)
		names := nameScanner{text: text}
		for names.next() {
			word := string(names.word())
			if names.attribute || !names.marked() || !bound[word] {
				continue
			}
			if at, own := imported[word]; own && at < names.start {
				continue
			}
			g.m.Mentions = append(g.m.Mentions, Mention{
				Name: g.intern(names.word()), Line: g.tree.Line(nd.Start + uint32(names.start))})
		}
	}
}

// importsOfText lists the names that a text, if it is code, imports at its outermost
// level, by where the first such statement begins: from there on they are its own.
func importsOfText(text []byte) map[string]int {
	own := map[string]int{}
	outermost := -1
	for at := 0; at < len(text); {
		line, _, _ := bytes.Cut(text[at:], []byte("\n"))
		code := bytes.TrimLeft(line, " \t")
		indent := len(line) - len(code)
		if blank := len(bytes.TrimRight(code, "\r")) == 0; outermost < 0 && !blank {
			outermost = indent
		}
		if indent == outermost && isImport(code) {
			for _, name := range importedBy(code) {
				if _, known := own[name]; !known {
					own[name] = at
				}
			}
		}
		at += len(line) + 1
	}
	return own
}

// importedBy lists the names that a line which begins with an import statement binds.
func importedBy(line []byte) (list []string) {
	if end := bytes.IndexAny(line, `;#(\`); end >= 0 {
		line = line[:end]
	}
	if _, names, from := bytes.Cut(line, []byte(" import ")); from {
		line = names
	}
	renamed := false
	names := nameScanner{text: line}
	for names.next() {
		switch word := string(names.word()); {
		case word == "as":
			renamed = true
		case renamed && len(list) > 0:
			list[len(list)-1], renamed = word, false
		case !names.attribute && word != "import":
			list = append(list, word)
		}
	}
	return list
}

// isImport tells whether a line of code is an import statement.
func isImport(code []byte) bool {
	return bytes.HasPrefix(code, []byte("import ")) || bytes.HasPrefix(code, []byte("from "))
}

// onlyRead tells that the string at n is for people to read: a statement of its own,
// or the message of what is raised there or of a warning.
func (g *gatherer) onlyRead(n syntax.NodeID) bool {
	for {
		p := g.tree.Parent(n)
		switch g.kind(p) {
		case syntax.ParenthesizedExpression, syntax.BinaryOperator:
			n = p
		case syntax.Attribute:
			if !g.is(g.child(p, syntax.FieldAttribute), "format") || g.callOf(p) == syntax.NoNode {
				return false
			}
			n = g.callOf(p)
		case syntax.ExpressionStatement:
			return g.kind(n) == syntax.String || g.kind(n) == syntax.ConcatenatedString
		case syntax.ArgumentList:
			call := g.tree.Parent(p)
			return g.kind(g.tree.Parent(call)) == syntax.RaiseStatement ||
				slices.Contains(g.pathsAt(g.child(call, syntax.FieldFunction)), "warnings.warn")
		default:
			return false
		}
	}
}

// doctest finds imported names in interactive examples. A name that the
// examples import or assign themselves, before they use it, is theirs.
func (g *gatherer) doctest(text []byte, offset uint32, bound map[string]bool) {
	own := map[string]bool{}
	example := false
	for at := 0; at < len(text); {
		end := at + len(text[at:])
		if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := bytes.TrimLeft(text[at:end], " \t")
		switch {
		case bytes.HasPrefix(line, []byte(">>>")):
			example = true
		case !example || !bytes.HasPrefix(line, []byte("...")):
			example = false
		}
		if example {
			code := line[3:]
			start := end - len(code)
			imports := isImport(bytes.TrimLeft(code, " "))
			names := nameScanner{text: code}
			for names.next() {
				word := names.word()
				switch {
				case names.attribute || !bound[string(word)] || own[string(word)]:
				case imports || names.assigned():
					own[string(word)] = true
				default:
					g.m.Mentions = append(g.m.Mentions, Mention{Name: g.intern(word), Doctest: true,
						Line: g.tree.Line(offset + uint32(start+names.start))})
				}
			}
		}
		at = end
	}
}

// isDottedName tells whether s could name something by path: a.b, a.b.c,
// a.b:c, a:b.c.
func isDottedName(s string) bool {
	if len(s) > 200 {
		return false
	}
	colon, separators, fresh := false, 0, true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '.' || c == ':' && !colon:
			if fresh {
				return false
			}
			colon = colon || c == ':'
			separators++
			fresh = true
		case isNameStart(c) || !fresh && c >= '0' && c <= '9':
			fresh = false
		default:
			return false
		}
	}
	return separators > 0 && !fresh
}

func isNameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
}

func isNameByte(c byte) bool { return isNameStart(c) || c >= '0' && c <= '9' }

// A nameScanner finds identifiers in text that is not parsed: strings,
// comments, quoted annotations.
type nameScanner struct {
	text       []byte
	start, end int
	attribute  bool // follows a dot, and so is looked up in an object
}

func (s *nameScanner) word() []byte { return s.text[s.start:s.end] }

func (s *nameScanner) next() bool {
	i := s.end
	for i < len(s.text) {
		c := s.text[i]
		if !isNameByte(c) {
			i++
			continue
		}
		start := i
		for i < len(s.text) && isNameByte(s.text[i]) {
			i++
		}
		if c >= '0' && c <= '9' {
			continue // a number, with its suffix
		}
		s.start, s.end = start, i
		before := start
		for before > 0 && s.text[before-1] == ' ' {
			before--
		}
		s.attribute = before > 0 && s.text[before-1] == '.' && !(before > 1 && s.text[before-2] == '.')
		return true
	}
	s.end = i
	return false
}

// marked tells whether the word is called, has an attribute taken, or follows
// an @.
func (s *nameScanner) marked() bool {
	if s.start > 0 && s.text[s.start-1] == '@' {
		return true
	}
	return s.end < len(s.text) && (s.text[s.end] == '(' ||
		s.text[s.end] == '.' && s.end+1 < len(s.text) && isNameStart(s.text[s.end+1]))
}

// assigned tells whether a single equals sign follows the word.
func (s *nameScanner) assigned() bool {
	i := s.end
	for i < len(s.text) && s.text[i] == ' ' {
		i++
	}
	return i < len(s.text) && s.text[i] == '=' && (i+1 == len(s.text) || s.text[i+1] != '=')
}

// chain is the attribute path that follows the word, without blanks.
func (s *nameScanner) chain() string {
	i := s.end
	for i+1 < len(s.text) && s.text[i] == '.' && isNameStart(s.text[i+1]) {
		for i++; i < len(s.text) && isNameByte(s.text[i]); i++ {
		}
	}
	if i == s.end {
		return ""
	}
	return string(s.text[s.end+1 : i])
}
