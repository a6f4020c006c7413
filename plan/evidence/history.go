package evidence

import (
	"bytes"
	"errors"
	"math"
	"slices"

	"fastpath/plan/jsondoc"
)

// A Record is one measurement in history.jsonl, one line a record, the oldest
// first. What is not known is empty or 0.
type Record struct {
	Date      string // "2006-01-02"
	Kind      string // what was measured: baseline, after or ab
	Source    string // Local or Lambda
	Entry     string
	Revision  string
	Python    string
	MemoryMB  float64
	Samples   int
	ColdStart Interval // median, milliseconds
	FloorMS   float64  // median start-up of the bare interpreter
	CPUMS     float64  // medians of the samples, as are those that follow
	PeakKB    float64
	Modules   float64
	FirstMS   float64 // of the events' classes by weight
	WarmMS    float64
	// Of a comparison with another revision, which Against names.
	Against string
	Ratio   Interval
	Verdict Verdict
}

// RecordOf sums a measurement up.
func RecordOf(kind string, m *Measurement) Record {
	r := Record{
		Date: m.Date, Kind: kind, Source: m.Source, Entry: m.Entry, Revision: m.Revision, Python: m.Python, MemoryMB: m.MemoryMB,
		Samples: len(m.Samples), ColdStart: Summarize(m.Walls()), FloorMS: Median(m.FloorMS),
		CPUMS:   Median(m.column(func(s Sample) float64 { return s.CPUMS })),
		PeakKB:  Median(m.column(func(s Sample) float64 { return s.PeakKB })),
		Modules: Median(m.column(func(s Sample) float64 { return s.Modules })),
	}
	r.FirstMS, r.WarmMS = m.Requests()
	return r
}

// Line is the record as a line of history.jsonl.
func (r Record) Line() []byte {
	var o object
	positive := func(name string, n float64) {
		if n > 0 {
			o.number(name, n)
		}
	}
	interval := func(name string, i Interval, digits float64) {
		if i.Estimate > 0 {
			scale := func(x float64) float64 { return math.Round(x*digits) / digits }
			o.numbers(name, []float64{scale(i.Estimate), scale(i.Low), scale(i.High)})
		}
	}
	o.text("against", r.Against)
	positive("cold_start_ms", r.ColdStart.Estimate)
	positive("cpu_ms", r.CPUMS)
	o.text("date", r.Date)
	o.text("entry", r.Entry)
	positive("first_ms", r.FirstMS)
	positive("floor_ms", r.FloorMS)
	positive("high_ms", r.ColdStart.High)
	o.text("kind", r.Kind)
	positive("low_ms", r.ColdStart.Low)
	positive("memory_mb", r.MemoryMB)
	positive("modules", r.Modules)
	positive("peak_kb", r.PeakKB)
	o.text("python", r.Python)
	interval("ratio", r.Ratio, 1000)
	o.text("revision", r.Revision)
	positive("samples", float64(r.Samples))
	o.number("schema", Schema)
	o.text("source", r.Source)
	o.text("verdict", string(r.Verdict))
	positive("warm_ms", r.WarmMS)
	return append(o.line(), '\n')
}

// ReadHistory reads history.jsonl. A line needs no more than "date" and
// "cold_start_ms". Errors name the file, the line and the column.
func ReadHistory(name string, data []byte) ([]Record, error) {
	text, err := jsondoc.Text(name, data)
	if err != nil {
		return nil, err
	}
	var records []Record
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		record, err := readRecord(name, line)
		if err != nil {
			var place *jsondoc.Error
			if errors.As(err, &place) {
				place.Line += number - 1
			}
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}

func readRecord(name string, line []byte) (Record, error) {
	var rec Record
	d, err := jsondoc.Parse(name, line)
	if err != nil {
		return rec, err
	}
	r := reader{d}
	if d.Root.Kind != jsondoc.Object {
		return rec, d.Errorf(d.Root, `%s where an object is wanted, as in {"date": "2025-11-08", "cold_start_ms": 5200}`, d.Root.Kind)
	}
	if v, found := d.Root.Get("schema"); found {
		if err := r.schema(v); err != nil {
			return rec, err
		}
	}
	var verdict string
	var samples float64
	texts := map[string]*string{"date": &rec.Date, "kind": &rec.Kind, "source": &rec.Source, "entry": &rec.Entry, "revision": &rec.Revision,
		"python": &rec.Python, "against": &rec.Against, "verdict": &verdict}
	numbers := map[string]*float64{"cold_start_ms": &rec.ColdStart.Estimate, "low_ms": &rec.ColdStart.Low, "high_ms": &rec.ColdStart.High,
		"floor_ms": &rec.FloorMS, "cpu_ms": &rec.CPUMS, "peak_kb": &rec.PeakKB, "modules": &rec.Modules, "first_ms": &rec.FirstMS,
		"warm_ms": &rec.WarmMS, "memory_mb": &rec.MemoryMB, "samples": &samples}
	for _, member := range d.Root.Members {
		v := member.Value
		if into, isText := texts[member.Name]; isText {
			if *into, err = r.text(member.Name, v); err != nil {
				return rec, err
			}
		}
		if into, isNumber := numbers[member.Name]; isNumber {
			if *into, err = r.number(v, 1e12); err != nil {
				return rec, err
			}
		}
		if member.Name == "ratio" {
			ends, err := r.numbers(v)
			if err != nil {
				return rec, err
			}
			if len(ends) != 3 {
				return rec, d.Errorf(v, "want the ratio and both ends of its interval")
			}
			rec.Ratio = Interval{Estimate: ends[0], Low: ends[1], High: ends[2]}
		}
	}
	rec.Samples, rec.Verdict = int(samples), Verdict(verdict)
	if rec.Verdict != "" && !slices.Contains([]Verdict{Faster, Slower, Same, Unclear}, rec.Verdict) {
		v, _ := d.Root.Get("verdict")
		return rec, d.Errorf(v, "%q is no verdict; want %q, %q, %q or %q", verdict, Faster, Slower, Same, Unclear)
	}
	switch {
	case rec.Date == "":
		return rec, d.Errorf(d.Root, `there is no "date"; write it as "date": "2025-11-08"`)
	case rec.ColdStart.Estimate == 0:
		return rec, d.Errorf(d.Root, `"cold_start_ms" above 0 is missing`)
	case rec.ColdStart.Low == 0 && rec.ColdStart.High == 0:
		// One hand-written figure says nothing of its scatter.
		rec.ColdStart.Low, rec.ColdStart.High = rec.ColdStart.Estimate, rec.ColdStart.Estimate
	}
	return rec, nil
}
