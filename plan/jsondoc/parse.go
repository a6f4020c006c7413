package jsondoc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Parse reads a whole document. name is what messages call the file. A byte
// order mark is accepted, as is UTF-16 with one, because shells on Windows
// write both.
//
// All errors are *Error.
func Parse(name string, data []byte) (*Document, error) {
	d := &Document{Name: name}
	var err error
	if d.data, err = Text(name, data); err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(d.data)) == 0 {
		return nil, d.at(0, "", "the file is empty where a JSON object is wanted")
	}
	var raw json.RawMessage
	if err := json.Unmarshal(d.data, &raw); err != nil {
		return nil, d.syntax(err)
	}
	b := builder{doc: d, dec: json.NewDecoder(bytes.NewReader(d.data))}
	b.dec.UseNumber()
	d.Root, err = b.value("")
	if err != nil {
		return nil, err
	}
	return d, nil
}

// Text gives data as UTF-8 without a byte order mark. UTF-16 is recognised by
// its mark. Bytes that are no UTF-8 are an *Error.
func Text(name string, data []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		data = fromUTF16(data[2:], data[0] == 0xfe)
	}
	if utf8.Valid(data) {
		return data, nil
	}
	offset := 0
	for offset < len(data) {
		r, size := utf8.DecodeRune(data[offset:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		offset += size
	}
	line, col := position(data, offset)
	return nil, &Error{Name: name, Line: line, Col: col,
		Message: fmt.Sprintf("byte 0x%02x is not UTF-8; save the file as UTF-8", data[offset])}
}

func fromUTF16(data []byte, big bool) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		a, b := uint16(data[2*i]), uint16(data[2*i+1])
		if big {
			a, b = b, a
		}
		units[i] = a | b<<8
	}
	return []byte(string(utf16.Decode(units)))
}

// syntax turns the decoder's complaint into one with a place, and names the
// mistakes that people and Python's json.dump really make.
func (d *Document) syntax(err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return d.at(0, "", err.Error())
	}
	// The decoder's offset counts the byte it stumbled over.
	offset := max(int(syntax.Offset)-1, 0)
	rest := d.data[min(offset, len(d.data)):]
	switch {
	case strings.HasPrefix(syntax.Error(), "unexpected end"):
		return d.at(len(bytes.TrimRight(d.data, " \t\r\n")), "", "the JSON text ends too early; was the file cut?")
	case bytes.HasPrefix(rest, []byte("NaN")), bytes.HasPrefix(rest, []byte("Infinity")),
		offset > 0 && d.data[offset-1] == '-' && bytes.HasPrefix(rest, []byte("I")):
		return d.at(offset, "", "NaN and Infinity are no JSON numbers; leave the entry out where nothing was measured")
	}
	return d.at(offset, "", "malformed JSON: "+syntax.Error())
}

// A builder turns tokens into values. The text is known to be valid JSON.
type builder struct {
	doc *Document
	dec *json.Decoder
}

// next gives the next token and the offset where it starts.
func (b *builder) next() (json.Token, int, error) {
	start := int(b.dec.InputOffset())
	for start < len(b.doc.data) && strings.IndexByte(" \t\r\n,:", b.doc.data[start]) >= 0 {
		start++
	}
	token, err := b.dec.Token()
	if err != nil {
		return nil, start, b.doc.at(start, "", "malformed JSON: "+err.Error())
	}
	return token, start, nil
}

func (b *builder) value(path string) (Value, error) {
	token, start, err := b.next()
	if err != nil {
		return Value{}, err
	}
	v := Value{Offset: start, Path: path}
	switch t := token.(type) {
	case nil:
	case bool:
		v.Kind, v.Bool = Bool, t
	case json.Number:
		v.Kind, v.Text = Number, t.String()
	case string:
		v.Kind, v.Text = String, t
	case json.Delim:
		if t == '[' {
			return b.array(v)
		}
		return b.object(v)
	}
	return v, nil
}

func (b *builder) array(v Value) (Value, error) {
	v.Kind = Array
	for b.dec.More() {
		item, err := b.value(v.Path + "[" + strconv.Itoa(len(v.Items)) + "]")
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, item)
	}
	_, _, err := b.next()
	return v, err
}

func (b *builder) object(v Value) (Value, error) {
	v.Kind = Object
	seen := map[string]int{}
	for b.dec.More() {
		token, start, err := b.next()
		if err != nil {
			return v, err
		}
		name, _ := token.(string)
		path := join(v.Path, name)
		if first, twice := seen[name]; twice {
			line, _ := position(b.doc.data, first)
			return v, b.doc.at(start, path, fmt.Sprintf("the key %q stands here for the second time, first on line %d; keep one", name, line))
		}
		seen[name] = start
		value, err := b.value(path)
		if err != nil {
			return v, err
		}
		v.Members = append(v.Members, Member{Name: name, Offset: start, Value: value})
	}
	_, _, err := b.next()
	return v, err
}
