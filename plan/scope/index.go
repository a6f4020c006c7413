package scope

// An index finds the record of a name in a scope: one open-addressed table
// for the whole file instead of a map for each of its many small scopes.
type index struct {
	slots []slot
	used  int
}

// A slot is empty when record is 0; otherwise record is one more than the
// record's number.
type slot struct {
	key    uint64
	record int32
}

func newIndex(hint int) index {
	size := 64
	for size < hint*2 {
		size *= 2
	}
	return index{slots: make([]slot, size)}
}

func indexKey(scope ID, name nameID) uint64 { return uint64(uint32(scope))<<32 | uint64(uint32(name)) }

// find gives the slot that holds key, or the empty one where it belongs.
func (x *index) find(key uint64) *slot {
	mask := uint64(len(x.slots) - 1)
	h := key * 0x9e3779b97f4a7c15
	for i := h >> 20 & mask; ; i = (i + 1) & mask {
		s := &x.slots[i]
		if s.record == 0 || s.key == key {
			return s
		}
	}
}

// get is the record of name in scope, or noRecord.
func (x *index) get(scope ID, name nameID) int32 {
	return x.find(indexKey(scope, name)).record - 1
}

// put gives the record of name in scope; where there is none it enters fresh.
func (x *index) put(scope ID, name nameID, fresh int32) (record int32, found bool) {
	key := indexKey(scope, name)
	s := x.find(key)
	if s.record != 0 {
		return s.record - 1, true
	}
	*s = slot{key, fresh + 1}
	x.used++
	if x.used*4 > len(x.slots)*3 {
		old := x.slots
		x.slots = make([]slot, 2*len(old))
		for _, o := range old {
			if o.record != 0 {
				*x.find(o.key) = o
			}
		}
	}
	return fresh, false
}
