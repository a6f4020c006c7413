"""Measures imports from the inside, in a process of its own.

    python probe.py RESULT cold  LIMIT PROJECT ROOT... -- MODULE
    python probe.py RESULT serve LIMIT PROJECT ROOT... -- MODULE FUNCTION EVENT
    python probe.py RESULT load  LIMIT PROJECT ROOT... -- MODULE
    python probe.py RESULT trace LIMIT PROJECT ROOT... -- MODULE WANTED
    python probe.py RESULT trace LIMIT PROJECT ROOT... -- "" WANTED BATCH

cold times one import, serve also the requests that follow it, load also each
module that it loads, and trace finds every import edge and every effect.

EVENT is a file that holds one event. WANTED is a file of dotted names, one a line,
of which the trace tells what they are. BATCH is a file of such names that are
imported one after the other. LIMIT holds for each import. The result is JSON in a
file, because the modules under test own stdout and
stderr. Standard library only; Python 3.8 to 3.15. The process ends with
os._exit: threads and exit handlers that an import left must not hold it.

load and trace are apart because following edges and effects takes time that
would be counted as the modules' own.
"""

import builtins as BUILTINS
import faulthandler as FAULTS
import os
import sys

# Held from the start: the modules under test may replace them.
OPEN, EXIT = open, os._exit

BOOTSTRAP = sys.modules["_frozen_importlib"]
FLOOR = frozenset(sys.modules)  # what the interpreter loads before any import of ours
IMPORT_SYSTEM = frozenset(
    ("importlib", "importlib._bootstrap", "importlib._bootstrap_external", "_frozen_importlib", "_frozen_importlib_external")
)


def main(result, command, limit, project, *rest):
    split = rest.index("--")
    roots, entry = list(rest[:split]), rest[split + 1]
    sys.argv[:] = [entry]
    here = __file__.replace("\\", "/").rpartition("/")[0]
    if sys.path and sys.path[0].replace("\\", "/") == here:
        del sys.path[0]
    sys.path[:0] = roots
    name = dotted(entry, project, roots)
    FAULTS.enable()  # tells where an import crashes

    def begin(name):
        write(result, {"name": name})  # what is known if the import never ends
        if float(limit) > 0:
            # A hanging import is ended from the inside, to learn where it hangs.
            FAULTS.dump_traceback_later(float(limit), exit=True)

    begin(name)
    if command == "trace":
        report = trace(name, rest[split + 3:], begin)
        report.update(names_of(lines_of(rest[split + 2])))
        describe(report, project, roots)
    elif command == "serve":
        report = serve(name, rest[split + 2], rest[split + 3], begin)
    else:
        report = {"cold": cold, "load": load}[command](name)
    report.update(name=name, done=True)
    write(result, report)
    EXIT(0)


def write(path, value):
    text = as_json(value)
    with OPEN(path, "w", encoding="utf-8", errors="backslashreplace") as out:
        out.write(text)


def lines_of(path):
    with OPEN(path, encoding="utf-8") as f:
        return f.read().split()


def as_json(value):
    """The json module may be among those that the import replaced."""
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        escaped = (c if " " <= c <= "~" and c not in '"\\' else "\\u%04x" % min(ord(c), 0xFFFF) for c in value)
        return '"' + "".join(escaped) + '"'
    if isinstance(value, dict):
        return "{" + ", ".join(as_json(str(k)) + ": " + as_json(v) for k, v in value.items()) + "}"
    return "[" + ", ".join(map(as_json, value)) + "]"


def dotted(entry, project, roots):
    """The dotted name of an entry, which may be a file's path, from the project."""
    if not entry.endswith(".py"):
        return entry
    path = os.path.normpath(os.path.join(project, entry))
    for root in sorted(map(os.path.normpath, roots), key=len, reverse=True):
        if path.startswith(root + os.sep):
            path = path[len(root) + 1:]
            break
    name = path[:-3].replace(os.sep, ".")
    return name[:-9] if name.endswith(".__init__") else name


def attempt(name):
    """Import name and give what it raised, SystemExit included."""
    try:
        __import__(name)
    except BaseException as error:
        return error
    finally:
        BUILTINS.open = OPEN  # what follows reads files
        FAULTS.cancel_dump_traceback_later()
    return None


