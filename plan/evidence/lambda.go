package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fastpath/plan/jsondoc"
)

// A Text is a file by the name that messages call it.
type Text struct {
	Name string
	Data []byte
}

// ReadLambda reads the reports that AWS Lambda writes at the end of every
// request, as lines (REPORT RequestId: ...) or in its JSON format
// (platform.report), with whatever an export puts around them. memoryMB chooses
// the reports of functions with so much memory; 0 takes all, which must agree.
//
// A request with an init duration, or a restore duration under SnapStart, is a
// cold start: that is its wall time, and the request's own duration the first
// request's. The other requests are warm. Notes say what was left out.
func ReadLambda(memoryMB float64, texts ...Text) (m *Measurement, notes []string, err error) {
	r := lambdaReader{seen: map[lambdaReport]bool{}, pythons: map[string]bool{}}
	lines := 0
	for _, t := range texts {
		data, err := jsondoc.Text(t.Name, t.Data)
		if err != nil {
			return nil, nil, err
		}
		for line := range bytes.Lines(data) {
			lines++
			r.line(string(line))
		}
	}
	if len(r.reports) == 0 && len(r.inits) == 0 {
		var names []string
		for _, t := range texts {
			names = append(names, t.Name)
		}
		return nil, nil, fmt.Errorf("%s: no report of AWS Lambda in %d lines; want lines with \"REPORT RequestId: ...\", or its JSON log format with \"platform.report\"",
			strings.Join(names, ", "), lines)
	}
	return r.measurement(memoryMB)
}

// A lambdaReport is the report of one request.
type lambdaReport struct {
	request                 string
	duration, init, restore float64 // milliseconds; 0 where there is none
	memory, peak            float64 // MB
}

type lambdaReader struct {
	reports []lambdaReport
	seen    map[lambdaReport]bool
	inits   []float64 // from platform.initReport, which platform.report repeats
	pythons map[string]bool
	failed  int // requests that ended in an error or a timeout
	cut     int // reports without a duration
	twice   int
}

const reportMark = "REPORT RequestId:"

var (
	// The longer names come first: the match is the leftmost, then the first.
	reportField   = regexp.MustCompile(`(?:^|\s)(Billed Restore Duration|Billed Duration|Init Duration|Restore Duration|Duration|Memory Size|Max Memory Used): ([0-9.]+) (?:ms|MB)`)
	reportRequest = regexp.MustCompile(`^REPORT RequestId: *([0-9a-zA-Z-]+)`)
	reportStatus  = regexp.MustCompile(`\sStatus: (\w+)`)
	pythonVersion = regexp.MustCompile(`python:(3\.\d+)\b`)
	platformEvent = regexp.MustCompile(`\{\s*"(?:time|type|record)"\s*:`)
)

