package check

import (
	"fmt"
	"strings"

	"fastpath/plan/facts"
	"fastpath/plan/jsondoc"
)

// An Eager is the content of eager.json: what a cold start may load.
type Eager struct {
	Modules []string
	// OwnOnly tells that the profile did not say what modules outside of the tree
	// load: of those, Modules holds only what the tree itself imports.
	OwnOnly bool
}

// newcomers finds modules that the cold start loads and the list does not
// allow.
func (s *search) newcomers() {
	if s.Allowed == nil {
		return
	}
	allowed := map[string]bool{}
	for _, name := range s.Allowed.Modules {
		allowed[name] = true
	}
	own := map[string]*facts.Module{}
	for _, m := range s.Input.Modules {
		own[m.Name] = m
	}
	for _, name := range s.Plan.Start.Modules() {
		chain := s.Plan.Start.ChainTo(name)
		if allowed[name] {
			continue
		}
		if n := len(chain) - 2; n >= 0 && own[chain[n]] == nil && (s.Allowed.OwnOnly || !allowed[chain[n]]) {
			continue // what a newcomer from outside loads comes with it: one finding is enough
		}
		file, line := s.importOf(own, name, chain)
		if !s.askedPath(file) {
			continue
		}
		s.add("FP104", Finding{File: file, Line: line, Module: name, Chain: chain,
			Message: fmt.Sprintf("the cold start now loads %s, which %s does not allow", name, s.EagerPath)})
	}
}

// importOf is the file and line of the import that brought a module in: in the
// last file of its chain that is of the tree.
func (s *search) importOf(own map[string]*facts.Module, name string, chain []string) (file string, line int) {
	for i := len(chain) - 2; i >= 0; i-- {
		m := own[chain[i]]
		if m == nil {
			continue
		}
		for j := range m.Units {
			u := &m.Units[j]
			if u.Module == chain[i+1] || target(u) == chain[i+1] || strings.HasPrefix(u.Module, chain[i+1]+".") {
				return m.Path, u.Line
			}
		}
		return m.Path, 1
	}
	if m := own[name]; m != nil {
		return m.Path, 1
	}
	return s.EagerPath, 1
}

// ReadEager reads what Write wrote. Errors name the file, the line and
// the column.
func ReadEager(name string, data []byte) (*Eager, error) {
	d, items, err := readList(name, data, "modules")
	if err != nil {
		return nil, err
	}
	e := &Eager{Modules: []string{}}
	if v, ok := d.Root.Get(ownOnly); ok {
		if v.Kind != jsondoc.Bool {
			return nil, d.Errorf(v, "%s where true or false is wanted", v.Kind)
		}
		e.OwnOnly = v.Bool
	}
	for _, item := range items {
		if item.Kind != jsondoc.String {
			return nil, d.Errorf(item, "%s where the name of a module is wanted", item.Kind)
		}
		e.Modules = append(e.Modules, item.Text)
	}
	return e, nil
}

const ownOnly = "own_imports_only"

// Write spells the list of modules as a file, one a line.
func (e *Eager) Write() []byte {
	lines := make([]any, len(e.Modules))
	for i, n := range e.Modules {
		lines[i] = n
	}
	if e.OwnOnly {
		return writeList("modules", lines, "  \""+ownOnly+"\": true,\n")
	}
	return writeList("modules", lines, "")
}
