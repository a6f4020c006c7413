package discover

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// TestDraft holds what each project under testdata proposes against want, a
// file that would be written for it.
func TestDraft(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			root, want := t.TempDir(), ""
			sources := map[string][]byte{}
			for _, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				full := filepath.Join(root, filepath.FromSlash(f.Name))
				if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(full, f.Data, 0o666); err != nil {
					t.Fatal(err)
				}
				if strings.HasSuffix(f.Name, ".py") {
					sources[f.Name] = f.Data
				}
			}
			draft, missed := Draft(root, gather(t, sources), plan.Default().Tests)
			got, err := draft.Write("fastpath.toml", nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range missed {
				got = append(got, "missed "+m+"\n"...)
			}
			if string(got) != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func gather(t *testing.T, sources map[string][]byte) []*facts.Module {
	t.Helper()
	parser := syntax.NewParser()
	defer parser.Close()
	var paths []string
	for path := range sources {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	var modules []*facts.Module
	layout := facts.NewLayout(paths, []string{"."})
	for i, path := range paths {
		tree, err := parser.Parse(sources[path])
		if err != nil {
			t.Fatal(err)
		}
		modules = append(modules, facts.Gather(scope.Resolve(tree), layout.Places[i]))
	}
	return modules
}
