"""What the import of each module changes in the process; a part of probe.py.

It is executed in a namespace that holds the probe's own functions: a module
called effects may be the user's.
"""

import os
import sys


class Effects:
    """What the import of each module changes in the process.

    The state is compared whenever a module starts or ends to load, so that a
    change is charged to the module whose own code made it.
    """

    # Modules whose functions and classes others are known to replace.
    PATCHED = (
        "builtins", "socket", "ssl", "threading", "_thread", "time", "select", "selectors", "subprocess",
        "os", "sys", "json", "logging", "warnings", "pickle", "signal", "asyncio.events", "queue", "importlib",
    )

    # What is told by an effect of its own, or changes by itself.
    ELSEWHERE = ("__import__", "_", "excepthook", "unraisablehook", "displayhook", "stdin", "stdout", "stderr")

    def __init__(self):
        self.seen = {}
        self.counts = {"codec": 0, "register-at-fork": 0, "thread": 0}
        self.busy = False
        self.looked = {}  # module: (its values, its functions and classes)

    def install(self):
        # Only modules of the floor: what is loaded here would be missing from
        # the trace.
        import _signal
        import _thread
        import _warnings
        import codecs

        self.signal, self.warnings = _signal, _warnings
        self.counted(codecs, "register", "codec")
        for name in ("start_new_thread", "start_new", "start_joinable_thread"):
            self.counted(_thread, name, "thread")
            # Where threading is loaded already it has its own reference.
            self.counted(sys.modules.get("threading"), "_" + name, "thread")
        self.counted(os, "register_at_fork", "register-at-fork")
        self.module_type = type(sys)
        self.functions = (type(nothing), type(len), type)
        self.created = {}
        original = BOOTSTRAP.module_from_spec

        def module_from_spec(spec):
            module = original(spec)
            self.created[spec.name] = id(module)
            return module

        BOOTSTRAP.module_from_spec = module_from_spec
        self.state = self.take()

    def counted(self, module, name, kind):
        original = getattr(module, name, None)
        if original is None:
            return

        def register(*args, **kwargs):
            self.counts[kind] += 1
            return original(*args, **kwargs)

        setattr(module, name, register)

    def settle(self, module):
        """Charge what changed since the last look to module."""
        if self.busy:
            return
        self.busy = True
        try:
            now = self.take()
            for kind, value in now.items():
                before = self.state.get(kind)
                if before != value:
                    for what in self.changes(kind, before, value, module):
                        self.seen.setdefault(module or "", set()).add(what)
            self.state = now
        except Exception:
            pass  # a look at the process must never break the import
        finally:
            self.busy = False

    def take(self):
        modules = sys.modules
        state = {
            "sys.path": tuple(p for p in sys.path if isinstance(p, str)),
            "sys.meta_path": tuple(map(id, sys.meta_path)),
            "sys.path_hooks": tuple(map(id, sys.path_hooks)),
            "environ": dict(os.environ),
            "signal": self.handlers(),
            "excepthook": (id(sys.excepthook), id(sys.unraisablehook), id(sys.displayhook)),
            "interpreter": {
                "recursion limit": sys.getrecursionlimit(),
                "switch interval": sys.getswitchinterval(),
                "trace function": id(sys.gettrace()),
                "profile function": id(sys.getprofile()),
                "standard streams": (id(sys.stdin), id(sys.stdout), id(sys.stderr)),
            },
            "warnings-filter": [tuple(f) for f in self.warnings.filters],
            **self.counts,
            "sys.modules": {n: id(m) for n, m in list(modules.items())},
            "patch": self.attributes(),
        }
        try:
            state["directory"] = os.getcwd()
        except OSError:
            state["directory"] = ""
        if "atexit" in modules and hasattr(modules["atexit"], "_ncallbacks"):
            state["atexit"] = modules["atexit"]._ncallbacks()
        if "_locale" in modules:
            state["locale"] = modules["_locale"].setlocale(modules["_locale"].LC_ALL, None)
        if "logging" in modules and hasattr(modules["logging"], "root"):
            state["logging"] = self.loggers(modules["logging"])
        if "_socket" in modules:
            state["socket-default"] = modules["_socket"].getdefaulttimeout()
        if "asyncio.events" in modules:
            state["event-loop-policy"] = id(getattr(modules["asyncio.events"], "_event_loop_policy", None))
        context = getattr(modules.get("multiprocessing.context"), "_default_context", None)
        if context is not None:
            state["start-method"] = id(getattr(context, "_actual_context", None))
        return state

    def handlers(self):
        found = {}
        for number in range(1, self.signal.NSIG):
            try:
                handler = self.signal.getsignal(number)
            except (ValueError, OSError):
                continue
            found[number] = handler if isinstance(handler, int) else id(handler)
        return found

    def loggers(self, logging):
        named = {}
        for name, logger in list(logging.root.manager.loggerDict.items()):
            handlers = getattr(logger, "handlers", None)
            if handlers:
                named[name] = tuple(id(h) for h in handlers if type(h).__name__ != "NullHandler")
        root = (tuple(map(id, logging.root.handlers)), logging.root.level, id(logging.getLoggerClass()), logging.root.manager.disable)
        return {"": root, **named}

    def attributes(self):
        found = {}
        for name in self.PATCHED:
            module = sys.modules.get(name)
            if not isinstance(module, self.module_type) or initializing(name):
                continue
            values = list(vars(module).values())
            if name not in self.looked or self.looked[name][0] != values:
                items = list(vars(module).items())
                kept = [(k, v) for k, v in items if name == "builtins" or isinstance(v, self.functions)]
                self.looked[name] = (values, kept)
            found[name] = self.looked[name][1]
        return found

    def changes(self, kind, before, now, module):
        if before is None and kind in ("locale", "event-loop-policy", "start-method", "socket-default", "atexit"):
            # The module that knows the setting has just been loaded; its value
            # is the default unless it was set right away.
            fresh = {"atexit": now, "socket-default": now is not None}.get(kind, False)
            if fresh:
                yield kind
            return
        if kind in ("environ", "interpreter"):
            for name in sorted(set(before) | set(now)):
                if before.get(name) != now.get(name):
                    yield "%s: %s" % (kind, name)
        elif kind == "signal":
            for number in sorted(now):
                if before.get(number) != now[number]:
                    yield "signal: %s" % self.signal_name(number)
        elif kind == "warnings-filter":
            for entry in self.inserted(before, now):
                yield "warnings-filter" + (": all" if self.foreign(entry, module) else "")
        elif kind == "logging":
            old = before or {"": ((), 30, now[""][2], 0)}
            for name in sorted(now):
                if now[name] != old.get(name, ()):
                    yield "logging: %s" % name if name else "root-logging"
        elif kind == "sys.modules":
            for name in sorted(n for n in now if isinstance(n, str)):
                if name == module and self.created.get(name, now[name]) != now[name]:
                    yield "replaces-itself"
                elif name in before and before[name] != now[name]:
                    yield "sys.modules: %s" % name
        elif kind == "patch":
            for name in sorted(now):
                if name not in before:
                    continue
                values = dict(now[name])
                for key, value in before[name]:
                    if key not in self.ELSEWHERE and values.get(key) is not value:
                        yield ("builtins: %s" % key) if name == "builtins" else "patch: %s.%s" % (name, key)
                if name == "builtins":
                    old = dict(before[name])
                    for key in sorted(k for k in values if k not in old and k != "_"):
                        yield "builtins: %s" % key
        elif kind == "sys.path":
            yield "sys.path"
        elif kind == "sys.path_hooks":
            yield "sys.meta_path: path hooks"
        else:
            yield kind

    def inserted(self, before, now):
        """The filters that were set; one that is set again moves to the front."""
        for count in range(len(now)):
            if now[count:] == [f for f in before if f not in now[:count]]:
                return now[:count]
        return [f for f in now if f not in before]

    def signal_name(self, number):
        names = (n for n in dir(self.signal) if n.startswith("SIG") and not n.startswith("SIG_"))
        return next((n for n in names if getattr(self.signal, n) == number), str(number))

    def foreign(self, entry, module):
        """Whether a filter can hide or raise warnings of code that the module does not build on.

        To name a category the module must import it, so a category of another
        distribution is that of a dependency: all that can come later with the
        filter is the text of its warnings. Python's own categories are anybody's.
        """
        action, message, category = entry[:3]
        if message is not None:
            return False
        home = (getattr(category, "__module__", "") or "").partition(".")[0]
        if home == (module or "").partition(".")[0]:
            return False
        return action == "error" or home in getattr(sys, "stdlib_module_names", ("builtins",))
