package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"fastpath/cmd/internal/write"
	"fastpath/plan/facts"
)

//go:embed guard.py.txt
var guard string

const guardFile = "tests/test_fast_path.py"

// writeGuard writes the test that guards fast_path.py, unless there is one.
func (p *project) writeGuard(g *globals, modules []*facts.Module) error {
	if _, err := os.Lstat(p.full(guardFile)); err == nil {
		p.say(g, "%s is there already", guardFile)
		return nil
	}
	limit := p.config.Policy.FastPath
	// Of files that answer to one name Python finds the one below the first root.
	found := map[string]string{}
	for _, name := range limit.Consolidate {
		if m := moduleOf(modules, name); m != nil {
			file, module := fastPathOf(m, limit.File)
			if known, taken := found[module]; !taken || p.rootOf(file) < p.rootOf(known) {
				found[module] = file
			}
		}
	}
	var places []string
	for _, module := range slices.Sorted(maps.Keys(found)) {
		places = append(places, strconv.Quote(module)+": "+strconv.Quote(found[module]))
	}
	if len(places) == 0 {
		places = []string{strconv.Quote(strings.TrimSuffix(path.Base(limit.File), ".py")) + ": " + strconv.Quote(limit.File)}
	}
	text := strings.NewReplacer(
		"@FAST_PATHS@", "{"+strings.Join(places, ", ")+"}",
		"@ROOTS@", pythonList(p.config.Policy.Src),
		"@MAX_MS@", budget(limit.MaxTotalMS),
		"@MAX_IMPORTS@", budget(float64(limit.MaxImports)),
		"@FORBIDDEN@", pythonList(limit.Forbidden),
	).Replace(guard)
	if err := write.File(p.full(guardFile), []byte(text)); err != nil {
		return err
	}
	p.say(g, "wrote %s", guardFile)
	return nil
}

// rootOf is the place among the import roots of the folder that holds a file.
func (p *project) rootOf(file string) int {
	return slices.IndexFunc(p.config.Policy.Src, func(root string) bool { return path.Clean(root) == path.Dir(file) })
}

// fastPathOf is the file and the dotted name of the fast_path.py beside an
// entry module.
func fastPathOf(entry *facts.Module, file string) (place, module string) {
	module = strings.TrimSuffix(file, ".py")
	prefix := entry.Name + "."
	if !entry.Package {
		prefix = entry.Name[:strings.LastIndexByte(entry.Name, '.')+1]
	}
	return path.Join(path.Dir(entry.Path), file), prefix + module
}

// budget spells a limit for Python; 0 is none.
func budget(limit float64) string {
	if limit == 0 {
		return `float("inf")`
	}
	return strconv.FormatFloat(limit, 'g', -1, 64)
}

// pythonList spells strings as a list. Python's literals read what Go's quoting
// writes.
func pythonList(items []string) string {
	quoted := make([]string, len(items))
	for i, s := range items {
		quoted[i] = strconv.Quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// writeOwner adds the reviewer of fast_path.py to the file of code owners.
func (p *project) writeOwner(g *globals, team string) error {
	if strings.ContainsAny(team, " \t\n#") || !strings.Contains(team, "@") {
		return usageError{fmt.Sprintf("--codeowners %q: want a team or a person as @name", team)}
	}
	name := "CODEOWNERS"
	for _, candidate := range []string{"docs/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", ".github/CODEOWNERS"} {
		if _, err := os.Stat(p.full(candidate)); err == nil {
			name = candidate
		}
	}
	old, err := os.ReadFile(p.full(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading %q: %w", name, reasonOf(err))
	}
	// A pattern without a slash holds in every folder.
	rule := path.Base(p.config.Policy.FastPath.File) + " " + team
	for line := range strings.Lines(string(old)) {
		if strings.Join(strings.Fields(line), " ") == rule {
			p.say(g, "%s holds the rule already", name)
			return nil
		}
	}
	end := "\n"
	if strings.Contains(string(old), "\r\n") {
		end = "\r\n"
	}
	text := string(old)
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += end
	}
	if err := write.File(p.full(name), []byte(text+rule+end)); err != nil {
		return err
	}
	p.say(g, "%s: %s", name, rule)
	return nil
}
