//go:build unix

package lock

import (
	"errors"
	"os"
	"syscall"
)

// Take takes the lock of an existing file or folder without waiting. Closing
// the file releases it. Where the file system has no locks it is granted.
func Take(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(ErrHeld, f.Close())
	}
	return f, nil
}
