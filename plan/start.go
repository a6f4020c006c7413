package plan

import (
	"strings"

	"fastpath/plan/graph"
)

// A Start is what a cold start loads, as the tree stands. Without configured
// entries every file is its own entry, and nothing is known of chains.
type Start struct {
	reach *graph.Reach
	graph *graph.Graph
	names []string // by file: its node
}

func (w *world) start() *Start {
	s := &Start{graph: w.graph, names: make([]string, len(w.Modules))}
	for file := range w.Modules {
		s.names[file] = w.nodeName(file)
	}
	if entries := w.entries(); len(entries) > 0 {
		s.reach = w.graph.Load(entries, graph.Eager)
	}
	return s
}

// Behind is what importing the file alone would load.
func (s *Start) Behind(file int) *Start {
	b := *s
	if n, ok := s.graph.Find(s.names[file]); ok {
		b.reach = s.graph.Load([]graph.Node{n}, graph.Eager)
	}
	return &b
}

// Loads tells whether the file loads at a cold start.
func (s *Start) Loads(file int) bool {
	if s.reach == nil {
		return true
	}
	n, ok := s.graph.Find(s.names[file])
	return ok && s.reach.Loaded(n)
}

// Chain is a shortest import chain from an entry to the file, both included;
// nil when there is none, or the file is an entry.
func (s *Start) Chain(file int) []string { return s.ChainTo(s.names[file]) }

// ChainTo is the same for a module by its dotted name.
func (s *Start) ChainTo(module string) []string {
	n, ok := s.graph.Find(module)
	if !ok || s.reach == nil {
		return nil
	}
	if chain := s.reach.Path(n); len(chain) > 1 {
		return chain
	}
	return nil
}

// Modules lists every module that loads at a cold start, inside the tree and,
// as far as the profile knows their imports, outside of it, sorted by name.
func (s *Start) Modules() []string {
	if s.reach == nil {
		return nil
	}
	loaded := map[string]bool{}
	for n := range graph.Node(s.graph.Len()) {
		if name := s.graph.Name(n); s.reach.Loaded(n) && !strings.HasPrefix(name, "<") {
			loaded[name] = true
		}
	}
	return sortedKeys(loaded)
}
