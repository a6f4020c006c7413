package run

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync/atomic"

	"fastpath/plan/facts"
	"fastpath/plan/scope"
	"fastpath/plan/sieve"
	"fastpath/plan/syntax"
)

// Gather reads every file of the job and gathers its facts: of all files, or
// of those that can matter. Sources and trees are dropped as soon as a file's
// facts stand, so that memory follows the number of workers, not the size of
// the tree.
func Gather(job Job) *Survey {
	layout := layoutOf(job)
	g := &gathering{job: job, layout: layout, sieve: sieveOf(job, layout), found: make([]gathered, len(job.Files))}
	var table *table
	if job.OnDemand {
		table = openTable(job, layout)
	}
	g.known = table
	g.all()

	s := &Survey{job: job, digests: make(map[string][sha256.Size]byte, len(g.found))}
	for i, f := range g.found {
		switch {
		case f.err != nil:
			s.Skipped = append(s.Skipped, skip(job.Files[i].Path, f.err))
			continue
		case f.module == nil:
			f.module = g.sieve.Stub(i)
			s.Passed++
		case table.knows(i):
			s.Passed++
			s.digests[f.module.Path] = f.digest
		default:
			s.digests[f.module.Path] = f.digest
		}
		s.Input.Modules = append(s.Input.Modules, f.module)
		s.Chosen = append(s.Chosen, job.Selected == nil || job.Selected(f.module.Path))
	}
	s.Input.Policy = job.Policy
	s.Input.Profile = job.Profile
	s.Input.Usage = job.Usage
	s.own = ownRoots(s.Input)
	if job.OnDemand {
		s.onDemand(g, table)
	}
	return s
}

// A gathering is the facts of a tree in the making.
type gathering struct {
	job    Job
	layout *facts.Layout
	sieve  *sieve.Sieve // nil: every file matters
	found  []gathered   // by file
	known  *table
	done   atomic.Int64
}

func (g *gathering) all() {
	each(len(g.found), g.job.Workers, beginParser, g.first)
	if g.sieve == nil {
		return
	}
	modules := make([]*facts.Module, len(g.found))
	for {
		for i := range g.found {
			modules[i] = g.found[i].module
		}
		more := g.sieve.More(modules)
		if len(more) == 0 {
			return
		}
		each(len(more), g.job.Workers, beginParser, func(p *syntax.Parser, n int) { g.read(p, more[n]) })
	}
}

// first takes the first look at a file, and gathers its facts if that shows
// that they matter.
func (g *gathering) first(p *syntax.Parser, i int) {
	if g.known.knows(i) {
		g.found[i] = g.known.outline(i)
		return
	}
	path := g.layout.Places[i].Path
	data, err := g.job.Read(path)
	switch {
	case err != nil:
		g.found[i].err = err
	case g.sieve == nil || g.sieve.Look(i, data) || g.job.Files[i].Named:
		g.found[i] = gatherFile(g.job, p, data, g.layout.Places[i])
	}
	if g.sieve != nil && (err != nil || g.job.Files[i].Named) {
		g.sieve.Take(i)
	}
	if n := int(g.done.Add(1)); g.job.Progress != nil {
		g.job.Progress("reading", n, len(g.found))
	}
}

func (g *gathering) read(p *syntax.Parser, i int) {
	data, err := g.job.Read(g.layout.Places[i].Path)
	if err != nil {
		g.found[i].err = err
		return
	}
	g.found[i] = gatherFile(g.job, p, data, g.layout.Places[i])
}

// sieveOf prepares to sort out the files that cannot matter to what the job
// moves; nil where that is not asked for, or where every file does.
func sieveOf(job Job, layout *facts.Layout) *sieve.Sieve {
	if !job.MovesOnly {
		return nil
	}
	q := sieve.Question{FastPath: job.Policy.FastPath.File, May: job.Selected,
		Entries: slices.Concat(job.Policy.Entry, job.Policy.FastPath.Consolidate)}
	if q.May == nil {
		q.May = func(string) bool { return true }
	}
	if job.Profile != nil {
		for name, m := range job.Profile.Modules {
			q.Measured = append(q.Measured, name)
			for _, e := range m.Imports {
				q.Measured = append(q.Measured, e.Module)
			}
		}
	}
	return sieve.New(layout, q)
}

// layoutOf names the modules of the tree.
func layoutOf(job Job) *facts.Layout {
	paths := make([]string, len(job.Files))
	for i, f := range job.Files {
		paths[i] = f.Path
	}
	return facts.NewLayout(paths, job.Policy.Src)
}

// ModuleName is the dotted name of a file of the job, parsed or not; "" where
// no import root gives it one.
func (s *Survey) ModuleName(path string) string {
	for _, place := range layoutOf(s.job).Places {
		if place.Path == path {
			return place.Name
		}
	}
	return ""
}

type gathered struct {
	module *facts.Module
	digest [sha256.Size]byte // of the bytes
	err    error
}

func beginParser() (*syntax.Parser, func()) {
	p := syntax.NewParser()
	return p, p.Close
}

func gatherFile(job Job, p *syntax.Parser, data []byte, where facts.Place) gathered {
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
