package cache

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func key(i int) Key { return sha256.Sum256(fmt.Append(nil, i)) }

func text(i int) []byte { return bytes.Repeat(fmt.Append(nil, i, " "), 50+i%100) }

func open(folder string) *Store {
	return Open(Options{Folder: folder, Build: "build", Project: "/project"})
}

func fill(t *testing.T, folder string, from, to int) {
	t.Helper()
	s := open(folder)
	for i := from; i < to; i++ {
		s.Put(key(i), text(i))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// expect checks that exactly the entries below n for which has holds are there.
func expect(t *testing.T, s *Store, n int, has func(i int) bool) {
	t.Helper()
	for i := range n {
		data, ok := s.Get(key(i))
		if ok != has(i) {
			t.Errorf("entry %d: found %v, want %v", i, ok, has(i))
		}
		if ok && !bytes.Equal(data, text(i)) {
			t.Errorf("entry %d holds %q", i, data)
		}
	}
}

func all(int) bool  { return true }
func none(int) bool { return false }

func packFiles(t *testing.T, folder string) (names []string, size int64) {
	t.Helper()
	err := filepath.WalkDir(folder, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		names, size = append(names, p), size+info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names, size
}

func TestStore(t *testing.T) {
	folder := t.TempDir()
	s := open(folder)
	expect(t, s, 10, none)
	s.Put(key(0), text(0))
	if data, ok := s.Get(key(0)); !ok || !bytes.Equal(data, text(0)) {
		t.Error("an entry is not there before it is written")
	}
	s.Put(key(1), nil)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(folder)
	if data, ok := s.Get(key(1)); !ok || len(data) != 0 {
		t.Error("an empty entry is lost")
	}
	expect(t, s, 1, all)
	_ = s.Close()
	for _, o := range []Options{{Folder: folder, Build: "other", Project: "/project"}, {Folder: folder, Build: "build", Project: "/other"}} {
		s := Open(o)
		expect(t, s, 1, none)
		_ = s.Close()
	}
}

func TestNoCache(t *testing.T) {
	var s *Store
	s.Put(key(0), text(0))
	expect(t, s, 1, none)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestNoPlace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(filepath.Join(file, "cache"))
	s.Put(key(0), text(0))
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), "writing the cache: ") {
		t.Errorf("Close says %v", err)
	}
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	s = open("")
	s.Put(key(0), text(0))
	expect(t, s, 1, none)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// Every single damaged byte costs entries, never truth.
func TestDamage(t *testing.T) {
	folder := t.TempDir()
	fill(t, folder, 0, 4)
	names, _ := packFiles(t, folder)
	whole, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	try := func(data []byte) {
		t.Helper()
		if err := os.WriteFile(names[0], data, 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(folder)
		defer s.Close()
		for i := range 4 {
			if data, ok := s.Get(key(i)); ok && !bytes.Equal(data, text(i)) {
				t.Fatalf("entry %d is wrong", i)
			}
		}
	}
	for i := range whole {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 0x40
		try(damaged)
	}
	for n := 0; n < len(whole); n += 7 {
		try(whole[:n])
		try(append(bytes.Clone(whole), whole[:n]...))
	}
	try(whole)
	s := open(folder)
	expect(t, s, 4, all)
	_ = s.Close()
	// What is damaged is computed again and stored again.
	damaged := bytes.Clone(whole)
	damaged[headSize+3] ^= 1
	if err := os.WriteFile(names[0], damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	fill(t, folder, 0, 4)
	s = open(folder)
	expect(t, s, 4, all)
	_ = s.Close()
}

func TestForeignFiles(t *testing.T) {
	folder := t.TempDir()
	fill(t, folder, 0, 3)
	names, _ := packFiles(t, folder)
	place := filepath.Dir(names[0])
	if err := os.WriteFile(filepath.Join(place, "x"+suffix), []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(place, "y"+suffix), 0o700); err != nil {
		t.Fatal(err)
	}
	s := open(folder)
	expect(t, s, 3, all)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// Many small runs leave few packs and lose nothing.
func TestPacksStayFew(t *testing.T) {
	folder := t.TempDir()
	fill(t, folder, 0, 500)
	for i := 500; i < 600; i++ {
		fill(t, folder, i, i+1)
	}
	names, _ := packFiles(t, folder)
	if len(names) > 6 {
		t.Errorf("%d packs", len(names))
	}
	s := open(folder)
	expect(t, s, 600, all)
	_ = s.Close()
}

func TestProjectLimit(t *testing.T) {
	folder := t.TempDir()
	fill(t, folder, 0, 100)
	s := open(folder)
	s.projectLimit = 10_000
	for i := range 10 {
		s.Get(key(i))
	}
	s.Put(key(100), text(100))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(folder)
	expect(t, s, 101, func(i int) bool { return i < 10 || i == 100 })
	_ = s.Close()
}

func TestEviction(t *testing.T) {
	folder := t.TempDir()
	now := time.Now()
	var size int64
	for i := range 6 {
		s := Open(Options{Folder: folder, Build: "old", Project: fmt.Sprint(i)})
		s.Put(key(i), bytes.Repeat([]byte("x"), 10_000))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		names, _ := filepath.Glob(filepath.Join(s.folder, "*"))
		if err := os.Chtimes(names[0], now, now.Add(time.Duration(i-10)*day)); err != nil {
			t.Fatal(err)
		}
	}
	_, size = packFiles(t, folder)
	// The oldest but one is used: it stays, for its time is renewed.
	s := Open(Options{Folder: folder, Build: "old", Project: "1"})
	s.Get(key(1))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	draft := filepath.Join(s.folder, draftMark+"1")
	if err := os.WriteFile(draft, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(draft, now, now.Add(-2*abandoned)); err != nil {
		t.Fatal(err)
	}
	s = Open(Options{Folder: folder, Build: "new", Project: "x"})
	s.totalLimit = size
	s.Put(key(9), text(9))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		s := Open(Options{Folder: folder, Build: "old", Project: fmt.Sprint(i)})
		_, found := s.Get(key(i))
		if want := i == 1 || i > 2; found != want {
			t.Errorf("project %d: found %v, want %v", i, found, want)
		}
		_ = s.Close()
	}
	names, total := packFiles(t, folder)
	if total > size/4*3 {
		t.Errorf("%d bytes are left, the limit is %d", total, size)
	}
	for _, name := range names {
		if strings.Contains(name, draftMark) {
			t.Errorf("%s is left", name)
		}
	}
}

// Runs at the same time see whole entries or none, and none of them fails.
func TestConcurrentRuns(t *testing.T) {
	folder := t.TempDir()
	var runs sync.WaitGroup
	for range 8 {
		runs.Go(func() {
			for round := range 10 {
				s := open(folder)
				var workers sync.WaitGroup
				for w := range 4 {
					workers.Go(func() {
						for i := w; i < 40*(round+1); i += 4 {
							if data, ok := s.Get(key(i)); !ok {
								s.Put(key(i), text(i))
							} else if !bytes.Equal(data, text(i)) {
								t.Errorf("entry %d is wrong", i)
							}
						}
					})
				}
				workers.Wait()
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	runs.Wait()
	fill(t, folder, 0, 400)
	s := open(folder)
	expect(t, s, 400, all)
	_ = s.Close()
}

// A flush in the middle of a run changes the packs under the readers.
func TestFlushWhileReading(t *testing.T) {
	folder := t.TempDir()
	fill(t, folder, 0, 50)
	s := open(folder)
	var workers sync.WaitGroup
	for range 2 {
		workers.Go(func() {
			for range 20 {
				for i := range 50 {
					if data, ok := s.Get(key(i)); !ok || !bytes.Equal(data, text(i)) {
						t.Errorf("entry %d is wrong", i)
					}
				}
			}
		})
	}
	big := make([]byte, pendingLimit/2)
	for i := range 4 {
		s.Put(key(1000+i), big)
	}
	workers.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkWarm5000(b *testing.B) {
	folder := b.TempDir()
	s := open(folder)
	for i := range 5000 {
		s.Put(key(i), bytes.Repeat([]byte{byte(i)}, 8000))
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s := open(folder)
		for i := range 5000 {
			if _, ok := s.Get(key(i)); !ok {
				b.Fatal("lost")
			}
		}
		_ = s.Close()
	}
}

// A table is there for the next run of the same build and project, whole or not
// at all, beside the packs.
func TestTable(t *testing.T) {
	folder := t.TempDir()
	if _, ok := open(folder).Table(); ok {
		t.Error("there is a table before the first")
	}
	for _, content := range []string{"first", "", "second"} {
		s := open(folder)
		s.Put(key(1), text(1))
		s.PutTable([]byte(content))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(folder)
		if data, ok := s.Table(); !ok || string(data) != content {
			t.Errorf("the table holds %q, want %q", data, content)
		}
		expect(t, s, 2, func(i int) bool { return i == 1 })
		_ = s.Close()
	}
	if _, ok := Open(Options{Folder: folder, Build: "other", Project: "/project"}).Table(); ok {
		t.Error("another build has the table")
	}
	names, _ := filepath.Glob(filepath.Join(folder, "*", "*", tableName))
	if len(names) != 1 {
		t.Fatalf("tables: %v", names)
	}
	whole, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 0x40
		if err := os.WriteFile(names[0], damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if data, ok := open(folder).Table(); ok {
			t.Fatalf("damaged at %d the table holds %q", i, data)
		}
	}
}

// What is in use by a table alone stays when a full project is cleaned up.
func TestUse(t *testing.T) {
	folder := t.TempDir()
	fill(t, folder, 0, 40)
	s := open(folder)
	s.projectLimit = 1 << 13
	s.Use([]Key{key(3)})
	for i := 40; i < 50; i++ {
		s.Put(key(i), text(i))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(folder)
	if _, ok := s.Get(key(3)); !ok {
		t.Error("an entry that is of use is gone")
	}
	if _, ok := s.Get(key(4)); ok {
		t.Error("an entry that is of no use is still there")
	}
	_ = s.Close()
}
