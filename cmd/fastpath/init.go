package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/config"
	"fastpath/cmd/internal/write"
	"fastpath/plan/facts"
	"fastpath/plan/glob"
)

// initFlags are the flags of init alone.
type initFlags struct {
	tests      bool
	codeowners string
}

func initCommand(g *globals) *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a first configuration",
		Long: `Find the entry modules and import roots of the project and write them as
[tool.fastpath] to pyproject.toml, or to fastpath.toml where there is none. What
is configured already stays as it is.

Formats: text.`,
		Example: `  fastpath init
  fastpath init --tests
  fastpath init --codeowners @team/performance`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := g.formatOf("text"); err != nil {
				return err
			}
			return runInit(cmd, g, &f)
		},
	}
	cmd.Flags().BoolVar(&f.tests, "tests", false, "write a pytest file that guards fast_path.py")
	cmd.Flags().StringVar(&f.codeowners, "codeowners", "", "make this team a reviewer of fast_path.py")
	return cmd
}

func runInit(cmd *cobra.Command, g *globals, f *initFlags) error {
	p, err := g.load(cmd, nil)
	if err != nil {
		return err
	}
	if err := g.choose(p, cmd, nil); err != nil {
		return err
	}
	s := p.gather(g)
	if p.config.File != "" {
		p.say(g, "%s is configured already", p.configName())
	} else if err := p.writeConfiguration(g, s.Input.Modules); err != nil {
		return err
	}
	if p.config, err = config.Load(p.config.Root, ""); err != nil {
		return err
	}
	if f.tests {
		if err := p.writeGuard(g); err != nil {
			return err
		}
	}
	if f.codeowners != "" {
		return p.writeOwner(g, f.codeowners)
	}
	return nil
}

// writeConfiguration writes what was found in the tree.
func (p *project) writeConfiguration(g *globals, modules []*facts.Module) error {
	entries := entriesOf(modules, p.config.Policy.Tests)
	settings := "# What a cold start imports: files or dotted names.\n"
	if len(entries) == 0 {
		settings += "# entry = [\"lambda_function.py\"]\n"
	} else {
		settings += "entry = " + list(entries) + "\n"
	}
	settings += "# Import roots, first match wins.\nsrc = " + list(rootsOf(modules)) + "\n"
	name, text := "fastpath.toml", settings
	pyproject := p.full("pyproject.toml")
	old, err := os.ReadFile(pyproject)
	switch {
	case err == nil:
		name = "pyproject.toml"
		text = strings.TrimRight(string(old), "\n") + "\n\n[tool.fastpath]\n" + settings
		if bytes.Contains(old, []byte("\r\n")) {
			text = strings.TrimRight(string(old), "\r\n") + "\r\n\r\n" + strings.ReplaceAll("[tool.fastpath]\n"+settings, "\n", "\r\n")
		}
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("reading %q: %w", "pyproject.toml", reasonOf(err))
	}
	if err := write.File(p.full(name), []byte(text)); err != nil {
		return err
	}
	found := "no entry module: name one, and findings that need it are on"
	if len(entries) > 0 {
		found = "entry " + strings.Join(entries, ", ")
	}
	p.say(g, "wrote %s (%s)", name, printable(found))
	return nil
}

// list spells strings as a TOML array. TOML's basic strings read what Go's
// quoting writes for paths.
func list(items []string) string {
	quoted := make([]string, len(items))
	for i, s := range items {
		quoted[i] = strconv.Quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// entriesOf are the files that look like what a cold start imports: those with
// a Lambda handler, else the scripts of packages.
func entriesOf(modules []*facts.Module, tests []string) []string {
	var handlers, mains []string
	for _, m := range modules {
		if glob.Match(tests, m.Path) {
			continue
		}
		if path.Base(m.Path) == "__main__.py" {
			mains = append(mains, m.Path)
		}
		for i := range m.Scopes {
			s := &m.Scopes[i]
			if s.Kind == facts.DefScope && s.Parent == facts.Top && len(s.Params) == 2 &&
				(s.Name == "handler" || s.Name == "lambda_handler") && s.Params[1] == "context" {
				handlers = append(handlers, m.Path)
				break
			}
		}
	}
	if len(handlers) > 0 {
		return handlers
	}
	return mains
}

// rootsOf adds src to the import roots where packages stand in it.
func rootsOf(modules []*facts.Module) []string {
	for _, m := range modules {
		if strings.HasPrefix(m.Path, "src/") && m.Path != "src/__init__.py" {
			return []string{".", "src"}
		}
	}
	return []string{"."}
}

//go:embed guard.py.txt
var guard string

// writeGuard writes the test that guards fast_path.py, unless there is one.
func (p *project) writeGuard(g *globals) error {
	const name = "tests/test_fast_path.py"
	if _, err := os.Lstat(p.full(name)); err == nil {
		p.say(g, "%s is there already", name)
		return nil
	}
	limit := p.config.Policy.FastPath
	folder := "."
	if entry := p.config.Policy.Entry; len(entry) > 0 && strings.HasSuffix(entry[0], ".py") {
		folder = path.Dir(entry[0])
	}
	text := strings.NewReplacer(
		"@MODULE@", strconv.Quote(strings.TrimSuffix(path.Base(limit.File), ".py")),
		"@FOLDER@", strconv.Quote(folder),
		"@ROOTS@", list(p.config.Policy.Src),
		"@MAX_MS@", strconv.FormatFloat(limit.MaxTotalMS, 'g', -1, 64),
		"@MAX_IMPORTS@", strconv.Itoa(limit.MaxImports),
		"@FORBIDDEN@", list(limit.Forbidden),
	).Replace(guard)
	if err := write.File(p.full(name), []byte(text)); err != nil {
		return err
	}
	p.say(g, "wrote %s", name)
	return nil
}

// writeOwner adds the reviewer of fast_path.py to the file of code owners.
func (p *project) writeOwner(g *globals, team string) error {
	if strings.ContainsAny(team, " \t\n#") || !strings.Contains(team, "@") {
		return usageError{fmt.Sprintf("--codeowners %q: want a team or a person as @name", team)}
	}
	name := "CODEOWNERS"
	for _, candidate := range []string{".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS"} {
		if _, err := os.Stat(p.full(candidate)); err == nil {
			name = candidate
		}
	}
	old, err := os.ReadFile(p.full(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading %q: %w", name, reasonOf(err))
	}
	rule := filepath.ToSlash(p.config.Policy.FastPath.File) + " " + team
	for line := range strings.Lines(string(old)) {
		if strings.TrimSpace(line) == rule {
			p.say(g, "%s holds the rule already", name)
			return nil
		}
	}
	text := string(old)
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	if err := write.File(p.full(name), []byte(text+rule+"\n")); err != nil {
		return err
	}
	p.say(g, "%s: %s", name, rule)
	return nil
}
