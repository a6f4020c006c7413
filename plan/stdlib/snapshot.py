"""Print what this interpreter's standard library offers, and what its modules take
of each other when they load, one module a line.

Run by `make stdlib` under every supported interpreter; merge.py keeps what all
of them agree on. A line is `module: name !name …`. The marked names are those
that a function of the module declares global; the others are those whose value
cannot become another one later: modules, classes, functions, immutable
constants, and what one assignment of the module, in no block, is all that binds.
What a module-level __getattr__ makes on demand, and __all__ lists, counts as well.
`<other` is a module that it loads whenever it loads, `?other` one that it may load,
and `=other.name` a name of another module that it takes, or uses, when it loads.
"""

import ast
import collections
import importlib
import io
import os
import pkgutil
import sys
import types

STABLE = (
    types.ModuleType,
    type,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
)
CONSTANT = (int, float, complex, str, bytes, tuple, frozenset, bool, type(None))
SKIP = ("test", "idlelib", "lib2to3", "turtledemo", "antigravity", "this", "__main__")


def modules():
    stdlib = os.path.dirname(os.__file__)
    found = {*sys.builtin_module_names, "os.path"}
    for info in pkgutil.walk_packages([stdlib], onerror=lambda name: None):
        found.add(info.name)
    for info in pkgutil.iter_modules([os.path.join(stdlib, "lib-dynload")]):
        found.add(info.name)
    for name in sorted(found):
        parts = name.split(".")
        if parts[0] in SKIP or "site-packages" in parts or set(parts) & {"test", "tests", "__main__", "idle_test"}:
            continue
        yield name


def source(module):
    """The tree of the module's source, an empty one where it has none."""
    path = getattr(module, "__file__", None) or ""
    if not path.endswith(".py"):
        return ast.parse("")
    with io.open(path, "rb") as file:
        return ast.parse(file.read())


def rebound(tree):
    """Names that functions of the module declare global, __getattr__ aside."""
    aside = {inner for node in tree.body if getattr(node, "name", "") == "__getattr__" for inner in ast.walk(node)}
    return {n for node in ast.walk(tree) if isinstance(node, ast.Global) and node not in aside for n in node.names}


def assigned_once(tree):
    """Names that an assignment of the module itself binds, and that are bound
    nowhere else in the file: local variables of that name count, to be safe."""
    targets = [t.id for node in tree.body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)]
    bound = collections.Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound[node.id] += 1
        elif isinstance(node, ast.alias):
            bound[node.asname or node.name.partition(".")[0]] += 1
        elif isinstance(getattr(node, "name", None), str):
            bound[node.name] += 1
    return {t for t in targets if bound[t] == 1}


def private(dotted):
    return any(part.startswith("_") for part in dotted.split("."))


class Load(ast.NodeVisitor):
    """What code does that runs when its module loads."""

    def __init__(self, name, package):
        self.name, self.package = name, package
        self.sure = True  # not in a block that may be left out
        self.bound, self.loads, self.takes = {}, {}, set()

    def leave_out(self, node):
        pass

    visit_Lambda = leave_out

    def visit_FunctionDef(self, node):
        for inner in node.decorator_list + node.args.defaults + [d for d in node.args.kw_defaults if d]:
            self.visit(inner)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_If(self, node):
        if any(isinstance(inner, ast.Name) and inner.id == "__name__" for inner in ast.walk(node.test)):
            return  # it runs as a program only
        self.visit(node.test)
        before, self.sure = self.sure, False
        for inner in node.body + node.orelse:
            self.visit(inner)
        self.sure = before

    def load(self, module):
        parts = module.split(".")
        for end in range(1, len(parts) + 1):
            outer = ".".join(parts[:end])
            if outer != self.name:
                self.loads[outer] = self.loads.get(outer, False) or self.sure

    def visit_Import(self, node):
        for alias in node.names:
            self.load(alias.name)
            root = alias.name.partition(".")[0]
            self.bound[alias.asname or root] = alias.name if alias.asname else root

    def visit_ImportFrom(self, node):
        module = node.module or ""
        if node.level:
            above = self.package.split(".")
            module = ".".join(above[: len(above) - node.level + 1] + [module] * bool(module))
        self.load(module)
        for alias in node.names:
            path = module + "." + alias.name
            if path in sys.modules:
                self.load(path)
            else:
                self.take(path)
            self.bound[alias.asname or alias.name] = path

    def visit_Attribute(self, node):
        names = []
        while isinstance(node, ast.Attribute):
            names.insert(0, node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.bound:
            self.visit(node)
            return
        path = self.bound[node.id]
        while names and path + "." + names[0] in sys.modules:
            path += "." + names.pop(0)
        if names and path in sys.modules:
            self.take(path + "." + names[0])

    def take(self, path):
        if not private(path) and not path.endswith("*"):
            self.takes.add(path)

    def tokens(self):
        for other in sorted(self.loads):
            yield ("<" if self.loads[other] else "?") + other
        for path in sorted(self.takes):
            yield "=" + path


def demanded(module):
    """Make what the module makes on demand."""
    for name in getattr(module, "__all__", ()):
        try:
            getattr(module, name)
        except Exception:
            pass


def main():
    for name in modules():
        try:
            out, sys.stdout = sys.stdout, io.StringIO()
            try:
                module = importlib.import_module(name)
            finally:
                sys.stdout = out
        except BaseException:
            continue
        tree = source(module)
        late, once = rebound(tree), assigned_once(tree)
        if "__getattr__" in vars(module):
            demanded(module)
        names = []
        for attr, value in sorted(vars(module).items()):
            if attr.startswith("__") or not attr.isidentifier():
                continue
            if attr in late:
                names.append("!" + attr)
            elif isinstance(value, STABLE) or isinstance(value, CONSTANT) or callable(value) or attr in once:
                names.append(attr)
        load = Load(name, name if hasattr(module, "__path__") else name.rpartition(".")[0])
        load.visit(tree)
        print(name + ":", *names, *load.tokens())


main()
