#include "walk.h"

TSTree *fp_parse(TSParser *p, const char *src, uint32_t len, uint32_t *count, bool *damaged) {
	ts_parser_reset(p);
	TSTree *tree = ts_parser_parse_string(p, 0, src, len);
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
