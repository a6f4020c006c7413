package config

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	globs "fastpath/plan/glob"
)

func filled(s string) string {
	if strings.TrimSpace(s) == "" {
		return "want a text that is not empty"
	}
	if strings.ContainsRune(s, 0) {
		return fmt.Sprintf("%q holds a NUL byte", s)
	}
	return ""
}

// inside accepts slash paths that stay below the root.
func inside(s string) string {
	if wrong := filled(s); wrong != "" {
		return wrong
	}
	if strings.Contains(s, `\`) {
		return fmt.Sprintf("%q: write paths with forward slashes", s)
	}
	if clean := path.Clean(s); path.IsAbs(s) || clean == ".." || strings.HasPrefix(clean, "../") {
		return fmt.Sprintf("%q leaves the project: want a path relative to the folder of this file", s)
	}
	return ""
}

// cleaned are the paths in their shortest form: "./lib/" is "lib".
func cleaned(paths []string) []string {
	for i := range paths {
		paths[i] = path.Clean(paths[i])
	}
	return paths
}

func pythonFile(s string) string {
	if path.Ext(s) != ".py" {
		return fmt.Sprintf("%q is no Python file: want a path that ends in .py", s)
	}
	return ""
}

func glob(s string) string {
	if wrong := filled(s); wrong != "" {
		return wrong
	}
	if !globs.Valid(s) {
		return fmt.Sprintf("%q is no valid glob: unbalanced brackets or braces, or a backslash at its end", s)
	}
	return ""
}

// dottedName tells whether s is a.b.c in Python's identifiers.
func dottedName(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		for i, r := range part {
			if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)) {
				return false
			}
		}
		if part == "" {
			return false
		}
	}
	return true
}

// module accepts dotted names, with .* behind them for all that lies below.
func module(s string) string {
	if dottedName(strings.TrimSuffix(s, ".*")) {
		return ""
	}
	return fmt.Sprintf("%q is no module name: want one such as %q", s, "package.module")
}

// approver refuses what a template leaves to be filled in.
func approver(s string) string {
	if t := strings.TrimSpace(s); strings.HasPrefix(t, "[") && strings.HasSuffix(t, "]") {
		return fmt.Sprintf("%q stands for a name: say who approved the exception, or remove the key", s)
	}
	return ""
}

func fileOrModule(s string) string {
	if dottedName(s) && !strings.HasSuffix(s, ".py") {
		return ""
	}
	if wrong := inside(s); wrong != "" {
		return wrong
	}
	if strings.ContainsAny(s, "/.") {
		return ""
	}
	return fmt.Sprintf("%q is neither a file nor a module name: want one such as %q or %q", s, "app/main.py", "app.main")
}

func oneOf(allowed ...string) rule {
	return func(s string) string {
		if slices.Contains(allowed, s) {
			return ""
		}
		return fmt.Sprintf("want one of %s, not %q", quoted(allowed), s)
	}
}

func quoted(list []string) string {
	var all []string
	for _, s := range list {
		all = append(all, fmt.Sprintf("%q", s))
	}
	return strings.Join(all, ", ")
}

// clause is one clause of a PEP 440 version specifier.
var clause = regexp.MustCompile(`^\s*(===|~=|==|!=|<=|>=|<|>)\s*v?[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?(\.?(post|dev)[0-9]+)*(\.\*)?\s*$`)

// specifier accepts PEP 440 version specifiers.
func specifier(s string) string {
	for part := range strings.SplitSeq(s, ",") {
		if !clause.MatchString(part) {
			return fmt.Sprintf("%q is no version specifier: want one such as %q", s, ">=3.9,<4")
		}
	}
	return ""
}
