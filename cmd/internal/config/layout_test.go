package config

import (
	"os"
	"path/filepath"
	"testing"

	"fastpath/rewrite"
)

func TestReadLayout(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  rewrite.Layout
	}{
		{"nothing", map[string]string{"pyproject.toml": "[project]\nname = 'a'\n"}, rewrite.Layout{}},
		{"black", map[string]string{"pyproject.toml": "[tool.black]\nline-length = 100\n"},
			rewrite.Layout{LineLength: 100, Lists: "hanging", Comma: true}},
		{"ruff", map[string]string{"pyproject.toml": "[tool.ruff]\n[tool.ruff.lint.isort]\nforce-single-line = true\n"},
			rewrite.Layout{LineLength: 88, Lists: "hanging", Comma: true, Single: true}},
		{"ruff.toml", map[string]string{"ruff.toml": "line-length = 120\n[lint.isort]\nforce-sort-within-sections = true\n", "pyproject.toml": "[tool.black]\n"},
			rewrite.Layout{LineLength: 120, Lists: "hanging", Comma: true, Mixed: true}},
		{"isort before black", map[string]string{"pyproject.toml": "[tool.black]\nline-length = 100\n[tool.isort]\nmulti_line_output = 5\n"},
			rewrite.Layout{LineLength: 79, Lists: "grouped"}},
		{"a profile with changes", map[string]string{".isort.cfg": "[settings]\nprofile = black\nline_length = 95\nforce_single_line = True\n"},
			rewrite.Layout{LineLength: 95, Lists: "hanging", Comma: true, Single: true}},
		{"google", map[string]string{"setup.cfg": "[isort]\nprofile = google\nforce_single_line = false\n"},
			rewrite.Layout{LineLength: 1000, Lists: "grid", Mixed: true}},
		{"a mode of its own", map[string]string{"setup.cfg": "[isort]\nmulti_line_output = 7\n"}, rewrite.Layout{LineLength: 79}},
		{"damaged", map[string]string{"pyproject.toml": "[tool.black\n"}, rewrite.Layout{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range c.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			below := filepath.Join(dir, "below")
			if err := os.Mkdir(below, 0o755); err != nil {
				t.Fatal(err)
			}
			for _, from := range []string{dir, below} {
				if got := readLayout(from); got != c.want {
					t.Errorf("from %s: %+v, want %+v", filepath.Base(from), got, c.want)
				}
			}
		})
	}
}
