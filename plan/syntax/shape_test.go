package syntax

import (
	"bytes"
	"os"
	"testing"
)

// TestShadowKeepsShape compares the tree with the one that the grammar makes of
// the untouched source, where it makes one: the shadow and the grafts may
// change nothing but the readings that differ from CPython's.
func TestShadowKeepsShape(t *testing.T) {
	p, q := NewParser(), NewParser()
	defer p.Close()
	defer q.Close()
	changed := map[Kind]int{}
	same := 0
	for _, path := range corpora(t) {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := p.Parse(src)
		// To the grammar the CR of CRLF belongs to the comment before it.
		if err != nil || bytes.IndexByte(src, '\r') >= 0 || hasBOM(src) {
			continue
		}
		raw, damaged, _ := q.flat(src, nil, coarse, patience)
		if damaged {
			continue
		}
		switch at, kind := firstChange(tree.Nodes[1:], raw[1:]); {
		case at < 0:
			same++
		case kind == TypeAliasStatement, // type(x).a = v
			kind == Subscript, kind == BinaryOperator, // type[x] and type[x] | y in annotations
			kind == ExceptClause,            // except *A
			kind == NamedExpression,         // f"{x:=10}"
			kind == Call, kind == Attribute, // [*a.b()]
			kind == PrintStatement: // print >> f, x
			changed[kind]++
		default:
			t.Errorf("%s:%d: %v became something else", path, tree.Line(uint32(at)), kind)
		}
	}
	t.Logf("%d trees the same, others: %v", same, changed)
}

// firstChange finds the first node of want, by offset and kind, that got does
// not have; -1 when they are the same. Line continuations never show.
func firstChange(got, want []Node) (at int, kind Kind) {
	for _, w := range want {
		if w.Kind == LineContinuation {
			continue
		}
		if len(got) == 0 || got[0].Kind != w.Kind || got[0].Start != w.Start || got[0].End != w.End || got[0].Field != w.Field {
			return int(w.Start), w.Kind
		}
		got = got[1:]
	}
	if len(got) > 0 {
		return int(got[0].Start), got[0].Kind
	}
	return -1, Other
}
