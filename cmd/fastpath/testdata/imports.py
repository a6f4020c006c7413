"""Does every module of several versions of a tree import in the same way?

usage: imports.py PYTHON LIBRARY BEFORE AFTER...

The versions are folders of packages and modules, or, with LIBRARY "yes", whole
standard libraries (.../lib/python3.x) that the interpreter then runs on. stdout:
JSON with the number of modules, how many import before, and for each version
AFTER where it differs, and which names are missing from its modules
(TYPE_CHECKING aside, which goes with the last block that needs it).

Each module is imported as the first of its tree: by a process that was forked
from an interpreter which has imported nothing of the tree, or, since `import
a.b` imports a first, from one that has imported nothing but the packages around
it. Where importing a package starts threads, which do not survive a fork, its
modules get interpreters of their own. Modules named __main__ are left out: to
import them is to run the program.
"""

import ast
import json
import os
import subprocess
import sys
import tempfile

SECONDS = 60  # for one module

# Runs in the bare interpreter: it may use nothing but built-in modules. A child
# tells what happened by appending one line to a file.
ZYGOTE = r'''
import posix, sys
import _signal
modules, out, root, seconds = eval(sys.stdin.read())
thread = sys.modules["_thread"]
log = posix.open(out, posix.O_WRONLY | posix.O_APPEND | posix.O_CREAT, 0o600)
null = posix.open("/dev/null", posix.O_RDWR)
for fd in 0, 1, 2:
    posix.dup2(null, fd)
idle = thread._count()


def tell(name, what):
    posix.write(log, (repr((name, what)) + "\n").encode("utf-8", "backslashreplace"))


def kind(value):
    try:
        if type(value) is type(sys):
            return "module " + value.__name__
        if isinstance(value, type) or type(value).__name__ in ("function", "builtin_function_or_method"):
            return type(value).__name__ + " %s.%s" % (value.__module__, value.__qualname__)
        return type(value).__name__
    except BaseException as error:
        return type(error).__name__


def load(name):
    _signal.alarm(seconds)
    try:
        __import__(name)
        module = sys.modules[name]
    except BaseException as error:
        try:
            text = str(error).replace(root, "")
        except BaseException:
            text = "?"
        what = "%s: %s" % (type(error).__name__, text)
    else:
        try:
            names = vars(module)
        except TypeError:
            names = {}
        what = {n: kind(v) for n, v in names.items() if not (n.startswith("__") and n.endswith("__"))}
    _signal.alarm(0)
    return what


def visit(tree):
    for name, below in tree:
        pid = posix.fork()
        if pid == 0:
            try:
                what = load(name)
                tell(name, what)
                if thread._count() != idle:
                    tell(name, "threads")
                elif type(what) is dict:
                    visit(below)
            finally:
                posix._exit(0)
        _, status = posix.waitpid(pid, 0)
        if posix.WIFSIGNALED(status):
            tell(name, "killed by signal %d" % posix.WTERMSIG(status))


visit(modules)
'''


def modules_of(folder):
    """The modules of a tree: [(dotted name, the same of what is below), ...]."""
    def below(path, prefix):
        found = []
        for entry in sorted(os.listdir(path)):
            full = os.path.join(path, entry)
            name, ext = os.path.splitext(entry)
            if os.path.isdir(full):
                if entry.isidentifier() and entry != "__pycache__":
                    inner = below(full, prefix + entry + ".")
                    if inner or os.path.exists(os.path.join(full, "__init__.py")):
                        found.append((prefix + entry, inner))
            elif ext == ".py" and name.isidentifier() and name not in ("__init__", "__main__"):
                found.append((prefix + name, []))
        return found
    return below(folder, "")


def flat(tree):
    for name, below in tree:
        yield name
        yield from flat(below)


def start(python, library, root, tree, out):
    env = {"PATH": os.environ["PATH"], "HOME": tempfile.gettempdir(), "PYTHONHASHSEED": "0", "BROWSER": "true", "LANG": "C.UTF-8",
           "PYTHONPATH": root}
    command = [python, "-W", "ignore", "-c", ZYGOTE]
    if library:
        del env["PYTHONPATH"]
        env["PYTHONHOME"] = os.path.dirname(os.path.dirname(root))
        command.insert(1, "-S")
    with tempfile.TemporaryDirectory() as cwd:
        subprocess.run(command, input=repr((tree, out, root, SECONDS)), encoding="utf-8", env=env, cwd=cwd, check=True)


def outcomes(python, library, root, tree):
    """By module: its names and their kinds, or how its import fails."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        start(python, library, root, tree, out)
        threaded = read(out, found)
        for package in threaded:
            for name in flat(subtree(tree, package)):
                os.unlink(out)
                start(python, library, root, [(name, [])], out)
                read(out, found)
    return found


def read(out, found):
    threaded = []
    with open(out, encoding="utf-8") as f:
        for line in f:
            name, what = ast.literal_eval(line)
            if what == "threads":
                threaded.append(name)
            elif name not in found or type(what) is str:
                found[name] = what
    return threaded


def subtree(tree, package):
    for name, below in tree:
        if name == package:
            return below
        if package.startswith(name + "."):
            return subtree(below, package)
    return []


def difference(before, after):
    if type(before) is not dict or type(after) is not dict:
        said = [w if type(w) is str else "imports" for w in (before, after)]
        return None if said[0] == said[1] else "before: %s; after: %s" % tuple(said)
    changed = sorted(n for n in before if n in after and after[n] != before[n])
    if changed:
        return "; ".join("%s was %s and is %s" % (n, before[n], after[n]) for n in changed[:5])
    return None


def missing(before, after):
    if type(before) is not dict or type(after) is not dict:
        return []
    return sorted(n for n in before if n not in after and not (n == "TYPE_CHECKING" and before[n] == "bool"))


def main(python, library, before, *versions):
    tree = modules_of(before)
    old = outcomes(python, library == "yes", os.path.abspath(before), tree)
    failing = {}
    for name, what in old.items():
        if type(what) is str:
            failing[what] = failing.get(what, 0) + 1
    found = []
    for after in versions:
        new = outcomes(python, library == "yes", os.path.abspath(after), tree)
        unknown = "not reached"
        found.append({
            "differ": [{"module": name, "error": d} for name in flat(tree)
                       for d in [difference(old.get(name, unknown), new.get(name, unknown))] if d],
            "missing": [{"module": name, "name": n} for name in flat(tree) for n in missing(old.get(name), new.get(name))],
        })
    json.dump({"modules": len(list(flat(tree))), "import": sum(type(what) is dict for what in old.values()),
               "failing": failing, "versions": found}, sys.stdout, indent=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
