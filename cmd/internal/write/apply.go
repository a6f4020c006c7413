package write

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"fastpath/cmd/internal/tree"
)

// A Change is the new content of one file.
type Change struct {
	Path string     // slash path relative to the root; as shown, and where the file is unless Full says otherwise
	Full string     // where the file is on disk; "" for Path below the root
	Old  tree.Stamp // the content that was read; the zero Stamp for a file that must not exist yet
	New  []byte
}

func (c Change) creates() bool { return c.Old.Info() == nil }

// A job is a change on its way to the disk.
type job struct {
	Change
	full string // resolved
	temp string
	was  []byte      // bytes to go back to
	info fs.FileInfo // of the file as last looked at; nil for a new one
}

// Apply puts the changes in place: all of them, or, when an error is returned,
// none. Errors name each file that stands in the way. Cancelling the context
// stops it as long as no file is replaced. Changes that change nothing are
// left out.
func (r *Run) Apply(ctx context.Context, changes []Change) error {
	jobs, err := r.prepare(changes)
	if err != nil || len(jobs) == 0 {
		return err
	}
	j := &journal{Schema: journalSchema, Phase: preparing}
	name := make([]byte, 4)
	if _, err := rand.Read(name); err != nil {
		return fmt.Errorf("naming temporary files: %w", err)
	}
	for i, job := range jobs {
		job.temp = filepath.Join(filepath.Dir(job.full), fmt.Sprintf("%s%x-%d.tmp", tempPrefix, name, i))
		j.Files = append(j.Files, r.entry(job))
		j.Folders = r.missing(j.Folders, filepath.Dir(job.full))
	}
	if err := r.save(j); err != nil {
		return err
	}
	if err := r.stage(ctx, j, jobs); err != nil {
		return errors.Join(err, r.discard(j))
	}
	j.Phase = replacing
	if err := r.save(j); err != nil {
		return errors.Join(err, r.discard(j))
	}
	if err := r.replace(jobs); err != nil {
		return errors.Join(err, r.discard(j))
	}
	return r.forget()
}

// prepare looks at every target and refuses all changes if one cannot be made.
func (r *Run) prepare(changes []Change) ([]*job, error) {
	var jobs []*job
	var faults []error
	taken := map[string]string{}
	for _, c := range changes {
		job, err := r.look(c)
		if err != nil {
			faults = append(faults, fmt.Errorf("writing %q: %w", c.Path, err))
			continue
		}
		if other, twice := taken[job.full]; twice {
			faults = append(faults, fmt.Errorf("writing %q: it is the same file as %q", c.Path, other))
			continue
		}
		taken[job.full] = c.Path
		if job.info == nil || !bytes.Equal(job.was, job.New) {
			jobs = append(jobs, job)
		}
	}
	slices.SortFunc(jobs, func(a, b *job) int { return cmp.Compare(a.full, b.full) })
	return jobs, errors.Join(faults...)
}

var errChanged = errors.New("it changed since it was read; run again")

func (r *Run) look(c Change) (*job, error) {
	at := c.Full
	if at == "" {
		at = filepath.Join(r.root, filepath.FromSlash(c.Path))
	}
	full, err := r.resolve(at)
	if err != nil {
		return nil, err
	}
	job := &job{Change: c, full: full}
	if c.creates() {
		if _, err := os.Lstat(full); err == nil {
			return nil, errors.New("it came into being since the tree was read; run again")
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, plain(err)
		}
		return job, nil
	}
	was, stamp, err := tree.Read(full, max(c.Old.Size, 0))
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, tree.ErrTooBig):
		return nil, errChanged
	case err != nil:
		return nil, err
	case stamp.Digest != c.Old.Digest:
		return nil, errChanged
	}
	job.was, job.info = was, stamp.Info()
	return job, writable(full, job.info)
}

// writable refuses files that are marked read-only: to replace one by a rename
// is possible wherever its folder can be written, but not what was asked for.
func writable(full string, info fs.FileInfo) error {
	if info.Mode().Perm()&0o222 == 0 {
		return errors.New("it is read-only; make it writable or exclude it")
	}
	f, err := os.OpenFile(full, os.O_WRONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return plain(err)
	}
	return f.Close()
}

