package rewrite

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// The same text in other bytes changes in the same way.
func TestFidelity(t *testing.T) {
	const cookie = "# -*- coding: latin-1 -*-\n# caf\xe9\n\n"
	variants := []struct {
		name string
		of   func(string) string
	}{
		{"CRLF", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }},
		{"CR", func(s string) string { return strings.ReplaceAll(s, "\n", "\r") }},
		{"BOM", func(s string) string { return "\xef\xbb\xbf" + s }},
		{"tabs", tabbed},
		{"no last line end", func(s string) string { return strings.TrimSuffix(s, "\n") }},
		{"latin-1", func(s string) string { return cookie + s }},
		{"form feeds", func(s string) string { return strings.ReplaceAll(s, "\n\n\ndef", "\n\f\n\ndef") }},
	}
	eachCase(t, func(t *testing.T, _ string, ar *txtar.Archive, in, moves, want string) {
		if want == "" || strings.Contains(file(ar, "variants"), "none") {
			return
		}
		for _, v := range variants {
			if strings.Contains(file(ar, "variants"), "not "+v.name) {
				continue
			}
			src := []byte(v.of(in))
			got, err := Rewrite(job(t, src, moves))
			if err != nil {
				t.Errorf("%s: %v", v.name, err)
				continue
			}
			if string(got) != v.of(want) {
				t.Errorf("%s: got\n%q\nwant\n%q", v.name, got, v.of(want))
			}
		}
	})
}

// tabbed indents with tabs instead of four blanks.
func tabbed(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		rest := strings.TrimLeft(line, " ")
		if n := len(line) - len(rest); n%4 == 0 {
			lines[i] = strings.Repeat("\t", n/4) + rest
		}
	}
	return strings.Join(lines, "\n")
}
