package fastpath

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"fastpath/plan"
)

var update = flag.Bool("update", false, "rewrite the expected output of the cases")

// A testCase is one archive in testdata: a sentence saying what is pinned,
// `existing.py` unless the file is new, `want`, and the outcome in `out.py` or
// `error`.
type testCase struct {
	name     string
	path     string
	archive  *txtar.Archive
	existing []byte
	want     plan.FastPathFile
}

func cases(t *testing.T) []testCase {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	var all []testCase
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		c := testCase{name: strings.TrimSuffix(filepath.Base(path), ".txtar"), path: path, archive: a}
		for _, f := range a.Files {
			switch f.Name {
			case "existing.py":
				c.existing = f.Data
			case "want":
				c.want = readWant(t, path, string(f.Data))
			}
		}
		all = append(all, c)
	}
	return all
}

// readWant reads lines such as
//
//	date 2025-11-08
//	1 json | 0.8 100
//	3 boto3 | 350 90 | reason | approved by | date | review
//
// with imports written `module`, `module.attr@attr`, and ` as name` behind.
func readWant(t *testing.T, path, text string) plan.FastPathFile {
	t.Helper()
	w := plan.FastPathFile{Path: "fast_path.py", Limits: plan.Limits{FastMS: 10, HeavyMS: 100, HotUsage: 80, TargetMS: 2000}}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if date, found := strings.CutPrefix(line, "date "); found {
			w.Date = date
			continue
		}
		if line == "no limits" {
			w.Limits = plan.Limits{}
			continue
		}
		columns := strings.Split(line, " | ")
		tier, spec, _ := strings.Cut(columns[0], " ")
		e := plan.FastPathEntry{Tier: int(tier[0] - '0')}
		spec, alias, aliased := strings.Cut(strings.TrimSpace(spec), " as ")
		e.Module, e.Attr, _ = strings.Cut(spec, "@")
		switch {
		case aliased:
			e.Bound, e.Alias = alias, true
		case e.Attr != "":
			e.Bound = e.Attr
		default:
			e.Bound, _, _ = strings.Cut(e.Module, ".")
		}
		figures := strings.Fields(columns[1])
		measure := func(i int) plan.Measure {
			if i >= len(figures) {
				return plan.Measure{}
			}
			v, err := strconv.ParseFloat(figures[i], 64)
			if err != nil {
				t.Fatalf("%s: %q: %v", path, line, err)
			}
			return plan.Measure{Value: v, Known: true}
		}
		e.ImportMS, e.UsagePct = measure(0), measure(1)
		if e.Tier == 3 && e.UsagePct.Known {
			uses := 100 * e.UsagePct.Value
			e.Daily = plan.Daily{ColdStarts: 1000, Uses: uses, ModuleMS: e.ImportMS.Value * 1000, FunctionMS: e.ImportMS.Value * uses}
		}
		if len(columns) > 2 {
			e.Exception = &plan.Exception{Module: e.Module, Reason: strings.ReplaceAll(columns[2], `\n`, "\n")}
			for i, field := range []*string{&e.Exception.ApprovedBy, &e.Exception.Date, &e.Exception.Review} {
				if i+3 < len(columns) {
					*field = columns[i+3]
				}
			}
		}
		w.TotalMS += e.ImportMS.Value
		w.Entries = append(w.Entries, e)
	}
	return w
}

func TestRender(t *testing.T) {
	for _, c := range cases(t) {
		t.Run(c.name, func(t *testing.T) {
			out, err := Render(c.existing, c.want)
			name, got := "out.py", out
			if err != nil {
				name, got = "error", []byte(err.Error()+"\n")
			}
			if *update {
				c.record(t, name, got)
				return
			}
			expected := []byte(nil)
			for _, f := range c.archive.Files {
				if f.Name == name {
					expected = f.Data
				}
			}
			if !bytes.Equal(got, expected) {
				t.Errorf("%s is\n%s\nand not\n%s", name, got, expected)
			}
		})
	}
}

func (c testCase) record(t *testing.T, name string, data []byte) {
	t.Helper()
	var files []txtar.File
	for _, f := range c.archive.Files {
		if f.Name != "out.py" && f.Name != "error" {
			files = append(files, f)
		}
	}
	c.archive.Files = append(files, txtar.File{Name: name, Data: data})
	if err := os.WriteFile(c.path, txtar.Format(c.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestRenderAgain pins that a rendered file is a fixed point, also with other
// line ends, a byte order mark and no end of the last line.
func TestRenderAgain(t *testing.T) {
	crlf := func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")) }
	bom := func(b []byte) []byte { return append([]byte("\xef\xbb\xbf"), b...) }
	uncut := func(b []byte) []byte { return bytes.TrimSuffix(b, []byte("\n")) }
	for _, c := range cases(t) {
		if len(c.existing) == 0 {
			continue
		}
		out, err := Render(c.existing, c.want)
		if err != nil {
			continue
		}
		for name, as := range map[string]func([]byte) []byte{"crlf": crlf, "bom": bom, "no last line end": uncut} {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				got, err := Render(as(c.existing), c.want)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, as(out)) {
					t.Errorf("got\n%q\nand not\n%q", got, as(out))
				}
			})
		}
	}
	for _, c := range cases(t) {
		t.Run(c.name, func(t *testing.T) {
			out, err := Render(c.existing, c.want)
			if err != nil {
				t.Skip("a refusal")
			}
			again, err := Render(out, c.want)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(out, again) {
				t.Errorf("the second rendering is\n%s\nand not\n%s", again, out)
			}
		})
	}
}

