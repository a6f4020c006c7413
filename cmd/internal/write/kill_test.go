package write

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"fastpath/cmd/internal/tree"
)

// The process that is killed is this test binary, told by a variable to apply.
func TestMain(m *testing.M) {
	if root := os.Getenv("FASTPATH_TEST_APPLY"); root != "" {
		if err := applyTo(root); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func oldText(i int) string { return fmt.Sprintf("import m%d\n", i) + strings.Repeat("# old\n", 400) }
func newText(i int) string {
	return fmt.Sprintf("def f(): import m%d\n", i) + strings.Repeat("# new\n", 500)
}

func fileName(i int) string { return fmt.Sprintf("pkg%d/mod %d.py", i%17, i) }

// applyTo does what the command does: recover, read, change what is old, add
// one new file, write. It reports each stage on standard output.
func applyTo(root string) error {
	var changes []Change
	n, err := strconv.Atoi(os.Getenv("FASTPATH_TEST_FILES"))
	if err != nil {
		return err
	}
	r, err := Begin(root, "")
	if err != nil {
		return err
	}
	defer r.Close()
	var mutex sync.Mutex
	r.reached = func(stage string) {
		mutex.Lock()
		defer mutex.Unlock()
		fmt.Println(stage)
	}
	for i := range n {
		full := filepath.Join(root, fileName(i))
		data, stamp, err := tree.Read(full, 1<<20)
		if err != nil {
			return err
		}
		if string(data) == oldText(i) {
			changes = append(changes, Change{Path: fileName(i), Full: full, Old: stamp, New: []byte(newText(i))})
		} else if len(r.accepted) > 0 && !r.Accepts(fileName(i), data) {
			return fmt.Errorf("%s is not accepted", fileName(i))
		}
	}
	if _, err := os.Stat(filepath.Join(root, "new/fast_path.py")); err != nil {
		changes = append(changes, Change{Path: "new/fast_path.py", New: []byte("new file\n")})
	}
	return r.Apply(context.Background(), changes)
}

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestKill kills applies at random moments, evenly spread over their stages.
// FASTPATH_KILLS and FASTPATH_KILL_FILES scale it up.
func TestKill(t *testing.T) {
	kills, files := number(t, "FASTPATH_KILLS", 12), number(t, "FASTPATH_KILL_FILES", 100)
	root := plant(t, nil)
	env := append(os.Environ(), "FASTPATH_TEST_APPLY="+root, "FASTPATH_TEST_FILES="+strconv.Itoa(files))
	want := map[string]string{"new": "folder", "new/fast_path.py": "new file\n"}
	for i := range files {
		want[filepath.Dir(fileName(i))] = "folder"
		want[fileName(i)] = newText(i)
	}
	names := slices.Sorted(maps.Keys(want))
	between, torn, stray := 0, 0, 0
	for range kills {
		if err := os.RemoveAll(filepath.Join(root, "new")); err != nil {
			t.Fatal(err)
		}
		for i := range files {
			full := filepath.Join(root, fileName(i))
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(oldText(i)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		killed(t, env, rand.IntN(2*files+4))
		replaced := 0
		for i := range files {
			data, err := os.ReadFile(filepath.Join(root, fileName(i)))
			switch {
			case err != nil:
				t.Fatal(err)
			case string(data) == newText(i):
				replaced++
			case string(data) != oldText(i):
				torn++
			}
		}
		if 0 < replaced && replaced < files {
			between++
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = env
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("the rerun: %v\n%s", err, out)
		}
		got := contents(t, root)
		for name, text := range got {
			if _, known := want[name]; !known {
				t.Errorf("%s is left", name)
				stray++
			} else if text != want[name] {
				t.Errorf("%s differs after the rerun", name)
			}
		}
		if len(got) < len(names) {
			t.Errorf("%d files after the rerun, want %d", len(got), len(names))
		}
	}
	t.Logf("%d kills over %d files: %d between the first and the last rename, %d torn, %d stray", kills, files, between, torn, stray)
	if torn > 0 {
		t.Errorf("%d files are torn", torn)
	}
	if between < kills/5 {
		t.Errorf("only %d of %d kills fell between the first and the last rename: the test proves too little", between, kills)
	}
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("XDG_CACHE_HOME"), "fastpath", "*", "*")); len(left) > 0 {
		t.Errorf("left in the journal's folder: %q", left)
	}
}

// killed starts an apply and kills it after it has reported some stages.
func killed(t *testing.T, env []string, after int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = env, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; n < after && lines.Scan(); n++ {
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// interrupted leaves the tree as a kill after some renames does.
func interrupted(t *testing.T, root string, renames int, changes []Change) {
	t.Helper()
	r := begin(t, root)
	jobs, err := r.prepare(changes)
	if err != nil {
		t.Fatal(err)
	}
	j := &journal{Schema: journalSchema, Phase: replacing}
	for i, job := range jobs {
		job.temp = filepath.Join(filepath.Dir(job.full), fmt.Sprintf("%stest-%d.tmp", tempPrefix, i))
		j.Files = append(j.Files, r.entry(job))
	}
	if err := r.save(j); err != nil {
		t.Fatal(err)
	}
	if err := r.stage(context.Background(), j, jobs); err != nil {
		t.Fatal(err)
	}
	for _, job := range jobs[:renames] {
		if err := os.Rename(job.temp, job.full); err != nil {
			t.Fatal(err)
		}
	}
	_ = r.Close()
}

func TestRecovery(t *testing.T) {
	old := map[string]string{"a\xff.py": "old a", "b c.py": "old b", "c\n.py": "old c"}
	for name, c := range map[string]struct {
		between  func(root string)
		want     map[string]string
		finished []string
		accepted bool
	}{
		"nothing in between": {want: map[string]string{"a\xff.py": "new a", "b c.py": "new b", "c\n.py": "new c"},
			finished: []string{"b c.py", "c\n.py"}, accepted: true},
		"an unwritten file was edited": {between: func(root string) { overwrite(t, root, "c\n.py", "mine") },
			want: map[string]string{"a\xff.py": "new a", "b c.py": "old b", "c\n.py": "mine"}, accepted: true},
		"a written file was edited": {between: func(root string) { overwrite(t, root, "a\xff.py", "mine") },
			want: map[string]string{"a\xff.py": "mine", "b c.py": "old b", "c\n.py": "old c"}},
		"taken back": {between: func(root string) { overwrite(t, root, "a\xff.py", "old a") },
			want: old},
	} {
		t.Run(name, func(t *testing.T) {
			root := plant(t, old)
			interrupted(t, root, 1, []Change{change(t, root, "a\xff.py", "new a"), change(t, root, "b c.py", "new b"), change(t, root, "c\n.py", "new c")})
			if c.between != nil {
				c.between(root)
			}
			r := begin(t, root)
			if !r.Recovered.Interrupted || !slices.Equal(r.Recovered.Finished, c.finished) {
				t.Errorf("recovered: %+v", r.Recovered)
			}
			if r.Accepts("a\xff.py", []byte("new a")) != c.accepted || r.Accepts("a\xff.py", []byte("mine")) {
				t.Error("what is accepted is wrong")
			}
			holds(t, root, c.want)
			noJournal(t, r)
			_ = r.Close()
			if again := begin(t, root); again.Recovered.Interrupted {
				t.Error("recovered twice")
			}
		})
	}
}
