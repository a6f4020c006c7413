package facts

import (
	"bytes"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// readQuoted resolves the names in annotations that are written as strings.
func (g *gatherer) readQuoted() {
	for i := range g.quoted {
		s := &g.quoted[i]
		g.spend(s.node)
		g.quotedNames(s.node, &s.ctx)
	}
}

// typingCall finds forward references in the arguments of typing functions.
func (g *gatherer) typingCall(call syntax.NodeID, p string, c *context) {
	var list []syntax.NodeID
	switch p {
	case "typing.cast", "typing_extensions.cast":
		list = append(list, g.arguments(call).at(0, "typ"))
	case "typing.TypeVar", "typing_extensions.TypeVar":
		args := g.arguments(call)
		if len(args.positional) > 1 {
			list = append(list, args.positional[1:]...)
		}
		list = append(list, args.at(len(args.positional), "bound"), args.at(len(args.positional), "default"))
	case "typing.NewType", "typing.assert_type", "typing_extensions.assert_type":
		list = append(list, g.arguments(call).at(1))
	case "typing.NamedTuple", "typing.TypedDict", "typing_extensions.TypedDict":
		list = append(list, g.arguments(call).at(1))
	}
	for _, n := range list {
		if n == syntax.NoNode {
			continue
		}
		for i := n; i < g.tree.Nodes[n].Next; i++ {
			if g.kind(i) == syntax.String && g.kind(g.tree.Parent(i)) != syntax.Pair {
				g.spend(i)
				g.quotedNames(i, c)
			}
		}
	}
}

// quotedNames files the names in the string n as uses in an annotation.
func (g *gatherer) quotedNames(n syntax.NodeID, c *context) {
	for i := n; i < g.tree.Nodes[n].Next; i++ {
		if g.kind(i) == syntax.StringContent {
			nd := &g.tree.Nodes[i]
			g.textNames(nd.Start, nd.End, c, false)
		}
	}
}

// inGeneric tells whether the string n is a forward reference in a plain
// expression: it subscripts a generic of typing or one of the builtins.
func (g *gatherer) inGeneric(n syntax.NodeID) bool {
	around := g.tree.Parent(n)
	if g.kind(around) == syntax.List { // Callable[["T"], …]
		n, around = around, g.tree.Parent(around)
	}
	if g.kind(around) != syntax.Subscript || g.tree.Nodes[n].Field != syntax.FieldSubscript {
		return false
	}
	base := g.child(around, syntax.FieldValue)
	if g.kind(base) == syntax.Identifier && g.isGlobal(base) {
		switch string(g.tree.Text(base)) {
		case "list", "dict", "tuple", "set", "frozenset", "type":
			return true
		}
		return false
	}
	for _, p := range g.pathsAt(base) {
		module := parentOf(p)
		if (isTyping(module) || module == "collections.abc") && p != module+".Literal" {
			return true
		}
	}
	return false
}

// textNames files the names in a piece of source text that is an annotation.
// Text that cannot be an expression, such as prose, names nothing.
func (g *gatherer) textNames(start, end uint32, c *context, comment bool) {
	text := g.tree.Source[start:end]
	if !couldBeExpression(text) {
		return
	}
	names := nameScanner{text: text}
	for names.next() {
		if names.attribute {
			continue
		}
		name := g.nameInText(c.scope, names.word())
		if name < 0 {
			continue
		}
		offset := start + uint32(names.start)
		g.addUse(Use{
			Name: name, Offset: offset, Line: g.tree.Line(offset), Scope: c.scope,
			Role: InAnnotation, Quoted: true, TypeComment: comment,
			Local: c.has(local), Annotated: c.annotated, Chain: names.chain(),
			InMain: c.has(inMain), TypeChecking: c.has(inTypes), InLoop: c.has(inLoop),
		})
	}
}

// nameInText is the tracked variable that a word in text stands for, -1 when
// none does.
func (g *gatherer) nameInText(in ScopeID, word []byte) int {
	text, seen := g.texts[string(word)]
	if !seen {
		return -1 // names of variables are interned
	}
	key := nameKey{in, text}
	name, known := g.inText[key]
	if !known {
		name = -1
		owner, _ := g.table.Lookup(g.tableScope(in), text)
		if i, found := g.find(owner, text); found {
			name = i
		}
		g.inText[key] = name
	}
	return name
}

// couldBeExpression rules out text in which two words follow each other, as
// in prose; the words of operators may.
func couldBeExpression(text []byte) bool {
	names := nameScanner{text: text}
	last := -1
	operator := true
	for names.next() {
		word := string(names.word())
		now := isWordOperator(word)
		if last >= 0 && !operator && !now && len(bytes.TrimSpace(text[last:names.start])) == 0 {
			return false
		}
		last, operator = names.end, now
	}
	return true
}

func isWordOperator(word string) bool {
	switch word {
	case "and", "or", "not", "in", "is", "if", "else", "for", "lambda":
		return true
	}
	return false
}

// tableScope is the scope table's number for a recorded scope.
func (g *gatherer) tableScope(s ScopeID) scope.ID {
	if g.tableIDs == nil {
		g.tableIDs = make([]scope.ID, len(g.m.Scopes))
		for id := range g.table.Scopes {
			t := &g.table.Scopes[id]
			switch t.Kind {
			case scope.KindFunction, scope.KindLambda, scope.KindClass:
				if s, ok := g.scopes[t.Node]; ok {
					g.tableIDs[s] = scope.ID(id)
				}
			}
		}
	}
	return g.tableIDs[s]
}

// typeComment reads `# type: …`, which type checkers take as an annotation.
func (g *gatherer) typeComment(s *site, body []byte, start uint32) {
	rest := bytes.TrimLeft(body, " \t")
	if bytes.HasPrefix(rest, []byte("ignore")) {
		return
	}
	start += uint32(len(body) - len(rest))
	end := start + uint32(len(rest))
	if i := bytes.IndexByte(rest, '#'); i >= 0 {
		end = start + uint32(i)
	}
	c := s.ctx
	if def := g.signatureOf(s.node); def != syntax.NoNode {
		// The comment of a signature stands in the scope around the def.
		if id, ok := g.scopes[def]; ok {
			c.scope, c.annotated = g.m.Scopes[id].Parent, id
			c.flags &^= local
			g.textNames(start, end, &c, true)
			return
		}
	}
	c.annotated = c.scope
	if k := g.m.Scopes[c.scope].Kind; k == DefScope || k == LambdaScope {
		c.flags |= local
	}
	g.textNames(start, end, &c, true)
}

// signatureOf is the def whose parameter list or header the comment is in.
func (g *gatherer) signatureOf(comment syntax.NodeID) syntax.NodeID {
	p := g.tree.Parent(comment)
	if g.kind(p) == syntax.Parameters {
		p = g.tree.Parent(p)
	}
	if g.kind(p) == syntax.FunctionDefinition {
		return p
	}
	return syntax.NoNode
}
