package main

import (
	"fmt"
	"path"
	"path/filepath"

	"github.com/spf13/cobra"

	"fastpath/cmd/internal/python"
	"fastpath/cmd/internal/render"
	"fastpath/cmd/internal/write"
	"fastpath/plan/usage"
)

func usageCommand(g *globals) *cobra.Command {
	var from []string
	cmd := &cobra.Command{
		Use:   "usage FILE...",
		Short: "Read what requests used and write usage.json",
		Long: `Read what requests used from recorder lines, coverage.py JSON with contexts,
or usage.json of other runs, add it up, and write <artifacts>/usage.json.
usage recorder writes the Python file that an application records with.

Formats: text.`,
		Example: `  fastpath usage recorder
  fastpath usage lambda.log
  fastpath usage coverage.json recorded/*.log`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := g.formatOf("text"); err != nil {
				return err
			}
			files := append(from, args...)
			if len(files) == 0 {
				return usageError{"usage needs the files to read, or the word recorder"}
			}
			return runUsage(cmd, g, files)
		},
	}
	cmd.Flags().StringSliceVar(&from, "from", nil, "read these files, as if they were arguments")
	cmd.AddCommand(&cobra.Command{
		Use:     "recorder",
		Short:   "Write the recorder to " + python.RecorderName,
		Example: "  fastpath usage recorder",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := g.load(cmd, nil)
			if err != nil {
				return err
			}
			if err := write.File(filepath.Join(p.config.Root, python.RecorderName), python.Recorder()); err != nil {
				return err
			}
			p.say(g, "wrote %s; its first lines say how to use it", python.RecorderName)
			return nil
		},
	})
	return cmd
}

func runUsage(cmd *cobra.Command, g *globals, files []string) error {
	p, err := g.load(cmd, nil)
	if err != nil {
		return err
	}
	merged, err := p.readUsage(files)
	if err != nil {
		return err
	}
	name := path.Join(p.config.Artifacts, "usage.json")
	if err := write.File(filepath.Join(p.config.Root, filepath.FromSlash(name)), merged.Relative(p.config.Root).Write()); err != nil {
		return err
	}
	p.say(g, "%s and %s in %s", render.Count(len(merged.Modules), "module"), render.Count(len(merged.Functions), "function"), name)
	return nil
}

// readUsage adds up what files say of requests.
func (p *project) readUsage(files []string) (*usage.Usage, error) {
	var all []*usage.Usage
	for _, name := range files {
		data, err := p.input(name)
		if err != nil {
			return nil, err
		}
		u, err := usage.Read(name, data)
		if err != nil {
			return nil, err
		}
		for _, n := range u.Notes {
			fmt.Fprintln(p.err, printable(n))
		}
		all = append(all, u)
	}
	return usage.Merge(all...)
}
