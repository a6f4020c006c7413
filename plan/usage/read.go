package usage

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"fastpath/plan/jsondoc"
)

const (
	shortHint = `write percent of requests, as in {"pandas": 5}`
	longHint  = `counts need {"schema": 1, "requests": 1000, "modules": {"pandas": 50}}`
	maxCount  = 1e15 // float64 still counts by ones
)

// Read reads any written form of usage: usage.json, the short form
// {"pandas": 5} in percent, coverage.py's JSON with contexts, or text that
// holds the recorder's lines. name is what messages call the file.
//
// Errors name the file, the line and the column, and the path within the JSON.
func Read(name string, data []byte) (*Usage, error) {
	text, err := jsondoc.Text(name, data)
	if err != nil && bytes.Contains(data, []byte(marker)) {
		// The program's own output in a log may hold any bytes.
		return readLines(name, bytes.ToValidUTF8(data, []byte("?")))
	}
	if err != nil {
		return nil, err
	}
	if bytes.Contains(text, []byte(marker)) {
		return readLines(name, text)
	}
	d, err := jsondoc.Parse(name, text)
	if err != nil {
		if start := bytes.TrimSpace(text); len(start) > 0 && strings.IndexByte(`{["`, start[0]) < 0 {
			return nil, fmt.Errorf("%s: neither JSON nor lines of the recorder; %s", name, shortHint)
		}
		return nil, err
	}
	return fromDocument(d)
}

func fromDocument(d *jsondoc.Document) (*Usage, error) {
	if d.Root.Kind != jsondoc.Object {
		return nil, d.Errorf(d.Root, "%s where an object is wanted; %s", d.Root.Kind, shortHint)
	}
	r := reader{Document: d, u: &Usage{Modules: map[string]float64{}, Functions: map[string]float64{}}}
	if err := r.read(); err != nil {
		return nil, err
	}
	return r.u, nil
}

// A reader fills one Usage from one document.
type reader struct {
	*jsondoc.Document
	u         *Usage
	functions []string // in the order of the document, for sets to point into
}

func (r *reader) read() error {
	// "requests" and "schema" are names of modules as well: only a table of
	// counts, or something that is no figure, makes the long form.
	meta, isCoverage := r.Root.Get("meta")
	files, hasFiles := r.Root.Get("files")
	if isCoverage && hasFiles && meta.Kind == jsondoc.Object && files.Kind == jsondoc.Object {
		return r.coverage(meta, files)
	}
	long, figures := false, true
	for _, m := range r.Root.Members {
		long = long || (m.Name == "modules" || m.Name == "functions") && m.Value.Kind == jsondoc.Object
		figures = figures && m.Value.Kind == jsondoc.Number
	}
	if schema, found := r.Root.Get("schema"); found && (long || !figures) {
		if err := r.schema(schema); err != nil {
			return err
		}
		if !long {
			return r.Errorf(r.Root, `neither "modules" nor "functions" is there; %s`, longHint)
		}
	}
	if long {
		return r.long()
	}
	return r.short()
}

func (r *reader) short() error {
	for _, m := range r.Root.Members {
		if err := r.name(m); err != nil {
			return err
		}
		v := m.Value
		pct, ok := v.Float()
		switch {
		case v.Kind != jsondoc.Number:
			return r.Errorf(v, "%s where a percentage is wanted; %s", v.Describe(), shortHint)
		case pct < 0:
			return r.Errorf(v, "%s is negative; %s", v.Text, shortHint)
		case !ok || pct > 100:
			return r.Errorf(v, "%s is above 100 percent; %s", v.Text, longHint)
		}
		if strings.Contains(m.Name, "::") {
			r.u.Functions[Key(m.Name)] = round(pct)
		} else {
			r.u.Modules[m.Name] = round(pct)
		}
	}
	return nil
}

func (r *reader) schema(v jsondoc.Value) error {
	n, ok := v.Float()
	switch {
	case !ok || n != math.Trunc(n) || n < 1:
		return r.Errorf(v, "%s is no schema version; this fastpath writes %d", v.Describe(), Schema)
	case n > Schema:
		return r.Errorf(v, "schema %s is newer than this fastpath knows (%d); upgrade fastpath", v.Text, Schema)
	}
	return nil
}

func (r *reader) long() error {
	requests, found := r.Root.Get("requests")
	if !found {
		return r.Errorf(r.Root, `"requests" is missing; %s`, longHint)
	}
	var err error
	if r.u.Requests, err = r.count(requests, maxCount); err != nil {
		return err
	}
	if r.u.Requests == 0 {
		return r.Errorf(requests, "0 requests were counted, so no share can be told; record some first")
	}
	for _, m := range r.Root.Members {
		v, err := m.Value, error(nil)
		switch m.Name {
		case "schema", "requests":
		case "modules":
			_, err = r.counts(v, r.u.Modules)
		case "functions":
			if r.functions, err = r.counts(v, r.u.Functions); err == nil {
				err = r.allFunctions(v)
			}
		case "complete":
			if r.u.Complete = v.Bool; v.Kind != jsondoc.Bool {
				err = r.Errorf(v, "%s where true or false is wanted", v.Describe())
			}
		case "period":
			r.u.Period, err = r.period(v)
		case "sets": // after "functions", wherever it stands
		default:
			line, _ := r.Position(v)
			r.u.Notes = append(r.u.Notes, fmt.Sprintf("%s:%d: the key %q is unknown and was read over", r.Name, line, v.Path))
		}
		if err != nil {
			return err
		}
	}
	if sets, found := r.Root.Get("sets"); found {
		return r.sets(sets)
	}
	return nil
}

