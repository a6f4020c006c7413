package main

import (
	"github.com/spf13/cobra"
)

func debugCommand(g *globals) *cobra.Command {
	debug := &cobra.Command{
		Use:     "debug",
		Short:   "Look inside",
		Example: "  fastpath debug facts app/report.py",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	debug.AddCommand(&cobra.Command{
		Use:     "facts FILE...",
		Short:   "Print what is known of each file as JSON lines",
		Example: "  fastpath debug facts app/report.py",
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := g.formatOf("json"); err != nil {
				return err
			}
			p, err := g.open(cmd, args)
			if err != nil {
				return err
			}
			s, err := p.survey(g)
			if err != nil {
				return err
			}
			for i, m := range s.Input.Modules {
				if !s.Chosen[i] {
					continue
				}
				if err := m.WriteJSON(cmd.OutOrStdout()); err != nil {
					return err
				}
			}
			return nil
		},
	})
	return debug
}
