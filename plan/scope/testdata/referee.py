"""Prints what CPython's ast and symtable say of the names of Python files.

Reads paths from stdin, one a line, and writes for each file a block of lines
that differential_test.go also builds from a scope.Table:

    F path                        the file is compared
    E path message                CPython refuses the file
    S scope parent name           one naming scope
    N scope name flags binding    one symbol of a scope
    O offset role name scope owner
                                  one occurrence of a name
    I line module names           one import statement
    .                             end of the block

A scope is written as its kind and the byte offset of its construct. The
walker below visits the ast in the order in which the compiler fills its
symbol tables, so that the unnamed tables of lambdas, comprehensions and type
scopes can be paired with the source that made them. The owner is "?" where
symtable cannot tell: inside comprehensions that it merges.
"""

import _symtable
import ast
import bisect
import re
import sys
import threading
import warnings

INLINES = sys.version_info >= (3, 12)  # PEP 709
DECORATORS_FIRST = sys.version_info >= (3, 12)
HANDLERS_FIRST = sys.version_info >= (3, 13)
LIMITED_MANGLING = sys.version_info >= (3, 13)

FLAGS = [
    ("r", _symtable.USE),
    ("a", _symtable.DEF_LOCAL),
    ("p", _symtable.DEF_PARAM),
    ("i", _symtable.DEF_IMPORT),
    ("t", _symtable.DEF_ANNOT),
    ("g", _symtable.DEF_GLOBAL),
    ("n", _symtable.DEF_NONLOCAL),
    ("c", _symtable.DEF_FREE_CLASS),
]
BINDINGS = {
    _symtable.LOCAL: "local",
    _symtable.CELL: "cell",
    _symtable.FREE: "free",
    _symtable.GLOBAL_EXPLICIT: "explicit",
    _symtable.GLOBAL_IMPLICIT: "implicit",
}
BOUND = _symtable.DEF_BOUND
MASK = getattr(_symtable, "SCOPE_MASK", 15)


class Mismatch(Exception):
    pass


class Scope:
    def __init__(self, kind, offset, parent, entry, inlined=False, detached=False):
        self.key = "%s@%d" % (kind, offset)
        self.kind = kind
        self.parent = parent
        self.entry = entry
        self.inlined = inlined
        self.detached = detached
        self.merged = inlined or parent is not None and parent.merged
        self.children = iter(entry.children) if entry and not inlined else None
        if inlined:
            self.children = parent.children
        self.sees_class = kind in ("typeparams", "alias", "typevar") and (
            parent.kind == "class" or parent.sees_class
        )


