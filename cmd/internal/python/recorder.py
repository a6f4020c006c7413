"""Counts, per request, which functions of your application ran.

Written by `fastpath usage recorder`; copy it next to your code. It needs the
standard library only and runs on Python 3.8 and newer.

    from fastpath_recorder import Recorder

    recorder = Recorder("usage.json")       # or Recorder(stream=sys.stdout)
    handler = recorder.handler(handler)     # a function or coroutine per request
    application = recorder.wsgi(application)
    app = recorder.asgi(app)
    with recorder.request():                # anything else
        ...

Read the result with `fastpath usage --from usage.json`.

Python 3.12 and newer: sys.monitoring, every request; about 0.6 microseconds for
each call of the application's own functions. Before: one request in `every`
(100) is traced completely, which takes two to three times its time, and `requests`
counts only those, so the shares stay true. Requests in threads and asyncio tasks are kept apart; work that
a request hands to a thread of its own is counted if it is passed through
`recorder.carry`. Several processes may share one file: each adds its counts
under a lock and replaces the file at once, so that a killed process loses at
most what it had not added yet. What is kept in memory is bounded, and a fault of
the recorder never reaches the application: it says so on stderr and stops.
"""

import _thread
import os
import sys
import time
from contextvars import ContextVar

SCHEMA = 1
MAX_FUNCTIONS = 20000
MAX_SETS = 256  # of functions that ran together; further ones are counted singly
MARKER = "fastpath-usage "
MONITORING = getattr(sys, "monitoring", None)

# The functions that the request of this context has run, by the id of their
# code; None outside of requests.
_running = ContextVar("fastpath_running", default=None)


class _Untraced:
    """Stands for the functions of a request that is not counted."""

    def add(self, number):
        pass


_untraced = _Untraced()


