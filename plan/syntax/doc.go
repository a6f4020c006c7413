// Package syntax reads Python source into a flat, immutable array of nodes.
//
// It knows node kinds, byte spans, line starts and parse damage, and is the
// one door to tree-sitter. It must not know scopes, imports or the file
// system. Its invariant: every offset of a Tree refers to the original bytes,
// and a Tree never describes a program other than the one CPython would see;
// where that cannot be promised, Parse returns an *Error instead.
//
// # The shadow
//
// The grammar alone does not keep that promise. It guesses from its parse state
// whether a line end counts, so that
//
//	x = a(
//	b.
//	c)
//
// inside an indented block is an error to it, and `x =` at the end of a line is
// none; it takes `type(x).a = v` for a type alias, `print >> f, x` for Python 2,
// `f"{x:=10}"` for an assignment. So a lexer with CPython's rules goes first.
// It refuses what CPython's tokenizer refuses, indentation above all, and writes
// a copy of exactly the same length, the shadow, which the grammar then reads:
//
//   - line ends, comments and joined lines inside brackets are blanks, a lone CR
//     is a line end, and an indentation is one blank a level;
//   - print, exec, type, match and case are spelled as ordinary names wherever
//     they are names, and letters that are not ASCII are ASCII letters;
//   - `lazy` (PEP 810) is blank and its place is kept in Tree.Lazy; the prefix
//     of a template string (PEP 750) is that of a format string; `except *A` is
//     `except* A`;
//   - defaults of type parameters (PEP 696), lists of exceptions without
//     parentheses (PEP 758) and, should the grammar still see an error,
//     annotations are taken out and parsed on their own.
//
// What was taken out is grafted back, so the shape of a tree does not depend on
// the way it was made. Against the grammar's own trees it differs as follows:
//
//   - the root spans the whole file;
//   - a type parameter's default follows its parameter as a child of the
//     type_parameter list, after a token "=", with FieldValue;
//   - an except clause's list without parentheses is an expression_list;
//   - the `type` node of an annotation may hold any expression;
//   - there are no line_continuation nodes, and no print or exec statements.
//
// # What is still accepted wrongly
//
// CPython refuses some of what Parse accepts, and nobody loses by it: rules that
// its compiler has beyond the grammar (return outside a function, __future__
// imports that come late or are unknown, repeated arguments and parameters, text
// mixed with bytes, assignment to calls and literals, starred expressions where
// none may stand, a bare star without names after it), and escapes inside
// strings. Of one-token changes to valid files that CPython rejects, about three
// in a thousand are accepted.
package syntax
