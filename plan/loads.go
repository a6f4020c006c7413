package plan

import (
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/graph"
	"fastpath/plan/stdlib"
)

// A Stage is a state that the tree passes through as moves are made.
type Stage uint8

// The stages, in the order of time.
const (
	Before Stage = iota // without the moves that were made
	Now                 // as the tree stands
	After               // with the moves of the plan
)

// A Made is a move that was carried out earlier.
type Made struct {
	File   string
	Module string // dotted, with the attribute that a from-import takes
	Name   string // that it binds
	To     Level
}

// A Load is one module of a cold start.
type Load struct {
	Module string // dotted; the path in angle brackets for a file without such a name
	Kind   string // stdlib, third-party, first-party; "" where nothing says
	SelfMS float64
	By     int // the module whose import loads it, an index of the list; -1 for an entry
}

// Loads lists what a cold start loads at a stage, a module before those that
// it loads. Each stands with the importer that is nearest to an entry, for a
// module loads once, however many import it. Without configured entries, those
// of the profile count; without both there is no list.
func (s *Sets) Loads(stage Stage, made []Made) []Load {
	entries := s.entries
	if p := s.p.Profile; len(entries) == 0 && p != nil {
		for _, e := range p.Entry {
			if n, ok := s.p.graph.Find(e); ok {
				entries = append(entries, n)
			}
		}
	}
	if len(entries) == 0 {
		return nil
	}
	g, follow := s.p.graph, graph.Eager
	switch stage {
	case Before:
		g, follow = s.p.undone(made)
	case After:
		g, follow = s.p.priced, s.p.moves().start
	}
	reach := g.Load(entries, follow)
	at := make(map[graph.Node]int, len(reach.Modules()))
	list := make([]Load, 0, len(reach.Modules()))
	for _, n := range s.nested(reach) {
		at[n] = len(list)
		l := Load{Module: g.Name(n), Kind: s.p.kind(g.Name(n)), SelfMS: g.Self(n), By: -1}
		if by := reach.By(n); by >= 0 {
			l.By = at[by]
		}
		list = append(list, l)
	}
	return list
}

// nested are the modules that load, each behind the one that loads it.
func (s *Sets) nested(reach *graph.Reach) []graph.Node {
	below := map[graph.Node][]graph.Node{}
	for _, n := range reach.Modules() {
		below[reach.By(n)] = append(below[reach.By(n)], n)
	}
	list := make([]graph.Node, 0, len(reach.Modules()))
	list = append(list, below[-1]...)
	for i := 0; i < len(list); i++ {
		list = append(list, below[list[i]]...)
	}
	return list
}

// undone is the graph without moves that were made, and what it then follows.
func (p *planner) undone(made []Made) (*graph.Graph, func(graph.Edge) bool) {
	type key struct{ file, module, name string }
	moved := make(map[key]Level, len(made))
	for _, m := range made {
		moved[key{m.File, m.Module, m.Name}] = m.To
	}
	g := p.graph.Clone()
	set := newMoveSet()
	for file, m := range p.Modules {
		for unit := range m.Units {
			u := &m.Units[unit]
			module := u.Module
			if u.Attr != "" && u.Attr != "*" {
				module += "." + u.Attr
			}
			to, was := moved[key{m.Path, module, u.Bound}]
			if !was {
				continue
			}
			tag := p.firstTag[file] + int32(unit)
			from, _ := g.Find(p.nodeName(file))
			switch site := m.Statements[u.Statement].Site; {
			case to == ModuleLevel && currentLevel(site) == ModuleLevel && !p.profiledEager(file, p.loaded(*u)):
				set.sinking[tag] = true
			case to == FunctionLevel && (site == facts.SiteFunction || site == facts.SiteMain):
				set.rising[tag] = true
			case to != ModuleLevel && site == facts.SiteTypeChecking:
				g.Link(from, g.Add(p.loaded(*u)), true, tag)
			}
		}
	}
	return g, set.start
}

// profiledEager tells whether the profile saw the file load the module at once.
func (p *planner) profiledEager(file int, module string) bool {
	if p.Profile == nil {
		return false
	}
	for _, e := range p.Profile.Modules[p.nodeName(file)].Imports {
		if e.Module == module {
			return !e.Lazy
		}
	}
	return false
}

// kind is where a module comes from: as the profile saw it, else by the tree.
func (p *planner) kind(name string) string {
	if p.Profile != nil {
		if kind := p.Profile.Modules[name].Kind; kind != "" {
			return kind
		}
	}
	_, own := p.byName[name]
	switch {
	case own || strings.HasPrefix(name, "<"):
		return "first-party"
	case stdlib.Root(name):
		return "stdlib"
	}
	return ""
}

// Beyond is what a cold start would save on top of the plan, in milliseconds,
// if imports that stay at module level could move into functions as well. What
// nearly every request needs saves nothing.
func (s *Sets) Beyond(stay ...int) float64 {
	if !s.Known() {
		ms := map[string]float64{}
		for _, i := range stay {
			if d := &s.p.decisions[i]; !d.hot(s.p.Policy) {
				ms[s.Module(i)] = d.ImportMS.Value
			}
		}
		sum := 0.0
		for _, module := range sortedKeys(ms) {
			sum += ms[module]
		}
		return sum
	}
	if s.planned == nil {
		s.planned = s.p.priced.Load(s.entries, s.p.moves().needed)
	}
	if len(stay) == 1 {
		d := &s.p.decisions[stay[0]]
		from, _ := s.p.priced.Find(s.p.nodeName(d.File))
		if d.hot(s.p.Policy) || currentLevel(s.site(stay[0])) != ModuleLevel {
			return 0
		}
		return s.planned.Without(from, int32(stay[0]))
	}
	set := s.p.moves()
	for _, i := range stay {
		if currentLevel(s.site(i)) == ModuleLevel {
			set.sink(int32(i), s.p.decisions[i].hot(s.p.Policy))
		}
	}
	return s.planned.MS() - s.p.priced.Load(s.entries, set.needed).MS()
}
