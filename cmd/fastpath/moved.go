package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"fastpath/cmd/internal/check"
	"fastpath/cmd/internal/run"
	"fastpath/cmd/internal/tree"
	"fastpath/plan/evidence"
)

// readMeasured reads what was moved and measured.
func (p *project) readMeasured() (check.Measured, error) {
	m := check.Measured{MovesPath: p.artifact("moves.json"), AfterPath: p.artifact("after.json")}
	t := p.config.Targets
	m.Targets = evidence.Targets{ColdStartMS: t.ColdStartMS, MinImprovement: t.MinImprovement, MaxRegression: t.MaxRegression}
	moves, err := p.optional(m.MovesPath)
	if err == nil && moves != nil {
		m.Moves, err = check.ReadMoves(m.MovesPath, moves)
	}
	if err != nil {
		return m, err
	}
	after, err := p.optional(m.AfterPath)
	if err == nil && after != nil {
		m.AfterMark = check.Mark(after)
		m.After, err = evidence.Read(m.AfterPath, after)
	}
	if err != nil {
		return m, err
	}
	name := p.artifact("baseline.json")
	baseline, err := p.optional(name)
	if err == nil && baseline != nil {
		m.Baseline, err = evidence.Read(name, baseline)
	}
	if err != nil {
		return m, err
	}
	_, missing := os.Stat(p.full(p.artifact("analysis.md")))
	m.Analysed = missing == nil
	return m, nil
}

// optional reads a file of the project; nil when it is not there.
func (p *project) optional(name string) ([]byte, error) {
	data, err := os.ReadFile(p.full(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", name, reasonOf(err))
	}
	return data, nil
}

// noteMoves is the change of moves.json that goes with the changes of r: in one
// step, so that an interrupted run is finished with it. It is nil where nothing
// moves, or where the project has neither a configuration nor the folder.
func (p *project) noteMoves(s *run.Survey, r *run.Result) (*run.Change, error) {
	if len(r.Changes) == 0 {
		return nil, nil
	}
	if _, err := os.Stat(p.full(p.config.Artifacts)); err != nil && p.config.File == "" {
		return nil, nil
	}
	name := p.artifact("moves.json")
	after, err := p.optional(p.artifact("after.json"))
	if err != nil {
		return nil, err
	}
	var old []byte
	if data, stamp, err := tree.Read(p.full(name), longestSource); err == nil {
		old = data
		if p.files.stamps != nil {
			p.files.stamps[name] = stamp
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading %q: %w", name, reasonOf(err))
	}
	var before []check.Move
	if old != nil {
		if before, err = check.ReadMoves(name, old); err != nil {
			return nil, err
		}
	}
	moves := check.Moves(s.Input, r.Plan, s.Chosen, before, check.Mark(after))
	text := check.WriteMoves(moves)
	if len(moves) == 0 && old == nil || bytes.Equal(text, old) {
		return nil, nil
	}
	return &run.Change{Path: name, Old: old, New: text}, nil
}
