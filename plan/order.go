package plan

import (
	"sort"

	"fastpath/plan/facts"
)

// An event is one thing that the load of a module does to other modules: it
// imports, reads an attribute of a module, or sets code of one going.
type event struct {
	at    int           // its place: twice its line, so that there is room between lines
	unit  int           // the import unit; -1 for a read
	up    bool          // an import that goes up
	loads []int         // files of the tree that are imported, packages first
	of    int           // the file whose attribute is read; -1 for none
	attr  string        // "*" for a star import
	def   facts.ScopeID // the def that is presumed to be called there; Top for none
	outcome
}

// A script is what the load of one module does, in order, and at which place
// each of its names has its value.
type script struct {
	events []event
	binds  map[string]int
	left   map[int]bool // units that have left their functions for module level
}

// A version is a way in which the tree may load: as it is or with the moves
// carried out, with what goes up before the imports that are there or behind
// them, and with what may not be reached run or skipped: guarded imports, and local
// ones behind a statement that can leave. The truth lies between.
type version struct {
	moved, behind, guarded bool
}

// A playbook is the load of every module of the tree in one version.
type playbook struct {
	version
	scripts []script
}

func (p *planner) playbook(v version) *playbook {
	b := &playbook{version: v, scripts: make([]script, len(p.Modules))}
	for file := range p.Modules {
		b.scripts[file] = p.script(file, v)
	}
	return b
}

func (p *planner) script(file int, v version) script {
	m := p.facts(file)
	s := script{binds: map[string]int{}, left: map[int]bool{}}
	for n, name := range m.Names {
		if m.Names[n].Scope != facts.Top {
			continue
		}
		for _, b := range name.Bindings {
			if b.Scope == facts.Top && b.Kind != facts.ByImport && b.Kind != facts.ByDeclaration {
				s.binds[name.Text] = max(s.binds[name.Text], 2*b.Line)
			}
		}
	}
	before, behind := importRun(m)
	if v.behind {
		before = behind
	}
	for unit, u := range m.Units {
		if d := p.at(file, unit); v.moved && d.Status == StatusMove && (d.Action == Hoist || d.Action == Drop) {
			s.left[unit] = true
		}
		at, def, top := p.placeOf(file, unit, v, before)
		if at < 0 || u.Module == "" {
			continue
		}
		d := p.at(file, unit)
		e := event{at: at, unit: unit, of: -1, def: def, up: v.moved && d.Status == StatusMove && d.Action == Hoist}
		for _, module := range p.loads(u) {
			if i, ok := p.byName[module]; ok {
				e.loads = append(e.loads, i)
			}
		}
		if i, ok := p.byName[u.Module]; ok && u.Attr != "" {
			e.of, e.attr = i, u.Attr
		}
		if top && u.Attr != "*" {
			s.binds[u.Bound] = max(s.binds[u.Bound], at)
		} else if top && e.of >= 0 {
			p.bindStar(&s, e.of, at)
		}
		if len(e.loads) > 0 || e.of >= 0 {
			s.events = append(s.events, e)
		}
	}
	s.events = append(s.events, p.reads(file)...)
	sort.SliceStable(s.events, func(i, j int) bool { return s.events[i].at < s.events[j].at })
	return s
}

// placeOf is where an import runs while its module loads, in which def, and
// whether it binds a name of the module there; negative when it does not run
// then.
func (p *planner) placeOf(file, unit int, v version, up int) (at int, def facts.ScopeID, top bool) {
	m := p.facts(file)
	st := &m.Statements[m.Units[unit].Statement]
	d := p.at(file, unit)
	moves := v.moved && d.Status == StatusMove
	switch {
	case moves && (d.Action == Sink || d.Action == ToTypeChecking):
		if line, def := p.earliest(file, d.Into); line > 0 {
			return 2 * line, def, false
		}
		return -1, facts.Top, false
	case moves && d.Action == Hoist:
		return up, facts.Top, true
	case moves && d.Action == Drop:
		return -1, facts.Top, false
	case st.Site == facts.SiteTypeChecking || st.Site == facts.SiteMain || st.Site == facts.SiteGuarded && !v.guarded:
		return -1, facts.Top, false
	case st.Site == facts.SiteFunction:
		def := m.DefAround(st.Scope)
		if line := p.calledAt(file, def); line > 0 && (v.guarded || st.Guard == facts.NoGuard && st.Preceded == "") {
			return 2 * line, def, false
		}
		return -1, facts.Top, false
	}
	return 2 * st.Line, facts.Top, st.Site != facts.SiteClass
}

// bindStar binds what a star import takes.
func (p *planner) bindStar(s *script, from, at int) {
	m := p.facts(from)
	for _, n := range m.Names {
		if _, own := s.binds[n.Text]; n.Scope == facts.Top && !own && exports(m, n.Text) {
			s.binds[n.Text] = at
		}
	}
}

// reads are the attribute reads of modules that run while the module loads, and
// what is set going then. They are the same in every version.
func (p *planner) reads(file int) []event {
	if events, known := p.read[file]; known {
		return events
	}
	m := p.facts(file)
	var events []event
	for _, use := range m.Uses {
		line, def := use.Line, max(m.DefAround(use.Scope), facts.Top)
		if def != facts.Top {
			if line = p.calledAt(file, def); line == 0 {
				continue
			}
		}
		if use.InMain || lazyRole(use) {
			continue
		}
		p.eachRead(m, use, func(of int, attr string) {
			events = append(events, event{at: 2 * line, unit: -1, of: of, attr: attr, def: def})
		})
		e := event{at: 2 * line, unit: -1, of: -1, def: def}
		if p.follow(&e.outcome, file, use); len(e.enters)+len(e.doubt) > 0 {
			events = append(events, e)
		}
	}
	p.read[file] = events
	return events
}

// importRun gives the places before and behind the first imports of the file
// that stand together, between which hoisted imports join.
func importRun(m *facts.Module) (before, behind int) {
	before, behind = 1, 1
	broken := uint32(m.Tail)
	begun := false
	for _, st := range m.Statements {
		if st.Site == facts.SiteModule || begun {
			if !begun {
				begun = true
				for _, n := range m.Names {
					for _, b := range n.Bindings {
						if n.Scope != facts.Top || b.Kind == facts.ByImport {
							continue
						}
						if literal := b.Kind == facts.ByAssign && b.Value == "literal"; b.Offset > st.Span.Start || !literal {
							broken = min(broken, b.Offset)
						}
					}
				}
			}
			if st.Span.Start >= broken || st.Site != facts.SiteModule {
				break
			}
			if behind == 1 {
				before = 2*st.Line - 1
			}
			behind = 2*st.Line + 1
			if u := m.Units[st.Units[0]]; u.Attr == "*" || u.Module == "__future__" {
				before = behind
			}
		}
	}
	return before, behind
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

func firstPart(chain string) string {
	for i := range chain {
		if chain[i] == '.' {
			return chain[:i]
		}
	}
	return chain
}

// importsEnd is the line of the last import of that run.
func importsEnd(m *facts.Module) int {
	_, behind := importRun(m)
	return max(behind/2, 1)
}
