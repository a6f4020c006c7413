"""Which module-level bindings do two trees of Python files share?

usage: bindings.py BEFORE AFTER

An independent referee: CPython's ast, and nothing of the tool. stdout: JSON
with the number of names that imports bind at module level in BEFORE and how
many of them AFTER binds to the same things; which were lost, and whether AFTER
imports them in a function or for type checkers instead; which were gained,
those aside that BEFORE imports in a function or under TYPE_CHECKING; and which
are bound for type checkers only and were not before. Bindings other than
imports must be the same altogether. TYPE_CHECKING itself does not count, nor
do future imports.
"""

import ast
import json
import os
import sys
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(10000)

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class File(ast.NodeVisitor):
    def __init__(self, source):
        self.top = {}     # name: things that imports bind at module level
        self.types = {}   # ... under TYPE_CHECKING
        self.local = {}   # ... in functions and classes
        self.other = set()
        self.where = "top"
        self.visit(ast.parse(source))

    def bind(self, name, thing):
        getattr(self, self.where).setdefault(name, set()).add(thing)

    def visit_Import(self, node):
        for a in node.names:
            root = a.name.split(".")[0]
            self.bind(a.asname or root, a.name if a.asname else root)

    def visit_ImportFrom(self, node):
        if node.module == "__future__":
            return
        for a in node.names:
            self.bind(a.asname or a.name, "." * node.level + (node.module or "") + ":" + a.name)

    def visit_If(self, node):
        test = getattr(node.test, "id", getattr(node.test, "attr", None))
        if test != "TYPE_CHECKING" or self.where != "top":
            return self.generic_visit(node)
        self.where = "types"
        for s in node.body:
            self.visit(s)
        self.where = "top"
        for s in node.orelse:
            self.visit(s)

    def inner(self, node):
        if self.where == "top" and hasattr(node, "name"):
            self.other.add(node.name)
        was, self.where = self.where, "local"
        self.generic_visit(node)
        self.where = was

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = inner

    def visit_Name(self, node):
        if self.where == "top" and not isinstance(node.ctx, ast.Load):
            self.other.add(node.id)


def files(root):
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".py"):
                path = os.path.join(folder, name)
                with open(path, "rb") as f:
                    yield os.path.relpath(path, root).replace(os.sep, "/"), f.read()


def main(before, after):
    total = same = 0
    lost, gained, left, wrong = [], [], [], []
    for path, source in files(before):
        try:
            old = File(source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        with open(os.path.join(after, path), "rb") as f:
            new = File(f.read())
        if old.other != new.other:
            wrong.append({"file": path, "name": ", ".join(sorted(old.other ^ new.other))})
        for tree in (old, new):
            tree.top.pop("TYPE_CHECKING", None)  # comes and goes with its blocks
        for name, things in sorted(old.top.items()):
            total += 1
            if new.top.get(name) == things:
                same += 1
                continue
            lost.append({"file": path, "name": name, "local": things <= new.local.get(name, set()) | new.top.get(name, set()),
                         "typed": things <= new.types.get(name, set())})
        for name, things in sorted(new.top.items()):
            known = old.top.get(name, set()) | old.local.get(name, set()) | old.types.get(name, set())
            if not things <= known:
                gained.append({"file": path, "name": name})
        for name, things in sorted(new.types.items()):
            if not things <= old.types.get(name, set()):
                left.append({"file": path, "name": name, "local": things <= new.local.get(name, set())})
    json.dump({"names": total, "same": same, "lost": lost, "gained": gained, "types": left, "wrong": wrong}, sys.stdout, indent=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
