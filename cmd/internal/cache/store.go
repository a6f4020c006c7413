package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// A Key names an entry. It must be a digest of all that the entry was computed
// from; the build is taken care of.
type Key = [sha256.Size]byte

// Options say where a store is and for whom.
type Options struct {
	// Folder holds all packs; "" for the user's cache folder.
	Folder string
	// Build tells tools apart whose entries differ. See BuildID.
	Build string
	// Project groups entries that are used together, such as the path of the
	// root. Equal entries of two projects are kept twice.
	Project string
}

// Limits on disk, in bytes: of one project's packs, and of all.
const (
	projectLimit = 256 << 20
	totalLimit   = 1 << 30
)

// pendingLimit is how many bytes are held back before they are written: most
// runs write one pack.
const pendingLimit = 64 << 20

// A Store is open for one run, for any number of goroutines. The nil Store has
// nothing and keeps nothing.
type Store struct {
	top    string // of all projects and builds
	folder string // "" when there is no place
	build  [sha256.Size]byte

	mutex   sync.RWMutex // of all that follows
	packs   []*pack
	added   map[Key][]byte
	pending int
	table   []byte // to be written
	fault   error

	projectLimit, totalLimit int64
	now                      func() time.Time
}

// Open finds the packs of the project. It never fails: where there is no cache,
// nothing is found and nothing kept.
func Open(o Options) *Store {
	s := &Store{build: sha256.Sum256([]byte(o.Build)), added: map[Key][]byte{}, top: o.Folder,
		projectLimit: projectLimit, totalLimit: totalLimit, now: time.Now}
	if s.top == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return s
		}
		s.top = filepath.Join(user, "fastpath", "facts")
	}
	project := sha256.Sum256([]byte(o.Project))
	s.folder = filepath.Join(s.top, hex.EncodeToString(s.build[:8]), hex.EncodeToString(project[:8]))
	s.packs = openPacks(s.folder, s.build)
	return s
}

// BuildID tells this build of the tool from others. A build in a clean checkout
// is known by its revision; what is built from changed files also by the time
// and size of the program.
func BuildID() string {
	id := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		id = info.Main.Version + " " + info.Main.Sum
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" || s.Key == "vcs.modified" || s.Key == "GOARCH" {
				id += " " + s.Value
			}
		}
	}
	if program, err := os.Executable(); err == nil {
		if info, err := os.Stat(program); err == nil {
			id += fmt.Sprintf(" %d %d", info.Size(), info.ModTime().UnixNano())
		}
	}
	return id
}

// Get returns the entry, which the caller may keep.
func (s *Store) Get(k Key) ([]byte, bool) {
	if s == nil {
		return nil, false
	}
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	if data, ok := s.added[k]; ok {
		return slices.Clone(data), true
	}
	for _, p := range s.packs {
		if data, ok := p.get(k); ok {
			return data, true
		}
	}
	return nil, false
}

// Put keeps an entry for later runs. The bytes must not change afterwards.
func (s *Store) Put(k Key, data []byte) {
	if s == nil || s.folder == "" {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.fault != nil {
		return
	}
	s.added[k] = data
	if s.pending += len(data); s.pending >= pendingLimit {
		s.flush()
	}
}

// Close writes what is new and keeps the cache within its limits. Its error
// says why the cache is not as it should be; the run itself is not concerned.
func (s *Store) Close() error {
	if s == nil {
		return nil
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.added) > 0 && s.fault == nil {
		s.flush()
		s.evict()
	}
	if s.table != nil && s.fault == nil {
		if err := s.writeTable(); err != nil {
			s.fault = fmt.Errorf("writing the cache: %w", err)
		}
		s.table = nil
	}
	for _, p := range s.packs {
		p.touch(s.now())
		s.fault = errors.Join(s.fault, p.close())
	}
	s.packs = nil
	return s.fault
}

// flush writes the new entries as one pack, together with the packs that are
// not much bigger: so few packs remain, and an entry is seldom copied.
func (s *Store) flush() {
	size := int64(s.pending)
	merged := slices.Clone(s.packs)
	slices.SortFunc(merged, func(a, b *pack) int { return compareSize(a, b) })
	n := 0
	for ; n < len(merged) && merged[n].size <= 2*size; n++ {
		size += merged[n].size
	}
	total := size
	for _, p := range merged[n:] {
		total += p.size
	}
	full := total > s.projectLimit
	if full {
		n = len(merged)
	}
	if err := s.write(merged[:n], full); err != nil {
		s.fault = fmt.Errorf("writing the cache: %w", err)
		return
	}
	s.added, s.pending = map[Key][]byte{}, 0
}

// write replaces the packs by one that holds their entries and the new ones. A
// full project keeps only what this run used.
func (s *Store) write(old []*pack, full bool) error {
	w, err := newPacker(s.folder, s.build)
	if err != nil {
		return err
	}
	for _, k := range sortedKeys(s.added) {
		w.add(k, s.added[k])
	}
	for _, p := range old {
		for i := range p.count() {
			if full && (!p.used(i) || w.size > s.projectLimit) {
				continue
			}
			// An entry that cannot be read is not copied.
			if data, ok := p.entry(i); ok {
				w.add(p.key(i), data)
			}
		}
	}
	name, err := w.save()
	if err != nil {
		return err
	}
	kept := slices.DeleteFunc(slices.Clone(s.packs), func(p *pack) bool { return slices.Contains(old, p) })
	if fresh := openPack(name, s.build); fresh != nil {
		fresh.inherit(old)
		kept = append(kept, fresh)
	}
	for _, p := range old {
		if p.name != name {
			// Whoever has it open can read on; a new run finds the new pack.
			_ = os.Remove(p.name)
		}
		_ = p.close()
	}
	s.packs = kept
	return nil
}
