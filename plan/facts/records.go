package facts

import "fastpath/plan/syntax"

func (c *coder) module(m *Module) {
	c.text(&m.Path)
	c.text(&m.Name)
	c.flags(&m.Package, &m.Future, &m.Lazy, &m.All.Present, &m.All.Static)
	texts(c, &m.All.Names)
	number(c, &m.All.Line)
	number(c, &m.Tail)
	texts(c, &m.Dunder)
	list(c, &m.MainGuard, (*coder).span)
	list(c, &m.Scopes, (*coder).scope)
	list(c, &m.Statements, (*coder).statement)
	list(c, &m.Units, (*coder).unit)
	list(c, &m.Names, (*coder).name)
	list(c, &m.Uses, (*coder).use)
	list(c, &m.Dynamic, (*coder).dynamic)
	list(c, &m.ClassNames, (*coder).className)
	list(c, &m.Strings, (*coder).stringRef)
	list(c, &m.Mentions, (*coder).mention)
	list(c, &m.Patches, (*coder).patch)
	list(c, &m.Calls, (*coder).call)
	list(c, &m.Effects, (*coder).effect)
	list(c, &m.Changes, (*coder).effect)
	list(c, &m.Touches, (*coder).effect)
	list(c, &m.Reads, (*coder).read)
	list(c, &m.ReadsLater, (*coder).read)
	list(c, &m.Barriers, func(c *coder, b *Barrier) {
		c.text(&b.Why)
		number(c, &b.Line)
		c.span(&b.Span)
	})
	list(c, &m.Keeps, func(c *coder, k *Keep) {
		number(c, &k.Line)
		c.text(&k.Code)
		c.text(&k.Reason)
	})
	list(c, &m.Loads, (*coder).load)
	list(c, &m.Attributes, func(c *coder, a *Attribute) {
		c.text(&a.Name)
		number(c, &a.Line)
	})
	list(c, &m.Ways, func(c *coder, w *Way) {
		c.text(&w.Of)
		c.text(&w.Path)
		number(c, &w.Line)
	})
	list(c, &m.Farewells, func(c *coder, f *Farewell) {
		c.text(&f.Name)
		c.flags(&f.Exit)
		number(c, &f.Line)
	})
	list(c, &m.Sorting, func(c *coder, s *Sorting) {
		c.text(&s.Text)
		number(c, &s.Line)
	})
}

func (c *coder) span(s *syntax.Span) {
	number(c, &s.Start)
	number(c, &s.End)
}

func (c *coder) scope(s *Scope) {
	number(c, &s.Kind)
	number(c, &s.Parent)
	c.text(&s.Name)
	c.text(&s.Qualified)
	number(c, &s.Line)
	c.span(&s.Span)
	c.span(&s.Body)
	c.flags(&s.Async, &s.Generator, &s.InLoop, &s.Guarded, &s.Alters, &s.Registers, &s.RunsParam, &s.Entered, &s.Given, &s.Empty)
	list(c, &s.Decorators, func(c *coder, d *Decorator) {
		c.text(&d.Name)
		c.flags(&d.Call)
		number(c, &d.Line)
	})
	texts(c, &s.Bases)
	texts(c, &s.Keywords)
	texts(c, &s.Params)
	texts(c, &s.Shares)
	texts(c, &s.Adds)
	texts(c, &s.Changes)
	texts(c, &s.Asks)
	texts(c, &s.Gives)
}

func (c *coder) statement(s *Statement) {
	c.span(&s.Span)
	number(c, &s.Line)
	number(c, &s.Site)
	number(c, &s.Scope)
	number(c, &s.Units[0])
	number(c, &s.Units[1])
	number(c, &s.Guard)
	c.text(&s.Preceded)
	list(c, &s.Comments, (*coder).span)
	c.flags(&s.From, &s.Lazy, &s.Shared, &s.Optional, &s.Conditional)
}

func (c *coder) unit(u *Unit) {
	number(c, &u.Statement)
	number(c, &u.Index)
	number(c, &u.Line)
	c.text(&u.Bound)
	c.text(&u.Module)
	c.text(&u.Attr)
	c.text(&u.Written)
	number(c, &u.Level)
	number(c, &u.Name)
	number(c, &u.Stray)
	c.span(&u.Span)
	c.flags(&u.Alias, &u.Reexport, &u.Outer, &u.Noqa)
}

func (c *coder) load(s *StringImport) {
	c.text(&s.Module)
	c.text(&s.Begins)
	number(c, &s.Line)
	number(c, &s.Scope)
	c.flags(&s.Used)
}

