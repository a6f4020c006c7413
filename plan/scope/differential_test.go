package scope_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// python finds an interpreter of the wanted version on PATH or among those of
// pyenv; "" when there is none.
func python(version string) string {
	home, _ := os.UserHomeDir()
	found, _ := filepath.Glob(filepath.Join(home, ".pyenv", "versions", version+".*", "bin", "python"))
	for _, p := range append([]string{"python" + version, "python3"}, found...) {
		out, err := exec.Command(p, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").Output()
		if err == nil && strings.TrimSpace(string(out)) == version {
			return p
		}
	}
	return ""
}

// referees calls test with each version of CPython that can judge: 3.13, the
// authority, and 3.11, the last to show comprehensions as tables of their own.
// 3.14 evaluates annotations lazily and shows other tables.
func referees(t *testing.T, test func(t *testing.T, python string)) {
	for _, version := range []string{"3.13", "3.11"} {
		t.Run(version, func(t *testing.T) {
			p := python(version)
			if p == "" {
				t.Skipf("python%s is not installed; it is the referee of this test", version)
			}
			test(t, p)
		})
	}
}

// library is the folder of python's standard library.
func library(t *testing.T, python string) string {
	t.Helper()
	out, err := exec.Command(python, "-c", "import os; print(os.path.dirname(os.__file__))").Output()
	if err != nil {
		t.Fatalf("asking %s for its library: %v", python, err)
	}
	return strings.TrimSpace(string(out))
}

// sources lists the Python files under dir, in order.
func sources(t *testing.T, dir string, wanted func(path string) bool) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Type().IsRegular() && strings.HasSuffix(path, ".py") && !strings.Contains(path, "\n") && (wanted == nil || wanted(path)) {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(files)
	return files
}

// compare judges our tables of the files by python's.
func compare(t *testing.T, python string, files []string) {
	t.Helper()
	r := newReferee(t, python, files)
	parser := syntax.NewParser()
	defer parser.Close()
	compared := map[byte]int{}
	var judged, refused, unread, differ, shown int
	for range files {
		path, want, message, err := r.block()
		if err != nil {
			t.Fatalf("%v: %v", err, r.wait())
		}
		if message != "" {
			refused++
			t.Logf("refused: %s: %s", path, message)
			continue
		}
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := parser.Parse(src)
		if err != nil {
			unread++
			t.Logf("not read: %s:%v", path, err)
			continue
		}
		judged++
		for _, line := range want {
			compared[line[0]]++
		}
		diff := differences(transcribe(scope.Resolve(tree), r.inline), want)
		differ += len(diff)
		if len(diff) > 0 && shown < 40 {
			shown++
			if len(diff) > 12 {
				diff = diff[:12]
			}
			t.Errorf("%s\n\t%s", path, strings.Join(diff, "\n\t"))
		}
	}
	if err := r.wait(); err != nil {
		t.Error(err)
	}
	t.Logf("%d files (%d that this Python refuses, %d that we do not read): %d scopes, %d symbols, %d occurrences, %d imports compared; %d lines differ",
		judged, refused, unread, compared['S'], compared['N'], compared['O'], compared['I'], differ)
}

// TestAgainstCPython compares scopes, symbols, occurrences and imports with
// what symtable and ast say of a part of the standard library, and of every
// folder in FASTPATH_CORPUS (colon separated) when that is set.
func TestAgainstCPython(t *testing.T) {
	referees(t, func(t *testing.T, python string) {
		if corpus := os.Getenv("FASTPATH_CORPUS"); corpus != "" {
			for _, dir := range filepath.SplitList(corpus) {
				t.Run(filepath.Base(dir), func(t *testing.T) { compare(t, python, sources(t, dir, nil)) })
			}
			return
		}
		dir := library(t, python)
		compare(t, python, sources(t, dir, func(path string) bool {
			path = strings.TrimPrefix(path, dir)
			return strings.HasPrefix(path, "/asyncio/") || fastTests[path] || path[1] < 'g' && strings.Count(path, "/") == 1
		}))
	})
}

// fastTests are those tests of CPython that stress scoping and grammar.
var fastTests = map[string]bool{
	"/test/test_scope.py": true, "/test/test_grammar.py": true, "/test/test_patma.py": true,
	"/test/test_fstring.py": true, "/test/test_named_expressions.py": true, "/test/test_listcomps.py": true,
	"/test/test_type_params.py": true, "/test/test_type_aliases.py": true, "/test/test_super.py": true,
	"/test/test_generators.py": true, "/test/test_syntax.py": true, "/test/test_symtable.py": true,
	"/test/test_type_comments.py": true, "/test/test_unicode_identifiers.py": true, "/test/test_typing.py": true,
	"/test/test_descr.py": true, "/test/test_private.py": true, "/test/test_except_star.py": true,
}

// TestSnippetsAgainstCPython does the same for the hard cases of
// testdata/snippets, one file each.
func TestSnippetsAgainstCPython(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "snippets", "*.py"))
	if err != nil || len(files) == 0 {
		t.Fatal("no snippets", err)
	}
	referees(t, func(t *testing.T, python string) { compare(t, python, files) })
}
