package render

import (
	"bytes"
	"fmt"
)

// refusals lists what a fast_path.py does not take in, with the reasons.
func (s Shown) refusals(out *bytes.Buffer, style Style) {
	if s.Only != (Only{}) {
		return
	}
	chosen := map[string]bool{}
	for i, m := range s.Input.Modules {
		chosen[m.Path] = s.Files == nil || s.Files[i]
	}
	for _, fp := range s.Plan.FastPaths {
		headed := false
		for _, r := range fp.Refusals {
			if !chosen[r.File] && !chosen[fp.Path] {
				continue
			}
			if !headed {
				fmt.Fprintf(out, "%s\n", style.Paint(Bold, "left out of "+Printable(fp.Path)))
				headed = true
			}
			writeWrapped(out, "  "+style.Paint(Yellow, r.Code)+" ", fmt.Sprintf("%s:%d %s", Printable(r.File), r.Line, Printable(r.Message)), style.width())
		}
		if headed {
			out.WriteByte('\n')
		}
	}
}
