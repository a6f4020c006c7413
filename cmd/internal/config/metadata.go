package config

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// metadata is what the project says of itself to installers.
type metadata struct {
	requiresPython string
	dependencies   []string // normalised names, as found
	warnings       []string
}

// readMetadata reads the nearest pyproject.toml or setup.cfg from root upwards
// that describes a project. A file that cannot be read as such is a warning:
// it is not ours, and a missing dependency only keeps imports where they are.
func readMetadata(root, start string) metadata {
	var m metadata
	for dir := root; ; {
		described := m.fromProject(start, filepath.Join(dir, projectName))
		described = m.fromSetup(filepath.Join(dir, "setup.cfg")) || described
		parent := filepath.Dir(dir)
		if described || parent == dir {
			return m
		}
		dir = parent
	}
}

// required are the dependencies, sorted, each once.
func (m *metadata) required() []string {
	slices.Sort(m.dependencies)
	return slices.Compact(m.dependencies)
}

func (m *metadata) require(python, file string) {
	if python == "" || m.requiresPython != "" {
		return
	}
	if wrong := specifier(python); wrong != "" {
		m.warnings = append(m.warnings, fmt.Sprintf("%s: requires-python: %s; set requires-python for fastpath", file, wrong))
		return
	}
	m.requiresPython = python
}

func (m *metadata) fromProject(start, path string) bool {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	doc, err := open(start, path)
	if err != nil {
		m.warnings = append(m.warnings, err.Error())
		return false
	}
	top := value{doc: doc, raw: doc.tree}
	project, poetry := top.at("project"), top.at("tool", "poetry")
	if python, ok := project.at("requires-python").raw.(string); ok {
		m.require(python, doc.shown)
	}
	list, _ := project.at("dependencies").raw.([]any)
	for _, d := range list {
		if text, ok := d.(string); ok {
			m.depend(text)
		}
	}
	table, _ := poetry.at("dependencies").raw.(map[string]any)
	for name, d := range table {
		if name == "python" {
			if text, ok := d.(string); ok {
				m.require(poetryPython(text), doc.shown)
			}
			continue
		}
		options, _ := d.(map[string]any)
		_, marked := options["markers"]
		_, versioned := options["python"]
		if optional, _ := options["optional"].(bool); !optional && !marked && !versioned {
			m.depend(name)
		}
	}
	return project.present() || poetry.present()
}

// poetryPython is the lower bound of poetry's own ^3.9 and ~3.9; other forms
// are those of PEP 440.
func poetryPython(s string) string {
	if rest, ok := strings.CutPrefix(s, "^"); ok {
		return ">=" + rest
	}
	if rest, ok := strings.CutPrefix(s, "~"); ok && !strings.HasPrefix(rest, "=") {
		return ">=" + rest
	}
	return s
}

// fromSetup reads the [options] of a setup.cfg.
func (m *metadata) fromSetup(path string) bool {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	data, err := os.ReadFile(path)
	if err != nil {
		m.warnings = append(m.warnings, fmt.Sprintf("reading %s: %v", filepath.Base(path), bare(err)))
		return false
	}
	section, key, described := "", "", false
	for line := range strings.Lines(string(data)) {
		text := strings.TrimSpace(line)
		indented := strings.TrimLeft(line, " \t") != line
		switch {
		case text == "" || text[0] == '#' || text[0] == ';':
			continue
		case !indented && text[0] == '[':
			section, key = strings.Trim(text, "[]"), ""
			described = described || section == "metadata" || section == "options"
			continue
		case !indented:
			name, rest, _ := strings.Cut(text, "=")
			key, text = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "-", "_"), strings.TrimSpace(rest)
		}
		if section != "options" || text == "" {
			continue
		}
		switch key {
		case "python_requires":
			m.require(text, filepath.Base(path))
		case "install_requires":
			m.depend(text)
		}
	}
	return described
}

var (
	distribution = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*`)
	runs         = regexp.MustCompile(`[-_.]+`)
)

// depend adds the distribution of a PEP 508 requirement, unless a marker makes
// it conditional.
func (m *metadata) depend(requirement string) {
	if strings.Contains(requirement, ";") {
		return
	}
	if name := distribution.FindString(strings.TrimSpace(requirement)); name != "" {
		m.dependencies = append(m.dependencies, strings.ToLower(runs.ReplaceAllString(name, "-")))
	}
}
