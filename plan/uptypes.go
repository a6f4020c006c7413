package plan

import "fastpath/plan/facts"

// raise settles what stands under `if TYPE_CHECKING:` although the figures want
// it at module level: the twin of an import that is there or goes there is
// dropped, any other goes up itself.
func (p *planner) raise(d *Decision, r *running) {
	a := p.ascent(d.File, d.Unit, r)
	if a.u.Name < 0 || a.name().Scope != facts.Top {
		return
	}
	d.Action = Hoist
	if a.repeatsTop() {
		d.Action = Drop
		if line := a.topLine(); line > a.u.Line {
			a.block("conditional", line, "move that import up", "the import at module level that it repeats stands below, and type checkers read from the top")
		}
	}
	for _, b := range a.name().Bindings {
		o := a.m.Units[max(b.Unit, 0)]
		if b.Kind != facts.ByImport && b.Kind != facts.ByDeclaration || b.Kind == facts.ByImport && (!a.means(o) || a.m.Statements[o.Statement].Site == facts.SiteGuarded) {
			a.block("name-taken", b.Line, "", "the module also binds `%s` otherwise", a.u.Bound)
			break
		}
	}
	if a.st.Conditional || a.st.Optional {
		a.block("conditional", a.u.Line, "", "it stands under a further condition")
	}
	if d.Action == Hoist {
		a.optional(Hoist)
		a.nameTaken()
		a.discovered()
		a.lateValue()
		a.reliesOnLate()
		a.sideEffect()
		a.stateAtImport()
		a.dynamic()
	}
	a.pinned()
	d.Blockers = p.lift(a.m.Path, a.blocks)
	p.fixed(d)
	d.Status = StatusMove
	if len(d.Blockers) > 0 {
		d.Status, d.Action = StatusBlocked, Stay
	}
}