class Recorder:
    """Counts the requests of one application.

    path: the file that counts are added to. stream: a text stream that gets
    lines instead, for places without a file that lasts (AWS Lambda). root: the
    folder of the application. include, exclude: paths below it that are, or are
    not, the application's own; folders of installed packages never are. every:
    trace one request in so many. seconds: between two flushes.
    """

    def __init__(self, path=None, stream=None, root=None, include=(), exclude=(), every=None, seconds=10.0):
        self.path = os.path.abspath(path) if path else None
        self.stream = stream if stream is not None or path else sys.stderr
        self.files = _Files(root, include, exclude)
        self.seconds = seconds
        self.codes = {}  # id: code object, which must live as long as its id is used
        self.lock = _thread.allocate_lock()
        self.broken = False
        self.registered = False
        self.random = (time.time_ns() ^ os.getpid() << 20) & 0x7FFFFFFF
        self._forget()
        self.tool = self._monitor()
        self.trace = self._tracer()
        if every is None:
            every = int(os.environ.get("FASTPATH_EVERY") or (1 if self.tool is not None else 100))
        self.every = max(every, 1)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)

    # What an application calls.

    def handler(self, function):
        """Wrap a function or coroutine function that serves one request a call."""
        from functools import wraps  # fastpath: keep - the application starts without it
        from inspect import iscoroutinefunction  # fastpath: keep - the application starts without it

        if iscoroutinefunction(function):

            @wraps(function)
            async def wrapper(*args, **kwargs):
                with self.request():
                    return await function(*args, **kwargs)
        else:

            @wraps(function)
            def wrapper(*args, **kwargs):
                with self.request():
                    return function(*args, **kwargs)

        return wrapper

    def asgi(self, app):
        """Wrap an ASGI application; its lifespan is no request."""

        async def wrapper(scope, receive, send):
            if scope.get("type") not in ("http", "websocket"):
                return await app(scope, receive, send)
            with self.request():
                return await app(scope, receive, send)

        return wrapper

    def wsgi(self, app):
        """Wrap a WSGI application; the request lasts until its body is closed."""

        def wrapper(environ, start_response):
            request = self.request()
            request.enter()
            try:
                body = app(environ, start_response)
            except BaseException:
                request.leave()
                request.finish()
                raise
            request.leave()
            return _Body(body, request) if request.counts() else body

        return wrapper

    def request(self):
        """A context manager around the work of one request."""
        return _Request(self)

    def carry(self, function):
        """Wrap a function for another thread so that it counts for this request."""
        running = _running.get()
        if running is None:
            return function

        def wrapper(*args, **kwargs):
            part = _Request(self, running)
            part.enter()
            try:
                return function(*args, **kwargs)
            finally:
                part.leave()

        return wrapper

    def flush(self, patience=0.2):
        """Add the counts to the file, or print them. True if nothing is left.

        patience: seconds to wait for other processes; what they prevent is
        added next time.
        """
        try:
            with self.lock:
                counts = self.unsaved
                counts.add(self.tally.named(self._key))
                self._forget()
            if not counts.requests:
                return True
            if self.path is None:
                self.stream.write(MARKER + counts.line() + "\n")
                self.stream.flush()
            elif not _add_to_file(self.path, counts, patience):
                with self.lock:
                    self.unsaved.add(counts)
                return False
            return True
        except Exception as error:
            self._give_up(error)
            return False

    # The rest is for the recorder's own use.

    def _forget(self):
        self.unsaved = _Counts()  # what could not be added to the file yet
        self.tally = _Tally()
        self.flushed = time.monotonic()

    def _after_fork(self):
        # The parent adds its own counts; its lock may be held by a thread that
        # does not exist here.
        self.lock = _thread.allocate_lock()
        self.registered = False
        self._forget()

    def _at_exit(self):
        """Flush when the process ends."""
        import atexit  # fastpath: keep - needed once a request was counted

        self.registered = True
        atexit.register(self.flush, 10.0)
        # Its processes end without exit handlers.
        util = sys.modules.get("multiprocessing.util")
        if util is not None:
            util.Finalize(None, self.flush, args=(10.0,), exitpriority=100)

    def _give_up(self, error):
        if not self.broken:
            self.broken = True
            try:
                if self.tool is not None:
                    MONITORING.set_events(self.tool, 0)
                sys.stderr.write("fastpath recorder stopped: %s: %s\n" % (type(error).__name__, error))
            except Exception:
                pass  # no one is left to tell

    def _chosen(self):
        """Whether the next request is one of those that are traced."""
        if self.broken:
            return False
        if self.every == 1:
            return True
        # A fixed stride would always take, or always miss, what comes first.
        self.random = (self.random * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.random >> 8) % self.every == 0

    def _count(self, ids):
        """Count one finished request."""
        try:
            with self.lock:
                self.tally.count(ids)
            if not self.registered:
                self._at_exit()
            if time.monotonic() - self.flushed >= self.seconds:
                self.flush()
        except Exception as error:
            self._give_up(error)

    def _key(self, number):
        return self.files.key(self.codes[number])

    def _own(self, code):
        """Whether the code is a function of the application; remembers it."""
        if not self.files.own(code.co_filename):
            return False
        if len(self.codes) >= MAX_FUNCTIONS:
            self.tally.complete = False
            return False
        self.codes[id(code)] = code
        return True

    def _monitor(self):
        if MONITORING is None:
            return None
        for tool in (3, 4):
            if MONITORING.get_tool(tool) is None:
                break
        else:
            return None
        MONITORING.use_tool_id(tool, "fastpath")
        codes, own, running, disable = self.codes, self._own, _running.get, MONITORING.DISABLE

        def ran(code, offset):
            number = id(code)
            if number not in codes and not own(code):
                return disable
            request = running()
            if request is not None:
                request.add(number)

        events = MONITORING.events
        for event in (events.PY_START, events.PY_RESUME):
            MONITORING.register_callback(tool, event, ran)
        MONITORING.set_events(tool, events.PY_START | events.PY_RESUME)
        return tool

    def _tracer(self):
        """For sys.settrace; most calls are of code that is not the application's."""
        codes, own, running, known = self.codes, self._own, _running.get, self.files.known

        def trace(frame, event, arg):
            code = frame.f_code
            if known.get(code.co_filename) is False:
                return
            number = id(code)
            if number in codes or own(code):
                request = running()
                if request is not None:
                    request.add(number)

        return trace


_traced = _thread._local()  # requests of this thread that need sys.settrace


