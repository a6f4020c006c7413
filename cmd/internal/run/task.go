package run

import (
	"cmp"
	"slices"
	"strings"

	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/plan/stdlib"
	"fastpath/rewrite"
	"fastpath/rewrite/check"
)

// A task is one file to write: a module with moves, or a fast_path.py.
type task struct {
	path     string
	module   *facts.Module
	moves    []plan.Decision
	patches  []plan.PatchEdit
	use      *rewrite.FastPathUse
	through  *check.FastPath    // for a consumer: what its fast_path.py hands on
	fastPath *plan.FastPathFile // for a fast_path.py itself
}

// tasks lists the files that a plan changes, sorted by path.
func (s *Survey) tasks(p *plan.Plan) []task {
	byFile := map[int]*task{}
	at := func(file int) *task {
		if byFile[file] == nil {
			m := s.Input.Modules[file]
			byFile[file] = &task{path: m.Path, module: m}
		}
		return byFile[file]
	}
	own := map[string]bool{} // fast_path.py files, which are written as a whole
	var tasks []task
	for i := range p.FastPaths {
		fp := &p.FastPaths[i]
		if len(fp.Consumers) == 0 {
			continue
		}
		own[fp.Path] = true
		for _, c := range fp.Consumers {
			t := at(c.File)
			t.use, t.through = fastPathUse(s.Input.Modules[c.File], c), handedOn(s.Input.Modules[c.File], fp, c)
		}
		tasks = append(tasks, task{path: fp.Path, fastPath: fp})
	}
	for _, d := range p.Decisions {
		if d.Status == plan.StatusMove && !own[s.Input.Modules[d.File].Path] {
			t := at(d.File)
			t.moves = append(t.moves, d)
		}
	}
	for _, e := range p.Patches {
		t := at(e.File)
		t.patches = append(t.patches, e)
	}
	for _, t := range byFile {
		if len(t.moves) > 0 || len(t.patches) > 0 || t.use != nil && len(t.use.Units) > 0 {
			tasks = append(tasks, *t)
		}
	}
	slices.SortFunc(tasks, func(a, b task) int { return cmp.Compare(a.path, b.path) })
	return tasks
}

// A hold is what must stay as it is.
type hold struct {
	units     []plan.FixedUnit
	files     map[string]bool // whose every unit stays
	fastPaths map[string]bool // that are neither written nor imported

	allFastPaths bool // as if fastPaths named them all
}

// holdUnchosen holds the files that the user did not ask about.
func (s *Survey) holdUnchosen() *hold {
	h := &hold{files: map[string]bool{}, fastPaths: map[string]bool{}}
	for i, m := range s.Input.Modules {
		if !s.Chosen[i] {
			h.file(m.Path)
		}
	}
	return h
}

func (h *hold) file(path string) {
	h.files[path] = true
	h.units = append(h.units, plan.FixedUnit{Path: path, Unit: -1})
}

// hold leaves a file as it is: every unit of it, and the fast_path.py that it
// is or imports. It reports false when that was so before.
func (h *hold) hold(p *plan.Plan, s *Survey, path string) (new bool) {
	for _, fp := range p.FastPaths {
		if fp.Path == path || h.consumes(s, fp, func(file string) bool { return file == path }) {
			new = new || !h.fastPaths[fp.Path]
			h.fastPaths[fp.Path] = true
		}
	}
	if !h.files[path] {
		new = true
		h.file(path)
	}
	return new
}

func (h *hold) consumes(s *Survey, fp plan.FastPathFile, matches func(path string) bool) bool {
	return slices.ContainsFunc(fp.Consumers, func(c plan.Consumer) bool { return matches(s.Input.Modules[c.File].Path) })
}

// withhold takes the fast_path.py files that must stay, and those with a
// consumer that must stay, out of a plan.
func (h *hold) withhold(s *Survey, p *plan.Plan) {
	p.FastPaths = slices.DeleteFunc(p.FastPaths, func(fp plan.FastPathFile) bool {
		if !h.allFastPaths && !h.fastPaths[fp.Path] && !h.consumes(s, fp, func(path string) bool { return h.files[path] }) {
			return false
		}
		for i := range p.Decisions {
			d := &p.Decisions[i]
			if d.Action == plan.Consolidate && slices.ContainsFunc(fp.Consumers, func(c plan.Consumer) bool { return c.File == d.File }) {
				d.Status, d.Action = plan.StatusKeep, plan.Stay
			}
		}
		return true
	})
}

// fastPathUse spells how a consumer imports from fast_path.py.
func fastPathUse(m *facts.Module, c plan.Consumer) *rewrite.FastPathUse {
	names := "*"
	if !c.Star {
		names = strings.Join(c.Names, ", ")
	}
	use := &rewrite.FastPathUse{Units: c.Units, Import: "from " + c.From + " import " + names, Insert: true}
	for _, u := range m.Units {
		if u.Attr == "*" && c.Star && u.Written == c.From {
			use.Insert = false
		}
	}
	return use
}

// handedOn is what a consumer gets through fast_path.py, for the proof, which
// knows targets as the consumer spells them.
func handedOn(m *facts.Module, fp *plan.FastPathFile, c plan.Consumer) *check.FastPath {
	names := make(map[string]check.Target, len(fp.Entries))
	for _, e := range fp.Entries {
		names[e.Bound] = targetOf(e.Module, e.Attr, e.Bound, e.Alias)
	}
	for _, unit := range c.Units {
		u := m.Units[unit]
		if u.Attr != "" {
			names[u.Bound] = check.Target{Module: u.Written, Attr: u.Attr}
		} else {
			names[u.Bound] = targetOf(u.Module, "", u.Bound, u.Alias)
		}
	}
	return &check.FastPath{Module: c.From, Names: names}
}

func targetOf(module, attr, bound string, alias bool) check.Target {
	if attr == "" && !alias {
		return check.Target{Module: bound} // import a.b binds a
	}
	return check.Target{Module: module, Attr: attr}
}

// section tells where an import sorter would put an absolute module.
func (s *Survey) section(module string) rewrite.Section {
	root, _, _ := strings.Cut(module, ".")
	switch {
	case s.own[root]:
		return rewrite.FirstPartySection
	case stdlib.Root(root):
		return rewrite.StandardSection
	}
	return rewrite.ThirdPartySection
}

// ownRoots are the top-level modules of the tree itself, without those of
// other people's packages that ship with it.
func ownRoots(in plan.Input) map[string]bool {
	own := map[string]bool{}
	for _, m := range in.Modules {
		if root, _, _ := strings.Cut(m.Name, "."); root != "" && !within(in.Policy.Vendored, m.Path) {
			own[root] = true
		}
	}
	return own
}

// within tells whether the slash path lies in one of the folders, which are
// relative to the root as it is.
func within(folders []string, file string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return f == "." || strings.HasPrefix(file, f+"/") })
}
