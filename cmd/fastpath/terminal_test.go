package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// paint is one change of colour, the only control that output may hold.
var paint = regexp.MustCompile("\x1b\\[[0-9;]*m")

// excerpt is a line that shows one of the source as it is.
var excerpt = regexp.MustCompile(`^ +\d+ \| `)

// TestTerminal runs commands on a real terminal: in colour there, as plain as
// through a pipe where NO_COLOR or a dumb terminal asks for that, and never
// wider than the screen.
func TestTerminal(t *testing.T) {
	python := interpreter(t)
	if out, err := exec.Command(python, "-c", "import pty; pty.openpty()").CombinedOutput(); err != nil {
		t.Skipf("no terminals here: %s", out)
	}
	script, err := filepath.Abs(filepath.Join("testdata", "terminal.py"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	plantTerminal(t, dir)
	for _, command := range []string{"plan", "check", "explain pandas", "explain FP101", "explain app/report.py"} {
		args := append(strings.Fields(command), "-q")
		if strings.HasPrefix(command, "check") {
			args = append(args, "--today", "2025-11-20")
		}
		t.Run(command, func(t *testing.T) {
			piped := output(t, dir, nil, append([]string{"fastpath"}, args...)...)
			if strings.Contains(piped, "\x1b") {
				t.Errorf("colour in a pipe:\n%q", piped)
			}
			for _, columns := range []int{80, 120} {
				on := func(env ...string) string {
					return output(t, dir, env, append([]string{python, script, fmt.Sprint(columns), "fastpath"}, args...)...)
				}
				coloured := on("TERM=xterm", "NO_COLOR=")
				plain := paint.ReplaceAllString(coloured, "")
				if plain == coloured {
					t.Errorf("no colour on a terminal:\n%s", coloured)
				}
				if strings.ContainsAny(plain, "\x1b\r\b\t") {
					t.Errorf("controls on a terminal:\n%q", plain)
				}
				for _, env := range [][]string{{"TERM=xterm", "NO_COLOR=1"}, {"TERM=dumb", "NO_COLOR="}} {
					if got := on(env...); got != plain {
						t.Errorf("%v: got\n%s\nwant\n%s", env, got, plain)
					}
				}
				if columns == 80 && plain != piped {
					t.Errorf("on a terminal\n%s\nin a pipe\n%s", plain, piped)
				}
				for line := range strings.Lines(plain) {
					if !excerpt.MatchString(line) && utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) > columns {
						t.Errorf("wider than %d columns: %q", columns, line)
					}
				}
			}
		})
	}
}

// TestTableIsAligned holds the columns of a plan against one another.
func TestTableIsAligned(t *testing.T) {
	dir := t.TempDir()
	plantTerminal(t, dir)
	at := map[string][]int{} // by file: where the status of its imports stands
	file := ""
	for line := range strings.Lines(output(t, dir, nil, "fastpath", "plan", "-q")) {
		if !strings.HasPrefix(line, " ") {
			file = strings.TrimSpace(line)
		}
		for _, status := range []string{" move ", " keep ", " blocked ", " no-gain "} {
			if i := strings.Index(line, status); i >= 0 && !slices.Contains(at[file], i) {
				at[file] = append(at[file], i)
			}
		}
	}
	if len(at) < 2 {
		t.Fatalf("no table: %v", at)
	}
	for file, columns := range at {
		if len(columns) != 1 {
			t.Errorf("%s: the status stands in columns %v", file, columns)
		}
	}
}

const longName = "package_with_a_long_name.subpackage_of_it.long_module"

func plantTerminal(t *testing.T, dir string) {
	t.Helper()
	place(t, dir, "fastpath.toml", []byte("entry = [\"main.py\"]\n"))
	place(t, dir, ".fastpath/profile.json", []byte(`{"pandas": 1200, "numpy": 300, "json": 0.8, "`+longName+`": 450}`))
	place(t, dir, ".fastpath/usage.json", []byte(`{"pandas": 5, "numpy": 95}`))
	place(t, dir, "main.py", []byte("import app.report\nimport json\n\n\ndef handler(event, context):\n    return json.dumps(app.report.f())\n"))
	place(t, dir, "app/__init__.py", nil)
	place(t, dir, "app/report.py", []byte("import numpy as a_name_that_is_longer_than_most_names_are\nimport pandas\nfrom "+longName+" import something_else\n\n\n"+
		"@pandas.register\nclass C:\n    x = a_name_that_is_longer_than_most_names_are\n\n\ndef f():\n    import json\n\n    return json, pandas, something_else\n"))
}

// output runs a command that may find something.
func output(t *testing.T, dir string, env []string, command ...string) string {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), env...)
	out, err := cmd.Output()
	if code, exited := exitCode(err); err != nil && (!exited || code != "1") {
		t.Fatalf("%v: %v\n%s", command, err, out)
	}
	return string(out)
}
