package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"fastpath/plan"
	"fastpath/plan/facts"
)

// lazy tells of a unit that the figures want inside functions, and that will
// be there once the plan is carried out.
func lazy(m *facts.Module, d *plan.Decision) bool {
	if d.Level != plan.FunctionLevel || d.Rule != plan.RuleHeavy && d.Rule != plan.RuleCold {
		return false
	}
	return d.Status == plan.StatusMove || m.Statements[m.Units[d.Unit].Statement].Site == facts.SiteFunction
}

// AnyLazy tells whether there is anything that linters must know of.
func AnyLazy(s Shown) bool {
	return slices.ContainsFunc(s.Plan.Decisions, func(d plan.Decision) bool { return lazy(s.Input.Modules[d.File], &d) })
}

// LinterSettings writes what linters must know of the imports that belong in
// functions: where ruff's PLC0415 has nothing to say, and which modules its
// TID253 may keep off module level. section is the table of ruff's linter in
// the file that holds its settings.
func LinterSettings(w io.Writer, s Shown, section string) error {
	files := map[string]map[string]bool{} // by path: the modules
	banned := map[string]bool{}
	for i := range s.Plan.Decisions {
		d := &s.Plan.Decisions[i]
		m := s.Input.Modules[d.File]
		module := m.Units[d.Unit].Module
		if module == "" || !lazy(m, d) {
			continue
		}
		if files[m.Path] == nil {
			files[m.Path] = map[string]bool{}
		}
		files[m.Path][module], banned[module] = true, true
	}
	var out bytes.Buffer
	if len(files) == 0 {
		_, err := io.WriteString(w, "# No import belongs inside a function: linters need to know nothing.\n")
		return err
	}
	out.WriteString("# Imports that belong inside functions by their cost, written by fastpath.\n")
	fmt.Fprintf(&out, "[%s.per-file-ignores]\n", section)
	for _, path := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&out, "%s = [\"PLC0415\"]  # %s\n", tomlString(escapeGlob(path)), strings.Join(slices.Sorted(maps.Keys(files[path])), ", "))
	}
	for module := range banned {
		if stays(s, module) {
			delete(banned, module)
		}
	}
	if len(banned) > 0 {
		fmt.Fprintf(&out, "\n# With TID253 selected, none of these comes back to module level.\n[%s.flake8-tidy-imports]\nbanned-module-level-imports = [\n", section)
		for _, module := range slices.Sorted(maps.Keys(banned)) {
			fmt.Fprintf(&out, "    %s,\n", tomlString(module))
		}
		out.WriteString("]\n")
	}
	out.WriteString("\n# pylint has no settings per file; in its [messages control]:\n# disable = import-outside-toplevel\n")
	_, err := w.Write(out.Bytes())
	return err
}

// stays tells whether an import of the module, or of what lies below it, will
// stand outside functions.
func stays(s Shown, module string) bool {
	return slices.ContainsFunc(s.Plan.Decisions, func(d plan.Decision) bool {
		m := s.Input.Modules[d.File]
		u := &m.Units[d.Unit]
		site := m.Statements[u.Statement].Site
		return (u.Module == module || strings.HasPrefix(u.Module, module+".") || u.Path() == module) &&
			!lazy(m, &d) && site != facts.SiteFunction && site != facts.SiteTypeChecking
	})
}

// escapeGlob spells a path as a pattern that matches it alone.
func escapeGlob(path string) string {
	return strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]").Replace(path)
}

// tomlString spells a basic string of TOML, which reads JSON's strings.
func tomlString(text string) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	// A string can always be written.
	_ = e.Encode(valid(text))
	return strings.TrimSuffix(out.String(), "\n")
}
