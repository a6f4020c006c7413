package plan

import (
	"fastpath/plan/facts"
	"fastpath/plan/glob"
	"fastpath/plan/graph"
)

// Make decides the placement of every import unit of the tree: first what the
// figures ask for, then whether the unit may move, then whether the move is
// worth it.
func Make(in Input) *Plan {
	p := newPlanner(in)
	if p.partial = p.Asked != nil && p.judgeFew(); !p.partial {
		p.judgeAll()
	}
	p.settle()
	paths := p.consolidate()
	made := &Plan{Decisions: p.decisions, FastPaths: paths, Patches: p.patchEdits(), Summary: p.summary(), Start: p.start(), Partial: p.partial}
	if !p.partial {
		made.Sets = p.sets()
	}
	return made
}

// A planner gathers the decisions of one plan.
type planner struct {
	*world
	decisions []Decision
	first     []int    // by module: its first decision
	judged    []bool   // by module
	partial   bool     // few are: see influence
	leanedOn  []string // submodules that keepProvided looks after
	runs      []*running
	idle      map[idleDef]bool // see findIdle
	read      map[int][]event  // memo of reads, by file
	conftests map[graph.Node][]graph.Node
	priced    *graph.Graph               // see price
	entering  map[[2]graph.Node]entering // by the ends of the edges that only price adds
	savedMS   float64
	shiftedMS float64
}

// newPlanner leaves everything undecided.
func newPlanner(in Input) *planner {
	p := &planner{world: newWorld(in), read: map[int][]event{}, first: make([]int, len(in.Modules)+1), judged: make([]bool, len(in.Modules)), runs: make([]*running, len(in.Modules))}
	units := 0
	for _, m := range in.Modules {
		units += len(m.Units)
	}
	p.decisions = make([]Decision, 0, units)
	for file, m := range in.Modules {
		p.first[file] = len(p.decisions)
		for unit := range m.Units {
			p.decisions = append(p.decisions, undecided(file, unit, m))
		}
	}
	p.first[len(in.Modules)] = len(p.decisions)
	return p
}

// undecided leaves a unit where it is, for no reason.
func undecided(file, unit int, m *facts.Module) Decision {
	return Decision{File: file, Unit: unit, Status: StatusKeep, Level: currentLevel(m.Statements[m.Units[unit].Statement].Site)}
}

// judgeFile decides the units of one file, once, as if no other file changed.
func (p *planner) judgeFile(file int) {
	if p.judged[file] {
		return
	}
	p.judged[file] = true
	r := p.running(file)
	users := p.needing(file, r)
	for unit := range p.Modules[file].Units {
		*p.at(file, unit) = p.judge(file, unit, r, users)
	}
	p.settleFile(file, r)
	p.settleFamilies(file)
	p.keepTypeName(file)
	p.keepRepeats(file)
}

// judgeAll decides every file that is not yet.
func (p *planner) judgeAll() {
	p.hearAll()
	for file := range p.Modules {
		p.judgeFile(file)
		p.indexNeeds(file)
	}
	p.leanedOn = sortedKeys(p.needs.of)
}

// settle takes back the moves that do not go together. Each taken back makes
// others worthless, never the reverse, so it begins again after each; moves that
// have nothing to do with each other then end as they would alone.
func (p *planner) settle() {
	for again := true; again; {
		p.weigh()
		again = p.settleFiles() || p.settlePatches() || p.keepProvided() || p.keepWaived() || !p.partial && p.keepCyclesWhole()
	}
}

// settleFiles takes back what does not go together with what stays in its own
// file. It tells whether there was anything.
func (p *planner) settleFiles() (changed bool) {
	for file := range p.Modules {
		if p.judged[file] {
			families := p.settleFamilies(file)
			changed = p.keepRepeats(file) || families || changed
		}
	}
	return changed
}

