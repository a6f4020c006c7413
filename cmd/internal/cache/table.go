package cache

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
)

// tableName is the file of a project's table. It counts as a pack when the cache
// grows too big, and is none.
const tableName = "table" + suffix

const tableMagic = "fastpath table 1"

// Table returns what some run of the same build kept with PutTable, or nothing. A
// project has one table, and the last one that was kept stays.
func (s *Store) Table() ([]byte, bool) {
	if s == nil || s.folder == "" {
		return nil, false
	}
	data, err := os.ReadFile(filepath.Join(s.folder, tableName))
	if err != nil {
		return nil, false
	}
	content, ok := bytes.CutPrefix(data, s.tableHead())
	if !ok || len(content) < 4 {
		return nil, false
	}
	content, sum := content[:len(content)-4], binary.LittleEndian.Uint32(content[len(content)-4:])
	return content, crc32.Checksum(content, castagnoli) == sum
}

// PutTable keeps a table; Close writes it.
func (s *Store) PutTable(data []byte) {
	if s != nil && s.folder != "" {
		s.table = data
	}
}

// Use tells that the entries are of use though nobody asked for them.
func (s *Store) Use(keys []Key) {
	if s == nil {
		return
	}
	for _, k := range keys {
		for _, p := range s.packs {
			if i := p.find(k); i >= 0 {
				p.hits[i].Store(true)
				break
			}
		}
	}
}

func (s *Store) tableHead() []byte { return append([]byte(tableMagic), s.build[:]...) }

// writeTable puts the table in the place of the one before it in one step.
func (s *Store) writeTable() error {
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(s.folder, draftMark+"*")
	if err != nil {
		return err
	}
	for _, part := range [][]byte{s.tableHead(), s.table, binary.LittleEndian.AppendUint32(nil, crc32.Checksum(s.table, castagnoli))} {
		if err == nil {
			_, err = f.Write(part)
		}
	}
	return publish(f, filepath.Join(s.folder, tableName), err)
}
