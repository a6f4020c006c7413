package syntax

import (
	"bytes"
	"fmt"
)

// MaxSize is the size in bytes of the largest file that is read. While it is
// being parsed, a tree takes up to seventy times the size of its source.
const MaxSize = 16 << 20

// An Error says why a file is left alone: the 1-based line, the 0-based byte
// column and a reason fit for a person.
type Error struct {
	Line, Col int
	Reason    string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Col+1, e.Reason) }

// bigFile is the size from which files are parsed one at a time in the whole
// process, so that many workers do not fill the memory between them.
const bigFile = 1 << 20

var bigTurn = make(chan struct{}, 1)

// Parse reads one file. The error, if any, is an *Error: a file that CPython
// accepts and this package cannot read is reported, never half-read. The tree
// keeps src; the caller must not change it.
func (p *Parser) Parse(src []byte) (*Tree, error) {
	if len(src) > MaxSize {
		return nil, &Error{Line: 1, Reason: fmt.Sprintf("file is %d MB large, more than the %d MB that are read", len(src)>>20, MaxSize>>20)}
	}
	t := &Tree{Source: src, lines: lineStarts(src)}
	if err := p.parse(t); err != nil {
		line, col := t.Position(uint32(min(err.at, len(src))))
		return nil, &Error{Line: line, Col: col, Reason: err.reason}
	}
	return t, nil
}

func (p *Parser) parse(t *Tree) *lexError {
	if i := bytes.IndexByte(t.Source, 0); i >= 0 {
		return &lexError{i, "source holds a NUL byte"}
	}
	encoding, codePage, err := decode(t.Source)
	if err != nil {
		return err
	}
	t.Encoding = encoding
	if len(t.Source) >= bigFile {
		bigTurn <- struct{}{}
		defer func() { <-bigTurn }()
	}
	err = p.attempt(t, codePage, false)
	if err == nil || err.at >= 0 {
		return err
	}
	// Only what the grammar cannot read as a type or as an except list is worth
	// the trees of its own that the second attempt makes.
	if err = p.attempt(t, codePage, true); err != nil && err.at < 0 {
		return p.damage()
	}
	return err
}

// damaged is the error of an attempt that the grammar rejected.
var damaged = &lexError{at: -1}

// attempt lexes and parses once.
func (p *Parser) attempt(t *Tree, codePage, excise bool) *lexError {
	l := &p.lexer
	l.reset(t.Source, l.out)
	l.codePage, l.excise = codePage, excise
	l.run()
	if l.err != nil {
		return l.err
	}
	bad := false
	if len(l.grafts) == 0 {
		if t.Nodes, bad = p.flat(l.out, nil); bad {
			p.scratch = t.Nodes
			return damaged
		}
	} else {
		if p.scratch, bad = p.flat(l.out, p.scratch); bad {
			return damaged
		}
		if err := p.graft(t); err != nil {
			return err
		}
	}
	t.Lazy = l.lazy
	t.Nodes[Root].Start, t.Nodes[Root].End = 0, uint32(len(t.Source))
	return correct(t.Nodes)
}

// graft puts what the shadow hid back into the nodes of p.scratch.
func (p *Parser) graft(t *Tree) *lexError {
	l := &p.lexer
	sortGrafts(l.grafts)
	g := grafter{grafts: l.grafts, trees: map[uint32][]Node{}}
	size := len(p.scratch)
	for _, cut := range l.grafts {
		size++
		if cut.text == nil {
			continue
		}
		nodes, bad := p.flat(cut.text, nil)
		// Module, expression statement, expression.
		if bad || len(nodes) < 3 || nodes[1].Kind != ExpressionStatement || nodes[1].Next != nodes[0].Next {
			return &lexError{int(cut.span.Start), "invalid syntax"}
		}
		switch {
		case cut.kind == graftList:
			nodes[1].Kind = ExpressionList
			nodes = nodes[1:]
		case nodes[2].Next == nodes[1].Next:
			nodes = nodes[2:]
		default:
			return &lexError{int(cut.span.Start), "invalid syntax"}
		}
		g.trees[cut.span.Start] = nodes
		size += len(nodes)
	}
	g.out = make([]Node, 0, size)
	p.scratch[Root].Start, p.scratch[Root].End = 0, uint32(len(t.Source))
	g.stream(p.scratch, NoNode, NoField, 0)
	t.Nodes = g.out
	return nil
}

// damage says where the nodes of the last attempt hold an error.
func (p *Parser) damage() *lexError {
	for _, n := range p.scratch {
		if n.Kind == Damage || n.Flags&FlagMissing != 0 {
			return &lexError{int(n.Start), "invalid syntax"}
		}
	}
	return &lexError{0, "invalid syntax"}
}
