package syntax

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// marker is the line that names a file in a txtar archive.
var marker = regexp.MustCompile(`(?m)^-- .* --\n`)

// FuzzParse looks for panics, hangs and trees that break their invariants.
func FuzzParse(f *testing.F) {
	for _, c := range constructs {
		f.Add([]byte(c.src))
	}
	for _, pattern := range []string{"../../fixtures/*.txtar", "testdata/*.py"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			archive, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			for _, file := range marker.Split(string(archive), -1) {
				if len(file) < 2000 {
					f.Add([]byte(file))
				}
			}
		}
	}
	p := NewParser()
	f.Cleanup(p.Close)
	f.Fuzz(func(t *testing.T, src []byte) {
		// The fuzzer itself does not notice an input that takes for ever.
		watch := time.AfterFunc(10*time.Second, func() { panic("hanging") })
		defer watch.Stop()
		before := bytes.Clone(src)
		tree, err := p.Parse(src)
		if !bytes.Equal(before, src) {
			t.Fatal("the source was changed")
		}
		if err != nil {
			e, ok := err.(*Error)
			if !ok || e.Line < 1 || e.Col < 0 || e.Reason == "" {
				t.Fatalf("%#v says nothing", err)
			}
			return
		}
		checkNodes(t, "fuzz", tree)
		treeImports(tree)
		again, err := p.Parse(src)
		if err != nil || len(again.Nodes) != len(tree.Nodes) {
			t.Fatalf("a second parse differs: %v", err)
		}
	})
}
