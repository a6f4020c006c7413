package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"fastpath/plan"
	"fastpath/plan/facts"
)

// A Shown is a plan and the files of it that the user asked about.
type Shown struct {
	Input plan.Input
	Plan  *plan.Plan
	Files []bool // by index into Input.Modules; nil shows all
	Only  Only
	Full  bool // every place of every blocker, with what to do about it
}

// Only narrows what is shown to one module, file or line; the zero value shows
// everything.
type Only struct {
	Module string // dotted; its attributes and submodules are shown too
	File   string
	Line   int // 0 for the whole file
}

func (o Only) matches(m *facts.Module, u *facts.Unit) bool {
	if o.File != "" {
		return m.Path == o.File && (o.Line == 0 || u.Line == o.Line)
	}
	name := dotted(u)
	return o.Module == "" || name == o.Module || strings.HasPrefix(name, o.Module+".")
}

// dotted is the name of what a unit imports.
func dotted(u *facts.Unit) string {
	if u.Attr == "" {
		return u.Module
	}
	return u.Module + "." + u.Attr
}

func (s Shown) each(visit func(d *plan.Decision, m *facts.Module, u *facts.Unit)) {
	for i := range s.Plan.Decisions {
		d := &s.Plan.Decisions[i]
		if s.Files != nil && !s.Files[d.File] {
			continue
		}
		m := s.Input.Modules[d.File]
		if u := &m.Units[d.Unit]; s.Only.matches(m, u) {
			visit(d, m, u)
		}
	}
}

// A Summary counts what a plan does.
type Summary struct {
	Files   int     `json:"files"`
	Imports int     `json:"imports"`
	Move    int     `json:"move"`
	Keep    int     `json:"keep"`
	Blocked int     `json:"blocked"`
	NoGain  int     `json:"no_gain"`
	SavesMS float64 `json:"saves_ms"` // what the moves save at a cold start
	// ShiftsMS is what they only move from the start into the first request.
	ShiftsMS float64 `json:"shifts_ms"`
}

// Summarize counts the decisions that are shown.
func (s Shown) Summarize() Summary {
	var sum Summary
	sum.Files = len(s.Input.Modules)
	if s.Files != nil {
		sum.Files = 0
		for _, in := range s.Files {
			if in {
				sum.Files++
			}
		}
	}
	s.each(func(d *plan.Decision, _ *facts.Module, _ *facts.Unit) {
		sum.Imports++
		switch d.Status {
		case plan.StatusMove:
			sum.Move++
			sum.SavesMS += d.SavesMS
			sum.ShiftsMS += d.ShiftsMS
		case plan.StatusBlocked:
			sum.Blocked++
		case plan.StatusNoGain:
			sum.NoGain++
		default:
			sum.Keep++
		}
	})
	// What moves save together is not the sum of what each saves alone.
	if whole := s.Plan.Summary; sum.Imports == len(s.Plan.Decisions) && (whole.SavesMS > 0 || whole.ShiftsMS > 0) {
		sum.SavesMS, sum.ShiftsMS = whole.SavesMS, rounded(whole.ShiftsMS)
	}
	sum.SavesMS = rounded(sum.SavesMS)
	return sum
}

func (s Summary) String() string {
	line := fmt.Sprintf("%s in %s: %d move, %d keep, %d blocked", Count(s.Imports, "import"), Count(s.Files, "file"), s.Move, s.Keep, s.Blocked)
	if s.NoGain > 0 {
		line += fmt.Sprintf(", %d no gain", s.NoGain)
	}
	if s.SavesMS > 0 {
		line += fmt.Sprintf("; saves %s ms at cold start", Milliseconds(s.SavesMS))
	}
	if s.ShiftsMS > 0 {
		line += fmt.Sprintf("; %s ms shifted, not saved", Milliseconds(s.ShiftsMS))
	}
	return line
}

// nameWidth is the width of the column of imports; longer ones are wrapped.
const nameWidth = 26

// Plan writes the decision for every import unit as a table, one block a file,
// with what stands in the way below each row.
func Plan(w io.Writer, s Shown, style Style) error {
	var out bytes.Buffer
	block := newPlanBlock(s, style)
	file := -1
	s.each(func(d *plan.Decision, m *facts.Module, u *facts.Unit) {
		if d.File != file {
			block.flush(&out)
			file = d.File
			out.WriteString(style.Paint(Bold, Printable(m.Path)) + "\n")
		}
		block.add(d, m, u)
	})
	block.flush(&out)
	if !s.Full {
		s.order(&out, style)
		s.models(&out, style)
	}
	s.refusals(&out, style)
	_, err := w.Write(out.Bytes())
	return err
}

// A planBlock is the rows of one file.
type planBlock struct {
	shown  Shown
	style  Style
	table  table.Writer
	height []int      // lines of each row
	notes  [][]string // below each row
}

func newPlanBlock(s Shown, style Style) *planBlock {
	t := table.NewWriter()
	t.SetStyle(table.Style{Box: table.BoxStyle{PaddingRight: " "}, Options: table.OptionsNoBordersAndSeparators})
	t.SetColumnConfigs([]table.ColumnConfig{
		{Number: 1, Align: text.AlignRight, WidthMin: 5},
		{Number: 2, WidthMin: nameWidth, WidthMax: nameWidth, WidthMaxEnforcer: text.WrapSoft},
		{Number: 3, Align: text.AlignRight, WidthMin: 8},
		{Number: 4, Align: text.AlignRight, WidthMin: 5},
		{Number: 5, WidthMin: 8},
	})
	return &planBlock{shown: s, style: style, table: t}
}

