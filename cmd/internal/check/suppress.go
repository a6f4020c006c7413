package check

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"

	"fastpath/plan/jsondoc"
)

// A Suppression accepts a finding that existed when a project began to check.
// It holds no line: lines move.
type Suppression struct {
	File   string `json:"file"`
	Module string `json:"module"`
	Code   string `json:"code"`
}

func (f Finding) suppression() Suppression {
	return Suppression{File: f.File, Module: f.Module, Code: f.Code.ID}
}

// Suppressions are those that accept all findings that stand, sorted, each
// once, and those of the options that nobody asked about this time.
func Suppressions(t Tree, o Options) []Suppression {
	s := &search{Tree: t, Options: o}
	list := slices.DeleteFunc(slices.Clone(o.Suppressed), s.lookedFor)
	o.Suppressed = nil
	findings, _ := All(t, o)
	for _, f := range findings {
		list = append(list, f.suppression())
	}
	slices.SortFunc(list, func(a, b Suppression) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Module, b.Module), cmp.Compare(a.Code, b.Code))
	})
	return slices.Compact(list)
}

// suppress drops the findings that are accepted, and adds one for each
// suppression of a file that was asked about that accepts nothing any more.
func (s *search) suppress(findings []Finding) (standing []Finding, suppressed int) {
	used := map[Suppression]bool{}
	for _, f := range findings {
		if key := f.suppression(); slices.Contains(s.Suppressed, key) {
			used[key] = true
			suppressed++
			continue
		}
		standing = append(standing, f)
	}
	s.found = nil
	for _, key := range s.Suppressed {
		if !used[key] && s.lookedFor(key) {
			s.add("FP601", Finding{File: s.SuppressionsPath, Module: key.Module,
				Message: "the suppression of " + key.Code + " for " + key.Module + " in " + key.File + " suppresses nothing",
				Hint:    "Remove it: run `fastpath check --update-suppressions`."})
		}
	}
	return append(standing, s.found...), suppressed
}

// lookedFor tells whether the finding that it suppresses would have been seen.
func (s *search) lookedFor(key Suppression) bool {
	code, known := Find(key.Code)
	wanted := !known || (len(s.Select) == 0 || code.selects(s.Select)) && !code.selects(s.Ignore)
	return wanted && s.askedPath(key.File)
}

// askedPath tells whether the file was asked about, or is gone.
func (s *search) askedPath(path string) bool {
	for i, m := range s.Input.Modules {
		if m.Path == path {
			return s.asked(i)
		}
	}
	return s.Chosen == nil || !slices.Contains(s.Chosen, false)
}

// ReadSuppressions reads what WriteSuppressions wrote. Errors name the file,
// the line and the column.
func ReadSuppressions(name string, data []byte) ([]Suppression, error) {
	d, items, err := readList(name, data, "suppressions")
	if err != nil {
		return nil, err
	}
	var list []Suppression
	for _, item := range items {
		var s Suppression
		for key, into := range map[string]*string{"file": &s.File, "module": &s.Module, "code": &s.Code} {
			v, ok := item.Get(key)
			if !ok || v.Kind != jsondoc.String {
				return nil, d.Errorf(item, "a suppression needs %q as a string", key)
			}
			*into = v.Text
		}
		list = append(list, s)
	}
	return list, nil
}

// WriteSuppressions spells suppressions as a file, one a line.
func WriteSuppressions(list []Suppression) []byte {
	lines := make([]any, len(list))
	for i, s := range list {
		lines[i] = s
	}
	return writeList("suppressions", lines, "")
}

// readList reads {"schema": 1, key: [...]}.
func readList(name string, data []byte, key string) (*jsondoc.Document, []jsondoc.Value, error) {
	d, err := jsondoc.Parse(name, data)
	if err != nil {
		return nil, nil, err
	}
	schema, _ := d.Root.Get("schema")
	if n, ok := schema.Float(); !ok || n < 1 {
		return nil, nil, d.Errorf(d.Root, `want {"schema": 1, %q: [...]}`, key)
	} else if n > 1 {
		return nil, nil, d.Errorf(schema, "schema %g is newer than this fastpath knows (1); upgrade fastpath", n)
	}
	list, ok := d.Root.Get(key)
	if !ok || list.Kind != jsondoc.Array {
		return nil, nil, d.Errorf(d.Root, `want {"schema": 1, %q: [...]}`, key)
	}
	return d, list.Items, nil
}

// writeList writes {"schema": 1, key: [...]} with one item a line, so that a
// change of one is a change of one line; more are lines that stand before.
func writeList(key string, items []any, more string) []byte {
	var out bytes.Buffer
	out.WriteString("{\n  \"schema\": 1,\n" + more + "  \"" + key + "\": [")
	for i, item := range items {
		if i > 0 {
			out.WriteByte(',')
		}
		// Strings and structs of strings cannot fail to encode.
		text, _ := json.Marshal(item)
		out.WriteString("\n    ")
		out.Write(text)
	}
	if len(items) > 0 {
		out.WriteString("\n  ")
	}
	out.WriteString("]\n}\n")
	return out.Bytes()
}
