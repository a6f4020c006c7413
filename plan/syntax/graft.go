package syntax

import (
	"cmp"
	"slices"
)

// A graft is a piece of source that the shadow hides and the finished tree
// shows again.
type graft struct {
	span Span
	kind graftKind
	from uint32 // graftDefault: where the equals sign stands
	text []byte // the shadow of the region, to be parsed on its own
}

type graftKind uint8

const (
	graftComment    graftKind = iota // a comment in brackets
	graftStar                        // `except *` with a space: one token
	graftAnnotation                  // an expression the grammar cannot read as a type
	graftList                        // an except clause's list without parentheses
	graftDefault                     // a type parameter's default
)

// startCut opens a region that is to be taken out at the innermost frame.
func (l *lexer) startCut(at int, what graftKind) {
	if l.excise || what == graftList {
		top := l.top()
		top.cut, top.what = at, what
	}
}

// endCut closes the open region at at. In its place the shadow shows an
// identifier of the same length; blanks where the grammar expects nothing.
func (l *lexer) endCut(at int) bool {
	top := l.top()
	from, what := top.cut, top.what
	top.cut = -1
	if from < 0 || what == graftList && !top.commas {
		return true
	}
	start, end := from, at
	if what == graftDefault {
		start++
	}
	for start < end && blankByte(l.out[start]) {
		start++
	}
	for end > start && blankByte(l.out[end-1]) {
		end--
	}
	if start == end {
		if what == graftDefault {
			return l.fail(from, "invalid syntax")
		}
		return true
	}
	g := graft{span: Span{uint32(start), uint32(end)}, kind: what, from: uint32(from)}
	if what != graftDefault && (wordEnd(l.out, start) == end || l.out[start] == '*') {
		return true
	}
	g.text = append([]byte(nil), l.out[start:end]...)
	if what == graftDefault {
		l.blank(from, end)
	} else {
		for i := start; i < end; i++ {
			l.out[i] = 'x'
		}
	}
	l.grafts = append(l.grafts, g)
	return true
}

func blankByte(c byte) bool { return class[c] == isBlank || class[c] == isLineEnd }

// A grafter builds the finished node array from the shadow's.
type grafter struct {
	out    []Node
	grafts []graft
	trees  map[uint32][]Node // by start: what the cut regions hold
}

func sortGrafts(grafts []graft) {
	slices.SortStableFunc(grafts, func(a, b graft) int {
		if c := cmp.Compare(a.span.Start, b.span.Start); c != 0 {
			return c
		}
		return cmp.Compare(b.span.End, a.span.End)
	})
}

// stream copies nodes (a whole subtree, offsets relative to shift) below
// parent, and puts each graft into the deepest node around it.
func (g *grafter) stream(nodes []Node, parent NodeID, field Field, shift uint32) {
	type open struct {
		id   NodeID
		next NodeID
	}
	// The nodes' own parents say where to return to; only ids must be mapped.
	var stack []open
	base := NodeID(0)
	if len(nodes) > 0 {
		base = nodes[0].Next - NodeID(len(nodes))
	}
	closeUntil := func(i NodeID) {
		for len(stack) > 0 && stack[len(stack)-1].next <= i {
			top := stack[len(stack)-1]
			for len(g.grafts) > 0 && g.grafts[0].span.Start < g.out[top.id].End {
				g.insert(top.id)
			}
			g.out[top.id].Next = NodeID(len(g.out))
			stack = stack[:len(stack)-1]
		}
	}
	for i := 0; i < len(nodes); i++ {
		n := nodes[i]
		n.Start += shift
		n.End += shift
		closeUntil(base + NodeID(i))
		n.Parent = parent
		if len(stack) > 0 {
			n.Parent = stack[len(stack)-1].id
			for len(g.grafts) > 0 && g.grafts[0].span.Start < n.Start {
				g.insert(n.Parent)
			}
		} else if i == 0 && parent != NoNode {
			n.Field = field
		}
		if len(g.grafts) > 0 && g.grafts[0].span.Start == n.Start {
			switch top := g.grafts[0]; {
			case top.kind == graftStar && n.Kind == TokExceptStar:
				n.End = top.span.End
				g.grafts = g.grafts[1:]
			case n.Kind == Identifier && top.text != nil && top.span == Span{n.Start, n.End}:
				g.grafts = g.grafts[1:]
				g.stream(g.trees[top.span.Start], n.Parent, n.Field, top.span.Start)
				continue
			}
		}
		id := NodeID(len(g.out))
		g.out = append(g.out, n)
		stack = append(stack, open{id, n.Next})
	}
	closeUntil(base + NodeID(len(nodes)))
}

// insert puts the next graft at the end of what parent has so far.
func (g *grafter) insert(parent NodeID) {
	top := g.grafts[0]
	g.grafts = g.grafts[1:]
	leaf := Node{Start: top.span.Start, End: top.span.End, Parent: parent}
	switch top.kind {
	case graftComment:
		leaf.Kind, leaf.Flags = Comment, FlagNamed|FlagExtra
	case graftDefault:
		leaf.Kind, leaf.Start, leaf.End = TokEqual, top.from, top.from+1
	default:
		return
	}
	leaf.Next = NodeID(len(g.out)) + 1
	g.out = append(g.out, leaf)
	if top.kind == graftDefault {
		g.stream(g.trees[top.span.Start], parent, FieldValue, top.span.Start)
	}
}
