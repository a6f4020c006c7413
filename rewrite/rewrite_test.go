package rewrite

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fastpath/rewrite/check"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what comes out into the cases")

// Each case of testdata is a text of what is pinned, then in.py, moves, and
// want.py; want.err instead where the job is refused.
func TestCases(t *testing.T) {
	eachCase(t, func(t *testing.T, path string, ar *txtar.Archive, in, moves, want string) {
		got, err := Rewrite(job(t, []byte(in), moves))
		if err == nil {
			options := check.Options{Quote: strings.Contains(moves, "annotations quote"), Future: strings.Contains(moves, "annotations future")}
			if names := file(ar, "fast"); names != "" {
				options.FastPath = &check.FastPath{Module: "fast_path", Names: map[string]check.Target{}}
				for _, name := range strings.Fields(names) {
					options.FastPath.Names[name] = check.Target{Module: name}
				}
			}
			if err := check.Verify([]byte(in), got, options); err != nil && file(ar, "unproven") == "" {
				t.Errorf("%v\n%s", err, got)
			}
		}
		name, text := "want.py", string(got)
		if err != nil {
			name, text = "want.err", err.Error()+"\n"
		}
		if *update {
			setFile(ar, name, text)
			if err := os.WriteFile(path, txtar.Format(ar), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		if err != nil {
			want = file(ar, "want.err")
		}
		if text != want {
			t.Errorf("got\n%s\nwant\n%s", text, want)
		}
	})
}

func eachCase(t *testing.T, check func(t *testing.T, path string, ar *txtar.Archive, in, moves, want string)) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases in testdata", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			check(t, path, ar, file(ar, "in.py"), file(ar, "moves"), file(ar, "want.py"))
		})
	}
}

func file(ar *txtar.Archive, name string) string {
	for _, f := range ar.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func setFile(ar *txtar.Archive, name, text string) {
	for i, f := range ar.Files {
		if f.Name == name {
			ar.Files[i].Data = []byte(text)
			return
		}
	}
	ar.Files = append(ar.Files, txtar.File{Name: name, Data: []byte(text)})
}
