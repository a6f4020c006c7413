//go:build cgo

package syntax

// #include "walk.h"
import "C"

import (
	"runtime"
	"unsafe"

	_ "github.com/smacker/go-tree-sitter" // compiles and links the C runtime
	"github.com/smacker/go-tree-sitter/python"
)

// A Parser turns bytes into trees. It is not safe for concurrent use: give
// each worker its own, and Close it.
type Parser struct {
	c       *C.TSParser
	lexer   lexer  // its shadow and stacks are used again for every file
	scratch []Node // nodes of a shadow, before the grafts
}

var (
	language    = (*C.TSLanguage)(unsafe.Pointer(C.fp_language()))
	symbolKinds = mapSymbols()
	fieldKinds  = mapFields()
	_           = python.GetLanguage // the grammar is linked through its package
)

func mapSymbols() []Kind {
	type key struct {
		name  string
		named bool
	}
	byName := map[key]Kind{}
	for k, n := range kindNames {
		if n.name != "" {
			byName[key{n.name, n.named}] = Kind(k)
		}
	}
	const regular = 0 // TSSymbolTypeRegular
	kinds := make([]Kind, C.ts_language_symbol_count(language))
	for i := range kinds {
		name := C.GoString(C.ts_language_symbol_name(language, C.uint16_t(i)))
		named := C.ts_language_symbol_type(language, C.uint16_t(i)) == regular
		kinds[i] = byName[key{name, named}]
	}
	return kinds
}

func mapFields() []Field {
	byName := map[string]Field{}
	for f, n := range fieldNames {
		byName[n] = Field(f)
	}
	fields := make([]Field, C.ts_language_field_count(language)+1)
	for i := 1; i < len(fields); i++ {
		fields[i] = byName[C.GoString(C.ts_language_field_name_for_id(language, C.uint16_t(i)))]
	}
	return fields
}

// NewParser makes a parser; Close frees its C memory.
func NewParser() *Parser {
	p := &Parser{c: C.ts_parser_new()}
	C.ts_parser_set_language(p.c, language)
	return p
}

// Close frees the parser. Trees it made stay valid: they hold no C memory.
func (p *Parser) Close() {
	C.ts_parser_delete(p.c)
	p.c = nil
}

// Sizes of the pieces in which the parser gets its source.
const (
	coarse = 4096
	fine   = 64
)

// flat parses src as it is and copies the tree out, into room if it is large
// enough. Where the grammar meets what it cannot read, it may recover and go on
// patience times; damaged tells of it. Past that there are no nodes, and reached
// says how far it had read, rounded up to pieces.
//
// Recovery over a whole file can take hours for a few hundred kilobytes, and its tree is of no
// use but to name the place, see damage.
func (p *Parser) flat(src []byte, room []Node, piece, patience int) (nodes []Node, damaged bool, reached int) {
	var count C.uint32_t
	var bad C.bool
	var text *C.char
	if len(src) > 0 {
		text = (*C.char)(unsafe.Pointer(&src[0]))
	}
	tree := C.fp_parse(p.c, text, C.uint32_t(len(src)), C.uint32_t(piece), C.uint32_t(patience), &count, &bad)
	runtime.KeepAlive(src)
	if tree == nil {
		return nil, true, int(count)
	}
	defer C.ts_tree_delete(tree)
	if nodes = room; cap(nodes) < int(count) {
		nodes = make([]Node, int(count))
	}
	nodes = nodes[:count]
	n := C.fp_flatten(tree, (*C.fp_node)(unsafe.Pointer(&nodes[0])), count,
		(*C.uint16_t)(unsafe.Pointer(&symbolKinds[0])), C.uint32_t(len(symbolKinds)),
		(*C.uint8_t)(unsafe.Pointer(&fieldKinds[0])), C.uint32_t(len(fieldKinds)), C.uint16_t(Damage))
	return nodes[:n], bool(bad), len(src)
}
