package render

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"fastpath/cmd/internal/check"
)

// A Report is the findings of one check.
type Report struct {
	Findings   []check.Finding
	Suppressed int
	Source     func(path string) ([]byte, error) // for excerpts; files that cannot be read get none
}

// Summary counts the findings.
func (r Report) Summary() string {
	errors, warnings := 0, 0
	for _, f := range r.Findings {
		switch f.Code.Severity {
		case check.Error:
			errors++
		case check.Warning:
			warnings++
		}
	}
	line := Count(errors, "error") + ", " + Count(warnings, "warning")
	if r.Suppressed > 0 {
		line += fmt.Sprintf(", %d suppressed", r.Suppressed)
	}
	return line
}

// Findings writes each finding with the line it is about, its figures and what
// to do.
func Findings(w io.Writer, r Report, style Style) error {
	var out bytes.Buffer
	lines := excerpts{source: r.Source}
	for _, f := range r.Findings {
		paint := Yellow
		if f.Code.Severity == check.Error {
			paint = Red
		}
		what := f.Code.ID + " " + f.Code.Name
		if f.Code.Severity != check.Error {
			what += " (" + string(f.Code.Severity) + ")"
		}
		fmt.Fprintf(&out, "%s %s\n", style.Paint(Bold, fmt.Sprintf("%s:%d:", Printable(f.File), f.Line)), style.Paint(paint, what))
		writeWrapped(&out, "  ", Printable(f.Message), style.width())
		if text := lines.line(f.File, f.Line); text != "" {
			fmt.Fprintf(&out, "  %s %s\n", style.Paint(Dim, fmt.Sprintf("%5d |", f.Line)), Printable(text))
		}
		if len(f.Chain) > 0 {
			writeWrapped(&out, "  ", Printable(loadedBy(f)), style.width())
		}
		if f.Hint != "" {
			writeWrapped(&out, "  "+style.Paint(Cyan, "do:")+" ", Printable(f.Hint), style.width())
		}
		out.WriteByte('\n')
	}
	_, err := w.Write(out.Bytes())
	return err
}

// loadedBy names the import chain that leads to the finding; "" without one.
func loadedBy(f check.Finding) string {
	if len(f.Chain) == 0 {
		return ""
	}
	return "loaded by " + strings.Join(f.Chain, " > ")
}

// sentence is the finding in one line: what, by which chain, and what to do.
func sentence(f check.Finding) string {
	text := f.Message
	if chain := loadedBy(f); chain != "" {
		text += ", " + chain
	}
	if f.Hint != "" {
		text += ". " + f.Hint
	}
	return text
}

// excerpts gives lines of source, keeping the last file: findings come in
// file order.
type excerpts struct {
	source func(string) ([]byte, error)
	path   string
	lines  [][]byte
}

func (e *excerpts) line(path string, n int) string {
	if e.source == nil || !strings.HasSuffix(path, ".py") {
		return ""
	}
	if path != e.path {
		e.path, e.lines = path, nil
		if data, err := e.source(path); err == nil {
			e.lines = bytes.Split(data, []byte("\n"))
		}
	}
	if n > len(e.lines) {
		return ""
	}
	return strings.TrimSpace(string(e.lines[n-1]))
}

// writeWrapped writes text between the margin of its first line and the width;
// further lines are indented by the margin's blanks and two more.
func writeWrapped(out *bytes.Buffer, margin, text string, width int) {
	plain := stripPaint(margin)
	writeIndented(out, margin, text, len(plain)-len(strings.TrimLeft(plain, " "))+2, width)
}

// writeIndented writes text between the margin of its first line and the
// width; further lines are indented by so many blanks.
func writeIndented(out *bytes.Buffer, margin, text string, blanks, width int) {
	out.WriteString(margin)
	plain := stripPaint(margin)
	indent := strings.Repeat(" ", blanks)
	column := len(plain)
	start := column
	for _, word := range strings.Fields(text) {
		length := utf8.RuneCountInString(word)
		if column > start && column+1+length > width {
			out.WriteString("\n" + indent)
			column, start = len(indent), len(indent)
		} else if column > start {
			out.WriteByte(' ')
			column++
		}
		out.WriteString(word)
		column += length
	}
	out.WriteByte('\n')
}

func stripPaint(text string) string {
	for {
		i := strings.IndexByte(text, '\x1b')
		if i < 0 {
			return text
		}
		j := strings.IndexByte(text[i:], 'm')
		if j < 0 {
			return text[:i]
		}
		text = text[:i] + text[i+j+1:]
	}
}

type findingJSON struct {
	Code       string   `json:"code"`
	Name       string   `json:"name"`
	Severity   string   `json:"severity"`
	File       string   `json:"file"`
	Line       int      `json:"line"`
	Module     string   `json:"module,omitempty"`
	Message    string   `json:"message"`
	Hint       string   `json:"hint"`
	ImportMS   *float64 `json:"import_ms"`
	UsagePct   *float64 `json:"usage_pct"`
	LoadedBy   []string `json:"loaded_by,omitempty"`
	References string   `json:"seed,omitempty"`
}

// FindingsJSON writes the findings as one JSON object.
func FindingsJSON(w io.Writer, r Report) error {
	document := struct {
		Schema     int           `json:"schema"`
		Findings   []findingJSON `json:"findings"`
		Suppressed int           `json:"suppressed"`
	}{Schema: 1, Findings: []findingJSON{}, Suppressed: r.Suppressed}
	for _, f := range r.Findings {
		document.Findings = append(document.Findings, findingJSON{
			Code: f.Code.ID, Name: f.Code.Name, Severity: string(f.Code.Severity), File: f.File, Line: f.Line,
			Module: f.Module, Message: f.Message, Hint: f.Hint, ImportMS: number(f.ImportMS), UsagePct: number(f.UsagePct),
			LoadedBy: f.Chain, References: f.Code.Seed,
		})
	}
	return writeJSON(w, document)
}

// FindingsGitHub writes workflow commands, which GitHub shows beside the line.
func FindingsGitHub(w io.Writer, r Report) error {
	var out bytes.Buffer
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	for _, f := range r.Findings {
		level := map[check.Severity]string{check.Error: "error", check.Warning: "warning", check.Note: "notice"}[f.Code.Severity]
		fmt.Fprintf(&out, "::%s file=%s,line=%d,title=%s::%s\n", level, property.Replace(f.File), f.Line,
			property.Replace(f.Code.ID+" "+f.Code.Name), data.Replace(strings.Join(slices.DeleteFunc([]string{f.Message, loadedBy(f), f.Hint}, func(s string) bool { return s == "" }), "\n")))
	}
	_, err := w.Write(out.Bytes())
	return err
}

// Code writes what a code means and why it matters.
func Code(w io.Writer, c check.Code, style Style) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s  %s\n\n", style.Paint(Bold, c.ID+" "+c.Name), style.Paint(Dim, string(c.Severity)))
	for _, part := range []struct{ head, text string }{{"what", c.What}, {"why", c.Why}, {"do", c.Fix}, {"seed", c.Seed}} {
		if part.text != "" {
			writeWrapped(&out, fmt.Sprintf("%-6s", part.head), part.text, style.width())
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}
