package run

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"slices"
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

// A Failure is a file that was left as it is, with every edit that presumed
// its moves.
type Failure struct {
	Path string
	Err  error
	// Refused tells that the file holds what must not be rewritten; otherwise
	// its rewrite did not pass the proof, which is a bug of this program.
	Refused bool
}

func (f Failure) Error() string {
	if f.Refused {
		return fmt.Sprintf("%s:%s; the file is left as it is", f.Path, f.Err)
	}
	return fmt.Sprintf("internal error: %s: %s; the file is left as it is", f.Path, f.Err)
}

// A Result is a plan and the changes that carry it out.
type Result struct {
	Plan    *plan.Plan
	Changes []Change  // sorted by path; only files whose bytes differ
	Left    []Failure // sorted by path
}

// Failed tells whether a file failed its proof.
func (r *Result) Failed() bool {
	return slices.ContainsFunc(r.Left, func(f Failure) bool { return !f.Refused })
}

// Plan decides for every import unit of the survey. Units for a fast_path.py
// that must not be rewritten stay; left names those files.
func (s *Survey) Plan() (p *plan.Plan, left []Failure) { return s.plan(nil) }

// PlanChosen decides for the units of the chosen files and of fast_path.py, and
// for others only as far as those depend on them.
func (s *Survey) PlanChosen() (p *plan.Plan, left []Failure) {
	if !slices.Contains(s.Chosen, false) {
		return s.plan(nil)
	}
	return s.plan(s.Chosen)
}

func (s *Survey) plan(asked []bool) (p *plan.Plan, left []Failure) {
	p = s.planOf(asked)
	held := &hold{fastPaths: map[string]bool{}}
	for i := range p.FastPaths {
		fp := &p.FastPaths[i]
		var refusal *fastpath.Refusal
		if _, err := s.fastPathText(fp); errors.As(err, &refusal) {
			held.fastPaths[fp.Path] = true
			left = append(left, Failure{Path: fp.Path, Err: err, Refused: true})
		}
	}
	held.withhold(s, p)
	return p, left
}

// Rewrite plans, rewrites every file that changes, and proves each one. Where
// a file cannot be rewritten, its units stay, the plan is made again, and so on
// until every change is proven. The error is trouble with reading, never a
// failed proof.
func (s *Survey) Rewrite() (*Result, error) { return s.rewrite(s.holdUnchosen()) }

// RewriteOnly is Rewrite with the moves of some modules alone, by the name in
// the import statement. No fast_path.py is written.
func (s *Survey) RewriteOnly(moves func(module string) bool) (*Result, error) {
	return s.RewriteUnits(func(m *facts.Module, unit int) bool { return moves(m.Units[unit].Module) })
}

// RewriteUnits is Rewrite with the moves of some units alone, by their file and
// index. No fast_path.py is written.
func (s *Survey) RewriteUnits(moves func(m *facts.Module, unit int) bool) (*Result, error) {
	held := s.holdUnchosen()
	held.allFastPaths = true
	for _, m := range s.Input.Modules {
		for unit := range m.Units {
			if !moves(m, unit) {
				held.units = append(held.units, plan.FixedUnit{Path: m.Path, Unit: unit})
			}
		}
	}
	return s.rewrite(held)
}

func (s *Survey) rewrite(held *hold) (*Result, error) {
	var left []Failure
	for {
		in := s.Input
		in.Fixed = append(slices.Clone(in.Fixed), held.units...)
		in.Frozen = held.files
		p := plan.Make(in)
		held.withhold(s, p)
		changes, failures, err := s.attempt(p)
		if err != nil {
			return nil, err
		}
		left = append(left, failures...)
		slices.SortFunc(left, func(a, b Failure) int { return cmp.Compare(a.Path, b.Path) })
		if len(failures) == 0 {
			return &Result{Plan: p, Changes: changes, Left: left}, nil
		}
		for _, f := range failures {
			if !held.hold(p, s, f.Path) {
				// Leaving the file alone did not help, so nothing can be trusted.
				return &Result{Plan: p, Left: left}, nil
			}
		}
	}
}

