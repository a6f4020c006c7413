"""Of the imports that are plainly movable, how many moved?

An independent count: it asks CPython's own ast and symtable, and shares
neither code nor lists with the tool. Usage:

    movable.py TREE PLAN.json [SRC...]

TREE is the tree as it was before any rewrite, PLAN.json the output of
`fastpath plan --all --format json` on it, SRC the import roots below TREE,
first match first (default: src and the root). stdout: one JSON object with
the counts and every unit that stayed, with its blockers.

Plainly movable is an import that
 - is a statement of the module itself, not below if, try, with or a loop;
 - is the only binding of its name in the module, and no function declares the
   name global;
 - is referred to, and only from bodies of functions: not from decorators,
   defaults, annotations, class bodies or lambdas that belong to the module;
 - is not exported: not in __all__, not `as` its own name, not public in an
   __init__.py, and no other file imports it from this module, reads an
   attribute of that name or takes all names by star;
 - is not patched, neither under its name here nor where it comes from: no
   string of another file ends in the module's last part, a dot and the name,
   and none that is the bare name is handed to a call together with this module;
   no string that ends so, for the module it comes from, is handed to a call of
   patch or setattr, no setattr or patch.object is given that module, and
   nothing removes or replaces what is imported in sys.modules;
 - is not reached dynamically: the module has no globals, locals, vars, dir,
   eval, exec, nor sys.modules or __dict__, no file hands the module to getattr,
   setattr, delattr, vars, dir or getmembers with a name that is computed or this
   one, and no string holds the name as an identifier followed by a dot or a
   bracket.

`idle` counts those of them whose users do not run while the module loads, as
far as their names show: a user function that is decorated or mentioned by the
module's own statements, by way of other functions too, or is a method of a
class that is, may run then, and moving its import gains nothing.
"""

import ast
import json
import os
import re
import symtable
import sys
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(10000)

DYNAMIC = {"globals", "locals", "vars", "dir", "eval", "exec", "__dict__"}
NAMESPACES = {"getattr", "setattr", "delattr", "vars", "dir", "getmembers"}
PATCHES = {"patch", "setattr", "delattr", "object"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class File:
    """One source file, and what it says about names of other files."""

    def __init__(self, root, path, roots):
        self.path = path
        with open(os.path.join(root, path), "rb") as f:
            self.source = f.read()
        self.tree = ast.parse(self.source)
        self.table = symtable.symtable(self.source, path, "exec")
        self.package = os.path.basename(path) == "__init__.py"
        self.name = module_name(path, roots)
        self.strings = []
        self.imported = set()    # (module, name) taken from elsewhere
        self.modules = set()     # … by `import`
        self.bound = {}          # path, by the name that an import gives it
        self.starred = set()     # modules taken whole
        self.attributes = set()  # every attribute name read or set
        self.dynamic = False
        self.reached = set()     # (last part of an object, name or None) handed to getattr and the like
        self.replaced = set()    # paths that patches spell, at least (module's last part, name)
        self.unloaded = set()    # keys of sys.modules that are written or removed
        for node in ast.walk(self.tree):
            self.look(node)
            self.look_at_patches(node)

    def look(self, node):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.strings.append(node.value)
        elif isinstance(node, ast.Attribute):
            self.attributes.add(node.attr)
            self.dynamic |= node.attr in ("__dict__", "_getframe", "currentframe")
            self.dynamic |= node.attr == "modules" and isinstance(node.value, ast.Name) and node.value.id == "sys"
        elif isinstance(node, ast.Name):
            self.dynamic |= node.id in DYNAMIC
        elif isinstance(node, ast.Import):
            self.modules.update(a.name for a in node.names)
            self.bound.update((a.asname, a.name) for a in node.names if a.asname)
        elif isinstance(node, ast.ImportFrom):
            base = self.absolute(node)
            for a in node.names:
                if a.name == "*":
                    self.starred.add(base)
                else:
                    self.imported.add((base, a.name))
                    self.bound[a.asname or a.name] = base + "." + a.name

    def look_at_patches(self, node):
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load) and names_modules(node.value):
            self.unloaded.add(constant(node.slice))
        if not isinstance(node, ast.Call) or not node.args:
            return
        callee, first = last_part(node.func), node.args[0]
        second = constant(node.args[1]) if len(node.args) > 1 else None
        if callee in NAMESPACES and last_part(first):
            self.reached.add((last_part(first), second))
        if callee in PATCHES and last_part(first):
            self.replaced.add((last_part(first), second))
        if callee in PATCHES and constant(first):
            self.replaced.add(tuple(("." + constant(first)).split(".")[-2:]))
        if callee == "pop" and isinstance(node.func, ast.Attribute) and names_modules(node.func.value):
            self.unloaded.add(constant(first))
        if callee in ("delitem", "setitem") and names_modules(first):
            self.unloaded.add(second)
        if callee == "dict" and (names_modules(first) or constant(first) == "sys.modules"):
            for part in node.args[1:]:
                self.unloaded.update(constant(k) for k in getattr(part, "keys", []))

    def absolute(self, node):
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        parts = parts[:len(parts) - node.level + (1 if self.package else 0)]
        return ".".join(parts + ([node.module] if node.module else []))


