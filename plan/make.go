package plan

import (
	"path"
	"slices"

	"fastpath/plan/facts"
	"fastpath/plan/glob"
	"fastpath/plan/graph"
)

// Make decides the placement of every import unit of the tree: first what the
// figures ask for, then whether the unit may move, then whether the move is
// worth it.
func Make(in Input) *Plan {
	p := newPlanner(in)
	asked := p.asked()
	for file := range asked {
		if asked[file] {
			p.judgeFile(file)
		}
	}
	partial := asked != nil && !p.restMatters(asked)
	if !partial {
		p.judgeRest(asked)
	}
	paths := p.consolidate()
	made := &Plan{Decisions: p.decisions, FastPaths: paths, Patches: p.patchEdits(), Summary: p.summary(), Start: p.start(), Partial: partial}
	if !partial {
		made.Sets = p.sets()
	}
	return made
}

// A planner gathers the decisions of one plan.
type planner struct {
	*world
	decisions []Decision
	first     []int // by module: its first decision
	runs      []*running
	idle      map[idleDef]bool // see findIdle
	read      map[int][]event  // memo of reads, by file
	conftests map[graph.Node][]graph.Node
	backward  [][]graph.Node             // by node: what imports it; see importers
	priced    *graph.Graph               // see price
	entering  map[[2]graph.Node]entering // by the ends of the edges that only price adds
	savedMS   float64
	shiftedMS float64
}

// newPlanner leaves everything undecided.
func newPlanner(in Input) *planner {
	p := &planner{world: newWorld(in), read: map[int][]event{}, first: make([]int, len(in.Modules)+1), runs: make([]*running, len(in.Modules))}
	units := 0
	for _, m := range in.Modules {
		units += len(m.Units)
	}
	p.decisions = make([]Decision, 0, units)
	for file, m := range in.Modules {
		p.first[file] = len(p.decisions)
		for unit, u := range m.Units {
			p.decisions = append(p.decisions, Decision{File: file, Unit: unit, Status: StatusKeep, Level: currentLevel(m.Statements[u.Statement].Site)})
		}
	}
	p.first[len(in.Modules)] = len(p.decisions)
	return p
}

// judgeFile decides the units of one file as if no other file changed.
func (p *planner) judgeFile(file int) {
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

// judgeRest decides the files that are not done yet, and takes back the moves
// that do not go together.
func (p *planner) judgeRest(done []bool) {
	p.hearAll()
	p.indexNeeds()
	for file := range p.Modules {
		if done == nil || !done[file] {
			p.judgeFile(file)
		}
	}
	// A move taken back makes others worthless, never the reverse.
	for p.weigh(); p.settlePatches() || p.keepProvided() || p.keepWaived() || p.keepCyclesWhole(); p.weigh() {
		for file := range p.Modules {
			p.settleFamilies(file)
			p.keepRepeats(file)
		}
	}
}

// asked marks the files whose decisions are wanted, and those that a
// fast_path.py is made of; nil for all.
func (p *planner) asked() []bool {
	if p.Asked == nil {
		return nil
	}
	asked := slices.Clone(p.Asked)
	for _, names := range [][]string{p.Policy.Entry, p.Policy.FastPath.Consolidate} {
		for _, name := range names {
			i, ok := p.entryFile(name)
			if !ok {
				continue
			}
			asked[i] = true
			beside := path.Join(path.Dir(p.Modules[i].Path), p.Policy.FastPath.File)
			for j, m := range p.Modules {
				if m.Path == beside {
					asked[j] = true
				}
			}
		}
	}
	return asked
}

// restMatters tells whether the files that nobody asked for have a say. Other
// files can make a move worthless or take it back; what stays by itself stays.
// Of what is only there for fast_path.py, imports that go up join it, and
// those that go down never do.
func (p *planner) restMatters(asked []bool) bool {
	for file := range asked {
		for unit := range p.Modules[file].Units {
			d := p.at(file, unit)
			if d.Status == StatusMove && (p.Asked[file] || d.Action == Hoist || d.Action == Drop) {
				return true
			}
		}
	}
	return false
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
