"""Compile pairs of sources; report those that only compiled before.

stdin: a JSON list of {"id", "before", "after"}, the sources as latin-1 text of
their bytes, "before" null for a new file. stdout: one JSON list of
{"id", "error"}.
"""

import json
import sys
import warnings

warnings.simplefilter("ignore")


def trouble(source):
    try:
        compile(source.encode("latin-1"), "<case>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return "%s: %s" % (type(error).__name__, error)
    return None


sys.setrecursionlimit(5000)
broken = []
for pair in json.load(sys.stdin):
    if pair["before"] is not None and trouble(pair["before"]):
        continue
    error = trouble(pair["after"])
    if error:
        broken.append({"id": pair["id"], "error": error})
json.dump(broken, sys.stdout)
