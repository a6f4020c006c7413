package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// setting is a number that the environment may change.
func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q: want a number above 0", name, text)
	}
	return n
}

// A killing is a repository whose apply is killed again and again.
type killing struct {
	t     *testing.T
	root  string
	start map[string]string // the tree before apply, by path
	end   map[string]string // after one run that nobody interrupts
	names []string          // what that run replaced, in the order of the renames
}

// snapshot is every file below the root but git's own, told by its mode and
// content.
func (k *killing) snapshot() map[string]string {
	k.t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(k.root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		rel, err := filepath.Rel(k.root, path)
		if err != nil {
			return err
		}
		all[rel] = k.state(rel)
		return nil
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return all
}

func (k *killing) state(rel string) string {
	info, err := os.Lstat(filepath.Join(k.root, rel))
	if err != nil {
		return ""
	}
	data, err := os.ReadFile(filepath.Join(k.root, rel))
	if err != nil {
		k.t.Fatal(err)
	}
	return fmt.Sprintf("%v %x", info.Mode(), sha256.Sum256(data))
}

func (k *killing) command() *exec.Cmd {
	cmd := exec.Command("fastpath", "apply", "-q")
	cmd.Dir = k.root
	return cmd
}

func (k *killing) git(args ...string) {
	k.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = k.root
	if out, err := cmd.CombinedOutput(); err != nil {
		k.t.Fatalf("git %s: %v\n%s", args[0], err, out)
	}
}

// restore puts the tree back to where every run begins.
func (k *killing) restore() {
	k.t.Helper()
	k.git("clean", "-q", "-d", "-f", "-x")
	k.git("reset", "-q", "--hard")
}

// TestKillApply kills the whole command with SIGKILL, half the time at any
// moment, else right behind a random one of its renames, and runs it again.
// FASTPATH_KILLS and FASTPATH_KILL_FILES scale it up; `make kill` does.
func TestKillApply(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	kills, files := setting(t, "FASTPATH_KILLS", 4), setting(t, "FASTPATH_KILL_FILES", 60)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	for name, value := range map[string]string{"CONFIG_GLOBAL": os.DevNull, "CONFIG_SYSTEM": os.DevNull, "AUTHOR_NAME": "Test", "AUTHOR_EMAIL": "test@example.invalid",
		"COMMITTER_NAME": "Test", "COMMITTER_EMAIL": "test@example.invalid"} {
		t.Setenv("GIT_"+name, value)
	}
	k := &killing{t: t, root: t.TempDir()}
	var entry strings.Builder
	for i := range files {
		name := fmt.Sprintf("pkg%d/mod_%d.py", i%17, i)
		place(t, k.root, name, fmt.Appendf(nil, "import pandas\n\n\ndef f():\n    return pandas.DataFrame()\n%s", strings.Repeat("# some more\n", i%400)))
		fmt.Fprintf(&entry, "import pkg%d.mod_%d\n", i%17, i)
	}
	place(t, k.root, "main.py", []byte("import json\n"+entry.String()+"\n\ndef handler(event, context):\n    return json.dumps(event)\n"))
	place(t, k.root, "fastpath.toml", []byte("entry = [\"main.py\"]\n"))
	place(t, k.root, ".fastpath/profile.json", []byte(`{"pandas": 1200, "json": 0.8}`))
	k.git("init", "-q", "-b", "main")
	k.git("add", ".")
	k.git("commit", "-q", "-m", "start")

	k.start = k.snapshot()
	began := time.Now()
	if out, err := k.command().CombinedOutput(); err != nil {
		t.Fatalf("the run that nobody interrupts: %v\n%s", err, out)
	}
	took := time.Since(began)
	k.end = k.snapshot()
	for _, name := range slices.Sorted(maps.Keys(k.end)) {
		if k.start[name] != k.end[name] {
			k.names = append(k.names, name)
		}
	}
	if len(k.names) < files {
		t.Fatalf("only %d of %d files change", len(k.names), files)
	}
	between, torn, stray := 0, 0, 0
	for n := range kills {
		k.restore()
		cmd := k.command()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() { _ = cmd.Wait(); close(ended) }()
		if n%2 == 0 {
			select {
			case <-ended:
			case <-time.After(rand.N(took)):
			}
		} else {
			k.await(k.names[rand.IntN(len(k.names))], ended)
		}
		_ = cmd.Process.Kill()
		<-ended

		replaced := 0
		for _, name := range k.names {
			switch k.state(name) {
			case k.end[name]:
				replaced++
			case k.start[name]:
			default:
				t.Errorf("kill %d: %s is torn", n, name)
				torn++
			}
		}
		if 0 < replaced && replaced < len(k.names) {
			between++
		}
		if out, err := k.command().CombinedOutput(); err != nil {
			t.Fatalf("kill %d: the run after it: %v\n%s", n, err, out)
		}
		got := k.snapshot()
		for name, state := range got {
			if want, known := k.end[name]; !known {
				t.Errorf("kill %d: %s is left", n, name)
				stray++
			} else if state != want {
				t.Errorf("kill %d: %s differs from what one whole run writes", n, name)
			}
		}
		for name := range k.end {
			if _, there := got[name]; !there {
				t.Errorf("kill %d: %s is missing", n, name)
			}
		}
		if left, _ := filepath.Glob(filepath.Join(k.root, ".git", "fastpath", "*", "*")); len(left) > 0 {
			t.Errorf("kill %d: %s is left in the git folder", n, left[0])
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	t.Logf("%d kills of an apply over %d files: %d between the first and the last rename, %d torn, %d stray", kills, len(k.names), between, torn, stray)
	if kills >= 100 && between < kills/3 {
		t.Errorf("only %d of %d kills fell between the first and the last rename: the test proves too little", between, kills)
	}
}

// await returns when a file is no longer what it was, or when the command has
// ended.
func (k *killing) await(name string, ended <-chan struct{}) {
	full := filepath.Join(k.root, name)
	old, _ := os.Lstat(full) // nil for a file that is yet to come
	for {
		select {
		case <-ended:
			return
		default:
		}
		if now, err := os.Lstat(full); err == nil && (old == nil || !os.SameFile(old, now)) {
			return
		}
	}
}
