package plan

import "fastpath/plan/facts"

// importSystem: the import machinery runs the function. A module that importing
// itself runs on may sink like others, unless the file is part of that machinery
// in ways that names do not show: it changes the hooks.
func (d *descent) importSystem() {
	if matchName(importSystem, d.loaded(d.u)) {
		for _, list := range [][]facts.Effect{d.m.Effects, d.m.Changes} {
			for _, e := range list {
				if e.Code == "sys.path" && hooksImport(e.Detail) {
					d.block("import-system", e.Line, d.allowing("import-system", "the hook does not lead here"),
						"`%s` belongs to the import system, and this file hooks into it", d.loaded(d.u))
					return
				}
			}
		}
	}
	var roots []facts.ScopeID
	for s := range d.m.Scopes {
		scope := &d.m.Scopes[s]
		if scope.Kind != facts.DefScope {
			continue
		}
		switch scope.Name {
		case "__getattr__", "__dir__":
			if scope.Parent != facts.Top {
				continue
			}
		case "find_spec", "find_module", "exec_module", "create_module", "load_module", "path_hook", "find_loader", "invalidate_caches":
		default:
			continue
		}
		roots = append(roots, facts.ScopeID(s))
	}
	if len(roots) == 0 {
		return
	}
	reach := d.r.graph.reachable(roots)
	for _, l := range d.users.landings {
		for s := l.Scope; s > facts.Top; s = d.m.Scopes[s].Parent {
			if reach[s] {
				d.proveAt("import-system", place{d.file, d.m.Scopes[s].Line}, "", "`%s` runs inside the import system", d.m.Scopes[s].Qualified)
				return
			}
		}
	}
}

// hooksImport tells that a change of the search path is one of how modules are
// found, rather than where.
func hooksImport(detail string) bool {
	for _, object := range [...]string{"sys.meta_path", "sys.path_hooks", "sys.path_importer_cache"} {
		if underOrSame(detail, object) {
			return true
		}
	}
	return false
}
