package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// heavyFiles makes a tree of files from each of which pandas moves, padded to
// a size in bytes.
func heavyFiles(t *testing.T, dir string, files, size int) {
	t.Helper()
	place(t, dir, ".fastpath/profile.json", []byte(`{"pandas": 1200}`))
	text := "import pandas\n\n\ndef f():\n    return pandas.DataFrame()\n"
	text += strings.Repeat("# padding\n", max(0, size-len(text))/10)
	for i := range files {
		place(t, dir, fmt.Sprintf("m%02d.py", i), []byte(text))
	}
}

// contents are the files of a folder by path.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			var data []byte
			data, err = os.ReadFile(filepath.Join(dir, path))
			found[path] = string(data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func sameFiles(t *testing.T, got, want map[string]string) {
	t.Helper()
	for path := range got {
		if _, ok := want[path]; !ok {
			t.Errorf("%s is left", path)
		}
	}
	for path, text := range want {
		if got[path] != text {
			t.Errorf("%s is neither old nor new:\n%.200s", path, got[path])
		}
	}
}

// TestAppliesTogether runs two applies at once: one does all of it, and the
// other finds nothing left to do or says why it did not begin.
func TestAppliesTogether(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	alone := t.TempDir()
	heavyFiles(t, alone, 40, 0)
	output(t, alone, nil, "fastpath", "apply", "-q")
	want := contents(t, alone)
	refused := 0
	for range 4 {
		dir := t.TempDir()
		heavyFiles(t, dir, 40, 0)
		var runs sync.WaitGroup
		var errs [2]error
		var said [2]bytes.Buffer
		for i := range errs {
			runs.Go(func() {
				cmd := exec.Command("fastpath", "apply", "-q")
				cmd.Dir, cmd.Stderr = dir, &said[i]
				errs[i] = cmd.Run()
			})
		}
		runs.Wait()
		if errs[0] != nil && errs[1] != nil {
			t.Errorf("neither ran:\n%s\n%s", said[0].String(), said[1].String())
		}
		for i, err := range errs {
			if err == nil {
				continue
			}
			refused++
			code, _ := exitCode(err)
			if text := said[i].String(); code != "2" || !strings.Contains(text, "another fastpath is writing") && !strings.Contains(text, "since it was read") {
				t.Errorf("exit code %s:\n%s", code, text)
			}
		}
		sameFiles(t, contents(t, dir), want)
	}
	t.Logf("%d of 8 runs were refused", refused)
}

// TestApplyOnFullDisk has no room for the new contents beside the old ones.
func TestApplyOnFullDisk(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a small disk cannot be mounted here: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", dir).Run() })
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	heavyFiles(t, dir, 3, 100<<10)
	before := contents(t, dir)
	_, stderr, code := invoke(dir, "apply")
	if code != exitTrouble || !strings.Contains(stderr, `.py": no space left on device; nothing was changed`) {
		t.Errorf("exit code %d:\n%s", code, stderr)
	}
	sameFiles(t, contents(t, dir), before)
}

// TestFullOutput writes to a device that takes nothing.
func TestFullOutput(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full here")
	}
	defer full.Close()
	dir := t.TempDir()
	heavyFiles(t, dir, 1, 0)
	for _, command := range []string{"plan", "diff", "check", "explain pandas", "plan --format json", "check --format sarif"} {
		cmd := exec.Command("fastpath", strings.Fields(command)...)
		var said bytes.Buffer
		cmd.Dir, cmd.Stdout, cmd.Stderr = dir, full, &said
		code, _ := exitCode(cmd.Run())
		if code != "2" || !strings.Contains(said.String(), "no space left on device") {
			t.Errorf("%s: exit code %s:\n%s", command, code, said.String())
		}
	}
}

// TestReadOnlyFile is refused by name, though a rename could replace it.
func TestReadOnlyFile(t *testing.T) {
	dir := t.TempDir()
	heavyFiles(t, dir, 3, 0)
	if err := os.Chmod(filepath.Join(dir, "m01.py"), 0o444); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	_, stderr, code := invoke(dir, "apply")
	if code != exitTrouble || !strings.Contains(stderr, `writing "m01.py": it is read-only; make it writable or exclude it`) {
		t.Errorf("exit code %d:\n%s", code, stderr)
	}
	sameFiles(t, contents(t, dir), before)
}
