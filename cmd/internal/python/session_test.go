package python

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// pythons are the interpreters of the machine by version; a test that needs one
// skips without it.
func pythons(t testing.TB) map[string]string {
	t.Helper()
	found := map[string]string{}
	paths, _ := filepath.Glob(filepath.Join(os.Getenv("HOME"), ".pyenv/versions/3.*/bin/python"))
	for _, path := range paths {
		version := strings.Split(filepath.Base(filepath.Dir(filepath.Dir(path))), ".")
		if short := strings.Join(version[:2], "."); short != "3.6" && short != "3.7" {
			found[short] = path
		}
	}
	if len(found) == 0 {
		t.Skip("no Python from 3.8 under ~/.pyenv/versions")
	}
	if testing.Short() {
		// The two ways of the recorder, and the ends of what is supported.
		maps.DeleteFunc(found, func(version, _ string) bool { return version != "3.8" && version != "3.11" && version != "3.13" })
	}
	return found
}

// anyPython is the newest interpreter.
func anyPython(t *testing.T) string {
	t.Helper()
	found := pythons(t)
	for _, version := range []string{"3.13", "3.12", "3.11", "3.10", "3.9", "3.8"} {
		if python, ok := found[version]; ok {
			return python
		}
	}
	t.Skip("no Python from 3.8 to 3.13")
	return ""
}

// tree writes files below a new folder.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// listing is every file below dir.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && path != dir {
			relative, _ := filepath.Rel(dir, path)
			files = append(files, filepath.ToSlash(relative))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	return files
}

func TestColdStart(t *testing.T) {
	for version, python := range pythons(t) {
		t.Run(version, func(t *testing.T) {
			dir := tree(t, map[string]string{
				"app/__init__.py": "",
				"app/main.py":     "import time, app.part\nprint('noise')\ntime.sleep(0.02)\n",
				"app/part.py":     "",
			})
			before := listing(t, dir)
			for _, module := range []string{"app.main", "app/main.py", filepath.Join(dir, "app/main.py")} {
				samples, err := ColdStart(context.Background(), python, dir, nil, module, 2)
				if err != nil {
					t.Fatal(err)
				}
				// The sleep is a lower bound for every sample.
				if len(samples) != 2 || slices.Min(samples) < 20*time.Millisecond {
					t.Errorf("samples of %s are %v", module, samples)
				}
			}
			if after := listing(t, dir); !slices.Equal(before, after) {
				t.Errorf("the tree holds %v, before %v", after, before)
			}
		})
	}
}

func TestColdStartReportsTheTraceback(t *testing.T) {
	dir := tree(t, map[string]string{"bad.py": "1 / 0\n", "gone.py": "import os; os._exit(0)\n", "leaves.py": "raise SystemExit(3)\n"})
	for module, want := range map[string]string{
		"bad":     "importing bad: ZeroDivisionError: division by zero",
		"gone":    "importing gone: the process ended while it was importing",
		"leaves":  "importing leaves: SystemExit: 3",
		"missing": "ModuleNotFoundError: No module named 'missing'",
	} {
		_, err := ColdStart(context.Background(), anyPython(t), dir, nil, module, 1)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %q", err, want)
		}
	}
	if _, err := ColdStart(context.Background(), filepath.Join(dir, "nopython"), dir, nil, "bad", 1); err == nil || !strings.Contains(err.Error(), "starting ") {
		t.Errorf("error without an interpreter is %v", err)
	}
}

func TestAHangingImportIsEndedWithItsChildren(t *testing.T) {
	dir := tree(t, map[string]string{"hang.py": "import subprocess, sys, time\n" +
		"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\nprint('deep', flush=True)\ntime.sleep(60)\n"})
	s, err := NewSession(anyPython(t), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Timeout = 6 * time.Second
	_, err = s.ColdStart(context.Background(), "hang")
	var run *RunError
	if !errors.As(err, &run) || run.Error() != "took longer than 6s, at hang.py:4" || strings.Contains(run.Output, "probe.py") {
		t.Errorf("error is %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.ColdStart(ctx, "hang"); !errors.Is(err, context.Canceled) {
		t.Errorf("error after cancelling is %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(s.temp); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the session left %s", s.temp)
	}
}

func TestByteCodeIsWarmAndElsewhere(t *testing.T) {
	dir := tree(t, map[string]string{"app.py": "import json\n"})
	s, err := NewSession(anyPython(t), dir, []string{"PYTHONDONTWRITEBYTECODE=1"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.ColdStart(context.Background(), "app"); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(listing(t, s.temp), func(path string) bool {
		return strings.HasPrefix(filepath.Base(path), "app.cpython-") && strings.HasSuffix(path, ".pyc")
	}) {
		t.Errorf("no byte code of app in %v", listing(t, s.temp))
	}
}

func makeExecutable(t *testing.T, path string) {
	t.Helper()
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
}

// runPython runs an interpreter to its end and gives its output.
func runPython(t *testing.T, python string, args ...string) string {
	t.Helper()
	out, err := exec.Command(python, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", python, args, err, out)
	}
	return string(out)
}