class Walker:
    def __init__(self, source, out):
        self.out = out
        self.source = source
        self.bom = source.startswith(b"\xef\xbb\xbf")
        self.starts = [0] + [m.end() for m in re.finditer(rb"\r\n|\r|\n", source)]
        self.encoding = None
        cookie = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
        for line in source[3 if self.bom else 0 :].splitlines()[:2]:
            m = cookie.match(line)
            if m and m.group(1).lower().replace(b"_", b"-") not in (b"utf-8", b"utf8"):
                self.encoding = m.group(1).decode("ascii")
            if not re.match(rb"^[ \t\f]*(#|$)", line):
                break
        self.private = None
        self.only = None
        self.future = False
        self.scope = None

    def at(self, line, col):
        start = self.starts[line - 1]
        if self.encoding:
            end = self.starts[line] if line < len(self.starts) else len(self.source)
            text = self.source[start:end].decode(self.encoding)
            col = len(text.encode("utf-8")[:col].decode("utf-8").encode(self.encoding))
        if line == 1 and self.bom:
            col += 3
        return start + col

    def offset(self, node):
        return self.at(node.lineno, node.col_offset)

    def before_end(self, node, name):
        # The source may spell the name in another normal form.
        end = self.at(node.end_lineno, node.end_col_offset)
        text = self.source[:end]
        encoded = name.encode(self.encoding or "utf-8")
        if text.endswith(encoded):
            return end - len(encoded)
        m = re.search(rb"[\w\x80-\xff]+$", text[-4 * len(name) - 64 :])
        return end - len(m.group())

    def mangle(self, name):
        if (
            self.private is None
            or not name.startswith("__")
            or name.endswith("__")
            or (self.only is not None and name not in self.only)
        ):
            return name
        stripped = self.private.lstrip("_")
        return "_" + stripped + name if stripped else name

    def name(self, offset, role, name):
        mangled = self.mangle(name)
        self.note(offset, role, mangled, self.scope)

    def note(self, offset, role, name, scope):
        if scope.detached:
            line = "O %d %s %s - -" % (offset, role, name)
        else:
            line = "O %d %s %s %s %s" % (offset, role, name, scope.key, self.owner(scope, name))
        self.out.append(line)

    def owner(self, scope, name):
        if scope.merged or name not in scope.entry.symbols:
            return "?"
        binding = self.binding(scope, name)
        if binding in ("local", "cell"):
            return scope.key
        if binding == "free":
            s = scope.parent
            while not (
                name == "__class__"
                if s.kind == "class"
                else self.binding(s, name) in ("local", "cell")
            ):
                s = s.parent
            return s.key
        s = scope
        while s.sees_class:
            s = s.parent
        if s is not scope and binding == "implicit":
            bits = s.entry.symbols.get(name, 0)
            if bits & BOUND and not bits & (_symtable.DEF_GLOBAL | _symtable.DEF_NONLOCAL):
                return s.key
        return "module@0"

    def binding(self, scope, name):
        bits = scope.entry.symbols.get(name)
        return None if bits is None else BINDINGS[bits >> _symtable.SCOPE_OFF & MASK]

    # Scopes.

    def enter(self, kind, offset, name):
        parent = self.scope
        detached = parent.detached
        entry, inlined = None, False
        if not detached:
            inlined = (
                INLINES
                and kind in ("listcomp", "setcomp", "dictcomp")
                and not parent.sees_class
            )
            if not inlined:
                entry = next(parent.children, None)
                line = bisect.bisect_right(self.starts, offset)
                if entry is None or entry.name != name or entry.lineno != line:
                    raise Mismatch(
                        "%s %s in line %d has no table, got %s in %s"
                        % (kind, name, line, entry and entry.name, entry and entry.lineno)
                    )
        self.scope = Scope(kind, offset, parent, entry, inlined, detached)
        if not detached:
            self.out.append("S %s %s %s" % (self.scope.key, parent.key, name))
            if not inlined:
                self.symbols(self.scope)
        return parent

    def leave(self, parent):
        if self.scope.children and not self.scope.inlined and next(self.scope.children, None):
            raise Mismatch("a table inside %s was not paired" % self.scope.key)
        self.scope = parent

    def symbols(self, scope):
        for name, bits in scope.entry.symbols.items():
            if name.startswith(".") or name == "__classdict__":
                continue  # names of the compiler, which no source can spell
            flags = "".join(c for c, bit in FLAGS if bits & bit)
            binding = self.binding(scope, name)
            self.out.append("N %s %s %s %s" % (scope.key, name, flags or "-", binding))

    # Visiting.

    def visit(self, node):
        if node is None:
            return
        method = getattr(self, "v_" + node.__class__.__name__, None)
        if method:
            method(node)
            return
        for child in ast.iter_child_nodes(node):
            self.visit(child)

    def all(self, nodes):
        for n in nodes:
            self.visit(n)

    def module(self, tree, table):
        for n in tree.body:
            if isinstance(n, ast.ImportFrom) and n.module == "__future__" and not n.level:
                self.future = self.future or any(a.name == "annotations" for a in n.names)
        self.scope = Scope("module", 0, None, table)
        self.out.append("S module@0 - top")
        self.symbols(self.scope)
        self.all(tree.body)
        self.leave(None)

    def v_Name(self, n):
        role = {"Load": "load", "Store": "store", "Del": "del"}[n.ctx.__class__.__name__]
        self.name(self.offset(n), role, n.id)

    def annotation(self, n):
        if n is None:
            return
        outer = self.scope
        if self.future:
            self.scope = Scope("annotation", 0, outer, None, detached=True)
        self.visit(n)
        self.scope = outer

    def arguments(self, a):
        for n in getattr(a, "posonlyargs", []) + a.args + a.kwonlyargs + [a.vararg, a.kwarg]:
            if n:
                self.name(self.offset(n), "store", n.arg)

    def v_FunctionDef(self, n):
        self.name(self.offset(n), "def", n.name)
        self.all(n.args.defaults)
        self.all(d for d in n.args.kw_defaults if d)
        if DECORATORS_FIRST:
            self.all(n.decorator_list)
        outer = self.scope
        self.type_params(n)
        a = n.args
        for arg in getattr(a, "posonlyargs", []) + a.args + [a.vararg, a.kwarg] + a.kwonlyargs:
            if arg:
                self.annotation(arg.annotation)
        self.annotation(n.returns)
        if not DECORATORS_FIRST:
            self.all(n.decorator_list)
        around = self.enter("def", self.offset(n), n.name)
        self.arguments(a)
        self.all(n.body)
        self.leave(around)
        if self.scope is not outer:
            self.leave(outer)

    v_AsyncFunctionDef = v_FunctionDef

    def v_Lambda(self, n):
        self.all(n.args.defaults)
        self.all(d for d in n.args.kw_defaults if d)
        around = self.enter("lambda", self.offset(n), "lambda")
        self.arguments(n.args)
        self.visit(n.body)
        self.leave(around)

    def v_ClassDef(self, n):
        self.name(self.offset(n), "class", n.name)
        if DECORATORS_FIRST:
            self.all(n.decorator_list)
        outer, private, only = self.scope, self.private, self.only
        if getattr(n, "type_params", None):
            self.private = n.name
            self.only = set() if LIMITED_MANGLING else None
            self.type_params(n)
        self.all(n.bases)
        self.all(n.keywords)
        if not DECORATORS_FIRST:
            self.all(n.decorator_list)
        around = self.enter("class", self.offset(n), n.name)
        self.private, self.only = n.name, None
        self.all(n.body)
        self.leave(around)
        self.private, self.only = private, only
        if self.scope is not outer:
            self.leave(outer)

    def type_params(self, n):
        params = getattr(n, "type_params", None)
        if not params:
            return
        name = n.name.id if isinstance(n.name, ast.Name) else n.name
        self.enter("typeparams", self.offset(params[0]), name)
        for p in params:
            if self.only is not None and isinstance(n, ast.ClassDef):
                self.only.add(p.name)
            self.name(self.offset(p), "typeparam", p.name)
            for kind in ("bound", "default_value"):
                value = getattr(p, kind, None)
                if value is not None:
                    around = self.enter("typevar", self.offset(value), p.name)
                    self.visit(value)
                    self.leave(around)

    def v_TypeAlias(self, n):
        self.name(self.offset(n.name), "store", n.name.id)
        outer = self.scope
        self.type_params(n)
        around = self.enter("alias", self.offset(n), n.name.id)
        self.visit(n.value)
        self.leave(around)
        if self.scope is not outer:
            self.leave(outer)

    def comprehension(self, n, name, *results):
        first = n.generators[0]
        self.visit(first.iter)
        around = self.enter(name, self.offset(n), name)
        self.visit(first.target)
        self.all(first.ifs)
        for g in n.generators[1:]:
            self.visit(g.target)
            self.visit(g.iter)
            self.all(g.ifs)
        self.all(results)
        self.leave(around)

    def v_ListComp(self, n):
        self.comprehension(n, "listcomp", n.elt)

    def v_SetComp(self, n):
        self.comprehension(n, "setcomp", n.elt)

    def v_GeneratorExp(self, n):
        self.comprehension(n, "genexpr", n.elt)

    def v_DictComp(self, n):
        self.comprehension(n, "dictcomp", n.value, n.key)

    def v_NamedExpr(self, n):
        self.visit(n.value)
        self.visit(n.target)

    def v_AnnAssign(self, n):
        self.visit(n.target)
        self.annotation(n.annotation)
        self.visit(n.value)

    def v_Try(self, n):
        self.all(n.body)
        if HANDLERS_FIRST:
            self.all(n.handlers)
        self.all(n.orelse)
        if not HANDLERS_FIRST:
            self.all(n.handlers)
        self.all(n.finalbody)

    v_TryStar = v_Try

    def v_ExceptHandler(self, n):
        self.visit(n.type)
        if n.name:
            self.name(self.offset(n), "handler", n.name)
        self.all(n.body)

    def v_Global(self, n):
        for name in n.names:
            self.name(self.offset(n), "global", name)

    def v_Nonlocal(self, n):
        for name in n.names:
            self.name(self.offset(n), "nonlocal", name)

    def v_MatchAs(self, n):
        self.visit(n.pattern)
        if n.name:
            self.name(self.before_end(n, n.name), "store", n.name)

    def v_MatchStar(self, n):
        if n.name:
            self.name(self.before_end(n, n.name), "store", n.name)

    def v_MatchMapping(self, n):
        self.all(n.keys)
        self.all(n.patterns)
        if n.rest:
            self.name(self.offset(n), "rest", n.rest)

    def v_Import(self, n):
        module = "-"
        if isinstance(n, ast.ImportFrom):
            module = "." * (n.level or 0) + (n.module or "")
        names = []
        for a in n.names:
            names.append(a.name + ("=" + a.asname if a.asname else ""))
            if a.name != "*":
                bound = a.asname or a.name.split(".")[0]
                if hasattr(a, "lineno"):
                    start = self.before_end(a, bound) if a.asname else self.offset(a)
                    self.name(start, "import", bound)
        self.out.append("I %d %s %s" % (n.lineno, module, ",".join(names)))

    v_ImportFrom = v_Import


def judge(path, write):
    out = []
    try:
        with open(path, "rb") as f:
            source = f.read()
        tree = ast.parse(source, path)
        compile(tree, path, "exec", dont_inherit=True)
        text = source
        table = _symtable.symtable(text, path, "exec")
    except Exception as e:
        write("E %s %s: %s\n.\n" % (path, type(e).__name__, str(e).replace("\n", " ")))
        return
    try:
        Walker(source, out).module(tree, table)
    except Mismatch as e:
        out.append("! %s" % e)
    write("F %s\n" % path)
    write("\n".join(out))
    write("\n.\n")


def main():
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")
    print("V %d %d" % sys.version_info[:2])
    for path in sys.stdin.read().splitlines():
        judge(path, sys.stdout.write)


threading.stack_size(512 << 20)
worker = threading.Thread(target=main)
worker.start()
worker.join()
