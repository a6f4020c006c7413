package syntax

import (
	"bytes"
	"sort"
)

// A Span is a half-open range of byte offsets in the original source.
type Span struct{ Start, End uint32 }

// Len is the number of bytes in the span.
func (s Span) Len() int { return int(s.End - s.Start) }

// Contains tells whether the whole of t lies in s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// A NodeID is an index into Tree.Nodes. NoNode stands for "no node".
type NodeID = int32

// NoNode is the absent node.
const NoNode NodeID = -1

// Flags of a node.
const (
	FlagNamed   uint8 = 1 << iota // a node of the grammar, not a keyword or punctuation
	FlagMissing                   // invented by error recovery, zero width
	FlagExtra                     // allowed anywhere: comments, line continuations
)

// A Node is one record of the pre-order array. Its children are i+1 and then,
// hop by hop, Next, until the hop reaches the node's own Next.
type Node struct {
	Start, End uint32
	Parent     NodeID
	Next       NodeID // first index after this node's subtree
	Kind       Kind
	Field      Field
	Flags      uint8
}

// A Tree is one parsed file: its bytes and its nodes in pre-order. It is never
// changed after Parse returns it.
type Tree struct {
	Source []byte // the original bytes; every offset refers to them
	Nodes  []Node
	Lazy   []Span // the soft keyword `lazy` of PEP 810 imports
	// Encoding is the declared one (PEP 263) in lower case with hyphens,
	// "utf-8" by default. Offsets count bytes in every encoding.
	Encoding string
	lines    []uint32
}

// Root is the module node.
const Root NodeID = 0

// Kind is the kind of n; Other for NoNode.
func (t *Tree) Kind(n NodeID) Kind {
	if n == NoNode {
		return Other
	}
	return t.Nodes[n].Kind
}

// Span is the extent of n.
func (t *Tree) Span(n NodeID) Span { return Span{t.Nodes[n].Start, t.Nodes[n].End} }

// Text is the source of n; it aliases Source.
func (t *Tree) Text(n NodeID) []byte { return t.Source[t.Nodes[n].Start:t.Nodes[n].End] }

// Parent is the node around n, NoNode for the root.
func (t *Tree) Parent(n NodeID) NodeID { return t.Nodes[n].Parent }

// First is the first child of n, NoNode for a leaf.
func (t *Tree) First(n NodeID) NodeID {
	if n+1 < t.Nodes[n].Next {
		return n + 1
	}
	return NoNode
}

// After is the next sibling of n, NoNode for the last.
func (t *Tree) After(n NodeID) NodeID {
	next := t.Nodes[n].Next
	if p := t.Nodes[n].Parent; p == NoNode || next >= t.Nodes[p].Next {
		return NoNode
	}
	return next
}

// Named tells whether n is a node of the grammar rather than a token.
func (t *Tree) Named(n NodeID) bool { return t.Nodes[n].Flags&FlagNamed != 0 }

// FirstNamed is the first named child of n that is not a comment or a line
// continuation; NoNode when there is none.
func (t *Tree) FirstNamed(n NodeID) NodeID {
	return t.skipToNamed(t.First(n))
}

// AfterNamed is the next such sibling.
func (t *Tree) AfterNamed(n NodeID) NodeID {
	return t.skipToNamed(t.After(n))
}

func (t *Tree) skipToNamed(n NodeID) NodeID {
	for n != NoNode && t.Nodes[n].Flags&(FlagNamed|FlagExtra) != FlagNamed {
		n = t.After(n)
	}
	return n
}

// Child is the first child of n in the role f, NoNode when there is none.
func (t *Tree) Child(n NodeID, f Field) NodeID {
	for c := t.First(n); c != NoNode; c = t.After(c) {
		if t.Nodes[c].Field == f {
			return c
		}
	}
	return NoNode
}

// Position is the 1-based line and the 0-based byte column of offset, counting
// LF, CRLF and lone CR as line ends, as CPython does.
func (t *Tree) Position(offset uint32) (line, col int) {
	i := sort.Search(len(t.lines), func(i int) bool { return t.lines[i] > offset })
	return i, int(offset - t.lines[i-1])
}

// Line is the 1-based line of offset.
func (t *Tree) Line(offset uint32) int {
	line, _ := t.Position(offset)
	return line
}

// LineCount is the number of lines; a file that ends in a line end has an
// empty last one.
func (t *Tree) LineCount() int { return len(t.lines) }

// LineSpan is the extent of the 1-based line, its line end included.
func (t *Tree) LineSpan(line int) Span {
	s := Span{t.lines[line-1], uint32(len(t.Source))}
	if line < len(t.lines) {
		s.End = t.lines[line]
	}
	return s
}

func lineStarts(src []byte) []uint32 {
	lines := make([]uint32, 1, 1+bytes.Count(src, []byte{'\n'})+1)
	for i, b := range src {
		if b == '\n' || b == '\r' && (i+1 == len(src) || src[i+1] != '\n') {
			lines = append(lines, uint32(i+1))
		}
	}
	return lines
}
