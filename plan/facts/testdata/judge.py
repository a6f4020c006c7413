"""Says what CPython's ast knows of the imports of some files.

Reads paths, one a line. Writes for each a line of JSON: the imports, and the
loads of names that are bound by a module-level import and by nothing else, with
the code that runs them. Written apart from the Go side, on purpose.
"""

import ast
import json
import sys


def binders(tree):
    """Names bound by module-level imports only, and never hidden elsewhere."""
    imported, other = set(), set()
    body = list(tree.body)
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for a in node.names:
                imported.add(a.asname or a.name.split(".")[0])
    top = {id(n) for n in body}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)) and id(node) not in top:
            for a in node.names:
                other.add(a.asname or a.name.split(".")[0])
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            other.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            other.add(node.name)
        elif isinstance(node, ast.arg):
            other.add(node.arg)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            other.update(node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            other.add(node.name)
        elif type(node).__name__ in ("MatchAs", "MatchStar", "TypeVar", "ParamSpec", "TypeVarTuple") and node.name:
            other.add(node.name)
        elif type(node).__name__ == "MatchMapping" and node.rest:
            other.add(node.rest)
    return {n for n in imported - other if not n.startswith("__")}


COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
COMPOUND = (ast.If, ast.Try, ast.With, ast.AsyncWith, ast.For, ast.AsyncFor, ast.While) + tuple(
    getattr(ast, n) for n in ("Match", "TryStar") if hasattr(ast, n))


class Context:
    def __init__(self, kind, name, role="plain", **flags):
        self.kind, self.name, self.role = kind, name, role
        self.guarded = flags.get("guarded", False)
        self.loop = flags.get("loop", False)
        self.types = flags.get("types", False)
        self.main = flags.get("main", False)
        self.comp = flags.get("comp", False)

    def but(self, **changes):
        new = Context(self.kind, self.name, self.role)
        new.__dict__.update(self.__dict__)
        new.__dict__.update(changes)
        return new

    def body(self, kind, name):
        whole = self.name + "." + name if self.name else name
        return Context(kind, whole, types=self.types, main=self.main)


def is_types(test):
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return any(is_types(v) for v in test.values)
    if isinstance(test, ast.Name):
        return test.id in ("TYPE_CHECKING", "MYPY")
    if isinstance(test, ast.Attribute):
        return test.attr == "TYPE_CHECKING"
    return isinstance(test, ast.Constant) and test.value in (False, 0) and isinstance(test.value, int)


def is_main(test):
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return any(is_main(v) for v in test.values)
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)):
        return False
    sides = [test.left, test.comparators[0]]
    return (any(isinstance(s, ast.Name) and s.id == "__name__" for s in sides)
            and any(isinstance(s, ast.Constant) and s.value == "__main__" for s in sides))