def line_of(error):
    return ("%s: %s" % (type(error).__name__, error)).rstrip(": ").partition("\n")[0]


def spelled(error):
    if error is None:
        return None
    try:
        import traceback

        lines = traceback.format_exception(type(error), error, error.__traceback__)
    except Exception:
        lines = []  # the import broke what tracebacks are made with
    return {
        "line": line_of(error),
        "traceback": "".join(lines)[-4000:],
        "missing": getattr(error, "name", None) if isinstance(error, ModuleNotFoundError) else None,
    }


def resident_kb():
    """Resident memory now, or its peak where the system tells no more."""
    try:
        with OPEN("/proc/self/statm", "rb") as f:
            pages = int(f.read().split()[1])
        return pages * 4096 // 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def peak_kb():
    """The most memory that was resident so far.

    Not ru_maxrss where it can be helped: on Linux it begins with what the process
    that started this one had.
    """
    try:
        with OPEN("/proc/self/status", "rb") as f:
            for line in f:
                if line.startswith(b"VmHWM:"):
                    return int(line.split()[1])
    except (OSError, ValueError, IndexError):
        pass
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def file_of(name):
    try:
        path = sys.modules[name].__file__
    except Exception:
        return ""  # a module may put anything in its own place
    return path if isinstance(path, str) else ""


def stopwatch():
    """A clock that stands still while the process is ready to run and others have
    the processor, where the system tells (Linux): a busy machine makes imports
    no dearer. It goes on while the process waits for anything else."""
    from time import perf_counter_ns

    try:
        stat = os.open("/proc/self/schedstat", os.O_RDONLY)
        read, last = os.pread, int(os.pread(stat, 64, 0).split()[1])
    except (OSError, AttributeError, IndexError, ValueError):
        return perf_counter_ns

    latest = 0

    def now():
        nonlocal last, latest
        try:
            last = int(read(stat, 64, 0).split()[1])
        except (OSError, IndexError, ValueError):
            pass  # a module closed the file
        # The system counts a wait when it ends, at times more of it than passed
        # between two looks: a clock does not run backwards for that.
        latest = max(latest, perf_counter_ns() - last)
        return latest

    return now


def cold(name, clock=None):
    from time import perf_counter_ns, process_time_ns

    clock = clock or perf_counter_ns
    before, loaded, busy = resident_kb(), len(sys.modules), process_time_ns()
    start = clock()
    error = attempt(name)
    took = clock() - start
    busy = process_time_ns() - busy
    return {
        "ns": took,
        "cpu_ns": busy,
        "loads": len(sys.modules) - loaded,
        "file": file_of(name),
        "rss_kb": max(resident_kb() - before, 0),
        "peak_kb": peak_kb(),
        "error": spelled(error),
    }


WARM_REQUESTS = 21
WARM_NS = 2 * 10**9  # after which no more warm requests are begun


def serve(name, function, path, begin):
    """Import a module and send its function one event again and again."""
    from time import perf_counter_ns

    report = cold(name)
    if report["error"]:
        return report
    begin(name)
    try:
        handler = sys.modules[name]
        for part in function.split("."):
            handler = getattr(handler, part)
        if not callable(handler):
            raise TypeError("%s.%s is no function" % (name, function))
        # The file holds JSON without what JSON and Python spell differently: the
        # json module is not loaded here, because the handler may pay for it.
        with OPEN(path, encoding="utf-8") as f:
            event = compile(f.read(), path, "eval")
        call = caller(handler, function)
        times = []
        began = perf_counter_ns()
        while len(times) <= WARM_REQUESTS and (len(times) < 4 or perf_counter_ns() - began < WARM_NS):
            value = eval(event, {"__builtins__": {}, "true": True, "false": False, "null": None})
            start = perf_counter_ns()
            call(value)
            times.append(perf_counter_ns() - start)
    except BaseException as error:
        report["error"] = spelled(error)
        report["serving"] = True
        return report
    report["first_ns"] = times[0]
    report["warm_ns"] = times[1:]
    return report


