package main

import (
	"fmt"
	"path"
	"strings"

	"fastpath/cmd/internal/config"
	"fastpath/cmd/internal/run"
	"fastpath/plan/facts"
)

// checkEntries refuses a configuration whose entries are not in the tree: with
// a wrong entry every judgement of what a cold start loads would be wrong.
func (p *project) checkEntries(s *run.Survey) error {
	for _, entry := range p.config.Policy.Entry {
		if moduleOf(s.Input.Modules, entry) != nil {
			continue
		}
		for _, skipped := range s.Skipped {
			if skipped.Path == path.Clean(entry) {
				return fmt.Errorf("the entry cannot be read: %w", skipped)
			}
		}
		var known []string
		for _, m := range s.Input.Modules {
			known = append(known, m.Path)
			if m.Name != "" && !strings.HasSuffix(entry, ".py") {
				known = append(known, m.Name)
			}
		}
		hint := "name a file or a dotted module below the import roots"
		if near := config.Nearest(entry, known); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return fmt.Errorf("%s: entry %q is not in the project; %s", p.configName(), entry, hint)
	}
	return nil
}

// moduleOf finds the file that an entry names, by path or by dotted name.
func moduleOf(modules []*facts.Module, entry string) *facts.Module {
	for _, m := range modules {
		if m.Path == path.Clean(entry) || m.Name != "" && m.Name == entry {
			return m
		}
	}
	return nil
}

// configName is the configuration as messages name it.
func (p *project) configName() string {
	if p.config.File == "" {
		return "configuration"
	}
	return path.Base(p.config.File)
}
