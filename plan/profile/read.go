package profile

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strings"

	"fastpath/plan/jsondoc"
)

// maxMS is the largest figure that is believed. An import of over an hour is a
// figure in another unit.
const maxMS = 3_600_000

const shortHint = `write milliseconds, as in {"json": 0.8}`

// Read reads any written form of a profile: profile.json, the short form
// {"json": 0.8}, or the text of `python -X importtime` with whatever a log
// collector put in front of its rows. name is what messages call the file.
//
// Errors name the file, the line and the column, and the path within the JSON.
func Read(name string, data []byte) (*Profile, error) {
	text, err := jsondoc.Text(name, data)
	if err == nil && bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) && !isLog(text) {
		return readJSON(name, text)
	}
	if err != nil && isLog(data) {
		// The program's own output in a log may hold any bytes.
		return readLog(name, bytes.ToValidUTF8(data, []byte("?")))
	}
	if isLog(text) {
		return readLog(name, text)
	}
	if err != nil {
		return nil, err
	}
	d, err := jsondoc.Parse(name, text)
	if err != nil {
		if len(bytes.TrimSpace(text)) > 0 && strings.IndexByte(`{["`, bytes.TrimSpace(text)[0]) < 0 {
			return nil, fmt.Errorf("%s: neither JSON nor a log of python -X importtime; %s, or save what `python -X importtime -c \"import MODULE\"` prints", name, shortHint)
		}
		return nil, err
	}
	return nil, d.Errorf(d.Root, "%s where an object is wanted; %s", d.Root.Kind, shortHint)
}

func readJSON(name string, text []byte) (*Profile, error) {
	d, err := jsondoc.Parse(name, text)
	if err != nil {
		return nil, err
	}
	r := reader{Document: d, p: &Profile{Schema: Schema, Modules: map[string]Module{}}}
	modules, long := d.Root.Get("modules")
	named := long
	long = long && modules.Kind == jsondoc.Object
	if !long && !r.onlyNumbers() {
		// "schema" is also the name of a module, so it marks the long form
		// only where something else does not look like a figure.
		if schema, found := d.Root.Get("schema"); found {
			if err := r.schema(schema); err != nil {
				return nil, err
			}
			if named {
				return nil, d.Errorf(modules, `%s where the modules are wanted, as in {"json": {"import_ms": 0.8}}`, modules.Describe())
			}
			return nil, d.Errorf(d.Root, `"modules" is missing; the long form needs {"schema": %d, "modules": {"json": {"import_ms": 0.8}}}`, Schema)
		}
	}
	if long {
		err = r.long()
	} else {
		err = r.short()
	}
	if err != nil {
		return nil, err
	}
	return r.p, nil
}

// A reader fills one profile from one document.
type reader struct {
	*jsondoc.Document
	p *Profile
}

func (r *reader) onlyNumbers() bool {
	for _, m := range r.Root.Members {
		if m.Value.Kind != jsondoc.Number {
			return false
		}
	}
	return true
}

func (r *reader) short() error {
	r.p.Short, r.p.Source = true, SourceShort
	for _, m := range r.Root.Members {
		if err := r.moduleName(m); err != nil {
			return err
		}
		ms, err := r.ms(m.Value)
		if err != nil {
			return err
		}
		r.p.Modules[m.Name] = Module{ImportMS: ms}
	}
	return nil
}

func (r *reader) schema(v jsondoc.Value) error {
	n, ok := v.Float()
	switch {
	case !ok || n != float64(int(n)) || n < 1:
		return r.Errorf(v, "%s is no schema version; this fastpath writes %d", v.Describe(), Schema)
	case n > Schema:
		return r.Errorf(v, "schema %s is newer than this fastpath knows (%d); upgrade fastpath, or run `fastpath profile` again", v.Text, Schema)
	}
	r.p.Schema = int(n)
	return nil
}

