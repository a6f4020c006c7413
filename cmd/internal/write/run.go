package write

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/google/renameio/v2"

	"fastpath/cmd/internal/lock"
)

// A Run is the right to write the files of one project.
type Run struct {
	// Recovered tells what was left of an earlier run.
	Recovered Recovery

	root     string // links resolved
	folder   string // of the journal
	lock     *os.File
	accepted map[string]string // digests by slash path, of what an interrupted run wrote
	reached  func(stage string)
}

// A Recovery is what Begin did about an interrupted run.
type Recovery struct {
	Interrupted bool     // there was one
	Finished    []string // slash paths of files that it had not come to and that were put in place now
}

// Begin takes the right to write below root and finishes what an interrupted
// run left: call it before the tree is read. gitDir is the repository's git
// folder, "" without one; the journal is kept there, else in the user's cache
// folder. An error means that another run is writing, or that what is left of
// an earlier one needs a human.
func Begin(root, gitDir string) (*Run, error) {
	full, err := filepath.Abs(root)
	if err == nil {
		full, err = filepath.EvalSymlinks(full)
	}
	if err != nil {
		return nil, fmt.Errorf("finding the project %q: %w", root, plain(err))
	}
	r := &Run{root: full, accepted: map[string]string{}, reached: func(string) {}}
	if err := r.open(places(full, gitDir)); err != nil {
		return nil, err
	}
	if err := r.recover(); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// places are the folders where the journal may live, best first. One
// repository can hold several projects, hence the project's digest in each.
func places(root, gitDir string) []string {
	sum := sha256.Sum256([]byte(root))
	name := "apply-" + hex.EncodeToString(sum[:6])
	var all []string
	if gitDir != "" {
		// A repository moves with its work tree: the name must not depend on
		// where both are.
		rel, err := filepath.Rel(gitDir, root)
		if err == nil {
			sum = sha256.Sum256([]byte(filepath.ToSlash(rel)))
			all = append(all, filepath.Join(gitDir, "fastpath", "apply-"+hex.EncodeToString(sum[:6])))
		}
	}
	if cache, err := os.UserCacheDir(); err == nil {
		all = append(all, filepath.Join(cache, "fastpath", name))
	}
	return append(all, filepath.Join(os.TempDir(), "fastpath-"+strconv.Itoa(os.Getuid()), name))
}

// open settles on the first place that can be written and locks it.
func (r *Run) open(places []string) error {
	var faults []error
	for _, folder := range places {
		err := os.MkdirAll(folder, 0o700)
		if err == nil {
			r.folder = folder
			r.lock, err = lock.Take(folder)
		}
		if errors.Is(err, lock.ErrHeld) {
			return fmt.Errorf("another fastpath is writing to %q: wait for it to end", r.root)
		}
		if err == nil {
			err = r.probe()
		}
		if err == nil {
			return nil
		}
		faults = append(faults, fmt.Errorf("%q: %w", folder, plain(err)), r.Close())
	}
	return fmt.Errorf("finding a place for the journal: %w", errors.Join(faults...))
}

// probe tells whether a journal could be saved.
func (r *Run) probe() error {
	f, err := os.OpenFile(r.draft(), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// Accepts tells whether the file (slash path relative to the root) holds what
// an interrupted run wrote there: git calls it changed, yet the user did not
// change it.
func (r *Run) Accepts(path string, content []byte) bool {
	wrote, known := r.accepted[path]
	return known && wrote == digest(content)
}

// Close gives the right to write back.
func (r *Run) Close() error {
	if r.lock == nil {
		return nil
	}
	held := r.lock
	r.lock = nil
	err := held.Close()
	if err != nil && !errors.Is(err, fs.ErrClosed) {
		return fmt.Errorf("giving back the lock: %w", err)
	}
	return nil
}

// File writes one file of the artifacts folder, whole or not at all, and makes
// the folders on the way. An existing file keeps its mode.
func File(full string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
		return fmt.Errorf("making the folder of %q: %w", full, plain(err))
	}
	if err := renameio.WriteFile(full, data, 0o666, renameio.WithTempDir(filepath.Dir(full))); err != nil {
		return fmt.Errorf("writing %q: %w", full, plain(err))
	}
	return nil
}
