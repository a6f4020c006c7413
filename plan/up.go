package plan

import "fastpath/plan/facts"

// An ascent is the question whether one local unit may go to module level.
// The rules that both directions share are those of the embedded descent,
// with the unit's own function as the only landing.
type ascent struct {
	*descent
	st   *facts.Statement
	self facts.ScopeID // the function it stands in
}

// hoist settles a local unit that the figures want at module level. What the
// file as a whole decides (one import for several functions, names taken
// twice) is left to settleFile.
func (p *planner) hoist(d *Decision, r *running) {
	a := p.ascent(d.File, d.Unit, r)
	d.Action = Hoist
	if a.repeatsTop() {
		d.Action = Drop
	}
	a.judge(d.Action)
	d.Blockers = p.lift(a.m.Path, a.blocks)
	p.fixed(d)
	d.Status = StatusMove
	if len(d.Blockers) > 0 {
		d.Status, d.Action = StatusBlocked, Stay
	}
}

func (w *world) ascent(file, unit int, r *running) *ascent {
	m := w.facts(file)
	u := m.Units[unit]
	st := &m.Statements[u.Statement]
	self := m.DefAround(st.Scope)
	return &ascent{st: st, self: self, descent: &descent{world: w, file: file, m: m, unit: unit, u: u, r: r,
		users: user{landings: []Landing{{Scope: self}}}, with: w.company(file)}}
}

func (a *ascent) judge(action Action) {
	if a.u.Attr == "*" || a.u.Name < 0 {
		a.block("star", a.u.Line, "", "a star import cannot move")
		return
	}
	if a.u.Module == "__future__" {
		a.block("future", a.u.Line, "remove it", "a future import inside a function is an error: CPython refuses the file")
		return
	}
	a.conditional(action)
	a.optional(action)
	a.nameTaken()
	a.discovered()
	a.localRebind()
	a.lateValue()
	a.reliesOnLate()
	a.mainOnly()
	if action == Drop {
		a.earlyCall()
	} else {
		a.asScript()
		a.sideEffect()
		a.stateAtImport()
	}
	a.compiled()
	a.dynamic()
	a.mangled()
	a.pinned()
}

var guardWords = map[facts.Guard]string{
	facts.GuardIf: "if", facts.GuardTry: "try", facts.GuardHandler: "except, else or finally",
	facts.GuardWith: "with", facts.GuardLoop: "a loop", facts.GuardMatch: "match",
}

func (a *ascent) conditional(action Action) {
	switch {
	case a.st.Guard == facts.NoGuard:
	case a.st.Guard == facts.GuardImportError:
		a.block("optional", a.u.Line, "", "its absence is handled")
	case action == Drop && a.st.Guard != facts.GuardTry && a.st.Guard != facts.GuardHandler && a.st.Guard != facts.GuardWith:
		// A context manager may be what makes the import load another module, as
		// those of tests do.
	default:
		a.block("conditional", a.u.Line, "", "it stands under %s", guardWords[a.st.Guard])
	}
	if action == Drop {
		return
	}
	if a.st.Preceded != "" {
		a.block("conditional", a.u.Line, "move it to the top of the function", "it stands after a statement that can leave or have an effect (%s)", a.st.Preceded)
	}
	for s := a.self; s > facts.Top; s = a.m.Scopes[s].Parent {
		if a.m.Scopes[s].Guarded {
			a.block("conditional", a.m.Scopes[s].Line, "", "`%s` itself stands under a condition", a.m.Scopes[s].Qualified)
			return
		}
	}
}

func (a *ascent) reliesOnLate() {
	for _, module := range a.loads(a.u) {
		if at := a.replacements(module, false); len(at) > 0 {
			a.blockAt("relies-on-late", at[0], "", "`%s` is replaced or removed in sys.modules", module)
			return
		}
	}
	if a.u.Attr == "" {
		return
	}
	for _, attr := range []string{a.u.Attr, "*", ""} { // the last two: a computed name
		for _, p := range a.patchesOf(a.u.Module + "." + attr) {
			a.blockAt("relies-on-late", p.place, "", "`%s.%s` is replaced here, and the look-up must happen at call time", a.u.Module, a.u.Attr)
			return
		}
	}
}

// asScript: a script has no package. A file with a main guard can be one as long
// as no relative import stands at its module level; and what the guard imports by
// its full name is another module there than the relative import's.
func (a *ascent) asScript() {
	if a.u.Level == 0 || len(a.m.MainGuard) == 0 {
		return
	}
	script := true
	for _, o := range a.m.Units {
		switch site := a.m.Statements[o.Statement].Site; {
		case site == facts.SiteModule && o.Level > 0:
			script = false
		case site == facts.SiteMain && o.Level == 0 && o.Bound == a.u.Bound:
			a.block("name-taken", o.Line, "", "the main guard binds `%s` by an import that is not relative", o.Bound)
			return
		}
	}
	if script {
		a.block("optional", a.u.Line, "import it by its full name", "run as a script, this file has no package, and the relative import would fail at once")
	}
}

// mainOnly: every use of the outermost function stands in the main guard.
func (a *ascent) mainOnly() {
	outer := a.m.OutermostDef(a.self)
	guarded := false
	for n := range a.m.Names {
		for _, b := range a.m.Names[n].Bindings {
			if b.Defines != outer || b.Kind != facts.ByDef {
				continue
			}
			for _, i := range a.m.Names[n].Uses {
				if !a.m.Uses[i].InMain {
					return
				}
				guarded = true
			}
		}
	}
	if guarded && a.m.Scopes[outer].Parent == facts.Top && !a.isEntry(a.file) {
		a.block("main-only", a.m.Scopes[outer].Line, "", "`%s` runs only when the file is run as a script", a.m.Scopes[outer].Qualified)
	}
}

func (w *world) isEntry(file int) bool {
	for _, e := range w.Policy.Entry {
		if i, ok := w.entryFile(e); ok && i == file {
			return true
		}
	}
	return false
}
