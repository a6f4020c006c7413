package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/config"
	"fastpath/cmd/internal/discover"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/write"
	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/rewrite/fastpath"
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
		Long: `Find the entry modules, import roots, tests and Python version of the project
and write them as [tool.fastpath] to pyproject.toml, or to fastpath.toml where
there is none, each with the reason for it. Entry modules are the handlers that
AWS SAM and Serverless templates name, else functions that look like handlers,
else console scripts and __main__ modules.

What is configured already stays as it is. Exceptions that fast_path.py documents
by hand are added to the configuration, which is the authority on them.

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
	if p.config.File == "" {
		err = p.writeConfiguration(g, s.Input.Modules)
	} else {
		err = p.migrate(g)
	}
	if err != nil {
		return err
	}
	if p.config, err = config.Load(p.config.Root, absolute(g.here, g.config)); err != nil {
		return err
	}
	if err := p.makeArtifacts(g); err != nil {
		return err
	}
	if f.tests {
		if err := p.writeGuard(g, s.Input.Modules); err != nil {
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
	draft, missed := discover.Draft(p.config.Root, modules, p.config.Policy.Tests)
	draft.Exceptions = exceptionsOf(p.blocks())
	name := "pyproject.toml"
	old, err := os.ReadFile(p.full(name))
	if errors.Is(err, fs.ErrNotExist) {
		name, err = "fastpath.toml", nil
	}
	if err != nil {
		return fmt.Errorf("reading %q: %w", name, reasonOf(err))
	}
	text, err := draft.Write(name, old)
	if err != nil {
		return err
	}
	if err := write.File(p.full(name), text); err != nil {
		return err
	}
	p.say(g, "wrote %s", name)
	if len(draft.Entry) == 0 {
		p.say(g, "  no entry module was found: name one, and findings that need it are on")
	}
	for _, e := range draft.Entry {
		p.say(g, "  entry %s: %s", printable(e.Value), printable(e.Why))
	}
	for _, m := range missed {
		p.say(g, "  %s", printable(m))
	}
	p.sayMigrated(g, name, draft.Exceptions)
	return nil
}

// migrate adds the exceptions that only fast_path.py documents to the
// configuration.
func (p *project) migrate(g *globals) error {
	missing := slices.DeleteFunc(exceptionsOf(p.blocks()), func(e plan.Exception) bool {
		return slices.ContainsFunc(p.config.Policy.Exceptions, func(known plan.Exception) bool { return known.Module == e.Module })
	})
	if len(missing) == 0 {
		p.say(g, "%s is configured already", p.configName())
		return nil
	}
	old, err := os.ReadFile(p.config.File)
	if err != nil {
		return fmt.Errorf("reading %q: %w", p.configName(), reasonOf(err))
	}
	text, err := config.AddExceptions(p.config.File, old, missing)
	if err != nil {
		return err
	}
	if err := write.File(p.config.File, text); err != nil {
		return err
	}
	p.sayMigrated(g, p.configName(), missing)
	return nil
}

func (p *project) sayMigrated(g *globals, name string, exceptions []plan.Exception) {
	if len(exceptions) == 0 {
		return
	}
	var modules []string
	for _, e := range exceptions {
		modules = append(modules, printable(e.Module))
	}
	p.say(g, "%s: took over %s of fast_path.py: %s", name, render.Count(len(modules), "exception"), strings.Join(modules, ", "))
}

// blocks reads the exception blocks of every fast_path.py, in path order. A
// file that holds other things is reported by what plans to write it.
func (p *project) blocks() []fastpath.Block {
	var blocks []fastpath.Block
	for _, f := range p.job.Files {
		if path.Base(f.Path) != path.Base(p.config.Policy.FastPath.File) {
			continue
		}
		data, err := p.job.Read(f.Path)
		if err != nil {
			continue
		}
		doc, err := fastpath.Parse(data)
		if err != nil {
			continue
		}
		for _, e := range doc.Entries {
			if e.Block != nil {
				blocks = append(blocks, *e.Block)
			}
		}
	}
	return blocks
}

// exceptionsOf are the exceptions that blocks document, each module once.
func exceptionsOf(blocks []fastpath.Block) []plan.Exception {
	var list []plan.Exception
	for _, b := range blocks {
		if !slices.ContainsFunc(list, func(e plan.Exception) bool { return e.Module == b.Exception.Module }) {
			list = append(list, b.Exception)
		}
	}
	return list
}

const artifactsNote = `What fastpath decides by. Commit this folder.

profile.json   what each import costs: fastpath profile
usage.json     what requests use: fastpath usage
eager.json     what a cold start may load: fastpath check --update-eager
`

// makeArtifacts makes the folder of the data, with a note: git keeps no empty
// folder.
func (p *project) makeArtifacts(g *globals) error {
	if _, err := os.Stat(p.full(p.config.Artifacts)); err == nil {
		return nil
	}
	name := p.artifact("README")
	if err := write.File(p.full(name), []byte(artifactsNote)); err != nil {
		return err
	}
	p.say(g, "wrote %s", name)
	return nil
}
