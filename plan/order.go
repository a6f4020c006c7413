package plan

import (
	"slices"
	"sort"

	"fastpath/plan/facts"
)

// An event is one thing that the load of a module does to other modules, at a
// line of its file: it imports, or it reads an attribute of a module.
type event struct {
	line   int
	unit   int           // the import unit; -1 for a read
	loads  []string      // modules imported, parents first
	module string        // whose attribute is read; "" for none
	attr   string        // "*" for a star import
	soft   bool          // a failure here is handled
	def    facts.ScopeID // the def that is presumed to be called at this line; Top for none
}

// A script is what the load of one module does, in order.
type script struct {
	file   int
	events []event
	binds  map[string]int // name: line of its first binding at load time
}

// A failure is a name that a module reads of another one before it is bound.
type failure struct {
	file         int
	line         int
	module, attr string
	def          facts.ScopeID // as in event
}

// scripts writes the load of every module of the tree down, as it is with the
// given decisions carried out.
func (p *planner) scripts(moved bool) []script {
	list := make([]script, len(p.Modules))
	for file := range p.Modules {
		list[file] = p.script(file, moved)
	}
	return list
}

func (p *planner) script(file int, moved bool) script {
	m := p.Modules[file]
	s := script{file: file, binds: map[string]int{}}
	for unit := range m.Units {
		u := m.Units[unit]
		st := &m.Statements[u.Statement]
		d := p.at(file, unit)
		line, def := st.Line, facts.Top
		switch {
		case st.Site == facts.SiteTypeChecking || st.Site == facts.SiteMain || u.Module == "":
			continue
		case moved && d.Status == StatusMove && (d.Action == Sink || d.Action == ToTypeChecking):
			if line, def = p.earliest(file, d.Into); line == 0 {
				continue
			}
		case moved && d.Status == StatusMove && d.Action == Hoist:
			line = importsEnd(m)
		case st.Site == facts.SiteFunction:
			def = m.DefAround(st.Scope)
			if line = p.calledAt(file, def); line == 0 {
				continue
			}
		}
		e := event{line: line, unit: unit, def: def, loads: p.loads(u), soft: st.Site == facts.SiteGuarded || st.Guard != facts.NoGuard}
		if u.Attr != "" {
			e.module, e.attr = u.Module, u.Attr
		}
		s.events = append(s.events, e)
	}
	for _, use := range m.Uses {
		line, def := use.Line, max(m.DefAround(use.Scope), facts.Top)
		if def != facts.Top {
			if line = p.calledAt(file, def); line == 0 {
				continue
			}
		}
		if use.Chain == "" || use.InMain || lazyRole(use) {
			continue
		}
		if base, ok := p.denotes(m, use.Name); ok && p.inTree(base) {
			s.events = append(s.events, event{line: line, unit: -1, def: def, module: base, attr: firstPart(use.Chain)})
		}
	}
	sort.SliceStable(s.events, func(i, j int) bool { return s.events[i].line < s.events[j].line })
	for _, n := range m.Names {
		if n.Scope != facts.Top {
			continue
		}
		for _, b := range n.Bindings {
			if b.Scope == facts.Top && (s.binds[n.Text] == 0 || b.Line < s.binds[n.Text]) {
				s.binds[n.Text] = b.Line
			}
		}
	}
	return s
}

// importsEnd is the line of the last plain import of the file's import block,
// behind which hoisted imports count.
func importsEnd(m *facts.Module) int {
	line := 1
	for _, st := range m.Statements {
		if st.Site == facts.SiteModule && st.Span.Start < m.Tail {
			line = st.Line
		}
	}
	return line
}

// calledAt is the line at which a def runs while its module loads; 0 when it
// does not, or when that presumption was found wrong.
func (p *planner) calledAt(file int, def facts.ScopeID) int {
	if p.idle[idleDef{file, def}] {
		return 0
	}
	return p.running(file).called[def].line
}

