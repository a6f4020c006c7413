package facts_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"fastpath/plan/facts"
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// verdict is what testdata/judge.py says of one file. The imports are line,
// level, module, attribute, bound name, site and scope; the uses are line,
// column, name, scope, role, in loop, in comprehension, under TYPE_CHECKING.
type verdict struct {
	Path    string
	Error   string
	Imports [][]any
	Uses    [][]any
	Names   []string // those whose uses are listed
}

// python finds a CPython of at least 3.12, the first to know all the syntax.
func python(t testing.TB) string {
	t.Helper()
	home, _ := os.UserHomeDir()
	found, _ := filepath.Glob(filepath.Join(home, ".pyenv", "versions", "3.1[2-9]*", "bin", "python"))
	sort.Sort(sort.Reverse(sort.StringSlice(found)))
	for _, name := range append(found, "python3.14", "python3.13", "python3.12", "python3") {
		if exec.Command(name, "-c", "import sys; sys.exit(sys.version_info < (3, 12))").Run() == nil {
			return name
		}
	}
	t.Skip("no CPython 3.12 or newer on this machine to judge by")
	return ""
}

// corpus lists the files to compare: the trees that FASTPATH_CORPUS names, or
// every twentieth file of the standard library.
func corpus(t testing.TB, python string) []string {
	t.Helper()
	roots, step := filepath.SplitList(os.Getenv("FASTPATH_CORPUS")), 1
	if len(roots) == 0 {
		out, err := exec.Command(python, "-c", "import os; print(os.path.dirname(os.__file__))").Output()
		if err != nil {
			t.Fatalf("asking %s for its library: %v", python, err)
		}
		roots, step = []string{strings.TrimSpace(string(out))}, 20
	}
	var files []string
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && strings.HasSuffix(path, ".py") && !strings.Contains(path, "\n") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	sort.Strings(files)
	var some []string
	for i := 0; i < len(files); i += step {
		some = append(some, files[i])
	}
	return some
}

// judge asks python for its verdicts, in the order of the files.
func judge(t testing.TB, python string, files []string) *bufio.Scanner {
	t.Helper()
	cmd := exec.Command(python, filepath.Join("testdata", "judge.py"))
	cmd.Stdin = strings.NewReader(strings.Join(files, "\n") + "\n")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Wait(); err != nil && !t.Failed() {
			t.Errorf("judge.py: %v", err)
		}
	})
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<28)
	return lines
}

// TestAgainstAST compares the imports and the uses of module-level imports of
// many files with what CPython's ast says.
func TestAgainstAST(t *testing.T) {
	p := python(t)
	files := corpus(t, p)
	lines := judge(t, p, files)
	parser := syntax.NewParser()
	defer parser.Close()
	var judged, refused, unread, imports, uses, shown int
	for range files {
		if !lines.Scan() {
			t.Fatalf("judge.py ended after %d files: %v", judged, lines.Err())
		}
		var v verdict
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		if v.Error != "" {
			refused++
			continue
		}
		src, err := os.ReadFile(v.Path)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := parser.Parse(src)
		if err != nil {
			unread++
			t.Logf("not read: %s: %v", v.Path, err)
			continue
		}
		m := facts.Gather(scope.Resolve(tree), facts.Place{Path: v.Path, Name: "a.b"})
		judged++
		imports += len(v.Imports)
		uses += len(v.Uses)
		for _, diff := range append(unlike(importRows(m), rows(v.Imports)), unlike(useRows(m, tree, v.Names), rows(v.Uses))...) {
			if shown++; shown < 60 {
				t.Errorf("%s: %s", v.Path, diff)
			}
		}
	}
	t.Logf("%d files (%d that this Python refuses, %d that we do not read): %d imports and %d uses compared, %d differences",
		judged, refused, unread, imports, uses, shown)
}

func rows(table [][]any) []string {
	out := make([]string, len(table))
	for i, r := range table {
		out[i] = strings.TrimSuffix(fmt.Sprintln(r...), "\n")
	}
	sort.Strings(out)
	return out
}

func importRows(m *facts.Module) []string {
	var out [][]any
	for _, u := range m.Units {
		s := m.Statements[u.Statement]
		module := u.Module
		if s.From {
			module = strings.TrimLeft(u.Written, ".")
		}
		out = append(out, []any{s.Line, u.Level, module, u.Attr, u.Bound, s.Site, m.Scopes[s.Scope].Qualified})
	}
	return rows(out)
}

// useRows gives our uses of the names that the judge speaks of. Names in text
// are no ast.Name, and left out.
func useRows(m *facts.Module, tree *syntax.Tree, names []string) []string {
	wanted := map[string]bool{}
	for _, n := range names {
		wanted[n] = true
	}
	code := map[uint32]bool{}
	for i := range tree.Nodes {
		if n := &tree.Nodes[i]; n.Kind == syntax.Identifier {
			code[n.Start] = true
		}
	}
	var out [][]any
	for _, u := range m.Uses {
		n := &m.Names[u.Name]
		if n.Scope != facts.Top || !wanted[n.Text] || !code[u.Offset] {
			continue
		}
		line, col := tree.Position(u.Offset)
		out = append(out, []any{line, col, n.Text, m.Scopes[u.Scope].Qualified, u.Role, u.InLoop, u.Comprehension, u.TypeChecking})
	}
	return rows(out)
}

// unlike lists the rows that only one side has.
func unlike(ours, theirs []string) []string {
	count := map[string]int{}
	for _, r := range theirs {
		count[r]++
	}
	var out []string
	for _, r := range ours {
		if count[r]--; count[r] < 0 {
			out = append(out, "ours only: "+r)
		}
	}
	for _, r := range theirs {
		if count[r] > 0 {
			count[r]--
			out = append(out, "CPython only: "+r)
		}
	}
	return out
}
