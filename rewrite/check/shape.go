package check

import (
	"bytes"
	"fmt"
	"slices"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// A cursor walks the nodes of a side that may not change, in source order.
type cursor struct {
	*side
	at      syntax.NodeID
	end     uint32 // of the last token
	skipped bool   // something that may change stood since the last token
}

// next is the next node, NoNode at the end.
func (c *cursor) next() syntax.NodeID {
	t := c.tree
	for int(c.at) < len(t.Nodes) {
		n := c.at
		switch k := t.Kind(n); {
		case k == syntax.Comment || k == syntax.LineContinuation:
			c.at = t.Nodes[n].Next
		case isImport(k) || k == syntax.PassStatement || k == syntax.TokSemicolon || c.onlyImports(n):
			c.skipped = true
			c.at = t.Nodes[n].Next
		case k == syntax.StringContent:
			c.at = t.Nodes[n].Next // its text is not all in its leaves
			return n
		default:
			c.at++
			return n
		}
	}
	return syntax.NoNode
}

// onlyImports tells whether n is an `if TYPE_CHECKING:` that holds nothing but
// imports.
func (c *cursor) onlyImports(n syntax.NodeID) bool {
	t := c.tree
	if !isTypeBlock(t, n) || t.Child(n, syntax.FieldAlternative) != syntax.NoNode {
		return false
	}
	for st := t.FirstNamed(t.Child(n, syntax.FieldConsequence)); st != syntax.NoNode; st = t.AfterNamed(st) {
		if k := t.Kind(st); !isImport(k) && k != syntax.PassStatement {
			return false
		}
	}
	c.typeBlock++
	return true
}

func (c *cursor) leaf(n syntax.NodeID) bool {
	return c.tree.First(n) == syntax.NoNode || c.tree.Kind(n) == syntax.StringContent
}

// sameShape walks both trees in step.
func (p *proof) sameShape() error {
	a, b := &cursor{side: p.old}, &cursor{side: p.new}
	var depthA, depthB depths
	p.scopes = make([]scope.ID, len(p.old.table.Scopes))
	for i := range p.scopes {
		p.scopes[i] = scope.NoScope
	}
	opened := scopesByConstruct(p.new.table)
	paired := map[syntax.NodeID]syntax.NodeID{}
	for {
		m, n := a.next(), b.next()
		if m == syntax.NoNode || n == syntax.NoNode {
			if m != n {
				return p.errorAt(p.old, max(m, 0), "the rest of the file is not the same")
			}
			break
		}
		if a.tree.Kind(m) != b.tree.Kind(n) || a.tree.Nodes[m].Field != b.tree.Nodes[n].Field ||
			depthA.of(a.tree, m) != depthB.of(b.tree, n) {
			return p.errorAt(p.old, m, "%s became %s", a.tree.Kind(m), b.tree.Kind(n))
		}
		if p.options.Quote && p.quoted(m, n) {
			a.at, b.at = a.tree.Nodes[m].Next, b.tree.Nodes[n].Next
			a.end, b.end = a.tree.Nodes[m].End, b.tree.Nodes[n].End
			a.skipped, b.skipped = false, false
			continue
		}
		if a.leaf(m) {
			if !b.leaf(n) || !bytes.Equal(a.tree.Text(m), b.tree.Text(n)) && !p.asked(m, n) {
				return p.errorAt(p.old, m, "%q became %q", a.tree.Text(m), b.tree.Text(n))
			}
			if err := p.sameGap(a, b, m, n); err != nil {
				return err
			}
		}
		paired[m] = n
		if err := p.pairNames(m, n); err != nil {
			return err
		}
	}
	if p.strings != len(p.options.Strings) {
		return fmt.Errorf("%d strings were to change, and %d did", len(p.options.Strings), p.strings)
	}
	for c, ids := range scopesByConstruct(p.old.table) {
		n, ok := paired[c.node]
		if !ok {
			continue
		}
		others := opened[construct{n, c.kind}]
		for k, id := range ids {
			if k < len(others) {
				p.scopes[id] = others[k]
			}
		}
	}
	return nil
}

// sameGap compares the bytes between the last token and this one, unless
// something stood between them that may change.
func (p *proof) sameGap(a, b *cursor, m, n syntax.NodeID) error {
	from, to := a.tree.Span(m), b.tree.Span(n)
	old, new := a.tree.Source[a.end:from.Start], b.tree.Source[b.end:to.Start]
	if !a.skipped && !b.skipped && !bytes.Equal(old, new) {
		return p.errorAt(a.side, m, "the bytes before %q changed from %q to %q", a.tree.Text(m), old, new)
	}
	a.end, b.end = from.End, to.End
	a.skipped, b.skipped = false, false
	return nil
}

// pairNames notes the name at m and n, if there is one.
func (p *proof) pairNames(m, n syntax.NodeID) error {
	i, j := p.old.occurs[m], p.new.occurs[n]
	if (i == 0) != (j == 0) {
		return p.errorAt(p.old, m, "name %q is not a name on both sides", p.old.tree.Text(m))
	}
	if i == 0 {
		return nil
	}
	a, b := &p.old.table.Occurrences[i-1], &p.new.table.Occurrences[j-1]
	if a.Role != b.Role || a.Name != b.Name {
		return p.errorAt(p.old, m, "name %q is used in another way", a.Name)
	}
	p.pairs = append(p.pairs, pair{a, b})
	return nil
}

// asked tells whether the text of a literal changed as it was to.
func (p *proof) asked(m, n syntax.NodeID) bool {
	a, b := p.old.tree, p.new.tree
	literal := a.Parent(m)
	if a.Kind(m) != syntax.StringContent || a.Kind(literal) != syntax.String {
		return false
	}
	want := String{a.Span(literal).Start, string(a.Text(m)), string(b.Text(n))}
	found := slices.Contains(p.options.Strings, want)
	if found {
		p.strings++
	}
	return found
}

// quoted tells whether an annotation became a string of its own text.
func (p *proof) quoted(m, n syntax.NodeID) bool {
	a, b := p.old.tree, p.new.tree
	if a.Kind(m) != syntax.Type {
		return false
	}
	inner := b.FirstNamed(n)
	if b.Kind(inner) != syntax.String || a.Kind(a.FirstNamed(m)) == syntax.String {
		return false
	}
	text := b.Text(inner)
	return len(text) >= 2 && text[0] == text[len(text)-1] && bytes.Equal(text[1:len(text)-1], a.Text(m)) &&
		!bytes.ContainsAny(text[1:len(text)-1], "\\\r\n"+string(text[:1]))
}

// depths tells how deep the nodes of a pre-order walk lie.
type depths struct {
	open []syntax.NodeID // ends of the subtrees around the last node
}

func (d *depths) of(t *syntax.Tree, n syntax.NodeID) int {
	for len(d.open) > 0 && d.open[len(d.open)-1] <= n {
		d.open = d.open[:len(d.open)-1]
	}
	d.open = append(d.open, t.Nodes[n].Next)
	return len(d.open)
}

// A construct opens scopes, as a rule one.
type construct struct {
	node syntax.NodeID
	kind scope.Kind
}

func scopesByConstruct(table *scope.Table) map[construct][]scope.ID {
	opened := map[construct][]scope.ID{}
	for i, s := range table.Scopes {
		c := construct{s.Node, s.Kind}
		opened[c] = append(opened[c], scope.ID(i))
	}
	return opened
}
