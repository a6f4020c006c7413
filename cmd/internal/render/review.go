package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"fastpath/cmd/internal/check"
)

// ReviewsMarkdown writes the checklist of each fast_path.py, with every box
// answered by the data, for a pull request.
func ReviewsMarkdown(w io.Writer, reviews []check.Review) error {
	var out bytes.Buffer
	safe := strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "`", "'")
	for _, r := range reviews {
		fmt.Fprintf(&out, "\n### Review of `%s`\n\n", safe.Replace(Printable(r.Path)))
		for _, b := range r.Boxes {
			mark := " "
			if b.Ticked {
				mark = "x"
			}
			fmt.Fprintf(&out, "- [%s] %s %s\n", mark, safe.Replace(b.Question), safe.Replace(Printable(b.Answer)))
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}
