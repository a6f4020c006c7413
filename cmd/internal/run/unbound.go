package run

import (
	"fmt"
	"slices"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// Unbound lists the names that a file reads from its globals and does not bind
// there: builtins, and what a star import brings. Sorted, each once.
func (s *Survey) Unbound(path string) ([]string, error) {
	data, err := s.reread(path)
	if err != nil {
		return nil, err
	}
	parser := syntax.NewParser()
	defer parser.Close()
	tree, err := parser.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	table := scope.Resolve(tree)
	bound := map[string]bool{}
	for _, o := range table.Occurrences {
		if o.Owner == scope.Module && o.Role.Binds() {
			bound[o.Name] = true
		}
	}
	var names []string
	for _, o := range table.Occurrences {
		if o.Owner == scope.Module && (o.Role == scope.Load || o.Role == scope.AugAssign) && !bound[o.Name] {
			names = append(names, o.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}
