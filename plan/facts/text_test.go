package facts

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// Python ends the lines of a string with \n however the file ends them.
func TestImportsOfText(t *testing.T) {
	text := "\n    import a, x.y as b\n    from x import c\n"
	for _, text := range []string{text, strings.ReplaceAll(text, "\n", "\r\n")} {
		if got := slices.Sorted(maps.Keys(importsOfText([]byte(text)))); !slices.Equal(got, []string{"a", "b", "c"}) {
			t.Errorf("%q imports %v", text, got)
		}
	}
}
