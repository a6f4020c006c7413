package plan

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"fastpath/plan/facts"
)

// consolidate plans one fast_path.py for each folder that holds consolidated
// modules: the imports that stay at module level there, each once.
func (p *planner) consolidate() []FastPathFile {
	if p.Profile == nil {
		return nil
	}
	names := p.Policy.FastPath.Consolidate
	if names == nil {
		names = p.Policy.Entry
	}
	folders := map[string][]int{}
	for _, name := range names {
		if i, ok := p.entryFile(name); ok {
			folder := path.Dir(p.Modules[i].Path)
			folders[folder] = append(folders[folder], i)
		}
	}
	order := sortedKeys(folders)
	slices.SortStableFunc(order, func(a, b string) int { return p.rootRank(a) - p.rootRank(b) })
	var files []FastPathFile
	named := map[string]string{} // by dotted name: the fast_path.py that answers to it
	for _, folder := range order {
		if f, ok := p.fastPath(folder, folders[folder], named); ok {
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b FastPathFile) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// rootRank is when Python looks in a folder: its place among the import roots,
// behind them all for one that is none.
func (p *planner) rootRank(folder string) int {
	i := slices.IndexFunc(p.Policy.Src, func(root string) bool { return path.Clean(root) == folder })
	if i < 0 {
		return len(p.Policy.Src)
	}
	return i
}

// A merger gathers the entries of one fast_path.py.
type merger struct {
	*planner
	file   FastPathFile
	old    int            // the existing fast_path.py, -1 for none
	module string         // its dotted name
	bound  map[string]int // bound name: index into file.Entries
}

func (p *planner) fastPath(folder string, consumers []int, named map[string]string) (FastPathFile, bool) {
	first := p.facts(consumers[0])
	base := strings.TrimSuffix(p.Policy.FastPath.File, ".py")
	g := &merger{planner: p, old: -1, bound: map[string]int{}, module: base}
	g.file.Path = path.Join(folder, p.Policy.FastPath.File)
	from := base
	if i := strings.LastIndexByte(first.Name, '.'); i > 0 || first.Package {
		g.module, from = first.Name[:max(i, 0)]+"."+base, "."+base
		if first.Package {
			g.module = first.Name + "." + base
		}
	}
	if i, ok := p.byName[g.module]; ok && p.Modules[i].Path == g.file.Path {
		g.old = i
		g.keepEntries()
	} else if ok {
		named[g.module] = p.Modules[i].Path
	}
	if other, taken := named[g.module]; taken {
		for _, c := range consumers {
			g.file.Refusals = append(g.file.Refusals, Blocker{Code: "shadowed", File: p.Modules[c].Path, Line: 1,
				Message: fmt.Sprintf("`%s` means %s to Python: with all of `src` on its path, %s would never be found", g.module, other, g.file.Path)})
		}
		return g.file, true
	}
	named[g.module] = g.file.Path
	consumers = g.refuseLoaded(consumers)
	for _, c := range consumers {
		g.consume(c, from)
	}
	if len(g.file.Entries) == 0 && g.old < 0 && len(g.file.Refusals) == 0 {
		return FastPathFile{}, false
	}
	g.file.Date = p.Profile.Date
	g.file.Limits = Limits{FastMS: p.Policy.FastMS, HeavyMS: p.Policy.HeavyMS, HotUsage: p.Policy.HotUsage}
	for i := range g.file.Entries {
		if ms := g.file.Entries[i].ImportMS; ms.Known {
			g.file.TotalMS += ms.Value
		}
	}
	sort.SliceStable(g.file.Entries, func(i, j int) bool { return g.file.Entries[i].Tier < g.file.Entries[j].Tier })
	g.chooseStyle()
	return g.file, true
}

// keepEntries takes over what the existing file imports.
func (g *merger) keepEntries() {
	m := g.facts(g.old)
	for unit, u := range m.Units {
		if u.Attr == "*" || u.Module == "__future__" || u.Name < 0 || m.Statements[u.Statement].Site != facts.SiteModule {
			continue
		}
		g.add(*g.at(g.old, unit), u)
	}
}

// refuseLoaded leaves out consumers that fast_path.py itself would load: they
// would run in the middle of it, and find it without the names that follow. A
// consumer that is left out brings nothing to fast_path.py, so the rest is
// judged again.
func (g *merger) refuseLoaded(consumers []int) []int {
	brings := map[int][]string{}
	for _, c := range consumers {
		for unit := range g.Modules[c].Units {
			if _, _, message, ok := g.eligible(c, unit, g.at(c, unit)); ok && message == "" {
				brings[c] = append(brings[c], g.loaded(g.Modules[c].Units[unit]))
			}
		}
	}
	rest := slices.Clone(consumers)
	for {
		i := slices.IndexFunc(rest, func(c int) bool {
			by := g.loader(c, rest, brings)
			if by != "" {
				g.file.Refusals = append(g.file.Refusals, Blocker{Code: "cycle", File: g.Modules[c].Path, Line: 1,
					Message: fmt.Sprintf("%s would load `%s` through `%s`: its imports stay", g.file.Path, g.Modules[c].Name, by)})
			}
			return by != ""
		})
		if i < 0 {
			return rest
		}
		rest = slices.Delete(rest, i, i+1)
	}
}

// loader is a module that fast_path.py imports, or would import for the sake of
// other consumers, and that loads the consumer; "" without one.
func (g *merger) loader(consumer int, rest []int, brings map[int][]string) string {
	self, known := g.graph.Find(g.nodeName(consumer))
	if !known {
		return ""
	}
	loads := func(module string) bool {
		n, found := g.graph.Find(module)
		return found && g.graph.Loads(n, self)
	}
	for _, e := range g.file.Entries {
		if name := g.entryTarget(e); loads(name) {
			return name
		}
	}
	for _, c := range rest {
		if i := slices.IndexFunc(brings[c], loads); c != consumer && i >= 0 {
			return brings[c][i]
		}
	}
	return ""
}

// entryTarget is the module that an entry of the existing file loads.
func (g *merger) entryTarget(e FastPathEntry) string {
	return g.loaded(facts.Unit{Module: e.Module, Attr: e.Attr, Bound: e.Bound, Alias: e.Alias})
}

// consume moves the eligible imports of one module into the file.
func (g *merger) consume(file int, from string) {
	m := g.facts(file)
	refuse := func(code string, at place, format string, args ...any) {
		g.file.Refusals = append(g.file.Refusals, Blocker{Code: code, File: g.Modules[at.file].Path, Line: at.line, Message: fmt.Sprintf(format, args...)})
	}
	if m.Name == "" || strings.Contains(from, ".") == (strings.Count(m.Name, ".") == 0 && !m.Package) {
		refuse("no-module", place{file, 1}, "%s is not importable from an import root", m.Path)
		return
	}
	if at := g.said(reloaded, m.Name); len(at) > 0 {
		refuse("reloaded", at[0], "`%s` is reloaded: fast_path.py would keep the old imports", m.Name)
		return
	}
	if at := g.writesOf(m.Name); len(at) > 0 {
		refuse("stubbed", at[0], "`%s` is replaced or removed in sys.modules: fast_path.py would be a second cache", m.Name)
		return
	}
	c := Consumer{File: file, From: from, Star: g.Policy.FastPath.ImportStyle != "names"}
	for unit := range m.Units {
		d := g.at(file, unit)
		code, at, message, eligible := g.eligible(file, unit, d)
		if message != "" {
			refuse(code, at, "%s", message)
		}
		if !eligible || message != "" {
			continue
		}
		if other, taken := g.bound[m.Units[unit].Bound]; taken && !g.same(other, m.Units[unit], from) {
			refuse("name-clash", place{file, m.Units[unit].Line}, "`%s` already means %s in %s", m.Units[unit].Bound, g.file.Entries[other].source(), g.file.Path)
			continue
		}
		g.add(*d, m.Units[unit])
		d.Action, d.Status = Consolidate, StatusMove
		c.Units = append(c.Units, unit)
	}
	if len(c.Units) > 0 || g.consumes(file) {
		g.file.Consumers = append(g.file.Consumers, c)
	}
}

// eligible tells whether a unit may go to fast_path.py; the message, where
// there is one, is a refusal worth showing.
func (g *merger) eligible(file, unit int, d *Decision) (code string, at place, message string, ok bool) {
	m := g.facts(file)
	u := m.Units[unit]
	st := m.Statements[u.Statement]
	at = place{file, u.Line}
	switch {
	case d.Level != ModuleLevel || u.Attr == "*" || u.Module == "__future__" || u.Module == "" || u.Name < 0 || u.Module == g.module:
		return
	case d.Rule != RuleFast && d.Rule != RuleHotPath && d.Rule != RuleException:
		return
	case st.Site == facts.SiteFunction && (d.Action == Hoist || d.Action == Drop) && d.Status == StatusMove:
	case st.Site == facts.SiteModule && d.Status == StatusKeep && st.Span.Start < m.Tail && !st.Shared:
	default:
		return
	}
	target := g.loaded(u)
	for _, k := range m.Keeps {
		if k.Line == u.Line || k.Line == st.Line {
			return "pinned", at, fmt.Sprintf("`%s` is kept by comment", u.Bound), false
		}
	}
	if f, found := g.graph.Find(target); found {
		if self, ok := g.graph.Find(g.nodeName(file)); ok && g.graph.Loads(f, self) {
			return "cycle", at, fmt.Sprintf("`%s` loads `%s`, which would import fast_path.py", target, m.Name), false
		}
	}
	if keyed := g.writesOf(target); len(keyed) > 0 {
		return "stubbed", keyed[0], fmt.Sprintf("`%s` is replaced or removed in sys.modules: fast_path.py would keep the real one", target), false
	}
	if u.Attr != "" && g.inTree(u.Module) {
		if where, why, late := g.late(u.Module, u.Attr, false, 0); late {
			return "late-value", where, fmt.Sprintf("`%s.%s` %s", u.Module, u.Attr, why), false
		}
	}
	return "", at, "", true
}

// consumes tells whether the file imports fast_path.py already.
func (g *merger) consumes(file int) bool {
	for _, u := range g.Modules[file].Units {
		if u.Module == g.module {
			return true
		}
	}
	return false
}

func (g *merger) add(d Decision, u facts.Unit) {
	if _, ok := g.bound[u.Bound]; ok {
		return
	}
	e := FastPathEntry{Module: u.Module, Attr: u.Attr, Bound: u.Bound, Alias: u.Alias, ImportMS: d.ImportMS, UsagePct: d.UsagePct}
	switch d.Rule {
	case RuleFast:
		e.Tier = 1
	case RuleHotPath:
		e.Tier = 2
	case RuleException:
		e.Tier = 3
		if x, ok := g.exception(g.loaded(u), d.UsagePct); ok {
			e.Exception = &x
		}
	default:
		e.Tier = 2
		if d.ImportMS.Known && d.ImportMS.Value > g.Policy.HeavyMS {
			e.Tier = 3
		}
	}
	if d.ImportMS.Known && d.UsagePct.Known {
		t := g.Policy.Traffic
		c := t.perDay(d.ImportMS.Value, d.UsagePct.Value)
		e.Daily = Daily{ColdStarts: t.RequestsPerDay * t.ColdStartRatio, Uses: t.RequestsPerDay * d.UsagePct.Value / 100,
			ModuleMS: c.ModuleMS, FunctionMS: c.FunctionMS}
	}
	g.bound[u.Bound] = len(g.file.Entries)
	g.file.Entries = append(g.file.Entries, e)
}

func (g *merger) same(entry int, u facts.Unit, from string) bool {
	e := g.file.Entries[entry]
	if e.Attr == "" && u.Attr == "" && !e.Alias && !u.Alias {
		return true // the same root package; its submodules are listed by the first
	}
	return e.Module == u.Module && e.Attr == u.Attr
}

func (e FastPathEntry) source() string {
	if e.Attr != "" {
		return "`" + e.Module + "." + e.Attr + "`"
	}
	return "`" + e.Module + "`"
}

// chooseStyle falls back to names where a star import would bind a name that
// the consumer reads or binds for itself.
func (g *merger) chooseStyle() {
	for i := range g.file.Consumers {
		c := &g.file.Consumers[i]
		m := g.facts(c.File)
		own := map[string]bool{}
		for _, unit := range c.Units {
			own[m.Units[unit].Bound] = true
		}
		for _, e := range g.file.Entries {
			if own[e.Bound] || g.consumes(c.File) && g.top(m, e.Bound) < 0 && !builtins[e.Bound] {
				continue
			}
			if builtins[e.Bound] || g.top(m, e.Bound) >= 0 {
				c.Star, c.Why = false, fmt.Sprintf("`%s` of %s already has a meaning in %s", e.Bound, g.file.Path, m.Path)
				break
			}
		}
		for _, e := range g.file.Entries {
			if own[e.Bound] {
				c.Names = append(c.Names, e.Bound)
			}
		}
	}
}
