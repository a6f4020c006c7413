package tree

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// A mark holds as long as a file is left alone, and there is none for a file that
// changed just now.
func TestMark(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("the system does not say enough of a file")
	}
	name := filepath.Join(t.TempDir(), "a.py")
	mark := func(later time.Duration) string {
		t.Helper()
		info, err := os.Lstat(name)
		if err != nil {
			t.Fatal(err)
		}
		return Mark(info, time.Now().Add(later))
	}
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(name, "x = 1\n")
	first := mark(time.Hour)
	if first == "" || first != mark(2*time.Hour) {
		t.Errorf("the mark of a file that is left alone is %q, then %q", first, mark(2*time.Hour))
	}
	if young := mark(0); young != "" {
		t.Errorf("a file that changed just now is marked %q", young)
	}
	if future := mark(-time.Hour); future != "" {
		t.Errorf("a file from the future is marked %q", future)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	// Another file of the same size and time takes its place.
	other := name + "2"
	write(other, "x = 2\n")
	if err := os.Chtimes(other, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(other, name); err != nil {
		t.Fatal(err)
	}
	if mark(time.Hour) == first {
		t.Error("another file has the same mark")
	}
}
