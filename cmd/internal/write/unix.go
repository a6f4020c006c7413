//go:build unix

package write

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives the open file the owner and group of the file it replaces.
func keepOwner(f *os.File, old fs.FileInfo) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	was, known := old.Sys().(*syscall.Stat_t)
	is, same := info.Sys().(*syscall.Stat_t)
	if !known || !same || was.Uid == is.Uid && was.Gid == is.Gid {
		return nil
	}
	if err := f.Chown(int(was.Uid), int(was.Gid)); err != nil {
		return fmt.Errorf("keeping its owner (user %d, group %d): %w", was.Uid, was.Gid, plain(err))
	}
	return nil
}
