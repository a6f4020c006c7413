package fastpath

import (
	"strconv"
	"strings"

	"fastpath/plan/syntax"
)

// statement files one top-level statement, or refuses it.
func (r *reading) statement(n syntax.NodeID, line int) error {
	first := !r.started
	if first {
		r.begin(r.isDocstring(n))
	}
	switch t := r.tree; t.Kind(n) {
	case syntax.FutureImportStatement:
		r.d.futures = append(r.d.futures, r.above()...)
		r.d.futures = append(r.d.futures, join(string(t.Text(n)), r.trailing(n)))
		return nil
	case syntax.ImportStatement, syntax.ImportFromStatement:
		return r.importing(n)
	case syntax.ExpressionStatement:
		inner := t.FirstNamed(n)
		if inner == syntax.NoNode || t.AfterNamed(inner) != syntax.NoNode {
			break
		}
		switch t.Kind(inner) {
		case syntax.String, syntax.ConcatenatedString:
			return r.bareString(n, inner, first)
		case syntax.Assignment:
			if left := t.Child(inner, syntax.FieldLeft); left != syntax.NoNode && string(t.Text(left)) == "__all__" {
				return r.exports(n, inner)
			}
			return r.refuse(n, "an assignment to "+short(t.Text(t.Child(inner, syntax.FieldLeft))))
		case syntax.Call:
			return r.refuse(n, "a call")
		}
		return r.refuse(n, "an expression")
	}
	return r.refuse(n, article(strings.ReplaceAll(r.tree.Kind(n).String(), "_", " ")))
}

func (r *reading) isDocstring(n syntax.NodeID) bool {
	inner := r.tree.FirstNamed(n)
	return r.tree.Kind(n) == syntax.ExpressionStatement && inner != syntax.NoNode &&
		(r.tree.Kind(inner) == syntax.String || r.tree.Kind(inner) == syntax.ConcatenatedString)
}

func (r *reading) refuse(n syntax.NodeID, what string) error {
	line, col := r.tree.Position(r.tree.Span(n).Start)
	return &Refusal{Line: line, Col: col, Reason: what + onlyHolds}
}

func article(noun string) string {
	if strings.IndexByte("aeiou", noun[0]) >= 0 {
		return "an " + noun
	}
	return "a " + noun
}

func short(text []byte) string {
	const most = 30
	if len(text) > most {
		return strconv.Quote(string(text[:most])) + "…"
	}
	return strconv.Quote(string(text))
}

// importing files each name of an import statement as an import of its own.
func (r *reading) importing(n syntax.NodeID) error {
	t := r.tree
	module, units := "", []syntax.NodeID(nil)
	for c := t.First(n); c != syntax.NoNode; c = t.After(c) {
		switch {
		case t.Nodes[c].Field == syntax.FieldModuleName:
			module = r.dotted(c)
		case t.Nodes[c].Field == syntax.FieldName:
			units = append(units, c)
		case t.Kind(c) == syntax.WildcardImport:
			return r.refuse(n, "a star import")
		}
	}
	if len(units) == 0 {
		return r.refuse(n, "an import without a name")
	}
	group := r.above()
	trailing := r.trailing(n)
	tier := &r.d.tiers[r.tier]
	for i, u := range units {
		one := r.unit(u, module)
		one.above = group
		group = nil
		comment := ""
		end := t.Span(n).End
		if i+1 < len(units) {
			end = t.Span(units[i+1]).Start
		}
		// Inside parentheses a comment on the line of a name speaks of that
		// name, one on a line of its own of the next.
		for _, c := range r.commentsBetween(n, t.Span(u).End, end) {
			text := strings.TrimRight(string(t.Text(c)), "\r\n")
			if t.Line(t.Span(c).Start) == t.Line(t.Span(u).End) {
				comment = join(comment, text)
			} else {
				group = append(group, text)
			}
		}
		if i == 0 {
			for _, c := range r.commentsBetween(n, t.Span(n).Start, t.Span(u).Start) {
				one.above = append(one.above, strings.TrimRight(string(t.Text(c)), "\r\n"))
			}
			comment = join(comment, trailing)
		}
		one.remark = parseRemark(comment)
		if i > 0 && comment == "" {
			one.remark.markers = parseRemark(trailing).markers
		}
		tier.imports = append(tier.imports, one)
	}
	if len(group) > 0 {
		tier.free = append(tier.free, group)
	}
	return nil
}

