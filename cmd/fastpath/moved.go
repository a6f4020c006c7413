package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"fastpath/cmd/internal/check"
	"fastpath/cmd/internal/run"
	"fastpath/cmd/internal/tree"
	"fastpath/plan/evidence"
)

// readMeasured reads what was moved and measured.
func (p *project) readMeasured() (check.Measured, error) {
	m := check.Measured{MovesPath: p.artifact("moves.json"), AfterPath: p.artifact("after.json")}
	t := p.config.Targets
	m.Targets = evidence.Targets{ColdStartMS: t.ColdStartMS, MinImprovement: t.MinImprovement, MaxRegression: t.MaxRegression, MaxWarmRegression: t.MaxWarmRegression}
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

// records are the changes of the artifacts folder that go with the changes of
// r, in the same step, so that an interrupted run is finished with them: the
// moves that are to be measured, and what a cold start loads from now on.
func (p *project) records(s *run.Survey, r *run.Result) ([]run.Change, error) {
	if len(r.Changes) == 0 {
		return nil, nil
	}
	moves, err := p.noteMoves(s, r)
	if err != nil {
		return nil, err
	}
	eager, err := p.noteEager(r)
	if err != nil {
		return nil, err
	}
	return append(moves, eager...), nil
}

// noteMoves adds to moves.json, in a project that is configured: elsewhere apply
// writes what diff shows and nothing beside.
func (p *project) noteMoves(s *run.Survey, r *run.Result) ([]run.Change, error) {
	if p.config.File == "" {
		return nil, nil
	}
	after, err := p.optional(p.artifact("after.json"))
	if err != nil {
		return nil, err
	}
	name := p.artifact("moves.json")
	var before []check.Move
	old, err := p.optional(name)
	if err == nil && old != nil {
		before, err = check.ReadMoves(name, old)
	}
	if err != nil {
		return nil, err
	}
	moves := check.Moves(s.Input, r.Plan, s.Chosen, before, check.Mark(after))
	if len(moves) == 0 && old == nil {
		return nil, nil
	}
	return p.record(name, check.WriteMoves(moves))
}

// noteEager writes eager.json where an entry says what a cold start is.
func (p *project) noteEager(r *run.Result) ([]run.Change, error) {
	if len(p.config.Policy.Entry) == 0 {
		return nil, nil
	}
	job := p.job
	job.Progress, job.MovesOnly = nil, false
	changed := make(map[string][]byte, len(r.Changes))
	for _, c := range r.Changes {
		changed[c.Path] = c.New
		if c.Old == nil {
			job.Files = append(slices.Clone(job.Files), run.File{Path: c.Path})
		}
	}
	run.SortFiles(job.Files)
	job.Read = func(path string) ([]byte, error) {
		if text, ok := changed[path]; ok {
			return text, nil
		}
		return p.job.Read(path)
	}
	after := run.Gather(job)
	made, _ := after.Plan()
	eager, err := p.started(after, made)
	if err != nil {
		fmt.Fprintln(p.err, "not "+printable(err.Error()))
	}
	if eager == nil {
		return nil, nil
	}
	return p.record(p.artifact("eager.json"), eager.Write())
}

// record is the change of one file of the artifacts folder; none where it holds
// the text already.
func (p *project) record(name string, text []byte) ([]run.Change, error) {
	old, stamp, err := tree.Read(p.full(name), longestSource)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		old = nil
	case err != nil:
		return nil, fmt.Errorf("reading %q: %w", name, reasonOf(err))
	case bytes.Equal(old, text):
		return nil, nil
	case p.files.stamps != nil:
		p.files.stamps[name] = stamp
	}
	return []run.Change{{Path: name, Old: old, New: text}}, nil
}
