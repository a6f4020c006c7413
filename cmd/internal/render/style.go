package render

import (
	"strconv"
	"strings"
	"unicode"
)

// A Style is how text is laid out for a reader.
type Style struct {
	Color bool
	Width int // columns; 0 means DefaultWidth
}

// DefaultWidth is the width of output that goes to no terminal.
const DefaultWidth = 80

// A Paint is an SGR sequence.
type Paint string

// The paints in use.
const (
	Bold   Paint = "1"
	Dim    Paint = "2"
	Red    Paint = "31"
	Green  Paint = "32"
	Yellow Paint = "33"
	Cyan   Paint = "36"
)

// Paint colours text where the style allows colour.
func (s Style) Paint(p Paint, text string) string {
	if !s.Color || text == "" {
		return text
	}
	return "\x1b[" + string(p) + "m" + text + "\x1b[0m"
}

func (s Style) width() int {
	if s.Width <= 0 {
		return DefaultWidth
	}
	return max(s.Width, 40)
}

// Printable is text with control characters and invalid bytes escaped, so that
// a file's name cannot drive the reader's terminal.
func Printable(text string) string {
	clean := true
	for _, r := range text {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			clean = false
			break
		}
	}
	if clean {
		return text
	}
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// Milliseconds spells a duration: one decimal below 1,000, none above,
// thousands grouped.
func Milliseconds(ms float64) string {
	if ms < 999.95 && ms > -999.95 {
		return strconv.FormatFloat(ms, 'f', 1, 64)
	}
	return Grouped(int64(ms + 0.5))
}

// Grouped spells an integer with a comma between thousands.
func Grouped(n int64) string {
	if n < 0 {
		return "-" + Grouped(-n)
	}
	digits := strconv.FormatInt(n, 10)
	var out []byte
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, digits[i])
	}
	return string(out)
}

// Count spells n things, with an s where English wants one.
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return Grouped(int64(n)) + " " + thing + "s"
}
