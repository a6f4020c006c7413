package plan

import (
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/graph"
)

// buildGraph joins the imports of the tree with the edges of the profile. The
// tag of an edge is the number of its unit, counted over the whole tree.
func (w *world) buildGraph() {
	w.graph = graph.New()
	w.firstTag = make([]int32, len(w.Modules)+1)
	for i, m := range w.Modules {
		w.firstTag[i+1] = w.firstTag[i] + int32(len(m.Units))
		w.graph.Add(w.nodeName(i))
	}
	for i, m := range w.Modules {
		from := w.graph.Add(w.nodeName(i))
		for j, u := range m.Units {
			site := m.Statements[u.Statement].Site
			if site == facts.SiteTypeChecking || u.Module == "" {
				continue
			}
			eager := site != facts.SiteFunction && site != facts.SiteMain && !m.Statements[u.Statement].Lazy
			w.graph.Link(from, w.graph.Add(w.loaded(u)), eager, w.firstTag[i]+int32(j))
		}
		for _, s := range m.Loads {
			w.graph.Link(from, w.graph.Add(s.Module), w.facts(i).DefAround(s.Scope) < 0, -1)
		}
	}
	if w.Profile == nil {
		return
	}
	for _, name := range sortedKeys(w.Profile.Modules) {
		from := w.graph.Add(name)
		_, inTree := w.byName[name]
		for _, e := range w.Profile.Modules[name].Imports {
			// Of a file of the tree the facts know every import, but not which
			// calls it makes.
			if !inTree || e.Called {
				w.graph.Link(from, w.graph.Add(e.Module), !e.Lazy, -1)
			}
		}
	}
	w.setSelf()
}

// setSelf gives each module its own time: as measured, else derived from the
// cumulative times.
func (w *world) setSelf() {
	if w.Profile.Short {
		w.graph.SpreadSelf(func(name string) (float64, bool) {
			m, ok := w.Profile.Modules[name]
			return m.ImportMS, ok && !m.Unmeasured
		})
		return
	}
	for _, name := range sortedKeys(w.Profile.Modules) {
		w.graph.SetSelf(w.graph.Add(name), w.Profile.Modules[name].SelfMS)
	}
}

// nodeName is the graph's name of a file: its dotted name, or its path where
// no import root gives it one.
func (w *world) nodeName(file int) string { return w.nodes[file] }

func nodeNames(modules []*facts.Module, byName map[string]int) []string {
	names := make([]string, len(modules))
	for i, m := range modules {
		if names[i] = m.Name; m.Name == "" || byName[m.Name] != i {
			names[i] = "<" + m.Path + ">"
		}
	}
	return names
}

// entries are the graph nodes of the configured entry modules.
func (w *world) entries() []graph.Node {
	var nodes []graph.Node
	for _, e := range w.Policy.Entry {
		if i, ok := w.entryFile(e); ok {
			nodes = append(nodes, w.graph.Add(w.nodeName(i)))
		}
	}
	return nodes
}

// entryFile finds the file that an entry names, by path or dotted name.
func (w *world) entryFile(entry string) (int, bool) {
	entry = strings.TrimPrefix(entry, "./")
	for i, m := range w.Modules {
		if m.Path == entry {
			return i, true
		}
	}
	i, ok := w.byName[entry]
	return i, ok
}

// proven are the modules outside the tree that load, unguarded, whenever the
// file does or an entry does: their imports show that they are there.
func (w *world) proven(file int, module string) bool {
	if w.company(file).outside[module] {
		return true
	}
	for _, e := range w.Policy.Entry {
		if i, ok := w.entryFile(e); ok && w.company(i).outside[module] {
			return true
		}
	}
	return false
}

// A company is what loads, unguarded, whenever a file does, the packages
// around it and the file itself included.
type company struct {
	outside map[string]bool // modules outside the tree
	inside  map[int]bool    // files of the tree
}

func (w *world) company(file int) company {
	if c, ok := w.companies[file]; ok {
		return c
	}
	c := company{outside: map[string]bool{}, inside: map[int]bool{file: true}}
	queue := []int{file}
	meet := func(modules []string) {
		for _, module := range modules {
			if i, ok := w.byName[module]; !ok {
				c.outside[module] = true
			} else if !c.inside[i] {
				c.inside[i] = true
				queue = append(queue, i)
			}
		}
	}
	meet(withParents(w.Modules[file].Name))
	for len(queue) > 0 {
		m := w.Modules[queue[0]]
		queue = queue[1:]
		for _, u := range m.Units {
			if st := m.Statements[u.Statement]; st.Site == facts.SiteModule && !st.Lazy {
				meet(w.loads(u))
			}
		}
	}
	w.companies[file] = c
	return c
}
