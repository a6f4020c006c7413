package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fastpath/plan"
	"fastpath/plan/facts"
)

// TestCycles judges the fixtures of import cycles by running them, under the
// oldest and the newest Python: whichever module of the tree is imported first,
// it imports after the rewrite as before, and where a cycle keeps an import,
// moving it by force shows why.
func TestCycles(t *testing.T) {
	pythons := interpreters(t)
	pythons = slices.Compact([]string{pythons[0], pythons[len(pythons)-1]})
	cycles := 0
	for _, f := range loadFixtures(t) {
		if !strings.HasPrefix(f.name, "cycle-") {
			continue
		}
		cycles++
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			p := &pythonTree{dir: t.TempDir()}
			f.lay(t, p.root("before"))
			f.lay(t, p.root("after"))
			s := f.survey(t, p.root("before"), nil)
			r, err := s.Rewrite()
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range r.Changes {
				place(t, p.root("after"), c.Path, c.New)
			}
			versions := []string{"after"}
			for _, d := range r.Plan.Decisions {
				if slices.ContainsFunc(d.Blockers, func(b plan.Blocker) bool { return b.Code == "cycle" }) {
					versions = append(versions, f.force(t, p, s.Input.Modules[d.File], d))
				}
			}
			for _, python := range pythons {
				p.python = python
				found := p.importAll(t, versions...)
				for _, d := range found.Versions[0].Differ {
					t.Errorf("%s: %s", d.Module, d.Error)
				}
				for i, version := range versions[1:] {
					if len(found.Versions[i+1].Differ) == 0 {
						t.Errorf("%s: nothing fails under %s when it goes up by force", version, python)
					}
				}
			}
		})
	}
	if cycles < 10 {
		t.Errorf("only %d fixtures of cycles", cycles)
	}
}

// force lays a version of the tree in which the unit's statement stands at the
// top of its file, and everything else as after the rewrite.
func (f *fixture) force(t *testing.T, p *pythonTree, file *facts.Module, d plan.Decision) (version string) {
	t.Helper()
	st := file.Statements[file.Units[d.Unit].Statement]
	version = fmt.Sprintf("forced-%s-%d", strings.ReplaceAll(file.Path, "/", "-"), st.Line)
	copyFiles(t, p.root("after"), p.root(version))
	text := string(f.input[file.Path])
	lines := strings.SplitAfter(text, "\n")
	statement := text[st.Span.Start:st.Span.End] + "\n"
	lines[st.Line-1] = strings.Repeat(" ", len(lines[st.Line-1])-len(strings.TrimLeft(lines[st.Line-1], " "))) + "pass\n"
	place(t, p.root(version), file.Path, []byte(statement+strings.Join(lines, "")))
	return version
}
