// The part of the tree-sitter C interface that walk.c uses, and the record
// that crosses to Go. The runtime itself is compiled and linked by the
// go-tree-sitter module.
#ifndef FASTPATH_WALK_H
#define FASTPATH_WALK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct TSParser TSParser;
typedef struct TSTree TSTree;
typedef struct TSLanguage TSLanguage;
typedef struct {
	uint32_t context[4];
	const void *id;
	const TSTree *tree;
} TSNode;
typedef struct {
	const void *tree;
	const void *id;
	uint32_t context[3];
} TSTreeCursor;

TSParser *ts_parser_new(void);
void ts_parser_delete(TSParser *);
bool ts_parser_set_language(TSParser *, const TSLanguage *);
typedef struct {
	uint32_t row, column;
} TSPoint;
typedef struct {
	void *payload;
	const char *(*read)(void *payload, uint32_t at, TSPoint, uint32_t *length);
	int encoding; // 0: UTF-8
} TSInput;
TSTree *ts_parser_parse(TSParser *, const TSTree *, TSInput);
void ts_parser_set_cancellation_flag(TSParser *, const size_t *);
uint32_t ts_language_version(const TSLanguage *);
void ts_parser_reset(TSParser *);
void ts_tree_delete(TSTree *);
TSNode ts_tree_root_node(const TSTree *);
uint32_t ts_node_descendant_count(TSNode);
bool ts_node_has_error(TSNode);
uint16_t ts_node_symbol(TSNode);
uint32_t ts_node_start_byte(TSNode);
uint32_t ts_node_end_byte(TSNode);
bool ts_node_is_named(TSNode);
bool ts_node_is_missing(TSNode);
bool ts_node_is_extra(TSNode);
TSTreeCursor ts_tree_cursor_new(TSNode);
void ts_tree_cursor_delete(TSTreeCursor *);
TSNode ts_tree_cursor_current_node(const TSTreeCursor *);
uint16_t ts_tree_cursor_current_field_id(const TSTreeCursor *);
bool ts_tree_cursor_goto_parent(TSTreeCursor *);
bool ts_tree_cursor_goto_next_sibling(TSTreeCursor *);
bool ts_tree_cursor_goto_first_child(TSTreeCursor *);
uint32_t ts_language_symbol_count(const TSLanguage *);
const char *ts_language_symbol_name(const TSLanguage *, uint16_t);
uint32_t ts_language_symbol_type(const TSLanguage *, uint16_t);
uint32_t ts_language_field_count(const TSLanguage *);
const char *ts_language_field_name_for_id(const TSLanguage *, uint16_t);
TSLanguage *tree_sitter_python(void);

// One node of the flat tree, laid out as syntax.Node.
typedef struct {
	uint32_t start, end;
	int32_t parent, next;
	uint16_t kind;
	uint8_t field, flags;
} fp_node;

// fp_language is the Python grammar, with a watch on its scanner; the plain
// grammar should its layout not be the expected one.
const TSLanguage *fp_language(void);
// fp_parse parses and gives the tree and the number of its nodes. It gives NULL
// once the parser has called for error recovery more than patience times; then
// count is how far it had read, in pieces of piece bytes.
TSTree *fp_parse(TSParser *, const char *src, uint32_t len, uint32_t piece, uint32_t patience,
                 uint32_t *count, bool *damaged);
// fp_flatten writes at most cap nodes in pre-order and returns how many there
// were. kinds and fields translate the grammar's numbers to ours.
uint32_t fp_flatten(const TSTree *, fp_node *out, uint32_t cap, const uint16_t *kinds,
                    uint32_t nkinds, const uint8_t *fields, uint32_t nfields, uint16_t damage);
#endif
