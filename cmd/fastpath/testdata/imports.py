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
modules get interpreters of their own. Modules named __main__ are left out, and
so is test.autotest: to import them is to run the program.

A version AFTER imports only what may differ: a module whose import before ran
and read no file that this version changes, and started no process, does there
what it did.
"""

import ast
import filecmp
import json
import os
import subprocess
import sys
import tempfile

SECONDS = 180  # for one module, on a machine with other work

# Runs in the bare interpreter: it may use nothing but built-in modules. A child
# tells what happened by appending one line to a file.
ZYGOTE = r'''
import posix, sys
import _signal
modules, out, root, seconds = eval(sys.stdin.read())
thread = sys.modules["_thread"]
touched = {getattr(module, "__file__", None) for module in sys.modules.values()}
# After these anything of the tree may be run or read.
ANYTHING = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.chdir"}
log = posix.open(out, posix.O_WRONLY | posix.O_APPEND | posix.O_CREAT, 0o600)
null = posix.open("/dev/null", posix.O_RDWR)
for fd in 0, 1, 2:
    posix.dup2(null, fd)
idle = thread._count()
watching = False


def watch(event, args):
    if not watching:
        return
    if event == "exec":
        touched.add(getattr(args[0], "co_filename", None))
    elif event == "open":
        touched.add(args[0])
    elif event in ANYTHING:
        touched.add(root)


def tell(name, what, files=()):
    files = (f.decode("utf-8", "surrogateescape") if type(f) is bytes else str(f) for f in files)
    files = sorted(f[len(root) + 1:] for f in files if (f + "/").startswith(root + "/") and "__pycache__" not in f)
    posix.write(log, (repr((name, what, files)) + "\n").encode("utf-8", "backslashreplace"))


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
    global watching
    _signal.alarm(seconds)
    watching = True
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
    watching = False
    _signal.alarm(0)
    return what


def visit(tree):
    for name, below in tree:
        pid = posix.fork()
        if pid == 0:
            known = set(touched) if tree is not modules else set()
            try:
                what = load(name)
                tell(name, what, touched - known)
                if thread._count() != idle:
                    tell(name, "threads")
                elif type(what) is dict:
                    visit(below)
            finally:
                posix._exit(0)
        _, status = posix.waitpid(pid, 0)
        if posix.WIFSIGNALED(status):
            tell(name, "killed by signal %d" % posix.WTERMSIG(status), {root})


sys.addaudithook(watch)
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
            elif ext == ".py" and name.isidentifier() and name not in ("__init__", "__main__") and prefix + name != "test.autotest":
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
        command[1:1] = ["-S", "-X", "frozen_modules=off"]  # which would stand in for the tree's
    with tempfile.TemporaryDirectory() as cwd:
        subprocess.run(command, input=repr((tree, out, root, SECONDS)), encoding="utf-8", env=env, cwd=cwd, check=True)


def outcomes(python, library, root, tree):
    """By module: its names and their kinds, or how its import fails; and the files
    that its import reads behind those of the package around it."""
    found, files = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        start(python, library, root, tree, out)
        threaded = read(out, found, files)
        for package in threaded:
            for name in flat(subtree(tree, package)):
                os.unlink(out)
                start(python, library, root, [(name, [])], out)
                read(out, found, files)
    return found, files


def read(out, found, files):
    threaded = []
    with open(out, encoding="utf-8") as f:
        for line in f:
            name, what, read = ast.literal_eval(line)
            files.setdefault(name, set()).update(read)
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


def changes(before, after):
    """The files that are not the same in two versions."""
    found = {""}  # the tree itself: anything may have been read
    for root, other in (before, after), (after, before):
        for folder, _, names in os.walk(root):
            if os.path.basename(folder) == "__pycache__":
                continue
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), root)
                twin = os.path.join(other, path)
                if not os.path.exists(twin) or not filecmp.cmp(os.path.join(folder, name), twin, shallow=False):
                    found.add(path)
    return found


def affected(tree, files, changed):
    """The part of the tree whose import read a file that has changed. Below a
    package whose import fails nothing is known, and nothing else happens."""
    found = []
    for name, below in tree:
        if changed & files.get(name, set()):
            found.append((name, below))
        else:
            inner = affected(below, files, changed)
            if inner:
                found.append((name, inner))
    return found


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
    old, files = outcomes(python, library == "yes", os.path.abspath(before), tree)
    assert any(files.values()), "no module has read a file of the tree"
    failing = {}
    for name, what in old.items():
        if type(what) is str:
            failing[what] = failing.get(what, 0) + 1
    found = []
    for after in versions:
        part = affected(tree, files, changes(before, after))
        new, _ = outcomes(python, library == "yes", os.path.abspath(after), part)
        again = set(flat(part))
        new.update((name, what) for name, what in old.items() if name not in again)
        unknown = "not reached"
        found.append({
            "imported": len(again),
            "differ": [{"module": name, "error": d} for name in flat(tree)
                       for d in [difference(old.get(name, unknown), new.get(name, unknown))] if d],
            "missing": [{"module": name, "name": n} for name in flat(tree) for n in missing(old.get(name), new.get(name))],
        })
    json.dump({"modules": len(list(flat(tree))), "import": sum(type(what) is dict for what in old.values()),
               "failing": failing, "versions": found}, sys.stdout, indent=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
