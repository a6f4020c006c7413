package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fastpath/plan"
)

// A Config is everything that the configuration decides.
type Config struct {
	Root string // absolute folder that all paths of the configuration are relative to
	File string // absolute path of the file that was read; "" without one

	Policy plan.Policy

	Include       []string // doublestar globs of the files that belong to the project
	Exclude       []string // doublestar globs of the files that do not
	Python        string   // interpreter for profile, measure and audit
	Artifacts     string   // slash path of the artifacts folder below Root
	Select        []string // finding codes to report, in order; empty: all
	Ignore        []string // finding codes not to report
	PerPathIgnore map[string][]string
	Targets       Targets
	// MaxProfileAgeDays is the age, in days, from which a profile is stale.
	MaxProfileAgeDays int

	// Warnings are remarks on metadata that is not ours to refuse.
	Warnings []string
}

// Targets are what a measurement is judged by. ColdStartMS is in milliseconds,
// the others are shares from 0 to 1.
type Targets struct {
	ColdStartMS       float64
	MinImprovement    float64
	MaxRegression     float64
	MaxWarmRegression float64
}

// Default is the configuration of a project without any, rooted at root.
func Default(root string) Config {
	return Config{
		Root:      root,
		Policy:    plan.Default(),
		Include:   []string{"**/*.py"},
		Python:    "python3",
		Artifacts: ".fastpath",
		Targets: Targets{ColdStartMS: 2000, MinImprovement: 0.40,
			MaxRegression: 0.10, MaxWarmRegression: 0.05},
		MaxProfileAgeDays: 31,
	}
}

// Load reads the configuration that holds in the folder startDir: the file
// explicitPath when that is not empty, else the nearest fastpath.toml or
// pyproject.toml with [tool.fastpath], looked for in startDir and the folders
// above it. Where one folder holds both, fastpath.toml counts. Without any file
// the defaults hold and startDir is the root. Errors are joined *Error values
// where the fault has a place in a file.
func Load(startDir, explicitPath string) (Config, error) {
	start, err := filepath.Abs(startDir)
	if err != nil {
		return Config{}, fmt.Errorf("finding the folder to start from: %w", err)
	}
	var doc *document
	if explicitPath != "" {
		doc, err = explicit(start, explicitPath)
	} else {
		doc, err = nearest(start)
	}
	if err != nil {
		return Config{}, err
	}
	c := Default(start)
	own := false // requires-python was configured
	if doc != nil {
		c.Root, c.File = filepath.Dir(doc.path), doc.path
		section := doc.section()
		section.into(&c)
		own = section.at("requires-python").present()
		relations(&c, section)
		if err := doc.err(); err != nil {
			return Config{}, err
		}
	}
	if c.Policy.FastPath.Consolidate == nil {
		c.Policy.FastPath.Consolidate = slices.Clone(c.Policy.Entry)
	}
	meta := readMetadata(c.Root, start)
	c.Policy.Dependencies, c.Warnings = meta.required(), meta.warnings
	if !own && meta.requiresPython != "" {
		c.Policy.RequiresPython = meta.requiresPython
	}
	return c, nil
}

// An Error is a fault at a place of a configuration file.
type Error struct {
	File   string // as shown to the user
	Line   int    // 1-based; 0 when the fault has no line
	Key    string // dotted, as one would write it; "" for faults of syntax
	Reason string
}

func (e *Error) Error() string {
	place := e.File
	if e.Line > 0 {
		place = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	if e.Key == "" {
		return place + ": " + e.Reason
	}
	return place + ": " + e.Key + ": " + e.Reason
}

const (
	ownName     = "fastpath.toml"
	projectName = "pyproject.toml"
)

func explicit(start, path string) (*document, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(start, path)
	}
	doc, err := open(start, path)
	if err != nil {
		return nil, err
	}
	if doc.project && !doc.configured() {
		return nil, &Error{File: doc.shown, Reason: "has no [tool.fastpath] table; add one (fastpath init writes it) or name another file"}
	}
	return doc, nil
}

// nearest is the first configured document from start upwards, nil without one.
func nearest(start string) (*document, error) {
	for dir := start; ; {
		for _, name := range []string{ownName, projectName} {
			path := filepath.Join(dir, name)
			// What cannot even be seen is not there for us: folders above may
			// belong to others.
			if _, err := os.Stat(path); err != nil {
				continue
			}
			doc, err := open(start, path)
			if err != nil {
				return nil, err
			}
			if doc.configured() {
				return doc, nil
			}
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return nil, nil
		}
		dir = parent
	}
}

// open reads one TOML file.
func open(start, path string) (*document, error) {
	shown := path
	if rel, err := filepath.Rel(start, path); err == nil {
		shown = rel
	}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("reading the configuration %q: not a regular file", shown)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the configuration %q: %w", shown, bare(err))
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration %q: %w", shown, bare(err))
	}
	return parse(path, shown, data)
}

// bare is err without the path that the caller states already.
func bare(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// relations checks what single values cannot show.
func relations(c *Config, section value) {
	p := &c.Policy
	fast, heavy := section.at("thresholds", "fast-ms"), section.at("thresholds", "heavy-ms")
	if p.FastMS > p.HeavyMS && !fast.broken() && !heavy.broken() {
		at := fast
		if !at.present() {
			at = heavy
		}
		at.fail("fast-ms (%v) lies above heavy-ms (%v): below fast-ms an import is fast, above heavy-ms it is heavy", p.FastMS, p.HeavyMS)
	}
	seen := map[string]bool{}
	for i, e := range p.Exceptions {
		at := section.at("exception", index(i))
		switch {
		case e.Module == "" && !at.broken():
			at.fail("has no module: write module = \"NAME\"")
		case e.Module != "" && seen[e.Module]:
			at.at("module").fail("%q has an exception already: one module has at most one", e.Module)
		}
		seen[e.Module] = true
		// Dates of the form 2006-01-02 compare as text.
		if e.Date != "" && e.Review != "" && e.Review < e.Date {
			at.at("review").fail("the review %s lies before the date %s of the exception", e.Review, e.Date)
		}
	}
	for _, code := range c.Select {
		if slices.Contains(c.Ignore, code) {
			section.at("ignore").fail("%s is both selected and ignored", strings.ToUpper(code))
		}
	}
}