// TestKeepsWhatPeopleWrote pins that no comment of an existing file that a
// person wrote is lost, and no line of its strings but the generated ones.
func TestKeepsWhatPeopleWrote(t *testing.T) {
	for _, c := range cases(t) {
		out, err := Render(c.existing, c.want)
		if err != nil {
			continue
		}
		for _, line := range strings.Split(string(c.existing), "\n") {
			for _, text := range strings.Fields(line) {
				if strings.HasPrefix(text, "KEEP") && !strings.Contains(string(out), text) {
					t.Errorf("%s: %q is lost:\n%s", c.name, text, out)
				}
			}
		}
	}
}

// TestPythonReadsIt lets CPython judge: the output compiles, its __all__ lists
// exactly what its imports bind, and a docstring stands first.
func TestPythonReadsIt(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 in PATH")
	}
	outputs := map[string]string{}
	for _, c := range cases(t) {
		if out, err := Render(c.existing, c.want); err == nil {
			outputs[c.name] = string(out)
		}
	}
	data, err := json.Marshal(outputs)
	if err != nil {
		t.Fatal(err)
	}
	const judge = `
import ast, json, sys
for name, text in sorted(json.load(sys.stdin).items()):
    tree = ast.parse(text.encode())
    assert ast.get_docstring(tree), name
    bound, exported = [], None
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if getattr(node, "module", None) != "__future__":
                assert len(node.names) == 1, name
                for alias in node.names:
                    bound.append(alias.asname or alias.name.partition(".")[0])
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            exported = [element.value for element in node.value.elts]
        else:
            assert isinstance(node.value, ast.Constant), name
    assert exported == list(dict.fromkeys(bound)), (name, exported, bound)
`
	cmd := exec.Command(python, "-W", "error", "-c", judge)
	cmd.Stdin = bytes.NewReader(data)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestFormattersLeaveIt runs the tools that a project is likely to have.
func TestFormattersLeaveIt(t *testing.T) {
	dir := t.TempDir()
	for _, c := range cases(t) {
		if out, err := Render(c.existing, c.want); err == nil {
			if err := os.WriteFile(filepath.Join(dir, c.name+".py"), out, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, tool := range [][]string{
		{"black", "-q", "--check", "."},
		{"black", "-q", "--check", "-l", "120", "."},
		{"isort", "-q", "--check", "--profile", "black", "."},
		{"flake8", "--select", "E402,E26,F,W", "."},
		{"ruff", "check", "-q", "--no-cache", "--select", "E402,F,I", "."},
		{"ruff", "format", "-q", "--no-cache", "--check", "."},
	} {
		t.Run(strings.Join(tool, " "), func(t *testing.T) {
			if _, err := exec.LookPath(tool[0]); err != nil {
				t.Skip("no " + tool[0] + " in PATH")
			}
			cmd := exec.Command(tool[0], tool[1:]...)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// FuzzRender pins that no input makes Render panic, lose a file's fixed point
// or call its own output wrong.
func FuzzRender(f *testing.F) {
	paths, _ := filepath.Glob("testdata/*.txtar")
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if strings.HasSuffix(file.Name, ".py") {
				f.Add(file.Data)
			}
		}
	}
	known := func(v float64) plan.Measure { return plan.Measure{Value: v, Known: true} }
	want := plan.FastPathFile{Date: "2025-11-08", TotalMS: 351.2, Limits: plan.Limits{FastMS: 10, HeavyMS: 100, HotUsage: 80},
		Entries: []plan.FastPathEntry{
			{Module: "json", Bound: "json", Tier: 1, ImportMS: known(0.8)},
			{Module: "time", Bound: "time", Tier: 1, ImportMS: known(0.4), UsagePct: known(100)},
			{Module: "boto3", Bound: "boto3", Tier: 3, ImportMS: known(350), Exception: &plan.Exception{Reason: "used"}},
		}}
	f.Fuzz(func(t *testing.T, existing []byte) {
		out, err := Render(existing, want)
		if err != nil {
			if strings.HasPrefix(err.Error(), "internal error") {
				t.Fatalf("%v\n%s", err, out)
			}
			return
		}
		again, err := Render(out, want)
		if err != nil || !bytes.Equal(out, again) {
			t.Fatalf("%v\n%s\nbecomes\n%s", err, out, again)
		}
	})
}
