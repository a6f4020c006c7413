package check

import (
	"strings"

	"fastpath/plan/syntax"
)

// sameImports holds that no import is lost and none invented.
func (p *proof) sameImports() error {
	type key struct {
		target       Target
		loads, bound string
	}
	keyOf := func(im imported) key {
		return key{Target{p.absolute(im.target.Module), im.target.Attr}, p.absolute(im.loads), im.bound}
	}
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
