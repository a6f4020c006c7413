package evidence

import (
	"math"

	"fastpath/plan/jsondoc"
)

// Schema is the newest version of baseline.json and after.json that this
// package knows.
const Schema = 1

// The places where cold starts are measured.
const (
	Local  = ""       // fresh processes on the machine that ran fastpath
	Lambda = "lambda" // the reports of AWS Lambda: the floor is in its samples
)

// A Measurement is every sample of one state of a program: baseline.json or
// after.json.
type Measurement struct {
	Short          bool   // hand-written {"cold_start_ms": 5200}
	Source         string // Local or Lambda
	Date           string // "2006-01-02"
	Python         string
	Implementation string
	Platform       string
	Entry          string
	Handler        string // "module:function" that answered the events
	Revision       string // of git; "" outside of it
	CPUs           int
	MemoryMB       float64            // that a Lambda has
	Round          string             // pairs the measurement with another that was taken in turn with it
	FloorMS        []float64          // start-up of the bare interpreter
	Events         map[string]float64 // the weight of each class of events
	Loads          map[string]Loaded  // each module that the start loads
	Samples        []Sample           // cold starts, in the order in which they were taken
	WarmMS         []float64          // requests that met a warm instance, of a Lambda
}

// A Loaded is what one module of a start takes.
type Loaded struct {
	SelfMS       float64 // without what it imports
	CumulativeMS float64 // with what it is the first to import
}

// A Sample is one cold start. What was not measured is 0.
type Sample struct {
	WallMS  float64 // from the start of the import to its end
	CPUMS   float64
	PeakKB  float64
	Modules float64 // that it loaded
	Event   string  // the class of the requests that followed it
	FirstMS float64 // the first request
	WarmMS  float64 // the median of the requests after it
}

// Walls are the wall times of the samples.
func (m *Measurement) Walls() []float64 {
	return m.column(func(s Sample) float64 { return s.WallMS })
}

// column is one quantity of all samples.
func (m *Measurement) column(of func(Sample) float64) []float64 {
	values := make([]float64, len(m.Samples))
	for i, s := range m.Samples {
		values[i] = of(s)
	}
	return values
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
	if err := r.schema(schema); err != nil {
		return nil, err
	}
	return r.long()
}

type reader struct{ *jsondoc.Document }

func (r reader) schema(v jsondoc.Value) error {
	if n, ok := v.Float(); !ok || n != math.Trunc(n) || n < 1 {
		return r.Errorf(v, "no schema version; this fastpath writes %d", Schema)
	} else if n > Schema {
		return r.Errorf(v, "schema %s is newer than this fastpath knows (%d); upgrade fastpath, or measure again", v.Text, Schema)
	}
	return nil
}

// text reads a string, and holds it against the form that its key asks for.
func (r reader) text(key string, v jsondoc.Value) (string, error) {
	switch {
	case v.Kind != jsondoc.String:
		return "", r.Errorf(v, "%s where a string is wanted", v.Kind)
	case key == "date" && !jsondoc.IsDate(v.Text):
		return "", r.Errorf(v, "%q is no date; write it as 2025-11-08", v.Text)
	case key == "source" && v.Text != Lambda:
		return "", r.Errorf(v, "%q is no source of samples; want %q, or leave it out", v.Text, Lambda)
	}
	return v.Text, nil
}

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
		"handler": &m.Handler, "round": &m.Round, "source": &m.Source,
	}
	for _, member := range r.Root.Members {
		v, err := member.Value, error(nil)
		if into, isText := texts[member.Name]; isText {
			*into, err = r.text(member.Name, v)
		}
		switch member.Name {
		case "cpus":
			var n float64
			n, err = r.number(v, 1e6)
			m.CPUs = int(n)
		case "floor_ms":
			m.FloorMS, err = r.numbers(v)
		case "warm_ms":
			m.WarmMS, err = r.numbers(v)
		case "memory_mb":
			m.MemoryMB, err = r.number(v, 1e9)
		case "events":
			m.Events, err = r.table(v)
		case "loads":
			m.Loads, err = r.loads(v)
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
		fields := map[string]*float64{"cpu_ms": &s.CPUMS, "modules": &s.Modules, "peak_kb": &s.PeakKB, "wall_ms": &s.WallMS,
			"first_ms": &s.FirstMS, "warm_ms": &s.WarmMS}
		for _, member := range item.Members {
			if member.Name == "event" {
				if s.Event = member.Value.Text; member.Value.Kind != jsondoc.String {
					return nil, r.Errorf(member.Value, "%s where a string is wanted", member.Value.Kind)
				}
			}
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

// table reads numbers by name.
func (r reader) table(v jsondoc.Value) (map[string]float64, error) {
	if v.Kind != jsondoc.Object {
		return nil, r.Errorf(v, "%s where an object of numbers is wanted", v.Kind)
	}
	numbers := make(map[string]float64, len(v.Members))
	for _, member := range v.Members {
		n, err := r.number(member.Value, 1e12)
		if err != nil {
			return nil, err
		}
		numbers[member.Name] = n
	}
	return numbers, nil
}

func (r reader) loads(v jsondoc.Value) (map[string]Loaded, error) {
	if v.Kind != jsondoc.Object {
		return nil, r.Errorf(v, "%s where an object of modules is wanted", v.Kind)
	}
	loads := make(map[string]Loaded, len(v.Members))
	for _, member := range v.Members {
		times, err := r.table(member.Value)
		if err != nil {
			return nil, err
		}
		loads[member.Name] = Loaded{SelfMS: times["self_ms"], CumulativeMS: times["cumulative_ms"]}
	}
	return loads, nil
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
