"""Do the names of a file mean after a rewrite what they meant before?

An independent referee: it asks CPython's own ast and symtable, and shares no
code with the tool. stdin: a JSON list of {"id", "before", "after", "through"},
the sources as latin-1 text of their bytes; "through" holds the sources of
modules that hand imports on, by name: [before, after]. stdout: one JSON list
of {"id", "error"}.

Every name that is loaded must denote the same thing. For names that imports
bind, the thing is the set of what those imports name, wherever they stand; for
all others it is the scope that owns them. Imports under TYPE_CHECKING bind
nothing at run time, so they answer for annotations only, and for what stands
under TYPE_CHECKING itself.
"""

import ast
import json
import symtable
import sys
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(10000)

NAMES = {ast.Lambda: "lambda", ast.ListComp: "listcomp", ast.SetComp: "setcomp",
         ast.DictComp: "dictcomp", ast.GeneratorExp: "genexpr"}


def plain(tables):
    """The scopes of functions and classes in tables, those within the scopes of
    type parameters, bounds and aliases included, in source order."""
    for table in tables:
        if table.get_type() in ("function", "class"):
            yield table
        else:
            yield from plain(table.get_children())


class Scope:
    def __init__(self, table, parent, path):
        self.table = table
        self.parent = parent
        self.path = path
        self.left = list(table.get_children())
        self.opened = set()
        self.named = {}  # how many of each name: two defs may share one

    def open(self, node):
        """The scope that node opens: the first unused one of its name and line."""
        wanted = NAMES.get(type(node)) or node.name
        for child in plain(self.left):
            if child.get_name() == wanted and child.get_lineno() == node.lineno and child.get_id() not in self.opened:
                self.opened.add(child.get_id())
                self.named[wanted] = self.named.get(wanted, 0) + 1
                return Scope(child, self, self.path + ((wanted, self.named[wanted]),))
        if type(node) in NAMES and not isinstance(node, ast.Lambda):
            return Inlined(self, node)
        raise LookupError("no symbol table for %s in line %d" % (wanted, node.lineno))

    def owner(self, name):
        """The path of the scope whose variable the name is."""
        try:
            symbol = self.table.lookup(name)
        except KeyError:
            return ()
        if symbol.is_free():
            scope = self.parent
            while scope.parent is not None:
                if isinstance(scope, Inlined) and name in scope.own:
                    return scope.owner(name)
                if scope.table.get_type() == "function":
                    try:
                        outer = scope.table.lookup(name)
                    except KeyError:
                        outer = None
                    if outer is not None and outer.is_local() and not outer.is_free():
                        return scope.path
                scope = scope.parent
            return ()
        if symbol.is_local() and self.parent is not None:
            return self.path
        return ()


class Inlined(Scope):
    """From 3.12 on comprehensions have no symbol table: their variables are in
    that of the scope around them, and yet are their own."""

    def __init__(self, around, node):
        super().__init__(around.table, around, around.path)
        self.left, self.opened, self.named = around.left, around.opened, around.named
        self.own = {name.id for generator in node.generators for name in ast.walk(generator.target)
                    if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}

    def owner(self, name):
        return self.path + ("comprehension",) if name in self.own else self.parent.owner(name)


