"""Merge the snapshots named on the command line into stdlib.txt on stdout.

A `*` before the module name says that every snapshot has it and that no
platform or build option takes it away. A name that one of them marks is left out.
A module is loaded for sure, `<`, if every snapshot that has the one that loads it says so.
"""

import sys

OPTIONAL = {
    "tkinter", "_tkinter", "turtle", "curses", "readline", "dbm", "ssl", "sqlite3", "ctypes",
    "lzma", "bz2", "zlib", "crypt", "nis", "ossaudiodev", "spwd", "fcntl", "grp", "pwd", "termios",
    "tty", "pty", "resource", "syslog", "posix", "nt", "msvcrt", "winreg", "winsound", "ensurepip",
    "venv", "rlcompleter", "multiprocessing", "_curses",
}
# Compiled into every interpreter, although their names look private.
BUILT_IN = {
    "_abc", "_ast", "_codecs", "_collections", "_functools", "_imp", "_io", "_locale", "_operator", "_signal", "_sre",
    "_stat", "_string", "_symtable", "_thread", "_tracemalloc", "_warnings", "_weakref",
}
WINDOWS = ("windows", "win32", "wintypes", "msvc", "unix")


def main(paths):
    modules, seen, surely = {}, {}, {}
    for path in paths:
        with open(path) as file:
            for line in file:
                name, _, names = line.partition(":")
                names = [n for n in names.split() if not n.startswith(("_", "!_"))]
                modules.setdefault(name, set()).update(names)
                sure = {n[1:] for n in names if n[0] == "<"}
                surely[name] = surely.get(name, sure) & sure
                seen[name] = seen.get(name, 0) + 1
    for name in sorted(modules):
        root = name.split(".")[0]
        always = (
            seen[name] == len(paths)
            and root not in OPTIONAL
            and (root in BUILT_IN or not root.startswith("_"))
            and not any(w in name for w in WINDOWS)
        )
        if name in ("__hello__", "__phello__") or name.startswith("__phello__."):
            continue
        others = {n[1:] for n in modules[name] if n[0] in "<?"}
        loads = sorted(("<" if o in surely[name] else "?") + o for o in others)
        takes = sorted(n for n in modules[name] if n[0] == "=")
        plain = sorted(n for n in modules[name] if n[0] not in "!<?=" and "!" + n not in modules[name])
        print(("*" if always or root == "__future__" else "") + name + ":", *plain, *loads, *takes)


main(sys.argv[1:])
