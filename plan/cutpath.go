package plan

import "fastpath/plan/graph"

// A Hop is one module of an import chain, and the import in it that leads on
// to the next.
type Hop struct {
	Module string `json:"module"`
	File   string `json:"file,omitempty"` // "" for modules outside the tree and the end of the chain
	Line   int    `json:"line,omitempty"` // of the import of the next module; 0 when no statement of the tree makes it
	// Decision is the index of the import's decision, -1 without one.
	Decision int `json:"-"`
}

// Paths lists the eager import chains from the entries to a module, by its
// dotted name, at most the given number, shortest first and then by name.
func (s *Sets) Paths(module string, most int) [][]Hop {
	target, ok := s.p.graph.Find(module)
	if !ok || !s.Known() {
		return nil
	}
	var paths [][]Hop
	for _, chain := range s.p.graph.Loading(s.entries, s.p.graph.Load(s.entries, graph.Eager), target, graph.Eager).Paths(most) {
		paths = append(paths, s.hops(chain))
	}
	return paths
}

// hops finds the import statements of a chain.
func (s *Sets) hops(chain []graph.Node) []Hop {
	hops := make([]Hop, len(chain))
	for i, n := range chain {
		h := Hop{Module: s.p.priced.Name(n), Decision: -1}
		if i+1 < len(chain) {
			if e, ok := s.p.entering[[2]graph.Node{n, chain[i+1]}]; ok {
				h.File, h.Line = s.p.Modules[e.file].Path, e.line
			}
			for _, e := range s.p.priced.Edges(n) {
				if e.To != chain[i+1] || !e.Eager || e.Tag < 0 {
					continue
				}
				d := &s.p.decisions[e.Tag]
				m := s.p.facts(d.File)
				h.File, h.Line, h.Decision = m.Path, m.Units[d.Unit].Line, int(e.Tag)
				// The statement that stays is the one that matters.
				if free, _ := s.Free(int(e.Tag)); !free {
					break
				}
			}
		}
		hops[i] = h
	}
	return hops
}

// A Figures is what a cold start pays for one module.
type Figures struct {
	Loads  bool    // at a cold start, as the tree stands
	SelfMS float64 // the module itself
	// HoldsMS is the time of everything that would not load if the module did
	// not, itself included.
	HoldsMS float64
}

// Figures gives what is known of a module by its dotted name; false when
// neither the tree nor the profile names it.
func (s *Sets) Figures(module string) (Figures, bool) {
	n, ok := s.p.graph.Find(module)
	if !ok {
		return Figures{}, false
	}
	f := Figures{SelfMS: s.p.graph.Self(n)}
	if s.Known() && s.before.Loaded(n) {
		f.Loads = true
		without := s.p.graph.Load(s.entries, func(e graph.Edge) bool { return e.Eager && e.To != n })
		f.HoldsMS = s.before.MS() - without.MS()
	}
	return f, true
}

// Names lists every module that the tree or the profile names, sorted.
func (s *Sets) Names() []string { return s.p.graph.Names() }

// Module is the module whose cost the import of a decision is.
func (s *Sets) Module(i int) string {
	d := &s.p.decisions[i]
	return s.p.loaded(s.p.Modules[d.File].Units[d.Unit])
}

// Judge applies the rules to a module by its dotted name as if it were
// imported at module level: for modules that the tree does not import itself.
func (s *Sets) Judge(module string) Decision {
	d := Decision{File: -1, Unit: -1, Status: StatusKeep}
	if s.p.Usage != nil {
		d.UsagePct.Value, d.UsagePct.Known = s.p.Usage.Share(module)
	}
	d.Level, d.Rule, d.ImportMS = s.p.decide(module, ModuleLevel, d.UsagePct)
	return d
}
