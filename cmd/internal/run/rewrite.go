package run

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"sync/atomic"

	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/plan/syntax"
	"fastpath/rewrite"
	"fastpath/rewrite/check"
	"fastpath/rewrite/fastpath"
)

// A Change is one file's new content. A nil Old means that the file does not
// exist yet.
type Change struct {
	Path     string
	Old, New []byte
}

// A Failure is a file whose rewrite did not pass its proof. The file and every
// edit that presumed its moves are left out of the changes.
type Failure struct {
	Path string
	Err  error
}

func (f Failure) Error() string {
	return fmt.Sprintf("internal error: %s: %s (the file is left as it is)", f.Path, f.Err)
}

// A Result is a plan and the changes that carry it out.
type Result struct {
	Plan    *plan.Plan
	Changes []Change  // sorted by path; only files whose bytes differ
	Failed  []Failure // sorted by path
}

// Rewrite plans, rewrites every file that changes, and proves each one. Where
// a proof fails, the units of that file stay, the plan is made again, and so
// on until every change is proven. The error is trouble with reading, never a
// failed proof.
func (s *Survey) Rewrite() (*Result, error) {
	in := s.Input
	fixed := map[plan.FixedUnit]bool{}
	for _, f := range in.Fixed {
		fixed[f] = true
	}
	var failed []Failure
	for {
		p := plan.Make(in)
		r, err := s.attempt(p)
		if err != nil {
			return nil, err
		}
		failed = append(failed, r.Failed...)
		if len(r.Failed) == 0 {
			sort.Slice(failed, func(i, j int) bool { return failed[i].Path < failed[j].Path })
			r.Failed = failed
			return r, nil
		}
		progress := false
		for _, f := range r.Failed {
			for _, u := range s.presumed(p, f.Path) {
				if !fixed[u] {
					fixed[u], progress = true, true
					in.Fixed = append(in.Fixed, u)
				}
			}
		}
		if !progress {
			// Keeping every unit of the failing files did not help, so nothing
			// can be trusted.
			return &Result{Plan: p, Failed: failed}, nil
		}
	}
}

// presumed lists the units that must stay so that the file at path is not
// rewritten: its own, or those of the consumers of a fast_path.py.
func (s *Survey) presumed(p *plan.Plan, path string) []plan.FixedUnit {
	var units []plan.FixedUnit
	for _, d := range p.Decisions {
		if m := s.Input.Modules[d.File]; m.Path == path && d.Status == plan.StatusMove {
			units = append(units, plan.FixedUnit{Path: path, Unit: d.Unit})
		}
	}
	for _, fp := range p.FastPaths {
		if fp.Path != path && !s.consumes(fp, path) {
			continue
		}
		for _, c := range fp.Consumers {
			for _, u := range c.Units {
				units = append(units, plan.FixedUnit{Path: s.Input.Modules[c.File].Path, Unit: u})
			}
		}
	}
	return units
}

func (s *Survey) consumes(fp plan.FastPathFile, path string) bool {
	for _, c := range fp.Consumers {
		if s.Input.Modules[c.File].Path == path {
			return true
		}
	}
	return false
}

// attempt rewrites and proves every file of one plan.
func (s *Survey) attempt(p *plan.Plan) (*Result, error) {
	tasks := s.tasks(p)
	changes := make([]Change, len(tasks))
	troubles := make([]error, len(tasks))
	var done atomic.Int64
	each(len(tasks), s.job.Workers, beginParser, func(parser *syntax.Parser, i int) {
		changes[i], troubles[i] = s.carryOut(parser, tasks[i])
		if n := int(done.Add(1)); s.job.Progress != nil {
			s.job.Progress("rewriting", n, len(tasks))
		}
	})
	r := &Result{Plan: p}
	for i, err := range troubles {
		var failure Failure
		switch {
		case errors.As(err, &failure):
			r.Failed = append(r.Failed, failure)
		case err != nil:
			return nil, err
		case !bytes.Equal(changes[i].Old, changes[i].New) || changes[i].Old == nil:
			r.Changes = append(r.Changes, changes[i])
		}
	}
	return r, nil
}

