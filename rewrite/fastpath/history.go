package fastpath

import (
	"fmt"
	"slices"
	"strings"

	"fastpath/plan"
)

// maxNamed is the number of names that a HISTORY line spells out.
const maxNamed = 6

// chronicle is the HISTORY, with one more line if the set of imports changed.
func chronicle(old *document, before, after []imported, want plan.FastPathFile) []string {
	added := names(after, before)
	removed := names(before, after)
	if len(added)+len(removed) == 0 && (len(after) > 0 || len(old.history) > 0) {
		return old.history
	}
	var what string
	switch {
	case len(before) == 0 && len(old.history) == 0:
		what = "Initial file, "
	case len(removed) == 0:
		what = "Added " + list(added) + "; "
	case len(added) == 0:
		what = "Removed " + list(removed) + "; "
	default:
		what = "Added " + list(added) + ", removed " + list(removed) + "; "
	}
	plural := "s"
	if len(after) == 1 {
		plural = ""
	}
	line := fmt.Sprintf("# %s: %s%d import%s, %sms total", orUndated(want.Date), what, len(after), plural, ms(want.TotalMS))
	lines := slices.Clone(old.history)
	if len(lines) == 0 {
		lines = []string{"# HISTORY:"}
	}
	return append(lines, line)
}

// names lists the imports of some that others lack, by what they load.
func names(some, others []imported) []string {
	var missing []string
	for _, i := range some {
		name := i.module
		if i.attr != "" {
			name = strings.TrimRight(i.module, ".") + "." + i.attr
			if strings.HasSuffix(i.module, ".") {
				name = i.module + i.attr
			}
		}
		if !slices.ContainsFunc(others, i.same) && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
	}
	return missing
}

// list spells "a", "a and b", "a, b and c".
func list(names []string) string {
	if len(names) > maxNamed {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxNamed-1], ", "), len(names)-maxNamed+1)
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
