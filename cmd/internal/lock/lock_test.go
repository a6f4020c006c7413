package lock

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestTake(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{folder, file} {
		held, err := Take(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Take(path); !errors.Is(err, ErrHeld) {
			t.Errorf("taken twice: %v", err)
		}
		if err := held.Close(); err != nil {
			t.Fatal(err)
		}
		again, err := Take(path)
		if err != nil {
			t.Errorf("not released: %v", err)
		}
		_ = again.Close()
	}
	if _, err := Take(filepath.Join(folder, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}
