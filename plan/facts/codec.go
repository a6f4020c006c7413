package facts

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// Format is the version of the form that Encode writes. It changes with the
// records, and with what Gather puts into them.
const Format = 11

const magic = "fastpath facts\n"

// hashSize is how much of the SHA-256 of the content guards it.
const hashSize = 16

var errDamaged = errors.New("damaged facts: the content does not match its hash")

// Encode writes the facts for a cache: a magic word, the format, a hash of the
// content, the content.
func (m *Module) Encode() []byte {
	c := &coder{ids: map[string]int{}}
	c.module(m)
	return c.encoded()
}

// encoded is what was written, with the strings before it.
func (c *coder) encoded() []byte {
	body := c.out
	c.out = nil
	n := len(c.strings)
	number(c, &n)
	for _, s := range c.strings {
		n := len(s)
		number(c, &n)
	}
	for _, s := range c.strings {
		c.out = append(c.out, s...)
	}
	content := append(c.out, body...)
	sum := sha256.Sum256(content)
	out := make([]byte, 0, len(magic)+4+hashSize+len(content))
	out = append(out, magic...)
	out = binary.AppendUvarint(out, Format)
	out = append(out, sum[:hashSize]...)
	return append(out, content...)
}

// Decode reads what Encode wrote. Bytes of another format, or damaged in any
// way, give an error and no Module.
func Decode(data []byte) (*Module, error) {
	c, err := decoder(data)
	if err != nil {
		return nil, err
	}
	m := new(Module)
	c.module(m)
	if c.bad || len(c.in) > 0 || !m.consistent() {
		return nil, errors.New("facts that contradict themselves")
	}
	return m, nil
}

// decoder begins to read what encoded gave.
func decoder(data []byte) (*coder, error) {
	rest, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok {
		return nil, errors.New("no facts: the file starts with other bytes")
	}
	format, n := binary.Uvarint(rest)
	if n <= 0 || format != Format {
		return nil, fmt.Errorf("facts of format %d, not %d", format, Format)
	}
	rest = rest[n:]
	if len(rest) < hashSize {
		return nil, errDamaged
	}
	content := rest[hashSize:]
	if sum := sha256.Sum256(content); !bytes.Equal(sum[:hashSize], rest[:hashSize]) {
		return nil, errDamaged
	}
	c := &coder{in: content, decode: true}
	c.readStrings()
	return c, nil
}

// A coder writes or reads: the same code walks the records in both directions,
// so that they cannot drift apart.
type coder struct {
	decode  bool
	bad     bool
	in      []byte
	out     []byte
	strings []string
	ids     map[string]int
}

// number codes an integer as a zigzag varint.
func number[T ~int | ~int32 | ~uint32 | ~uint8](c *coder, v *T) {
	if !c.decode {
		c.out = binary.AppendVarint(c.out, int64(*v))
		return
	}
	x, n := binary.Varint(c.in)
	if n <= 0 || int64(T(x)) != x {
		c.bad, c.in = true, nil
		return
	}
	*v, c.in = T(x), c.in[n:]
}

// text codes a string as its number in the table of strings.
func (c *coder) text(s *string) {
	id := 0
	if !c.decode {
		known := false
		if id, known = c.ids[*s]; !known {
			id = len(c.strings)
			c.ids[*s] = id
			c.strings = append(c.strings, *s)
		}
	}
	number(c, &id)
	if c.decode {
		if id < 0 || id >= len(c.strings) {
			c.bad = true
			return
		}
		*s = c.strings[id]
	}
}

func (c *coder) readStrings() {
	n := c.count()
	lengths := make([]int, n)
	total := 0
	for i := range lengths {
		lengths[i] = c.count()
		total += lengths[i]
		if total > len(c.in) {
			c.bad = true
			return
		}
	}
	all := string(c.in[:total])
	c.in = c.in[total:]
	c.strings = make([]string, n)
	for i, l := range lengths {
		c.strings[i], all = all[:l], all[l:]
	}
}

// count reads the length of something that takes at least a byte for each
// element, so that damaged lengths cannot ask for much memory.
func (c *coder) count() int {
	n := 0
	number(c, &n)
	if n < 0 || n > len(c.in) {
		c.bad = true
		return 0
	}
	return n
}

// list codes a slice; an empty one comes back nil.
func list[T any](c *coder, s *[]T, each func(*coder, *T)) {
	if !c.decode {
		n := len(*s)
		number(c, &n)
	} else if n := c.count(); n > 0 && !c.bad {
		*s = make([]T, n)
	}
	for i := range *s {
		if c.bad {
			return
		}
		each(c, &(*s)[i])
	}
}

// flags codes up to 63 booleans in one number.
func (c *coder) flags(all ...*bool) {
	bits := 0
	for i, b := range all {
		if *b {
			bits |= 1 << i
		}
	}
	number(c, &bits)
	if c.decode {
		for i, b := range all {
			*b = bits&(1<<i) != 0
		}
	}
}

func texts(c *coder, s *[]string) { list(c, s, (*coder).text) }
func integers(c *coder, s *[]int) { list(c, s, number[int]) }