class _Request:
    """One request, or with running the part of one in another thread. It may be
    entered and left several times, in one thread at a time."""

    def __init__(self, recorder, running=None):
        self.recorder = recorder
        self.token = None
        self.finished = running is not None  # a part does not count for itself
        self.running = running
        if running is None:
            # Within another request it is part of that.
            self.running = _running.get()
            self.finished = self.running is not None
            if not self.finished:
                self.running = set() if recorder._chosen() else _untraced

    def counts(self):
        return not self.finished and self.running is not _untraced

    def enter(self):
        if self.recorder.tool is None and self.running is not _untraced and not self._settrace():
            self.running = _untraced  # a debugger or coverage is at work
        self.token = _running.set(self.running)

    def leave(self):
        if self.token is None:
            return
        try:
            _running.reset(self.token)
        except ValueError:
            _running.set(None)  # left in another context than entered
        self.token = None
        if self.recorder.tool is None and self.running is not _untraced:
            _traced.count -= 1
            if _traced.count == 0 and sys.gettrace() is self.recorder.trace:
                sys.settrace(None)

    def finish(self):
        if self.counts():
            self.recorder._count(self.running)
        self.finished = True

    def _settrace(self):
        tracer = sys.gettrace()
        if tracer is None:
            sys.settrace(self.recorder.trace)
        elif tracer is not self.recorder.trace:
            return False
        _traced.count = getattr(_traced, "count", 0) + 1
        return True

    def __enter__(self):
        self.enter()
        return self

    def __exit__(self, *exception):
        self.leave()
        self.finish()


class _Body:
    """The body of a WSGI response, which may still run the application's code."""

    def __init__(self, body, request):
        self.body = body
        self.request = request
        self.items = None

    def __iter__(self):
        return self

    def __next__(self):
        self.request.enter()
        try:
            if self.items is None:
                self.items = iter(self.body)
            return next(self.items)
        finally:
            self.request.leave()

    def close(self):
        self.request.enter()
        try:
            if hasattr(self.body, "close"):
                self.body.close()
        finally:
            self.request.leave()
            self.request.finish()

    def __del__(self):
        self.request.finish()  # a server that never closes


class _Files:
    """Which files are the application's own, and what its functions are called."""

    FOREIGN = ("site-packages", "dist-packages", "node_modules", "__pypackages__", ".venv", "venv", ".tox", ".nox")

    def __init__(self, root, include, exclude):
        root = root or os.environ.get("FASTPATH_ROOT") or os.environ.get("LAMBDA_TASK_ROOT") or os.getcwd()
        self.start = os.getcwd()
        self.root = os.path.abspath(root)
        self.include = tuple(p.replace(os.sep, "/").strip("/") for p in include)
        self.exclude = tuple(p.replace(os.sep, "/").strip("/") for p in exclude)
        self.installed = None
        self.known = {__file__: False}  # file as in the code object: relative path, or False
        self.names = {}  # file: {(first line, name): qualified name}
        self.keys = {}  # id of code: key

    def own(self, filename):
        relative = self.known.get(filename)
        if relative is None:
            if len(self.known) > MAX_FUNCTIONS:
                self.known.clear()
            relative = self.known[filename] = self._relative(filename)
        return relative is not False

    def _relative(self, filename):
        if filename.startswith("<"):
            return False
        path = os.path.normpath(os.path.join(self.start, filename))
        if not path.startswith(self.root.rstrip(os.sep) + os.sep):
            return False
        relative = os.path.relpath(path, self.root).replace(os.sep, "/")
        parts = relative.split("/")
        if path == os.path.abspath(__file__) or any(p in self.FOREIGN for p in parts[:-1]):
            return False
        inside = [p for p in self.exclude if relative == p or relative.startswith(p + "/")]
        if inside or self.include and not any(relative == p or relative.startswith(p + "/") for p in self.include):
            return False
        return False if parts[0] in self._packages() and not self.include else relative

    def _packages(self):
        """What pip installed into the root itself, as for AWS Lambda."""
        if self.installed is None:
            self.installed = set()
            for name in os.listdir(self.root):
                if name.endswith(".dist-info"):
                    try:
                        with open(os.path.join(self.root, name, "RECORD"), encoding="utf-8") as record:
                            self.installed.update(line.split(",")[0].split("/")[0] for line in record)
                    except OSError:
                        pass  # without a record its files count as the application's
        return self.installed

    def key(self, code):
        """"app/report.py::Report.render", or None for what has no def of its own."""
        key = self.keys.get(id(code), "")
        if key == "":
            key = None
            if not code.co_name.startswith("<"):
                name = getattr(code, "co_qualname", None) or self._qualified(code)
                relative = self.known.get(code.co_filename) or self._relative(code.co_filename)
                key = "%s::%s" % (relative, name.replace("<locals>.", ""))
            self.keys[id(code)] = key
        return key

    def _qualified(self, code):
        """Before 3.11 code objects do not know the class they stand in."""
        filename = code.co_filename
        if filename not in self.names:
            names = self.names[filename] = {}
            try:
                with open(os.path.join(self.start, filename), "rb") as source:
                    module = compile(source.read(), filename, "exec", dont_inherit=True)
            except (OSError, SyntaxError, ValueError):
                module = code
            pending = [(module, "")]
            while pending:
                outer, prefix = pending.pop()
                for inner in outer.co_consts:
                    if hasattr(inner, "co_consts"):
                        name = prefix + inner.co_name
                        names[inner.co_firstlineno, inner.co_name] = name
                        pending.append((inner, prefix if inner.co_name.startswith("<") else name + "."))
        return self.names[filename].get((code.co_firstlineno, code.co_name), code.co_name)


