package config

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"fastpath/rewrite"
)

// Layouts that import sorters know by themselves.
var (
	blackLayout  = rewrite.Layout{LineLength: 88, Lists: "hanging", Comma: true}
	sorterLayout = rewrite.Layout{LineLength: 79, Lists: "grid"} // isort's own
	profiles     = map[string]rewrite.Layout{
		"black":      blackLayout,
		"django":     {LineLength: 79, Lists: "grouped", Comma: true, Aliases: true},
		"pycharm":    {LineLength: 79, Lists: "hanging", BreakFrom: 2, LinesAfter: 2},
		"google":     {LineLength: 1000, Lists: "grid", Single: true, Mixed: true},
		"open_stack": {LineLength: 79, Lists: "grid", Single: true, Mixed: true},
		"plone":      {LineLength: 88, Lists: "hanging", Comma: true, Single: true, Mixed: true},
		"attrs":      {LineLength: 79, Lists: "hanging", Comma: true, LinesAfter: 2},
		"hug":        {LineLength: 100, Lists: "hanging", Comma: true},
		"wemake":     {LineLength: 80, Lists: "hanging", Comma: true},
		"appnexus":   {LineLength: 88, Lists: "hanging", Comma: true, Mixed: true},
	}
	// listModes are isort's numbers and names; the names of numbers it has no
	// list mode for here are left out, and the file shows what to do.
	listModes = map[string]string{"0": "grid", "1": "vertical", "3": "hanging", "5": "grouped",
		"grid": "grid", "vertical": "vertical", "vertical_hanging_indent": "hanging", "vertical_grid_grouped": "grouped"}
)

// Layouts are how the project's formatter and import sorter lay out imports: by
// the settings of isort, ruff or black that are nearest to a file, from its folder
// upwards. Of the tools of one folder, isort counts before ruff, and ruff before
// black. What is not set, or cannot be read, is left to what each file shows.
type Layouts struct {
	root  string
	mu    sync.Mutex
	known map[string]rewrite.Layout // by folder
}

// NewLayouts are the layouts for a tree.
func NewLayouts(root string) *Layouts {
	return &Layouts{root: root, known: map[string]rewrite.Layout{}}
}

// Of is the layout for a file, given by its path below the root.
func (l *Layouts) Of(path string) rewrite.Layout {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.in(filepath.Dir(filepath.Join(l.root, filepath.FromSlash(path))))
}

func (l *Layouts) in(dir string) rewrite.Layout {
	layout, known := l.known[dir]
	if known {
		return layout
	}
	layout, set := readLayout(dir)
	if up := filepath.Dir(dir); !set && up != dir {
		layout = l.in(up)
	}
	l.known[dir] = layout
	return layout
}

// readLayout is the layout that the settings in a folder ask for.
func readLayout(dir string) (layout rewrite.Layout, set bool) {
	top := value{}
	if doc, err := open(dir, filepath.Join(dir, projectName)); err == nil {
		top = value{doc: doc, raw: doc.tree}
	}
	if keys := sorterSettings(dir, top); keys != nil {
		return isortLayout(keys), true
	}
	if ruff := ruffSettings(dir, top); ruff.present() {
		return ruffLayout(ruff, dir, 0), true
	}
	if black := top.at("tool", "black"); black.present() {
		return lengthened(blackLayout, black.at("line-length").raw), true
	}
	return rewrite.Layout{}, false
}

// sorterSettings are isort's settings in a folder; nil without any.
func sorterSettings(dir string, top value) map[string]any {
	for _, file := range []struct{ name, section string }{{".isort.cfg", "settings"}, {"setup.cfg", "isort"}, {"tox.ini", "isort"}} {
		data, err := os.ReadFile(filepath.Join(dir, file.name))
		if err != nil {
			continue
		}
		ini := readINI(string(data))
		keys, found := map[string]any{}, false
		for _, section := range []string{file.section, "isort", "tool:isort"} {
			_, there := ini[section]
			found = found || there
			for key, text := range ini {
				if name, in := strings.CutPrefix(key, section+"."); in {
					keys[name] = text
				}
			}
		}
		if found {
			return keys
		}
	}
	keys, _ := top.at("tool", "isort").raw.(map[string]any)
	return keys
}

func isortLayout(keys map[string]any) rewrite.Layout {
	layout := sorterLayout
	name, _ := keys["profile"].(string)
	if known, ok := profiles[name]; ok {
		layout = known
	}
	if mode := keys["multi_line_output"]; mode != nil {
		layout.Lists = listModes[strings.ToLower(written(mode))]
	}
	setting(keys, "include_trailing_comma", &layout.Comma)
	setting(keys, "force_single_line", &layout.Single)
	setting(keys, "force_sort_within_sections", &layout.Mixed)
	setting(keys, "combine_as_imports", &layout.Aliases)
	number(keys["lines_after_imports"], &layout.LinesAfter)
	number(keys["force_grid_wrap"], &layout.BreakFrom)
	return lengthened(layout, keys["line_length"])
}

// ruffSettings are ruff's settings in a folder.
func ruffSettings(dir string, top value) value {
	for _, name := range []string{".ruff.toml", "ruff.toml"} {
		if doc, err := open(dir, filepath.Join(dir, name)); err == nil {
			return value{doc: doc, raw: doc.tree}
		}
	}
	return top.at("tool", "ruff")
}

// ruffLayout reads ruff's settings, those that they extend first.
func ruffLayout(ruff value, dir string, depth int) rewrite.Layout {
	layout := blackLayout
	if base, ok := ruff.at("extend").raw.(string); ok && depth < 8 {
		if !filepath.IsAbs(base) {
			base = filepath.Join(dir, base)
		}
		if doc, err := open(dir, base); err == nil {
			extended := value{doc: doc, raw: doc.tree}
			if filepath.Base(base) == projectName {
				extended = extended.at("tool", "ruff")
			}
			layout = ruffLayout(extended, filepath.Dir(base), depth+1)
		}
	}
	layout = lengthened(layout, ruff.at("line-length").raw)
	for _, isort := range []value{ruff.at("isort"), ruff.at("lint", "isort")} { // the older place first
		keys, _ := isort.raw.(map[string]any)
		setting(keys, "force-single-line", &layout.Single)
		setting(keys, "force-sort-within-sections", &layout.Mixed)
		setting(keys, "combine-as-imports", &layout.Aliases)
		number(keys["lines-after-imports"], &layout.LinesAfter)
	}
	return layout
}

func lengthened(layout rewrite.Layout, length any) rewrite.Layout {
	number(length, &layout.LineLength)
	return layout
}

// number reads a number, where there is one that says something.
func number(raw any, into *int) {
	if n, err := strconv.Atoi(written(raw)); err == nil && n > 0 {
		*into = n
	}
}

// setting reads a truth value, where there is one.
func setting(keys map[string]any, name string, into *bool) {
	switch strings.ToLower(written(keys[name])) {
	case "true", "yes", "on", "1":
		*into = true
	case "false", "no", "off", "0":
		*into = false
	}
}

// written is a value as an INI file would have it.
func written(raw any) string {
	switch v := raw.(type) {
	case string:
		return strings.TrimSpace(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}