func (c *coder) name(n *Name) {
	number(c, &n.Scope)
	c.text(&n.Text)
	list(c, &n.Bindings, func(c *coder, b *Bind) {
		number(c, &b.Kind)
		number(c, &b.Unit)
		number(c, &b.Defines)
		number(c, &b.Line)
		number(c, &b.Offset)
		number(c, &b.Scope)
		c.flags(&b.Plain)
		c.text(&b.Value)
		c.text(&b.Made)
	})
	integers(c, &n.Uses)
	list(c, &n.GlobalIn, number[ScopeID])
}

func (c *coder) use(u *Use) {
	number(c, &u.Name)
	number(c, &u.Offset)
	number(c, &u.Line)
	number(c, &u.Scope)
	number(c, &u.Role)
	number(c, &u.Annotated)
	number(c, &u.Argument)
	c.text(&u.Chain)
	c.text(&u.PassedTo)
	c.text(&u.Keyword)
	c.flags(&u.Quoted, &u.Local, &u.TypeComment, &u.Store, &u.Item, &u.Called, &u.Applied, &u.InLoop, &u.InMain,
		&u.Conditional, &u.Comprehension, &u.TypeChecking, &u.ClassFirst)
}

func (c *coder) read(r *Read) {
	c.text(&r.Code)
	c.text(&r.Key)
	number(c, &r.Line)
	number(c, &r.Scope)
}

func (c *coder) dynamic(d *Dynamic) {
	c.text(&d.What)
	number(c, &d.Line)
	number(c, &d.Scope)
	c.text(&d.Object)
	c.text(&d.Attr)
	c.text(&d.Begins)
	c.flags(&d.Loaded, &d.Sets)
}

func (c *coder) className(n *ClassName) {
	number(c, &n.Scope)
	c.text(&n.Name)
	number(c, &n.Line)
}

func (c *coder) stringRef(s *StringRef) {
	c.text(&s.Value)
	number(c, &s.Line)
	c.span(&s.Span)
}

func (c *coder) mention(m *Mention) {
	c.text(&m.Name)
	number(c, &m.Line)
	c.flags(&m.Doctest)
}

func (c *coder) patch(p *Patch) {
	number(c, &p.Form)
	c.text(&p.Target)
	c.text(&p.Attr)
	number(c, &p.Line)
	c.span(&p.Span)
	c.flags(&p.Plain, &p.Passes)
	c.text(&p.Root)
}

func (c *coder) call(k *Call) {
	c.text(&k.Attr)
	number(c, &k.Line)
	number(c, &k.Scope)
	c.flags(&k.InMain)
}

func (c *coder) effect(e *Effect) {
	c.text(&e.Code)
	c.text(&e.Detail)
	c.text(&e.Key)
	c.flags(&e.Item)
	number(c, &e.Line)
	number(c, &e.Scope)
}

// consistent tells whether every number that refers to another record does.
func (m *Module) consistent() bool {
	inScopes := func(s ScopeID) bool { return s >= 0 && int(s) < len(m.Scopes) }
	below := func(i, n int) bool { return i >= 0 && i < n }
	if len(m.Scopes) == 0 || m.Scopes[0].Parent != -1 {
		return false
	}
	for i := range m.Scopes[1:] {
		if p := m.Scopes[i+1].Parent; p < 0 || int(p) > i {
			return false
		}
	}
	for i := range m.Statements {
		s := &m.Statements[i]
		if !inScopes(s.Scope) || s.Units[0] < 0 || s.Units[0] > s.Units[1] || s.Units[1] > len(m.Units) {
			return false
		}
	}
	for i := range m.Units {
		u := &m.Units[i]
		if !below(u.Statement, len(m.Statements)) || u.Name != -1 && !below(u.Name, len(m.Names)) {
			return false
		}
	}
	for i := range m.Names {
		n := &m.Names[i]
		if !inScopes(n.Scope) {
			return false
		}
		for _, b := range n.Bindings {
			if !inScopes(b.Scope) || b.Defines != -1 && !inScopes(b.Defines) || b.Kind == ByImport && !below(b.Unit, len(m.Units)) {
				return false
			}
		}
		for _, k := range n.Uses {
			if !below(k, len(m.Uses)) {
				return false
			}
		}
	}
	for i := range m.Uses {
		u := &m.Uses[i]
		if !inScopes(u.Scope) || !below(u.Name, len(m.Names)) || u.Annotated != -1 && !inScopes(u.Annotated) {
			return false
		}
	}
	return true
}
