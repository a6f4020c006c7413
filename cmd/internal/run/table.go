package run

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"sort"

	"fastpath/cmd/internal/cache"
	"fastpath/plan"
	"fastpath/plan/facts"
)

// A table is what a run leaves to the next one of every file of a project, so that
// it need not read those that did not change: what the system said of the file,
// where its facts are in the cache, its outline, and by the hashes of their keys
// which files say something of what.
type table struct {
	entries  []entry
	outlines []*facts.Module // by entry
	at       []int           // by file of the job: its entry, -1 for none
	files    []int           // by entry: its file of the job, -1 for none

	// The hashes of keys, in order, and beside each an entry that has it: numbers of
	// four bytes, which are searched as they are.
	hashes, owners []byte
}

// An entry is a file of a table.
type entry struct {
	mark   string
	digest [sha256.Size]byte // of the bytes
	key    cache.Key         // of the facts
}

// openTable finds out what the last run left of the files of the job; nil where
// that is nothing. What was named by the user or changed since is not among it.
func openTable(job Job, layout *facts.Layout) *table {
	if job.Memory == nil {
		return nil
	}
	data, ok := job.Memory.store.Table()
	if !ok {
		return nil
	}
	t := &table{}
	if !t.decode(data) {
		return nil
	}
	byPath := make(map[string]int, len(t.entries))
	for i, m := range t.outlines {
		byPath[m.Path] = i
	}
	t.at, t.files = make([]int, len(job.Files)), make([]int, len(t.entries))
	for i := range t.files {
		t.files[i] = -1
	}
	for i, f := range job.Files {
		t.at[i] = -1
		e, ok := byPath[f.Path]
		if !ok || f.Mark == "" || f.Mark != t.entries[e].mark || memoryKey(t.entries[e].digest, layout.Places[i]) != t.entries[e].key {
			continue
		}
		t.at[i], t.files[e] = e, i
	}
	return t
}

func (t *table) knows(file int) bool { return t != nil && t.at[file] >= 0 }

func (t *table) count() int { return len(t.entries) }

func (t *table) outline(file int) gathered {
	e := t.at[file]
	return gathered{module: t.outlines[e], digest: t.entries[e].digest}
}

// speaking lists the files that have the key, as far as the table knows them.
func (t *table) speaking(key string) []int {
	h := hashOf(key)
	n := len(t.hashes) / 4
	var list []int
	for i := sort.Search(n, func(i int) bool { return at(t.hashes, i) >= h }); i < n && at(t.hashes, i) == h; i++ {
		if f := t.files[at(t.owners, i)]; f >= 0 {
			list = append(list, f)
		}
	}
	return list
}

func at(numbers []byte, i int) uint32 { return binary.LittleEndian.Uint32(numbers[4*i:]) }

// hashOf is FNV-1a. Two keys of one hash cost time, no truth.
func hashOf(key string) uint32 {
	h := uint32(2166136261)
	for i := range len(key) {
		h = (h ^ uint32(key[i])) * 16777619
	}
	return h
}

// A spoken is the hash of a key and the entry that has it.
type spoken struct{ hash, owner uint32 }

func (t *table) put(s spoken) {
	t.hashes = binary.LittleEndian.AppendUint32(t.hashes, s.hash)
	t.owners = binary.LittleEndian.AppendUint32(t.owners, s.owner)
}

// keepTable makes the table of what was gathered.
func (m *Memory) keepTable(g *gathering, d *demand) {
	if m == nil {
		return
	}
	n, old := &table{}, d.table
	var fresh []spoken
	var used []cache.Key
	moved := map[int]int{} // from the entries of the old table to the new ones
	for number, i := range d.file {
		f := g.found[i]
		e := entry{mark: g.job.Files[i].Mark, digest: f.digest, key: memoryKey(f.digest, g.layout.Places[i])}
		n.entries = append(n.entries, e)
		n.outlines = append(n.outlines, f.module)
		if old.knows(i) {
			moved[old.at[i]] = number
			used = append(used, e.key)
			continue
		}
		for _, key := range plan.Keys(f.module) {
			fresh = append(fresh, spoken{hashOf(key), uint32(number)})
		}
	}
	slices.SortFunc(fresh, func(a, b spoken) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.owner, b.owner)) })
	n.merge(old, moved, fresh)
	m.store.Use(used)
	m.store.PutTable(n.encode())
}

// merge joins what is left of the old table with what is new; both are in order.
func (t *table) merge(old *table, moved map[int]int, fresh []spoken) {
	if old != nil {
		for i := range len(old.hashes) / 4 {
			owner, left := moved[int(at(old.owners, i))]
			if !left {
				continue
			}
			s := spoken{at(old.hashes, i), uint32(owner)}
			for len(fresh) > 0 && fresh[0].hash <= s.hash {
				t.put(fresh[0])
				fresh = fresh[1:]
			}
			t.put(s)
		}
	}
	for _, s := range fresh {
		t.put(s)
	}
}

// encode spells a table: how many entries, the entries, how many bytes of
// outlines, those, and the numbers.
func (t *table) encode() []byte {
	out := binary.AppendUvarint(nil, uint64(len(t.entries)))
	for _, e := range t.entries {
		out = binary.AppendUvarint(out, uint64(len(e.mark)))
		out = append(out, e.mark...)
		out = append(out, e.digest[:]...)
		out = append(out, e.key[:]...)
	}
	outlines := facts.EncodeOutlines(t.outlines)
	out = binary.AppendUvarint(out, uint64(len(outlines)))
	out = append(out, outlines...)
	out = append(out, t.hashes...)
	return append(out, t.owners...)
}

// decode is false where the bytes are no table.
func (t *table) decode(data []byte) bool {
	bad := false
	number := func() int {
		x, n := binary.Uvarint(data)
		if n <= 0 || x > uint64(len(data)) {
			bad, data = true, nil
			return 0
		}
		data = data[n:]
		return int(x)
	}
	take := func(n int) []byte {
		if n > len(data) {
			bad, data = true, nil
			return make([]byte, n)
		}
		taken := data[:n]
		data = data[n:]
		return taken
	}
	t.entries = make([]entry, number())
	for i := range t.entries {
		if bad {
			return false
		}
		e := &t.entries[i]
		e.mark = string(take(number()))
		copy(e.digest[:], take(sha256.Size))
		copy(e.key[:], take(sha256.Size))
	}
	outlines, err := facts.DecodeOutlines(take(number()))
	if bad || err != nil || len(outlines) != len(t.entries) || len(data)%8 != 0 {
		return false
	}
	t.outlines = outlines
	t.hashes, t.owners = data[:len(data)/2], data[len(data)/2:]
	for i := range len(t.owners) / 4 {
		if int(at(t.owners, i)) >= len(t.entries) {
			return false
		}
	}
	return true
}
