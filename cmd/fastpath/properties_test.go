package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"fastpath/cmd/internal/run"
)

// overlay lets content stand in for that of the files, new files included.
func (p *project) overlay(content map[string][]byte) {
	if len(content) == 0 {
		return
	}
	if p.files.stdin == nil {
		p.files.stdin = map[string][]byte{}
	}
	known := map[string]bool{}
	for _, f := range p.job.Files {
		known[f.Path] = true
	}
	for path, data := range content {
		p.files.stdin[path] = data
		if !known[path] {
			p.job.Files = append(p.job.Files, run.File{Path: path})
		}
	}
	run.SortFiles(p.job.Files)
	p.job.Selected = nil
}

// checkGitApply lets the real git apply the diff and compares the outcome with
// what the tool would write.
func (f *fixture) checkGitApply(t *testing.T, changes []run.Change) {
	t.Helper()
	applyWithGit(t, changes)
}

func applyWithGit(t *testing.T, changes []run.Change) {
	t.Helper()
	if len(changes) == 0 {
		return
	}
	diff, err := run.Diff(changes)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, c := range changes {
		if c.Old != nil {
			place(t, dir, c.Path, c.Old)
		}
	}
	cmd := exec.Command("git", "apply", "--whitespace=nowarn", "-")
	cmd.Dir = dir
	cmd.Stdin = bytes.NewReader(diff)
	cmd.Env = append(os.Environ(), "GIT_DIR="+filepath.Join(dir, "none"), "GIT_CEILING_DIRECTORIES="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("git apply refuses the diff: %v\n%s\n%s", err, out, diff)
		return
	}
	for _, c := range changes {
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(c.Path)))
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(got, c.New) {
			t.Errorf("%s: git apply gives\n%s\nthe tool\n%s", c.Path, got, c.New)
		}
	}
}

// checkSecondRun demands that a run over the result changes nothing.
func (f *fixture) checkSecondRun(t *testing.T, dir string, changes []run.Change) {
	t.Helper()
	if len(changes) == 0 {
		return
	}
	again := f.changes(t, dir, after(changes))
	if len(again.Changes) > 0 {
		diff, _ := run.Diff(again.Changes)
		t.Errorf("a second run is not silent:\n%s", diff)
	}
}

// A variant is another spelling of the same program, under which the same
// changes must come out in that spelling.
type variant struct {
	name string
	// spell gives the other spelling; ok is false where the text has none.
	spell func(text []byte) (spelled []byte, ok bool)
	// lastLineGoes tells that a removed last line takes the spelling with it.
	lastLineGoes bool
	// blankLinesGo tells that other blank lines may come out.
	blankLinesGo bool
}

func (v variant) same(got, want []byte) bool {
	if v.lastLineGoes {
		got, want = bytes.TrimSuffix(got, []byte("\n")), bytes.TrimSuffix(want, []byte("\n"))
	}
	if v.blankLinesGo {
		got, want = blankLine.ReplaceAll(got, nil), blankLine.ReplaceAll(want, nil)
	}
	return bytes.Equal(got, want)
}

