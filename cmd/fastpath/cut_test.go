package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestCutOfCfnLint asks of a real application what it takes to keep three
// libraries from loading at its cold start, makes the moves, and has CPython
// say what loads then.
func TestCutOfCfnLint(t *testing.T) {
	home, err := os.UserHomeDir()
	if err != nil {
		t.Skip(err)
	}
	python := filepath.Join(home, ".pyenv/versions/3.11.7/bin/python")
	site := filepath.Join(home, ".pyenv/versions/3.11.7/lib/python3.11/site-packages")
	if _, err := os.Stat(filepath.Join(site, "cfn_lint-1.51.0.dist-info")); err != nil || testing.Short() {
		t.Skip("needs cfn-lint 1.51.0 in the site-packages of pyenv's 3.11.7, and time")
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "cfnlint"), os.DirFS(filepath.Join(site, "cfnlint"))); err != nil {
		t.Fatal(err)
	}
	place(t, dir, "fastpath.toml", []byte("entry = [\"cfnlint/runner/cli.py\"]\n"))
	place(t, dir, ".fastpath/profile.json", []byte(`{"networkx": 110, "sympy": 250, "samtranslator": 12, "samtranslator.parser": 40}`))

	g := globals{here: dir, workers: 2, quiet: true, noCache: true}
	root := rootCommand(dir)
	root.SetContext(t.Context())
	p, err := g.open(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	survey, err := p.survey(&g)
	if err != nil {
		t.Fatal(err)
	}
	made := p.plan(survey)
	for _, c := range []struct {
		module string
		moves  string // "" where a chain of blocked imports loads it
		wall   string // its last import of the application
	}{
		{module: "networkx", moves: "cfnlint/graph.py networkx"},
		{module: "sympy", wall: "cfnlint/context/conditions/"},
		{module: "samtranslator", wall: "cfnlint/template/transforms/_sam.py"},
	} {
		cut := made.Sets.Cut(c.module)
		var moves, wall string
		for _, i := range cut.Moves {
			d := made.Decisions[i]
			m := survey.Input.Modules[d.File]
			moves = strings.TrimSpace(moves + " " + m.Path + " " + m.Units[d.Unit].Bound)
		}
		for _, hop := range cut.Wall {
			if hop.File != "" {
				wall = hop.File
			}
		}
		paths := made.Sets.Paths(c.module, 5)
		if !cut.Loads || len(paths) != 5 || moves != c.moves || (cut.Wall != nil) != (c.wall != "") || !strings.HasPrefix(wall, c.wall) {
			t.Errorf("%s: loads %v by %d paths, moves %q, wall at %q; want moves %q, wall at %q",
				c.module, cut.Loads, len(paths), moves, wall, c.moves, c.wall)
		}
	}

	if _, errs, code := invoke(dir, "apply", "--no-cache", "-q"); code != exitDone {
		t.Fatalf("apply: %s", errs)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	ask := exec.CommandContext(ctx, python, "-B", "-c",
		"import cfnlint.runner.cli, sys; print(cfnlint.__file__.startswith(sys.argv[1]), 'networkx' in sys.modules, 'sympy' in sys.modules)", dir)
	ask.Dir = dir
	said, err := ask.CombinedOutput()
	if got := strings.TrimSpace(string(said)); err != nil || got != "True False True" {
		t.Errorf("own copy, networkx, sympy loaded: %s (%v), want True False True", got, err)
	}
}