func (p *planner) running(file int) *running {
	if p.runs[file] == nil {
		p.runs[file] = p.runsAtImport(p.facts(file))
	}
	return p.runs[file]
}

// at is the decision of a unit.
func (p *planner) at(file, unit int) *Decision { return &p.decisions[p.first[file]+unit] }

// judge decides one unit by itself; users are the functions that need each
// module.
func (p *planner) judge(file, unit int, r *running, users map[string][]facts.ScopeID) Decision {
	m := p.facts(file)
	u := m.Units[unit]
	st := m.Statements[u.Statement]
	d := Decision{File: file, Unit: unit, Status: StatusKeep}
	module := p.loaded(u)
	d.UsagePct = p.usage(m, module, users[module])
	d.Level, d.Rule, d.ImportMS = p.decide(module, currentLevel(st.Site), d.UsagePct)
	switch {
	case d.Level == currentLevel(st.Site) || d.Rule == RuleNotProfiled || d.Rule == RuleNoUsage:
	case d.Level == FunctionLevel && (st.Site == facts.SiteModule || st.Site == facts.SiteGuarded || st.Site == facts.SiteClass):
		p.sink(&d, r)
	case d.Level == ModuleLevel && st.Site == facts.SiteFunction:
		p.hoist(&d, r)
	case d.Level == ModuleLevel && st.Site == facts.SiteTypeChecking:
		p.raise(&d, r)
	case d.Level == ModuleLevel && st.Site == facts.SiteMain:
		p.dropFromMain(&d, r)
	}
	return d
}

// sink settles a unit that the figures want at function level.
func (p *planner) sink(d *Decision, r *running) {
	m := p.facts(d.File)
	q := p.down(d.File, d.Unit, r)
	d.Blockers = p.lift(m.Path, q.blocks)
	d.Cautions = q.cautions(*d)
	for _, c := range d.Cautions {
		for _, code := range p.Policy.BlockCautions {
			if c.Code == code {
				d.Blockers = append(d.Blockers, c)
			}
		}
	}
	p.fixed(d)
	d.waive()
	d.Status = StatusMove
	if len(d.Blockers) > 0 {
		d.Status = StatusBlocked
		return
	}
	d.Action, d.Into, d.patches = Sink, q.users.landings, q.patches
	d.KeepForTypes = len(q.users.unread) > 0
	if len(d.Into) == 0 {
		d.Action, d.KeepForTypes = ToTypeChecking, false
		if d.Level = TypeChecking; len(q.users.unread) == 0 {
			// Allowed though unused: there is no function to move it to.
			d.Status, d.Action, d.Level = StatusKeep, Stay, FunctionLevel
		}
	}
}

// fixed blocks a unit whose move did not pass its proof in an earlier round.
func (p *planner) fixed(d *Decision) {
	path := p.Modules[d.File].Path
	for _, f := range p.Fixed {
		if f.Path == path && (f.Unit == d.Unit || f.Unit < 0) {
			d.Blockers = append(d.Blockers, Blocker{Code: "proof", File: path, Line: p.Modules[d.File].Units[d.Unit].Line,
				Message: "the rewritten file did not pass its proof", Hint: "please report this file"})
		}
	}
}

// lift takes out the presumptions that the configuration allows to lift.
func (p *planner) lift(path string, blocks []Blocker) []Blocker {
	var kept []Blocker
	for _, b := range blocks {
		if !b.Liftable() || !p.allowed(path, b.Code) {
			kept = append(kept, b)
		}
	}
	return kept
}

func (p *planner) allowed(path, code string) bool {
	for _, c := range p.Policy.Allow {
		if c == code {
			return true
		}
	}
	for _, pattern := range sortedKeys(p.Policy.PerPathAllow) {
		if !glob.Match([]string{pattern}, path) {
			continue
		}
		for _, c := range p.Policy.PerPathAllow[pattern] {
			if c == code {
				return true
			}
		}
	}
	return false
}
