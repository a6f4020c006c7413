package tree

import (
	"fmt"
	"io/fs"
	"time"
)

// settled is how long a file must have been left alone before its times tell
// whether it changed: clocks of file systems tick in steps of up to two seconds.
const settled = 2 * time.Second

// Mark is what the system says of a file: where it is on disk, its size and the
// times of its last changes. As long as that is the same, so is the file. It is ""
// where that could deceive: the file changed just now, or is from the future, or
// the system does not say.
func Mark(info fs.FileInfo, now time.Time) string {
	inode, changed, ok := status(info)
	if !ok || now.Sub(changed) < settled || now.Sub(info.ModTime()) < settled {
		return ""
	}
	return fmt.Sprintf("%s %d %d %d", inode, info.Size(), info.ModTime().UnixNano(), changed.UnixNano())
}
