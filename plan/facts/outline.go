package facts

import (
	"errors"
)

// Outline is a module with its name and imports alone: Path, Name, Package,
// Statements, Units and Loads. That is enough to tell what loads with it.
func (m *Module) Outline() *Module {
	return &Module{Path: m.Path, Name: m.Name, Package: m.Package, Statements: m.Statements, Units: m.Units, Loads: m.Loads}
}

// EncodeOutlines writes the outlines of modules for a cache.
func EncodeOutlines(modules []*Module) []byte {
	c := &coder{ids: map[string]int{}}
	list(c, &modules, (*coder).outline)
	return c.encoded()
}

// DecodeOutlines reads what EncodeOutlines wrote. Other bytes give an error.
func DecodeOutlines(data []byte) ([]*Module, error) {
	c, err := decoder(data)
	if err != nil {
		return nil, err
	}
	var modules []*Module
	list(c, &modules, (*coder).outline)
	if c.bad || len(c.in) > 0 {
		return nil, errors.New("outlines that contradict themselves")
	}
	return modules, nil
}

func (c *coder) outline(at **Module) {
	if c.decode {
		*at = new(Module)
	}
	m := *at
	c.text(&m.Path)
	c.text(&m.Name)
	c.flags(&m.Package)
	list(c, &m.Statements, (*coder).statement)
	list(c, &m.Units, (*coder).unit)
	list(c, &m.Loads, (*coder).load)
	for i := range m.Units {
		if s := m.Units[i].Statement; s < 0 || s >= len(m.Statements) {
			c.bad = true
		}
	}
}