class _Tally:
    """What was counted since the last flush, by the ids of code objects: names
    are worked out when the request no longer waits for it."""

    def __init__(self):
        self.requests = 0
        self.sets = {}
        self.single = {}  # of requests beyond MAX_SETS sets
        self.complete = True

    def count(self, ids):
        self.requests += 1
        together = frozenset(ids)
        if together in self.sets or len(self.sets) < MAX_SETS:
            self.sets[together] = self.sets.get(together, 0) + 1
        else:
            for number in together:
                self.single[number] = self.single.get(number, 0) + 1

    def named(self, key):
        counts = _Counts()
        if self.requests:
            counts.see(time.strftime("%Y-%m-%d", time.gmtime()))
        counts.requests = self.requests
        counts.complete = self.complete
        for ids, n in self.sets.items():
            names = frozenset(map(key, ids)) - {None}
            counts.sets[names] = counts.sets.get(names, 0) + n
            for name in names:
                counts.functions[name] = counts.functions.get(name, 0) + n
        for number, n in self.single.items():
            name = key(number)
            if name is not None:
                counts.functions[name] = counts.functions.get(name, 0) + n
        return counts


class _Counts:
    """Requests, functions, and which functions ran together, by name."""

    def __init__(self):
        self.requests = 0
        self.functions = {}
        self.sets = {}
        self.complete = True
        self.first = self.last = None

    def see(self, day):
        self.first = min(self.first or day, day)
        self.last = max(self.last or day, day)

    def add(self, other):
        self.requests += other.requests
        self.complete = self.complete and other.complete
        for day in (other.first, other.last):
            if day:
                self.see(day)
        for name, n in other.functions.items():
            self.functions[name] = self.functions.get(name, 0) + n
        for names, n in other.sets.items():
            if names in self.sets or len(self.sets) < MAX_SETS:
                self.sets[names] = self.sets.get(names, 0) + n

    def text(self):
        import json  # fastpath: keep - needed for a flush alone

        order = sorted(self.functions)
        position = {name: i for i, name in enumerate(order)}
        sets = sorted([n] + sorted(position[f] for f in names) for names, n in self.sets.items())
        data = {
            "complete": self.complete,
            "functions": {name: self.functions[name] for name in order},
            "period": "%s/%s" % (self.first, self.last),
            "requests": self.requests,
            "schema": SCHEMA,
            "sets": sets,
        }
        return json.dumps(data)

    def line(self):
        """The text, short enough for the logs that lines end up in."""
        text = self.text()
        if len(text) > 200000:
            self.sets = {}
            text = self.text()
        return text

    @classmethod
    def read(cls, path):
        import json  # fastpath: keep - needed for a flush alone

        with open(path, encoding="utf-8") as f:
            data = json.load(f)
        if not isinstance(data, dict) or data.get("schema") != SCHEMA or "period" not in data:
            raise ValueError("%s was not written by this recorder; name another file" % path)
        counts = cls()
        counts.requests = data["requests"]
        counts.complete = bool(data.get("complete"))
        counts.functions = dict(data["functions"])
        counts.first, counts.last = data["period"].split("/")
        order = list(data["functions"])
        for n, *positions in data.get("sets", ()):
            counts.sets[frozenset(order[p] for p in positions)] = n
        return counts


def _add_to_file(path, counts, patience):
    """Add counts to the file under a lock. False if the lock was not to be had."""
    lock = open(path + ".lock", "a")
    try:
        if not _acquire(lock, patience):
            return False
        total = counts
        if os.path.exists(path):
            total = _Counts.read(path)
            total.add(counts)
        # One name for all: whoever holds the lock may replace what a killed
        # process left behind.
        with open(path + ".tmp", "w", encoding="utf-8") as f:
            f.write(total.text() + "\n")
        os.replace(path + ".tmp", path)
        return True
    finally:
        lock.close()  # gives the lock back


def _acquire(lock, patience):
    until = time.monotonic() + patience
    while True:
        try:
            try:
                import fcntl
            except ImportError:
                import msvcrt

                lock.seek(0)
                msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.01)
