// Package fastpath reads and writes fast_path.py as a document: a module
// docstring, imports in three tiers with their figures, the blocks that
// justify exceptions, __all__ and a HISTORY of changes.
//
// It knows the layout of that file and which of its text is generated. It must
// not know why an import belongs there, nor the file system. Its invariant:
// text that people wrote is kept byte for byte, and rendering a rendered file
// again changes nothing.
//
// Generated, and replaced at each rendering, are
//
//   - the import statements, their order and the figures behind them
//   - the numbers in docstring lines and tier headings that are worded as this
//     package words them, and the "Last profiled" date
//   - the figures, costs and dates of exception blocks
//   - the names in __all__
//
// Everything else stays: docstring prose, comments above and behind imports,
// justifications, approvals, HISTORY lines. A comment above an import travels
// with it, and stays in its tier when the import leaves. The block of an import
// that has left stands below the tiers until somebody deletes it.
//
// Import sorters would undo the tiers and formatters the columns, so the file
// tells isort and ruff to skip it and switches black off between the first and
// the last import. Blocks stand together below the last import, because linters
// object to an import below a bare string (E402).
package fastpath