func (r *reader) long() error {
	if _, found := r.Root.Get("schema"); !found {
		return r.Errorf(r.Root, `"schema" is missing; add "schema": %d`, Schema)
	}
	for _, m := range r.Root.Members {
		v, err := m.Value, error(nil)
		switch m.Name {
		case "schema":
			err = r.schema(v)
		case "source":
			if r.p.Source, err = r.text(v); err == nil && r.p.Source != SourceImportTime && r.p.Source != SourceShort {
				err = r.Errorf(v, "%q is no source; it is %q, %q, or left out", r.p.Source, SourceImportTime, SourceShort)
			}
			r.p.Short = r.p.Source == SourceShort
		case "date":
			if r.p.Date, err = r.text(v); err == nil && !jsondoc.IsDate(r.p.Date) {
				err = r.Errorf(v, "%q is no date; write it as 2025-11-08", r.p.Date)
			}
		case "python":
			r.p.Python, err = r.text(v)
		case "implementation":
			r.p.Implementation, err = r.text(v)
		case "platform":
			r.p.Platform, err = r.text(v)
		case "entry":
			r.p.Entry, err = r.texts(v)
		case "floor_ms":
			r.p.FloorMS, err = r.ms(v)
		case "runs":
			var n float64
			if n, err = r.number(v, 1e9); err == nil && n != float64(int(n)) {
				err = r.Errorf(v, "%s is no count of runs", v.Text)
			}
			r.p.Runs = int(n)
		case "modules":
			err = r.modules(v)
		default:
			r.note(m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) modules(v jsondoc.Value) error {
	for _, m := range v.Members {
		if err := r.moduleName(m); err != nil {
			return err
		}
		module, err := r.module(m.Value)
		if err != nil {
			return err
		}
		r.p.Modules[m.Name] = module
	}
	return nil
}

func (r *reader) module(v jsondoc.Value) (Module, error) {
	m := Module{Unmeasured: true}
	if v.Kind == jsondoc.Number {
		ms, err := r.ms(v)
		return Module{ImportMS: ms}, err
	}
	if v.Kind != jsondoc.Object {
		return m, r.Errorf(v, "%s where an object is wanted, as in {\"import_ms\": 0.8}", v.Kind)
	}
	cumulative := false
	for _, member := range v.Members {
		v, err := member.Value, error(nil)
		switch member.Name {
		case "import_ms":
			m.ImportMS, err = r.ms(v)
			m.Unmeasured = false
		case "self_ms":
			m.SelfMS, err = r.ms(v)
		case "cumulative_ms":
			m.CumulativeMS, err = r.ms(v)
			cumulative = true
		case "spread_ms":
			m.SpreadMS, err = r.ms(v)
		case "rss_kb":
			m.RSSKB, err = r.number(v, 1e12)
		case "kind":
			if m.Kind, err = r.text(v); err == nil && m.Kind != "stdlib" && m.Kind != "third-party" && m.Kind != "first-party" {
				err = r.Errorf(v, "%q is no kind; it is stdlib, third-party or first-party", m.Kind)
			}
		case "file":
			m.File, err = r.text(v)
		case "imports":
			m.Imports, err = r.edges(v)
		case "effects":
			m.Effects, err = r.texts(v)
		case "names":
			if m.Names, err = r.texts(v); err == nil {
				slices.Sort(m.Names)
			}
		case "failed":
			m.Failed, err = r.text(v)
		default:
			r.note(member)
		}
		if err != nil {
			return m, err
		}
	}
	// Without a measurement in isolation, the time within the whole program is
	// the best figure there is.
	if m.Unmeasured && cumulative {
		m.ImportMS, m.Unmeasured = m.CumulativeMS, false
	}
	return m, nil
}

// edges reads {"a": "eager", "b": "lazy", "c": "called"}; a plain list is all
// eager.
func (r *reader) edges(v jsondoc.Value) ([]Edge, error) {
	var edges []Edge
	switch v.Kind {
	case jsondoc.Array:
		names, err := r.texts(v)
		for _, name := range names {
			edges = append(edges, Edge{Module: name})
		}
		if err != nil {
			return nil, err
		}
	case jsondoc.Object:
		for _, m := range v.Members {
			if err := r.moduleName(m); err != nil {
				return nil, err
			}
			kind, err := r.text(m.Value)
			if err != nil {
				return nil, err
			}
			if kind != "eager" && kind != "lazy" && kind != "called" {
				return nil, r.Errorf(m.Value, "%q is no kind of import; it is eager, lazy or called", kind)
			}
			edges = append(edges, Edge{Module: m.Name, Lazy: kind == "lazy", Called: kind == "called"})
		}
	default:
		return nil, r.Errorf(v, `%s where an object is wanted, as in {"json.decoder": "eager"}`, v.Kind)
	}
	sort.Slice(edges, func(i, j int) bool { return edges[i].Module < edges[j].Module })
	return edges, nil
}

func (r *reader) moduleName(m jsondoc.Member) error {
	if strings.TrimSpace(m.Name) == "" {
		return r.KeyErrorf(m, "the module name is empty; write the dotted name that the import uses")
	}
	return nil
}

func (r *reader) text(v jsondoc.Value) (string, error) {
	if v.Kind != jsondoc.String {
		return "", r.Errorf(v, "%s where a string is wanted", v.Kind)
	}
	return v.Text, nil
}

func (r *reader) texts(v jsondoc.Value) ([]string, error) {
	if v.Kind != jsondoc.Array {
		return nil, r.Errorf(v, "%s where an array of strings is wanted", v.Kind)
	}
	texts := make([]string, len(v.Items))
	for i, item := range v.Items {
		var err error
		if texts[i], err = r.text(item); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

func (r *reader) ms(v jsondoc.Value) (float64, error) {
	if v.Kind != jsondoc.Number {
		return 0, r.Errorf(v, "%s where milliseconds are wanted; %s", v.Describe(), shortHint)
	}
	ms, err := r.number(v, maxMS)
	if err != nil && !strings.HasPrefix(v.Text, "-") {
		return 0, r.Errorf(v, "%s is over an hour; are these milliseconds?", v.Text)
	}
	return ms, err
}

// number reads a number from 0 to most.
func (r *reader) number(v jsondoc.Value, most float64) (float64, error) {
	n, ok := v.Float()
	switch {
	case v.Kind != jsondoc.Number:
		return 0, r.Errorf(v, "%s where a number is wanted", v.Describe())
	case n < 0:
		return 0, r.Errorf(v, "%s is negative; write 0 or more", v.Text)
	case !ok || n > most:
		return 0, r.Errorf(v, "%s is too large to be true", v.Text)
	case n == 0:
		return 0, nil // JSON knows -0, which would be written back as such
	}
	return n, nil
}

func (r *reader) note(m jsondoc.Member) {
	line, _ := r.Position(m.Value)
	r.p.Notes = append(r.p.Notes, fmt.Sprintf("%s:%d: the key %q is unknown and was read over", r.Name, line, m.Value.Path))
}
