package run

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"fastpath/plan/facts"
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// Gather reads every file of the job and gathers its facts. Sources and trees
// are dropped as soon as a file's facts stand, so that memory follows the
// number of workers, not the size of the tree.
func Gather(job Job) *Survey {
	found := make([]gathered, len(job.Files))
	layout := layoutOf(job)
	var done atomic.Int64
	each(len(job.Files), job.Workers, beginParser, func(p *syntax.Parser, i int) {
		found[i] = gatherFile(job, p, layout.Places[i])
		if n := int(done.Add(1)); job.Progress != nil {
			job.Progress("reading", n, len(job.Files))
		}
	})

	s := &Survey{job: job, digests: make(map[string][sha256.Size]byte, len(found))}
	for i, g := range found {
		if g.err != nil {
			s.Skipped = append(s.Skipped, skip(job.Files[i].Path, g.err))
			continue
		}
		s.digests[g.module.Path] = g.digest
		s.Input.Modules = append(s.Input.Modules, g.module)
		s.Chosen = append(s.Chosen, job.Selected == nil || job.Selected(g.module.Path))
	}
	s.Input.Policy = job.Policy
	s.Input.Profile = job.Profile
	s.Input.Usage = job.Usage
	s.own = ownRoots(s.Input)
	return s
}

// layoutOf names the modules of the tree.
func layoutOf(job Job) *facts.Layout {
	paths := make([]string, len(job.Files))
	for i, f := range job.Files {
		paths[i] = f.Path
	}
	return facts.NewLayout(paths, job.Policy.Src)
}

type gathered struct {
	module *facts.Module
	digest [sha256.Size]byte
	err    error
}

func beginParser() (*syntax.Parser, func()) {
	p := syntax.NewParser()
	return p, p.Close
}

func gatherFile(job Job, p *syntax.Parser, where facts.Place) gathered {
	data, err := job.Read(where.Path)
	if err != nil {
		return gathered{err: err}
	}
	g := gathered{digest: sha256.Sum256(data)}
	key := memoryKey(g.digest, where)
	if m, ok := job.Memory.recall(key); ok {
		g.module = m
		return g
	}
	g.module, g.err = factsOf(p, data, where)
	if g.err == nil {
		job.Memory.remember(key, g.module)
	}
	return g
}

// memoryKey covers all that facts depend on: the bytes and the place.
func memoryKey(digest [sha256.Size]byte, where facts.Place) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(digest[:], "%q %q %t", where.Path, where.Name, where.Package))
}

func factsOf(p *syntax.Parser, data []byte, where facts.Place) (m *facts.Module, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("internal error: %v\n%s", r, debug.Stack())
		}
	}()
	tree, err := p.Parse(data)
	if err != nil {
		return nil, err
	}
	return facts.Gather(scope.Resolve(tree), where), nil
}

func skip(path string, err error) Skip {
	s := Skip{Path: path, Err: err}
	var damage *syntax.Error
	if errors.As(err, &damage) {
		s.Line = damage.Line
	}
	return s
}
