package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Diff writes a unified diff, coloured where the style says so. Without colour
// the bytes pass unchanged, for they are a product that git reads.
func Diff(w io.Writer, diff []byte, style Style) error {
	if !style.Color {
		_, err := w.Write(diff)
		return err
	}
	var out bytes.Buffer
	var hunk hunk
	for _, line := range bytes.SplitAfter(diff, []byte("\n")) {
		text := bytes.TrimRight(line, "\r\n")
		paint := hunk.paint(string(text))
		if paint == "" {
			out.Write(line)
			continue
		}
		out.WriteString(style.Paint(paint, string(text)))
		out.Write(line[len(text):])
	}
	_, err := w.Write(out.Bytes())
	return err
}

// A hunk counts the lines that the current hunk still owes, because a removed
// line of the form `-- a/x` looks like a file header and only the count tells
// them apart.
type hunk struct{ old, new int }

func (h *hunk) paint(line string) Paint {
	if h.old <= 0 && h.new <= 0 {
		if !strings.HasPrefix(line, "@@ ") {
			if strings.HasPrefix(line, `\`) {
				return Dim
			}
			return Bold
		}
		h.old, h.new = hunkSize(line, '-'), hunkSize(line, '+')
		return Cyan
	}
	switch {
	case strings.HasPrefix(line, "+"):
		h.new--
		return Green
	case strings.HasPrefix(line, "-"):
		h.old--
		return Red
	case strings.HasPrefix(line, `\`):
		return Dim
	}
	h.old--
	h.new--
	return ""
}

// hunkSize reads the number of lines from `@@ -1,4 +1,5 @@`; it is 1 when the
// header leaves it out.
func hunkSize(header string, sign byte) int {
	for _, field := range strings.Fields(header) {
		if field[0] != sign {
			continue
		}
		size := 1
		if _, after, ok := strings.Cut(field, ","); ok {
			if _, err := fmt.Sscanf(after, "%d", &size); err != nil {
				return 1
			}
		}
		return size
	}
	return 0
}
