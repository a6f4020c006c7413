"""Print what this interpreter's standard library offers, one module a line.

Run by `make stdlib` under every supported interpreter; merge.py keeps what all
of them agree on. A line is `module: name !name …`. The marked names are those
that a function of the module declares global; the others are those whose value
cannot become another one later: modules, classes, functions, immutable
constants, and what one assignment of the module, in no block, is all that binds.
What a module-level __getattr__ makes on demand, and __all__ lists, counts as well.
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
        print(name + ":", *names)


main()
