//go:build !unix

package write

import (
	"io/fs"
	"os"
)

// keepOwner has nothing to keep: the folder decides who owns a file.
func keepOwner(*os.File, fs.FileInfo) error { return nil }
