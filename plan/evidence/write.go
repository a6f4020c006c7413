package evidence

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"strconv"

	"fastpath/plan/jsondoc"
)

// Write gives baseline.json or after.json: keys sorted, one sample and one
// module a line.
func (m *Measurement) Write() []byte {
	var o object
	if m.CPUs > 0 {
		o.number("cpus", float64(m.CPUs))
	}
	o.text("date", m.Date)
	o.text("entry", m.Entry)
	table(&o, "events", m.Events, number)
	o.numbers("floor_ms", m.FloorMS)
	o.text("handler", m.Handler)
	o.text("implementation", m.Implementation)
	table(&o, "loads", m.Loads, func(l Loaded) []byte {
		var times object
		times.number("cumulative_ms", l.CumulativeMS)
		times.number("self_ms", l.SelfMS)
		return times.line()
	})
	if m.MemoryMB > 0 {
		o.number("memory_mb", m.MemoryMB)
	}
	o.text("platform", m.Platform)
	o.text("python", m.Python)
	o.text("revision", m.Revision)
	o.text("round", m.Round)
	lines := make([][]byte, len(m.Samples))
	for i, s := range m.Samples {
		lines[i] = append([]byte("    "), s.line()...)
	}
	o.add("samples", slices.Concat([]byte("[\n"), bytes.Join(lines, []byte(",\n")), []byte("\n  ]")))
	o.number("schema", Schema)
	o.text("source", m.Source)
	o.numbers("warm_ms", m.WarmMS)
	return slices.Concat([]byte("{\n  "), bytes.Join(o.members, []byte(",\n  ")), []byte("\n}\n"))
}

func (s Sample) line() []byte {
	var o object
	o.number("cpu_ms", s.CPUMS)
	o.text("event", s.Event)
	if s.FirstMS > 0 {
		o.number("first_ms", s.FirstMS)
	}
	o.number("modules", s.Modules)
	o.number("peak_kb", s.PeakKB)
	o.number("wall_ms", s.WallMS)
	if s.WarmMS > 0 {
		o.number("warm_ms", s.WarmMS)
	}
	return o.line()
}

// An object is a JSON object on its way to a text. What is empty is left out.
type object struct{ members [][]byte }

func (o *object) add(name string, value []byte) {
	o.members = append(o.members, slices.Concat(jsondoc.Quote(name), []byte(": "), value))
}

func (o *object) text(name, value string) {
	if value != "" {
		o.add(name, jsondoc.Quote(value))
	}
}

func (o *object) number(name string, n float64) { o.add(name, number(n)) }

func (o *object) numbers(name string, values []float64) {
	if len(values) == 0 {
		return
	}
	texts := make([][]byte, len(values))
	for i, v := range values {
		texts[i] = number(v)
	}
	o.add(name, slices.Concat([]byte("["), bytes.Join(texts, []byte(", ")), []byte("]")))
}

// table adds an object of one line for each name.
func table[V any](o *object, name string, values map[string]V, spell func(V) []byte) {
	if len(values) == 0 {
		return
	}
	var lines [][]byte
	for _, key := range slices.Sorted(maps.Keys(values)) {
		lines = append(lines, slices.Concat([]byte("    "), jsondoc.Quote(key), []byte(": "), spell(values[key])))
	}
	o.add(name, slices.Concat([]byte("{\n"), bytes.Join(lines, []byte(",\n")), []byte("\n  }")))
}

func (o *object) line() []byte {
	return slices.Concat([]byte("{"), bytes.Join(o.members, []byte(", ")), []byte("}"))
}

func number(n float64) []byte {
	return strconv.AppendFloat(nil, math.Round(n*1000)/1000, 'f', -1, 64)
}
