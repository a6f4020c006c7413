package plan

import (
	"fmt"

	"fastpath/plan/facts"
)

const typeCheckingName = "TYPE_CHECKING"

// keepTypeName keeps at module level what `if TYPE_CHECKING:` asks for, once
// imports go below one: an import of the name that only functions needed so far.
func (p *planner) keepTypeName(file int) {
	m := p.facts(file)
	kept := -1
	for unit := range m.Units {
		if d := p.at(file, unit); d.Status == StatusMove && (d.KeepForTypes || d.Action == ToTypeChecking) {
			kept = unit
			break
		}
	}
	if kept < 0 {
		return
	}
	for unit := range m.Units {
		d := p.at(file, unit)
		if u := &m.Units[unit]; isTypeCheckingImport(u) && d.Status == StatusMove && d.Action == Sink {
			d.takeBack(Blocker{Code: "eager-use", File: m.Path, Line: u.Line,
				Message: fmt.Sprintf("`if %s:` will be read at import time, to keep `%s` for type checkers", u.Bound, m.Units[kept].Bound)})
		}
	}
}

func isTypeCheckingImport(u *facts.Unit) bool {
	return u.Attr == typeCheckingName && (u.Module == "typing" || u.Module == "typing_extensions")
}

// typeNameTaken gives the line where the module gives TYPE_CHECKING a meaning of
// its own, 0 if `if TYPE_CHECKING:` can be asked at its top.
func (d *descent) typeNameTaken() int {
	line := 0
	for i := range d.m.Names {
		n := &d.m.Names[i]
		if n.Scope != 0 || n.Text != typeCheckingName {
			continue
		}
		for _, b := range n.Bindings {
			if b.Kind != facts.ByImport || !isTypeCheckingImport(&d.m.Units[b.Unit]) ||
				d.m.Statements[d.m.Units[b.Unit].Statement].Site != facts.SiteModule {
				line = b.Line
			} else {
				return 0
			}
		}
	}
	if line == 0 {
		return 0
	}
	for i := range d.m.Units {
		u := &d.m.Units[i]
		switch site := d.m.Statements[u.Statement].Site; {
		case site == facts.SiteTypeChecking, site == facts.SiteModule && u.Attr == "" && u.Module == "typing":
			return 0
		}
	}
	return line
}
