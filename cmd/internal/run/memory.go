package run

import (
	"sync/atomic"

	"fastpath/cmd/internal/cache"
	"fastpath/plan/facts"
)

// A Memory keeps facts between runs, by the digest of what they were made
// from. The nil Memory forgets everything.
type Memory struct {
	store              *cache.Store
	recalled, gathered atomic.Int64
}

// OpenMemory opens the facts kept for the project at root.
func OpenMemory(root string) *Memory {
	return &Memory{store: cache.Open(cache.Options{Build: cache.BuildID(), Project: root})}
}

// Count tells how many files were known and how many were gathered anew.
func (m *Memory) Count() (recalled, gathered int64) {
	if m == nil {
		return 0, 0
	}
	return m.recalled.Load(), m.gathered.Load()
}

// Close keeps what is new. Its error concerns the cache alone, never the run.
func (m *Memory) Close() error {
	if m == nil {
		return nil
	}
	return m.store.Close()
}

func (m *Memory) recall(key cache.Key) (*facts.Module, bool) {
	if m == nil {
		return nil, false
	}
	data, ok := m.store.Get(key)
	if !ok {
		return nil, false
	}
	// What cannot be decoded is gathered anew.
	module, err := facts.Decode(data)
	if err == nil {
		m.recalled.Add(1)
	}
	return module, err == nil
}

func (m *Memory) remember(key cache.Key, module *facts.Module) {
	if m != nil {
		m.gathered.Add(1)
		m.store.Put(key, module.Encode())
	}
}

// CloseMemory keeps what is new of a survey for later ones.
func (s *Survey) CloseMemory() error { return s.job.Memory.Close() }
