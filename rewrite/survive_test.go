package rewrite

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"fastpath/plan/stdlib"
)

// A formatter is a set of commands that write files and one that names those
// it would change.
type formatter struct {
	name   string
	limit  int
	python Section // where it sorts Python's own tests
	// percent of the results that may be rejected: a file that shows no broken
	// list does not say how its lists are broken, and sorters differ on where a
	// module's plain names go when it has aliased ones too.
	percent int
	format  [][]string
	check   [][]string
}

var formatters = []formatter{
	{"black and isort", 88, StandardSection, 3,
		[][]string{{"isort", "-q", "--profile", "black", "."}, {"black", "-q", "."}},
		[][]string{{"black", "--check", "."}, {"isort", "--check", "--profile", "black", "."}}},
	{"ruff", 88, ThirdPartySection, 3,
		[][]string{{"ruff", "check", "-q", "--isolated", "--select", "I", "--fix", "."}, {"ruff", "format", "-q", "--isolated", "."}},
		[][]string{{"ruff", "check", "-q", "--isolated", "--select", "I", "--output-format", "concise", "."}, {"ruff", "format", "--isolated", "--check", "."}}},
	{"isort alone", 79, StandardSection, 6,
		[][]string{{"isort", "-q", "."}},
		[][]string{{"isort", "--check", "."}}},
	{"isort sorting across kinds", 79, StandardSection, 6,
		[][]string{{"isort", "-q", "--force-sort-within-sections", "."}},
		[][]string{{"isort", "--check", "--force-sort-within-sections", "."}}},
}

// What the formatters accept before, they accept after. FASTPATH_FORMATTERS
// names the bin folder of an environment with black, isort and ruff.
func TestFormattersAccept(t *testing.T) {
	bin := os.Getenv("FASTPATH_FORMATTERS")
	if bin == "" {
		t.Skip("set FASTPATH_FORMATTERS to the bin folder of an environment with black, isort and ruff")
	}
	size := 150
	if n, err := strconv.Atoi(os.Getenv("FASTPATH_CORPUS_SIZE")); err == nil {
		size = n
	}
	for _, f := range formatters {
		t.Run(f.name, func(t *testing.T) {
			dir := t.TempDir()
			run := func(args []string) string {
				cmd := exec.Command(filepath.Join(bin, args[0]), args[1:]...)
				cmd.Dir = dir
				out, _ := cmd.CombinedOutput()
				return string(out)
			}
			for _, path := range corpusFiles(t, size) {
				src, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if _, ok := sinkAll(t, src); !ok {
					if _, ok := hoistAll(t, src); !ok {
						continue
					}
				}
				name := strings.ReplaceAll(strings.TrimPrefix(path, "/"), "/", "_")
				if err := os.WriteFile(filepath.Join(dir, name), src, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for _, c := range f.format {
				run(c)
			}
			unfit := rejected(dir, f, run)
			written := 0
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				path := filepath.Join(dir, e.Name())
				if e.IsDir() || !strings.HasSuffix(path, ".py") {
					continue
				}
				src, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
				if unfit[e.Name()] {
					continue
				}
				for verb, choose := range map[string]func(testing.TB, []byte) (Job, bool){"sink": sinkAll, "hoist": hoistAll} {
					j, ok := choose(t, src)
					if !ok {
						continue
					}
					j.Layout.LineLength = f.limit
					j.Section = func(module string) Section {
						switch root, _, _ := strings.Cut(module, "."); {
						case root == "test" || root == "idlelib":
							return f.python
						case stdlib.Root(root):
							return StandardSection
						}
						return ThirdPartySection
					}
					out, err := Rewrite(j)
					if err != nil {
						t.Fatal(err)
					}
					if bytes.Equal(out, src) {
						continue
					}
					if err := os.WriteFile(filepath.Join(dir, verb+"_"+e.Name()), out, 0o644); err != nil {
						t.Fatal(err)
					}
					written++
				}
			}
			bad := rejected(dir, f, run)
			t.Logf("%d of %d results rejected", len(bad), written)
			for name := range bad {
				t.Logf("%s is no longer accepted", name)
			}
			if len(bad)*100 > written*f.percent {
				t.Errorf("%d of %d results rejected, more than %d %%", len(bad), written, f.percent)
			}
			if keep := os.Getenv("FASTPATH_KEEP"); keep != "" {
				_ = os.RemoveAll(keep)
				_ = os.CopyFS(keep, os.DirFS(dir))
			}
		})
	}
}

// rejected are the files of dir that a check names.
func rejected(dir string, f formatter, run func([]string) string) map[string]bool {
	bad := map[string]bool{}
	entries, _ := os.ReadDir(dir)
	for _, c := range f.check {
		out := run(c)
		for _, e := range entries {
			if strings.Contains(out, "/"+e.Name()+" ") || strings.Contains(out, " "+e.Name()+"\n") || strings.Contains(out, "\n"+e.Name()+":") || strings.HasPrefix(out, e.Name()+":") || strings.Contains(out, "/"+e.Name()+"\n") {
				bad[e.Name()] = true
			}
		}
	}
	return bad
}