func (b *planBlock) add(d *plan.Decision, m *facts.Module, u *facts.Unit) {
	const figures = 5 + 1 + nameWidth + 1 + 8 + 1 + 5 + 1 + 8 + 1 // the columns before the reason, with their gaps
	why, notes := string(d.Rule), []string(nil)
	switch to := outcomeOf(d, m); {
	case to == "":
	case figures+len(why)+2+len(to) <= b.style.width():
		why += ": " + to
	default:
		notes = append(notes, to)
	}
	notes = append(notes, b.shown.setNotes(d)...)
	if d.Rule != plan.RuleFast && !b.shown.Full {
		notes = append(notes, b.shown.modelNotes(d)...)
	}
	notes = append(notes, noteAll("", d.Blockers, m.Path, b.shown.Full)...)
	notes = append(notes, noteAll("caution ", d.Cautions, m.Path, b.shown.Full)...)
	if b.shown.Full {
		for _, t := range b.shown.Plan.Sets.Turns(b.shown.index(d)) {
			notes = append(notes, fmt.Sprintf("with %s: %s", t.When, t.Then))
		}
	}
	name := unitText(u)
	b.table.AppendRow(table.Row{u.Line, name, measure(d.ImportMS, " ms"), measure(d.UsagePct, " %"),
		b.style.Paint(statusPaint(d.Status), statusText(d)), why})
	b.height = append(b.height, 1+strings.Count(text.WrapSoft(name, nameWidth), "\n"))
	b.notes = append(b.notes, notes)
}

// flush writes the rows, each with its notes.
func (b *planBlock) flush(out *bytes.Buffer) {
	if len(b.height) == 0 {
		return
	}
	lines := strings.Split(b.table.Render(), "\n")
	for i, n := range b.height {
		for _, line := range lines[:n] {
			out.WriteString(strings.TrimRight(line, " ") + "\n")
		}
		lines = lines[n:]
		for _, text := range b.notes[i] {
			writeWrapped(out, "      ", text, b.style.width())
		}
	}
	out.WriteByte('\n')
	b.table.ResetRows()
	b.height, b.notes = b.height[:0], b.notes[:0]
}

func statusPaint(s plan.Status) Paint {
	switch s {
	case plan.StatusMove:
		return Green
	case plan.StatusBlocked:
		return Yellow
	}
	return Dim
}

func statusText(d *plan.Decision) string {
	if d.Status == plan.StatusNoGain {
		return "no gain"
	}
	return string(d.Status)
}

// unitText is the unit as one would name it: `numpy as np`, `.util: slug`.
func unitText(u *facts.Unit) string {
	if u.Attr == "" {
		return Printable(u.Written)
	}
	name := u.Written + ": " + u.Attr
	if u.Bound != u.Attr && u.Bound != "" {
		name += " as " + u.Bound
	}
	return Printable(name)
}

func measure(m plan.Measure, unit string) string {
	switch {
	case !m.Known:
		return "-"
	case unit == " ms":
		return Milliseconds(m.Value)
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", m.Value), ".0") + "%"
}

// outcomeOf says where a unit goes, or what loads it anyway.
func outcomeOf(d *plan.Decision, m *facts.Module) string {
	switch {
	case d.Status == plan.StatusMove:
		return destination(d, m)
	case d.Status == plan.StatusNoGain && len(d.NoGain) > 0:
		return "loaded anyway by " + Printable(strings.Join(d.NoGain, " > "))
	case d.Status == plan.StatusNoGain:
		return "no entry loads this file"
	}
	return ""
}

func destination(d *plan.Decision, m *facts.Module) string {
	switch d.Action {
	case plan.Hoist:
		return "to module level"
	case plan.Drop:
		return "repeats the module level"
	case plan.ToTypeChecking:
		return "to TYPE_CHECKING"
	case plan.Consolidate:
		return "to fast_path.py"
	}
	var into []string
	for _, l := range d.Into {
		if l.Scope < 0 {
			into = append(into, "the main guard")
			continue
		}
		into = append(into, fmt.Sprintf("%s:%d", m.Scopes[l.Scope].Qualified, m.Scopes[l.Scope].Line))
	}
	return "into " + strings.Join(into, ", ")
}

// mostPlaces is how many places of one code are named: a generated file can
// have a hundred thousand, and three tell the story.
const mostPlaces = 3

// noteAll spells blockers or cautions, in their order; beyond mostPlaces of a
// code only their number, unless all are wanted.
func noteAll(head string, list []plan.Blocker, file string, full bool) []string {
	var notes []string
	total, said := map[string]int{}, map[string]int{}
	for _, b := range list {
		total[b.Code]++
	}
	for _, b := range list {
		if said[b.Code]++; full || said[b.Code] <= mostPlaces {
			text := head + note(b, file)
			if full && b.Hint != "" {
				text += "; " + Printable(b.Hint)
			}
			notes = append(notes, text)
		}
		if more := total[b.Code] - mostPlaces; !full && more > 0 && said[b.Code] == mostPlaces {
			notes = append(notes, fmt.Sprintf("%s%s: and %s more", head, b.Code, Grouped(int64(more))))
		}
	}
	return notes
}

func note(b plan.Blocker, file string) string {
	place := ""
	switch {
	case b.File != "" && b.File != file:
		place = fmt.Sprintf(" %s:%d", Printable(b.File), b.Line)
	case b.Line > 0:
		place = fmt.Sprintf(" line %d", b.Line)
	}
	return fmt.Sprintf("%s%s: %s", b.Code, place, Printable(b.Message))
}
