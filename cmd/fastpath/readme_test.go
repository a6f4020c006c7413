package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fastpath/plan"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	// A line with a path in backquotes and a colon names the file in the next block.
	readmeFile    = regexp.MustCompile("(?ms)^`([^`\n]+)`:\n\n```\\w+\n(.*?)^```$")
	readmeConsole = regexp.MustCompile("(?ms)^```console\n(.*?)^```$")
	readmeShell   = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")
)

// TestReadmeExamples runs every console block in a folder with the files that
// the README shows, one after another, and compares what is printed.
func TestReadmeExamples(t *testing.T) {
	text := readme(t)
	dir := t.TempDir()
	for _, file := range readmeFile.FindAllStringSubmatch(text, -1) {
		place(t, dir, file[1], []byte(file[2]))
	}
	place(t, dir, "app/__init__.py", nil)
	blocks := readmeConsole.FindAllStringSubmatch(text, -1)
	if len(blocks) < 3 {
		t.Fatalf("found only %d console blocks", len(blocks))
	}
	for _, block := range blocks {
		for _, example := range strings.Split("\n"+block[1], "\n$ ")[1:] {
			line, want, _ := strings.Cut(example, "\n")
			words := strings.Fields(line)
			if words[0] != "fastpath" {
				t.Fatalf("%q: only fastpath is run", line)
			}
			got, stderr, code := invoke(dir, append(words[1:], "--no-cache")...)
			if code >= exitTrouble {
				t.Errorf("%s ends with %d:\n%s", line, code, stderr)
			}
			if want = strings.TrimSuffix(want, "\n"); strings.TrimSuffix(got, "\n") != want {
				t.Errorf("%s prints\n%s\nthe README says\n%s", line, got, want)
			}
		}
	}
}

// TestReadmeCommandsExist finds every command of the shell blocks in the
// Makefile or among the program's commands.
func TestReadmeCommandsExist(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(root(t), "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, block := range readmeShell.FindAllStringSubmatch(readme(t), -1) {
		for line := range strings.Lines(block[1]) {
			words := strings.Fields(line)
			switch words[0] {
			case "make":
				if !strings.Contains(string(makefile), "\n"+words[1]+":") {
					t.Errorf("%s: the Makefile has no such target", strings.TrimSpace(line))
				}
			case "fastpath":
				if cmd, _, err := rootCommand("").Find(words[1:2]); err != nil || cmd.Name() != words[1] {
					t.Errorf("%s: no such command", strings.TrimSpace(line))
				}
			default:
				t.Errorf("%s: neither make nor fastpath", strings.TrimSpace(line))
			}
			found++
		}
	}
	if found < 5 {
		t.Errorf("found only %d commands", found)
	}
}

// TestReadmeDefaults compares the documented defaults with the real ones.
func TestReadmeDefaults(t *testing.T) {
	text := readme(t)
	for key, value := range documentedDefaults() {
		if row := "| `" + key + "` | " + value + " |"; !strings.Contains(text, row) {
			t.Errorf("the README lacks %q", row)
		}
	}
}

func documentedDefaults() map[string]string {
	d := plan.Default()
	return map[string]string{
		"src":                  "`[\"" + strings.Join(d.Src, `", "`) + "\"]`",
		"thresholds.fast-ms":   fmt.Sprint(d.FastMS),
		"thresholds.heavy-ms":  fmt.Sprint(d.HeavyMS),
		"thresholds.hot-usage": fmt.Sprint(d.HotUsage),
	}
}
