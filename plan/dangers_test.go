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
	{"a module that sys.modules has to hold", `
-- lib.py --
-- user.py --
import lib, csv
def f(): return lib.a, csv.x
-- main.py --
import sys
import user
def look():
    return sys.modules["lib"].a, sys.modules.get("csv")
`, []string{"user.py lib: stubbed", "user.py csv: sink f"}},
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
names, cache = [], {}
def add(name):
    names.append(name)
    return name
def known(name):
    cache[name] = 1
    return name
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
-- main.py --
import one, two, three
def f(): return one.me, two.me, three.Three
`, []string{"main.py one: side-effect", "main.py two: sink f", "main.py three: side-effect"}},
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
}

func TestDangers(t *testing.T) { planned(t, dangers) }
