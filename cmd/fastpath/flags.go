package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"fastpath/cmd/internal/render"
)

// globals are the flags that every command takes.
type globals struct {
	here                   string // the folder that relative paths start from
	config, profile, usage string
	all                    bool
	format, color          string
	noCache                bool
	today                  string
	forceExclude           bool
	stdinName              string
	workers                int
	quiet, verbose         bool
}

func (g *globals) register(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&g.config, "config", "", "configuration file (default: the nearest fastpath.toml or pyproject.toml)")
	f.StringVar(&g.profile, "profile", "", "cost of imports: json or the text of python -X importtime (default: <artifacts>/profile.json)")
	f.StringVar(&g.usage, "usage", "", "use of imports: json or recorder lines (default: <artifacts>/usage.json)")
	f.BoolVar(&g.all, "all", false, "move imports that bring no gain too")
	f.StringVar(&g.format, "format", "", "output format (see the command's help)")
	f.StringVar(&g.color, "color", "auto", "auto, always or never")
	f.BoolVar(&g.noCache, "no-cache", false, "neither read nor write the cache of facts")
	f.StringVar(&g.today, "today", "", "the date to judge by, YYYY-MM-DD (default: SOURCE_DATE_EPOCH, else today)")
	f.BoolVar(&g.forceExclude, "force-exclude", false, "let exclude apply to files that are named too")
	f.StringVar(&g.stdinName, "stdin-filename", "", "read this file's content from stdin")
	f.IntVarP(&g.workers, "jobs", "j", runtime.NumCPU(), "number of workers")
	f.BoolVarP(&g.quiet, "quiet", "q", false, "no summary and no progress on stderr")
	f.BoolVarP(&g.verbose, "verbose", "v", false, "more on stderr")
	f.SortFlags = false
}

func (g *globals) validate() error {
	if g.here == "" {
		dir, err := os.Getwd()
		if err != nil {
			return fmt.Errorf("finding the current folder: %w", err)
		}
		g.here = dir
	}
	if !slices.Contains([]string{"auto", "always", "never"}, g.color) {
		return usageError{fmt.Sprintf("--color %q: want auto, always or never", g.color)}
	}
	if g.workers < 1 {
		return usageError{fmt.Sprintf("-j %d: want at least 1 worker", g.workers)}
	}
	if g.today != "" {
		if _, err := time.Parse(time.DateOnly, g.today); err != nil {
			return usageError{fmt.Sprintf("--today %q: want a date as YYYY-MM-DD", g.today)}
		}
	}
	return nil
}

// formatOf is the wanted output format, the first of those allowed by default.
func (g *globals) formatOf(allowed ...string) (string, error) {
	if g.format == "" {
		return allowed[0], nil
	}
	if !slices.Contains(allowed, g.format) {
		return "", usageError{fmt.Sprintf("--format %q: want %s", g.format, choice(allowed))}
	}
	return g.format, nil
}

func choice(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// date is the day that check and audit judge by.
func (g *globals) date() (string, error) {
	if g.today != "" {
		return g.today, nil
	}
	if epoch := os.Getenv("SOURCE_DATE_EPOCH"); epoch != "" {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return "", usageError{fmt.Sprintf("SOURCE_DATE_EPOCH %q: want seconds since 1970", epoch)}
		}
		return time.Unix(seconds, 0).UTC().Format(time.DateOnly), nil
	}
	return time.Now().Format(time.DateOnly), nil
}

// style is how output to w is laid out.
func (g *globals) style(w io.Writer) render.Style {
	style := render.Style{Width: render.DefaultWidth}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
			style.Width = min(columns, 140)
		}
		style.Color = g.color == "auto" && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	if g.color == "always" {
		style.Color = true
	}
	return style
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func printable(text string) string { return render.Printable(text) }
