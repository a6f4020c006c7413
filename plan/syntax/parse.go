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
	err, reached := p.attempt(t, codePage, false)
	if err == nil || reached == 0 {
		return err
	}
	// Only what the grammar cannot read as a type is worth the trees of its own
	// that the second attempt makes.
	if err, reached = p.attempt(t, codePage, true); reached > 0 {
		return p.damage(reached)
	}
	return err
}

// patience is how often the grammar may try to recover. On valid files it does
// so up to five times, in a reading that it then gives up for another.
const patience = 100

// attempt lexes and parses once. Where the grammar cannot read the shadow,
// reached is an offset at or after the place; otherwise it is 0.
func (p *Parser) attempt(t *Tree, codePage, excise bool) (err *lexError, reached int) {
	l := &p.lexer
	l.reset(t.Source, l.out)
	l.codePage, l.excise = codePage, excise
	l.run()
	if l.err != nil {
		return l.err, 0
	}
	var damaged bool
	if len(l.grafts) == 0 {
		t.Nodes, damaged, reached = p.flat(l.out, nil, coarse, patience)
	} else {
		p.scratch, damaged, reached = p.flat(l.out, p.scratch, coarse, patience)
	}
	if damaged {
		return &lexError{0, "invalid syntax"}, max(reached, 1)
	}
	if len(l.grafts) > 0 {
		if err := p.graft(t); err != nil {
			return err, 0
		}
	}
	t.Lazy = l.lazy
	t.Nodes[Root].Start, t.Nodes[Root].End = 0, uint32(len(t.Source))
	return correct(t, l.lines), 0
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
		nodes, bad, _ := p.flat(cut.text, nil, coarse, patience)
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

// damage finds the place that the grammar could not read, at or before
// reached, in what the last attempt lexed: at most the few lines around it are
// given to the grammar's error recovery.
func (p *Parser) damage(reached int) *lexError {
	throughLine := func(at int) []byte {
		out := p.lexer.out
		if n := bytes.IndexByte(out[at:], '\n'); n >= 0 {
			return out[:at+n+1]
		}
		return out
	}
	last := reached
	for _, tries := range []int{1, 8, patience} {
		nodes, _, end := p.flat(throughLine(reached), nil, fine, tries)
		if nodes == nil {
			last = end
			nodes, _, _ = p.flat(throughLine(end), nil, fine, patience)
		}
		for _, n := range nodes {
			if n.Kind == Damage || n.Flags&FlagMissing != 0 {
				return &lexError{int(n.Start), "invalid syntax"}
			}
		}
	}
	return &lexError{max(0, last-1), "invalid syntax at or before this line"}
}