// A task is one file to write: a module with moves, or a fast_path.py.
type task struct {
	path     string
	module   *facts.Module
	moves    []plan.Decision
	use      *rewrite.FastPathUse
	through  *check.FastPath    // for a consumer: what its fast_path.py hands on
	fastPath *plan.FastPathFile // for a fast_path.py itself
}

// proofOptions are the changes that the policy asks for beyond moved imports.
func (s *Survey) proofOptions(t task) check.Options {
	annotations := s.Input.Policy.Annotations
	return check.Options{FastPath: t.through, Quote: annotations == "quote", Future: annotations == "future"}
}

func (s *Survey) tasks(p *plan.Plan) []task {
	byFile := map[int]*task{}
	at := func(file int) *task {
		if byFile[file] == nil {
			m := s.Input.Modules[file]
			byFile[file] = &task{path: m.Path, module: m}
		}
		return byFile[file]
	}
	for _, d := range p.Decisions {
		if d.Status == plan.StatusMove && s.Chosen[d.File] {
			t := at(d.File)
			t.moves = append(t.moves, d)
		}
	}
	var tasks []task
	for i := range p.FastPaths {
		fp := &p.FastPaths[i]
		if len(fp.Consumers) == 0 {
			continue
		}
		for _, c := range fp.Consumers {
			t := at(c.File)
			t.use, t.through = fastPathUse(s.Input.Modules[c.File], c), handedOn(fp, c)
		}
		tasks = append(tasks, task{path: fp.Path, fastPath: fp})
	}
	for _, t := range byFile {
		tasks = append(tasks, *t)
	}
	sort.Slice(tasks, func(i, j int) bool { return tasks[i].path < tasks[j].path })
	return tasks
}

// fastPathUse spells how a consumer imports from fast_path.py.
func fastPathUse(m *facts.Module, c plan.Consumer) *rewrite.FastPathUse {
	names := "*"
	if !c.Star {
		names = strings.Join(c.Names, ", ")
	}
	use := &rewrite.FastPathUse{Units: c.Units, Import: "from " + c.From + " import " + names, Insert: true}
	for _, u := range m.Units {
		if u.Attr == "*" && c.Star && strings.TrimLeft(u.Written, ".") != "" && strings.Repeat(".", u.Level)+lastPart(u.Module) == c.From {
			use.Insert = false
		}
	}
	return use
}

// handedOn is what a consumer gets through fast_path.py, for the proof.
func handedOn(fp *plan.FastPathFile, c plan.Consumer) *check.FastPath {
	names := make(map[string]check.Target, len(fp.Entries))
	for _, e := range fp.Entries {
		t := check.Target{Module: e.Module, Attr: e.Attr}
		if e.Attr == "" && !e.Alias {
			t.Module = e.Bound // import a.b binds a
		}
		names[e.Bound] = t
	}
	return &check.FastPath{Module: c.From, Names: names}
}

func lastPart(dotted string) string { return dotted[strings.LastIndexByte(dotted, '.')+1:] }

func (s *Survey) carryOut(parser *syntax.Parser, t task) (Change, error) {
	if t.fastPath != nil {
		return s.renderFastPath(parser, t)
	}
	old, err := s.reread(t.path)
	if err != nil {
		return Change{}, err
	}
	text, err := rewrite.Rewrite(rewrite.Job{Source: old, Facts: t.module, Decisions: t.moves, FastPath: t.use})
	if err == nil {
		err = check.Verify(old, text, s.proofOptions(t))
	}
	if err != nil {
		return Change{}, Failure{Path: t.path, Err: err}
	}
	return Change{Path: t.path, Old: old, New: text}, nil
}

func (s *Survey) renderFastPath(parser *syntax.Parser, t task) (Change, error) {
	old, err := s.job.Read(t.path)
	if errors.Is(err, fs.ErrNotExist) {
		old, err = nil, nil
	}
	if err != nil {
		return Change{}, fmt.Errorf("reading %q: %w", t.path, err)
	}
	text, err := fastpath.Render(old, *t.fastPath)
	if err == nil {
		_, err = parser.Parse(text)
	}
	if err != nil {
		return Change{}, Failure{Path: t.path, Err: err}
	}
	return Change{Path: t.path, Old: old, New: text}, nil
}
