package check

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"fastpath/plan/syntax"
)

// sameImports holds that no import is lost and none invented.
func (p *proof) sameImports() error {
	type key struct {
		target       Target
		loads, bound string
	}
	keyOf := func(im imported) key { return key{im.target, im.loads, im.bound} }
	before, after := map[key]bool{}, map[key]bool{}
	for _, im := range p.old.imports {
		before[keyOf(im)] = true
	}
	for _, im := range p.new.imports {
		after[keyOf(im)] = true
	}
	fast := p.options.FastPath
	for _, im := range p.old.imports {
		if after[keyOf(im)] || isTypeChecking(im) && p.new.blocks() == 0 {
			continue
		}
		if fast != nil && (fast.Names[im.bound] == im.target || im.target.Module == fast.Module) {
			continue
		}
		return p.errorAt(p.old, im.node, "the import of %s is lost", im.target)
	}
	for _, im := range p.new.imports {
		switch {
		case before[keyOf(im)] || isTypeChecking(im):
		case fast != nil && im.target.Module == fast.Module:
		case p.options.Future && im.target == Target{"__future__", "annotations"}:
		default:
			return p.errorAt(p.new, im.node, "the import of %s is new", im.target)
		}
	}
	return p.typeName()
}

func isTypeChecking(im imported) bool {
	return im.target == Target{"typing", "TYPE_CHECKING"}
}

// blocks counts the `if TYPE_CHECKING:` statements at module level.
func (s *side) blocks() int {
	n := 0
	for c := s.tree.First(syntax.Root); c != syntax.NoNode; c = s.tree.After(c) {
		if isTypeBlock(s.tree, c) {
			n++
		}
	}
	return n
}

// typeName holds that a new `if TYPE_CHECKING:` asks for typing's name, bound
// above it.
func (p *proof) typeName() error {
	if p.old.blocks() > 0 {
		return nil
	}
	t := p.new.tree
	for n := t.First(syntax.Root); n != syntax.NoNode; n = t.After(n) {
		if !isTypeBlock(t, n) {
			continue
		}
		name, _, dotted := strings.Cut(string(t.Text(t.Child(n, syntax.FieldCondition))), ".")
		ok := false
		for _, im := range p.new.imports {
			right := isTypeChecking(im) || im.target == Target{"typing_extensions", "TYPE_CHECKING"}
			if dotted {
				right = im.target == Target{Module: "typing"}
			}
			ok = ok || right && im.bound == name && im.block == syntax.Root && im.node < n
		}
		if b := p.new.bindings[variable{0, name}]; !ok || b == nil || b.others > 0 {
			return p.errorAt(p.new, n, "the condition %q is not typing's", t.Text(t.Child(n, syntax.FieldCondition)))
		}
	}
	return nil
}

// A note is one comment.
type note struct {
	text     string
	at       uint32
	attached syntax.NodeID // the import statement in or behind which it stands
}

// notes reads the comments out of the bytes between tokens. Two comments that
// share a line by "  #" count as two, since joining import statements joins
// their comments.
func (s *side) notes() []note {
	var notes []note
	t := s.tree
	end := uint32(0)
	last := syntax.NoNode // the import statement that ended last
	statement := syntax.NoNode
	read := func(start, stop uint32) {
		gap := t.Source[start:stop]
		for at := 0; at < len(gap); {
			i := bytes.IndexByte(gap[at:], '#')
			if i < 0 {
				return
			}
			i += at
			stop := i + len(gap[i:])
			if j := bytes.IndexAny(gap[i:], "\r\n"); j >= 0 {
				stop = i + j
			}
			attached := statement
			if attached == syntax.NoNode && last != syntax.NoNode && !bytes.ContainsAny(gap[:i], "\r\n") {
				attached = last
			}
			text := strings.TrimRight(string(gap[i:stop]), " \t\f")
			for j, part := range strings.Split(text, "  # ") {
				if j > 0 {
					part = "# " + part
				}
				notes = append(notes, note{strings.TrimRight(part, " \t"), start + uint32(i), attached})
			}
			at = stop
		}
	}
	for i := range t.Nodes {
		n := syntax.NodeID(i)
		node := t.Nodes[n]
		if statement != syntax.NoNode && n >= t.Nodes[statement].Next {
			last, statement = statement, syntax.NoNode
		}
		leaf := t.First(n) == syntax.NoNode || node.Kind == syntax.StringContent || node.Kind == syntax.String
		if node.Kind == syntax.Comment || node.Kind == syntax.LineContinuation || !leaf || node.Start < end {
			if isImport(node.Kind) {
				read(end, node.Start)
				end = node.Start
				statement = n
			}
			continue
		}
		read(end, node.Start)
		if statement == syntax.NoNode && node.Kind != syntax.TokSemicolon {
			last = syntax.NoNode
		}
		end = max(end, node.End)
	}
	if statement != syntax.NoNode {
		last, statement = statement, syntax.NoNode
	}
	read(end, uint32(len(t.Source)))
	return notes
}

// sameComments holds that no comment is lost and none invented. One that stood
// in or behind an import may come more often, since its import may have, and
// may go when its import repeated another.
func (p *proof) sameComments() error {
	old, new := p.old.notes(), p.new.notes()
	count := map[string]int{}
	for _, n := range new {
		count[n.text]++
	}
	before := map[string]int{}
	free := map[string]int{}
	for _, n := range old {
		before[n.text]++
		if n.attached == syntax.NoNode {
			free[n.text]++
		}
	}
	for _, n := range new {
		if before[n.text] == 0 {
			return fmt.Errorf("line %d of the result: comment %q is new", p.new.tree.Line(n.at), n.text)
		}
	}
	for _, n := range old {
		lost := count[n.text] < free[n.text] || count[n.text] == 0
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
