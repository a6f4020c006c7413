package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"fastpath/cmd/internal/run"
)

var update = flag.Bool("update", false, "rewrite want/* of the fixtures")

// A fixture is one case of fixtures/*.txtar:
//
//	what is pinned, in a sentence
//	-- app/main.py --            the input tree
//	-- profile.json --           costs, usage.json beside it
//	-- flags --                  optional: flags for every command
//	-- run --                    optional: commands whose output must not change
//	-- want/plan, want/diff --   what the commands print
//	-- want/stderr --            what diff prints there, if anything
//	-- want/check --             optional: what check prints
type fixture struct {
	name    string
	file    string
	archive *txtar.Archive
	input   map[string][]byte // the tree
	data    map[string][]byte // profile.json and usage.json
	flags   []string
	run     []string
	want    map[string]string
}

func loadFixtures(t testing.TB) []*fixture {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root(t), "fixtures", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var all []*fixture
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f := &fixture{name: strings.TrimSuffix(filepath.Base(file), ".txtar"), file: file, archive: archive,
			input: map[string][]byte{}, data: map[string][]byte{}, want: map[string]string{}}
		for _, part := range archive.Files {
			want, isWant := strings.CutPrefix(part.Name, "want/")
			switch {
			case isWant:
				f.want[want] = string(part.Data)
			case part.Name == "profile.json" || part.Name == "usage.json":
				f.data[part.Name] = part.Data
			case part.Name == "flags":
				f.flags = strings.Fields(string(part.Data))
			case part.Name == "run":
				f.run = strings.Split(strings.TrimSpace(string(part.Data)), "\n")
			default:
				f.input[part.Name] = part.Data
			}
		}
		all = append(all, f)
	}
	return all
}

// lay writes the case into a folder, with other content where given.
func (f *fixture) lay(t testing.TB, dir string) {
	t.Helper()
	for name, data := range f.input {
		place(t, dir, name, data)
	}
	for name, data := range f.data {
		place(t, dir, ".fastpath/"+name, data)
	}
}

func place(t testing.TB, dir, name string, data []byte) {
	t.Helper()
	full := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// invoke runs a command line in a folder.
func invoke(dir string, args ...string) (stdout, stderr string, code int) {
	var out, errs bytes.Buffer
	code = execute(args, surroundings{dir: dir, in: strings.NewReader(""), out: &out, err: &errs})
	return out.String(), errs.String(), code
}

func (f *fixture) command(dir, name string) (stdout, stderr string, code int) {
	return invoke(dir, append([]string{name, "-q", "--no-cache", "--today", "2025-11-20"}, f.flags...)...)
}

// changes runs the pipeline on the case in dir, with content that stands in
// for that of its files.
func (f *fixture) changes(t testing.TB, dir string, content map[string][]byte) *run.Result {
	t.Helper()
	r, err := f.survey(t, dir, content).Rewrite()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// survey gathers the case in dir, with content that stands in for that of its
// files.
func (f *fixture) survey(t testing.TB, dir string, content map[string][]byte) *run.Survey {
	t.Helper()
	g := globals{here: dir, workers: 1, quiet: true, noCache: true}
	for _, flag := range f.flags {
		g.all = g.all || flag == "--all"
	}
	root := rootCommand(dir)
	var errs bytes.Buffer
	root.SetErr(&errs)
	root.SetContext(t.Context())
	p, err := g.open(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.overlay(content)
	s, err := p.survey(&g)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFixtures(t *testing.T) {
	fixtures := loadFixtures(t)
	if len(fixtures) == 0 {
		t.Fatal("no fixtures found")
	}
	for _, f := range fixtures {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			if strings.TrimSpace(string(f.archive.Comment)) == "" {
				t.Error("the case does not begin with a sentence that says what it pins")
			}
			dir := t.TempDir()
			f.lay(t, dir)
			f.compareOutput(t, dir)
			r := f.changes(t, dir, nil)
			failedProofs(t, r)
			f.checkGitApply(t, r.Changes)
			f.checkSecondRun(t, dir, r.Changes)
			f.checkVariants(t, dir, r.Changes)
		})
	}
}

// compareOutput compares what the commands print with want/*, or rewrites
// want/* under -update.
func (f *fixture) compareOutput(t *testing.T, dir string) {
	t.Helper()
	got := map[string]string{}
	plan, _, code := f.command(dir, "plan")
	if code != exitDone {
		t.Errorf("plan ends with %d", code)
	}
	diff, stderr, code := f.command(dir, "diff")
	if want := exitDone; diff != "" {
		want = exitFindings
		if code != want {
			t.Errorf("diff printed a diff and ends with %d, want %d", code, want)
		}
	} else if code != want {
		t.Errorf("diff printed nothing and ends with %d, want %d\n%s", code, want, stderr)
	}
	got["plan"], got["diff"] = plan, diff
	if stderr != "" {
		got["stderr"] = strings.ReplaceAll(stderr, dir, "$DIR")
	}
	if _, ok := f.want["check"]; ok {
		got["check"], _, _ = f.command(dir, "check")
	}
	if *update {
		f.rewrite(t, got)
		return
	}
	for _, name := range []string{"plan", "diff", "stderr", "check"} {
		if got[name] != f.want[name] {
			t.Errorf("%s prints\n%s\nwant\n%s(make update rewrites it)", name, indented(got[name]), indented(f.want[name]))
		}
	}
}

func indented(text string) string {
	return "\t" + strings.ReplaceAll(text, "\n", "\n\t") + "\n"
}

// rewrite stores what the commands print as want/* of the case.
func (f *fixture) rewrite(t *testing.T, got map[string]string) {
	t.Helper()
	archive := &txtar.Archive{Comment: f.archive.Comment}
	for _, part := range f.archive.Files {
		if !strings.HasPrefix(part.Name, "want/") {
			archive.Files = append(archive.Files, part)
		}
	}
	for _, name := range []string{"plan", "diff", "stderr", "check"} {
		if text, ok := got[name]; ok {
			archive.Files = append(archive.Files, txtar.File{Name: "want/" + name, Data: []byte(text)})
		}
	}
	text := txtar.Format(archive)
	if old, err := os.ReadFile(f.file); err == nil && bytes.Equal(old, text) {
		return
	}
	if err := os.WriteFile(f.file, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// after is the tree as the changes leave it: the changed and new files only.
func after(changes []run.Change) map[string][]byte {
	files := map[string][]byte{}
	for _, c := range changes {
		files[c.Path] = c.New
	}
	return files
}
