package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// A document is one parsed TOML file with the line of each key and the faults
// found in it so far.
type document struct {
	path, shown string
	project     bool // a pyproject.toml: our keys stand under tool.fastpath
	tree        map[string]any
	lines       map[string]int // by joined key path
	faults      []*Error
}

func parse(path, shown string, data []byte) (*document, error) {
	doc := &document{path: path, shown: shown, project: filepath.Base(path) == projectName, tree: map[string]any{}}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // as editors on Windows put it there
	if err := toml.Unmarshal(data, &doc.tree); err != nil {
		fault := &Error{File: shown, Reason: strings.TrimPrefix(err.Error(), "toml: ")}
		var at *toml.DecodeError
		if errors.As(err, &at) {
			fault.Line, _ = at.Position()
		}
		return nil, fault
	}
	doc.lines = keyLines(data)
	return doc, nil
}

// configured tells whether the document holds our configuration.
func (d *document) configured() bool {
	if !d.project {
		return true
	}
	tool, _ := d.tree["tool"].(map[string]any)
	_, ok := tool["fastpath"]
	return ok
}

// section is our table in the document.
func (d *document) section() value {
	root := value{doc: d, raw: d.tree}
	if d.project {
		return root.at("tool", "fastpath")
	}
	return root
}

func (d *document) err() error {
	slices.SortStableFunc(d.faults, func(a, b *Error) int { return cmp.Compare(a.Line, b.Line) })
	var all []error
	for _, f := range d.faults {
		all = append(all, f)
	}
	return errors.Join(all...)
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

// joined is the map key of a key path; no TOML key holds a NUL.
func joined(path []string) string { return strings.Join(path, "\x00") }

var bareKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// dotted is a key path as one would write it.
func dotted(path []string) string {
	var b strings.Builder
	for i, part := range path {
		switch {
		case strings.HasPrefix(part, "["):
			b.WriteString(part)
			continue
		case i > 0:
			b.WriteByte('.')
		}
		if bareKey.MatchString(part) {
			b.WriteString(part)
		} else {
			b.WriteString(strconv.Quote(part))
		}
	}
	return b.String()
}

// keyLines maps each key path of a valid document, array elements included as
// "[i]", to its line.
func keyLines(data []byte) map[string]int {
	k := &keyWalk{lines: map[string]int{}, arrays: map[string]int{}}
	k.parser.Reset(data)
	var table []string
	for k.parser.NextExpression() {
		switch e := k.parser.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = k.header(e)
		case unstable.KeyValue:
			k.pair(table, e)
		}
	}
	return k.lines
}

type keyWalk struct {
	parser unstable.Parser
	lines  map[string]int
	arrays map[string]int // array tables seen, by joined path: how many
}

func (k *keyWalk) record(path []string, n *unstable.Node) {
	key := joined(path)
	if _, known := k.lines[key]; !known && n.Raw.Length > 0 {
		k.lines[key] = k.parser.Shape(n.Raw).Start.Line
	}
}

func (k *keyWalk) header(e *unstable.Node) []string {
	var path []string
	for it := e.Key(); it.Next(); {
		path = append(path, string(it.Node().Data))
		key := joined(path)
		last := it.IsLast()
		if last && e.Kind == unstable.ArrayTable {
			k.arrays[key]++
		}
		k.record(path, it.Node())
		if n := k.arrays[key]; n > 0 {
			path = append(path, index(n-1))
			k.record(path, it.Node())
		}
	}
	return path
}

func (k *keyWalk) pair(table []string, e *unstable.Node) {
	path := slices.Clone(table)
	for it := e.Key(); it.Next(); {
		path = append(path, string(it.Node().Data))
		k.record(path, it.Node())
	}
	k.value(path, e.Value())
}

func (k *keyWalk) value(path []string, v *unstable.Node) {
	switch v.Kind {
	case unstable.InlineTable:
		for it := v.Children(); it.Next(); {
			k.pair(path, it.Node())
		}
	case unstable.Array:
		i := 0
		for it := v.Children(); it.Next(); {
			if it.Node().Kind == unstable.Comment {
				continue
			}
			element := append(slices.Clone(path), index(i))
			k.record(element, it.Node())
			k.value(element, it.Node())
			i++
		}
	}
}

// line is the line of the key, or of the nearest key around it.
func (d *document) line(path []string) int {
	for n := len(path); n > 0; n-- {
		if line, ok := d.lines[joined(path[:n])]; ok {
			return line
		}
	}
	return 0
}

func (d *document) fail(path []string, format string, args ...any) {
	d.faults = append(d.faults, &Error{File: d.shown, Line: d.line(path), Key: dotted(path), Reason: fmt.Sprintf(format, args...)})
}
