package profile

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fastpath/plan/jsondoc"
)

const marker = "import time:"

var (
	// A row starts at the marker wherever that stands: log collectors put a
	// prefix in front, and program output without a line end may precede it.
	rowStart  = regexp.MustCompile(`import time:\s+(?:-?\d+|cached)\s+\|`)
	rowForm   = regexp.MustCompile(`^import time:\s+(-?\d+|cached)\s+\|\s+(-?\d+|cached)\s+\| ( *)([^\s"'\\|]+)(.*)$`)
	rowHeader = regexp.MustCompile(`import time:\s+self \[us\]\s+\|\s+cumulative\s+\|\s+imported package`)
	rowCut    = regexp.MustCompile(`^import time:\s*(?:-?\d+|cached)?\s*(?:\||$)`)
	// What may follow a name: the line end, as itself or escaped in a JSON
	// string, and the closing quote of such a string.
	rowEnd = regexp.MustCompile(`^(?:\s*$|\\[nr]|["'])`)
)

func isLog(text []byte) bool { return rowStart.Match(text) }

// maxNotes bounds the notes of one log; a log of another format would
// otherwise yield one for each of its lines.
const maxNotes = 20

// A row is one module of one run, with the cost of what it imported.
type row struct {
	name             string
	depth            int
	self, cumulative int64 // microseconds
	cached           bool  // -X importtime=2: it was loaded already
}

// A run is what one process printed.
type run struct {
	first   string
	samples map[string]row
	pending []row // rows whose importer has not been printed yet
}

// A logReader reads the rows of -X importtime. Children are printed before the
// module that imported them, two blanks deeper.
type logReader struct {
	name    string
	line    int
	runs    []*run
	edges   map[string]map[string]bool
	notes   []string
	omitted int
}

// A Text is the content of one file.
type Text struct {
	Name string // as errors and notes show it
	Data []byte
}

// ReadLogs reads several texts of `python -X importtime` as runs of one
// profile. Other forms cannot be joined: each is a whole profile of its own.
func ReadLogs(texts ...Text) (*Profile, error) {
	r := &logReader{edges: map[string]map[string]bool{}}
	for _, t := range texts {
		text, err := jsondoc.Text(t.Name, t.Data)
		if err != nil {
			text = bytes.ToValidUTF8(t.Data, []byte("?"))
		}
		if !isLog(text) {
			return nil, fmt.Errorf("%s: not the text of python -X importtime, which is all that several files can be read from", t.Name)
		}
		r.readText(t.Name, text)
	}
	return r.finish()
}

func readLog(name string, text []byte) (*Profile, error) {
	r := &logReader{edges: map[string]map[string]bool{}}
	r.readText(name, text)
	return r.finish()
}

// readText takes one text, whose first row begins a run of its own.
func (r *logReader) readText(name string, text []byte) {
	r.name, r.line = name, 0
	r.runs = append(r.runs, newRun())
	for line := range bytes.Lines(text) {
		r.line++
		r.read(strings.TrimRight(string(line), "\r\n"))
	}
}

func (r *logReader) finish() (*Profile, error) {
	name := r.name
	r.runs = slices.DeleteFunc(r.runs, func(run *run) bool { return len(run.samples) == 0 })
	if len(r.runs) == 0 {
		return nil, fmt.Errorf("%s: no whole row of python -X importtime in %d lines; run `python -X importtime -c \"import MODULE\" 2> FILE`", name, r.line)
	}
	if r.omitted > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s: %d more rows were skipped", name, r.omitted))
	}
	return r.profile(), nil
}

func (r *logReader) note(format string, args ...any) {
	if len(r.notes) >= maxNotes {
		r.omitted++
		return
	}
	r.notes = append(r.notes, fmt.Sprintf("%s:%d: ", r.name, r.line)+fmt.Sprintf(format, args...))
}

// read takes one line, which holds several rows where a collector joined them.
func (r *logReader) read(line string) {
	for {
		start := strings.Index(line, marker)
		if start < 0 {
			return
		}
		line = line[start:]
		next := strings.Index(line[len(marker):], marker)
		if next < 0 {
			r.row(line, true)
			return
		}
		r.row(line[:len(marker)+next], false)
		line = line[len(marker)+next:]
	}
}

