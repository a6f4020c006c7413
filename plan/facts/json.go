package facts

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
)

// WriteJSON writes the facts as JSON lines, in the form that the package
// comment documents. The error is the writer's.
func (m *Module) WriteJSON(w io.Writer) error {
	out := &lineWriter{w: bufio.NewWriter(w)}
	out.encoder = json.NewEncoder(&out.quote)
	out.encoder.SetEscapeHTML(false) // <lambda> shall stay readable
	v := reflect.ValueOf(m).Elem()
	t := v.Type()
	// The fields that are lists of records become lines of their own; all
	// others stand in the first line.
	out.begin("module", -1)
	for i := 0; i < t.NumField(); i++ {
		if f := t.Field(i); f.IsExported() && !isRecords(f.Type) {
			out.field(f.Name, v.Field(i))
		}
	}
	out.end()
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		if !f.IsExported() || !isRecords(f.Type) {
			continue
		}
		kind := snake(f.Type.Elem().Name())
		for k := 0; k < v.Field(i).Len(); k++ {
			out.begin(kind, k)
			if kind == "effect" { // the one record that several lists hold
				out.field("List", reflect.ValueOf(snake(f.Name)))
			}
			out.fields(v.Field(i).Index(k))
			out.end()
		}
	}
	return out.w.Flush()
}

func isRecords(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && t.Elem().Name() != "Span"
}

// A lineWriter spells records as JSON objects. Reflection keeps the written
// form and the records from drifting apart. Write errors are kept by w.
type lineWriter struct {
	w       *bufio.Writer
	comma   bool
	quote   bytes.Buffer
	encoder *json.Encoder
}

func (o *lineWriter) text(s string) { _, _ = o.w.WriteString(s) }

func (o *lineWriter) begin(kind string, id int) {
	o.text(`{"record":`)
	o.string(kind)
	if id >= 0 {
		o.text(`,"id":` + strconv.Itoa(id))
	}
	o.comma = true
}

func (o *lineWriter) end() { o.text("}\n") }

func (o *lineWriter) fields(v reflect.Value) {
	t := v.Type()
	for i := 0; i < t.NumField(); i++ {
		if t.Field(i).IsExported() {
			o.field(t.Field(i).Name, v.Field(i))
		}
	}
}

// field writes one field unless it has the zero value of a flag, a text or a
// list, which are common and say nothing.
func (o *lineWriter) field(name string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool, reflect.String:
		if v.IsZero() {
			return
		}
	case reflect.Slice:
		if v.Len() == 0 {
			return
		}
	}
	if o.comma {
		o.text(",")
	}
	o.comma = true
	o.string(snake(name))
	o.text(":")
	o.value(v)
}

func (o *lineWriter) value(v reflect.Value) {
	if s, ok := v.Interface().(fmt.Stringer); ok {
		o.string(s.String())
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		o.text(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int32:
		o.text(strconv.FormatInt(v.Int(), 10))
	case reflect.Uint8, reflect.Uint32:
		o.text(strconv.FormatUint(v.Uint(), 10))
	case reflect.String:
		o.string(v.String())
	case reflect.Slice, reflect.Array:
		o.text("[")
		for i := 0; i < v.Len(); i++ {
			if i > 0 {
				o.text(",")
			}
			o.value(v.Index(i))
		}
		o.text("]")
	case reflect.Struct:
		if v.Type().Name() == "Span" {
			o.text(fmt.Sprintf("[%d,%d]", v.Field(0).Uint(), v.Field(1).Uint()))
			return
		}
		o.text("{")
		o.comma = false
		o.fields(v)
		o.text("}")
		o.comma = true
	default:
		o.text("null")
	}
}

func (o *lineWriter) string(s string) {
	o.quote.Reset()
	// A string always encodes: bytes that are no UTF-8 are replaced.
	_ = o.encoder.Encode(s)
	_, _ = o.w.Write(bytes.TrimSuffix(o.quote.Bytes(), []byte{'\n'}))
}

// snake turns GlobalIn into global_in.
func snake(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			if i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
				b.WriteByte('_')
			}
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}