// earliest is the line at which one of the landings runs while the module
// loads, and that def; 0 when none does.
func (p *planner) earliest(file int, into []Landing) (line int, def facts.ScopeID) {
	for _, l := range into {
		if l.Scope < 0 {
			continue
		}
		if at := p.calledAt(file, l.Scope); at > 0 && (line == 0 || at < line) {
			line, def = at, l.Scope
		}
	}
	return line, def
}

// An idleDef is a def that was presumed to run while its module loads and
// cannot: it would fail there, in the tree as it stands.
type idleDef struct {
	file int
	def  facts.ScopeID
}

// A player runs scripts as CPython's import system would, with modules of
// which only a part has run.
type player struct {
	*world
	scripts []script
	state   []int                // by file: 0 not begun, -1 done, else the line that runs
	by      []loader             // by file: what loaded it
	at      loader               // what runs
	failed  map[failure][]string // with the chain of modules being loaded then
	stack   []string
}

// A loader is the import that loads a module; file is -1 for the start.
type loader struct {
	file, unit int
}

// play runs the load of one file from nothing.
func (w *world) play(scripts []script, start int) *player {
	p := &player{world: w, scripts: scripts, state: make([]int, len(scripts)), by: make([]loader, len(scripts)),
		at: loader{-1, -1}, failed: map[failure][]string{}}
	if name := w.Modules[start].Name; name != "" {
		p.loadAll(withParents(name))
		return p
	}
	p.run(start, w.Modules[start].Path)
	return p
}

// further is what happens when the modules are loaded next.
func (p *player) further(modules []string) *player {
	next := &player{world: p.world, scripts: p.scripts, state: slices.Clone(p.state), by: slices.Clone(p.by),
		at: loader{-1, -1}, failed: map[failure][]string{}}
	next.loadAll(modules)
	return next
}

func (p *player) loadAll(modules []string) {
	for _, module := range modules {
		p.load(module)
	}
}

func (p *player) load(module string) {
	if file, ok := p.byName[module]; ok && p.state[file] == 0 {
		p.run(file, module)
	}
}

func (p *player) run(file int, name string) {
	p.stack = append(p.stack, name)
	p.state[file], p.by[file] = 1, p.at
	outer := p.at
	defer func() { p.at = outer }()
	for _, e := range p.scripts[file].events {
		p.state[file], p.at = max(e.line, 1), loader{file, e.unit}
		p.loadAll(e.loads)
		if e.module != "" && !e.soft {
			p.read(file, e)
		}
	}
	p.state[file] = -1
	p.stack = p.stack[:len(p.stack)-1]
}

// read checks that the attribute is there when it is read.
func (p *player) read(file int, e event) {
	target, ok := p.byName[e.module]
	if !ok || target == file || p.state[target] <= 0 {
		return // outside the tree, or loaded completely, or never
	}
	bound, known := p.scripts[target].binds[e.attr]
	switch {
	case e.attr == "*":
		if !p.unboundYet(target) {
			return
		}
	case known && bound < p.state[target]:
		return
	case !known:
		sub, isModule := p.byName[e.module+"."+e.attr]
		// `from p import sub` finds a submodule even while it loads, p.sub
		// only once it has loaded; a name we do not know of proves nothing.
		if !isModule || e.unit >= 0 || p.state[sub] == -1 {
			return
		}
	}
	f := failure{file: file, line: e.line, module: e.module, attr: e.attr, def: e.def}
	if _, seen := p.failed[f]; !seen {
		p.failed[f] = append([]string(nil), p.stack...)
	}
}

// unboundYet tells whether the running module still has names to bind that a
// star import would take.
func (p *player) unboundYet(file int) bool {
	m := p.Modules[file]
	for _, n := range m.Names {
		if n.Scope == facts.Top && exports(m, n.Text) && p.scripts[file].binds[n.Text] >= p.state[file] {
			return true
		}
	}
	return false
}

func firstPart(chain string) string {
	for i := range chain {
		if chain[i] == '.' {
			return chain[:i]
		}
	}
	return chain
}
