package git

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fastpath/cmd/internal/lock"
)

const folderPrefix = "fastpath-branch-"

// A claim is the note, in the git folder, of what a Branch made and would
// remove. It is locked while the process lives; one that nobody holds was left
// by a process that was killed. Its first line says what was made, each
// further one a newer tip.
type claim struct {
	file *os.File
	lock *os.File
}

type claimed struct {
	Name   string `json:"name,omitempty"`
	Folder string `json:"folder,omitempty"`
	Top    string `json:"top,omitempty"`
	Tip    string `json:"tip,omitempty"`
	Kept   bool   `json:"kept,omitempty"`
}

func (r *Repo) claims() string { return filepath.Join(r.Common, "fastpath") }

// stake notes what is about to be made. The note is locked before it gets the
// name under which others look for it.
func (r *Repo) stake(what claimed) (*claim, error) {
	if err := os.MkdirAll(r.claims(), 0o700); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(r.claims(), "draft-")
	if err != nil {
		return nil, err
	}
	c := &claim{file: f}
	if c.lock, err = lock.Take(f.Name()); err == nil {
		err = c.add(what)
	}
	name := filepath.Join(r.claims(), filepath.Base(what.Folder)+".json")
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(f.Name()), c.close())
	}
	return c, nil
}

func (c *claim) add(line claimed) error {
	data, err := json.Marshal(line)
	if err == nil {
		_, err = c.file.Write(append(data, '\n'))
	}
	return err
}

func (c *claim) close() error {
	err := c.file.Close()
	if c.lock != nil {
		err = errors.Join(err, c.lock.Close())
	}
	return err
}

// drop ends the claim: all is removed, or is the user's now.
func (c *claim) drop(r *Repo, folder string) error {
	err := os.Remove(filepath.Join(r.claims(), filepath.Base(folder)+".json"))
	return errors.Join(err, c.close())
}

// sweep removes what processes that were killed left: their work trees, and
// their branches unless something was committed that they did not note.
func (r *Repo) sweep(ctx context.Context) error {
	names, err := filepath.Glob(filepath.Join(r.claims(), folderPrefix+"*.json"))
	if err != nil {
		return err
	}
	var faults []error
	for _, name := range names {
		held, err := lock.Take(name)
		if err != nil {
			continue // a process that lives, or that has just ended it
		}
		if err := r.clear(ctx, name); err != nil {
			faults = append(faults, fmt.Errorf("removing what a run that was killed left: %w", err))
		}
		faults = append(faults, held.Close())
	}
	return errors.Join(faults...)
}

func (r *Repo) clear(ctx context.Context, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	var what claimed
	for lines := bufio.NewScanner(f); lines.Scan(); {
		// A line that was cut short adds nothing.
		_ = json.Unmarshal(lines.Bytes(), &what)
	}
	if filepath.Base(what.Folder) == strings.TrimSuffix(filepath.Base(name), ".json") && filepath.Dir(what.Top) == what.Folder {
		tip, err := r.tip(ctx, what.Name)
		if err != nil {
			return err
		}
		b := &Branch{Name: what.Name, Top: what.Top, repo: r, folder: what.Folder, made: tip != "" && tip == what.Tip, kept: what.Kept}
		if err := b.Close(); err != nil {
			return err
		}
	}
	return os.Remove(name)
}