func (r *logReader) row(text string, last bool) {
	if rowHeader.MatchString(text) {
		r.runs = append(r.runs, newRun())
		return
	}
	m := rowForm.FindStringSubmatch(text)
	switch {
	case m == nil && !rowCut.MatchString(text):
		// Program output that happens to hold the marker.
	case m == nil:
		r.note("a cut row was skipped: %q", clip(text))
	case !rowEnd.MatchString(m[5]) || !last && m[5] == "":
		r.note("a row with other output in it was skipped: %q", clip(text))
	default:
		r.add(m)
	}
}

func clip(text string) string {
	if len(text) > 100 {
		return strings.ToValidUTF8(text[:100], "") + "…"
	}
	return text
}

func newRun() *run { return &run{samples: map[string]row{}} }

func (r *logReader) add(m []string) {
	now := row{name: m[4], depth: len(m[3]) / 2, cached: m[1] == "cached"}
	if now.cached {
		// -X importtime=2 pads the name to the depth instead of indenting it: a
		// name as long as that hides who imported it.
		if len(m[3]) == 0 {
			return
		}
		now.depth = (len(m[3]) + len(m[4])) / 2
	}
	if !now.cached {
		var errSelf, errCumulative error
		now.self, errSelf = strconv.ParseInt(m[1], 10, 64)
		now.cumulative, errCumulative = strconv.ParseInt(m[2], 10, 64)
		switch {
		case errSelf != nil || errCumulative != nil || now.self > maxMS*1000 || now.cumulative > maxMS*1000:
			r.note("a row with impossible figures was skipped: %q", clip(m[0]))
			return
		case now.self < 0 || now.cumulative < now.self:
			// Threads share one counter, and rows of two processes can mix.
			r.note("a row whose figures contradict each other was skipped: %q", clip(m[0]))
			return
		}
	}
	// Without the header (a log cut at its start) a run is known to begin where
	// its first module is imported again.
	if len(r.runs) == 0 || !now.cached && len(r.runs[len(r.runs)-1].samples) > 1 && now.name == r.runs[len(r.runs)-1].first {
		r.runs = append(r.runs, newRun())
	}
	current := r.runs[len(r.runs)-1]
	r.nest(current, now)
	if now.cached {
		return
	}
	if current.first == "" {
		current.first = now.name
	}
	// A failed import is tried again and prints a row each time.
	if before, again := current.samples[now.name]; !again || now.cumulative > before.cumulative {
		current.samples[now.name] = now
	}
}

// nest takes the rows that now imported off the pending ones. They are trusted
// only if their times add up: cumulative = self + the children's cumulative.
func (r *logReader) nest(current *run, now row) {
	from := len(current.pending)
	for from > 0 && current.pending[from-1].depth > now.depth {
		from--
	}
	children := current.pending[from:]
	if !now.cached && len(children) > 0 {
		sum, whole := now.self, true
		for _, child := range children {
			sum += child.cumulative
			whole = whole && (child.cached || child.depth == now.depth+1)
		}
		// Each figure is rounded to a microsecond of its own.
		slack := int64(len(children)) + 2
		if !whole || sum > now.cumulative+slack || sum < now.cumulative-slack {
			r.note("the rows under %q do not add up (output of threads or of several processes?); its imports were skipped", now.name)
		} else {
			for _, child := range children {
				if child.depth != now.depth+1 {
					continue
				}
				if r.edges[now.name] == nil {
					r.edges[now.name] = map[string]bool{}
				}
				r.edges[now.name][child.name] = true
			}
		}
	}
	current.pending = append(current.pending[:from], now)
}

// profile joins the runs: medians of the times, all edges.
func (r *logReader) profile() *Profile {
	p := &Profile{Schema: Schema, Source: SourceImportTime, Runs: len(r.runs), Modules: map[string]Module{}, Notes: r.notes}
	samples := map[string][2][]float64{}
	for _, run := range r.runs {
		for name, row := range run.samples {
			s := samples[name]
			s[0] = append(s[0], float64(row.self)/1000)
			s[1] = append(s[1], float64(row.cumulative)/1000)
			samples[name] = s
		}
	}
	for name, s := range samples {
		m := Module{SelfMS: Median(s[0]), CumulativeMS: Median(s[1]), SpreadMS: Spread(s[1])}
		m.ImportMS = m.CumulativeMS
		for child := range r.edges[name] {
			if child != name {
				m.Imports = append(m.Imports, Edge{Module: child})
			}
		}
		slices.SortFunc(m.Imports, func(a, b Edge) int { return strings.Compare(a.Module, b.Module) })
		p.Modules[name] = m
	}
	return p
}
