package tree

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// ErrTooBig is matched by the error of Read for a file above the limit.
var ErrTooBig = errors.New("too big")

// A Stamp tells a file from any other state of it.
type Stamp struct {
	Digest  [sha256.Size]byte // of its bytes
	Size    int64
	ModTime time.Time
	info    fs.FileInfo
}

// Fresh tells whether info shows the same file as when the stamp was taken:
// same place on disk, size and time. It is cheap and can be deceived by a
// change within one tick of the clock; the digest cannot.
func (s Stamp) Fresh(info fs.FileInfo) bool {
	return s.info != nil && os.SameFile(s.info, info) && s.Size == info.Size() && s.ModTime.Equal(info.ModTime())
}

// Mode is the file's mode when it was read.
func (s Stamp) Mode() fs.FileMode {
	if s.info == nil {
		return 0
	}
	return s.info.Mode()
}

// Info is what the system said of the file when it was read; nil for the zero
// Stamp.
func (s Stamp) Info() fs.FileInfo { return s.info }

// Read reads a regular file of at most limit bytes, and stamps it. It does not
// wait for pipes or devices that take the file's place. Errors do not hold the
// path.
func Read(full string, limit int64) ([]byte, Stamp, error) {
	f, err := os.OpenFile(full, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, Stamp{}, plain(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, Stamp{}, plain(err)
	}
	if !info.Mode().IsRegular() {
		return nil, Stamp{}, errors.New("not a regular file")
	}
	tooBig := fmt.Errorf("%w: more than %d bytes", ErrTooBig, limit)
	if info.Size() > limit {
		return nil, Stamp{}, tooBig
	}
	data := make([]byte, 0, info.Size()+1)
	for {
		n, err := f.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, Stamp{}, plain(err)
		}
		if int64(len(data)) > limit {
			return nil, Stamp{}, tooBig
		}
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
	}
	stamp := Stamp{Digest: sha256.Sum256(data), Size: int64(len(data)), ModTime: info.ModTime(), info: info}
	return data, stamp, nil
}
