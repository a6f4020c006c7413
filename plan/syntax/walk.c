#include "walk.h"

// What a compiled grammar of ABI 14 holds, up to its scanner.
struct TSLanguage {
	uint32_t version, counts[8];
	uint16_t alias_length;
	const void *tables[13];
	bool (*lex)(void *, uint16_t), (*lex_keyword)(void *, uint16_t);
	uint16_t keyword_token;
	struct {
		const bool *states;
		const uint16_t *symbols;
		void *(*create)(void);
		void (*destroy)(void *);
		bool (*scan)(void *, void *, const bool *);
		unsigned (*serialize)(void *, char *);
		void (*deserialize)(void *, const char *, unsigned);
	} scanner;
	const uint16_t *primary_states;
};

bool tree_sitter_python_external_scanner_scan(void *, void *, const bool *);

// A parse runs in one call and so on one thread.
static __thread size_t cancelled;
static __thread uint32_t patience_left;

// Only in error recovery may a string go on and a block start at one place.
enum { string_content = 4, indent = 1 };

static bool watched_scan(void *scanner, void *lexer, const bool *valid) {
	if (valid[string_content] && valid[indent]) {
		if (patience_left == 0) {
			cancelled = 1;
			return false;
		}
		patience_left--;
	}
	return tree_sitter_python_external_scanner_scan(scanner, lexer, valid);
}

const TSLanguage *fp_language(void) {
	static TSLanguage watched;
	const TSLanguage *plain = tree_sitter_python();
	if (ts_language_version(plain) != 14 || plain->scanner.scan != tree_sitter_python_external_scanner_scan)
		return plain;
	watched = *plain;
	watched.scanner.scan = watched_scan;
	return &watched;
}

// The source is handed over piece by piece, so that the last piece asked for
// tells about where a cancelled parse stood.
typedef struct {
	const char *src;
	uint32_t len, piece, reached;
} fp_input;

static const char *read_piece(void *payload, uint32_t at, TSPoint point, uint32_t *length) {
	fp_input *in = payload;
	(void)point;
	if (at >= in->len) {
		*length = 0;
		return "";
	}
	uint32_t rest = in->len - at;
	*length = rest < in->piece ? rest : in->piece;
	if (at + *length > in->reached) in->reached = at + *length;
	return in->src + at;
}

TSTree *fp_parse(TSParser *p, const char *src, uint32_t len, uint32_t piece, uint32_t patience,
                 uint32_t *count, bool *damaged) {
	fp_input in = {src, len, piece, 0};
	TSInput input = {&in, read_piece, 0};
	cancelled = 0;
	patience_left = patience;
	ts_parser_reset(p);
	ts_parser_set_cancellation_flag(p, &cancelled);
	TSTree *tree = ts_parser_parse(p, 0, input);
	*damaged = true;
	*count = in.reached;
	if (!tree) return 0;
	TSNode root = ts_tree_root_node(tree);
	*count = ts_node_descendant_count(root);
	*damaged = ts_node_has_error(root);
	return tree;
}

uint32_t fp_flatten(const TSTree *tree, fp_node *out, uint32_t cap, const uint16_t *kinds,
                    uint32_t nkinds, const uint8_t *fields, uint32_t nfields, uint16_t damage) {
	TSTreeCursor cur = ts_tree_cursor_new(ts_tree_root_node(tree));
	uint32_t n = 0;
	int32_t parent = -1;
	for (;;) {
		if (n >= cap) break;
		TSNode node = ts_tree_cursor_current_node(&cur);
		uint16_t symbol = ts_node_symbol(node);
		uint16_t field = ts_tree_cursor_current_field_id(&cur);
		fp_node *o = &out[n];
		o->start = ts_node_start_byte(node);
		o->end = ts_node_end_byte(node);
		o->parent = parent;
		o->kind = symbol < nkinds ? kinds[symbol] : damage;
		o->field = field < nfields ? fields[field] : 0;
		o->flags = (ts_node_is_named(node) ? 1 : 0) | (ts_node_is_missing(node) ? 2 : 0) |
		           (ts_node_is_extra(node) ? 4 : 0);
		int32_t me = (int32_t)n++;
		if (ts_tree_cursor_goto_first_child(&cur)) {
			parent = me;
			continue;
		}
		out[me].next = (int32_t)n;
		while (!ts_tree_cursor_goto_next_sibling(&cur)) {
			if (parent < 0 || !ts_tree_cursor_goto_parent(&cur)) goto done;
			out[parent].next = (int32_t)n;
			parent = out[parent].parent;
		}
	}
done:
	while (parent >= 0) {
		out[parent].next = (int32_t)n;
		parent = out[parent].parent;
	}
	ts_tree_cursor_delete(&cur);
	return n;
}
