package syntax

import (
	"bytes"
	"fmt"
)

// An Error says why a file is left alone: the 1-based line, the 0-based byte
// column and a reason fit for a person.
type Error struct {
	Line, Col int
	Reason    string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Col+1, e.Reason) }

// Parse reads one file. The error, if any, is an *Error: a file that CPython
// accepts and this package cannot read is reported, never half-read.
func (p *Parser) Parse(src []byte) (*Tree, error) {
	t := &Tree{Source: src, lines: lineStarts(src)}
	if i := bytes.IndexByte(src, 0); i >= 0 {
		return nil, t.errorAt(uint32(i), "source holds a NUL byte")
	}
	nodes, damaged := p.flat(src)
	t.Nodes = nodes
	if damaged {
		for i, n := range nodes {
			if n.Kind == Damage || n.Flags&FlagMissing != 0 {
				return nil, t.errorAt(nodes[i].Start, "invalid syntax")
			}
		}
		return nil, t.errorAt(0, "invalid syntax")
	}
	return t, nil
}

func (t *Tree) errorAt(offset uint32, reason string) *Error {
	line, col := t.Position(offset)
	return &Error{Line: line, Col: col, Reason: reason}
}
