package config

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A Declared is what the project's metadata and the settings of other tools say
// of it. What is not declared, or cannot be read, is empty: init proposes, it
// does not judge.
type Declared struct {
	Scripts        []Script // console and GUI scripts, by name
	Roots          []string // folders below the root that hold the packages
	TestPaths      []string // where pytest looks
	RequiresPython string   // of the metadata
	Linter         string   // that dislikes star imports, with the place it is configured in; "" for none
}

// A Script is a command that installing the project makes.
type Script struct{ Name, Module string }

// Declare reads what stands in the folder root itself.
func Declare(root string) Declared {
	var d Declared
	ini := map[string]map[string]string{}
	for _, name := range []string{"setup.cfg", "tox.ini", "pytest.ini"} {
		if data, err := os.ReadFile(filepath.Join(root, name)); err == nil {
			ini[name] = readINI(string(data))
		}
	}
	top := value{doc: &document{}}
	if doc, err := open(root, filepath.Join(root, projectName)); err == nil {
		top = value{doc: doc, raw: doc.tree}
	}
	d.Scripts = scripts(top, ini["setup.cfg"])
	d.Roots = packageRoots(top, ini["setup.cfg"])
	d.TestPaths = testPaths(top, ini)
	var m metadata
	m.fromProject(root, filepath.Join(root, projectName))
	m.fromSetup(filepath.Join(root, "setup.cfg"))
	d.RequiresPython = m.requiresPython
	d.Linter = linter(root, top, ini)
	return d
}

func scripts(top value, setup map[string]string) []Script {
	targets := map[string]string{}
	for _, keys := range [][]string{{"project", "scripts"}, {"project", "gui-scripts"}, {"tool", "poetry", "scripts"}} {
		table, _ := top.at(keys...).raw.(map[string]any)
		for name, target := range table {
			if text, ok := target.(string); ok {
				targets[name] = text
			}
		}
	}
	for _, key := range []string{"console_scripts", "gui_scripts"} {
		for line := range strings.Lines(setup["options.entry_points."+key]) {
			if name, target, found := strings.Cut(line, "="); found {
				targets[strings.TrimSpace(name)] = target
			}
		}
	}
	var list []Script
	for _, name := range slices.Sorted(maps.Keys(targets)) {
		module, _, _ := strings.Cut(targets[name], ":")
		if module = strings.TrimSpace(module); module != "" {
			list = append(list, Script{name, module})
		}
	}
	return list
}

func packageRoots(top value, setup map[string]string) []string {
	var roots []string
	add := func(folder any) {
		if text, ok := folder.(string); ok && inside(text) == "" {
			if text = path.Clean(text); text != "." && !slices.Contains(roots, text) {
				roots = append(roots, text)
			}
		}
	}
	where, _ := top.at("tool", "setuptools", "packages", "find", "where").raw.([]any)
	for _, folder := range where {
		add(folder)
	}
	dirs, _ := top.at("tool", "setuptools", "package-dir").raw.(map[string]any)
	add(dirs[""])
	poetry, _ := top.at("tool", "poetry", "packages").raw.([]any)
	for _, p := range poetry {
		if table, ok := p.(map[string]any); ok {
			add(table["from"])
		}
	}
	add(setup["options.packages.find.where"])
	for line := range strings.Lines(setup["options.package_dir"]) {
		if name, folder, found := strings.Cut(line, "="); found && strings.TrimSpace(name) == "" {
			add(strings.TrimSpace(folder))
		}
	}
	return slices.DeleteFunc(roots, func(r string) bool { return r == "" })
}

func testPaths(top value, ini map[string]map[string]string) []string {
	declared := top.at("tool", "pytest", "ini_options", "testpaths").raw
	var paths []string
	switch list := declared.(type) {
	case string:
		paths = strings.Fields(list)
	case []any:
		for _, item := range list {
			if text, ok := item.(string); ok {
				paths = append(paths, text)
			}
		}
	}
	paths = append(paths, strings.Fields(ini["pytest.ini"]["pytest.testpaths"])...)
	paths = append(paths, strings.Fields(ini["tox.ini"]["pytest.testpaths"])...)
	paths = append(paths, strings.Fields(ini["setup.cfg"]["tool:pytest.testpaths"])...)
	paths = slices.DeleteFunc(cleaned(paths), func(p string) bool { return p == "." || inside(p) != "" })
	slices.Sort(paths)
	return slices.Compact(paths)
}

// starHaters are hooks of pre-commit that report names of a star import.
var starHaters = regexp.MustCompile(`(?m)^\s*-?\s*id:\s*["']?(ruff|ruff-check|flake8|pyflakes|pylint)["']?\s*(?:#.*)?$`)

// linter finds ruff, pyflakes (by itself or in flake8) or pylint among the
// settings.
func linter(root string, top value, ini map[string]map[string]string) string {
	for _, name := range []string{"ruff.toml", ".ruff.toml", ".flake8", ".pylintrc", "pylintrc"} {
		if _, err := os.Stat(filepath.Join(root, name)); err == nil {
			return strings.TrimSuffix(strings.Trim(strings.TrimSuffix(name, ".toml"), "."), "rc") + " (" + name + ")"
		}
	}
	for _, tool := range []string{"ruff", "pylint", "flake8", "pyflakes"} {
		if top.at("tool", tool).present() {
			return tool + " (" + projectName + ")"
		}
	}
	for _, file := range []string{"setup.cfg", "tox.ini"} {
		for _, key := range slices.Sorted(maps.Keys(ini[file])) {
			for _, tool := range []string{"flake8", "pylint"} {
				if key == tool || strings.HasPrefix(key, tool+".") {
					return tool + " (" + file + ")"
				}
			}
		}
	}
	const hooks = ".pre-commit-config.yaml"
	if data, err := os.ReadFile(filepath.Join(root, hooks)); err == nil {
		if m := starHaters.FindSubmatch(data); m != nil {
			return string(m[1]) + " (" + hooks + ")"
		}
	}
	return ""
}

// readINI reads an ini file as section.key to the value's lines; a section by
// itself is a key too.
func readINI(text string) map[string]string {
	values := map[string]string{}
	section, key := "", ""
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';':
		case strings.TrimLeft(line, " \t") != line:
			if key != "" {
				values[key] += "\n" + trimmed
			}
		case trimmed[0] == '[':
			section, key = strings.TrimSpace(strings.Trim(trimmed, "[]")), ""
			values[section] = ""
		default:
			name, rest, _ := strings.Cut(trimmed, "=")
			key = section + "." + strings.TrimSpace(name)
			values[key] = strings.TrimSpace(rest)
		}
	}
	return values
}
