package python

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// Files of names, for the probe to read.
const (
	wanted = "wanted"
	batch  = "batch"
)

// mostBatch is how many modules one process imports to be traced.
const mostBatch = 100

// trace imports one module with all hooks in a process of its own. The report
// is nil, and a note made, if nothing is known of the module afterwards.
func (r *profiler) trace(ctx context.Context, module string, entry bool) (*report, error) {
	if entry {
		r.step()
	}
	report, err := r.session.probe(ctx, "trace", module, r.session.path(wanted))
	var run *RunError
	switch {
	case errors.As(err, &run):
		r.fails(report.Name, run.Error(), run.Reason, run.Output)
		return nil, nil
	case err != nil:
		return nil, err
	}
	r.found.add(report)
	name, failed := report.Name, report.Error
	switch {
	case failed == nil:
		return report, nil
	case !entry && failed.Missing == name:
		// Its absence may be handled, and there is nothing to trace back. An
		// attribute that only an instance or __getattr__ has is no module at all.
		if !r.found.known(parent(name)) {
			r.missing = append(r.missing, name)
			r.found.failed[name] = failed.Line
		}
		return nil, nil
	case entry && len(report.Loaded) > 0:
		r.fails(name, fmt.Sprintf("%s (%d modules were loaded before; their figures count)", failed.Line, len(report.Loaded)), failed.Line, failed.Traceback)
	default:
		r.fails(name, failed.Line, failed.Line, failed.Traceback)
	}
	return report, nil
}

// fails notes that a module cannot be imported; the reason is what the profile
// says of it.
func (r *profiler) fails(module, message, reason, traceback string) {
	r.notes = append(r.notes, Note{Module: module, Message: message, Traceback: traceback})
	r.found.failed[module] = portable(reason)
}

// traceAll traces the modules that no entry loads, many in one process: an
// application names hundreds, and most of them load the same.
func (r *profiler) traceAll(ctx context.Context, names []string) error {
	var alone []string
	for left := r.unknown(names); len(left) > 0; left = r.unknown(left) {
		if r.late(len(left)) {
			return nil
		}
		now := left[:min(len(left), mostBatch)]
		if err := r.session.keep(batch, now); err != nil {
			return err
		}
		within := max(r.session.limit(), time.Until(r.until))
		report, err := r.session.probeWithin(ctx, within, "trace", "", r.session.path(wanted), r.session.path(batch))
		var run *RunError
		switch {
		case errors.As(err, &run):
			// Those before it are lost with the process, and are tried again.
			name := report.Name
			if !slices.Contains(now, name) {
				name = now[0]
			}
			r.step()
			r.fails(name, run.Error(), run.Reason, run.Output)
			continue
		case err != nil:
			return err
		}
		r.found.add(report)
		// What fails may do so because of what was imported before it.
		alone = append(alone, slices.Sorted(maps.Keys(report.Errors))...)
		for range now {
			r.step()
		}
		left = left[len(now):]
	}
	for i, name := range r.unknown(alone) {
		if r.late(len(alone) - i) {
			return nil
		}
		if r.found.known(name) {
			continue
		}
		if reason := r.found.failed[parent(name)]; reason != "" && !r.found.loaded[parent(name)] {
			r.found.failed[name] = reason
		} else if _, err := r.trace(ctx, name, false); err != nil {
			return err
		}
	}
	return nil
}

// unknown are the names that are neither modules nor attributes nor failed, as
// far as is known. Parents stand before their children.
func (r *profiler) unknown(names []string) []string {
	var left []string
	for _, name := range names {
		around := parent(name)
		switch reason := r.found.failed[around]; {
		case r.found.known(name):
		case reason != "" && !r.found.loaded[around]:
			r.found.failed[name] = reason
		default:
			left = append(left, name)
		}
	}
	return left
}

// late tells whether the time is used up, and notes it.
func (r *profiler) late(left int) bool {
	if time.Now().Before(r.until) {
		return false
	}
	r.notes = append(r.notes, Note{Message: fmt.Sprintf("the time of %v was used up; nothing is known of %d modules", r.Budget, left)})
	return true
}

// keep writes a file of names.
func (s *Session) keep(file string, names []string) error {
	if err := os.WriteFile(s.path(file), []byte(strings.Join(names, "\n")), 0o600); err != nil {
		return fmt.Errorf("writing names for the probe: %w", err)
	}
	return nil
}
