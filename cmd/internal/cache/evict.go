package cache

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// abandoned is the age from which a draft belongs to a run that was killed.
const abandoned = time.Hour

// A held is a pack of any project or build.
type held struct {
	name string
	size int64
	used time.Time
}

// evict removes the packs that were of no use for the longest time while all
// together are over the limit, down to three quarters of it so that it is
// seldom needed, and what killed runs left. The packs of this run stay.
func (s *Store) evict() {
	var all []held
	var total int64
	now := s.now()
	_ = filepath.WalkDir(s.top, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // others may be removing at the same time
		}
		info, err := d.Info()
		switch {
		case err != nil:
		case strings.HasPrefix(d.Name(), draftMark):
			if now.Sub(info.ModTime()) > abandoned {
				_ = os.Remove(name)
			}
		case strings.HasSuffix(d.Name(), suffix):
			all = append(all, held{name, info.Size(), info.ModTime()})
			total += info.Size()
		}
		return nil
	})
	if total <= s.totalLimit {
		return
	}
	slices.SortFunc(all, func(a, b held) int { return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.name, b.name)) })
	for _, h := range all {
		if total <= s.totalLimit/4*3 {
			return
		}
		if slices.ContainsFunc(s.packs, func(p *pack) bool { return p.name == h.name }) {
			continue
		}
		if err := os.Remove(h.name); err == nil {
			total -= h.size
		}
		// A folder that still holds packs stays.
		_ = os.Remove(filepath.Dir(h.name))
		_ = os.Remove(filepath.Dir(filepath.Dir(h.name)))
	}
}
