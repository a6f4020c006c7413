"""Is every byte outside the edited statements as it was?

An independent referee: it asks CPython's own ast where statements stand, and
shares no code with the tool. stdin: a JSON list of {"id", "before", "after"},
the sources as latin-1 text of their bytes. stdout: one JSON list of
{"id", "error"}.

From both texts it takes what an edit may touch: import statements, `pass`, the
heads of `if TYPE_CHECKING:`, strings that are a dotted path (which tests patch),
and blank lines. What is left must be the same lines
in the same order, but for comments, which move with their statement: each must
be there still, but for those on the line of an import, which may go with it when
it repeats another. Where a suite stood on the line of its `def`, or statements shared
a line, only blanks and semicolons may differ.
"""

import ast
import io
import json
import re
import sys
import tokenize
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(10000)

QUOTE = re.compile(rb"[rRuU]?['\"]")
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


def type_checking(node):
    if not isinstance(node, ast.If):
        return False
    return getattr(node.test, "id", getattr(node.test, "attr", None)) == "TYPE_CHECKING"


def parts(source):
    """The lines of a source without what an edit may touch, its comments, and those
    of them that stand on no import's line."""
    text = source.decode(encoding(source)).replace("\r\n", "\n").replace("\r", "\n")
    out = [row.encode("utf-8") for row in text.split("\n")]  # ast counts columns in UTF-8
    if out[0].startswith(b"\xef\xbb\xbf"):
        out[0] = out[0][3:]
    touched, paths = set(), []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass)):
            blank(out, touched, node.lineno - 1, node.col_offset, node.end_lineno - 1, node.end_col_offset)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and DOTTED.fullmatch(node.value):
            if node.lineno == node.end_lineno and QUOTE.match(out[node.lineno - 1], node.col_offset):
                paths.append((node.lineno - 1, node.col_offset, node.end_col_offset))
        elif type_checking(node):
            first, row = node.body[0], node.lineno - 1
            end = first.col_offset if first.lineno == node.lineno else (out[row] + b"#").index(b"#")
            blank(out, touched, row, node.col_offset, row, end)
    for i, start, stop in sorted(paths, reverse=True):
        out[i] = out[i][:start] + b'""' + out[i][stop:]
    kept, comments, alone = [], set(), set()
    for i, row in enumerate(out):
        bare = row.strip(b" \t\f\\;")
        if bare.startswith(b"#"):
            comments.add(bare)
            if i not in touched:
                alone.add(bare)
        elif bare:
            kept.append(row.rstrip(b" \t\f\\;") if i in touched else row)
    return kept, comments, alone


def blank(out, touched, row, column, last, end):
    for i in range(row, last + 1):
        start = column if i == row else 0
        stop = end if i == last else len(out[i])
        # Comments inside brackets stay comments.
        inner = out[i][start:stop]
        comment = inner[inner.index(b"#"):] if b"#" in inner else b""
        out[i] = out[i][:start] + comment.rjust(stop - start) + out[i][stop:]
        touched.add(i)


def encoding(source):
    return tokenize.detect_encoding(io.BytesIO(source.replace(b"\r", b"\n")).readline)[0]


def squeezed(rows):
    text = b"".join(rows)
    return text.translate(None, b" \t\f;\\\n")


def compare(before, after):
    old, _, alone = parts(before)
    new, comments, _ = parts(after)
    lost = sorted(alone - comments)
    if lost:
        return "the comment %r is gone" % lost[0].decode("utf-8", "replace")
    if old == new:
        return None
    there = set(new)
    if squeezed(old) == squeezed(new) and all(b";" in row or b":" in row for row in old if row not in there):
        return None
    i = 0
    while i < min(len(old), len(new)) and old[i] == new[i]:
        i += 1
    return "line %r became %r" % tuple(
        (rows[i] if i < len(rows) else b"(end)").decode("utf-8", "replace") for rows in (old, new))


wrong = []
for case in json.load(sys.stdin):
    before, after = case["before"].encode("latin-1"), case["after"].encode("latin-1")
    try:
        ast.parse(before)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        continue  # nothing to compare with on this version
    try:
        error = compare(before, after)
    except (SyntaxError, LookupError, RecursionError) as trouble:
        error = "%s: %s" % (type(trouble).__name__, trouble)
    if error:
        wrong.append({"id": case["id"], "error": error})
json.dump(wrong, sys.stdout)
