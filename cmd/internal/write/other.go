//go:build !unix

package write

import (
	"errors"
	"io/fs"
	"os"
)

var errLocked = errors.New("locked by another process")

// lockFolder cannot lock here: two runs at a time are the user's to avoid.
func lockFolder(string) (*os.File, error) { return nil, nil }

// keepOwner has nothing to keep: the folder decides who owns a file.
func keepOwner(*os.File, fs.FileInfo) error { return nil }