// resolve follows the links of the way to a file that may not exist yet, and
// refuses ways out of the project.
func (r *Run) resolve(at string) (string, error) {
	real, err := filepath.EvalSymlinks(at)
	if errors.Is(err, fs.ErrNotExist) {
		if _, gone := os.Lstat(at); gone == nil {
			return "", errors.New("it is a link that leads nowhere")
		}
		if at == r.root || filepath.Dir(at) == at {
			return "", errors.New("the project's folder is gone")
		}
		var folder string
		folder, err = r.resolve(filepath.Dir(at))
		real = filepath.Join(folder, filepath.Base(at))
	}
	if err != nil {
		return "", plain(err)
	}
	if !r.inside(real) {
		return "", errors.New("it lies outside the project, or a link leads out; nothing is written there")
	}
	return real, nil
}

func (r *Run) inside(full string) bool {
	return full == r.root || strings.HasPrefix(full, strings.TrimSuffix(r.root, string(filepath.Separator))+string(filepath.Separator))
}

// missing adds the folders on the way to dir that do not exist, outer ones first.
func (r *Run) missing(known []string, dir string) []string {
	if _, err := os.Lstat(dir); err == nil || dir == r.root || !r.inside(dir) {
		return known
	}
	known = r.missing(known, filepath.Dir(dir))
	if rel := r.rel(dir); !slices.Contains(known, rel) {
		known = append(known, rel)
	}
	return known
}

// stagers is how many files are written at a time: each waits for the disk,
// and what waits together is synced together.
const stagers = 8

// stage writes every new content beside its target.
func (r *Run) stage(ctx context.Context, j *journal, jobs []*job) error {
	for _, folder := range j.Folders {
		if err := os.Mkdir(r.abs(folder), 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("making the folder %q: %w", unescape(folder), plain(err))
		}
	}
	faults := make([]error, len(jobs))
	var next atomic.Int64
	var failed atomic.Bool
	var workers sync.WaitGroup
	for range min(stagers, len(jobs)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(jobs) && !failed.Load() && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := jobs[i].stage(jobs[i].New, true); err != nil {
					faults[i] = fmt.Errorf("writing %q: %w; nothing was changed", jobs[i].Path, plain(err))
					failed.Store(true)
				}
				r.reached("staged")
			}
		})
	}
	workers.Wait()
	return cmp.Or(ctx.Err(), errors.Join(faults...))
}

// stage writes content to the temporary file, with mode and owner of the target.
func (j *job) stage(content []byte, sync bool) (err error) {
	mode := fs.FileMode(0o666)
	if j.info != nil {
		mode = 0o600
	}
	f, err := os.OpenFile(j.temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer func() {
		if closing := f.Close(); err == nil {
			err = closing
		}
	}()
	if _, err := f.Write(content); err != nil {
		return err
	}
	if j.info != nil {
		if err := keepOwner(f, j.info); err != nil {
			return err
		}
		// After the owner: a change of owner clears the set-uid bits.
		if err := f.Chmod(j.info.Mode() & (fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky)); err != nil {
			return err
		}
	}
	if sync {
		return f.Sync()
	}
	return nil
}

// replace renames every temporary file onto its target. When one resists,
// those before it get their old content back.
func (r *Run) replace(jobs []*job) error {
	for i, job := range jobs {
		err := job.still()
		if err == nil {
			err = os.Rename(job.temp, job.full)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("writing %q: %w", job.Path, plain(err)), undo(jobs[:i]))
		}
		r.reached("replaced")
	}
	folders := map[string]bool{}
	for _, job := range jobs {
		if dir := filepath.Dir(job.full); !folders[dir] {
			folders[dir] = true
			syncFolder(dir)
		}
	}
	return nil
}

// still makes sure, right before the rename, that the target is what it was.
func (j *job) still() error {
	info, err := os.Lstat(j.full)
	switch {
	case j.info == nil && errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && j.info != nil && os.SameFile(j.info, info) && info.Size() == j.info.Size() && info.ModTime().Equal(j.info.ModTime()):
		return nil
	}
	return errChanged
}

func undo(jobs []*job) error {
	var faults []error
	for _, j := range jobs {
		var err error
		if j.info == nil {
			err = os.Remove(j.full)
		} else if err = j.stage(j.was, true); err == nil {
			err = os.Rename(j.temp, j.full)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("giving %q its old content back: %w; it holds the new one", j.Path, plain(err)))
		}
	}
	return errors.Join(faults...)
}

// syncFolder makes renames in a folder last. Not every file system can; what
// is lost without it is the newest state, never a whole file.
func syncFolder(dir string) {
	f, err := os.Open(dir)
	if err != nil {
		return
	}
	_ = f.Sync()
	_ = f.Close()
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// plain is err without the operation and path that the caller states already.
func plain(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err
	}
	return err
}
