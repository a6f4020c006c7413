package plan_test

import (
	"strings"
	"testing"

	"fastpath/plan"
)

// An expected is a tree and lines that its plan has.
type expected struct {
	name, tree string
	has        []string
}

// What depends on what else loads, both ways: the import that nobody can tell
// from a later one sinks, the one that somebody leans on stays.
var surely = []expected{
	{"a registry within the package that loads the registering module anyway", `
-- p/__init__.py --
from .env import Env
from .reg import keep
__all__ = ["Env", "keep"]
-- p/reg.py --
names = []
def keep(f):
    names.append(f)
    return f
-- p/env.py --
from .reg import keep
class Env: pass
@keep
def work(): pass
-- user.py --
from p.env import work
def f(): return work()
`, []string{"user.py work: sink f"}},
	{"an attribute stored into a class that stands in for a missing module", `
-- images.py --
try:
    import PIL.Image
except ImportError:
    class PIL: pass
    PIL.Image = None
-- user.py --
import images
def f(): return images.PIL
`, []string{"user.py images: sink f"}},
	{"an attribute stored into what an import binds after the class", `
-- images.py --
try:
    import PIL.Image
except ImportError:
    class PIL: pass
    import PIL
    PIL.Image = None
-- user.py --
import images
def f(): return images.PIL
`, []string{"user.py images: side-effect"}},
	{"a first load that conftest.py has made before each test", `
-- reg.py --
names = []
def keep(f):
    names.append(f)
    return f
-- env.py --
from reg import keep
@keep
def work(): pass
-- tests/conftest.py --
import env
print(env)
-- tests/test_a.py --
from env import work
def test_f(): return work()
-- other/test_b.py --
from env import work
def test_f(): return work()
`, []string{"tests/test_a.py work: sink test_f", "other/test_b.py work: side-effect"}},
	{"a function handed through two of the file, which only keep it", `
-- roles.py --
import json, csv
registry = {}
def register(name, f):
    mark(f)
    registry[name] = f
def mark(f):
    if not hasattr(f, "options"):
        f.options = {}
def try_out(name, f):
    probe(f)
    registry[name] = f
def probe(f):
    f()
def read():
    return json.x
def write():
    return csv.x
register("read", read)
try_out("write", write)
`, []string{"roles.py json: sink read", "roles.py csv: runs-at-import"}},
	{"a registry that loads without the module that registers there", `
-- p/__init__.py --
-- p/reg.py --
names = []
def keep(f):
    names.append(f)
    return f
-- p/env.py --
from .reg import keep
@keep
def work(): pass
-- user.py --
from p.env import work
def f(): return work()
`, []string{"user.py work: side-effect"}},
	{"a class watched by its base in a module that loads without it", `
-- p/__init__.py --
from .mid import Mid
__all__ = ["Mid"]
-- p/mid.py --
from base import Base
class Mid(Base): pass
-- base.py --
class Base:
    def __init_subclass__(cls): names.append(cls)
names = []
-- p/leaf.py --
from .mid import Mid
class Leaf(Mid): pass
-- user.py --
from p.leaf import Leaf
def f(): return Leaf
`, []string{"user.py Leaf: side-effect"}},
	{"a submodule that one way to its use does not load", `
-- lib/__init__.py --
-- lib/transforms/__init__.py --
-- lib/transforms/universal.py --
-- lib/parsers.py --
from lib import transforms
def parse(): return transforms.universal
-- lib/reader.py --
from lib import parsers
from lib.transforms import universal
def read(): return parsers.parse(), universal
-- user.py --
from lib.reader import read
def f(): return read()
def g():
    from lib import parsers
    return parsers.parse()
-- other.py --
from lib.reader import read
def f(): return read()
`, []string{"user.py read: provides-submodule", "other.py read: sink f", "lib/reader.py universal: provides-submodule"}},
	{"a submodule that what imports the importer gets around", `
-- lib/__init__.py --
-- lib/transforms/__init__.py --
-- lib/transforms/universal.py --
-- lib/parsers.py --
from lib import transforms
def parse(): return transforms.universal
-- lib/reader.py --
from lib import parsers
from lib.transforms import universal
def read(): return parsers.parse(), universal
-- user.py --
from lib.reader import read
def f(): return read()
-- other.py --
import user
from lib import parsers
def f(): return user.f(), parsers.parse()
`, []string{"user.py read: provides-submodule", "other.py user: provides-submodule"}},
	{"a value that its module settles while it loads", `
-- p/__init__.py --
from .use import f
-- p/compat.py --
from typing import overload
try:
    from json import JSONDecodeError
except ImportError:
    JSONDecodeError = ValueError
class Wrapped: pass
Wrapped = print(Wrapped)
@overload
def late(x: int): ...
@overload
def late(x: str): ...
def late(x): pass
def change():
    global changed
    changed = 1
if JSONDecodeError:
    changed = 0
-- p/use.py --
from .compat import JSONDecodeError, Wrapped, late, changed
def f(): return JSONDecodeError, Wrapped, late, changed
`, []string{"p/use.py JSONDecodeError: sink f", "p/use.py Wrapped: sink f", "p/use.py late: sink f", "p/use.py changed: late-value"}},
	{"a value that its module had not settled when it was taken", `
-- compat.py --
try:
    from json import A
except ImportError:
    import use
    A = ValueError
-- use.py --
from compat import A
def f(): return A
`, []string{"use.py A: late-value"}},
	{"a class that the standard library makes on demand", `
-- a.py --
from concurrent.futures import ThreadPoolExecutor
def f(): return ThreadPoolExecutor()
`, []string{"a.py ThreadPoolExecutor: sink f"}},
	{"content that an importer sets before the import that reads it", `
-- conf.py --
S = {}
names = []
other = []
-- target.py --
import conf
X = conf.S.get("x")
-- lists.py --
from conf import names
X = list(names)
-- quiet.py --
from conf import other, names
def f(): return list(names), other
-- user.py --
import conf
conf.S["x"] = 1
conf.names.append(1)
import target
import lists
import quiet
def f(): return target, lists
def g(): return quiet
`, []string{"user.py target: state-at-import", "user.py lists: state-at-import", "user.py quiet: sink g"}},
	{"a counter that files count on while they load", `
-- reg.py --
import itertools
C = itertools.count()
D = itertools.count()
-- a.py --
import reg
ID = next(reg.C)
-- b.py --
from reg import C
ID = next(C)
-- c.py --
import reg
ID = next(reg.D)
-- user.py --
import a, b, c
def f(): return a, b, c
`, []string{"user.py a: state-at-import", "user.py b: state-at-import", "user.py c: sink f"}},
	{"what the main guard calls", `
-- a.py --
import x
class C:
    def run(self): return x.y
def main(): pass
if __name__ == "__main__":
    main().run()
`, []string{"a.py x: sink C.run"}},
	{"what asks whether a module has one name", `
-- m.py --
import x
def f(): return x
def prepare(): pass
-- test_m.py --
import m
def test(): assert "prepare" in dir(m)
`, []string{"m.py x: sink f"}},
	{"what lists the names of a module", `
-- m.py --
import x
def f(): return x
-- test_m.py --
import m
def test(): assert "prepare" in list(dir(m))
`, []string{"m.py x: dynamic"}},
	{"entries of sys.modules below the module that writes them", `
-- p/__init__.py --
-- p/packages.py --
import sys
for name in list(sys.modules):
    sys.modules[f"p.packages.{name}"] = sys.modules[name]
-- user.py --
from p import packages
def f(): return packages
`, []string{"user.py packages: sink f"}},
	{"entries of sys.modules below another module", `
-- q/__init__.py --
-- q/other.py --
-- p.py --
import sys
for name in list(sys.modules):
    sys.modules[f"q.{name}"] = sys.modules[name]
-- user.py --
import p
from q import other
def f(): return p, other
`, []string{"user.py p: side-effect", "user.py other: stubbed"}},
	{"a search for modules that gets back what it had", `
-- user.py --
import outside
def f(): return outside
-- test_user.py --
import sys, user
def test():
    before = sys.meta_path[:]
    try:
        sys.meta_path.insert(0, user)
    finally:
        sys.meta_path[:] = before
`, []string{"user.py outside: sink f"}},
	{"a mock of what the package around it has taken by then", `
-- p/__init__.py --
from .ui import show
__all__ = ["show"]
-- p/low.py --
def isatty(): pass
def other(): pass
-- p/ui.py --
from .low import isatty
def show(): return isatty()
-- p/core.py --
from .low import other
def f(): return other()
-- test_low.py --
import p.low
def test(monkeypatch):
    monkeypatch.setattr(p.low, "isatty", None)
`, []string{"p/core.py other: sink f"}},
	{"a mock of what nothing has taken by then", `
-- p/__init__.py --
-- p/low.py --
def isatty(): pass
-- p/ui.py --
from .low import isatty
def show(): return isatty()
-- core.py --
from p.ui import show
def f(): return show()
-- test_low.py --
import p.low
def test(monkeypatch):
    monkeypatch.setattr(p.low, "isatty", None)
    import core
    core.f()
`, []string{"core.py show: stubbed"}},
	{"a mock that ends with a test, for tests, for what they share, and for what a framework may run", `
-- low.py --
def isatty(): pass
-- ui.py --
from low import isatty
-- hooks.py --
all = []
-- far.py --
import ui
def f(): return ui.x
-- test_far.py --
import ui
def test_other(): ui.x
-- test_lent.py --
import ui, pytest
@pytest.fixture
def shown(): return lambda: ui.x
-- test_hooked.py --
import ui, hooks
def f(): return ui.x
hooks.all.append(f)
-- test_low.py --
import low, hooks
def test_one(monkeypatch):
    monkeypatch.setattr(low, "isatty", None)
    for f in hooks.all: f()
-- high.py --
def isatty(): pass
-- ux.py --
from high import isatty
-- test_near.py --
import ux
def test_f(): ux.x
-- test_high.py --
import high
from unittest import mock
mock.patch("high.isatty").start()
def test_one(): pass
`, []string{"far.py ui: stubbed", "test_far.py ui: sink test_other", "test_lent.py ui: stubbed", "test_hooked.py ui: stubbed", "test_near.py ux: stubbed"}},
	{"a function that changes what was read when its own module loaded", `
-- settings.py --
import os
HOME = os.environ["HOME"]
-- change.py --
import os
import settings
print(settings.HOME)
def change(): os.environ["HOME"] = "/"
-- user.py --
import settings
def f(): return settings.HOME
`, []string{"user.py settings: sink f"}},
	{"a module that changes what is read while it loads itself", `
-- settings.py --
import os
HOME = os.environ["HOME"]
-- change.py --
import os
import settings
print(settings.HOME)
os.environ["HOME"] = "/"
-- user.py --
import settings
def f(): return settings.HOME
`, []string{"user.py settings: state-at-import"}},
	{"a submodule that the module of the use still loads", `
-- p/__init__.py --
-- a.py --
import p
import b
def f(): return p.sub.x
print(b)
-- b.py --
from p.sub import x
print(x)
-- c.py --
from p.sub import x
def f(): return x
-- p/sub.py --
def x(): pass
`, []string{"c.py x: sink f"}},
	{"a submodule that would load no more, through two imports", `
-- p/__init__.py --
-- p/sub.py --
def x(): pass
-- a.py --
import p
import b
def f(): return p.sub.x
def g(): return b.f
-- b.py --
from p.sub import x
def f(): return x
-- c.py --
from p.sub import x
def f(): return x
`, []string{"a.py b: provides-submodule", "b.py x: provides-submodule", "c.py x: sink f"}},
	{"a submodule that is needed while the module loads, before another import brings it", `
-- p/__init__.py --
-- p/sub.py --
def x(): pass
-- a.py --
import p
import b
y = p.sub.x
import d
print(d)
def g(): return b
-- b.py --
from p.sub import x
print(x)
-- d.py --
from p.sub import x
print(x)
`, []string{"a.py b: provides-submodule"}},
	{"a submodule that a module brings which leads to the use lazily", `
-- p/__init__.py --
-- p/sub.py --
def x(): pass
-- a.py --
import p
def f(): return p.sub.x
-- main.py --
from p.sub import x
def g():
    import a
    return a.f()
def h(): return x
`, []string{"main.py x: provides-submodule"}},
	{"a submodule that conftest.py brings to the tests", `
-- p/__init__.py --
-- p/sub.py --
def x(): pass
-- tests/conftest.py --
from p.sub import x
print(x)
-- tests/test_a.py --
import p
def test_f(): return p.sub.x
-- tests/test_b.py --
from p.sub import x
def test_f(): return x
`, []string{"tests/test_b.py x: sink test_f"}},
	{"a submodule that only another test brings", `
-- p/__init__.py --
-- p/sub.py --
def x(): pass
-- tests/test_a.py --
import p
def test_f(): return p.sub.x
-- tests/test_b.py --
from p.sub import x
def test_f(): return x
-- tests/test_c.py --
from p.sub import x
def test_f(): return x
`, []string{"tests/test_b.py x: provides-submodule", "tests/test_c.py x: sink test_f"}},
	{"a submodule that nobody is known to bring to code that is no test", `
-- p/__init__.py --
-- p/sub.py --
def x(): pass
-- a.py --
import p
def f(): return p.sub.x
-- b.py --
from p.sub import x
def f(): return x
`, []string{"b.py x: provides-submodule"}},
	{"a part of the package that the package itself loads, unless that sinks", `
-- p/__init__.py --
from . import sub as _sub
def g(): return _sub
-- p/sub.py --
def x(): pass
-- a.py --
import p
def f(): return p.sub.x
`, []string{"p/__init__.py _sub: provides-submodule"}},
	{"decorators that keep what they are given for later", `
-- a.py --
import json, csv, uuid, decimal, types
import click
import flask
import pytest
app = flask.Flask("a")
slow = pytest.mark.skipif(True, reason="")
@app.route("/")
def f(): return json.x
@click.command()
def g(): return csv.x
@slow
def test(): return uuid.x
class K:
    @classmethod
    def wraps(cls, f):
        def inner(): return f()
        return inner
    @classmethod
    def runs(cls, f): return f()
@K.wraps
def h(): return decimal.x
@K.runs
def k(): return types.x
`, []string{"a.py json: sink f", "a.py csv: sink g", "a.py uuid: sink test", "a.py decimal: sink h", "a.py types: runs-at-import"}},
	{"functions that are handed to what stores them, or runs them", `
-- a.py --
import json, csv, uuid, decimal
import functools
class K:
    m = staticmethod(lambda: 1)
def f(): return json.x
def g(): return csv.x
def h(): return uuid.x
def k(): return decimal.x
def stores(x): table[1] = x
table = {}
table2 = functools.partial(f, 1)
stores(g)
list(map(h, [1]))
K.n = property(k)
`, []string{"a.py json: sink f", "a.py csv: sink g", "a.py uuid: runs-at-import", "a.py decimal: sink k"}},
}

func TestSurely(t *testing.T) { planned(t, surely) }

// planned holds each tree's plan to the lines expected of it.
func planned(t *testing.T, cases []expected) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := plan.Input{Modules: tree(t, c.tree), Policy: plan.Default()}
			everything(&in, 500, 1)
			got := lines(in, plan.Make(in))
			for _, line := range c.has {
				if !strings.Contains(got, line+"\n") {
					t.Errorf("got\n%swant %s", got, line)
				}
			}
		})
	}
}