func (r *lambdaReader) line(line string) {
	if v := pythonVersion.FindStringSubmatch(line); v != nil {
		r.pythons[v[1]] = true
	}
	escaped := strings.Contains(line, `\t`) || strings.Contains(line, `\"`) || strings.Contains(line, `\n`)
	if escaped {
		// The line is inside a JSON string.
		line = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\t`, "\t", `\n`, "\n", `\/`, "/").Replace(line)
	}
	for rest := line; ; {
		at := strings.Index(rest, reportMark)
		if at < 0 {
			break
		}
		rest = rest[at:]
		text := rest
		if next := strings.Index(rest[1:], reportMark); next >= 0 {
			text = rest[:next+1]
		}
		text, _, _ = strings.Cut(text, "\n")
		r.text(text)
		rest = rest[len(reportMark):]
	}
	if strings.Contains(line, "platform.") {
		r.events(line)
	}
}

func (r *lambdaReader) text(text string) {
	var report lambdaReport
	if id := reportRequest.FindStringSubmatch(text); id != nil {
		report.request = id[1]
	}
	into := map[string]*float64{"Duration": &report.duration, "Init Duration": &report.init, "Restore Duration": &report.restore,
		"Memory Size": &report.memory, "Max Memory Used": &report.peak}
	for _, field := range reportField.FindAllStringSubmatch(text, -1) {
		if to := into[field[1]]; to != nil && *to == 0 {
			*to, _ = strconv.ParseFloat(field[2], 64) // "1.2.3" is 0, and so not there
		}
	}
	status := ""
	if s := reportStatus.FindStringSubmatch(text); s != nil {
		status = s[1]
	}
	r.add(report, status)
}

// events reads the JSON objects of a line. Other texts may stand around them.
func (r *lambdaReader) events(line string) {
	for _, at := range platformEvent.FindAllStringIndex(line, -1) {
		var event struct {
			Type   string
			Record struct {
				RequestID string `json:"requestId"`
				Phase     string
				Status    string
				Kind      string `json:"initializationType"`
				Metrics   struct {
					DurationMs, InitDurationMs, RestoreDurationMs, MemorySizeMB, MaxMemoryUsedMB float64
				}
			}
		}
		// What is cut, or is a message that only looks like one, is no report.
		if json.NewDecoder(strings.NewReader(line[at[0]:])).Decode(&event) != nil {
			if strings.Contains(line[at[0]:], "platform.report") {
				r.cut++
			}
			continue
		}
		metrics := event.Record.Metrics
		switch event.Type {
		case "platform.report":
			r.add(lambdaReport{request: event.Record.RequestID, duration: metrics.DurationMs, init: metrics.InitDurationMs,
				restore: metrics.RestoreDurationMs, memory: metrics.MemorySizeMB, peak: metrics.MaxMemoryUsedMB}, event.Record.Status)
		case "platform.initReport":
			// Provisioned and snapshot instances start before anyone waits.
			if (event.Record.Kind == "" || event.Record.Kind == "on-demand") && event.Record.Phase != "invoke" && good(event.Record.Status) {
				r.inits = append(r.inits, metrics.DurationMs)
			}
		}
	}
}

func good(status string) bool { return status == "" || status == "success" }

func (r *lambdaReader) add(report lambdaReport, status string) {
	switch {
	case !good(status):
		r.failed++
	case report.duration <= 0 || report.duration > maxMS || report.init > maxMS || report.restore > maxMS:
		r.cut++
	case r.seen[report]:
		r.twice++
	default:
		r.seen[report] = true
		r.reports = append(r.reports, report)
	}
}

func (r *lambdaReader) measurement(memoryMB float64) (*Measurement, []string, error) {
	m := &Measurement{Source: Lambda, Implementation: "CPython", MemoryMB: memoryMB}
	if len(r.pythons) == 1 {
		m.Python = slices.Collect(maps.Keys(r.pythons))[0]
	}
	memories := map[float64]int{}
	other, restored, inits := 0, 0, 0
	for _, report := range r.reports {
		memories[report.memory]++
		if memoryMB > 0 && report.memory != memoryMB {
			other++
		} else if report.init > 0 {
			inits++
		}
	}
	if memoryMB == 0 && len(memories) > 1 {
		var sizes []string
		for _, size := range slices.Sorted(maps.Keys(memories)) {
			sizes = append(sizes, fmt.Sprintf("%g MB (%d)", size, memories[size]))
		}
		return nil, nil, fmt.Errorf("the reports are of functions with different memory, and so with different CPU shares: %s; choose with --memory", strings.Join(sizes, ", "))
	}
	for _, report := range r.reports {
		m.MemoryMB = report.memory
		s := Sample{WallMS: report.init, FirstMS: report.duration, PeakKB: report.peak * 1024}
		switch {
		case memoryMB > 0 && report.memory != memoryMB:
		case report.init > 0:
			m.Samples = append(m.Samples, s)
		case report.restore > 0 && inits > 0:
			restored++
		case report.restore > 0:
			s.WallMS = report.restore
			m.Samples = append(m.Samples, s)
		default:
			m.WarmMS = append(m.WarmMS, report.duration)
		}
	}
	if memoryMB > 0 {
		m.MemoryMB = memoryMB
	}
	if len(m.Samples) == 0 {
		for _, ms := range r.inits {
			if ms > 0 && ms <= maxMS {
				m.Samples = append(m.Samples, Sample{WallMS: ms})
			}
		}
	}
	if len(m.Samples) == 0 {
		return nil, nil, fmt.Errorf("%d requests were reported, and none of them was a cold start with an init duration", len(r.reports)-other)
	}
	var notes []string
	note := func(n int, text string) {
		if n > 0 {
			notes = append(notes, fmt.Sprintf("%s: %d", text, n))
		}
	}
	note(other, "left out, of functions with other memory")
	note(restored, "left out, because a restore of a snapshot is no init")
	note(r.failed, "left out, because the request failed or timed out")
	note(r.cut, "left out, because the report is cut")
	note(r.twice, "reports that stand there twice and count once")
	return m, notes, nil
}

// HandlerSlowdown estimates how much dearer work is in the handler of a Lambda
// than in its start, by what the same work takes on another machine: what the
// first request takes beyond a warm one, in proportion to what the start takes.
// It is false where either did not measure both.
func HandlerSlowdown(local, lambda *Measurement) (float64, bool) {
	if local == nil || local.Source != Local || lambda.Source != Lambda || !local.HasRequests() || !lambda.HasRequests() {
		return 0, false
	}
	here, warmHere := local.Requests()
	there, warmThere := lambda.Requests()
	// The init of a Lambda includes the start of its interpreter.
	start, init := Median(local.Walls())+Median(local.FloorMS), Median(lambda.Walls())
	// A first request that is hardly slower than a warm one says nothing.
	if warmThere == 0 || here < 1.2*warmHere || there < 1.2*warmThere || here-warmHere < 1 {
		return 0, false
	}
	return (there - warmThere) / (here - warmHere) / (init / start), true
}
