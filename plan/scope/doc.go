// Package scope resolves the names of one Python file: which scope each name
// is looked up in, and whose variable it is.
//
// It knows Python's scoping rules and the shape of the syntax tree. It must
// not know what an import costs, when code runs, other files, or edits. Its
// invariant: on every file that CPython compiles, scopes, symbols and
// occurrences are those of CPython's symtable and ast.
//
// # How Python finds a name
//
// A name has no declaration; it is local because something binds it. One
// binding anywhere in a scope makes the name local in all of it, also above
// the binding and where the binding never runs:
//
//	import json
//	def f():
//	    json.dumps(1)      # UnboundLocalError: the next line makes json local
//	    if False: import json
//
// So resolution takes two passes over the whole file: the first collects what
// each scope does with each name, the second decides.
//
// What binds: parameters; assignment, augmented and annotated assignment, in
// nested tuple, list and starred targets; for, with, except, case captures,
// :=; def, class, import, type; type parameters. del binds too, for the
// compiler: a name must be local to be deleted. Attribute and subscript
// targets bind nothing, `a.b = v` reads a. Keywords of calls and names after a
// dot are no names at all.
//
// # Functions, and the outward look
//
// A name that a function uses without binding it is looked for in the
// functions around it, innermost first, then in the module, then among the
// builtins. The inner variable is Free, the outer one a Cell: they are one
// variable, not a copy.
//
//	def outer():
//	    x = 1              # Cell of outer
//	    def inner():
//	        return x       # Free in inner, owned by outer
//
// global sends a name to the module, and hides outer functions from inner ones
// too. nonlocal names the next function outward that binds it. Module and
// builtin are not told apart here: either can be replaced while the program
// runs, so Owner says Module for both, and Lookup tells whether the module
// binds the name.
//
// Where code stands and where it runs differ. Defaults, decorators, base
// classes, class keywords and evaluated annotations belong to the scope around
// the def or class, not to its body:
//
//	def f(n=n): ...        # reads the outer n, binds the parameter n
//
// # Classes
//
// A class body is a scope that nothing inside it can see:
//
//	class C:
//	    x = 1
//	    y = x              # 1: the body itself sees it
//	    def m(self):
//	        return x       # the module's x, or NameError
//	    z = [x for _ in y] # the same: a comprehension is inside
//
// A name that a class body both binds and reads is looked up at run time in
// the class and then among the globals; enclosing functions are passed over,
// even when they bind it:
//
//	def f():
//	    json = 1
//	    class C:
//	        json = json    # the module's json, never the 1
//
// Such an occurrence is owned by the class: who moves a binding must know that
// its fallback is the module. A name that the body only reads is found in
// enclosing functions as usual, and a method's free name passes through the
// class unseen; PassedThrough marks the class's own name of that spelling.
//
// Around the methods, but not in the body, there is one hidden variable,
// __class__. A method that says __class__ or merely super reads it. It has no
// binding anyone could see; its owner is the class.
//
// Inside a class a name __x that does not end in two underscores is private:
// the compiler calls it _C__x in every role, parameters, imports and global
// declarations included, also in functions nested in the class. All names in
// a Table are mangled already. So `import __a` in a method and at module level
// bind two different names.
//
// # Comprehensions
//
// A comprehension or generator expression is a function in disguise: its
// targets are its own. Only the iterable of the first clause is evaluated
// outside, which a class body can notice:
//
//	class C:
//	    a = [1]
//	    b = [x for x in a]           # works: a is read by the body
//	    c = [x for _ in a for x in a] # NameError: the second a is inside
//
// A walrus in a comprehension binds not there but in the nearest function, or
// the module, around all comprehensions that nest. The occurrence has the
// comprehension as its Scope and that outer scope as its Owner.
//
// Since 3.12 CPython runs list, set and dict comprehensions in the frame
// around them and shows them merged in symtable. What a name means did not
// change, so the table keeps a scope for each.
//
// # Type scopes (PEP 695, 696)
//
//	def f[T: bound = default](x: T) -> T: ...
//	type Alias[T] = value
//
// The type parameters live in a hidden scope around the definition. Annotations
// and base classes are evaluated in it, defaults and decorators outside. Each
// bound, each default and the value of an alias is a small function that runs
// when asked for, if ever. Unlike functions, these scopes see the names of a
// class that they stand directly in: such a name is owned by the class, with
// the module as fallback. Because CPython looks in that class first, its names
// even win over type parameters in between:
//
//	class C:
//	    x = 1
//	    type A[x] = x      # CPython 3.13 reads C.x
//
// In the header of a generic class only its type parameters are private to the
// class; other names __x there are not mangled at all.
//
// # Annotations
//
// An annotation of a module or class variable, a parameter or a return value is
// evaluated where it stands. Of a local variable it never is; the compiler
// still records its names, so they can turn an outer variable into a Cell.
// After `from __future__ import annotations` none is evaluated, and symtable
// leaves them out. Type checkers and readers of annotations do not, so here
// such an annotation is a scope of its own, read as if it were evaluated where
// it stands but without leaving a trace in the scopes around it. Each
// occurrence in an annotation says which case it is. Annotations that are
// strings are not looked into; Lookup resolves a name found in one.
//
// An annotation without a value makes a name local and binds nothing:
//
//	def f():
//	    x: int
//	    return x           # UnboundLocalError
//
// unless the name stands in parentheses: `(x): int` says nothing at all about x.
//
// # What cannot be known
//
// A star import can bind any name of the module, exec any name of the module or
// of the class around it. Such a scope is Unknown: a name that it does not bind
// in sight may still be bound there. exec cannot bind in a function. Writing
// through globals(), setattr or an import from elsewhere is beyond this
// package.
package scope