def caller(handler, function):
    """How a runtime would call the handler: with a context where it takes one."""
    code = getattr(handler, "__code__", None)
    context = Context()
    context.function_name = function
    arguments = 2
    if code is not None and not code.co_flags & 0x04:  # without *args
        arguments = code.co_argcount - (1 if getattr(handler, "__self__", None) is not None else 0)
    if code is not None and code.co_flags & 0x80:
        # A coroutine needs a loop, which its server has before the first request.
        import asyncio

        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        return lambda event: loop.run_until_complete(handler(*(event, context)[:arguments]))
    return lambda event: handler(*(event, context)[:arguments])


class Context:
    """What AWS Lambda tells its functions of themselves."""

    aws_request_id = "00000000-0000-0000-0000-000000000000"
    function_version = "$LATEST"
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:measured"
    log_group_name = "/aws/lambda/measured"
    log_stream_name = "measured"
    memory_limit_in_mb = "1769"
    identity = None
    client_context = None

    def get_remaining_time_in_millis(self):
        return 60000


# The clock of each module. The interpreter calls _find_and_load for every module
# that is not loaded yet; importlib.import_module does so for loaded ones too.
# The name of the file makes warnings and tracebacks treat the frame as one of
# the import system.
CLOCK = '''
def _find_and_load(name, import_):
    if name in modules:
        again(name)
        return original(name, import_)
    stack = getattr(local, "stack", None)
    if stack is None:
        stack = local.stack = []
    frame = [name, 0]
    stack.append(frame)
    entered(name, stack)
    start = clock()
    try:
        return original(name, import_)
    except BaseException as error:
        failed[name] = error
        raise
    finally:
        took = clock() - start
        stack.pop()
        if stack:
            stack[-1][1] += took
        if name not in times or times[name][1] < took:
            times[name] = (took - frame[1], took)
        left(name, stack)
'''


def install_clock(entered, left, again):
    import _thread

    scope = {
        "__name__": "importlib._bootstrap",
        "modules": sys.modules,
        "original": BOOTSTRAP._find_and_load,
        "local": _thread._local(),
        "clock": stopwatch(),
        "times": {},
        "failed": {},
        "entered": entered,
        "left": left,
        "again": again,
    }
    exec(compile(CLOCK, "<frozen importlib._bootstrap>", "exec"), scope)
    BOOTSTRAP._find_and_load = scope["_find_and_load"]
    return scope


def nothing(*ignored):
    pass


def load(name):
    clock = install_clock(nothing, nothing, nothing)
    report = cold(name, clock["clock"])
    BOOTSTRAP._find_and_load = clock["original"]
    report["times"] = {m: t for m, t in clock["times"].items() if m in sys.modules}
    return report


def trace(name, batch, begin):
    edges = Edges()
    effects = load_effects()
    clock = install_clock(
        lambda module, stack: (edges.enter(module, stack), effects.settle(stack[-2][0] if len(stack) > 1 else None)),
        lambda module, stack: effects.settle(module),
        edges.again,
    )
    edges.install(clock["local"])
    effects.install()
    error = attempt(name) if name else None
    effects.settle(name)
    errors = {}
    for one in lines_of(batch[0]) if batch else ():
        parent, _, last = one.rpartition(".")
        if errors.get(parent):
            errors[one] = errors[parent]
        elif one not in sys.modules and last not in attributes_of(parent):
            begin(one)
            errors[one] = spelled(attempt(one))
            effects.settle(one)
    edges.uninstall()
    BOOTSTRAP._find_and_load = clock["original"]
    loaded = [m for m in sys.modules if isinstance(m, str)]
    return {
        "error": spelled(error),
        "errors": {one: error for one, error in errors.items() if error},
        "floor": sorted(m for m in FLOOR if m != "__main__"),
        "loaded": sorted(m for m in loaded if m != "__main__" and m in clock["times"]),
        "failed": {m: line_of(e) for m, e in clock["failed"].items() if m not in sys.modules},
        "edges": [{"from": a, "to": b, "lazy": lazy} for (a, b), lazy in sorted(edges.seen.items())]
        + [{"from": a, "to": b, "called": True} for a, b in sorted(edges.called)],
        "effects": {m: sorted(found) for m, found in effects.seen.items()},
    }