var variants = []variant{
	{name: "CRLF", spell: func(text []byte) ([]byte, bool) {
		return bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")), !bytes.Contains(text, []byte("\r"))
	}},
	{name: "BOM", spell: func(text []byte) ([]byte, bool) {
		return append([]byte("\xef\xbb\xbf"), text...), !bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) && !otherCoding.Match(text)
	}},
	{name: "tabs", spell: func(text []byte) ([]byte, bool) {
		return leading.ReplaceAllFunc(text, func(blanks []byte) []byte {
			return bytes.Repeat([]byte("\t"), len(blanks)/4)
		}), !bytes.Contains(text, []byte("\t")) && !uneven.Match(text) && !aligned.Match(text) && !bytes.Contains(text, []byte("\f"))
	}},
	// A head of its own and form feeds change where blank lines are wanted.
	{name: "latin-1", blankLinesGo: true, spell: func(text []byte) ([]byte, bool) {
		cookie := "# -*- coding: latin-1 -*- caf\xe9\n"
		if !bytes.HasPrefix(text, []byte("#")) {
			cookie += "\n" // or it would be the comment of what follows; the head of a file stays one
		}
		return append([]byte(cookie), text...),
			!coding.Match(text) && bytes.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0
	}},
	{name: "form feeds", blankLinesGo: true, spell: func(text []byte) ([]byte, bool) {
		return bytes.ReplaceAll(text, []byte("\n\n\nclass "), []byte("\n\f\n\nclass ")), !bytes.Contains(text, []byte("\f"))
	}},
	{name: "no final newline", lastLineGoes: true, spell: func(text []byte) ([]byte, bool) {
		trimmed := bytes.TrimSuffix(text, []byte("\n"))
		return trimmed, len(trimmed) < len(text) && !bytes.HasSuffix(trimmed, []byte("\n")) &&
			!bytes.HasSuffix(trimmed, []byte("\\")) && !bytes.HasSuffix(trimmed, []byte("\r")) && len(bytes.TrimSpace(lastLine(trimmed))) > 0
	}},
}

var (
	leading = regexp.MustCompile(`(?m)^(?:    )+`)
	// uneven matches lines that are indented by anything but steps of four.
	uneven = regexp.MustCompile(`(?m)^(?:    )* {1,3}\S`)
	// aligned matches lists whose further lines stand below the parenthesis, which
	// nobody does by tabs.
	aligned     = regexp.MustCompile(`(?m)^[ \t]*from .* import \(\w.*,$`)
	blankLine   = regexp.MustCompile(`(?m)^[ \t\f]*\n`)
	coding      = regexp.MustCompile(`(?m)^[ \t\f]*#.*?coding[:=]|^\xef\xbb\xbf`)
	otherCoding = regexp.MustCompile(`(?m)^[ \t\f]*#.*?coding[:=][ \t]*(?:latin|iso|cp|ascii)`)
)

func lastLine(text []byte) []byte {
	return text[bytes.LastIndexByte(text, '\n')+1:]
}

// checkVariants demands that each spelling of the case changes in the same
// way.
func (f *fixture) checkVariants(t *testing.T, dir string, changes []run.Change) {
	t.Helper()
	for _, v := range variants {
		respell(t, v, f.input, changes, func(content map[string][]byte) *run.Result { return f.changes(t, dir, content) })
	}
}

// respell demands that a tree in which the files of input are spelled otherwise
// changes in the same way, and gives how many changed files it spelled so. Files
// that the run creates are no respelling of anything and are left out of the
// comparison.
func respell(t *testing.T, v variant, input map[string][]byte, changes []run.Change, rerun func(content map[string][]byte) *run.Result) int {
	t.Helper()
	content := map[string][]byte{}
	for name, text := range input {
		if !strings.HasSuffix(name, ".py") || len(text) == 0 {
			continue
		}
		if spelled, ok := v.spell(text); ok && !bytes.Equal(spelled, text) {
			content[name] = spelled
		}
	}
	got := rerun(content)
	failedProofs(t, got)
	if len(got.Left) > 0 {
		return 0 // refused in this spelling: a fast_path.py must be UTF-8
	}
	results := after(got.Changes)
	compared := 0
	for _, c := range changes {
		if _, respelled := content[c.Path]; !respelled || c.Old == nil {
			continue
		}
		want, ok := v.spell(c.New)
		if !ok {
			continue
		}
		compared++
		if !v.same(results[c.Path], want) {
			t.Errorf("%s as %s changes to\n%q\nwant\n%q", c.Path, v.name, results[c.Path], want)
		}
	}
	if len(got.Changes) != len(changes) {
		t.Errorf("as %s %d files change, not %d", v.name, len(got.Changes), len(changes))
	}
	return compared
}

func failedProofs(t *testing.T, r *run.Result) {
	t.Helper()
	for _, f := range r.Left {
		if !f.Refused {
			t.Error(f)
		}
	}
}
