package check

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"fastpath/plan/syntax"
)

// A note is one comment.
type note struct {
	text     string
	at       uint32
	attached syntax.NodeID // the import statement in or behind which it stands
	above    syntax.NodeID // the import statement right below it
}

// A noteReader reads the comments out of the bytes between tokens.
type noteReader struct {
	tree      *syntax.Tree
	notes     []note
	end       uint32        // of the last token
	statement syntax.NodeID // the import statement around here
	last      syntax.NodeID // the import statement that ended last, with nothing behind it yet
}

func (s *side) notes() []note {
	t := s.tree
	r := noteReader{tree: t, statement: syntax.NoNode, last: syntax.NoNode}
	for i := range t.Nodes {
		n := syntax.NodeID(i)
		node := t.Nodes[n]
		if r.statement != syntax.NoNode && n >= t.Nodes[r.statement].Next {
			r.last, r.statement = r.statement, syntax.NoNode
		}
		leaf := t.First(n) == syntax.NoNode || node.Kind == syntax.StringContent || node.Kind == syntax.String
		switch {
		case isImport(node.Kind):
			from := len(r.notes)
			r.read(node.Start)
			r.markAbove(from, n)
			r.end = node.Start
			r.statement = n
		case node.Kind == syntax.Comment || node.Kind == syntax.LineContinuation || !leaf || node.Start < r.end:
		default:
			r.read(node.Start)
			if r.statement == syntax.NoNode && node.Kind != syntax.TokSemicolon {
				r.last = syntax.NoNode
			}
			r.end = max(r.end, node.End)
		}
	}
	if r.statement != syntax.NoNode {
		r.last, r.statement = r.statement, syntax.NoNode
	}
	r.read(uint32(len(t.Source)))
	return r.notes
}

// read takes the comments up to stop. Two that share a line by "  #" count as
// two, since joining import statements joins their comments.
func (r *noteReader) read(stop uint32) {
	if stop <= r.end {
		return
	}
	gap := r.tree.Source[r.end:stop]
	for at := 0; ; {
		i := bytes.IndexByte(gap[at:], '#')
		if i < 0 {
			return
		}
		i += at
		at = len(gap)
		if j := bytes.IndexAny(gap[i:], "\r\n"); j >= 0 {
			at = i + j
		}
		attached := r.statement
		if attached == syntax.NoNode && !bytes.ContainsAny(gap[:i], "\r\n") {
			attached = r.last
		}
		for j, part := range strings.Split(string(gap[i:at]), "  # ") {
			if j > 0 {
				part = "# " + part
			}
			r.notes = append(r.notes, note{strings.TrimRight(part, " \t\f"), r.end + uint32(i), attached, syntax.NoNode})
		}
	}
}

// markAbove notes which of the comments from index from on stand on the lines
// right above the import statement n.
func (r *noteReader) markAbove(from int, n syntax.NodeID) {
	line := r.tree.Line(r.tree.Span(n).Start)
	for i := len(r.notes) - 1; i >= from && r.notes[i].attached == syntax.NoNode; i-- {
		at := r.tree.Line(r.notes[i].at)
		if at != line && at != line-1 {
			return
		}
		line = at
		r.notes[i].above = n
	}
}

// sameComments holds that no comment is lost and none invented. One that stood
// in, behind or right above an import may come more often, since its import
// may have. When its import repeated another, the one behind it may go, and the
// one above it may be left out as long as it is said once.
func (p *proof) sameComments() error {
	old, new := p.old.notes(), p.new.notes()
	before, after, free := map[string]int{}, map[string]int{}, map[string]int{}
	for _, n := range new {
		after[n.text]++
	}
	for _, n := range old {
		before[n.text]++
		if n.attached == syntax.NoNode && (n.above == syntax.NoNode || !p.repeated(n.above)) {
			free[n.text]++
		}
	}
	for _, n := range new {
		if before[n.text] == 0 {
			return fmt.Errorf("line %d of the result: comment %q is new", p.new.tree.Line(n.at), n.text)
		}
	}
	for _, n := range old {
		lost := after[n.text] < free[n.text] || after[n.text] == 0
		if lost && (n.attached == syntax.NoNode || !p.repeated(n.attached)) {
			return fmt.Errorf("line %d: comment %q is lost", p.old.tree.Line(n.at), n.text)
		}
	}
	return nil
}

// repeated tells whether all that the statement imports is imported elsewhere
// too, or comes through the consolidated module.
func (p *proof) repeated(statement syntax.NodeID) bool {
	for _, im := range p.old.imports {
		if im.node != statement {
			continue
		}
		if fast := p.options.FastPath; fast != nil && fast.Names[im.bound] == im.target {
			continue
		}
		if !slices.ContainsFunc(p.old.imports, func(o imported) bool { return o.node != statement && o.target == im.target }) {
			return false
		}
	}
	return true
}