class Walk:
    def __init__(self, names):
        self.names = names
        self.imports, self.uses = [], []

    def site(self, c):
        if c.kind == "class":
            return "class"
        if c.kind != "module":
            return "function"
        if c.types:
            return "type-checking"
        if c.main:
            return "main"
        return "guarded" if c.guarded else "module"

    def all(self, nodes, c):
        for n in nodes:
            self.node(n, c)

    def node(self, n, c):
        if n is None:
            return
        method = getattr(self, "on_" + type(n).__name__, None)
        if method:
            method(n, c)
        elif isinstance(n, COMPREHENSIONS):
            self.comprehension(n, c)
        else:
            if isinstance(n, COMPOUND):
                c = c.but(guarded=True)
            self.all(ast.iter_child_nodes(n), c)

    def on_Import(self, n, c):
        for a in n.names:
            self.imports.append([n.lineno, 0, a.name, "", a.asname or a.name.split(".")[0], self.site(c), c.name])

    def on_ImportFrom(self, n, c):
        for a in n.names:
            bound = "" if a.name == "*" else a.asname or a.name
            self.imports.append([n.lineno, n.level, n.module or "", a.name, bound, self.site(c), c.name])

    def on_Name(self, n, c):
        if n.id in self.names and isinstance(n.ctx, ast.Load):
            self.uses.append([n.lineno, n.col_offset, n.id, c.name, c.role, c.loop, c.comp, c.types])

    def on_If(self, n, c):
        inner = c.but(guarded=True)
        self.node(n.test, inner)
        elif_ = len(n.orelse) == 1 and isinstance(n.orelse[0], ast.If)
        top = c.kind == "module" and not c.guarded
        if is_types(n.test):
            self.all(n.body, c.but(types=True))
            self.all(n.orelse, inner)
        elif isinstance(n.test, ast.UnaryOp) and isinstance(n.test.op, ast.Not) and is_types(n.test.operand) and not elif_:
            self.all(n.body, inner)
            self.all(n.orelse, c.but(types=True))
        elif is_main(n.test) and top and not getattr(n, "is_elif", False):
            self.all(n.body, c.but(main=True))
            self.all(n.orelse, inner)
        else:
            self.all(n.body, inner)
            self.all(n.orelse, inner)

    def on_For(self, n, c):
        c = c.but(guarded=True)
        self.node(n.target, c)
        self.node(n.iter, c)
        self.all(n.body, c.but(loop=True))
        self.all(n.orelse, c)

    on_AsyncFor = on_For

    def on_While(self, n, c):
        c = c.but(guarded=True)
        self.node(n.test, c.but(loop=True))
        self.all(n.body, c.but(loop=True))
        self.all(n.orelse, c)

    def annotation(self, n, c):
        self.node(n, c.but(role="annotation"))

    def arguments(self, a, c):
        for p in a.posonlyargs + a.args + [a.vararg] + a.kwonlyargs + [a.kwarg]:
            if p is not None and p.annotation is not None:
                self.annotation(p.annotation, c)
        self.all(a.defaults, c.but(role="default"))
        self.all(a.kw_defaults, c.but(role="default"))

    def type_params(self, n, c):
        for p in getattr(n, "type_params", []):
            self.node(getattr(p, "bound", None), c.but(role="type parameter"))
            self.node(getattr(p, "default_value", None), c.but(role="type parameter"))

    def on_FunctionDef(self, n, c):
        self.all(n.decorator_list, c.but(role="decorator"))
        self.type_params(n, c)
        self.arguments(n.args, c)
        if n.returns is not None:
            self.annotation(n.returns, c)
        self.all(n.body, c.body("function", n.name))

    on_AsyncFunctionDef = on_FunctionDef

    def on_Lambda(self, n, c):
        self.arguments(n.args, c)
        self.node(n.body, c.body("function", "<lambda>"))

    def on_ClassDef(self, n, c):
        self.all(n.decorator_list, c.but(role="decorator"))
        self.type_params(n, c)
        self.all(n.bases, c.but(role="base class"))
        self.all(n.keywords, c.but(role="base class"))
        self.all(n.body, c.body("class", n.name))

    def on_AnnAssign(self, n, c):
        self.node(n.target, c)
        self.annotation(n.annotation, c)
        self.node(n.value, c)

    def on_TypeAlias(self, n, c):
        self.type_params(n, c)
        self.node(n.value, c.but(role="type alias"))

    def comprehension(self, n, c):
        inner = c.but(comp=True)
        first = n.generators[0]
        self.node(first.iter, c)
        self.node(first.target, inner)
        self.all(first.ifs, inner)
        for g in n.generators[1:]:
            self.node(g.iter, inner)
            self.node(g.target, inner)
            self.all(g.ifs, inner)
        if isinstance(n, ast.DictComp):
            self.node(n.key, inner)
            self.node(n.value, inner)
        else:
            self.node(n.elt, inner)


def judge(path):
    with open(path, "rb") as f:
        source = f.read()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as e:
        return {"path": path, "error": str(e)}
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            node.orelse[0].is_elif = True
    w = Walk(binders(tree))
    try:
        w.all(tree.body, Context("module", ""))
    except RecursionError as e:
        return {"path": path, "error": str(e)}
    return {"path": path, "imports": sorted(w.imports), "uses": sorted(w.uses), "names": sorted(w.names)}


sys.setrecursionlimit(20000)
import warnings
warnings.simplefilter("ignore")
for line in sys.stdin:
    print(json.dumps(judge(line.rstrip("\n"))), flush=True)
