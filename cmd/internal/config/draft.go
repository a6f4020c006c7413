package config

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"fastpath/plan"
)

// A Draft is a first configuration, with the reason for each value.
type Draft struct {
	Entry          []Reasoned
	Src            []Reasoned
	Tests          []string // nil where the default holds
	RequiresPython Reasoned // empty where the project's metadata says it
	ImportStyle    Reasoned // empty for the default
	Exceptions     []plan.Exception
}

// A Reasoned is a value and what it was concluded from.
type Reasoned struct{ Value, Why string }

// Write adds the draft to the configuration file called name with content old,
// nil for a new file. All of old stays as it is; line ends follow it. An error
// tells that the result would not be a valid file.
func (d Draft) Write(name string, old []byte) ([]byte, error) {
	var out strings.Builder
	prefix := ""
	if filepath.Base(name) == projectName {
		prefix = "tool.fastpath."
		out.WriteString("[tool.fastpath]\n")
	}
	out.WriteString("# What a cold start imports: files or dotted names.\n")
	if len(d.Entry) == 0 {
		out.WriteString("# entry = [\"lambda_function.py\"]\n")
	} else {
		writeReasoned(&out, "entry", d.Entry)
	}
	out.WriteString("# Import roots, first match wins.\n")
	writeReasoned(&out, "src", d.Src)
	if d.Tests != nil {
		out.WriteString("# Files that are tests.\n")
		var items []Reasoned
		for _, t := range d.Tests {
			items = append(items, Reasoned{Value: t})
		}
		writeReasoned(&out, "tests", items)
	}
	if r := d.RequiresPython; r.Value != "" {
		fmt.Fprintf(&out, "# The Python that runs it, by %s.\nrequires-python = %s\n", commented(r.Why), basic(r.Value))
	}
	if s := d.ImportStyle; s.Value != "" {
		fmt.Fprintf(&out, "\n[%sfast-path]\n# %s reports names that a star import binds.\nimport-style = %s\n", prefix, commented(s.Why), basic(s.Value))
	}
	out.WriteString(exceptionTables(prefix, d.Exceptions))
	return appended(name, old, out.String())
}

// AddExceptions adds exceptions to a configuration file that stands.
func AddExceptions(name string, old []byte, exceptions []plan.Exception) ([]byte, error) {
	prefix := ""
	if filepath.Base(name) == projectName {
		prefix = "tool.fastpath."
	}
	return appended(name, old, strings.TrimPrefix(exceptionTables(prefix, exceptions), "\n"))
}

func exceptionTables(prefix string, exceptions []plan.Exception) string {
	var out strings.Builder
	for _, e := range exceptions {
		fmt.Fprintf(&out, "\n[[%sexception]]\nmodule = %s\n", prefix, basic(e.Module))
		for _, line := range []struct{ key, text string }{{"reason", e.Reason}, {"approved-by", e.ApprovedBy}} {
			if line.text != "" {
				fmt.Fprintf(&out, "%s = %s\n", line.key, basic(line.text))
			}
		}
		for _, line := range []struct{ key, text string }{{"date", e.Date}, {"review", e.Review}} {
			if _, err := time.Parse(time.DateOnly, line.text); err == nil {
				fmt.Fprintf(&out, "%s = %s\n", line.key, line.text)
			}
		}
	}
	return out.String()
}

// writeReasoned writes a list, one item a line where items have reasons.
func writeReasoned(out *strings.Builder, key string, items []Reasoned) {
	plain := true
	for _, item := range items {
		plain = plain && item.Why == ""
	}
	if plain {
		texts := make([]string, len(items))
		for i, item := range items {
			texts[i] = basic(item.Value)
		}
		fmt.Fprintf(out, "%s = [%s]\n", key, strings.Join(texts, ", "))
		return
	}
	fmt.Fprintf(out, "%s = [\n", key)
	for _, item := range items {
		fmt.Fprintf(out, "    %s,", basic(item.Value))
		if item.Why != "" {
			fmt.Fprintf(out, "  # %s", commented(item.Why))
		}
		out.WriteByte('\n')
	}
	out.WriteString("]\n")
}

// appended puts text behind old, with a blank line between them and the line
// ends of old, and demands that the whole is a valid configuration.
func appended(name string, old []byte, text string) ([]byte, error) {
	end := "\n"
	if bytes.Contains(old, []byte("\r\n")) {
		end = "\r\n"
	}
	gap := ""
	switch {
	case len(old) == 0:
	case !bytes.HasSuffix(old, []byte("\n")):
		gap = end + end
	case !bytes.HasSuffix(old, []byte(end+end)):
		gap = end
	}
	out := append(bytes.Clone(old), gap+strings.ReplaceAll(text, "\n", end)...)
	doc, err := parse(name, filepath.Base(name), out)
	if err != nil {
		return nil, fmt.Errorf("adding to the configuration: %w", err)
	}
	c := Default("")
	doc.section().into(&c)
	if err := doc.err(); err != nil {
		return nil, fmt.Errorf("adding to the configuration: %w", err)
	}
	return out, nil
}

// basic spells a TOML basic string.
func basic(text string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r == '\n':
			out.WriteString(`\n`)
		case r == '\t':
			out.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&out, `\u%04X`, r)
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
	return out.String()
}

// commented makes text fit for a comment: TOML allows no control characters
// there.
func commented(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}