// counts reads a table of requests by name into percentages and gives the keys
// in the order of the document.
func (r *reader) counts(v jsondoc.Value, into map[string]float64) ([]string, error) {
	if v.Kind != jsondoc.Object {
		return nil, r.Errorf(v, `%s where an object is wanted; %s`, v.Kind, longHint)
	}
	var keys []string
	for _, m := range v.Members {
		if err := r.name(m); err != nil {
			return nil, err
		}
		n, err := r.count(m.Value, maxCount)
		if err != nil {
			return nil, err
		}
		if n > r.u.Requests {
			return nil, r.Errorf(m.Value, "%s of %v requests used it, more than there were; count each request once", m.Value.Text, r.u.Requests)
		}
		key := m.Name
		if strings.Contains(key, "::") {
			key = Key(key)
		}
		into[key] = round(100 * n / r.u.Requests)
		keys = append(keys, key)
	}
	return keys, nil
}

// allFunctions refuses a name in the table of functions that is none: nothing would
// ever ask for it.
func (r *reader) allFunctions(v jsondoc.Value) error {
	for _, m := range v.Members {
		if !strings.Contains(m.Name, "::") {
			return r.Errorf(m.Value, `%q is no function: want the file and the function, as in "app/report.py::Report.render"`, m.Name)
		}
	}
	return nil
}

// sets reads [[requests, function, …], …], functions by their position in the
// table of functions.
func (r *reader) sets(v jsondoc.Value) error {
	if v.Kind != jsondoc.Array {
		return r.Errorf(v, "%s where an array of arrays is wanted", v.Kind)
	}
	var total float64
	sums := map[string]float64{}
	for _, item := range v.Items {
		if item.Kind != jsondoc.Array || len(item.Items) == 0 {
			return r.Errorf(item, "%s where [requests, function, …] is wanted", item.Describe())
		}
		n, err := r.count(item.Items[0], r.u.Requests)
		if err != nil {
			return err
		}
		set := Set{Share: round(100 * n / r.u.Requests)}
		for _, index := range item.Items[1:] {
			at, err := r.count(index, maxCount)
			if err != nil {
				return err
			}
			if at != math.Trunc(at) || at >= float64(len(r.functions)) {
				return r.Errorf(index, "%s is no position in the %d functions", index.Text, len(r.functions))
			}
			key := r.functions[int(at)]
			set.Functions = append(set.Functions, key)
		}
		slices.Sort(set.Functions)
		set.Functions = slices.Compact(set.Functions)
		for _, key := range set.Functions {
			if sums[key] += set.Share; sums[key] > r.u.Functions[key]+1e-6 {
				return r.Errorf(item, "the sets count %q more often than the functions do", key)
			}
		}
		if total += set.Share; total > 100+1e-6 {
			return r.Errorf(item, "the sets count more than the %v requests", r.u.Requests)
		}
		r.u.Sets = append(r.u.Sets, set)
	}
	return nil
}

// period reads "from/to", or the object {"from": …, "to": …}.
func (r *reader) period(v jsondoc.Value) (string, error) {
	from, to, whole := "", "", false
	switch v.Kind {
	case jsondoc.String:
		from, to, whole = strings.Cut(v.Text, "/")
	case jsondoc.Object:
		f, hasFrom := v.Get("from")
		t, hasTo := v.Get("to")
		from, to, whole = f.Text, t.Text, hasFrom && hasTo
	}
	if !whole || !jsondoc.IsDate(from) || !jsondoc.IsDate(to) || from > to {
		return "", r.Errorf(v, `no period; write "2025-10-01/2025-10-31"`)
	}
	return from + "/" + to, nil
}

// count reads a number of requests; it need not be whole, because merged and
// sampled counts are scaled.
func (r *reader) count(v jsondoc.Value, most float64) (float64, error) {
	n, ok := v.Float()
	switch {
	case v.Kind != jsondoc.Number:
		return 0, r.Errorf(v, "%s where a number of requests is wanted; %s", v.Describe(), longHint)
	case n < 0:
		return 0, r.Errorf(v, "%s is negative; a count is 0 or more", v.Text)
	case !ok || n > most:
		return 0, r.Errorf(v, "%s is too large to be true", v.Text)
	}
	return n, nil
}

func (r *reader) name(m jsondoc.Member) error {
	file, function, isFunction := strings.Cut(m.Name, "::")
	switch {
	case strings.TrimSpace(m.Name) == "":
		return r.KeyErrorf(m, "the name is empty; write the dotted module name that the import uses")
	case isFunction && (strings.TrimSpace(file) == "" || strings.TrimSpace(function) == ""):
		return r.KeyErrorf(m, `%q names no function; write it as "app/report.py::Report.render"`, m.Name)
	}
	return nil
}
