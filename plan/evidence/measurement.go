package evidence

import (
	"bytes"
	"math"
	"slices"
	"strconv"

	"fastpath/plan/jsondoc"
)

// Schema is the newest version of baseline.json and after.json that this
// package knows.
const Schema = 1

// A Measurement is every sample of one state of a program: baseline.json or
// after.json.
type Measurement struct {
	Short          bool   // hand-written {"cold_start_ms": 5200}
	Date           string // "2006-01-02"
	Python         string
	Implementation string
	Platform       string
	Entry          string
	Revision       string // of git; "" outside of it
	CPUs           int
	FloorMS        []float64 // start-up of the bare interpreter
	Samples        []Sample  // cold starts, in the order in which they were taken
}

// A Sample is one cold start. What was not measured is 0.
type Sample struct {
	WallMS  float64 // from the start of the import to its end
	CPUMS   float64
	PeakKB  float64
	Modules float64 // that it loaded
}

// Walls are the wall times of the samples.
func (m *Measurement) Walls() []float64 {
	walls := make([]float64, len(m.Samples))
	for i, s := range m.Samples {
		walls[i] = s.WallMS
	}
	return walls
}

// maxMS is the largest time that is believed: a day.
const maxMS = 86_400_000

// Read reads baseline.json or after.json, also in the short form
// {"cold_start_ms": 5200}. Errors name the file, the line and the column, and
// the path within the JSON.
func Read(name string, data []byte) (*Measurement, error) {
	d, err := jsondoc.Parse(name, data)
	if err != nil {
		return nil, err
	}
	r := reader{d}
	if d.Root.Kind != jsondoc.Object {
		return nil, d.Errorf(d.Root, `%s where an object is wanted, as in {"cold_start_ms": 5200}`, d.Root.Kind)
	}
	schema, long := d.Root.Get("schema")
	if !long {
		return r.short()
	}
	if n, ok := schema.Float(); !ok || n != math.Trunc(n) || n < 1 {
		return nil, d.Errorf(schema, "no schema version; this fastpath writes %d", Schema)
	} else if n > Schema {
		return nil, d.Errorf(schema, "schema %s is newer than this fastpath knows (%d); upgrade fastpath, or measure again", schema.Text, Schema)
	}
	return r.long()
}

type reader struct{ *jsondoc.Document }

func (r reader) short() (*Measurement, error) {
	v, found := r.Root.Get("cold_start_ms")
	if !found {
		return nil, r.Errorf(r.Root, `neither "schema" nor "cold_start_ms" is there; write {"cold_start_ms": 5200}`)
	}
	ms, err := r.number(v, maxMS)
	if err != nil {
		return nil, err
	}
	if ms == 0 {
		return nil, r.Errorf(v, "a cold start takes more than 0 ms")
	}
	return &Measurement{Short: true, Samples: []Sample{{WallMS: ms}}}, nil
}

func (r reader) long() (*Measurement, error) {
	m := &Measurement{}
	texts := map[string]*string{
		"date": &m.Date, "entry": &m.Entry, "implementation": &m.Implementation,
		"platform": &m.Platform, "python": &m.Python, "revision": &m.Revision,
	}
	for _, member := range r.Root.Members {
		v, err := member.Value, error(nil)
		if into, isText := texts[member.Name]; isText {
			if *into = v.Text; v.Kind != jsondoc.String {
				err = r.Errorf(v, "%s where a string is wanted", v.Kind)
			} else if member.Name == "date" && !jsondoc.IsDate(v.Text) {
				err = r.Errorf(v, "%q is no date; write it as 2025-11-08", v.Text)
			}
		}
		switch member.Name {
		case "cpus":
			var n float64
			n, err = r.number(v, 1e6)
			m.CPUs = int(n)
		case "floor_ms":
			m.FloorMS, err = r.numbers(v)
		case "samples":
			m.Samples, err = r.samples(v)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(m.Samples) == 0 {
		return nil, r.Errorf(r.Root, "there are no samples; measure again")
	}
	return m, nil
}

func (r reader) samples(v jsondoc.Value) ([]Sample, error) {
	if v.Kind != jsondoc.Array {
		return nil, r.Errorf(v, "%s where an array of samples is wanted", v.Kind)
	}
	var samples []Sample
	for _, item := range v.Items {
		var s Sample
		fields := map[string]*float64{"cpu_ms": &s.CPUMS, "modules": &s.Modules, "peak_kb": &s.PeakKB, "wall_ms": &s.WallMS}
		for _, member := range item.Members {
			into, known := fields[member.Name]
			if !known {
				continue
			}
			n, err := r.number(member.Value, 1e12)
			if err != nil {
				return nil, err
			}
			*into = n
		}
		if s.WallMS <= 0 || s.WallMS > maxMS {
			return nil, r.Errorf(item, `a sample needs "wall_ms" above 0 and below a day`)
		}
		samples = append(samples, s)
	}
	return samples, nil
}

func (r reader) numbers(v jsondoc.Value) ([]float64, error) {
	if v.Kind != jsondoc.Array {
		return nil, r.Errorf(v, "%s where an array of numbers is wanted", v.Kind)
	}
	numbers := make([]float64, len(v.Items))
	for i, item := range v.Items {
		var err error
		if numbers[i], err = r.number(item, maxMS); err != nil {
			return nil, err
		}
	}
	return numbers, nil
}

func (r reader) number(v jsondoc.Value, most float64) (float64, error) {
	n, ok := v.Float()
	switch {
	case v.Kind != jsondoc.Number:
		return 0, r.Errorf(v, "%s where a number is wanted", v.Kind)
	case n < 0:
		return 0, r.Errorf(v, "%s is negative", v.Text)
	case !ok || n > most:
		return 0, r.Errorf(v, "%s is too large to be true", v.Text)
	}
	return n, nil
}

// Write gives baseline.json or after.json: keys sorted, one sample a line.
func (m *Measurement) Write() []byte {
	var members [][]byte
	add := func(name string, value []byte) {
		members = append(members, slices.Concat([]byte("  "), jsondoc.Quote(name), []byte(": "), value))
	}
	text := func(name, value string) {
		if value != "" {
			add(name, jsondoc.Quote(value))
		}
	}
	if m.CPUs > 0 {
		add("cpus", strconv.AppendInt(nil, int64(m.CPUs), 10))
	}
	text("date", m.Date)
	text("entry", m.Entry)
	if len(m.FloorMS) > 0 {
		numbers := make([][]byte, len(m.FloorMS))
		for i, ms := range m.FloorMS {
			numbers[i] = number(ms)
		}
		add("floor_ms", slices.Concat([]byte("["), bytes.Join(numbers, []byte(", ")), []byte("]")))
	}
	text("implementation", m.Implementation)
	text("platform", m.Platform)
	text("python", m.Python)
	text("revision", m.Revision)
	lines := make([][]byte, len(m.Samples))
	for i, s := range m.Samples {
		lines[i] = slices.Concat([]byte(`    {"cpu_ms": `), number(s.CPUMS), []byte(`, "modules": `), number(s.Modules),
			[]byte(`, "peak_kb": `), number(s.PeakKB), []byte(`, "wall_ms": `), number(s.WallMS), []byte("}"))
	}
	add("samples", slices.Concat([]byte("[\n"), bytes.Join(lines, []byte(",\n")), []byte("\n  ]")))
	add("schema", number(Schema))
	return slices.Concat([]byte("{\n"), bytes.Join(members, []byte(",\n")), []byte("\n}\n"))
}

func number(n float64) []byte {
	return strconv.AppendFloat(nil, math.Round(n*1000)/1000, 'f', -1, 64)
}
