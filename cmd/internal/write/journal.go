package write

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fastpath/cmd/internal/tree"
)

const (
	journalSchema = 1
	journalName   = "apply.json"
	tempPrefix    = ".fastpath-"
)

// A phase says what a journal that outlived its run is good for.
type phase string

const (
	preparing phase = "preparing" // no target was touched: what it names is removed
	replacing phase = "replacing" // every content is on disk: what it names is put in place
)

// A journal is what is known on disk of a run that writes. Paths are relative
// to the root and escaped, because names on disk need not be valid text.
type journal struct {
	Schema  int      `json:"schema"`
	Phase   phase    `json:"phase"`
	Folders []string `json:"folders,omitempty"` // made by the run, outer ones first
	Files   []entry  `json:"files"`
}

type entry struct {
	Path string `json:"path"`
	Temp string `json:"temp"`
	Old  string `json:"old,omitempty"` // hex digest; "" for a new file
	New  string `json:"new"`
}

func (r *Run) rel(full string) string {
	rel, err := filepath.Rel(r.root, full)
	if err != nil {
		rel = full // cannot happen: resolve admits nothing outside the root
	}
	return (&url.URL{Path: filepath.ToSlash(rel)}).EscapedPath()
}

func unescape(rel string) string {
	if plain, err := url.PathUnescape(rel); err == nil {
		return plain
	}
	return rel
}

func (r *Run) abs(rel string) string { return filepath.Join(r.root, filepath.FromSlash(unescape(rel))) }

func (r *Run) entry(j *job) entry {
	e := entry{Path: r.rel(j.full), Temp: r.rel(j.temp), New: digest(j.New)}
	if j.info != nil {
		e.Old = digest(j.was)
	}
	return e
}

func (r *Run) journalFile() string { return filepath.Join(r.folder, journalName) }

// draft is the journal while it is written. The name is fixed: the lock admits
// one writer, and what a killed one left is overwritten by the next.
func (r *Run) draft() string { return r.journalFile() + ".new" }

// save writes the journal so that the file of that name is whole at any time.
func (r *Run) save(j *journal) error {
	data, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	temp := r.draft()
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err == nil {
		_, err = f.Write(data)
		if err == nil {
			err = f.Sync()
		}
		if closing := f.Close(); err == nil {
			err = closing
		}
	}
	if err == nil {
		err = os.Rename(temp, r.journalFile())
	}
	if err != nil {
		_ = os.Remove(temp)
		return fmt.Errorf("writing the journal %q: %w; nothing was changed", r.journalFile(), plain(err))
	}
	syncFolder(r.folder)
	r.reached("journal")
	return nil
}

// forget removes the journal: the run is over.
func (r *Run) forget() error {
	err := os.Remove(r.journalFile())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing the journal %q: %w", r.journalFile(), plain(err))
	}
	return nil
}

// discard removes the temporary files and folders that the journal names, then
// the journal.
func (r *Run) discard(j *journal) error {
	var faults []error
	for _, e := range j.Files {
		if err := os.Remove(r.abs(e.Temp)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			faults = append(faults, fmt.Errorf("removing the temporary file %q: %w", unescape(e.Temp), plain(err)))
		}
	}
	for _, folder := range slices.Backward(j.Folders) {
		// A folder that somebody else put something into stays.
		_ = os.Remove(r.abs(folder))
	}
	if len(faults) > 0 {
		return errors.Join(faults...)
	}
	return r.forget()
}

// load reads the journal that an interrupted run left; nil without one.
func (r *Run) load() (*journal, error) {
	_ = os.Remove(r.draft())
	data, err := os.ReadFile(r.journalFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	advice := fmt.Sprintf("look at the files it names, then remove %q", r.journalFile())
	if err != nil {
		return nil, fmt.Errorf("reading the journal of an interrupted run: %w; %s", plain(err), advice)
	}
	var j journal
	if err := json.Unmarshal(data, &j); err != nil {
		return nil, fmt.Errorf("reading the journal of an interrupted run: %w; %s", err, advice)
	}
	if j.Schema != journalSchema {
		return nil, fmt.Errorf("reading the journal of an interrupted run: schema %d is not known; %s", j.Schema, advice)
	}
	for _, e := range j.Files {
		// A journal is obeyed only where it could be one of ours.
		temp := r.abs(e.Temp)
		if !r.inside(temp) || !r.inside(r.abs(e.Path)) || !strings.HasPrefix(filepath.Base(temp), tempPrefix) {
			return nil, fmt.Errorf("reading the journal of an interrupted run: it names %q; %s", unescape(e.Temp), advice)
		}
	}
	return &j, nil
}

// recover finishes what the journal of an interrupted run began, or removes it.
func (r *Run) recover() error {
	j, err := r.load()
	if err != nil || j == nil {
		return err
	}
	r.Recovered.Interrupted = true
	if j.Phase != replacing {
		return r.discard(j)
	}
	var rest []entry
	whole := true // every file is as the run left it
	for _, e := range j.Files {
		switch state := r.state(e.Path); {
		case state == e.New:
			r.accepted[unescape(e.Path)] = e.New
		case state == e.Old && r.state(e.Temp) == e.New:
			rest = append(rest, e)
		default:
			whole = false
		}
	}
	if !whole {
		// Somebody changed files in between, or took changes back: that is
		// respected, and the plan is made anew on what is there.
		return r.discard(j)
	}
	for _, e := range rest {
		if err := os.Rename(r.abs(e.Temp), r.abs(e.Path)); err != nil {
			return fmt.Errorf("finishing an interrupted run: writing %q: %w", unescape(e.Path), plain(err))
		}
		syncFolder(filepath.Dir(r.abs(e.Path)))
		r.accepted[unescape(e.Path)] = e.New
		r.Recovered.Finished = append(r.Recovered.Finished, unescape(e.Path))
	}
	return r.discard(j)
}

// state is the digest of a file, "" where there is none.
func (r *Run) state(rel string) string {
	data, _, err := tree.Read(r.abs(rel), 1<<30)
	if errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	if err != nil {
		return "unreadable"
	}
	return digest(data)
}
