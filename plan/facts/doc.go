// Package facts reads one resolved file as import facts: its import
// statements and the names they bind, each use of those names and when it
// runs, what the file exports, and what it does to other modules and to the
// process.
//
// It knows Python's constructs and the names of library functions that reach
// around them. It must not know what an import costs, what the configuration
// asks for, or any other file. Its invariant: a Module holds no part of the
// source or of the tree, and the same source and place give the same Module.
//
// # When a use runs
//
// A use runs when the code of its Scope runs, and its Role tells whose code
// that is. Python evaluates the parts of a definition in different places:
//
//	@deco(a)                    # scope around the def, InDecorator
//	def f(x: b = c) -> d:       # scope around the def: InAnnotation, InDefault
//	    return e                # scope of f, when f is called
//
//	class C(g, metaclass=h):    # scope around the class, InBase
//	    i                       # scope of C: runs where the class stands
//
//	[j for k in l if m]         # all in the scope around; l outside the loop
//	lambda n=o: p               # o: scope around, InDefault; p: the lambda
//	type X[T: q] = r            # InTypeParam, InTypeAlias: when first asked for
//
// Annotations of a function's own variables never run (Local); with the future
// import, in strings and in type comments none do (Quoted).
//
// # Facts as JSON lines
//
// WriteJSON writes one object a line. "record" says what it is. The first line
// is the module; the lines that follow are its lists, in the order of the
// fields of Module, each numbered from 0 by "id":
//
//	record         from               id is referred to by
//	module         Module
//	scope          Module.Scopes      scope, parent, defines, annotated, global_in
//	statement      Module.Statements  statement
//	unit           Module.Units       unit; units of a statement are [first, end)
//	name           Module.Names       name
//	use            Module.Uses        uses
//	dynamic        Module.Dynamic
//	class_name     Module.ClassNames
//	string_ref     Module.Strings
//	mention        Module.Mentions
//	patch          Module.Patches
//	call           Module.Calls
//	effect         Module.Effects, then Touches, then Changes: "list" says which
//	read           Module.Reads
//	barrier        Module.Barriers
//	keep           Module.Keeps
//	string_import  Module.Loads
//	attribute      Module.Attributes
//	way            Module.Ways
//	farewell       Module.Farewells
//	sorting        Module.Sorting
//
// The keys of an object are the fields of the Go record in lower case, words
// joined by underscores (PassedTo is "passed_to"), in the order of the record.
// False, empty text and empty lists are left out; numbers are always there.
// Spans are [start, end) in bytes of the source, lines count from 1, -1 stands
// for no record. Words: "kind" of a scope is module, def, lambda or class; of a
// binding import, def, class, assignment, augmented, delete, parameter,
// declaration or other. "site" is module, guarded, class, function,
// type-checking or main. "guard" is none, if, try, try-import-error, handler,
// with, loop or match. "role" is plain, decorator, default, base class,
// annotation, type alias or type parameter. "form" of a patch is string,
// object, multiple, modules or reload.
package facts