def last_part(node):
    """The last name of a dotted expression."""
    return getattr(node, "attr", None) or getattr(node, "id", None)


def constant(node):
    """The text of a string, else None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def names_modules(node):
    return last_part(node) == "modules"


def module_name(path, roots):
    """The dotted name of a file: the part below the first root that holds it."""
    for root in roots:
        if root in ("", ".") or path.startswith(root + "/"):
            rest = path if root in ("", ".") else path[len(root) + 1:]
            name = rest[:-3].replace("/", ".")
            if name == "__init__":
                return ""
            return name[:-len(".__init__")] if name.endswith(".__init__") else name
    return ""


class Uses(ast.NodeVisitor):
    """Where the module's names are loaded: in a function's body, or while the
    module loads. Scoping is symtable's: a load counts only if no scope between
    it and the module has a variable of that name."""

    def __init__(self, file):
        self.file = file
        self.stack = [file.table]
        self.left = {id(file.table): list(file.table.get_children())}
        self.depth = 0           # function bodies around
        self.owner = None        # the outermost function around
        self.eager = {}          # name: lines
        self.lazy = {}           # name: outermost functions
        self.classes = []        # names of the classes around
        self.method_of = {}      # the outermost of those, by outermost function

    def enter(self, name, line):
        children = self.left[id(self.stack[-1])]
        for i, child in enumerate(children):
            if child.get_name() == name and child.get_lineno() == line:
                del children[i]
                break
        else:
            # Type parameters and annotations may put a scope between.
            for between in children:
                for child in between.get_children():
                    if child.get_name() == name and child.get_lineno() == line:
                        self.stack.append(between)
                        self.left[id(between)] = []
                        self.push(child)
                        return 2
            return 0
        self.push(child)
        return 1

    def push(self, table):
        self.stack.append(table)
        self.left[id(table)] = list(table.get_children())

    def leave(self, count):
        del self.stack[len(self.stack) - count:]

    def busy(self):
        """The outermost functions that may run while the module loads: decorated
        ones, those that its own statements mention, methods of classes that they
        mention, and what such functions mention in turn."""
        names, found = set(self.eager), set()
        while True:
            more = {f for f, around in self.method_of.items() if f.decorator_list or {f.name, around} & names} - found
            if not more:
                return found
            found |= more
            names.update(name for name, users in self.lazy.items() if users & more)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load) and self.global_here(node.id):
            if self.depth:
                self.lazy.setdefault(node.id, set()).add(self.owner)
            else:
                self.eager.setdefault(node.id, []).append(node.lineno)

    def global_here(self, name):
        for i, table in enumerate(reversed(self.stack)):
            if table.get_type() == "class" and i:
                continue
            try:
                symbol = table.lookup(name)
            except KeyError:
                continue
            if table.get_type() == "module":
                return True
            if symbol.is_local() or symbol.is_parameter():
                return False
            if symbol.is_global():
                return True
        return True

    def function(self, node):
        a = node.args
        for part in node.decorator_list + a.defaults + [d for d in a.kw_defaults if d]:
            self.visit(part)
        self.annotations(node)
        opened = self.enter(node.name, node.lineno) or \
            (node.decorator_list and self.enter(node.name, node.decorator_list[0].lineno))
        if not self.depth:
            self.owner = node
            self.method_of[node] = self.classes[0] if self.classes else ""
        self.depth += 1
        for part in node.body:
            self.visit(part)
        self.depth -= 1
        self.leave(opened or 0)

    visit_FunctionDef = visit_AsyncFunctionDef = function

    def annotations(self, node):
        a = node.args
        args = a.posonlyargs + a.args + a.kwonlyargs + [x for x in (a.vararg, a.kwarg) if x]
        for part in [x.annotation for x in args] + [node.returns]:
            if part is not None:
                self.annotation(part)
        for part in getattr(node, "type_params", []):
            self.annotation(part)

    def annotation(self, part):
        """Whether it is evaluated or not, it is not the body of a function."""
        for node in ast.walk(part):
            if isinstance(node, ast.Name):
                self.eager.setdefault(node.id, []).append(node.lineno)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                for word in re.findall(r"[A-Za-z_]\w*", node.value):
                    self.eager.setdefault(word, []).append(node.lineno)

    def visit_AnnAssign(self, node):
        self.annotation(node.annotation)
        self.visit(node.target)
        if node.value:
            self.visit(node.value)

    def visit_ClassDef(self, node):
        for part in node.decorator_list + node.bases + [k.value for k in node.keywords]:
            self.visit(part)
        for part in getattr(node, "type_params", []):
            self.annotation(part)
        opened = self.enter(node.name, node.lineno) or \
            (node.decorator_list and self.enter(node.name, node.decorator_list[0].lineno))
        self.classes.append(node.name)
        for part in node.body:
            self.visit(part)
        self.classes.pop()
        self.leave(opened or 0)

    def visit_Lambda(self, node):
        for part in node.args.defaults + [d for d in node.args.kw_defaults if d]:
            self.visit(part)
        opened = self.enter("lambda", node.lineno)
        self.visit(node.body)
        self.leave(opened)

    def comprehension(self, node):
        kind = {ast.ListComp: "listcomp", ast.SetComp: "setcomp", ast.DictComp: "dictcomp",
                ast.GeneratorExp: "genexpr"}[type(node)]
        self.visit(node.generators[0].iter)
        opened = self.enter(kind, node.lineno)
        for i, g in enumerate(node.generators):
            if i:
                self.visit(g.iter)
            for part in g.ifs:
                self.visit(part)
        for part in ("elt", "key", "value"):
            if getattr(node, part, None) is not None:
                self.visit(getattr(node, part))
        self.leave(opened)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension


def bindings(file):
    """How often each module variable is bound, by what spells it."""
    count = {}
    declared = set()

    def add(name):
        count[name] = count.get(name, 0) + 1

    def walk(node, outside):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Global):
                declared.update(child.names)
            if outside:
                if isinstance(child, FUNCTIONS + (ast.ClassDef,)):
                    add(child.name)
                elif isinstance(child, ast.Name) and not isinstance(child.ctx, ast.Load):
                    add(child.id)
                elif isinstance(child, (ast.Import, ast.ImportFrom)):
                    for a in child.names:
                        add(bound(child, a))
                elif isinstance(child, ast.ExceptHandler) and child.name:
                    add(child.name)
                for field in ("name", "rest"):
                    if type(child).__name__ in ("MatchAs", "MatchStar", "MatchMapping"):
                        value = getattr(child, field, None)
                        if value:
                            add(value)
            walk(child, outside and not isinstance(child, FUNCTIONS + (ast.ClassDef, ast.Lambda)))

    walk(file.tree, True)
    return count, declared


def bound(node, a):
    if a.asname:
        return a.asname
    return a.name.split(".")[0] if isinstance(node, ast.Import) else a.name


def exported_names(file):
    names = set()
    for node in file.tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(t, ast.Name) and t.id == "__all__" for t in targets):
            names.update(c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str))
    return names


def plainly_movable(file, others, said):
    """The units of a file that are plainly movable: (line, name, idle). said
    holds every string of every file, so that most names need no closer look."""
    if file.dynamic:
        return
    uses = Uses(file)
    for node in file.tree.body:
        uses.visit(node)
    count, declared = bindings(file)
    offered = exported_names(file)
    busy = uses.busy()
    last = file.name.rsplit(".", 1)[-1]
    handed_on = {name for o in others for base, name in o.imported if base == file.name}
    if any(file.name in o.starred for o in others):
        return
    acquainted = [o for o in others if knows(o, file.name)]
    everywhere = others + [file]
    for node in file.tree.body:
        if not isinstance(node, (ast.Import, ast.ImportFrom)) or getattr(node, "module", None) == "__future__":
            continue
        for a in node.names:
            name = bound(node, a)
            if a.name == "*" or count[name] != 1 or name in declared or name in uses.eager or name not in uses.lazy:
                continue
            if name in offered or a.asname and a.asname == a.name.rsplit(".", 1)[-1]:
                continue
            if file.package and not name.startswith("_"):
                continue
            if name in handed_on or any(name in o.attributes or name in o.strings for o in acquainted):
                continue
            if (last + "." + name in said or last + ":" + name in said) and any(
                    s.endswith(last + "." + name) or last + "." + name + "." in s or last + ":" + name in s
                    for o in others for s in o.strings):
                continue
            word = re.compile(r"(?<![\w.])%s\s*[.(]" % re.escape(name))
            if any(word.search(s) for s in file.strings):
                continue
            source = file.absolute(node) if isinstance(node, ast.ImportFrom) else ""
            if patched_at_source(source, a.name, name, everywhere) or reached_by_name(file, name, acquainted + [file]):
                continue
            yield getattr(a, "lineno", node.lineno), node.lineno, name, \
                not uses.lazy[name] & busy


def patched_at_source(source, attr, name, everywhere):
    """Whether a patch replaces what is imported, or it leaves sys.modules."""
    if source:
        where = source.rsplit(".", 1)[-1]
        loaded = {source, source + "." + attr}
        if any((where, attr) in o.replaced or (where, None) in o.replaced for o in everywhere):
            return True
    else:
        loaded = {attr}
    return any(key is not None and any(m == key or m.startswith(key + ".") for m in loaded)
               for o in everywhere for key in o.unloaded)


def reached_by_name(file, name, acquainted):
    """Whether the module is handed to something that reads a computed name of
    it, or this one."""
    last = file.name.rsplit(".", 1)[-1]
    for o in acquainted:
        spelled = {last} | {bound for bound, path in o.bound.items() if path == file.name}
        if any(called in spelled and read in (None, name) for called, read in o.reached):
            return True
    return False


def knows(other, module):
    """Whether the other file imports the module, by any of its parts."""
    last = module.rsplit(".", 1)[-1]
    if any(base == module or base + "." + name == module or name == last for base, name in other.imported):
        return True
    return any(m == module or m.startswith(module + ".") or module.startswith(m + ".") for m in other.modules)


def main(root, plan, roots):
    with open(plan) as f:
        decided = {}
        for u in json.load(f)["imports"]:
            decided[u["file"], u["line"], u["name"]] = u
    files = []
    for folder, _, names in sorted(os.walk(root)):
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")
            if name.endswith(".py"):
                try:
                    files.append(File(root, path, roots))
                except (SyntaxError, ValueError):
                    pass
    total = moved = idle = idle_moved = 0
    left = []
    codes = {}
    said = "\n".join(s for file in files for s in file.strings)
    for file in files:
        others = [o for o in files if o is not file]
        for line, statement, name, quiet in plainly_movable(file, others, said):
            u = decided.get((file.path, line, name)) or decided.get((file.path, statement, name))
            if u is None:
                continue
            total += 1
            idle += quiet
            if u["status"] == "move":
                moved += 1
                idle_moved += quiet
                continue
            why = u.get("blockers") or [{"code": u["status"] + " " + u["rule"], "file": file.path, "line": line,
                                         "message": "no rule asks for a move"}]
            for code in {b["code"] for b in why}:
                codes[code] = codes.get(code, 0) + 1
            left.append({"file": file.path, "line": line, "name": name, "idle": quiet, "blockers": why})
    json.dump({"units": len(decided), "movable": total, "moved": moved, "idle": idle, "idle_moved": idle_moved,
               "codes": dict(sorted(codes.items(), key=lambda c: (-c[1], c[0]))), "left": left}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:] or ["src", "."])
