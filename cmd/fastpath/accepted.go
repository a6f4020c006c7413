package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"fastpath/cmd/internal/check"
	"fastpath/cmd/internal/run"
	"fastpath/cmd/internal/write"
	"fastpath/plan"
)

// artifact is the slash path of a file of the artifacts folder.
func (p *project) artifact(name string) string { return path.Join(p.config.Artifacts, name) }

func (p *project) full(name string) string {
	return filepath.Join(p.config.Root, filepath.FromSlash(name))
}

// readAccepted reads what was accepted before: findings, and what the cold
// start may load.
func (p *project) readAccepted(f *findingFlags, o *check.Options) error {
	o.SuppressionsPath, o.EagerPath = p.artifact("suppressions.json"), p.artifact("eager.json")
	file := p.full(o.SuppressionsPath)
	if f.suppressions != "" {
		o.SuppressionsPath, file = f.suppressions, absolute(p.here, f.suppressions)
	}
	p.suppressions = file
	data, err := os.ReadFile(file)
	switch {
	case err == nil:
		if o.Suppressed, err = check.ReadSuppressions(o.SuppressionsPath, data); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist) || f.suppressions != "" && !f.updateSuppressions:
		return fmt.Errorf("reading %q: %w", o.SuppressionsPath, reasonOf(err))
	}
	data, err = os.ReadFile(p.full(o.EagerPath))
	switch {
	case err == nil:
		o.Allowed, err = check.ReadEager(o.EagerPath, data)
		return err
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("reading %q: %w", o.EagerPath, reasonOf(err))
	}
	return nil
}

// writeSuppressions accepts everything that stands now.
func (p *project) writeSuppressions(t check.Tree, o check.Options) ([]check.Suppression, error) {
	list := check.Suppressions(t, o)
	return list, write.File(p.suppressions, check.WriteSuppressions(list))
}

// writeEager accepts what the cold start loads now.
func (p *project) writeEager(s *run.Survey, made *plan.Plan) (*check.Eager, error) {
	eager, err := p.started(s, made)
	if err == nil && eager == nil {
		err = errors.New("without an entry in the configuration nothing says what a cold start loads")
	}
	if err != nil {
		return nil, err
	}
	return eager, write.File(p.full(p.artifact("eager.json")), eager.Write())
}

// started is what the cold start loads; nil without an entry. A file among it
// that cannot be read or parsed would leave out all that it loads.
func (p *project) started(s *run.Survey, made *plan.Plan) (*check.Eager, error) {
	names := made.Start.Modules()
	for _, skipped := range s.Skipped {
		if slices.Contains(names, s.ModuleName(skipped.Path)) {
			return nil, fmt.Errorf("writing %q: the cold start loads a file whose own imports are not known: %w", p.artifact("eager.json"), skipped)
		}
	}
	if names == nil {
		return nil, nil
	}
	return &check.Eager{Modules: names, OwnOnly: !p.job.Profile.KnowsImports()}, nil
}
