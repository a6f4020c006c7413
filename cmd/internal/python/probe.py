"""Measures imports from the inside, in a process of its own.

    python probe.py RESULT time ROOT... MODULE    nanoseconds of one import

Standard library only, CPython and PyPy 3.8 to 3.15. The result goes to a file,
because the modules under test own stdout and stderr. The process ends with
os._exit: threads and exit handlers that an import left behind must not hold it.
"""

import sys


def roots_first(roots):
    """Put the import roots where the script's folder stood."""
    here = __file__.replace("\\", "/").rpartition("/")[0]
    if sys.path and sys.path[0].replace("\\", "/") == here:
        del sys.path[0]
    sys.path[:0] = roots


def finish(result, text):
    with open(result, "w", encoding="utf-8") as out:
        out.write(text)
    import os

    os._exit(0)


def dotted(entry, roots):
    """The dotted name of an entry, which may be the path of a file in a root."""
    if not entry.endswith(".py"):
        return entry
    path = entry.replace("\\", "/")
    for root in roots:
        root = root.replace("\\", "/").rstrip("/") + "/"
        if path.startswith(root):
            path = path[len(root):]
            break
    name = path[:-3]
    if name.startswith("./"):
        name = name[2:]
    if name.endswith("/__init__"):
        name = name[:-9]
    return name.replace("/", ".")


def time_import(result, roots, module):
    from time import perf_counter_ns

    name = dotted(module, roots)
    # What the probe itself needs is loaded before the clock starts.
    start = perf_counter_ns()
    __import__(name)
    took = perf_counter_ns() - start
    finish(result, str(took))


if __name__ == "__main__":
    RESULT, COMMAND = sys.argv[1:3]
    ROOTS, LAST = sys.argv[3:-1], sys.argv[-1]
    sys.argv[:] = [LAST]
    roots_first(ROOTS)
    if COMMAND == "time":
        time_import(RESULT, ROOTS, LAST)
