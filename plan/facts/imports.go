package facts

import (
	"bytes"
	"strings"

	"fastpath/plan/syntax"
)

// statement records one import statement and its units.
func (g *gatherer) statement(n syntax.NodeID) {
	c := *g.here()
	s := Statement{
		Span: g.tree.Span(n), Line: g.line(n), From: g.kind(n) != syntax.ImportStatement,
		Site: siteOf(&g.m.Scopes[c.scope], &c), Scope: c.scope, Guard: c.guard,
		Optional: c.has(optional), Conditional: c.has(conditional),
		Lazy: g.isLazy(n), Shared: g.shared(n),
	}
	if def := g.m.frame(c.scope); def != Top {
		s.Preceded = g.preceded[def]
	}
	s.Units[0] = len(g.m.Units)
	if s.From {
		g.fromUnits(n)
	} else {
		g.plainUnits(n)
	}
	s.Units[1] = len(g.m.Units)
	g.m.Statements = append(g.m.Statements, s)
}

func siteOf(s *Scope, c *context) Site {
	switch {
	case s.Kind == ClassScope:
		return SiteClass
	case s.Kind != ModuleScope:
		return SiteFunction
	case c.has(inTypes):
		return SiteTypeChecking
	case c.has(inMain):
		return SiteMain
	case c.has(conditional):
		return SiteGuarded
	}
	return SiteModule
}

// frame is the def, lambda or module whose run executes code of s: a class
// body runs where it stands.
func (m *Module) frame(s ScopeID) ScopeID {
	for m.Scopes[s].Kind == ClassScope {
		s = m.Scopes[s].Parent
	}
	return s
}

func (g *gatherer) isLazy(n syntax.NodeID) bool {
	start := g.tree.Nodes[n].Start
	for _, l := range g.tree.Lazy {
		// The tree may or may not count the soft keyword into the statement.
		if l.Start == start {
			return true
		}
		if l.End <= start && len(bytes.Trim(g.tree.Source[l.End:start], " \t\f\\\r\n")) == 0 {
			return true
		}
	}
	return false
}

// plainUnits reads `import a.b as c, d`.
func (g *gatherer) plainUnits(n syntax.NodeID) {
	for c := g.tree.First(n); c != syntax.NoNode; c = g.tree.After(c) {
		if g.tree.Nodes[c].Field != syntax.FieldName {
			continue
		}
		name, alias := g.nameAndAlias(c)
		module := g.dotted(name)
		u := Unit{Module: module, Written: module, Line: g.line(c)}
		binder := g.firstNamed(name)
		if alias != syntax.NoNode {
			u.Alias, u.Bound, binder = true, g.text(alias), alias
			u.Written += " as " + u.Bound
			u.Reexport = u.Bound == module
		} else {
			u.Bound = g.text(binder)
		}
		g.unit(u, c, binder)
	}
}

// fromUnits reads `from ..m import x as y, z`, stars and future imports.
func (g *gatherer) fromUnits(n syntax.NodeID) {
	written, level := "__future__", 0
	if from := g.child(n, syntax.FieldModuleName); from != syntax.NoNode {
		written, level = g.fromModule(from)
	}
	module := ResolveLevel(g.m.Name, g.m.Package, level, strings.TrimLeft(written, "."))
	for c := g.tree.First(n); c != syntax.NoNode; c = g.tree.After(c) {
		u := Unit{Module: module, Written: written, Level: level, Line: g.line(c)}
		if g.kind(c) == syntax.WildcardImport {
			u.Attr = "*"
			g.unit(u, c, syntax.NoNode)
			continue
		}
		if g.tree.Nodes[c].Field != syntax.FieldName {
			continue
		}
		name, alias := g.nameAndAlias(c)
		u.Attr = g.dotted(name)
		u.Bound = u.Attr
		binder := g.firstNamed(name)
		if alias != syntax.NoNode {
			u.Alias, u.Bound, binder = true, g.text(alias), alias
			u.Reexport = u.Bound == u.Attr
		}
		g.unit(u, c, binder)
	}
}

// fromModule is the module part as written, and its number of dots. Blanks
// may stand between dots and names.
func (g *gatherer) fromModule(n syntax.NodeID) (written string, level int) {
	if g.kind(n) != syntax.RelativeImport {
		return g.dotted(n), 0
	}
	name := ""
	for c := g.tree.First(n); c != syntax.NoNode; c = g.tree.After(c) {
		switch g.kind(c) {
		case syntax.ImportPrefix:
			level = bytes.Count(g.tree.Text(c), []byte{'.'})
		case syntax.DottedName:
			name = g.dotted(c)
		}
	}
	return strings.Repeat(".", level) + name, level
}

func (g *gatherer) nameAndAlias(n syntax.NodeID) (name, alias syntax.NodeID) {
	if g.kind(n) == syntax.AliasedImport {
		return g.child(n, syntax.FieldName), g.child(n, syntax.FieldAlias)
	}
	return n, syntax.NoNode
}

// unit adds u; its name is filled in when the walk meets the binder.
func (g *gatherer) unit(u Unit, n, binder syntax.NodeID) {
	u.Statement = len(g.m.Statements)
	if k := len(g.m.Units); k > 0 && g.m.Units[k-1].Statement == u.Statement {
		u.Index = g.m.Units[k-1].Index + 1
	}
	u.Name = -1
	u.Span = g.tree.Span(n)
	g.m.Units = append(g.m.Units, u)
	g.binders = append(g.binders, binder)
}

// shared tells whether other code stands on the lines of statement n: after or
// before a semicolon, or the header of an inline suite.
func (g *gatherer) shared(n syntax.NodeID) bool {
	src, span := g.tree.Source, g.tree.Span(n)
	start := int(span.Start)
	for _, l := range g.tree.Lazy {
		if l.Start < span.Start && span.Start-l.End <= 8 {
			start = int(l.Start)
		}
	}
	for start > 0 && (src[start-1] == ' ' || src[start-1] == '\t' || src[start-1] == '\f') {
		start--
	}
	bom := start == 3 && bytes.HasPrefix(src, []byte("\xef\xbb\xbf"))
	if start > 0 && !bom && src[start-1] != '\n' && src[start-1] != '\r' {
		return true
	}
	if start > 1 && bytes.HasSuffix(bytes.TrimRight(src[:start], "\r\n"), []byte{'\\'}) && g.continued(start) {
		return true
	}
	end := int(span.End)
	for end < len(src) && (src[end] == ' ' || src[end] == '\t' || src[end] == '\f') {
		end++
	}
	return end < len(src) && src[end] != '\n' && src[end] != '\r' && src[end] != '#'
}

// continued tells whether the line end just before offset is escaped by a
// backslash: `if x: \` and the statement on the next line are one line.
func (g *gatherer) continued(offset int) bool {
	src := g.tree.Source
	i := offset - 1
	if src[i] == '\n' && i > 0 && src[i-1] == '\r' {
		i--
	}
	if i == 0 || src[i-1] != '\\' {
		return false
	}
	// A backslash at the end of a comment continues nothing.
	line := g.tree.LineSpan(g.tree.Line(uint32(i - 1)))
	return !bytes.Contains(src[line.Start:i], []byte{'#'})
}
