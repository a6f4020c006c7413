// Command fastpath moves Python imports to where their measured cost and real
// use say they belong, and proves that the program still means the same.
//
// This package knows flags, commands and exit codes. It must not know Python
// or the content of an edit. Its invariant: stdout carries the product of the
// command and nothing else.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// The exit codes of every command.
const (
	exitDone     = 0
	exitFindings = 1 // check found errors, or diff printed a diff
	exitTrouble  = 2 // bad usage, configuration or input; nothing was written
	exitInternal = 3 // a file failed its proof and was left out
)

// An outcome is an exit code other than 0 whose explanation is already on the
// screen.
type outcome int

func (o outcome) Error() string { return fmt.Sprintf("exit code %d", int(o)) }

func main() {
	// Most commands end before their garbage is worth collecting. The collector
	// counts this as in use, and begins at twice as much; never touched, it takes up
	// no memory.
	ballast := make([]byte, 128<<20)
	code := execute(os.Args[1:], surroundings{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	runtime.KeepAlive(ballast)
	os.Exit(code)
}

// surroundings are where a command runs, reads and writes.
type surroundings struct {
	dir      string // "" for the process's working directory
	in       io.Reader
	out, err io.Writer
}

// execute runs one command line and gives its exit code.
func execute(args []string, std surroundings) (code int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(std.err, "fastpath: internal error: %v\n%s", r, debug.Stack())
			code = exitInternal
		}
	}()
	root := rootCommand(std.dir)
	root.SetArgs(args)
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	called, err := root.ExecuteC()
	var known outcome
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &known):
		return int(known)
	}
	fmt.Fprintln(std.err, "fastpath: "+message(err))
	var usage usageError
	if errors.As(err, &usage) {
		fmt.Fprintf(std.err, "see %s --help\n", called.CommandPath())
	}
	return exitTrouble
}

// A usageError is a command line that makes no sense.
type usageError struct{ reason string }

func (e usageError) Error() string { return e.reason }

// message is the error as one printable text; a list keeps its lines.
func message(err error) string {
	lines := strings.Split(err.Error(), "\n")
	for i, l := range lines {
		lines[i] = printable(l)
	}
	return strings.Join(lines, "\n  ")
}

func rootCommand(dir string) *cobra.Command {
	g := globals{here: dir}
	root := &cobra.Command{
		Use:   "fastpath",
		Short: "Move Python imports to where their measured cost says they belong",
		Long: `fastpath reads what each import costs (profile.json) and how often it is used
(usage.json), decides for every import whether it belongs at module level or
inside the functions that use it, and rewrites the files. Every rewrite is
proven to leave the program's meaning unchanged before anything is written.`,
		Example: `  fastpath demo                  see all of it on a built-in sample
  fastpath plan                  what would move, and why
  fastpath diff | git apply      look at the change, or pipe it
  fastpath apply                 write it in place
  fastpath check                 guard it in CI
  fastpath report                all of it as one HTML page`,
		SilenceErrors: true,
		// Two edits away counts as a slip of the fingers.
		SuggestionsMinimumDistance: 2,
		SilenceUsage:               true,
		DisableAutoGenTag:          true,
		CompletionOptions:          cobra.CompletionOptions{HiddenDefaultCmd: false},
		PersistentPreRunE:          func(*cobra.Command, []string) error { return g.validate() },
		Args:                       cobra.ArbitraryArgs,
		RunE:                       helpOrUnknown,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err.Error()} })
	g.register(root)
	root.AddCommand(
		initCommand(&g), profileCommand(&g), usageCommand(&g), planCommand(&g), explainCommand(&g), diffCommand(&g), applyCommand(&g), checkCommand(&g),
		measureCommand(&g), auditCommand(&g), reportCommand(&g), demoCommand(&g), debugCommand(&g), versionCommand(),
	)
	return root
}

// helpOrUnknown runs where no command was named, or none that exists.
func helpOrUnknown(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	reason := fmt.Sprintf("unknown command %q", args[0])
	if close := cmd.SuggestionsFor(args[0]); len(close) > 0 {
		reason += "; did you mean " + choice(close) + "?"
	}
	return usageError{reason}
}
