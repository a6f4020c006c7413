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
		{"counts", map[string]string{".isort.cfg": "[settings]\nprofile = black\nforce_grid_wrap = 2\nlines_after_imports = 1\ncombine_as_imports = true\n"},
			rewrite.Layout{LineLength: 88, Lists: "hanging", Comma: true, BreakFrom: 2, LinesAfter: 1, Aliases: true}},
		{"ruff's own counts", map[string]string{"ruff.toml": "[lint.isort]\nlines-after-imports = 2\ncombine-as-imports = true\n"},
			rewrite.Layout{LineLength: 88, Lists: "hanging", Comma: true, LinesAfter: 2, Aliases: true}},
		{"extended", map[string]string{"ruff.toml": "extend = 'base.toml'\n[lint.isort]\nlines-after-imports = 1\n",
			"base.toml":      "line-length = 100\nextend = 'pyproject.toml'\n[lint.isort]\nlines-after-imports = 2\n",
			"pyproject.toml": "[tool.ruff.isort]\nforce-single-line = true\n"},
			rewrite.Layout{LineLength: 100, Lists: "hanging", Comma: true, LinesAfter: 1, Single: true}},
		{"extended in a circle", map[string]string{"ruff.toml": "extend = 'ruff.toml'\nline-length = 90\n"},
			rewrite.Layout{LineLength: 90, Lists: "hanging", Comma: true}},
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
				layouts := NewLayouts(from)
				if got := layouts.Of("app.py"); got != c.want {
					t.Errorf("from %s: %+v, want %+v", filepath.Base(from), got, c.want)
				}
			}
		})
	}
}

// The settings nearest to a file count.
func TestLayoutsOf(t *testing.T) {
	dir := t.TempDir()
	for path, text := range map[string]string{"pyproject.toml": "[tool.black]\nline-length = 100\n", "sub/ruff.toml": "line-length = 70\n", "sub/deep/pyproject.toml": "[project]\nname = 'a'\n"} {
		full := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	layouts := NewLayouts(dir)
	for path, want := range map[string]int{"app.py": 100, "other/app.py": 100, "sub/app.py": 70, "sub/deep/app.py": 70} {
		if got := layouts.Of(path).LineLength; got != want {
			t.Errorf("%s: line length %d, want %d", path, got, want)
		}
	}
}
