package python

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fastpath/plan/profile"
)

// Options say what to profile. Only Dir and one of Entry and Modules are needed.
type Options struct {
	Python   string   // as in the configuration; see Find
	Dir      string   // absolute path of the project
	Src      []string // import roots, relative to Dir; none means Dir
	Entry    []string // files relative to Dir, or dotted names
	Vendored []string // folders relative to Dir whose code is third-party

	// Modules are the dotted names that the project's import statements load
	// anywhere: a.b for `import a.b`, a.b.c for `from a.b import c`. They are
	// measured even where no entry loads them. Names of attributes are told
	// from names of modules.
	Modules []string

	Env     []string      // added to the environment, "NAME=value"
	Runs    int           // samples of each figure; 0 means 5
	Timeout time.Duration // of one import; 0 means a minute
	// Budget bounds the whole: once it is used up each figure gets no more
	// samples than it has. 0 means 10 minutes.
	Budget time.Duration
	// MaxIsolated bounds the modules that are imported alone; the cost of the
	// others is added up from their parts. 0 means 400.
	MaxIsolated int

	Date     string                // of the profile, "2006-01-02"
	Progress func(done, total int) // may be nil; total can grow
}

// A Note is something that a person should know of the profiling.
type Note struct {
	Module    string
	Message   string
	Traceback string // of an import that failed or hung; "" otherwise
}

func (n Note) String() string {
	if n.Module == "" {
		return n.Message
	}
	return n.Module + ": " + n.Message
}

// Profile imports the entries and the modules of the project in fresh processes
// and gives what each costs, loads and changes. A module that fails or hangs is
// reported in a note and the rest goes on. Nothing is written below Dir except
// by the modules themselves.
//
// Errors are about the interpreter and the context; so is a profile in which not
// one module could be imported.
func Profile(ctx context.Context, o Options) (p *profile.Profile, notes []Note, err error) {
	interpreter, err := Find(ctx, o.Dir, o.Python)
	if err != nil {
		return nil, nil, err
	}
	session, err := NewSession(interpreter.Path, o.Dir, o.Env)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	session.Src, session.Timeout = o.Src, o.Timeout
	if o.Runs <= 0 {
		o.Runs = 5
	}
	if o.Budget <= 0 {
		o.Budget = 10 * time.Minute
	}
	if o.MaxIsolated <= 0 {
		o.MaxIsolated = 400
	}
	r := &profiler{Options: o, session: session, until: time.Now().Add(o.Budget), found: newFindings()}
	if err := r.run(ctx); err != nil {
		return nil, r.notes, err
	}
	p = r.found.profile(o)
	p.Python = interpreter.Version
	return p, r.notes, nil
}

// A profiler is one call of Profile.
type profiler struct {
	Options
	session     *Session
	until       time.Time
	found       *findings
	notes       []Note
	missing     []string // modules that are not installed
	done, total int
}

func (r *profiler) run(ctx context.Context) error {
	names := r.names()
	if err := r.session.keep(wanted, names); err != nil {
		return err
	}
	r.total = (r.Runs+1)*(len(r.Entry)+1) + len(names)
	if err := r.floor(ctx); err != nil {
		return err
	}
	var entries []string
	for _, entry := range r.Entry {
		report, err := r.trace(ctx, entry, true)
		if err != nil {
			return err
		}
		if report != nil {
			entries = append(entries, report.Name)
			r.found.entries = append(r.found.entries, report.Name)
		}
	}
	if err := r.traceAll(ctx, names); err != nil {
		return err
	}
	if n := len(r.missing); n > 0 {
		r.notes = append(r.notes, Note{Message: "not installed for this Python: " + strings.Join(r.missing, ", ")})
	}
	if len(r.found.loaded) == 0 {
		return errors.New("no module could be imported; the notes tell why")
	}
	if err := r.load(ctx, r.isolated(entries, names)); err != nil {
		return err
	}
	if ratio := r.found.waiting(); ratio > 1.5 {
		r.notes = append(r.notes, Note{Message: fmt.Sprintf("the imports took %.1f times their CPU time: the machine was busy, or they wait for something; profile again on an idle machine", ratio)})
	}
	return nil
}

// names are the wanted dotted names with the modules around them, parents
// first.
func (r *profiler) names() []string {
	set := map[string]bool{}
	for _, name := range r.Modules {
		for ; name != ""; name = parent(name) {
			set[name] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

func parent(name string) string { return name[:max(strings.LastIndexByte(name, '.'), 0)] }

func (r *profiler) step() {
	r.done++
	if r.Progress != nil {
		r.Progress(r.done, max(r.total, r.done))
	}
}

func (r *profiler) floor(ctx context.Context) error {
	for run := range r.Runs + 1 {
		took, err := r.session.Floor(ctx)
		if err != nil {
			return err
		}
		if run > 0 {
			r.found.floor = append(r.found.floor, milliseconds(took.Nanoseconds()))
		}
		r.step()
	}
	return nil
}

// isolated chooses the modules that are imported alone: the entries, what the
// project names, and what its own modules were seen to import.
func (r *profiler) isolated(entries, names []string) []string {
	var chosen []string
	seen := map[string]bool{}
	add := func(name string) {
		if r.found.loaded[name] && r.found.failed[name] == "" && !seen[name] {
			seen[name] = true
			chosen = append(chosen, name)
		}
	}
	for _, name := range slices.Concat(entries, names) {
		add(name)
	}
	for _, importer := range slices.Sorted(maps.Keys(r.found.edges)) {
		if r.found.places[importer][0] == "first-party" {
			for _, imported := range slices.Sorted(maps.Keys(r.found.edges[importer])) {
				add(imported)
			}
		}
	}
	if len(chosen) > r.MaxIsolated {
		r.notes = append(r.notes, Note{Message: fmt.Sprintf("%d of %d modules were imported alone; the cost of the others is added up from their parts", r.MaxIsolated, len(chosen))})
		chosen = chosen[:r.MaxIsolated]
	}
	return chosen
}

// load takes the samples, one of each module in turn, so that a change of the
// machine's speed falls on all of them.
func (r *profiler) load(ctx context.Context, modules []string) error {
	r.total = r.done + r.Runs*len(modules)
	broken := map[string]bool{}
	for run := range r.Runs {
		for _, module := range modules {
			r.step()
			if broken[module] {
				continue
			}
			if run > 0 && time.Now().After(r.until) {
				r.notes = append(r.notes, Note{Message: fmt.Sprintf("the time of %v was used up in run %d of %d", r.Budget, run+1, r.Runs)})
				return nil
			}
			report, err := r.session.probe(ctx, "load", module)
			var failed *RunError
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err == nil && report.Error != nil:
				broken[module] = true
				r.notes = append(r.notes, Note{Module: module, Message: "imported alone: " + report.Error.Line, Traceback: report.Error.Traceback})
			case err == nil:
				r.found.alone[module] = append(r.found.alone[module], report)
			case errors.As(err, &failed):
				broken[module] = true
				r.notes = append(r.notes, Note{Module: module, Message: "imported alone: " + failed.Error(), Traceback: failed.Output})
			default:
				return err
			}
		}
	}
	return nil
}

func milliseconds(ns int64) float64 { return float64(ns) / 1e6 }
