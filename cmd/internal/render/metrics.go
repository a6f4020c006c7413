package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"fastpath/plan/evidence"
)

// namespace is where CloudWatch keeps the metrics of every function.
const namespace = "Lambda/Performance"

// A metric is one figure of a measurement in both worlds' spelling.
type metric struct {
	name, unit string  // of CloudWatch
	value      float64 // in that unit
	family     string  // of OpenMetrics, in base units
	help       string
	units      float64 // of them in a base unit
}

// Metrics spells a measurement for a system that collects figures: cloudwatch is
// the input of `aws cloudwatch put-metric-data --cli-input-json`, emf a log line
// in CloudWatch's embedded metric format, openmetrics the text that Prometheus
// scrapes. The dimension FunctionName is function, or the entry's name.
func Metrics(format string, m *evidence.Measurement, function string) ([]byte, error) {
	if function == "" {
		function = strings.TrimSuffix(path.Base(m.Entry), ".py")
	}
	if function == "" || function == "." {
		return nil, fmt.Errorf("the measurement names no entry: give --function-name")
	}
	switch format {
	case "cloudwatch":
		return cloudWatch(metricsOf(m), function)
	case "emf":
		return embedded(metricsOf(m), m, function)
	case "openmetrics":
		return openMetrics(m, function)
	}
	return nil, fmt.Errorf("%q is no format of metrics", format)
}

// metricsOf are the medians of a measurement.
func metricsOf(m *evidence.Measurement) []metric {
	r := evidence.RecordOf("", m)
	all := []metric{
		{"ColdStartTime", "Milliseconds", r.ColdStart.Estimate, "cold_start_seconds", "Import of the entry module in a fresh process.", 1000},
		{"ColdStartCPUTime", "Milliseconds", r.CPUMS, "cold_start_cpu_seconds", "CPU time of the import of the entry module.", 1000},
		{"InterpreterStartTime", "Milliseconds", r.FloorMS, "interpreter_start_seconds", "Start of the bare interpreter.", 1000},
		{"PeakMemory", "Kilobytes", r.PeakKB, "peak_memory_bytes", "Most memory that was resident.", 1.0 / 1024},
		{"ModulesLoaded", "Count", r.Modules, "modules_loaded", "Modules that the start loads.", 1},
		{"FirstRequestTime", "Milliseconds", r.FirstMS, "first_request_seconds", "First request after a cold start, by the weight of the events.", 1000},
		{"WarmRequestTime", "Milliseconds", r.WarmMS, "warm_request_seconds", "Requests after the first, by the weight of the events.", 1000},
	}
	return slices.DeleteFunc(all, func(m metric) bool { return m.value <= 0 })
}

type dimension struct{ Name, Value string }

// cloudWatch gives no time, so that CloudWatch takes that of the call: it refuses
// figures of more than two weeks ago.
func cloudWatch(metrics []metric, function string) ([]byte, error) {
	type datum struct {
		MetricName string
		Dimensions []dimension
		Value      float64
		Unit       string
	}
	input := struct {
		Namespace  string
		MetricData []datum
	}{Namespace: namespace}
	for _, m := range metrics {
		input.MetricData = append(input.MetricData, datum{m.name, []dimension{{"FunctionName", function}}, thousandths(m.value), m.unit})
	}
	return encoded(input, "  ")
}

func embedded(metrics []metric, m *evidence.Measurement, function string) ([]byte, error) {
	day, err := time.Parse(time.DateOnly, m.Date)
	if err != nil {
		return nil, fmt.Errorf("the embedded metric format needs the date of the measurement, and there is none: measure again")
	}
	type definition struct{ Name, Unit string }
	type directive struct {
		Namespace  string
		Dimensions [][]string
		Metrics    []definition
	}
	d := directive{Namespace: namespace, Dimensions: [][]string{{"FunctionName"}}}
	line := map[string]any{"FunctionName": function}
	for _, m := range metrics {
		d.Metrics = append(d.Metrics, definition{m.name, m.unit})
		line[m.name] = thousandths(m.value)
	}
	for name, value := range map[string]string{"Entry": m.Entry, "Python": m.Python, "Revision": m.Revision} {
		if value != "" {
			line[name] = value
		}
	}
	line["_aws"] = struct {
		Timestamp         int64
		CloudWatchMetrics []directive
	}{day.UnixMilli(), []directive{d}}
	return encoded(line, "")
}

func openMetrics(m *evidence.Measurement, function string) ([]byte, error) {
	labels := []*dto.LabelPair{label("function", function)}
	for _, l := range [][2]string{{"entry", m.Entry}, {"python", m.Python}, {"revision", m.Revision}} {
		if l[1] != "" {
			labels = append(labels, label(l[0], l[1]))
		}
	}
	slices.SortFunc(labels, func(a, b *dto.LabelPair) int { return strings.Compare(a.GetName(), b.GetName()) })
	var out bytes.Buffer
	encoder := expfmt.NewEncoder(&out, expfmt.NewFormat(expfmt.TypeOpenMetrics), expfmt.WithUnit())
	for _, figure := range metricsOf(m) {
		name, help, kind := "fastpath_"+figure.family, figure.help, dto.MetricType_GAUGE
		value := math.Round(figure.value/figure.units*1e6) / 1e6
		family := &dto.MetricFamily{Name: &name, Help: &help, Type: &kind,
			Metric: []*dto.Metric{{Label: labels, Gauge: &dto.Gauge{Value: &value}}}}
		for _, unit := range []string{"seconds", "bytes"} {
			if strings.HasSuffix(name, "_"+unit) {
				family.Unit = &unit
			}
		}
		if err := encoder.Encode(family); err != nil {
			return nil, fmt.Errorf("spelling %s: %w", name, err)
		}
	}
	if err := encoder.(expfmt.Closer).Close(); err != nil {
		return nil, fmt.Errorf("ending the metrics: %w", err)
	}
	return out.Bytes(), nil
}

func label(name, value string) *dto.LabelPair { return &dto.LabelPair{Name: &name, Value: &value} }

func thousandths(x float64) float64 { return math.Round(x*1000) / 1000 }

func encoded(v any, indent string) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	err := encoder.Encode(v)
	return out.Bytes(), err
}