class Edges:
    """Who imports whom, also where the imported module was loaded already.

    An import that a function makes has another cause as well: the module whose
    loading called the function. It loads what no statement of its own imports.
    """

    def __init__(self):
        self.seen = {}  # (importer, imported): made after the importer had loaded
        self.called = set()  # (module that was loading, imported by a call of its)
        self.code = {}  # id of a code object: the object and its byte code

    def install(self, local):
        self.loading = local  # of the clock: its stack of modules that are loading
        spelled = compile("import a", "", "exec").co_code[::2], compile("a = 0\na = None", "", "exec").co_code[::2]
        self.statements = set(spelled[0]) - set(spelled[1])
        self.original = original = BUILTINS.__import__
        note = self.note

        def __import__(name, globals=None, locals=None, fromlist=(), level=0):
            module = original(name, globals, locals, fromlist, level)
            try:
                note(name, globals, fromlist, level)
            except Exception:
                pass  # following an import must never break it
            return module

        self.hook = BUILTINS.__import__ = __import__

    def uninstall(self):
        if BUILTINS.__import__ is self.hook:
            BUILTINS.__import__ = self.original

    def note(self, name, globals, fromlist, level):
        # __import__(name) says nothing of who asks; its caller does.
        importer = (globals or sys._getframe(2).f_globals).get("__name__")
        if importer in IMPORT_SYSTEM:
            importer = self.top(name)  # an extension module that is loading asks from C
        if not isinstance(importer, str):
            return
        if level:
            package = BOOTSTRAP._calc___package__(globals)
            name = BOOTSTRAP._resolve_name(name, package, level)
        frame = sys._getframe(2)
        called = frame.f_globals.get("__name__") not in IMPORT_SYSTEM and not self.at_statement(frame)
        self.add(importer, name, called)
        for item in fromlist or ():
            if isinstance(item, str) and item != "*" and name + "." + item in sys.modules:
                self.add(importer, name + "." + item, called)

    def at_statement(self, frame):
        """Whether the frame stands at an import statement outside of functions."""
        code = frame.f_code
        if code.co_flags & 1:  # CO_OPTIMIZED: a function
            return False
        if id(code) not in self.code:
            self.code[id(code)] = code, code.co_code
        return self.code[id(code)][1][frame.f_lasti] in self.statements

    def enter(self, module, stack):
        """A module starts to load: find who asked by import_module or from C."""
        frame, called = sys._getframe(2), False
        while frame is not None:
            importer = frame.f_globals.get("__name__")
            if importer not in IMPORT_SYSTEM and frame.f_globals is not globals():
                if isinstance(importer, str):
                    self.add(importer, module, called)
                return
            called = called or frame.f_code.co_name == "import_module"
            frame = frame.f_back

    def again(self, module):
        """import_module was asked for a module that is loaded already."""
        self.enter(module, None)

    def top(self, module):
        """The innermost module that is loading, other than this one."""
        stack = getattr(self.loading, "stack", ())
        return next((name for name, _ in reversed(stack) if name != module), None)

    def add(self, importer, module, called):
        cause = self.top(module) if called else None
        if cause is not None:
            self.called.add((cause, module))
        if importer == module or importer == "__main__":
            return
        lazy = importer != self.top(module) and not initializing(importer)
        key = (importer, module)
        self.seen[key] = self.seen.get(key, True) and lazy


def initializing(name):
    spec = getattr(sys.modules.get(name), "__spec__", None)
    return bool(getattr(spec, "_initializing", False))


def load_effects():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "effects.py")
    scope = {"__name__": __name__, "BOOTSTRAP": BOOTSTRAP, "initializing": initializing, "nothing": nothing}
    with OPEN(path, "rb") as f:
        exec(compile(f.read(), path, "exec"), scope)
    return scope["Effects"]()


def attributes_of(name):
    values = getattr(sys.modules.get(name), "__dict__", None)
    return values if isinstance(values, dict) else {}


def names_of(wanted):
    """Of the wanted dotted names those that an import found: as modules, as
    attributes, and as attributes that are a module, a class or a function, or
    that no code of their module binds anew."""
    kinds = (type(sys), type(nothing), type(len), type)
    found = {"attributes": [], "names": {}}
    for name in wanted:
        parent, _, last = name.rpartition(".")
        values = attributes_of(parent)
        if last not in values:
            continue
        if name not in sys.modules:
            found["attributes"].append(name)
        if isinstance(values[last], kinds) or bound_once(parent, last):
            found["names"].setdefault(parent, []).append(last)
    return found


