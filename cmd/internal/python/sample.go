package python

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"fastpath/plan/evidence"
)

// An Event is a request that a handler can answer.
type Event struct {
	Class  string
	Weight float64
	JSON   []byte
}

// A Target is what a cold start loads and, where there are events, what answers
// requests after it.
type Target struct {
	Module   string // dotted, or a file below the session's folder
	Function string // of the module, dotted; "" without events
	Events   []Event
}

// Warm sends a session's process through every class of events once, so that all
// byte code is there. It gives the file that the module was loaded from, "" for
// none.
func (s *Session) Warm(ctx context.Context, t Target) (file string, err error) {
	for i := range max(1, len(t.Events)) {
		if _, file, err = s.sample(ctx, t, i); err != nil {
			return "", err
		}
	}
	return file, nil
}

// Sample measures one cold start in a fresh process, and the requests that
// follow it. Sample number n sends an event of class n, in turn.
func (s *Session) Sample(ctx context.Context, t Target, n int) (evidence.Sample, error) {
	sample, _, err := s.sample(ctx, t, n)
	return sample, err
}

func (s *Session) sample(ctx context.Context, t Target, n int) (sample evidence.Sample, file string, err error) {
	var r *report
	if len(t.Events) == 0 {
		r, err = s.probe(ctx, "cold", t.Module)
	} else {
		event := t.Events[n%len(t.Events)]
		sample.Event = event.Class
		r, err = s.serve(ctx, t, event)
	}
	switch {
	case ctx.Err() != nil:
		return sample, "", ctx.Err()
	case err != nil:
		return sample, "", fmt.Errorf("importing %s: %w", t.Module, err)
	case r.Error != nil && r.Serving:
		return sample, "", fmt.Errorf("sending the event %q to %s:%s: %w", sample.Event, t.Module, t.Function,
			&RunError{Reason: r.Error.Line, Output: r.Error.Traceback})
	case r.Error != nil:
		return sample, "", fmt.Errorf("importing %s: %w", t.Module, &RunError{Reason: r.Error.Line, Output: r.Error.Traceback})
	}
	sample.WallMS, sample.CPUMS = milliseconds(r.NS), milliseconds(r.CPUNS)
	sample.PeakKB, sample.Modules = r.Peak, float64(r.Loads)
	sample.FirstMS = milliseconds(r.First)
	warm := make([]float64, len(r.Warm))
	for i, ns := range r.Warm {
		warm[i] = milliseconds(ns)
	}
	sample.WarmMS = evidence.Median(warm)
	return sample, r.File, nil
}

// serve starts a process that answers one event again and again.
func (s *Session) serve(ctx context.Context, t Target, e Event) (*report, error) {
	text, err := literal(e.JSON)
	if err != nil {
		return nil, fmt.Errorf("reading the event %q: %w", e.Class, err)
	}
	f, err := os.CreateTemp(s.temp, "event-*.txt")
	if err != nil {
		return nil, fmt.Errorf("making a file for an event: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return nil, fmt.Errorf("writing an event: %w", err)
	}
	return s.probe(ctx, "serve", t.Module, t.Function, f.Name())
}

// literal spells JSON so that Python reads the same value from it as an
// expression in which true, false and null are names.
func literal(text []byte) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Loads measures what each module of a cold start takes: the median of a few
// fresh processes.
func (s *Session) Loads(ctx context.Context, module string, runs int) (map[string]evidence.Loaded, error) {
	own, whole := map[string][]float64{}, map[string][]float64{}
	for range runs {
		r, err := s.probe(ctx, "load", module)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			return nil, fmt.Errorf("importing %s: %w", module, err)
		case r.Error != nil:
			return nil, fmt.Errorf("importing %s: %w", module, &RunError{Reason: r.Error.Line, Output: r.Error.Traceback})
		}
		for name, t := range r.Times {
			own[name], whole[name] = append(own[name], milliseconds(t[0])), append(whole[name], milliseconds(t[1]))
		}
	}
	loads := make(map[string]evidence.Loaded, len(own))
	for name := range own {
		loads[name] = evidence.Loaded{SelfMS: evidence.Median(own[name]), CumulativeMS: evidence.Median(whole[name])}
	}
	return loads, nil
}

// Handler splits the name of a handler: module:function, or module.function as
// AWS Lambda writes it, where the module may be a path.
func Handler(name string) (module, function string, err error) {
	module, function, found := strings.Cut(name, ":")
	if !found {
		at := strings.LastIndexByte(name, '.')
		if at < 0 {
			return "", "", fmt.Errorf("%q names no handler; want module:function", name)
		}
		module, function = name[:at], name[at+1:]
	}
	if !strings.HasSuffix(module, ".py") {
		module = strings.ReplaceAll(strings.Trim(module, "/"), "/", ".")
	}
	if module == "" || function == "" {
		return "", "", fmt.Errorf("%q names no handler; want module:function", name)
	}
	return module, function, nil
}
