package cache

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"sync/atomic"
	"time"
)

// A pack file is the magic line, the build's digest, the entries one after the
// other, an index of fixed records sorted by key, and a footer: offset and
// length of the index, and its digest. The index guards each entry by a
// checksum. A pack never changes; its name is a digest of its index.
const (
	magic      = "fastpath pack 1\n"
	headSize   = len(magic) + sha256.Size
	recordSize = sha256.Size + 8 + 4 + 4 // key, offset, size, checksum
	footSize   = 8 + 4 + sha256.Size
	suffix     = ".pack"
	draftMark  = ".draft-"

	maxEntry = 64 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A pack is one open pack file.
type pack struct {
	name  string
	file  *os.File
	size  int64
	mtime time.Time
	index []byte
	hits  []atomic.Bool
}

// openPacks opens what can be read in the folder, the newest first.
func openPacks(folder string, build [sha256.Size]byte) []*pack {
	names, err := filepath.Glob(filepath.Join(folder, "*"+suffix))
	if err != nil {
		return nil
	}
	var all []*pack
	for _, name := range names {
		if filepath.Base(name) == tableName {
			continue
		}
		if p := openPack(name, build); p != nil {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b *pack) int { return cmp.Or(b.mtime.Compare(a.mtime), cmp.Compare(a.name, b.name)) })
	return all
}

// openPack is nil for a file that is no whole pack of this build.
func openPack(name string, build [sha256.Size]byte) *pack {
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	p := &pack{name: name, file: f}
	if !p.read(build) {
		_ = f.Close()
		return nil
	}
	return p
}

func (p *pack) read(build [sha256.Size]byte) bool {
	info, err := p.file.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() < int64(headSize+footSize) {
		return false
	}
	p.size, p.mtime = info.Size(), info.ModTime()
	head, foot := make([]byte, headSize), make([]byte, footSize)
	if _, err := p.file.ReadAt(head, 0); err != nil || !bytes.Equal(head, packHead(build)) {
		return false
	}
	if _, err := p.file.ReadAt(foot, p.size-int64(footSize)); err != nil {
		return false
	}
	offset, length := binary.LittleEndian.Uint64(foot), int64(binary.LittleEndian.Uint32(foot[8:]))
	if length%int64(recordSize) != 0 || int64(offset) != p.size-int64(footSize)-length || int64(offset) < int64(headSize) {
		return false
	}
	p.index = make([]byte, length)
	if _, err := p.file.ReadAt(p.index, int64(offset)); err != nil {
		return false
	}
	if sum := sha256.Sum256(p.index); !bytes.Equal(sum[:], foot[12:]) {
		return false
	}
	p.hits = make([]atomic.Bool, p.count())
	return true
}

func packHead(build [sha256.Size]byte) []byte { return append([]byte(magic), build[:]...) }

func (p *pack) count() int { return len(p.index) / recordSize }

func (p *pack) record(i int) []byte { return p.index[i*recordSize : (i+1)*recordSize] }

func (p *pack) key(i int) Key { return Key(p.record(i)[:sha256.Size]) }

func (p *pack) used(i int) bool { return p.hits[i].Load() }

// find is the place of a key in the index, -1 where it has none.
func (p *pack) find(k Key) int {
	i := sort.Search(p.count(), func(i int) bool { return bytes.Compare(p.record(i)[:sha256.Size], k[:]) >= 0 })
	if i < p.count() && p.key(i) == k {
		return i
	}
	return -1
}

func (p *pack) get(k Key) ([]byte, bool) {
	i := p.find(k)
	if i < 0 {
		return nil, false
	}
	data, ok := p.entry(i)
	if ok {
		p.hits[i].Store(true)
	}
	return data, ok
}

// entry reads an entry; false when it is damaged.
func (p *pack) entry(i int) ([]byte, bool) {
	r := p.record(i)[sha256.Size:]
	offset, size, sum := binary.LittleEndian.Uint64(r), binary.LittleEndian.Uint32(r[8:]), binary.LittleEndian.Uint32(r[12:])
	if int64(size) > p.size {
		return nil, false
	}
	data := make([]byte, size)
	if _, err := p.file.ReadAt(data, int64(offset)); err != nil && err != io.EOF {
		return nil, false
	}
	return data, crc32.Checksum(data, castagnoli) == sum
}

// inherit marks what was used in the packs that this one replaces.
func (p *pack) inherit(old []*pack) {
	for _, o := range old {
		for i := range o.count() {
			if at := p.find(o.key(i)); at >= 0 && o.used(i) {
				p.hits[at].Store(true)
			}
		}
	}
}

// A day is how exactly the last use of a pack is known: noting every use would
// write with every read.
const day = 24 * time.Hour

// touch notes that the pack was of use, for the eviction of those that are not.
func (p *pack) touch(now time.Time) {
	if now.Sub(p.mtime) < day {
		return
	}
	for i := range p.hits {
		if p.used(i) {
			_ = os.Chtimes(p.name, now, now)
			return
		}
	}
}

func (p *pack) close() error { return p.file.Close() }

func compareSize(a, b *pack) int {
	return cmp.Or(cmp.Compare(a.size, b.size), cmp.Compare(a.name, b.name))
}

func sortedKeys(m map[Key][]byte) []Key {
	return slices.SortedFunc(maps.Keys(m), func(a, b Key) int { return bytes.Compare(a[:], b[:]) })
}

// A packer writes a new pack.
type packer struct {
	folder  string
	file    *os.File
	out     *bufio.Writer
	size    int64
	records map[Key][recordSize]byte
}

func newPacker(folder string, build [sha256.Size]byte) (*packer, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(folder, draftMark+"*")
	if err != nil {
		return nil, err
	}
	w := &packer{folder: folder, file: f, out: bufio.NewWriterSize(f, 1<<18), records: map[Key][recordSize]byte{}}
	w.write(packHead(build))
	return w, nil
}

// write leaves errors to save: the buffered writer keeps the first one.
func (w *packer) write(data []byte) {
	n, _ := w.out.Write(data)
	w.size += int64(n)
}

// add takes an entry unless the key is taken.
func (w *packer) add(k Key, data []byte) {
	if _, taken := w.records[k]; taken || len(data) > maxEntry {
		return
	}
	var r [recordSize]byte
	copy(r[:], k[:])
	rest := r[sha256.Size:]
	binary.LittleEndian.PutUint64(rest, uint64(w.size))
	binary.LittleEndian.PutUint32(rest[8:], uint32(len(data)))
	binary.LittleEndian.PutUint32(rest[12:], crc32.Checksum(data, castagnoli))
	w.records[k] = r
	w.write(data)
}

// save ends the pack and gives it a name that no half-written file ever has.
func (w *packer) save() (string, error) {
	offset := w.size
	var index []byte
	for _, k := range slices.SortedFunc(maps.Keys(w.records), func(a, b Key) int { return bytes.Compare(a[:], b[:]) }) {
		r := w.records[k]
		index = append(index, r[:]...)
	}
	sum := sha256.Sum256(index)
	foot := binary.LittleEndian.AppendUint64(nil, uint64(offset))
	foot = binary.LittleEndian.AppendUint32(foot, uint32(len(index)))
	w.write(index)
	w.write(append(foot, sum[:]...))
	name := filepath.Join(w.folder, hex.EncodeToString(sum[:8])+suffix)
	return name, publish(w.file, name, w.out.Flush())
}

// publish closes a draft and gives it its name, in the place of what has it. After
// an error of writing, or one here, the draft is gone.
func publish(draft *os.File, name string, err error) error {
	if closing := draft.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(draft.Name(), name)
	}
	if err != nil {
		_ = os.Remove(draft.Name())
	}
	return err
}
