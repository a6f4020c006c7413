// Package jsondoc reads a JSON document so that every complaint about it can
// name the line, the column and the path of the value.
//
// It knows JSON and nothing of what the documents mean. Invariant: a Document
// that Parse returned holds valid UTF-8, no key twice in one object, and only
// numbers that JSON can spell (so neither NaN nor an infinity).
package jsondoc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A Kind is the type of a JSON value.
type Kind uint8

const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

var kindNames = [...]string{"null", "a boolean", "a number", "a string", "an array", "an object"}

// String names the kind with its article, for messages.
func (k Kind) String() string { return kindNames[k] }

// A Value is one JSON value and where it stands.
type Value struct {
	Kind    Kind
	Offset  int    // byte offset in the document
	Path    string // modules.json.self_ms; "" for the root
	Text    string // the string, or the number as it was written
	Bool    bool
	Items   []Value
	Members []Member // in the order of the document
}

// A Member is one key of an object and its value.
type Member struct {
	Name   string
	Offset int // of the key
	Value  Value
}

// A Document is a parsed JSON text.
type Document struct {
	Name string // the file, as messages call it
	Root Value
	data []byte
}

// An Error is a complaint about one place of a document.
type Error struct {
	Name      string
	Line, Col int // from 1; columns count bytes
	Path      string
	Message   string
}

func (e *Error) Error() string {
	place := fmt.Sprintf("%s:%d:%d: ", e.Name, e.Line, e.Col)
	if e.Path != "" {
		place += e.Path + ": "
	}
	return place + e.Message
}

// Errorf complains about v.
func (d *Document) Errorf(v Value, format string, args ...any) error {
	return d.at(v.Offset, v.Path, fmt.Sprintf(format, args...))
}

// KeyErrorf complains about the key of m, where Errorf speaks of its value.
func (d *Document) KeyErrorf(m Member, format string, args ...any) error {
	return d.at(m.Offset, m.Value.Path, fmt.Sprintf(format, args...))
}

func (d *Document) at(offset int, path, message string) error {
	line, col := position(d.data, offset)
	return &Error{Name: d.Name, Line: line, Col: col, Path: path, Message: message}
}

// Position gives the line and column, both from 1, where v starts.
func (d *Document) Position(v Value) (line, col int) { return position(d.data, v.Offset) }

func position(data []byte, offset int) (line, col int) {
	offset = min(max(offset, 0), len(data))
	before := string(data[:offset])
	return strings.Count(before, "\n") + 1, offset - strings.LastIndexByte(before, '\n')
}

// Get gives the member called name.
func (v Value) Get(name string) (Value, bool) {
	for _, m := range v.Members {
		if m.Name == name {
			return m.Value, true
		}
	}
	return Value{}, false
}

// Float gives the number. ok is false for other kinds and for numbers beyond
// the range of a float64.
func (v Value) Float() (f float64, ok bool) {
	if v.Kind != Number {
		return 0, false
	}
	f, err := strconv.ParseFloat(v.Text, 64)
	return f, err == nil
}

// Describe shows a short scalar as it was written, anything else by its kind.
func (v Value) Describe() string {
	switch {
	case v.Kind == String && len(v.Text) <= 40:
		return fmt.Sprintf("the string %q", v.Text)
	case v.Kind == Number:
		return v.Text
	}
	return v.Kind.String()
}

// Quote spells a JSON string and keeps <, > and & readable. Invalid UTF-8
// becomes U+FFFD.
func Quote(text string) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string always encodes
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

var dateForm = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)

// IsDate reports whether text is a date as all documents write it, 2025-11-08.
func IsDate(text string) bool { return dateForm.MatchString(text) }

// join extends a path by a key; keys that would be ambiguous are quoted.
func join(path, key string) string {
	if key == "" || strings.ContainsFunc(key, func(r rune) bool {
		return r <= ' ' || r == '.' || r == '[' || r == ']' || r == '"' || !strconv.IsPrint(r)
	}) {
		return path + "[" + strconv.Quote(key) + "]"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}