// attempt rewrites and proves every file of one plan.
func (s *Survey) attempt(p *plan.Plan) (changes []Change, failures []Failure, err error) {
	tasks := s.tasks(p)
	made := make([]Change, len(tasks))
	troubles := make([]error, len(tasks))
	var done atomic.Int64
	each(len(tasks), s.job.Workers, beginParser, func(parser *syntax.Parser, i int) {
		made[i], troubles[i] = s.carryOut(parser, tasks[i])
		if n := int(done.Add(1)); s.job.Progress != nil {
			s.job.Progress("rewriting", n, len(tasks))
		}
	})
	for i, err := range troubles {
		var failure Failure
		switch {
		case errors.As(err, &failure):
			failures = append(failures, failure)
		case err != nil:
			return nil, nil, err
		case !bytes.Equal(made[i].Old, made[i].New) || made[i].Old == nil:
			changes = append(changes, made[i])
		}
	}
	return changes, failures, nil
}

// carryOut makes the change of one task. Its error is a Failure unless reading
// went wrong.
func (s *Survey) carryOut(parser *syntax.Parser, t task) (c Change, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = Failure{Path: t.path, Err: fmt.Errorf("%v\n%s", r, debug.Stack())}
		}
	}()
	if t.fastPath != nil {
		return s.renderFastPath(parser, t)
	}
	old, err := s.reread(t.path)
	if err != nil {
		return Change{}, err
	}
	var layout rewrite.Layout
	if s.job.Layout != nil {
		layout = s.job.Layout(t.path)
	}
	text, err := rewrite.Rewrite(rewrite.Job{Source: old, Facts: t.module, Decisions: t.moves, FastPath: t.use, Patches: t.patches, Section: s.section,
		Annotations: s.Input.Policy.Annotations, Layout: layout})
	if err == nil {
		err = check.Verify(old, text, s.proofOptions(t))
	}
	if err != nil {
		return Change{}, Failure{Path: t.path, Err: err}
	}
	return Change{Path: t.path, Old: old, New: text}, nil
}

// proofOptions are the changes that are asked for beyond moved imports: by the
// policy, and by the plan for patches.
func (s *Survey) proofOptions(t task) check.Options {
	annotations := s.Input.Policy.Annotations
	around := t.module.Name
	if !t.module.Package {
		around = around[:max(strings.LastIndexByte(around, '.'), 0)]
	}
	options := check.Options{Package: around, FastPath: t.through, Quote: annotations == "quote", Future: annotations == "future"}
	for _, e := range t.patches {
		options.Strings = append(options.Strings, check.String{At: e.Span.Start, Old: e.Old, New: e.New})
	}
	return options
}

func (s *Survey) renderFastPath(parser *syntax.Parser, t task) (Change, error) {
	c, err := s.fastPathText(t.fastPath)
	if err == nil {
		_, err = parser.Parse(c.New)
	}
	var refusal *fastpath.Refusal
	var unread *fs.PathError
	switch {
	case err == nil:
		return c, nil
	case errors.As(err, &unread):
		return Change{}, err
	}
	return Change{}, Failure{Path: t.path, Err: err, Refused: errors.As(err, &refusal)}
}

// fastPathText renders a fast_path.py on top of what the file holds now.
func (s *Survey) fastPathText(fp *plan.FastPathFile) (Change, error) {
	old, err := s.job.Read(fp.Path)
	if errors.Is(err, fs.ErrNotExist) {
		old, err = nil, nil
	}
	if err != nil {
		return Change{}, &fs.PathError{Op: "reading", Path: fp.Path, Err: err}
	}
	text, err := fastpath.Render(old, *fp)
	return Change{Path: fp.Path, Old: old, New: text}, err
}
