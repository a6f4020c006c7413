package run

import (
	"bytes"
	"fmt"

	"fastpath/rewrite/udiff"
)

// Diff is the changes as one unified diff, in their order.
func Diff(changes []Change) ([]byte, error) {
	var all bytes.Buffer
	for _, c := range changes {
		old := c.Path
		if c.Old == nil {
			old = udiff.DevNull
		}
		d, err := udiff.Unified(old, c.Path, c.Old, c.New)
		if err != nil {
			return nil, fmt.Errorf("comparing %q: %w", c.Path, err)
		}
		all.Write(d)
	}
	return all.Bytes(), nil
}