def bound_once(module, name, depth=0):
    """Whether one statement of the module, in no block, is all that binds the
    name. An import takes it from a module of which that has to be true."""
    import ast

    loaded = sys.modules.get(module)
    path = getattr(loaded, "__file__", None)
    if not isinstance(path, str) or not path.endswith(".py") or depth > 8:
        return False
    try:
        with OPEN(path, "rb") as f:
            tree = ast.parse(f.read())
    except (OSError, SyntaxError, ValueError):
        return False
    found = binders(ast, tree, name)
    if len(found) != 1:
        return False
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and found[0] in statement.names:
            source = statement.module or ""
            if statement.level:
                package = (getattr(loaded, "__package__", None) or "").split(".")
                source = ".".join(package[:len(package) + 1 - statement.level] + [source]).strip(".")
            return bound_once(source, found[0].name, depth + 1)
        if isinstance(statement, ast.AnnAssign) and found[0] is statement.target:
            return statement.value is not None
        if found[0] is statement or found[0] in getattr(statement, "targets", ()):
            return not isinstance(statement, ast.Delete)
    return False


def binders(ast, tree, name):
    """What binds a variable of the module, or declares it global in a function."""
    found, rest = [], [(tree, True)]
    while rest:
        node, outside = rest.pop()
        names = ()
        if isinstance(node, ast.Global):
            names = node.names
        elif outside and isinstance(node, ast.alias):
            names = (node.asname or node.name.partition(".")[0],)
        elif outside and isinstance(node, ast.Name):
            names = () if isinstance(node.ctx, ast.Load) else (node.id,)
        elif outside:  # def, class, except and match name what they bind
            names = (getattr(node, "name", None), getattr(node, "rest", None))
        if name in names or "*" in names:
            found.append(node)
        inside = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda))
        rest.extend((child, outside and not inside) for child in ast.iter_child_nodes(node))
    return found


def describe(report, project, roots):
    """Where each module comes from, in paths that name no one's machine."""
    import platform
    import site
    import sysconfig

    def real(path):
        return os.path.normcase(os.path.realpath(path)).replace("\\", "/").rstrip("/")

    paths = sysconfig.get_paths()
    places = [(real(paths[k]), "stdlib", "<stdlib>/") for k in ("stdlib", "platstdlib") if paths.get(k)]
    places.append((real(os.path.dirname(os.__file__)), "stdlib", "<stdlib>/"))
    dynload = [p for p in sys.path if isinstance(p, str) and p.endswith("lib-dynload")]
    places += [(real(p), "stdlib", "<stdlib>/lib-dynload/") for p in dynload]
    sites = [paths.get("purelib"), paths.get("platlib")]
    try:
        sites += site.getsitepackages() + [site.getusersitepackages()]
    except Exception:
        pass  # site of an old virtualenv has neither
    sites += [p for p in sys.path if isinstance(p, str) and p.rstrip("/\\").endswith(("site-packages", "dist-packages"))]
    places += [(real(p), "third-party", "<site>/") for p in sites if p]
    places += [(real(r), "first-party", "") for r in roots]
    places.sort(key=lambda place: len(place[0]), reverse=True)
    base = real(project)

    def place(name):
        module = sys.modules.get(name)
        spec = getattr(module, "__spec__", None)
        origin = getattr(spec, "origin", None) or getattr(module, "__file__", None)
        if not isinstance(origin, str) or origin in ("built-in", "frozen"):
            builtin = origin in ("built-in", "frozen") or name in sys.builtin_module_names
            return ["stdlib" if builtin else "", ""]
        path = real(origin)
        for folder, kind, prefix in places:
            if path.startswith(folder + "/"):
                if kind == "first-party" and path.startswith(base + "/"):
                    folder = base
                return [kind, prefix + path[len(folder) + 1:]]
        return ["third-party", ""]

    names = set(report["floor"]) | set(report["loaded"])
    report["places"] = {name: place(name) for name in sorted(names)}
    report["python"] = platform.python_version()
    report["implementation"] = platform.python_implementation()
    report["platform"] = sysconfig.get_platform()


if __name__ == "__main__":
    main(*sys.argv[1:])
