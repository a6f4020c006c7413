//go:build linux || darwin

package tree

import (
	"fmt"
	"io/fs"
	"syscall"
	"time"
)

// status is where a file is on disk, and when anything of it last changed.
func status(info fs.FileInfo) (inode string, changed time.Time, ok bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", time.Time{}, false
	}
	return fmt.Sprint(s.Dev, ":", s.Ino), changeTime(s), true
}