class Reader(ast.NodeVisitor):
    def __init__(self, source, through):
        tree = ast.parse(source)
        self.scope = Scope(symtable.symtable(source, "<case>", "exec"), None, ())
        self.loads = []     # (name, owner, not run, line)
        self.imports = {}   # (owner, name) -> set of (target, typing only)
        self.bound = set()  # (owner, name) bound by anything but an import
        self.through = through
        self.classes = []
        self.typing = False
        self.annotation = False
        self.literal = False  # inside Literal[...]: strings are values
        self.visit(tree)

    def mangled(self, name):
        if self.classes and name.startswith("__") and not name.endswith("__"):
            owner = self.classes[-1].lstrip("_")
            return "_%s%s" % (owner, name) if owner else name
        return name

    def bind(self, name):
        name = self.mangled(name)
        self.bound.add((self.scope.owner(name), name))

    def bind_import(self, name, target):
        name = self.mangled(name)
        self.imports.setdefault((self.scope.owner(name), name), set()).add((target, self.typing))

    def visit_Import(self, node):
        for alias in node.names:
            root = alias.name.split(".")[0]
            self.bind_import(alias.asname or root, alias.name if alias.asname else root)

    def visit_ImportFrom(self, node):
        module = "." * node.level + (node.module or "")
        handed = self.handed_on(node.module or "")
        for alias in node.names:
            if alias.name == "*":
                for name, targets in handed.items():
                    for target in targets:
                        self.bind_import(name, target)
                continue
            for target in handed.get(alias.name, [module + ":" + alias.name]):
                self.bind_import(alias.asname or alias.name, target)

    def handed_on(self, module):
        """The imports of a module that hands them on: name -> targets."""
        last = module.split(".")[-1]
        if last not in self.through:
            return {}
        inner = Reader(self.through[last], {})
        return {name: sorted(target for target, _ in targets)
                for (owner, name), targets in inner.imports.items() if owner == ()}

    def visit_Name(self, node):
        name = self.mangled(node.id)
        if isinstance(node.ctx, ast.Load):
            if name != "TYPE_CHECKING":
                self.loads.append((name, self.scope.owner(name), self.annotation or self.typing, node.lineno))
        else:
            self.bind(node.id)

    def visit_If(self, node):
        test = node.test
        named = getattr(test, "id", getattr(test, "attr", None))
        if named == "TYPE_CHECKING":
            before, self.typing = self.typing, True
            for statement in node.body:
                self.visit(statement)
            self.typing = before
            for statement in node.orelse:
                self.visit(statement)
        else:
            self.generic_visit(node)

    def visit_ExceptHandler(self, node):
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node):
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node):
        if node.rest:
            self.bind(node.rest)
        self.generic_visit(node)

    def annotate(self, node):
        if node is None:
            return
        before, self.annotation = self.annotation, True
        self.visit(node)
        self.annotation = before

    def visit_AnnAssign(self, node):
        self.visit(node.target)
        self.annotate(node.annotation)
        if node.value is not None:
            self.visit(node.value)

    def visit_Subscript(self, node):
        before = self.literal
        self.visit(node.value)
        self.literal |= getattr(node.value, "id", getattr(node.value, "attr", "")) == "Literal"
        self.visit(node.slice)
        self.literal = before

    def visit_Constant(self, node):
        if self.annotation and not self.literal and isinstance(node.value, str):
            try:
                self.visit(ast.parse(node.value, mode="eval").body)
            except SyntaxError:
                pass

    def inside(self, node, visit):
        outer = self.scope
        self.scope = outer.open(node)
        try:
            visit()
        finally:
            self.scope = outer

    def arguments(self, args):
        return args.posonlyargs + args.args + [a for a in (args.vararg,) if a] + args.kwonlyargs + [a for a in (args.kwarg,) if a]

    def function(self, node):
        self.bind(node.name)
        for decorator in node.decorator_list:
            self.visit(decorator)
        self.defaults(node.args)
        for argument in self.arguments(node.args):
            self.annotate(argument.annotation)
        self.annotate(node.returns)
        self.inside(node, lambda: self.body(node.args, node.body))

    visit_FunctionDef = visit_AsyncFunctionDef = function

    def visit_Lambda(self, node):
        self.defaults(node.args)
        self.inside(node, lambda: self.body(node.args, [node.body]))

    def defaults(self, args):
        for default in args.defaults + args.kw_defaults:
            if default is not None:
                self.visit(default)

    def body(self, args, statements):
        for argument in self.arguments(args):
            self.bind(argument.arg)
        before, self.annotation = self.annotation, False
        for statement in statements:
            self.visit(statement)
        self.annotation = before

    def visit_ClassDef(self, node):
        self.bind(node.name)
        for part in node.decorator_list + node.bases + [k.value for k in node.keywords]:
            self.visit(part)

        def body():
            self.classes.append(node.name)
            for statement in node.body:
                self.visit(statement)
            self.classes.pop()

        self.inside(node, body)

    def comprehension(self, node):
        first = node.generators[0]
        self.visit(first.iter)

        def body():
            for generator in node.generators:
                self.visit(generator.target)
                if generator is not first:
                    self.visit(generator.iter)
                for condition in generator.ifs:
                    self.visit(condition)
            for part in ("elt", "key", "value"):
                if getattr(node, part, None) is not None:
                    self.visit(getattr(node, part))

        self.inside(node, body)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    def meanings(self):
        """What each loaded name denotes, in source order."""
        found = []
        for name, owner, annotation, line in self.loads:
            targets = self.imports.get((owner, name), set())
            if annotation:
                here = {target for target, _ in targets}
            else:
                here = {target for target, typing in targets if not typing}
            place = None if here and (owner, name) not in self.bound else owner
            found.append((name, place, frozenset(here), line))
        return found


def compare(before, after, through):
    old = Reader(before, {m: pair[0] for m, pair in through.items()}).meanings()
    new = Reader(after, {m: pair[1] for m, pair in through.items()}).meanings()
    for a, b in zip(old, new):
        if a[:3] != b[:3]:
            return "line %d: %s denotes %s in %s; in line %d of the result %s denotes %s in %s" % (
                a[3], a[0], sorted(a[2]) or "a variable", a[1], b[3], b[0], sorted(b[2]) or "a variable", b[1])
    if len(old) != len(new):
        return "%d names are loaded before, %d after" % (len(old), len(new))
    return None


wrong = []
for case in json.load(sys.stdin):
    through = {name: [text.encode("latin-1") for text in texts]
               for name, texts in (case.get("through") or {}).items()}
    try:
        before = case["before"].encode("latin-1")
        symtable.symtable(before, "<case>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        continue  # nothing to compare with on this version
    try:
        error = compare(before, case["after"].encode("latin-1"), through)
    except (SyntaxError, LookupError, RecursionError) as trouble:
        error = "%s: %s" % (type(trouble).__name__, trouble)
    if error:
        wrong.append({"id": case["id"], "error": error})
json.dump(wrong, sys.stdout)
