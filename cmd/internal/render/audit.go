package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"fastpath/cmd/internal/audit"
	"fastpath/plan"
)

// Audit writes what needs a person, section by section; the rest is counted,
// and stands in the file that where names.
func Audit(w io.Writer, a audit.Audit, where string, style Style) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s\n", style.Paint(Bold, headline(a)))
	for _, s := range a.Sections {
		paint := Green
		if s.People() > 0 {
			paint = Red
		}
		out.WriteByte('\n')
		writeWrapped(&out, style.Paint(paint, s.Title+":")+" ", Printable(s.Summary), style.width())
		for _, r := range s.Rows {
			if !r.Person() {
				continue
			}
			writeWrapped(&out, "  "+style.Paint(Bold, Printable(subject(r)))+" ", Printable(r.Verdict), style.width())
			writeWrapped(&out, "    "+style.Paint(Cyan, "do:")+" ", Printable(r.Do), style.width())
		}
		if rest := len(s.Rows) - s.People(); rest > 0 {
			fmt.Fprintf(&out, "  %s\n", style.Paint(Dim, fmt.Sprintf("%s without need in %s", Count(rest, "row"), Printable(where))))
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

func headline(a audit.Audit) string {
	text := "fastpath audit, " + a.Date + ": "
	switch n := a.People(); n {
	case 0:
		return text + "nothing needs a person"
	case 1:
		return text + "1 thing needs a person"
	default:
		return text + Count(n, "thing") + " need a person"
	}
}

// subject is what a row is about: the words among its first two cells.
func subject(r audit.Row) string {
	var words []string
	for _, c := range r.Cells[:2] {
		if text, ok := c.(string); ok && text != "" {
			words = append(words, text)
		}
	}
	return strings.Join(words, " ")
}

// AuditMarkdown is the whole audit, with a table for each section.
func AuditMarkdown(a audit.Audit) []byte {
	var out bytes.Buffer
	cell := strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;")
	fmt.Fprintf(&out, "# %s\n\n", cell.Replace(headline(a)))
	out.WriteString("| section | need a person | looked at |\n| --- | ---: | --- |\n")
	for _, s := range a.Sections {
		fmt.Fprintf(&out, "| %s | %d | %s |\n", s.Title, s.People(), cell.Replace(Printable(s.Summary)))
	}
	for _, s := range a.Sections {
		fmt.Fprintf(&out, "\n## %s\n\n%s.\n", s.Title, cell.Replace(Printable(s.Summary)))
		if len(s.Rows) == 0 {
			continue
		}
		out.WriteString("\n|")
		for _, c := range s.Columns {
			fmt.Fprintf(&out, " %s |", c.Title)
		}
		out.WriteString(" verdict | what to do |\n|" + strings.Repeat(" --- |", len(s.Columns)+2) + "\n")
		for _, r := range s.Rows {
			out.WriteString("|")
			for _, c := range r.Cells {
				fmt.Fprintf(&out, " %s |", cell.Replace(Printable(spell(c))))
			}
			fmt.Fprintf(&out, " %s | %s |\n", cell.Replace(Printable(r.Verdict)), cell.Replace(Printable(r.Do)))
		}
	}
	return out.Bytes()
}

func spell(c any) string {
	switch v := c.(type) {
	case plan.Measure:
		if !v.Known {
			return "-"
		}
		return Milliseconds(v.Value)
	default:
		return fmt.Sprint(v)
	}
}

type auditJSON struct {
	Schema   int           `json:"schema"`
	Date     string        `json:"date"`
	People   int           `json:"need_a_person"`
	Sections []sectionJSON `json:"sections"`
}

type sectionJSON struct {
	Key     string           `json:"section"`
	Summary string           `json:"summary"`
	People  int              `json:"need_a_person"`
	Rows    []map[string]any `json:"rows"`
}

// AuditJSON writes the whole audit as one JSON object. Each row has the columns
// of its section, `verdict`, and `do` where it needs a person.
func AuditJSON(w io.Writer, a audit.Audit) error {
	document := auditJSON{Schema: 1, Date: a.Date, People: a.People(), Sections: []sectionJSON{}}
	for _, s := range a.Sections {
		section := sectionJSON{Key: s.Key, Summary: s.Summary, People: s.People(), Rows: []map[string]any{}}
		for _, r := range s.Rows {
			row := map[string]any{"verdict": r.Verdict}
			for i, c := range s.Columns {
				row[c.Key] = r.Cells[i]
				if m, ok := r.Cells[i].(plan.Measure); ok {
					row[c.Key] = number(m)
				}
			}
			if r.Person() {
				row["do"] = r.Do
			}
			section.Rows = append(section.Rows, row)
		}
		document.Sections = append(document.Sections, section)
	}
	return writeJSON(w, document)
}
