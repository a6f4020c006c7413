// Package udiff writes the unified diff of two texts.
//
// It knows lines, hunks, quoted paths and the missing last line end, and is
// the one door to go-diff. It must not know Python or edits. Its invariant:
// applied to the old text, the diff gives the new text byte for byte.
package udiff

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// DevNull is the name of the missing side of a created or deleted file.
const DevNull = "/dev/null"

// context is the number of unchanged lines around a change.
const context = 3

// Unified returns the unified diff that turns old into new, nil when they are
// equal. The names are slash paths from the root of the tree, without the a/
// and b/ that are put before them; DevNull stands for a file that is not
// there. Lines end in LF alone: a CR is part of its line. The error says that
// the texts have more distinct lines than can be compared.
func Unified(oldName, newName string, old, new []byte) ([]byte, error) {
	if bytes.Equal(old, new) {
		return nil, nil
	}
	a, b := splitLines(old), splitLines(new)
	changes, err := compare(a, b)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	header(&out, "--- ", "a/", oldName)
	header(&out, "+++ ", "b/", newName)
	for len(changes) > 0 {
		n := 1
		for n < len(changes) && changes[n].oldStart-changes[n-1].oldEnd <= 2*context {
			n++
		}
		writeHunk(&out, a, b, changes[:n])
		changes = changes[n:]
	}
	return out.Bytes(), nil
}

func splitLines(text []byte) [][]byte {
	lines := bytes.SplitAfter(text, []byte{'\n'})
	if n := len(lines) - 1; len(lines[n]) == 0 {
		lines = lines[:n]
	}
	return lines
}

// A change replaces old lines [oldStart, oldEnd) by new lines [newStart, newEnd).
type change struct{ oldStart, oldEnd, newStart, newEnd int }

// Line ids are code points, since go-diff works on strings of runes: all of
// them but the surrogates, which no string can hold.
const (
	surrogates    = 0x800
	firstReserved = 0xD800
	maxDistinct   = 0x110000 - surrogates - 1
)

func compare(a, b [][]byte) ([]change, error) {
	prefix := 0
	for prefix < len(a) && prefix < len(b) && bytes.Equal(a[prefix], b[prefix]) {
		prefix++
	}
	suffix := 0
	for suffix < len(a)-prefix && suffix < len(b)-prefix && bytes.Equal(a[len(a)-1-suffix], b[len(b)-1-suffix]) {
		suffix++
	}
	ids := map[string]rune{}
	encode := func(lines [][]byte) []rune {
		runes := make([]rune, len(lines))
		for i, line := range lines {
			id, known := ids[string(line)]
			if !known {
				id = rune(len(ids) + 1)
				if id >= firstReserved {
					id += surrogates
				}
				ids[string(line)] = id
			}
			runes[i] = id
		}
		return runes
	}
	left, right := encode(a[prefix:len(a)-suffix]), encode(b[prefix:len(b)-suffix])
	if len(ids) > maxDistinct {
		return nil, fmt.Errorf("comparing texts with %d distinct lines: more than %d", len(ids), maxDistinct)
	}
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0 // the result must not depend on the machine's load
	var changes []change
	i, j := prefix, prefix
	for _, d := range dmp.DiffMainRunes(left, right, false) {
		n := len([]rune(d.Text))
		if d.Type == diffmatchpatch.DiffEqual {
			i, j = i+n, j+n
			continue
		}
		if k := len(changes) - 1; k < 0 || changes[k].oldEnd != i || changes[k].newEnd != j {
			changes = append(changes, change{i, i, j, j})
		}
		c := &changes[len(changes)-1]
		if d.Type == diffmatchpatch.DiffDelete {
			i += n
		} else {
			j += n
		}
		c.oldEnd, c.newEnd = i, j
	}
	return changes, nil
}

func header(out *bytes.Buffer, mark, side, name string) {
	if name != DevNull {
		name = quote(side + name)
	}
	out.WriteString(mark)
	out.WriteString(name)
	if strings.Contains(name, " ") {
		out.WriteByte('\t') // ends the name for patch, which otherwise looks for a date
	}
	out.WriteByte('\n')
}

func writeHunk(out *bytes.Buffer, a, b [][]byte, changes []change) {
	first, last := changes[0], changes[len(changes)-1]
	before := min(context, first.oldStart)
	after := min(context, len(a)-last.oldEnd)
	out.WriteString("@@ -")
	writeRange(out, first.oldStart-before, last.oldEnd+after)
	out.WriteString(" +")
	writeRange(out, first.newStart-before, last.newEnd+after)
	out.WriteString(" @@\n")
	at := first.oldStart - before
	for _, c := range changes {
		writeLines(out, ' ', a[at:c.oldStart])
		writeLines(out, '-', a[c.oldStart:c.oldEnd])
		writeLines(out, '+', b[c.newStart:c.newEnd])
		at = c.oldEnd
	}
	writeLines(out, ' ', a[at:last.oldEnd+after])
}

// writeRange gives the lines [start, end) in the diff's terms: 1-based, the
// count left out when it is 1, and an empty range named by the line before it.
func writeRange(out *bytes.Buffer, start, end int) {
	switch count := end - start; count {
	case 0:
		fmt.Fprintf(out, "%d,0", start)
	case 1:
		fmt.Fprintf(out, "%d", start+1)
	default:
		fmt.Fprintf(out, "%d,%d", start+1, count)
	}
}

func writeLines(out *bytes.Buffer, mark byte, lines [][]byte) {
	for _, line := range lines {
		out.WriteByte(mark)
		out.Write(line)
		if line[len(line)-1] != '\n' {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// quote writes a path as git does: in C style and in quotes when it holds a
// control character, a quote, a backslash or a byte beyond ASCII.
func quote(path string) string {
	const letters = "abtnvfr" // the escapes of bytes 7 to 13
	var out strings.Builder
	plain := true
	out.WriteByte('"')
	for i := range len(path) {
		c := path[i]
		switch {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteByte(c)
		case c >= 7 && c <= 13:
			out.WriteByte('\\')
			out.WriteByte(letters[c-7])
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&out, "\\%03o", c)
		default:
			out.WriteByte(c)
			continue
		}
		plain = false
	}
	if plain {
		return path
	}
	out.WriteByte('"')
	return out.String()
}
