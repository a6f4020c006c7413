package udiff

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestUnified(t *testing.T) {
	cases := []struct {
		name             string
		oldName, newName string
		old, new         string
		want             string
	}{
		{"equal", "f", "f", "a\n", "a\n", ""},
		{"one line", "f", "f", "a\n", "b\n", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"},
		{"new file", DevNull, "f", "", "a\nb\n", "--- /dev/null\n+++ b/f\n@@ -0,0 +1,2 @@\n+a\n+b\n"},
		{"deleted file", "f", DevNull, "a\nb\n", "", "--- a/f\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n"},
		{"context of three", "f", "f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
			"--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"},
		{"six lines between: one hunk", "f", "f", "a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
			"--- a/f\n+++ b/f\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n"},
		{"seven lines between: two hunks", "f", "f", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
			"--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n"},
		{"last line end lost", "f", "f", "a\nb\n", "a\nb",
			"--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n"},
		{"last line end missing on both sides", "f", "f", "a\nb", "x\nb",
			"--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n"},
		{"CR is part of the line", "f", "f", "a\r\nb\rc\r\n", "a\r\nb\rd\r\n",
			"--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\r\n-b\rc\r\n+b\rd\r\n"},
		{"blank in the name", "a b", "a b", "a\n", "b\n", "--- a/a b\t\n+++ b/a b\t\n@@ -1 +1 @@\n-a\n+b\n"},
		{"quoted name", "d/\"\\\té\x01", "x", "a\n", "b\n", "--- \"a/d/\\\"\\\\\\t\\303\\251\\001\"\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Unified(c.oldName, c.newName, []byte(c.old), []byte(c.new))
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("got\n%q\nwant\n%q", got, c.want)
			}
		})
	}
}

// The names that git itself quotes come out as git writes them.
func TestQuoteAsGit(t *testing.T) {
	dir := gitFolder(t)
	for _, name := range []string{"plain", "with blank", "tab\tin", "new\nline", `quote"d`, `back\slash`, "é", "\xff", "bell\a\b\v\f\r\x7f\x1b"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x\n"), 0o644); err != nil {
			t.Skipf("this file system does not take the name %q", name)
		}
		out, err := command(dir, "git", "diff", "--no-index", "--", DevNull, name).Output()
		if len(out) == 0 {
			t.Fatal(err)
		}
		got, err := Unified(DevNull, name, nil, []byte("x\n"))
		if err != nil {
			t.Fatal(err)
		}
		if i := bytes.Index(out, []byte("--- ")); i < 0 || !bytes.Equal(out[i:], got) {
			t.Errorf("git writes\n%s\nwe write\n%s", out, got)
		}
	}
}

// git apply and patch rebuild the new text from random changes.
func TestAppliesWithGitAndPatch(t *testing.T) {
	dir := gitFolder(t)
	if _, err := exec.LookPath("patch"); err != nil {
		t.Skip("patch is not installed")
	}
	random := rand.New(rand.NewSource(7))
	const rounds = 150
	var diff bytes.Buffer
	texts := map[string][]byte{}
	for i := range rounds {
		name := fmt.Sprintf("d/f %d\té.py", i)
		old := randomText(random, 1+random.Intn(40))
		new := mutate(random, old)
		if i%10 == 0 {
			old = nil
		}
		if len(new) == 0 || bytes.Equal(old, new) {
			continue
		}
		from := name
		if old == nil {
			from = DevNull
		} else {
			write(t, filepath.Join(dir, "git", name), old)
			write(t, filepath.Join(dir, "patch", name), old)
		}
		d, err := Unified(from, name, old, new)
		if err != nil {
			t.Fatal(err)
		}
		diff.Write(d)
		texts[name] = new
	}
	write(t, filepath.Join(dir, "git", ".keep"), nil)
	for tool, args := range map[string][]string{
		"git":   {"apply", "--whitespace=nowarn", "-"},
		"patch": {"-p1", "-s", "--binary", "--no-backup-if-mismatch", "-F0"},
	} {
		cmd := command(filepath.Join(dir, tool), tool, args...)
		cmd.Stdin = bytes.NewReader(diff.Bytes())
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", tool, err, out)
		}
		for name, want := range texts {
			got, err := os.ReadFile(filepath.Join(dir, tool, name))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s made %q of %q, want %q", tool, got, name, want)
			}
		}
	}
}

// Ids run past the surrogates and stay true.
func TestManyDistinctLines(t *testing.T) {
	var old, new bytes.Buffer
	for i := range 60_000 {
		fmt.Fprintf(&old, "line %d\n", i)
		if i%20_000 != 57 {
			fmt.Fprintf(&new, "line %d\n", i)
		}
	}
	got, err := Unified("f", "f", old.Bytes(), new.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(got, []byte("\n@@")); n != 3 || bytes.Count(got, []byte("\n-line")) != 3 {
		t.Errorf("%d hunks, want 3:\n%.500s", n, got)
	}
}

func TestTooManyDistinctLines(t *testing.T) {
	if testing.Short() {
		t.Skip("needs some 200 MB")
	}
	var old strings.Builder
	for i := range maxDistinct {
		fmt.Fprintf(&old, "%x\n", i)
	}
	_, err := Unified("f", "f", []byte(old.String()), []byte("x\ny\n"))
	if err == nil {
		t.Error("no error")
	}
}

func randomText(random *rand.Rand, n int) []byte {
	var out bytes.Buffer
	ends := []string{"\n", "\n", "\n", "\r\n", "\r"}
	for range n {
		out.WriteString([]string{"", "a", "b", "    x", "\f", "\xe9", "c", "d", "e"}[random.Intn(9)])
		out.WriteString(ends[random.Intn(len(ends))])
	}
	if random.Intn(3) == 0 {
		out.WriteString("end")
	}
	return out.Bytes()
}

func mutate(random *rand.Rand, text []byte) []byte {
	var out []byte
	for _, line := range splitLines(text) {
		switch random.Intn(8) {
		case 0:
		case 1:
			out = append(out, line...)
			out = append(out, "new\n"...)
		default:
			out = append(out, line...)
		}
	}
	if random.Intn(4) == 0 {
		out = bytes.TrimSuffix(out, []byte("\n"))
	}
	return out
}

func gitFolder(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	return t.TempDir()
}

func command(dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "LC_ALL=C")
	return cmd
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
