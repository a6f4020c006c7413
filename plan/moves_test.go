package plan_test

// moves are the smallest trees that show one rule of movement each. Down
// cases are planned with every module at 500 ms and 1 % usage, up cases with
// 1 ms and 99 %.
var moves = []struct {
	name string
	up   bool
	tree string
	want string

	annotations string // policy
}{
	{name: "plain imports sink into functions and methods", tree: `
-- a.py --
import json
import csv as c
from decimal import Decimal
def f():
    return json.dumps(1)
class K:
    def m(self):
        return c.reader, Decimal(1), json
`, want: `
a.py json: sink f K.m
a.py c: sink K.m
a.py Decimal: sink K.m
`},
	{name: "one import for the innermost function with all references", tree: `
-- a.py --
import json
def f():
    def g():
        return json.a
    def h():
        return json.b
    return g, h
def k():
    def g():
        return json.a
    return g
`, want: `
a.py json: sink f k.g
`},
	{name: "what runs at import keeps the import", tree: `
-- a.py --
import json, csv, abc, enum, decimal, types, typing, uuid
@json.wrap
def f(): pass
def g(x=csv.x): pass
class A(abc.ABC): pass
class B:
    k = enum.x
y = decimal.x
z = lambda: types.x
w = [typing.x for i in range(3)]
if __name__ == "__main__":
    uuid.x
`, want: `
a.py json: eager-use
a.py csv: eager-use
a.py abc: eager-use
a.py enum: eager-use
a.py decimal: eager-use
a.py types: eager-use
a.py typing: eager-use
a.py uuid: sink <main>
`},
	{name: "star, future, guarded, unused, rebound", tree: `
-- a.py --
from __future__ import annotations
from json import *
import csv
import decimal
try:
    import fractions
except ImportError:
    fractions = None
import uuid
def f():
    global decimal
    decimal = 1
    return fractions, uuid
uuid = uuid
`, want: `
a.py annotations: future
a.py *: star
a.py csv: unused
a.py decimal: unused,rebound
a.py fractions: guarded,rebound
a.py uuid: eager-use,rebound
`},
	{name: "functions that run while the module loads", tree: `
-- a.py --
import json, csv, uuid, decimal
import threading
def f():
    return json.x
f()
def g():
    return h()
def h():
    return csv.x
register(g)
def deco(fn):
    def inner():
        return uuid.x
    return inner
@deco
def k():
    return decimal.x
threading.Thread(target=k).start()
`, want: `
a.py json: called-at-import
a.py csv: runs-at-import
a.py uuid: sink deco.inner
a.py decimal: runs-at-import
a.py threading: eager-use
`},
	{name: "annotations that nothing reads", tree: `
-- a.py --
from __future__ import annotations
import decimal
import fractions
from dataclasses import dataclass
import uuid
def f(x: decimal.Decimal):
    return decimal.Decimal(x)
def g(x: fractions.Fraction): ...
@dataclass
class D:
    u: uuid.UUID
`, want: `
a.py annotations: future
a.py decimal: sink f +types
a.py fractions: type-checking
a.py dataclass: eager-use
a.py uuid: eager-use
`},
	{name: "what others take from the module stays", tree: `
-- a.py --
import json, csv, uuid, decimal, fractions
__all__ = ["csv"]
def f():
    return json.x, csv.x, uuid.x, decimal.x, fractions.x
-- b.py --
from a import json
import a
from unittest.mock import patch
def g():
    return a.uuid.x
@patch("a.decimal")
def test(): pass
-- c.py --
T = "a.fractions"
`, want: `
a.py json: exported
a.py csv: exported
a.py uuid: exported
a.py decimal: patched
a.py fractions: exported
b.py json: unused
b.py a: sink g
b.py patch: eager-use
`},
	{name: "late values", tree: `
-- a.py --
from config import LEVEL, NAME, setup
def f():
    return LEVEL, NAME, setup
-- config.py --
LEVEL = 0
NAME = "x"
def setup():
    global LEVEL
    LEVEL = 1
`, want: `
a.py LEVEL: late-value
a.py NAME: sink f
a.py setup: sink f
`},
	{name: "imports that provide submodules to others", tree: `
-- a.py --
import xml.etree.ElementTree as ET
def f():
    return ET.parse
-- b.py --
import xml
def g():
    return xml.etree.ElementTree
`, want: `
a.py ET: provides-submodule
b.py xml: sink g
`},
	{name: "imports of one package move each where its chain needs it", tree: `
-- a.py --
import os
import os.path
import xml.dom
import xml.sax
def f():
    return os.path.join, os.sep
def g():
    return xml.dom.x
def h():
    return xml.sax.x
`, want: `
a.py os: sink f
a.py os: sink f
a.py xml: sink g
a.py xml: sink h
`},
	{name: "class bodies in functions look past the function", tree: `
-- a.py --
import json
def f():
    class C:
        json = json
    return C
`, want: `
a.py json: class-scope
`},
	{name: "namespace access and strings that are evaluated", tree: `
-- a.py --
import json
def f():
    return json.x
def g():
    return globals()
-- b.py --
import csv, uuid
def f(df):
    return csv.x, uuid.x, locals()
-- c.py --
import numpy as np
def f(df):
    return np.x, df.query("@np.floor(x)")
`, want: `
a.py json: dynamic
b.py csv: dynamic
b.py uuid: dynamic
c.py np: dynamic
`},
	{name: "an outside import that decides which module of a cycle comes first", tree: `
-- a.py --
import b
X = 1
-- b.py --
import a
Y = a.X
-- main.py --
import b
import a
def f():
    return a.X
def g():
    return b.Y
`, want: `
a.py b: unused
b.py a: eager-use
main.py b: cycle-order
main.py a: sink f
`},
	{name: "what happens at the first load happens all the same where another import comes first", tree: `
-- state.py --
import os
os.environ["A"] = "1"
def a(): pass
def b(): pass
-- early.py --
from state import a
from state import b
a()
def f():
    return b
-- late.py --
from state import b
from state import a
a()
def f():
    return b
-- through.py --
import early
from state import b
early.f()
def f():
    return b
-- guarded.py --
try:
    from state import a
except ImportError:
    a = None
from state import b
def f():
    return b
`, want: `
early.py a: eager-use,side-effect
early.py b: sink f
guarded.py a: guarded,unused,rebound,side-effect
guarded.py b: side-effect
late.py b: side-effect
late.py a: eager-use,side-effect
state.py os: eager-use
through.py early: eager-use,side-effect
through.py b: sink f
`},
	{name: "metaclasses and decorators that keep nothing have no effect on others", tree: `
-- kept.py --
from typing import TypeVar, cast
F = TypeVar("F")
seen = []
class Looks(type):
    def __subclasscheck__(cls, other): return True
class Registers(type):
    def __init__(cls, *args): seen.append(cls)
def quiet(f):
    def inner(): return f()
    return cast(F, inner)
def loud(f):
    seen.append(f)
    return f
-- looks.py --
from kept import Looks
class A(metaclass=Looks): pass
-- registers.py --
from kept import Registers
class B(metaclass=Registers): pass
-- quieted.py --
from kept import quiet
@quiet
def c(): pass
-- loud.py --
from kept import loud
@loud
def d(): pass
-- main.py --
import looks, registers, quieted, loud
def f():
    return looks.A, registers.B, quieted.c, loud.d
`, want: `
kept.py TypeVar: eager-use
kept.py cast: sink quiet
looks.py Looks: eager-use
loud.py loud: eager-use
main.py looks: sink f
main.py registers: side-effect
main.py quieted: sink f
main.py loud: side-effect
quieted.py quiet: eager-use
registers.py Registers: eager-use
`},
	{name: "code in strings imports names", tree: `
-- runtime.py --
import json, csv
exported = ["json", "f"]
def f():
    return json.x, csv.x
-- listed.py --
import json, csv
def f():
    return json.x, csv.x
-- compiler.py --
import runtime
def source():
    return "from runtime import " + ", ".join(runtime.exported)
PROGRAM = "import sys; from listed import json as j, f\nf()"
`, want: `
compiler.py runtime: sink source
listed.py json: exported
listed.py csv: sink f
runtime.py json: exported
runtime.py csv: exported
`},
	{name: "an import that runs while __import__ is replaced", tree: `
-- loader.py --
import json
def load():
    return json.x
-- other.py --
import csv
def f():
    return csv.x
-- test_loader.py --
import builtins
import re
import loader
def test():
    real = builtins.__import__
    def fake(name, *args):
        return re.x, real(name, *args)
    builtins.__import__ = fake
    loader.load()
-- test_patch.py --
from unittest import mock
import decimal
def test():
    with mock.patch("builtins.__import__"):
        decimal.x
`, want: `
loader.py json: stubbed
other.py csv: sink f
test_loader.py builtins: stubbed
test_loader.py re: stubbed
test_loader.py loader: stubbed
test_patch.py mock: stubbed
test_patch.py decimal: stubbed
`},
	{name: "replacing a name in a submodule loads the packages around it first", tree: `
-- p/__init__.py --
from p.sub import get
-- p/sub.py --
def get(): pass
-- q.py --
from p.sub import get
def f():
    return get
-- main.py --
import p
import q
def f():
    return p.sub, q.f
-- test_main.py --
from unittest.mock import patch
@patch("p.sub.get")
def test(get):
    import main
`, want: `
main.py p: sink f
main.py q: stubbed
p/__init__.py get: unused,late-value,exported
q.py get: late-value
test_main.py patch: eager-use
test_main.py main: keep (heavy)
`},
	{name: "local imports of the standard library go up once", up: true, tree: `
-- a.py --
import os
def f():
    import json
    return json.x
def g():
    import json
    return json.y
def h():
    import os
    return os.sep
`, want: `
a.py os: keep (fast)
a.py json: hoist
a.py json: drop
a.py os: drop
`},
	{name: "what was lazy for a reason stays", up: true, tree: `
-- a.py --
import sys
def f(x):
    if x:
        import json
        return json
def g():
    try:
        import csv
    except ImportError:
        csv = None
    return csv
def h():
    import os as json
    return json
json = 1
def i():
    import numpy
    return numpy
def j():
    import readline
    return readline
def main():
    import argparse
    return argparse
if __name__ == "__main__":
    main()
`, want: `
a.py sys: keep (fast)
a.py json: conditional,name-taken
a.py csv: optional,local-rebind
a.py json: name-taken
a.py numpy: optional
a.py readline: optional,side-effect
a.py argparse: main-only
`},
	{name: "a hoist that would bind what other code misses", up: true, tree: `
-- a.py --
def f():
    import csv, json
    return csv, json
def g(): return csv
`, want: `
a.py csv: name-taken
a.py json: hoist
`},
	{name: "a hoist that closes a cycle", up: true, tree: `
-- a.py --
from b import y
def x(): pass
-- b.py --
def y():
    from a import x
    return x
-- c.py --
import d
V = 1
-- d.py --
def y():
    import c
    return c.V
`, want: `
a.py y: keep (fast)
b.py x: cycle
c.py d: keep (fast)
d.py c: hoist
`},
	{name: "annotations that the policy makes text", annotations: "quote", tree: `
-- a.py --
import decimal
import fractions
from dataclasses import dataclass
def f(x: decimal.Decimal) -> None:
    return decimal.Decimal(x)
@dataclass
class D:
    x: fractions.Fraction
`, want: `
a.py decimal: sink f +types
a.py fractions: eager-use
a.py dataclass: eager-use
`},
	{name: "the future import makes every annotation text, so none may be read", annotations: "future", tree: `
-- a.py --
import decimal
def f(x: decimal.Decimal) -> None:
    return decimal.Decimal(x)
-- b.py --
import decimal, fractions
from dataclasses import dataclass
def f(x: decimal.Decimal) -> None:
    return decimal.Decimal(x)
@dataclass
class D:
    x: fractions.Fraction
`, want: `
a.py decimal: sink f +types
b.py decimal: eager-use
b.py fractions: eager-use
b.py dataclass: eager-use
`},
	{name: "repeats of an import that cannot go up stay with it", up: true, tree: `
-- a.py --
from b import y
def x(): pass
-- b.py --
def y():
    from a import x
    return x
def z():
    from a import x
    return x
`, want: `
a.py y: keep (fast)
b.py x: cycle
b.py x: cycle
`},
	{name: "what stands for type checkers goes up with its twin, or by itself", up: true, tree: `
-- a.py --
from __future__ import annotations
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction
    from b import Late
def f(x: Decimal, y: Fraction, z: Late):
    from decimal import Decimal
    return Decimal(x)
-- b.py --
import a
class Late(a.f): pass
`, want: `
a.py annotations: keep (fast)
a.py TYPE_CHECKING: keep (fast)
a.py Decimal: hoist
a.py Fraction: hoist
a.py Late: cycle
a.py Decimal: drop
b.py a: keep (fast)
`},
	{name: "a repeat is kept where the function may run before the import", up: true, tree: `
-- a.py --
def f():
    import json
    return json.x
import b
import json
def g():
    import json
    return json.x
-- b.py --
from a import f
f()
`, want: `
a.py json: conditional
a.py b: keep (fast)
a.py json: keep (fast)
a.py json: drop
b.py f: keep (fast)
`},
	{name: "test runners use names of the module", up: true, tree: `
-- tests/test_a.py --
def f():
    from helpers import database, load_tests, plain
    return database, load_tests, plain
-- helpers.py --
import pytest
@pytest.fixture
def database(): pass
def load_tests(): pass
def plain(): pass
`, want: `
helpers.py pytest: keep (fast)
tests/test_a.py database: optional,discovered
tests/test_a.py load_tests: optional,discovered
tests/test_a.py plain: optional
`},
}
