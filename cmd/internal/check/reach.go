package check

import (
	"strings"

	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/plan/graph"
)

// A reach says which files of the tree the entries load while starting. With
// no entry configured every file is its own entry.
type reach struct {
	loaded *graph.Reach
	g      *graph.Graph
}

func reachOf(in plan.Input) *reach {
	if len(in.Policy.Entry) == 0 {
		return &reach{}
	}
	g := graph.New()
	own := map[string]bool{}
	for _, m := range in.Modules {
		if m.Name != "" {
			own[m.Name] = true
			g.Add(m.Name)
		}
	}
	for _, m := range in.Modules {
		if m.Name == "" {
			continue
		}
		from := g.Add(m.Name)
		for i := range m.Units {
			u := &m.Units[i]
			switch m.Statements[u.Statement].Site {
			case facts.SiteFunction, facts.SiteTypeChecking, facts.SiteMain:
				continue
			}
			for _, to := range []string{u.Module, u.Module + "." + u.Attr} {
				if own[to] {
					g.Link(from, g.Add(to), true, -1)
				}
			}
		}
	}
	var entries []graph.Node
	for _, e := range in.Policy.Entry {
		for _, m := range in.Modules {
			if m.Name != "" && (m.Path == strings.TrimPrefix(e, "./") || m.Name == e) {
				entries = append(entries, g.Add(m.Name))
			}
		}
	}
	return &reach{loaded: g.Load(entries, graph.Eager), g: g}
}

func (r *reach) loads(m *facts.Module) bool {
	if r.g == nil {
		return true
	}
	n, ok := r.g.Find(m.Name)
	return ok && r.loaded.Loaded(n)
}

// chain is the import chain from an entry to m, for files beyond the entry.
func (r *reach) chain(m *facts.Module) []string {
	if r.g == nil {
		return nil
	}
	n, ok := r.g.Find(m.Name)
	if !ok {
		return nil
	}
	if chain := r.loaded.Path(n); len(chain) > 1 {
		return chain
	}
	return nil
}