func (r *reading) commentsBetween(n syntax.NodeID, start, end uint32) []syntax.NodeID {
	var found []syntax.NodeID
	t := r.tree
	for c := n + 1; c < t.Nodes[n].Next; c++ {
		if s := t.Span(c); t.Kind(c) == syntax.Comment && s.Start >= start && s.End <= end {
			found = append(found, c)
		}
	}
	return found
}

// unit reads `a.b`, `a.b as c`, and, with a module, `x` or `x as y`.
func (r *reading) unit(u syntax.NodeID, module string) imported {
	t := r.tree
	name, i := u, imported{line: t.Line(t.Span(u).Start)}
	if t.Kind(u) == syntax.AliasedImport {
		name = t.Child(u, syntax.FieldName)
		i.alias, i.bound = true, string(t.Text(t.Child(u, syntax.FieldAlias)))
	}
	text := r.dotted(name)
	if module == "" {
		i.module = text
	} else {
		i.module, i.attr = module, text
	}
	if !i.alias {
		i.bound, _, _ = strings.Cut(text, ".")
	}
	return i
}

// dotted is the text of a dotted name without the blanks that Python allows
// around its dots.
func (r *reading) dotted(n syntax.NodeID) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(" \t\f\\\r\n", c) {
			return -1
		}
		return c
	}, string(r.tree.Text(n)))
}

// bareString files a docstring, an exception block or a loose string.
func (r *reading) bareString(n, inner syntax.NodeID, first bool) error {
	t := r.tree
	for c := inner; c < t.Nodes[inner].Next; c++ {
		if t.Kind(c) == syntax.Interpolation {
			return r.refuse(n, "an f-string")
		}
	}
	literal, line := string(t.Text(inner)), t.Line(t.Span(n).Start)
	if first {
		r.d.docstring, r.d.docTail = literal, r.trailing(n)
		r.d.pieced = t.Kind(inner) != syntax.String
		return nil
	}
	m := exempt.FindStringSubmatch(literal)
	if m == nil || t.Kind(inner) != syntax.String {
		r.group = append(r.group, join(literal, r.trailing(n)))
		return nil
	}
	r.d.blocks = append(r.d.blocks, block{module: strings.TrimRight(m[1], "."), literal: literal,
		tail: r.trailing(n), line: line, above: r.above()})
	return nil
}

// exports reads `__all__ = [...]`.
func (r *reading) exports(n, assignment syntax.NodeID) error {
	t := r.tree
	if r.d.all.line > 0 {
		return r.refuse(n, "a second __all__")
	}
	right := t.Child(assignment, syntax.FieldRight)
	if right == syntax.NoNode || t.Kind(right) != syntax.List && t.Kind(right) != syntax.Tuple {
		return r.refuse(n, "an __all__ that is no plain list of names")
	}
	all := allList{names: []string{}, line: t.Line(t.Span(n).Start), above: r.above(), tail: r.trailing(n),
		before: string(t.Source[t.Span(n).Start:t.Span(right).Start]), literal: string(t.Text(right))}
	for c := t.First(right); c != syntax.NoNode; c = t.After(c) {
		if t.Kind(c) == syntax.Comment {
			all.inside = append(all.inside, strings.TrimRight(string(t.Text(c)), "\r\n"))
			continue
		}
		if !t.Named(c) {
			continue
		}
		name, plain := plainString(string(t.Text(c)))
		if t.Kind(c) != syntax.String || !plain {
			return r.refuse(c, "an __all__ that is no plain list of names")
		}
		all.names = append(all.names, name)
	}
	r.d.all = all
	return nil
}

// plainString is the value of a literal such as 'json' or r"json".
func plainString(literal string) (string, bool) {
	text := strings.TrimLeft(literal, "rRuU")
	if len(text) < 2 || text[0] != text[len(text)-1] || strings.IndexByte(`"'`, text[0]) < 0 {
		return "", false
	}
	name := text[1 : len(text)-1]
	return name, identifier(name)
}

// join puts a comment behind a text.
func join(text, comment string) string {
	if text == "" || comment == "" {
		return text + comment
	}
	return text + "  " + comment
}
