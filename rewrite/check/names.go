package check

import (
	"slices"
	"strings"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// sameNames compares what each name denotes.
func (p *proof) sameNames() error {
	if p.old.table.Future != p.new.table.Future && !p.options.Future {
		return p.errorAt(p.old, syntax.Root, "whether annotations are evaluated has changed")
	}
	for _, pr := range p.pairs {
		if err := p.sameName(pr.old, pr.new); err != nil {
			return err
		}
	}
	return nil
}

func (p *proof) sameName(a, b *scope.Occurrence) error {
	if p.options.Future && b.Annotation == scope.Deferred && a.Annotation != scope.Deferred {
		return nil // kept as text from now on
	}
	if p.scopes[a.Scope] != b.Scope {
		return p.errorAt(p.old, a.Node, "name %q is looked up in another scope", a.Name)
	}
	old, new := p.old.bindings[variable{a.Owner, a.Name}], p.new.bindings[variable{b.Owner, b.Name}]
	if a.Role == scope.Load && p.old.table.Scopes[a.Owner].Kind == scope.KindClass {
		// The class may not have bound the name yet: then it is the module's.
		global := variable{scope.Module, a.Name}
		if !p.sameTargets(p.old.bindings[global], p.new.bindings[global], a.Name) {
			return p.errorAt(p.old, a.Node, "name %q is read in a class that also binds it, and the module's import of it has gone", a.Name)
		}
	}
	if old == nil || old.others > 0 || len(old.imports) == 0 {
		if p.scopes[a.Owner] != b.Owner || !p.sameTargets(old, new, a.Name) || old != nil && !sameSites(old, new) {
			return p.errorAt(p.old, a.Node, "name %q would denote another variable", a.Name)
		}
		return nil
	}
	if !p.sameTargets(old, new, a.Name) {
		return p.errorAt(p.old, a.Node, "name %q, imported as %s, would denote something else", a.Name, old.imports[0].target)
	}
	if p.throughStar(new, a.Name) {
		return nil
	}
	idle := b.Annotation == scope.Deferred || b.Annotation == scope.Ignored || !runs(old)
	if err := p.sameChain(a, old, new, idle || p.new.forTypes(b.Node)); err != nil || idle {
		return err
	}
	return p.available(a, b, new)
}

// runs tells whether an import of the binding is there at run time.
func runs(b *binding) bool {
	return slices.ContainsFunc(b.imports, func(im imported) bool { return !im.typeOnly })
}

// sameTargets tells whether two bindings hold the same imports and as many
// other bindings.
func (p *proof) sameTargets(old, new *binding, name string) bool {
	if old == nil && new == nil {
		return true
	}
	if new == nil {
		new = &binding{}
	}
	if old == nil {
		old = &binding{}
	}
	if old.others != new.others {
		return false
	}
	if fast := p.options.FastPath; p.throughStar(new, name) {
		return len(old.imports) > 0 && !slices.ContainsFunc(old.imports, func(im imported) bool { return im.target != fast.Names[name] && im.target.Module != fast.Module })
	}
	return subset(old, new, p) && subset(new, old, p)
}

func subset(a, b *binding, p *proof) bool {
	for _, x := range a.imports {
		if !slices.ContainsFunc(b.imports, func(y imported) bool { return p.real(x.target) == p.real(y.target) }) {
			return false
		}
	}
	return true
}

// real is what a target denotes when it is taken from the consolidated module.
func (p *proof) real(t Target) Target {
	if fast := p.options.FastPath; fast != nil && t.Module == fast.Module {
		if real, ok := fast.Names[t.Attr]; ok {
			return real
		}
	}
	t.Module = p.absolute(t.Module)
	return t
}

// throughStar tells whether an unbound name comes from a star import of the
// consolidated module.
func (p *proof) throughStar(b *binding, name string) bool {
	fast := p.options.FastPath
	if fast == nil || b != nil && (len(b.imports) > 0 || b.others > 0) {
		return false
	}
	_, has := fast.Names[name]
	return has && p.new.starOf(fast.Module)
}

func (s *side) starOf(module string) bool {
	t := s.tree
	for n := t.First(syntax.Root); n != syntax.NoNode; n = t.After(n) {
		if t.Kind(n) == syntax.ImportFromStatement && compact(t.Text(t.Child(n, syntax.FieldModuleName))) == module {
			for c := t.First(n); c != syntax.NoNode; c = t.After(c) {
				if t.Kind(c) == syntax.WildcardImport {
					return true
				}
			}
		}
	}
	return false
}

// sameChain holds submodules to be loaded by the imports of the name that is
// used to reach them, as far as they were before. For an idle reference, which
// never runs, imports for type checkers count.
func (p *proof) sameChain(a *scope.Occurrence, old, new *binding, idle bool) error {
	chain := p.old.chain(a.Node)
	if provided(new, chain, idle) < provided(old, chain, idle) {
		return p.errorAt(p.old, a.Node, "nothing would load %s for name %q", strings.Join(chain, "."), a.Name)
	}
	return nil
}

// chain is the dotted path that starts with the identifier n.
func (s *side) chain(n syntax.NodeID) []string {
	t := s.tree
	chain := []string{string(t.Text(n))}
	for {
		parent := t.Parent(n)
		if parent == syntax.NoNode || t.Kind(parent) != syntax.Attribute || t.Child(parent, syntax.FieldObject) != n {
			return chain
		}
		chain = append(chain, string(t.Text(t.Child(parent, syntax.FieldAttribute))))
		n = parent
	}
}

// provided is the length of the longest start of chain that a plain import of
// the binding loads.
func provided(b *binding, chain []string, idle bool) int {
	longest := 0
	for _, im := range b.imports {
		if im.target.Attr != "" || im.typeOnly && !idle {
			continue
		}
		rest, ok := strings.CutPrefix(im.loads, im.target.Module)
		if !ok || rest == "" {
			continue
		}
		parts := strings.Split(rest[1:], ".")
		n := 0
		for n < len(parts) && n+1 < len(chain) && parts[n] == chain[n+1] {
			n++
		}
		longest = max(longest, n)
	}
	return longest
}

// available proves that an import runs before the reference b wherever it
// moved to.
func (p *proof) available(a, b *scope.Occurrence, new *binding) error {
	if !runs(new) {
		if p.new.forTypes(b.Node) {
			return nil // the reference never runs either
		}
		return p.errorAt(p.old, a.Node, "name %q would be there for type checkers only", a.Name)
	}
	t := p.new.tree
	at := t.Span(b.Node).Start
	kept := p.scopes[a.Owner] == b.Owner
	if kept && sameSites(p.old.bindings[variable{a.Owner, a.Name}], new) {
		return nil
	}
	owner := p.new.table.Scopes[b.Owner]
	body := syntax.Root
	if owner.Kind == scope.KindFunction {
		body = t.Child(owner.Node, syntax.FieldBody)
	}
	for _, im := range new.imports {
		switch end := t.Span(im.node).End; {
		case im.typeOnly:
		case im.block == body && end <= at:
			return nil
		case im.block == body && kept && b.Owner == scope.Module && b.Scope != scope.Module:
			return nil // a function, which runs later: as before
		case b.Owner == scope.Module && p.repeats(im):
			return nil
		case end <= at && t.Span(im.block).Start <= t.Span(im.node).Start && at < t.Span(im.block).End && p.mainGuard(im.block):
			return nil
		}
	}
	return p.errorAt(p.old, a.Node, "name %q would be used where its import need not have run", a.Name)
}

// sameSites tells whether the plain and the other imports of a binding are as
// many as before.
func sameSites(old, new *binding) bool {
	return len(old.imports) == len(new.imports) && plainCount(old) == plainCount(new)
}

func plainCount(b *binding) int {
	n := 0
	for _, im := range b.imports {
		if im.block == syntax.Root {
			n++
		}
	}
	return n
}

// repeats tells whether the module level had this import before, plainly.
func (p *proof) repeats(im imported) bool {
	if im.block != syntax.Root {
		return false
	}
	old := p.old.bindings[variable{scope.Module, im.bound}]
	return old != nil && slices.ContainsFunc(old.imports, func(o imported) bool {
		return o.block == syntax.Root && o.target == im.target
	})
}

// mainGuard tells whether block is the body, or the else, of an `if` at module
// level that compares __name__.
func (p *proof) mainGuard(block syntax.NodeID) bool {
	t := p.new.tree
	n := t.Parent(block)
	if t.Kind(n) == syntax.ElseClause {
		n = t.Parent(n)
	}
	return t.Kind(n) == syntax.IfStatement && t.Parent(n) == syntax.Root &&
		strings.Contains(string(t.Text(t.Child(n, syntax.FieldCondition))), "__name__")
}
