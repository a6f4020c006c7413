package plan_test

import "testing"

// dangers are programs that a move would break, each beside one of the same
// look in which it does not.
var dangers = []expected{
	{"names that an attribute getter reads off a module", `
-- net.py --
def get(): pass
-- mod.py --
import net, csv
from json import dumps
def f(): return net.get(), dumps(1), csv.x
-- look.py --
from operator import attrgetter, methodcaller
import mod
of = attrgetter("net.get")
call = methodcaller("dumps", 1)
of(mod), call(mod)
`, []string{"mod.py net: exported", "mod.py dumps: exported", "mod.py csv: sink f"}},
	{"names that the fields of a format string read off a module", `
-- mod.py --
import json, csv
def f(): return json.x, csv.x
-- look.py --
import mod
print("{0.json.x:>{csv}}".format(mod, csv=3))
`, []string{"mod.py json: exported", "mod.py csv: sink f"}},
	{"modules that fail to load where another takes over", `
-- pkg/__init__.py --
-- pkg/_fast.py --
import cython_sums, json, fcntl
def f(): return cython_sums.x, json.x, fcntl.x
-- pkg/outer.py --
from pkg import _inner
def f(): return _inner.x
-- pkg/_inner.py --
from cython_sums import x
try:
    import never
except ImportError:
    never = None
-- pkg/_lonely.py --
from pkg import _guards
def f(): return _guards.never
-- pkg/_guards.py --
try:
    import never
except ImportError:
    never = None
-- pkg/_shown.py --
import cython_sums
def f(): return cython_sums.x
-- pkg/choose.py --
def sums():
    try:
        from pkg._fast import f
        from pkg import outer, _lonely
    except ImportError:
        from pkg import plain
-- pkg/plain.py --
import cython_sums
def f(): return cython_sums.x
-- other.py --
import cython_sums
y = cython_sums.x
try:
    from pkg import _shown
except ImportError:
    _shown = None
`, []string{"pkg/_fast.py cython_sums: guarded", "pkg/_fast.py json: sink f", "pkg/_fast.py fcntl: guarded",
		"pkg/outer.py _inner: guarded", "pkg/_lonely.py _guards: sink f", "pkg/_shown.py cython_sums: sink f",
		"pkg/plain.py cython_sums: sink f"}},
	{"functions of a package that stand in the place of the submodule they come from", `
-- p/__init__.py --
from p.run import run
-- p/run.py --
def run(): return 1
-- q/__init__.py --
from q.run import run
-- q/run.py --
def run(): return 1
-- r/__init__.py --
from r.run import run
import r.use
-- r/run.py --
def run(): return 1
-- r/use.py --
from r import run
def f(): return run()
-- s/__init__.py --
from other import run
-- s/run.py --
def run(): return 1
-- t/__init__.py --
from t.run import run
def later():
    global run
    from t import run
-- t/run.py --
def run(): return 1
-- u/__init__.py --
from u.run import run
-- u/run.py --
def run(): return 1
-- use.py --
from p import run as a
from q import run as b
from s import run as c
from t import run as d
from u import run as e
def f(): return a(), b(), c(), d(), e()
-- drop.py --
import sys, importlib, u.run
def drop(): del sys.modules["q.run"]
def again(): importlib.reload(u.run)
`, []string{"use.py a: sink f", "use.py b: late-value", "r/use.py run: late-value", "use.py c: late-value", "use.py d: late-value",
		"use.py e: late-value"}},
	{"a method that runs when an object goes down", `
-- a.py --
import weakref
import json, csv
class R:
    def __init__(self, o):
        weakref.finalize(o, self.gone)
    def gone(self): return json.x
    def here(self): return csv.x
`, []string{"a.py json: finalizer", "a.py csv: sink R.here"}},
	{"what runs at the exit, and what it needs sets up an exit of its own", `
-- late.py --
import atexit
atexit.register(print, "late")
-- plain.py --
x = 1
-- a.py --
import atexit
import late, plain
class R:
    def __init__(self):
        atexit.register(self.close)
    def close(self): return late.x
    def stop(self): return plain.x
@atexit.register
def bye(): return plain.x
-- b.py --
import atexit
import late
@atexit.register
def bye(): return late.x
def other(): pass
`, []string{"a.py late: finalizer", "a.py plain: sink R.stop bye", "b.py late: finalizer"}},
	{"names of a module that are set without being named", `
-- lib.py --
def a(): pass
-- still.py --
def a(): pass
-- user.py --
from lib import a
from still import a as b
def f(): return a(), b()
-- change.py --
import lib, still
def replace(names):
    vars(lib).update(names)
    return vars(still).get("b")
`, []string{"user.py a: late-value", "user.py b: sink f"}},
	{"names of a module that are set through its dictionary", `
-- lib.py --
def a(): pass
-- user.py --
from lib import a
def f(): return a()
-- change.py --
import lib
def replace(name, value):
    lib.__dict__[name] = value
`, []string{"user.py a: late-value"}},
	{"modules that put something else in their own place, or under a name that others ask for", `
-- lazy.py --
import sys
class Lazy: pass
sys.modules[__name__] = Lazy()
-- pkg/__init__.py --
-- pkg/copied.py --
import sys
sys.modules["copied"] = object()
-- pkg/wanted.py --
import sys
sys.modules["wanted"] = object()
-- pkg/csv.py --
import sys
sys.modules["csv"] = object()
-- gone.py --
import sys
def clear(): del sys.modules[__name__]
-- main.py --
import lazy, gone, pkg.copied as c, pkg.wanted as w, pkg.csv as v
from lazy import x
def f(): return lazy.x, gone.x, c, w, v, x
def g(): import wanted
`, []string{"main.py lazy: sink f", "main.py x: late-value", "main.py gone: stubbed", "main.py c: sink f", "main.py w: side-effect", "main.py v: side-effect"}},
	{"names of a module that are put together", `
-- actions.py --
import json, on_time, csv
def on_show(): return json.dumps(1)
def f(): return on_time.now(), csv
-- either.py --
import json
def on_show(): return json.dumps(1)
-- main.py --
import actions, either
def act(name): return getattr(actions, f"on_{name}"), getattr(actions, "on_" + name)
def do(name): return getattr(either, "on_" + name) or getattr(either, name)
`, []string{"actions.py json: sink on_show", "actions.py on_time: dynamic", "actions.py csv: sink f", "either.py json: dynamic"}},
	{"what a decorator does while it decorates, and what its wrapper does when it is called", `
-- deco.py --
import os
def later(f):
    def wrapper(): return os.environ["A"], f()
    return wrapper
def now(f):
    def read(): return os.environ["A"]
    read()
    return f
def handed(f):
    def read(x): return os.environ["A"]
    list(map(read, [1]))
    return f
-- one.py --
from deco import later
@later
def f(): pass
-- two.py --
from deco import now
@now
def f(): pass
-- three.py --
from deco import handed
@handed
def f(): pass
-- main.py --
import os
import one, two, three
def f():
    os.environ["A"] = "b"
    return one.f, two.f, three.f
`, []string{"main.py one: sink f", "main.py two: state-at-import", "main.py three: state-at-import"}},
	{"a path that is worked out from a package, or from its tests", `
-- pkg/__init__.py --
-- pkg/work.py --
import json
def f(): return json.dumps(1)
-- pkg/tests/__init__.py --
-- pkg/tests/test_csv.py --
import csv
def f(): return csv.reader([])
-- pkg/tests/test_work.py --
import json
from unittest.mock import patch
def g(name): patch(f"pkg.{name}.old"), json
-- own/__init__.py --
-- own/tests/__init__.py --
-- own/tests/test_csv.py --
import csv
def f(): return csv.reader([])
-- own/tests/test_work.py --
from unittest.mock import patch
def g(name): patch(f"own.tests.{name}.csv")
`, []string{"pkg/work.py json: patched", "pkg/tests/test_csv.py csv: sink f", "pkg/tests/test_work.py json: sink g", "own/tests/test_csv.py csv: patched"}},
	{"a function that an option of a command keeps for later", `
-- main.py --
import json, csv
import click
from unknown import option
def check(ctx, param, value): return json.loads(value)
def parse(ctx, param, value): return csv.reader(value)
@click.option("--data", callback=check)
def one(data): return data
@option("--table", callback=parse)
def two(table): return table
`, []string{"main.py json: sink check", "main.py csv: runs-at-import"}},
	{"a module that is imported by what it loads, before it puts something else in its place", `
-- lazy.py --
import sys, part
class Lazy: pass
sys.modules[__name__] = Lazy()
-- part.py --
import lazy
def f(): return lazy.x
-- main.py --
import lazy
def f(): return lazy.x
`, []string{"lazy.py part: unused", "part.py lazy: stubbed", "main.py lazy: sink f"}},
	{"a module under a name of its own that a pickle may ask for", `
-- pkg/__init__.py --
-- pkg/old.py --
import sys
sys.modules["old"] = sys.modules[__name__]
class C: pass
-- main.py --
import pickle
import pkg.old as o
def f(data): return pickle.loads(data), o.C
`, []string{"main.py pickle: sink f", "main.py o: side-effect"}},
	{"a module under a name of its own that is worked out", `
-- pkg/__init__.py --
-- pkg/old.py --
import sys
sys.modules["old"] = sys.modules[__name__]
-- main.py --
import pkg.old as o
def f(name): return __import__(name), o
`, []string{"main.py o: side-effect"}},
	{"all names of a module, got as an attribute of it", `
-- a.py --
import json
def f(): return json.x
-- b.py --
import json
def f(): return json.x
-- main.py --
import a, b
def get(name): return getattr(a, "__dict__")[name], getattr(b, f"__{name}__")
`, []string{"a.py json: dynamic", "b.py json: dynamic", "main.py a: sink get", "main.py b: sink get"}},
	{"a stream given to a print of the module's own", `
-- own.py --
import sys
kept = []
def print(text, file): kept.append(file)
print("x", file=sys.stderr)
-- plain.py --
import sys
print("x", file=sys.stderr)
-- main.py --
import io, sys
import own, plain
def f():
    sys.stderr = io.StringIO()
    return own.kept, plain.x
`, []string{"main.py io: sink f", "main.py sys: sink f", "main.py own: state-at-import", "main.py plain: state-at-import"}},
	{"what the methods of objects that are made while a module loads read and change", `
-- made.py --
import os
class Settings:
    def __init__(self): self._load()
    def _load(self): self.home = os.environ["HOME_PAGE"]
settings = Settings()
-- later.py --
import os
class Settings:
    def load(self): self.home = os.environ["HOME_PAGE"]
settings = Settings()
-- sets.py --
import socket
class Setup:
    def run(self): socket.setdefaulttimeout(1)
Setup().run()
-- unset.py --
import socket
class Setup:
    def run(self): socket.setdefaulttimeout(1)
setup = Setup()
-- main.py --
import os
import made, later, sets, unset
def f():
    os.environ["HOME_PAGE"] = "x"
    return made.x, later.x, sets.x, unset.x
`, []string{"main.py os: sink f", "main.py made: state-at-import", "main.py later: sink f", "main.py sets: side-effect", "main.py unset: sink f"}},
	{"what functions of other modules read while a module loads", `
-- conf.py --
import os
debug = False
count = 0
class Reader:
    def __init__(self): self.value = os.environ["A"]
def get(): return os.environ["A"]
def is_debug(): return debug
def number():
    global count
    count += 1
    return count
-- a.py --
from conf import get
x = get()
-- b.py --
import conf
x = conf.Reader().value
-- c.py --
from conf import is_debug
x = is_debug()
-- d.py --
from conf import get
def x(): return get()
-- e.py --
from conf import number
x = number
-- main.py --
import os
import conf
import a, b, c, d, e
def f():
    os.environ["A"] = "x"
    conf.debug = True
    return a.x, b.x, c.x, d.x, e.x
`, []string{"main.py os: sink f", "main.py conf: sink f", "main.py a: state-at-import", "main.py b: state-at-import", "main.py c: state-at-import",
		"main.py d: sink f", "main.py e: sink f", "d.py get: sink x"}},
	{"what a function reads that is handed on at once, by whom it is known", `
-- conf.py --
def keep(f): return f
def run(f): return f()
-- a.py --
import os
from conf import run
@run
def x(): return os.environ["A"]
-- b.py --
import os
x = list(map(lambda n: n, [1]))
def read(n): return os.environ[n]
y = list(map(read, ["A"]))
-- c.py --
import os
from conf import keep
@keep
def x(): return os.environ["A"]
-- main.py --
import os
import a, b, c
def f():
    os.environ["A"] = "x"
    return a.x, b.x, c.x
`, []string{"main.py os: sink f", "main.py a: state-at-import", "main.py b: state-at-import", "main.py c: sink f"}},
	{"what a module registers for classes of others", `
-- a.py --
import copyreg
class C: pass
copyreg.pickle(C, lambda c: (C, ()))
-- b.py --
import copyreg
copyreg.pickle(slice, lambda s: (slice, (1, 2)))
-- c.py --
import numbers
class N: pass
numbers.Number.register(N)
-- d.py --
import numbers
import decimal
numbers.Real.register(decimal.Decimal)
-- e.py --
import csv
csv.field_size_limit(10)
-- main.py --
import a, b, c, d, e
def f(): return a.x, b.x, c.x, d.x, e.x
`, []string{"main.py a: sink f", "main.py b: side-effect", "main.py c: sink f", "main.py d: side-effect", "main.py e: side-effect"}},
	{"what a module's load uses, and a test replaces for a while", `
-- base.py --
def make(): return 1
def keep(): return 1
-- a.py --
import base
x = base.make()
-- b.py --
import time
class Clock:
    def __init__(self): self.start = time.time()
clock = Clock()
-- c.py --
import base
def x(): return base.make()
-- d.py --
import base
x = base.keep()
-- e.py --
x = open("x").read()
-- main.py --
import a, b, c, d, e
def f(): return a.x, b.clock, c.x, d.x, e.x
-- test_main.py --
from unittest.mock import patch
import main
def test_f():
    with patch("base.make"), patch("time.time"), patch("builtins.open"): main.f()
`, []string{"main.py a: stubbed", "main.py b: stubbed", "main.py c: sink f", "main.py d: sink f", "main.py e: state-at-import"}},
	{"a method whose annotations another file reads", `
-- a.py --
import decimal, fractions
class A:
    def f(self, x: "decimal.Decimal"): pass
class B:
    def f(self, x: "fractions.Fraction"): pass
def make(): return decimal.x, fractions.x
-- main.py --
import typing
import a
def f(): return typing.get_type_hints(a.A.f)
`, []string{"a.py decimal: eager-use", "a.py fractions: sink make +types", "main.py typing: sink f"}},
	{"a signature whose annotations are evaluated, of whatever is given", `
-- a.py --
import decimal
def f(x: "decimal.Decimal"): return decimal.x
-- call.py --
import inspect
def call(f): return inspect.signature(f, eval_str=True)
`, []string{"a.py decimal: eager-use", "call.py inspect: sink call"}},
	{"a signature whose annotations are left as they are", `
-- a.py --
import decimal
def f(x: "decimal.Decimal"): return decimal.x
-- call.py --
import inspect
def call(f): return inspect.signature(f)
`, []string{"a.py decimal: sink f +types", "call.py inspect: sink call"}},
	{"a package that starts threads while it loads", `
-- pkg/__init__.py --
from pkg import work
results = work.start()
-- pkg/work.py --
from concurrent.futures import ThreadPoolExecutor
from pkg import sub
import csv
def job(n): return sub.x + n, csv.x
def start():
    with ThreadPoolExecutor(1) as pool: return pool.submit(job, 1).result()
-- pkg/sub.py --
x = 1
-- other/__init__.py --
-- other/work.py --
from concurrent.futures import ThreadPoolExecutor
from other import sub
def job(n): return sub.x + n
def start(pool): return ThreadPoolExecutor(1).submit(job, 1)
-- other/sub.py --
x = 1
`, []string{"pkg/work.py sub: runs-at-import", "pkg/work.py csv: sink job", "other/work.py sub: sink job"}},
	{"modules that sys.modules has to hold, or may", `
-- lib.py --
-- user.py --
import lib, csv, json, bisect
def f(): return lib.a, csv.x, json.x, bisect.x
-- main.py --
import sys
import user
def look(modules):
    return sys.modules["lib"].a, sys.modules.get("csv"), "json" in sys.modules, "bisect" in modules
`, []string{"user.py lib: stubbed", "user.py csv: stubbed", "user.py json: stubbed", "user.py bisect: sink f"}},
	{"a method of what a decorator made of a function keeps what it is given", `
-- show.py --
import functools
@functools.singledispatch
def show(x): pass
def plain(x): pass
-- ints.py --
from show import show
@show.register(int)
def _(x): pass
def more(): pass
-- main.py --
from ints import more
def f(): return more()
`, []string{"main.py more: side-effect"}},
	{"a value that is made with a function which also remembers", `
-- registry.py --
import argparse
names, cache, table = [], {}, {}
def add(name):
    names.append(name)
    return name
def known(name):
    if name not in cache: cache[name] = 1
    return name
def keyed(name):
    table[name] = 1
    return name
class Options:
    def __init__(self): self.all, self.last = {}, None
    def define(self, name):
        self.all[name] = name
        return name
    def remember(self, name):
        if name not in self.all: self.all[name] = name
        return name
    def get(self, name): return name
options = Options()
others = Options()
parser = argparse.ArgumentParser()
class Field:
    def __set_name__(self, owner, name): names.append(name)
-- one.py --
from registry import add
me = add("one")
-- two.py --
from registry import known
me = known("two")
-- three.py --
from registry import Field
class Three:
    x = Field()
-- four.py --
from registry import keyed
me = keyed("four")
-- five.py --
import registry
me = registry.options.define("five")
-- six.py --
import registry
me = registry.others.remember("six"), registry.others.get("six")
-- seven.py --
from registry import parser
me = parser.add_argument("--seven")
-- main.py --
import one, two, three, four, five, six, seven
def f(): return one.me, two.me, three.Three, four.me, five.me, six.me, seven.me
`, []string{"main.py one: side-effect", "main.py two: sink f", "main.py three: side-effect", "main.py four: side-effect", "main.py five: side-effect",
		"main.py six: sink f", "main.py seven: side-effect"}},
	{"a star import that binds the name again", `
-- fast.py --
def dumps(x): return "fast"
-- compat.py --
import fast as json
import csv
other = 1
-- main.py --
import json, csv, other, math, sin
from compat import *
from math import *
def f(): return json.x, csv.x, other.x, math.x, sin.x
`, []string{"main.py json: rebound", "main.py csv: sink f", "main.py other: rebound", "main.py math: sink f", "main.py sin: rebound"}},
	{"names of a module that a function sets by its globals", `
-- conf.py --
n = 1
def load(**kw): globals().update(kw)
def show(): return globals()["n"]
-- calm.py --
n = 1
def show(): return globals()["n"]
for k in "ab": globals()[k] = k
-- lazy.py --
n = 1
def __getattr__(name):
    globals()[name] = value = name.upper()
    return value
-- lib.py --
import conf
x = conf.n
-- main.py --
from conf import n
from calm import n as m
from lazy import n as k
import lib, conf
def f(): return n, m, k, lib.x
`, []string{"main.py n: late-value", "main.py m: sink f", "main.py k: sink f", "main.py lib: state-at-import"}},
	{"a function that another module's load has run, and one that its own load has", `
-- conf.py --
options, ready = {}, {}
def fill(): ready["a"] = 1
fill()
-- boot.py --
from conf import options
def start(): options["a"] = 1
start()
-- lib.py --
from conf import options
x = options.get("a")
-- calm.py --
from conf import ready
x = ready.get("a")
-- main.py --
import lib, calm, boot
def f(): return lib.x, calm.x
`, []string{"main.py lib: state-at-import", "main.py calm: sink f"}},
	{"files that a load makes", `
-- lib.py --
import os
os.makedirs("logs", exist_ok=True)
-- helper.py --
import pathlib
def make(): pathlib.Path("logs").mkdir()
make()
-- calm.py --
import pathlib
def make(): pathlib.Path("logs").mkdir()
-- main.py --
import lib, helper, calm
def f(): return lib.x, helper.x, calm.x
`, []string{"main.py lib: side-effect", "main.py helper: side-effect", "main.py calm: sink f"}},
	{"a class that asks for its own subclasses", `
-- base.py --
class Base:
    @classmethod
    def all(cls): return cls.__subclasses__()
class Other: pass
-- one.py --
from base import Base
class One(Base): pass
-- two.py --
from base import Other
class Two(Other): pass
-- main.py --
import one, two
def f(): return one.One, two.Two
`, []string{"main.py one: side-effect", "main.py two: sink f"}},
	{"what is registered by name for the whole process", `
-- mycodec.py --
import codecs
codecs.register(lambda name: None)
def enc(): pass
-- types.py --
from mimetypes import add_type
add_type("a/b", ".ab")
-- looks.py --
import codecs
codecs.lookup("utf-8")
def enc(): codecs.register(None)
-- main.py --
import mycodec, types, looks
def f(): return mycodec.enc(), types.x
def g(): return looks.enc()
`, []string{"main.py mycodec: side-effect", "main.py types: side-effect", "main.py looks: sink g"}},
	{"a signal's handler, read before another is set", `
-- saved.py --
import signal
OLD = signal.getsignal(signal.SIGINT)
-- other.py --
from signal import getsignal, SIGTERM
OLD = getsignal(SIGTERM)
-- limits.py --
import socket
LIMIT = socket.getdefaulttimeout()
-- later.py --
import signal
def old(): return signal.getsignal(signal.SIGINT)
-- main.py --
import signal, socket
import saved, other, limits, later
def run():
    signal.signal(signal.SIGINT, print)
    signal.alarm(1)
    socket.setdefaulttimeout(5)
    return saved.OLD
def f(): return other.OLD, limits.LIMIT, later.old()
`, []string{"main.py saved: state-at-import", "main.py other: sink f", "main.py limits: state-at-import", "main.py later: sink f"}},
	{"instances that a class keeps in a list of its own", `
-- base.py --
class Plugin:
    all = []
    def __init__(self, name): self.all.append(name)
class Named:
    by_name = {}
    def __init__(self, name): type(self).by_name[name] = self
class Own:
    all = []
    def __init__(self, name):
        self.all = []
        self.all.append(name)
class Once:
    seen = {}
    def __new__(cls, name):
        cls.seen[name] = object.__new__(cls)
        return cls.seen[name]
class Deeper(Plugin):
    def look(self): return self.all
-- one.py --
from base import Plugin
p = Plugin("one")
-- two.py --
import base
base.Named("two")
-- three.py --
from base import Own
p = Own("three")
-- four.py --
from base import Once
p = Once("four")
-- five.py --
from base import Deeper
p = Deeper("five")
-- six.py --
from base import Deeper
class Mine(Deeper): pass
p = Mine("six")
-- seven.py --
from base import Deeper
class Mine(Deeper): pass
def make(): return Mine("seven")
-- main.py --
import one, two, three, four, five, six, seven
def f(): return one.p, two, three.p, four.p, five.p, six.p, seven.make()
`, []string{"main.py one: side-effect", "main.py two: side-effect", "main.py three: sink f", "main.py four: sink f", "main.py five: side-effect",
		"main.py six: side-effect", "main.py seven: sink f"}},
	{"streams and arguments of the process that are taken while a module loads, and replaced later", `
-- out.py --
import sys
OUT = sys.stdout
-- default.py --
import sys
def say(to=sys.stdin): to.read()
-- through.py --
import sys
def take(): return sys.argv[1:]
ARGS = take()
-- parser.py --
import argparse
PARSER = argparse.ArgumentParser()
-- named.py --
import argparse
PARSER = argparse.ArgumentParser("named")
-- handler.py --
import logging
HANDLER = logging.StreamHandler()
-- asks.py --
import sys
def say(): sys.stdout.write("x")
-- prints.py --
import sys
print("x", file=sys.stdout)
-- shown.py --
import sys
print(sys.stdout)
-- main.py --
import contextlib, sys, prints, shown
import out, default, through, parser, named, handler, asks
def f(): return out.OUT, default.say(), through.ARGS, parser.PARSER, named.PARSER, handler.HANDLER, asks.say(), prints.x, shown.x
def g():
    with contextlib.redirect_stdout(None): f()
    sys.argv = []
`, []string{"main.py out: state-at-import", "main.py default: sink f", "main.py through: state-at-import", "main.py parser: state-at-import",
		"main.py named: sink f", "main.py handler: sink f", "main.py asks: sink f",
		"main.py prints: sink f", "main.py shown: state-at-import"}},
	{"a program that replaces a stream before it can have loaded what takes it, and others that do so later", `
-- out.py --
import sys
OUT = sys.stdout
-- err.py --
import sys
ERR = sys.stderr
-- stdin.py --
import sys
IN = sys.stdin
-- first.py --
import io, sys
from typing import TYPE_CHECKING
if TYPE_CHECKING: import main
sys.stdout = io.StringIO()
import main
if __name__ == "__main__": main.f()
-- second.py --
import sys
def early(): import main
early()
sys.stderr = None
if __name__ == "__main__": early()
-- third.py --
import sys
sys.stdin = None
if __name__ == "__main__": pass
-- main.py --
import out, err, stdin
def f(): return out.OUT, err.ERR, stdin.IN
def g(): import third
`, []string{"main.py out: sink f", "main.py err: state-at-import", "main.py stdin: state-at-import"}},
	{"a program that replaces a stream, and keeps the import that loads before what takes it", `
-- err.py --
import sys
ERR = sys.stderr
-- quick.py --
import sys
import err
def main(): return err.ERR
if __name__ == "__main__":
    sys.stderr = None
    main()
-- use.py --
import err
def f(): return err.ERR
-- aside.py --
import err
def f(): return err.ERR
`, []string{"aside.py err: sink f", "quick.py err: state-at-import", "use.py err: sink f"}},
	{"streams that a test's fixture replaces", `
-- out.py --
import sys
def say(to=sys.stderr): to.write("x")
-- main.py --
import out
def f(): out.say()
-- test_main.py --
import main
def test_f(capsys): main.f()
`, []string{"main.py out: state-at-import"}},
	{"a function, called while its module loads, that adds to what another module holds", `
-- registry.py --
names, table, on = [], {}, False
def add(name): names.append(name)
-- middle.py --
import registry
from registry import names
def enter(name):
    names.append(name)
    return name
def turn(name):
    registry.on = True
    return name
-- one.py --
from registry import names
def add(): names.append("one")
add()
-- two.py --
from registry import table
def add(): table["two"] = 2
add()
-- three.py --
from registry import names
def add(): names.append("three")
-- four.py --
from middle import enter
me = enter("four")
-- five.py --
from middle import turn
me = turn("five")
-- six.py --
from registry import names
def count(): return names.count("six")
count()
-- main.py --
import one, two, three, four, five, six
def f(): return one.add, two.add, three.add, four.me, five.me, six.count
`, []string{"main.py one: side-effect", "main.py two: side-effect", "main.py three: sink f", "main.py four: side-effect", "main.py five: side-effect",
		"main.py six: state-at-import"}},
	{"an error handler that is looked up by its name", `
-- quoting.py --
import codecs
codecs.register_error("app.quote", lambda e: ("?", e.end))
def quote(s): return s.encode("ascii", "app.quote")
-- shared.py --
import codecs
codecs.register_error("app.shared", lambda e: ("?", e.end))
-- computed.py --
import codecs
codecs.register_error("app." + "computed", lambda e: ("?", e.end))
-- plain.py --
import codecs
codecs.register_error("plain", lambda e: ("?", e.end))
-- main.py --
import quoting, shared, computed, plain
def f(): return quoting.quote(""), shared.x, computed.x, plain.x
-- other.py --
def g(s): return s.encode("ascii", "app.shared")
`, []string{"main.py quoting: sink f", "main.py shared: side-effect", "main.py computed: side-effect", "main.py plain: side-effect"}},
	{"an error handler that whoever names it brings along", `
-- quoting.py --
import codecs
codecs.register_error("app.quote", lambda e: ("?", e.end))
x = 1
-- user.py --
import quoting
def g(s): return s.encode("ascii", "app.quote"), quoting.x
g("")
-- main.py --
import quoting
def f(): return quoting.x
`, []string{"main.py quoting: sink f"}},
	{"an import that stays where the error handler is named does for all others", `
-- quoting.py --
import codecs
codecs.register_error("app.quote", lambda e: ("?", e.end))
x = 1
-- user.py --
import quoting
def g(s): return s.encode("ascii", "app.quote"), quoting.x
-- main.py --
import quoting
def f(): return quoting.x
-- other.py --
import quoting, user
def f(): return quoting.x
`, []string{"user.py quoting: side-effect", "main.py quoting: sink f", "other.py quoting: sink f"}},
	{"a class whose subclasses a helper finds", `
-- base.py --
class Base: pass
class Other: pass
-- helper.py --
def below(cls):
    for c in cls.__subclasses__():
        yield c
        yield from below(c)
def same(cls): return cls
-- look.py --
import helper
from base import Base, Other
found = lambda: (helper.below(Base), helper.same(Other))
-- one.py --
from base import Base
class One(Base): pass
-- two.py --
from base import Other
class Two(Other): pass
-- main.py --
import one, two
def f(): return one.One, two.Two
`, []string{"main.py one: side-effect", "main.py two: sink f"}},
	{"what functions change of the objects of another module", `
-- conf.py --
import contextvars
class Settings:
    debug = False
    other = 1
    def __init__(self): self.level = 0
    def get(self): return self.level
    def turn(self, level): self._set(level)
    def _set(self, level): self.level = level
    def look(self, level): return level
    @property
    def loud(self): return self.debug
settings, plain, quiet, calm = Settings(), Settings(), Settings(), Settings()
table, names, kept, ran = {}, [], {}, []
var, count = contextvars.ContextVar("v"), contextvars.ContextVar("c")
class Flags: on = False
class Base: on = False
def fill(key):
    if key not in kept: kept[key] = key
    return kept[key]
def first(): ran.append(1)
first()
-- alias.py --
from conf import settings as shared
-- change.py --
import alias, conf
from conf import names
def change(key):
    conf.settings.turn(3)
    alias.shared.debug = True
    conf.calm.debug = True
    conf.plain.look(3)
    conf.table[key] = 1
    names.append(key)
    conf.var.set(1)
    conf.count.get()
    conf.Flags.on = True
    conf.Base.on = True
-- method.py --
from conf import settings
x = settings.get()
-- loud.py --
import alias
x = alias.shared.loud
-- attr.py --
import conf
x = conf.settings.debug
-- other.py --
import conf
x = conf.calm.other
-- looked.py --
import conf
x = conf.plain.get()
-- whole.py --
import conf
x = bool(conf.quiet)
-- item.py --
import conf
x = conf.table["a"]
-- size.py --
from conf import names
x = len(names)
-- context.py --
import conf
x = conf.var.get()
-- counted.py --
import conf
x = conf.count.get()
-- flags.py --
from conf import Flags
x = Flags.on
-- derived.py --
from conf import Base
class D(Base): pass
-- filled.py --
import conf
x = conf.fill("a")
-- ready.py --
import conf
x = len(conf.ran)
-- main.py --
import method, loud, attr, other, looked, whole, item, size, context, counted, flags, derived, filled, ready
def f():
    return (method.x, loud.x, attr.x, other.x, looked.x, whole.x, item.x, size.x, context.x, counted.x, flags.x, derived.D, filled.x, ready.x)
`, []string{"main.py method: state-at-import", "main.py loud: state-at-import", "main.py attr: state-at-import", "main.py other: sink f", "main.py looked: sink f",
		"main.py whole: sink f", "main.py item: state-at-import", "main.py size: state-at-import", "main.py context: state-at-import", "main.py counted: sink f",
		"main.py flags: state-at-import", "main.py derived: sink f", "main.py filled: sink f", "main.py ready: sink f"}},
	{"what is set in the items of an object of another module, and what a parser reads", `
-- conf.py --
import configparser
one, two, three = {"a": {}}, {"a": []}, {"a": {}}
parser = configparser.ConfigParser()
-- change.py --
import conf
def change(file):
    conf.one["a"]["b"] = 1
    conf.two["a"].append(1)
    conf.three["a"].get(1)
    conf.parser.read(file)
-- a.py --
import conf
x = conf.one["a"]
-- b.py --
import conf
x = conf.two["a"]
-- c.py --
import conf
x = conf.three["a"]
-- d.py --
import conf
x = conf.parser.get("a", "b")
-- e.py --
import conf
conf.three["a"]["b"] = 1
-- main.py --
import a, b, c, d
def f(): return a.x, b.x, c.x, d.x
-- other.py --
import e
def f(): return e.x
`, []string{"main.py a: state-at-import", "main.py b: state-at-import", "main.py c: state-at-import", "main.py d: state-at-import", "other.py e: side-effect"}},
	{"a class method that makes an object", `
-- made.py --
import os
class Settings:
    def __init__(self): self.home = os.environ["HOME_PAGE"]
    @classmethod
    def make(cls): return cls()
    @staticmethod
    def none(): return None
-- one.py --
from made import Settings
x = Settings.make()
-- two.py --
from made import Settings
x = Settings.none()
-- main.py --
import one, two, os
def f():
    os.environ["HOME_PAGE"] = "x"
    return one.x, two.x
`, []string{"main.py one: state-at-import", "main.py two: sink f"}},
	{"modules that are found by a computed name and looked through", `
-- scan.py --
import importlib, inspect, vars_of
def scan(name): return inspect.getmembers(importlib.import_module("plugins." + name))
-- vars_of.py --
import runpy
def below(path): return runpy.run_path(path)
def one(): return runpy.run_path("script.py")
-- search.py --
import importlib
def find(name): return getattr(importlib.import_module("named." + name), name)
-- plugins/__init__.py --
-- plugins/a.py --
import json
def f(): return json.x
-- named/__init__.py --
-- named/a.py --
import json
def f(): return json.x
-- script.py --
import json
def f(): return json.x
-- lonely.py --
import json
def f(): return json.x
-- asked.py --
import json
def f(): return json.x
-- user.py --
import asked
def f(): return asked.f()
-- elsewhere/tool.py --
import json
def f(): return json.x
`, []string{"plugins/a.py json: dynamic", "named/a.py json: sink f", "script.py json: dynamic", "lonely.py json: dynamic", "asked.py json: sink f",
		"elsewhere/tool.py json: sink f"}},
	{"a helper of tests, and a fixture, that remove modules", `
-- app.py --
import conf
def f(): return conf.x
-- other.py --
import conf
def f(): return conf.x
-- third.py --
import conf
def f(): return conf.x
-- fourth.py --
import conf
def f(): return conf.x
-- conf.py --
x = 1
-- helper.py --
import sys
def forget(*names):
    for n in names: sys.modules.pop(n, None)
-- tests/conftest.py --
import sys, pytest
@pytest.fixture
def fresh():
    before = set(sys.modules)
    yield
    for n in set(sys.modules) - before: del sys.modules[n]
-- tests/test_app.py --
import app, helper
def test_a(): helper.forget("conf")
-- tests/test_other.py --
import other
def test_a(): other.f()
-- tests/test_third.py --
import third
def test_a(fresh): third.f()
-- loader.py --
import sys
def forget(*names):
    for n in names: sys.modules.pop(n, None)
-- program.py --
import loader
def f(): return loader.forget
-- tests/test_fourth.py --
import fourth, loader
def test_a(): loader.forget("x")
`, []string{"app.py conf: stubbed", "other.py conf: sink f", "third.py conf: stubbed", "fourth.py conf: sink f"}},
	{"a constructor of a base class that a test replaces", `
-- base.py --
class B:
    def __init__(self): self.name = "real"
class C:
    def __init__(self): self.name = "real"
-- lib.py --
import base
class L(base.B): pass
v = L()
-- lib2.py --
import base
class L(base.C): pass
v = L()
-- app.py --
import lib, lib2
def f(): return lib.v, lib2.v
-- test_app.py --
from unittest.mock import patch
import app
def test_1():
    with patch("base.B.__init__", lambda s: None): app.f()
`, []string{"app.py lib: stubbed", "app.py lib2: sink f"}},
	{"places where modules are looked for that change", `
-- p/__init__.py --
-- p/late.py --
-- q/__init__.py --
-- q/late.py --
-- dyn.py --
-- alt/dyn.py --
-- lone.py --
-- use.py --
import p.late, q.late, dyn, lone
def f(): return p.late.x
def g(): return q.late.x
def h(): return dyn.x, lone.x
-- main.py --
import p
def main():
    p.__path__[:] = ["extra"]
-- test_use.py --
def test_a(monkeypatch, tmp_path): monkeypatch.syspath_prepend(tmp_path)
`, []string{"use.py p: state-at-import", "use.py q: sink g", "use.py dyn: state-at-import", "use.py lone: sink h"}},
	{"classes of the tree that keep the function they are made of, or run it", `
-- d.py --
from abc import ABCMeta
from dataclasses import dataclass
from other import Base
class Cached:
    def __init__(self, f): self.f = f
    def __get__(self, o, c): return self.f(o)
class Slot(Cached):
    def __init__(self, f):
        super().__init__(f)
        self.seen = []
    def __set_name__(self, owner, name): self.name = name
class Eager:
    def __init__(self, f):
        self.f = f
        self.value = self.f()
class Child(Eager): pass
class Named(Cached):
    def __set_name__(self, owner, name): self.f(owner)
class Far(Base): pass
class Meta(type):
    def __call__(cls, f): return f()
class Made(metaclass=Meta):
    def __init__(self, f): self.f = f
class Abstract(metaclass=ABCMeta):
    def __init__(self, f): self.f = f
@dataclass
class Binding:
    f: object
@dataclass
class Checked:
    f: object
    def __post_init__(self): self.f(0)
-- a.py --
import a1, a2, a3, a4, a5, a6, a7, a8, a9, a10
from d import Cached, Slot, Eager, Child, Named, Far, Made, Abstract, Binding, Checked
class C:
    @Cached
    def f1(self): return a1.x
    @Slot
    def f2(self): return a2.x
    @Named
    def f5(self): return a5.x
@Eager
def f3(): return a3.x
@Child
def f4(): return a4.x
@Far
def f6(): return a6.x
@Made
def f7(): return a7.x
@Abstract
def f8(): return a8.x
def f9(): return a9.x
def f10(): return a10.x
both = [Binding(f9), Checked(f10)]
`, []string{"a.py a1: sink C.f1", "a.py a2: sink C.f2", "a.py a3: runs-at-import", "a.py a4: runs-at-import", "a.py a5: runs-at-import",
		"a.py a6: runs-at-import", "a.py a7: runs-at-import", "a.py a8: sink f8", "a.py a9: sink f9", "a.py a10: runs-at-import"}},
	{"objects of classes of the tree that decorate", `
-- d.py --
class Named:
    def __init__(self, name): self.name = name()
    def __call__(self, f):
        f.name = self.name
        return f
class Runs(Named):
    def __call__(self, f):
        self.f = f
        return self.run()
    def run(self): return self.f()
class Bare:
    def __init__(self, f): self.f = f
class Either:
    def __new__(cls, f=None):
        return f() if f else cls
    def __call__(self, f): return f
-- a.py --
import a1, a2, a3, a4
from d import Named, Runs, Bare, Either
@Named("x")
def f1(): return a1.x
@Runs("x")
def f2(): return a2.x
@Bare()
def f3(): return a3.x
@Either()
def f4(): return a4.x
`, []string{"a.py a1: sink f1", "a.py a2: runs-at-import", "a.py a3: runs-at-import", "a.py a4: runs-at-import"}},
	{"decorators that hand what they get to a def inside them, or under another name", `
-- d.py --
import functools
def timer(_f=None, name=None):
    def deco(f):
        @functools.wraps(f)
        def wrapper(*a): return f(*a)
        return wrapper
    return deco if _f is None else deco(_f)
def once(_f=None):
    def deco(f):
        f()
        return f
    return deco if _f is None else deco(_f)
def either(_f=None):
    def deco(f): return f
    if _f is not None:
        def deco(f): return f()
    return deco(_f)
def alias(f):
    g = f or print
    g(1)
    return f
def each(*fs):
    for g in fs:
        g()
    return fs[0]
def inner(f):
    def go(): return f()
    go()
    return f
def later(f):
    def go(): return f()
    return go
def whole(f):
    [g() for g in (f,)]
    return f
def attribute(f):
    g = f
    g.seen = True
    return g
def unnamed(f):
    (lambda: f())()
    return f
def deep(f):
    def go(x): return x and go(x - 1) or mapped()
    def mapped(): return list(map(last, [1]))
    def last(x): return f()
    return go(0)
def deeper(f):
    def go(x): return x and go(x - 1) or f()
    def other(x): return go(x)
    return other
-- a.py --
import a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12
from d import timer, once, either, alias, each, inner, later, whole, attribute, unnamed, deep, deeper
@deep
def f11(): return a11.x
@deeper
def f12(): return a12.x
@timer
def f1(): return a1.x
@once
def f2(): return a2.x
@either
def f3(): return a3.x
@alias
def f4(): return a4.x
@each
def f5(): return a5.x
@inner
def f6(): return a6.x
@later
def f7(): return a7.x
@whole
def f8(): return a8.x
@attribute
def f9(): return a9.x
@unnamed
def f10(): return a10.x
`, []string{"a.py a1: sink f1", "a.py a2: runs-at-import", "a.py a3: runs-at-import", "a.py a4: runs-at-import", "a.py a5: runs-at-import",
		"a.py a6: runs-at-import", "a.py a7: sink f7", "a.py a8: runs-at-import", "a.py a9: sink f9", "a.py a10: runs-at-import",
		"a.py a11: runs-at-import", "a.py a12: sink f12"}},
	{"a decorator that a factory of the tree made", `
-- d.py --
def marker(kind):
    def deco(f):
        f.kind = kind
        return f
    return deco
def runner(kind):
    def deco(f): return f(kind)
    return deco
line = marker("line")
cell = runner("cell")
both = marker("both")
both = runner("both")
-- a.py --
import a1, a2, a3
from d import line, cell, both
@line
def f1(): return a1.x
@cell
def f2(): return a2.x
@both
def f3(): return a3.x
`, []string{"a.py a1: sink f1", "a.py a2: runs-at-import", "a.py a3: runs-at-import"}},
	{"texts that are run where they can see the module, or cannot", `
-- a1.py --
import json
def run(code):
    ns = {"x": 1}
    exec(code, ns)
    return eval(code, dict(ns), {})
def f(): return json.x
-- a2.py --
import json
def run(code, ns): exec(code, ns)
def f(): return json.x
-- a3.py --
import json
def run(code):
    ns = {"x": 1}
    ns.update(globals())
    exec(code, ns)
def f(): return json.x
-- a4.py --
import json
def run(code, **names): return eval(code, names)
def f(): return json.x
-- a5.py --
import json
def run(code, **names):
    names = names or None
    return eval(code, names)
def f(): return json.x
-- a6.py --
import json, types
def run(code):
    m = types.ModuleType("m")
    exec(code, m.__dict__)
def f(): return json.x
-- a7.py --
import json
def run(): return eval("__IPYTHON__") or eval("1 + 2", {})
def f(): return json.x
-- a8.py --
import json
def run(): return eval("f()")
def f(): return json.x
-- a9.py --
import json
def run(name): return __import__(name, globals(), locals(), ["x"], 1)
def f(): return json.x
-- a10.py --
import json
def run(name): return load(name, globals())
def load(name, names): return names[name]
def f(): return json.x
-- a11.py --
import json
def run(code, ns={}): exec(code, None, {})
def f(): return json.x
`, []string{"a1.py json: sink f", "a2.py json: dynamic", "a3.py json: dynamic", "a4.py json: sink f", "a5.py json: dynamic", "a6.py json: sink f",
		"a7.py json: sink f", "a8.py json: dynamic", "a9.py json: sink f", "a10.py json: dynamic", "a11.py json: dynamic"}},
	{"frames that are asked where they are, or for their names", `
-- a.py --
import sys, inspect
import a1, a2, a3, a4, a5, a6
def f1(): return a1.x, sys._getframe(1).f_code.co_name, inspect.currentframe().f_back.f_lineno
def f2():
    frame = sys._getframe(1)
    return a2.x, frame.f_globals["__name__"], frame.f_globals.get("__file__"), frame.f_back.f_lineno
def f3():
    frame = sys._getframe(1)
    return a3.x, frame.f_lineno, look(frame)
def f4(): return a4.x, sys._getframe(0).f_code.co_names
def f5(): return a5.x, sys._getframe(0).f_globals
def f6():
    caller = sys._getframe(0).f_back
    return a6.x, caller.f_code, caller.f_locals
-- b.py --
import inspect
import b1, b2
def f1(): return b1.x, len(inspect.stack())
def f2(): return b2.x, list(inspect.stack())
`, []string{"b.py b1: sink f1", "b.py b2: dynamic", "a.py a1: sink f1", "a.py a2: sink f2", "a.py a3: dynamic", "a.py a4: dynamic", "a.py a5: dynamic", "a.py a6: dynamic"}},
	{"strings that name an import and are read by people, or evaluated", `
-- a.py --
import warnings
import a1, a2, a3, a4, a5, a6
limit = 3
"""What a1.x() does not know."""
def f1(): return a1.x
def f2(v):
    if not v:
        raise RuntimeError("see a2.x() of %s; "
                           "it wants a value" % v)
    warnings.warn("a2.x is old, {}".format(v), stacklevel=2)
    return a2.x
def f3(v):
    if not v:
        raise RuntimeError(compute("a3.x()"))
    return a3.x
def f4(v):
    warn("a4.x is old")
    return a4.x
def f5(v):
    text = "a5.x()"
    raise text
    return a5.x
def f6(v): return a6.x, "a6.x()"
`, []string{"a.py a1: sink f1", "a.py a2: sink f2", "a.py a3: dynamic", "a.py a4: dynamic", "a.py a5: dynamic", "a.py a6: dynamic"}},
	{"programs in text that import for themselves what they name, at once or too late", `
-- a.py --
import a1, a2, a3, a4, a5
def f1(): return a1.x, "import sys, a1 as one, b\nimport a1\nprint(a1.x())"
def f2(): return a2.x, "print(a2.x())\nimport a2"
def f3(): return a3.x, """
    if new:
        import a3
    a3.x()
"""
def f4(): return a4.x, "import a4 as four; a4.x()"
def f5(): return a5.x, """
    from a5 import a5
    print(a5.x())
"""
`, []string{"a.py a1: dynamic", "a.py a2: dynamic", "a.py a3: dynamic", "a.py a4: dynamic", "a.py a5: sink f5"}},
	{"objects that code changes by way of other names, of functions that give them, and of what it hands them to", `
-- conf.py --
import functools
class Settings: debug = False
one, two, three, four, five, table = Settings(), Settings(), Settings(), Settings(), Settings(), {}
@functools.lru_cache()
def shared(): return Settings()
def fresh(): return Settings()
-- give.py --
def turn(s): s.debug = True
def look(s): return s.debug
class Extension:
    def init(self, app): app.parts["x"] = self
    def see(self, app): return app
-- change.py --
import conf, give
def change():
    s = conf.one
    s.debug = True
    t = conf.table
    t["a"] = 1
    give.turn(conf.two)
    give.look(conf.three)
    conf.shared().debug = True
    conf.fresh().debug = True
    own = conf.Settings()
    own.debug = True
-- a.py --
import conf
x = conf.one.debug
-- b.py --
import conf
x = conf.table["a"]
-- c.py --
import conf
x = conf.two.debug
-- d.py --
import conf
x = conf.three.debug
-- e.py --
import conf
x = conf.shared().debug
-- f.py --
import conf
x = conf.fresh().debug
-- main.py --
import a, b, c, d, e, f
def go(): return a.x, b.x, c.x, d.x, e.x, f.x
`, []string{"main.py a: state-at-import", "main.py b: state-at-import", "main.py c: state-at-import", "main.py d: sink go", "main.py e: state-at-import",
		"main.py f: sink go"}},
	{"objects that code comes to through functions, containers, loops and methods of theirs", `
-- conf.py --
class Settings: debug = False
class App:
    routes = []
    def route(self, path):
        def deco(f): self.routes.append(f)
        return deco
one, two, three, four, five, six, seven = [Settings() for _ in range(7)]
names, kept = [], []
table = {"two": two}
pair = (three, 3)
class Holder: held = four
_app = App()
_state, _quiet = {"a": 1}, {"a": 1}
N, M = 1, 1
def get_one(): return one
def get_new(): return Settings()
def get_app(): return _app
def set_state(key):
    s, q = _state, dict(_quiet)
    s["a"] = q["a"] = key
-- change.py --
import conf, importlib
from conf import names, kept
def change(flag):
    conf.get_one().debug = True
    conf.get_new().debug = True
    conf.table["two"].debug = True
    a, b = conf.pair
    a.debug = True
    conf.Holder.held.debug = True
    for each in (conf.five,):
        each.debug = True
    s = conf.six if flag else None
    s.debug = True
    add, look = names.append, kept.count
    add(1), look(1)
    m = importlib.import_module("conf")
    m.N = 2
-- a1.py --
from conf import one
x = one.debug
-- a2.py --
from conf import two
x = two.debug
-- a3.py --
from conf import three
x = three.debug
-- a4.py --
from conf import four
x = four.debug
-- a5.py --
from conf import five
x = five.debug
-- a6.py --
from conf import six
x = six.debug
-- a7.py --
from conf import seven
x = seven.debug
-- b1.py --
from conf import names
x = len(names)
-- b2.py --
from conf import kept
x = len(kept)
-- c1.py --
import conf
x = conf._state["a"]
-- c2.py --
import conf
x = conf._quiet["a"]
-- d1.py --
from conf import N
def f(): return N
-- d2.py --
from conf import M
def f(): return M
-- e1.py --
from conf import get_app
app = get_app()
@app.route("/")
def f(): return 1
-- e2.py --
from conf import App
app = App()
@app.route("/")
def f(): return 1
-- main.py --
import a1, a2, a3, a4, a5, a6, a7, b1, b2, c1, c2, e1, e2
def go(): return a1.x, a2.x, a3.x, a4.x, a5.x, a6.x, a7.x, b1.x, b2.x, c1.x, c2.x, e1.f, e2.f
`, []string{"main.py a1: state-at-import", "main.py a2: state-at-import", "main.py a3: state-at-import", "main.py a4: state-at-import",
		"main.py a5: state-at-import", "main.py a6: state-at-import", "main.py a7: sink go", "main.py b1: state-at-import",
		"main.py b2: sink go", "main.py c1: state-at-import", "main.py c2: sink go", "d1.py N: late-value", "d2.py M: sink f",
		"main.py e1: side-effect", "main.py e2: sink go"}},
	{"objects that code hands to what keeps them, asks them, or calls their methods", `
-- conf.py --
class Settings:
    debug = False
    def turn(self, on): self.debug = on
    def seen(self, on): return self.debug
class App:
    def __init__(self): self.parts = []
    def attach(self, part): self.parts.append(part)
    def look(self, part): return part in self.parts
a1, a2, a3, a4, a5, a6, a7, a8, a9 = [Settings() for _ in range(9)]
heap, kept = [], []
app, calm = App(), App()
left, right, more = [1], [1], [1]
-- give.py --
class Job:
    def __init__(self, s, other):
        self.s = s
        self.other = other
    def run(self):
        self.s.debug = True
        return self.other.debug
class Base:
    def __init__(self, s): s.debug = True
class Over(Base):
    def __init__(self, t, s):
        super().__init__(s)
        t.seen(1)
class Extension:
    def __init__(self, app, other):
        app.attach(self)
        other.look(self)
def fill(target, **values):
    for name, value in values.items():
        setattr(target, name, value)
-- change.py --
import conf, give, threading, heapq
from conf import heap, kept
def change(values):
    give.Job(conf.a1, conf.a2).run()
    give.Over(conf.a3, conf.a4)
    give.fill(conf.a5, debug=True)
    threading.Thread(target=conf.a6.turn, args=(True,)).start()
    threading.Thread(target=conf.a7.seen, args=(True,)).start()
    heapq.heappush(heap, 1)
    heapq.nlargest(1, kept)
    vars(conf.a8).update(values)
    for name in values:
        setattr(conf.a9, name, True)
-- r1.py --
from conf import a1
x = a1.debug
-- r2.py --
from conf import a2
x = a2.debug
-- r3.py --
from conf import a3
x = a3.debug
-- r5.py --
from conf import a5
x = a5.debug
-- r6.py --
from conf import a6
x = a6.debug
-- r7.py --
from conf import a7
x = a7.debug
-- r8.py --
from conf import a8
x = a8.debug
-- r9.py --
from conf import a9
x = a9.debug
-- h1.py --
from conf import heap
x = len(heap)
-- h2.py --
from conf import kept
x = len(kept)
-- e1.py --
import conf, give
ext = give.Extension(conf.app, conf.calm)
-- e2.py --
import conf, give
ext = give.Extension(conf.Settings(), conf.calm)
-- e3.py --
import conf
x = conf.left.pop()
-- e4.py --
import conf
x = conf.right.count(1)
-- e5.py --
import conf
list(map(conf.more.append, [1]))
-- e6.py --
import conf
list(map(conf.right.count, [1]))
-- main.py --
import r1, r2, r3, r5, r6, r7, r8, r9, h1, h2, e1, e2, e3, e4, e5, e6
def go(): return r1.x, r2.x, r3.x, r5.x, r6.x, r7.x, r8.x, r9.x, h1.x, h2.x, e1.ext, e2.ext, e3.x, e4.x, e5, e6
`, []string{"main.py r1: state-at-import", "main.py r2: sink go", "main.py r3: sink go", "main.py r5: state-at-import",
		"main.py r6: state-at-import", "main.py r7: sink go", "main.py r8: state-at-import", "main.py r9: state-at-import",
		"main.py h1: state-at-import", "main.py h2: sink go", "main.py e1: side-effect", "main.py e2: sink go",
		"main.py e3: side-effect", "main.py e4: sink go", "main.py e5: side-effect", "main.py e6: sink go"}},
	{"names that a function sets in its module by way of a variable, modules that a loop or a helper reloads, and a __del__ that calls methods of other files", `
-- conf.py --
N = 1
def load(n):
    g = globals()
    g["N"] = n
-- calm.py --
N = 1
def load(n):
    g = globals()
    return g["N"], dict(g, N=n)
-- run.py --
N = 1
def load(n): exec("N = 2", globals())
-- again.py --
import importlib
def again(module): return importlib.reload(module)
def seen(module): return module.x
-- fresh1.py --
def get(): return 1
-- fresh2.py --
def get(): return 1
-- fresh3.py --
def get(): return 1
-- use.py --
import again, importlib, fresh1, fresh2, fresh3
def reset():
    again.again(fresh1)
    again.seen(fresh3)
    for module in (fresh2,):
        importlib.reload(module)
-- base.py --
class Base:
    def __del__(self): self.close()
    def other(self): self.stop()
-- a.py --
from conf import N as n1
from calm import N as n2
from run import N as n3
from fresh1 import get as g1
from fresh2 import get as g2
from fresh3 import get as g3
def f(): return n1, n2, n3, g1(), g2(), g3()
-- b.py --
import json, csv
from base import Base
class Conn(Base):
    def close(self): return json.x
    def stop(self): return csv.x
`, []string{"a.py n1: late-value", "a.py n2: sink f", "a.py n3: late-value", "a.py g1: late-value", "a.py g2: late-value",
		"a.py g3: sink f", "b.py json: finalizer", "b.py csv: sink Conn.stop"}},
	{"a load that changes objects of other modules by way of other names, and of what it hands them to", `
-- conf.py --
class Settings: debug = False
class App: parts = {}
one = Settings()
app = App()
calm = App()
-- give.py --
class Extension:
    def init(self, app): app.parts["x"] = self
    def see(self, app): return app
-- a.py --
import conf
s = conf.one
s.debug = True
-- b.py --
from conf import app
from give import Extension
ext = Extension()
ext.init(app)
-- c.py --
from conf import calm
from give import Extension
ext = Extension()
ext.see(calm)
-- d.py --
import logging
root = logging.getLogger()
root.setLevel("DEBUG")
-- e.py --
import conf
s = conf.Settings()
s.debug = True
-- main.py --
import a, b, c, d, e
def go(): return a.s, b.ext, c.ext, d.root, e.s
`, []string{"main.py a: side-effect", "main.py b: side-effect", "main.py c: sink go", "main.py d: side-effect", "main.py e: sink go"}},
	{"a base class that keeps its subclasses, by way of a star import", `
-- base.py --
kept = []
class Base:
    def __init_subclass__(cls): kept.append(cls)
class Other: pass
-- star.py --
from base import *
-- one.py --
import star
class One(star.Base): pass
-- two.py --
import star
class Two(star.Other): pass
-- main.py --
import one, two
def f(): return one.One, two.Two
`, []string{"main.py one: side-effect", "main.py two: sink f"}},
	{"a module that is handed to a function which sets its names", `
-- lib.py --
def f(): return "f"
-- other.py --
def f(): return "f"
-- app.py --
from lib import f
from other import f as g
def use(): return f(), g()
-- main.py --
import app, lib, other
def instrument(m): m.f = None
def look(m): return m.f
def main():
    instrument(lib)
    look(other)
    return app.use()
`, []string{"app.py f: late-value", "app.py g: sink use"}},
	{"finalizers that do nothing, or hide those above", `
-- base.py --
class Base:
    def __del__(self): self.stop()
    def stop(self): pass
-- a.py --
import io
import a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12
from base import Base
class Still(io.IOBase):
    def __del__(self):
        """Nothing to close."""
    def close(self): return a1.x
    def __next__(self): return a1.x
class Loud(io.IOBase):
    def __del__(self): super().__del__()
    def close(self): return a2.x
class Stream(io.RawIOBase):
    def __iter__(self): return a3.x
    def __setattr__(self, name, value): a4.x(name)
class Closing(io.RawIOBase):
    def close(self):
        for item in self: pass
    def __iter__(self): return a5.x
class Mixin:
    def close(self): return str(self)
class Mixed(Mixin, io.RawIOBase):
    def __str__(self): return a12.x
class Over(Base):
    def __del__(self): self.end()
    def end(self): pass
    def stop(self): return a6.x
class Named(Base):
    def __del__(self): Base.__del__(self)
    def stop(self): return a7.x
class Plain(Base):
    def stop(self): return a8.x
class Ends:
    def __del__(self): print(self)
    def __repr__(self): return a9.x
class Maybe(io.IOBase):
    if debug:
        def __del__(self): pass
    def flush(self): return a10.x
class Asks(io.IOBase):
    @property
    def closed(self): return a11.x
`, []string{"a.py a1: sink Still.close Still.__next__", "a.py a2: finalizer", "a.py a3: sink Stream.__iter__", "a.py a4: finalizer",
		"a.py a5: finalizer", "a.py a6: sink Over.stop", "a.py a7: finalizer", "a.py a8: finalizer", "a.py a9: finalizer",
		"a.py a10: finalizer", "a.py a11: finalizer", "a.py a12: finalizer"}},
	{"subclasses of an abstract class whose metaclass is named", `
-- p/__init__.py --
-- p/base.py --
from abc import ABCMeta
class A(metaclass=ABCMeta): pass
class B(metaclass=ABCMeta): pass
class Meta(type):
    def __init__(cls, *args): found.append(cls)
found = []
class C(metaclass=Meta): pass
-- p/a.py --
from p.base import A
class X(A): pass
def go(): return 1
-- p/b.py --
from p.base import B
class Y(B): pass
def go(): return 1
-- p/c.py --
from p.base import C
class Z(C): pass
def go(): return 1
-- p/all.py --
import p.base
def every(): return p.base.B.__subclasses__(), p.base.found
-- p/use.py --
from p.a import go as a
from p.b import go as b
from p.c import go as c
def f(): return a()
def g(): return b()
def h(): return c()
`, []string{"p/use.py a: sink f", "p/use.py b: side-effect", "p/use.py c: side-effect"}},
	{"a name of modules that cannot be told is replaced by tests", `
-- lib.py --
def get(): return "real"
def put(): return "real"
-- loop.py --
from lib import get, put
def f(): return get(), put()
-- fixed.py --
from lib import get
def f(): return get()
-- helped.py --
from lib import get
def f(): return get()
-- spied.py --
from lib import get
def f(): return get()
-- pkg/__init__.py --
-- pkg/near.py --
from lib import get
def f(): return get()
-- alone.py --
from lib import get
def f(): return get()
-- t1/test_loop.py --
import loop, json
def test_1(monkeypatch):
    for mod in (loop, json): monkeypatch.setattr(mod, "get", 1)
-- t2/conftest.py --
import pytest
@pytest.fixture
def mod():
    import fixed
    return fixed
-- t2/test_fixed.py --
from unittest.mock import patch
def test_1(mod):
    with patch.object(mod, "get"): mod.f()
-- t3/helpers.py --
from unittest.mock import patch
def no_get(mod): return patch.object(mod, "get")
-- t3/test_helped.py --
from t3 import helpers
import helped
def test_1():
    with helpers.no_get(helped): helped.f()
-- t4/test_spied.py --
import spied
def test_1(mocker): mocker.spy(spied, "get")
-- t5/test_near.py --
import importlib
near = importlib.import_module(".near", "pkg")
def test_1(monkeypatch): monkeypatch.setattr(near, "get", 1)
-- t6/test_alone.py --
import alone
def test_1(): alone.f()
`, []string{"loop.py get: patched", "loop.py put: sink f", "fixed.py get: patched", "helped.py get: patched", "spied.py get: patched", "pkg/near.py get: patched",
		"alone.py get: sink f"}},
	{"fixtures that remove modules, asked for in other ways than by a test's parameter", `
-- conf.py --
-- by_mark.py --
import conf
def f(): return conf.x
-- by_fixture.py --
import conf
def f(): return conf.x
-- by_none.py --
import conf
def f(): return conf.x
-- by_settings.py --
import conf
def f(): return conf.x
-- tests/conftest.py --
import sys, pytest
@pytest.fixture
def fresh():
    for n in list(sys.modules): del sys.modules[n]
@pytest.fixture
def client(fresh): return 1
-- tests/test_by_mark.py --
import by_mark, pytest
@pytest.mark.usefixtures("fresh")
def test_1(): by_mark.f()
-- tests/test_by_fixture.py --
import by_fixture
def test_1(client): by_fixture.f()
-- tests/test_by_none.py --
import by_none
def test_1(): by_none.f()
-- more/conftest.py --
import sys, pytest
@pytest.fixture
def cleared():
    for n in list(sys.modules): del sys.modules[n]
-- more/test_by_settings.py --
import by_settings
def test_1(): by_settings.f()
`, []string{"by_mark.py conf: stubbed", "by_fixture.py conf: stubbed", "by_none.py conf: sink f", "by_settings.py conf: stubbed"}},
	{"what a test imports itself that removes modules", `
-- errors.py --
class AppError(Exception): pass
-- core.py --
import errors
def f(): raise errors.AppError
-- test_purge.py --
import sys
from errors import AppError
from core import f
def test_1():
    for n in [n for n in sys.modules if n.startswith("core")]: del sys.modules[n]
def test_2(): return AppError
-- test_still.py --
import sys
from errors import AppError
def test_1(): return [n for n in sys.modules if n.startswith("core")]
def test_2(): return AppError
`, []string{"test_purge.py AppError: stubbed", "test_still.py AppError: sink test_2"}},
	{"names that a test runner finds in a test file", `
-- lib.py --
import unittest, pytest
def test_connection(): pass
class Checks:
    def test_n(self): pass
class TestBase(Checks):
    N = 1
class TestData:
    def data(self): pass
class Common(unittest.TestCase):
    N = 1
class Plain:
    N = 1
@pytest.fixture
def db(): return 1
def make(): return 1
def setUpModule(): pass
def pytest_configure(config): pass
-- fixtures.py --
from lib import db as base
-- test_names.py --
from lib import test_connection, TestBase, TestData, Common, Plain, db, make, setUpModule, pytest_configure
from fixtures import base
from unittest import TestResult
def test_1():
    test_connection(), TestBase.N, TestData, Common.N, Plain.N, db, make, setUpModule, pytest_configure, TestResult, base
-- names.py --
from lib import test_connection, TestBase, Common
def f(): return test_connection(), TestBase.N, Common.N
`, []string{"test_names.py test_connection: exported", "test_names.py TestBase: exported", "test_names.py Common: exported", "test_names.py Plain: sink test_1", "test_names.py TestData: sink test_1",
		"test_names.py db: exported", "test_names.py make: sink test_1", "test_names.py setUpModule: exported", "test_names.py pytest_configure: exported",
		"test_names.py base: exported", "test_names.py TestResult: sink test_1",
		"names.py test_connection: sink f", "names.py TestBase: sink f", "names.py Common: sink f"}},
	{"items of a mapping that tests replace, and a load reads", `
-- conf.py --
TEXT = {"a": 1}
OBJECT = {"a": 1}
ITEM = {"a": 1}
MOCK = {"a": 1}
STILL = {"a": 1}
-- text.py --
from conf import TEXT
x = TEXT["a"]
-- object.py --
import conf
x = conf.OBJECT["a"]
-- item.py --
from conf import ITEM
x = ITEM["a"]
-- mocked.py --
from conf import MOCK
x = MOCK["a"]
-- still.py --
from conf import STILL
x = STILL["a"]
-- app.py --
import text, object, item, mocked, still
def f(): return text.x, object.x, item.x, mocked.x, still.x
-- test_app.py --
import app, conf
from unittest.mock import patch
def test_1(monkeypatch, mocker):
    with patch.dict("conf.TEXT", a=2), patch.dict(conf.OBJECT, a=2): app.f()
    monkeypatch.setitem(conf.ITEM, "a", 2)
    mocker.patch.dict(conf.MOCK, {"a": 2})
    conf.STILL.get("a")
`, []string{"app.py text: state-at-import", "app.py object: state-at-import", "app.py item: state-at-import", "app.py mocked: state-at-import", "app.py still: sink f"}},
	{"examples in docstrings of other files that take names from a module", `
-- app.py --
from json import dumps, loads, load, dump
def f(): return dumps, loads, load, dump
-- other.py --
def g():
    """What app has: from app import load is not run.

    >>> from app import (dumps,
    ...     f)
    >>> import app as a
    >>> a.loads("1")
    1
    """
`, []string{"app.py dumps: exported", "app.py loads: exported", "app.py load: sink f", "app.py dump: sink f"}},
	{"what a mock would be taken from, loaded by another import of the same file", `
-- ver.py --
import sys
NEW = sys.version_info > (3, 20)
-- ranges.py --
import ver
full = ver.NEW
-- both.py --
from ranges import full
from ver import NEW
X = NEW
def f(): return full
-- alone.py --
from ranges import full
def f(): return full
-- mid.py --
import both
def f(): return both.f()
-- test_mid.py --
import sys, mid
Y = mid.f
def test_one(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (9,))
    mid.f()
-- test_alone.py --
import sys, alone
Y = alone.f
def test_one(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (9,))
    alone.f()
`, []string{"mid.py both: stubbed", "both.py full: sink f", "alone.py full: stubbed"}},
	{"one of several names that a test replaces", `
-- lib.py --
one = two = three = 1
-- a.py --
from lib import one as x
-- b.py --
from lib import three as x
-- main.py --
import a, b
def f(): return a.x, b.x
-- test_main.py --
import lib, main, pytest
@pytest.mark.parametrize("name", ["one", "two"])
def test_f(monkeypatch, name):
    monkeypatch.setattr(lib, name, 2)
    main.f()
`, []string{"main.py a: stubbed", "main.py b: sink f"}},
	{"what the main guard of a program changes, for files that it leads to, and for others", `
-- conf.py --
import sys
encoding = sys.stderr.encoding
-- near.py --
import conf
def f(): return conf.encoding
-- far.py --
import conf
def f(): return conf.encoding
-- test_far.py --
import conf
def test_f(): conf.encoding
-- tool.py --
import sys
def main():
    import near
    near.f()
if __name__ == "__main__":
    sys.stderr = sys.stdout
    main()
`, []string{"near.py conf: state-at-import", "far.py conf: state-at-import", "test_far.py conf: sink test_f"}},
	{"what the main guard of a program changes that loads files by computed names", `
-- conf.py --
import sys
encoding = sys.stderr.encoding
-- test_far.py --
import conf
def test_f(): conf.encoding
-- tool.py --
import sys, importlib
if __name__ == "__main__":
    sys.stderr = sys.stdout
    importlib.import_module(sys.argv[1]).f()
`, []string{"test_far.py conf: state-at-import"}},
	{"what the main guard of a program changes that runs tests", `
-- conf.py --
import sys
encoding = sys.stderr.encoding
-- test_far.py --
import conf
def test_f(): conf.encoding
-- tool.py --
import sys, run
if __name__ == "__main__":
    sys.stderr = sys.stdout
    run.main()
-- run.py --
def main():
    import unittest
    unittest.main(None)
`, []string{"test_far.py conf: state-at-import"}},
	{"what the main guard of a program changes that may run in any process", `
-- conf.py --
import sys
encoding = sys.stderr.encoding
-- test_far.py --
import conf, runpy
def test_f(): conf.encoding, runpy.run_path("tool.py", run_name="__main__")
-- tool.py --
import sys
if __name__ == "__main__":
    sys.stderr = sys.stdout
`, []string{"test_far.py conf: state-at-import"}},
	{"submodules of which a test knows that something loads them by name", `
-- p/__init__.py --
from importlib import import_module
def get(name): return import_module("p." + name)
-- p/one.py --
-- q/__init__.py --
-- q/two.py --
-- test_use.py --
import p, q
def test_p(): assert p.get("one") is p.one
def test_q(): assert q.two
-- test_load.py --
import p.one as one, q.two as two
def test_p(): one.x
def test_q(): two.x
`, []string{"test_load.py one: sink test_p", "test_load.py two: provides-submodule"}},
	{"submodules that an import loads for a use below where it lands, above it, or elsewhere", `
-- p/__init__.py --
-- p/one.py --
def x(): pass
-- p/two.py --
def x(): pass
-- p/three.py --
def x(): pass
-- a.py --
import p
from p.one import x
def f(): return [x for i in (1, 2) if p.one]
-- b.py --
import p
from p.two import x
def f(): return x
def g(): return p.two
-- c.py --
import p
from p.three import x
def f():
    def g(): return x
    return g, p.three
`, []string{"a.py x: sink f", "b.py x: provides-submodule", "c.py x: provides-submodule"}},
	{"stand-ins for modules whose names begin in a known way", `
-- _gen_one.py --
def x(): pass
-- other.py --
def x(): pass
-- store.py --
import sys
class Maker:
    def __init__(self, name): self.key = f"_gen_{name!r}"
    def make(self, part, module):
        name = f"{self.key}_{part}"
        sys.modules[name] = module
class Other:
    def __init__(self, key): self.key = key
def get(): pass
-- heir.py --
import sys
class Maker:
    def __init__(self, name): self.key = f"_gen_{name}"
    def make(self, part, module): sys.modules[self.key + part] = module
class Heir(Maker):
    def __init__(self, key): self.key = key
def get(): pass
-- loose.py --
import sys
class Maker:
    def __init__(self, name): self.tag = f"_gen_{name}"
    def rename(self, name): self.tag = name
    def make(self, part, module): sys.modules[self.tag + part] = module
def get(): pass
-- spelled.py --
import sys
def make(name, module):
    key = "_gen_" + name
    sys.modules[f"{key!r}"] = module
def get(): pass
-- begun.py --
import sys
def make(name, module): sys.modules["beg%s" % name] = module
def get(): pass
-- app.py --
import _gen_one, other
from store import get
from begun import get as got
from loose import get as got2
from spelled import get as got3
from heir import get as got4
def f(): return _gen_one.x, other.x, get, got, got2, got3, got4
`, []string{"app.py _gen_one: stubbed", "app.py other: sink f", "app.py get: sink f", "app.py got: late-value,stubbed", "app.py got2: late-value", "app.py got3: late-value", "app.py got4: late-value"}},
	{"names of a module that is handed on, read off exceptions or something else", `
-- lib.py --
import errno, signal
def f():
    try: pass
    except OSError as e: return e.errno, errno.x, signal.x
    except RuntimeError as e: return e.args
def g(what): return what.signal
-- main.py --
import lib, table
table.add([lib])
`, []string{"lib.py errno: sink f", "lib.py signal: exported"}},
	{"what the makers of decorators give back, which runs what it decorates or keeps it", `
-- deco.py --
import functools, pytest
class Runs:
    def __init__(self, n): self.n = n
    def __call__(self, f): return f()
class Keeps:
    def __init__(self, n): self.n = n
    def __call__(self, f):
        self.f = f
        return self
    def method(self, n): return self.inner(n)
    def inner(self, n): return Keeps(n)
    def bad(self, n): return self.other(n)
    def other(self, n): return Runs(n)
table = {1: lambda f: f()}
def runs(n): return Runs(n)
def keeps(n):
    def converts(x): return n(x)
    return Keeps(converts)
def found(n): return table[n]
def lambda_runs(n): return lambda f: f()
def lambda_keeps(n): return lambda f: [f]
def chosen(n=None):
    def deco(f):
        @functools.wraps(f)
        def wrapper(): return f()
        return wrapper
    return deco(n) if n else deco
def other(n): return runs(n)
def marks(n):
    def deco(f): return pytest.mark.parametrize(n, [1])(f)
    return deco
keeper = Keeps(1)
-- main.py --
import deco
import a, b, c, d, e, f, g, h, i, j
@deco.runs(1)
def f1(): return a.x
@deco.keeps(int)
def f2(): return b.x
@deco.found(1)
def f3(): return c.x
@deco.lambda_runs(1)
def f4(): return d.x
@deco.lambda_keeps(1)
def f5(): return e.x
@deco.chosen()
def f6(): return f.x
@deco.other(1)
def f7(): return g.x
@deco.marks("x")
def f8(): return h.x
@deco.Keeps.method(deco.keeper, 1)
def f9(): return i.x
@deco.Keeps.bad(deco.keeper, 1)
def f10(): return j.x
`, []string{"main.py a: runs-at-import", "main.py b: sink f2", "main.py c: runs-at-import", "main.py d: runs-at-import", "main.py e: sink f5", "main.py f: sink f6", "main.py g: runs-at-import", "main.py h: sink f8", "main.py i: sink f9", "main.py j: runs-at-import"}},
	{"modules that a loop loads by name and looks through", `
-- pack/__init__.py --
-- pack/util.py --
def get(): pass
-- pack/one.py --
from pack.util import get
def f(): return get()
-- other/__init__.py --
-- other/one.py --
from pack.util import get
def f(): return get()
-- main.py --
import importlib
for name in ["one"]:
    module = importlib.import_module(f"pack.{name}")
    print(vars(module))
for module2 in map(importlib.import_module, ["x"]): pass
table = {}
print(vars(table))
`, []string{"pack/one.py get: dynamic", "other/one.py get: sink f"}},
	{"stand-ins for modules that a constant lists", `
-- hw.py --
-- far.py --
-- app.py --
import hw, far
def f(): return hw.x, far.x
-- tests/test_app.py --
import sys
from unittest import mock
STUBS = {"hw": mock.Mock()}
def load(name):
    with mock.patch.dict(sys.modules, STUBS): return __import__(name)
-- tests/test_far.py --
STUBS = {"far": 1}
`, []string{"app.py hw: stubbed", "app.py far: sink f"}},
	{"functions that are replaced, through which others find the state of the process", `
-- version.py --
import subprocess
VERSION = subprocess.check_output(["echo"])
-- data.py --
from pathlib import Path
TEXT = Path("data").read_bytes()
-- ids.py --
import uuid
ID = uuid.uuid4()
-- drawn.py --
import random
X = random.random()
-- app.py --
import version, data, ids, drawn
def f(): return version.VERSION, data.TEXT, ids.ID, drawn.X
-- test_app.py --
import app, pytest
from unittest.mock import patch
from pathlib import Path
def test_1():
    with patch("subprocess.Popen"), patch.object(Path, "exists"), patch("os.urandom"), patch("time.time"): app.f()
`, []string{"app.py version: state-at-import", "app.py data: state-at-import", "app.py ids: state-at-import", "app.py drawn: sink f"}},
	{"a name that is looked for in a package, where a submodule is put", `
-- p/__init__.py --
-- p/a.py --
-- p/b.py --
-- p/c.py --
-- p/d.py --
-- p/e.py --
-- app.py --
import p.a
from p import b, c, d, e
def f(): return p.a.x, b.x, c.x, d.x, e.x
-- look.py --
import p, app
def g(o): return getattr(p, "a", None), "b" in vars(p), p.__dict__["c"], vars(p).get("d"), vars(o).get("e"), p.__dict__["f"]
`, []string{"app.py p: provides-submodule", "app.py b: provides-submodule", "app.py c: provides-submodule", "app.py d: provides-submodule", "app.py e: sink f"}},
	{"packages whose names are looked through, or that are handled as objects", `
-- p/__init__.py --
-- p/on_a.py --
-- p/b.py --
-- q/__init__.py --
-- q/c.py --
-- r/__init__.py --
-- r/d.py --
-- r/e.py --
-- app.py --
import p.on_a
from p import b
from q import c
from r import d, e
def f(): return p.on_a.x, b.x, c.x, d.x, e.x
-- look.py --
import p, q, r, app
def g(what, o): return getattr(p, "on_" + what), list(vars(q)), h(r), o.d
def h(o): pass
`, []string{"app.py p: provides-submodule", "app.py b: sink f", "app.py c: provides-submodule", "app.py d: provides-submodule", "app.py e: sink f"}},
	{"files that functions of the library read while a module loads", `
-- ini.py --
import configparser
PARSER = configparser.ConfigParser()
PARSER.read("a.ini")
-- tree.py --
from xml.etree.ElementTree import parse
T = parse("a.xml")
-- packed.py --
import gzip
Z = gzip.open("a.gz").read()
-- put.py --
import gzip
Z = gzip.open("b.gz", "rb").read()
-- given.py --
import io
X = io.StringIO("x").read()
-- app.py --
import ini, tree, packed, put, given
def f(): return ini.PARSER, tree.T, packed.Z, put.Z, given.X
-- main.py --
import app, gzip
def f():
    open("a.xml", "w"), open("a.ini", "w")
    gzip.open("a.gz", "wb")
    app.f()
`, []string{"app.py ini: state-at-import", "app.py tree: state-at-import", "app.py packed: state-at-import", "app.py put: sink f", "app.py given: sink f"}},
	{"warning filters that a load sets, where those before it come back", `
-- lib.py --
import warnings
warnings.filterwarnings("ignore", message="old")
-- calm.py --
import warnings
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
-- app.py --
import lib, calm
def f(): return lib.x, calm.x
-- tests/test_app.py --
import app
def test_f(recwarn): app.f()
`, []string{"app.py lib: state-at-import", "app.py calm: sink f"}},
	{"warning filters that a load sets, where others are set", `
-- lib.py --
import warnings
warnings.filterwarnings("ignore", message="old")
-- app.py --
import lib, warnings
def f(): return lib.x
def g(): warnings.simplefilter("error")
`, []string{"app.py lib: sink f"}},
	{"modules of the library that take what a test replaces when they first load", `
-- app.py --
import ssl, urllib.request, bisect, uuid
def f(): return ssl.x, urllib.request.x, bisect.x, uuid.x
-- lib.py --
import multiprocessing
x = multiprocessing.Process
-- user.py --
import lib
def f(): return lib.x
-- far.py --
import ssl
def f(): return ssl.x
-- tests/test_app.py --
import socket, sys, app, user
def test_f(monkeypatch):
    monkeypatch.setattr(socket, "socket", None)
    monkeypatch.setattr("sys.platform", "win32")
    app.f()
`, []string{"app.py ssl: stubbed", "app.py urllib: stubbed", "app.py bisect: sink f", "app.py uuid: sink f", "user.py lib: stubbed", "far.py ssl: sink f"}},
	{"modules of the library that have loaded when something is replaced", `
-- app.py --
import ssl, random
def f(): return ssl.x, random.x
-- tests/test_app.py --
import unittest.mock, app
@unittest.mock.patch("socket.socket")
def test_f(): app.f()
`, []string{"app.py ssl: sink f"}},
}

func TestDangers(t *testing.T) { planned(t, dangers) }
