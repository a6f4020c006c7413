package facts

import (
	"sync"

	"fastpath/plan/syntax"
)

// A Module is everything the planner knows of one file. It holds no bytes of
// the file and no pointers into its tree, so it can be cached. Lines are
// 1-based; spans are byte ranges of the original source.
type Module struct {
	Path    string // slash path relative to the project root
	Name    string // dotted module name under its import root; "" when it has none
	Package bool   // an __init__.py
	Future  bool   // from __future__ import annotations

	Scopes     []Scope     // 0 is the module; only module, def, lambda and class
	Statements []Statement // import statements, in source order
	Units      []Unit      // in source order
	Names      []Name      // names of the module scope, and names that a local import binds
	Uses       []Use       // references to those names, in source order

	All        All            // __all__
	Dynamic    []Dynamic      // namespace access that names cannot see
	ClassNames []ClassName    // names that a class body both binds and reads
	Strings    []StringRef    // strings that look like a dotted name or mod:name
	Mentions   []Mention      // import-bound names seen inside other strings and docstring examples
	Patches    []Patch        // replacements of attributes or modules by tests and others
	Calls      []Call         // attribute calls by name, and calls of what cannot be resolved, at import time
	Effects    []Effect       // process-wide or other-module effects
	Reads      []Read         // process state that the top level reads
	ReadsLater []Read         // process state that functions read when they run
	Barriers   []Barrier      // statements that imports must not cross
	Keeps      []Keep         // # fastpath: keep comments
	MainGuard  []syntax.Span  // bodies of top-level `if __name__ == "__main__":`
	Dunder     []string       // module-level __getattr__, __dir__, …
	Loads      []StringImport // import_module("x") and __import__("x") with a constant name
	Attributes []Attribute    // attribute names, each once, sorted
	Ways       []Way          // other paths on which code comes to objects
	Farewells  []Farewell     // what is to run when objects or the interpreter go down
	Tail       uint32         // offset of the first top-level statement that is no import, def, class, docstring or literal assignment; length of the file if none
	Touches    []Effect       // what the top level does with objects of others, that may be an effect
	Changes    []Effect       // process-wide effects of functions and of the main guard, whenever they run
	Lazy       bool           // the file uses PEP 810 `lazy import` or __lazy_modules__
	Sorting    []Sorting      // isort/usort/fmt control comments

	once   sync.Once
	byName map[nameKey]int
}

// A ScopeID is an index into Module.Scopes.
type ScopeID = int32

// Top is the module scope.
const Top ScopeID = 0

// A ScopeKind is the construct behind a Scope.
type ScopeKind uint8

const (
	ModuleScope ScopeKind = iota
	DefScope
	LambdaScope
	ClassScope
)

var scopeKindNames = [...]string{"module", "def", "lambda", "class"}

func (k ScopeKind) String() string { return nameOf(scopeKindNames[:], int(k)) }

// A Scope is a module, def, lambda or class. Comprehensions and annotation
// scopes are folded into the scope around them.
type Scope struct {
	Kind       ScopeKind
	Parent     ScopeID // -1 for the module
	Name       string  // simple name; "<lambda>"
	Qualified  string  // Report.render, outer.inner; "" for the module
	Line       int
	Span       syntax.Span // the def, class or lambda itself, without decorators
	Body       syntax.Span // its block, from the first statement
	Async      bool
	Generator  bool
	Decorators []Decorator
	Bases      []string // dotted text of base classes; "?" when it is no dotted name
	Keywords   []string // class keywords
	Params     []string
	Shares     []string // of a class: containers that its body binds and its instances share
	Adds       []string // of a method: attributes of the instance or its class to whose content it adds
	Alters     bool     // a method that changes its instance or class
	Registers  bool     // a method that adds to what its instance or class holds, whatever it is called with
	Changes    []string // of a def: parameters whose attributes it sets, or to whose content it adds, a method's first aside; of what makes an object, also those that it keeps for methods that do so
	Asks       []string // of a def: methods that it calls of its parameters: "app.attach"
	RunsParam  bool     // a def that may run what it is given while it runs itself, inner functions aside
	Entered    bool     // a def inside a def that runs it, or hands it on to what may
	Given      bool     // a def that the def around it gives back
	Gives      []string // of a def: the dotted callees whose values it gives back, as written; "?" for anything else that could be called
	Empty      bool     // a def that does nothing: a docstring, pass, ...
	InLoop     bool     // a def or class inside for/while of the scope around it
	Guarded    bool     // under if/try/with/loop/match of the scope around it
}

// A Decorator is the dotted text of a decorator, "?" when it has none.
type Decorator struct {
	Name string
	Call bool // @x(...) rather than @x
	Line int
}

// A Site is where an import statement stands.
type Site uint8

const (
	SiteModule       Site = iota // plain module level
	SiteGuarded                  // in if/try/with/loop/match at module level
	SiteClass                    // in a class body
	SiteFunction                 // in a function body
	SiteTypeChecking             // under if TYPE_CHECKING: at module level
	SiteMain                     // under if __name__ == "__main__":
)

var siteNames = [...]string{"module", "guarded", "class", "function", "type-checking", "main"}

func (s Site) String() string { return nameOf(siteNames[:], int(s)) }

// nameOf is total, so that printing a damaged record cannot panic.
func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return "unknown"
}

// A Statement is one import statement.
type Statement struct {
	Span  syntax.Span // without comments and line end
	Line  int
	From  bool
	Site  Site
	Scope ScopeID
	Lazy  bool // PEP 810
	Units [2]int
	// For statements in a function: the guard it stands under, and whether a
	// statement that can return, raise or have an effect precedes it.
	Guard    Guard
	Preceded string // "" or what precedes: "return", "raise", "call", "assignment", …
	Shared   bool   // on a line with other statements (semicolons), or an inline suite
	// Optional tells that some try around it, in its scope, catches
	// ImportError; Conditional that it stands under a compound statement of
	// its scope. The main guard and `if TYPE_CHECKING:` do not count as such.
	Optional    bool
	Conditional bool
	// Comments are those attached to it: directly above on lines of their
	// own, inside, and behind it on its last line.
	Comments []syntax.Span
}

// A Guard is the compound statement around a statement, nearest first.
type Guard uint8

const (
	NoGuard Guard = iota
	GuardIf
	GuardTry         // with a handler that is not for ImportError
	GuardImportError // try whose handlers catch ImportError, ModuleNotFoundError, Exception or everything
	GuardHandler     // inside except, else or finally
	GuardWith
	GuardLoop
	GuardMatch
)

var guardNames = [...]string{"none", "if", "try", "try-import-error", "handler", "with", "loop", "match"}

func (g Guard) String() string { return nameOf(guardNames[:], int(g)) }

// A Unit is one bound name of one import statement.
type Unit struct {
	Statement int
	Index     int // position in the statement
	Line      int
	Bound     string      // the name it puts in its scope; "" for a star
	Module    string      // absolute dotted module named by the statement; "" when a relative level leaves the package
	Attr      string      // the name imported from Module; "" for `import m`, "*" for a star
	Alias     bool        // written with `as`
	Written   string      // as in the source: "a.b as c", "..m"
	Level     int         // leading dots
	Name      int         // index into Names; -1 for stars and class-scope imports
	Reexport  bool        // `import x as x`, `from m import y as y`
	Outer     bool        // in a def: an enclosing def binds the same name
	Stray     int         // in a def: the line of code that reads a global of that name, which nothing binds; 0 for none
	Noqa      bool        // carries # noqa (F401), often a marked re-export or side effect
	Span      syntax.Span // the name with its alias, in the statement
}

// A Name is one variable that imports bind, or one variable of the module.
type Name struct {
	Scope    ScopeID
	Text     string
	Bindings []Bind
	Uses     []int     // indexes into Module.Uses, loads only
	GlobalIn []ScopeID // scopes that declare it global (module names only)
}

// A BindKind says what binds a name.
type BindKind uint8

const (
	ByImport BindKind = iota
	ByDef
	ByClass
	ByAssign // also for, with, except, match, walrus
	ByAugAssign
	ByDelete
	ByParameter
	ByDeclaration // annotation without a value
	ByOther
)

var bindNames = [...]string{"import", "def", "class", "assignment", "augmented", "delete", "parameter", "declaration", "other"}

func (k BindKind) String() string { return nameOf(bindNames[:], int(k)) }

// A Bind is one binding of a name.
type Bind struct {
	Kind    BindKind
	Unit    int     // for ByImport
	Defines ScopeID // for ByDef and ByClass: the scope it opens; otherwise -1
	Line    int
	Offset  uint32
	Scope   ScopeID // where it runs; differs from Name.Scope under `global`
	Plain   bool    // unconditional, at the top level of its scope
	Value   string  // for ByAssign of a dotted name: that name; "literal" for constants
	Made    string  // for ByAssign of a call: the dotted text of what is called
}

// A Role says in what construct a reference stands. With Use.Scope it tells
// when the reference runs.
type Role uint8

const (
	Plain Role = iota
	InDecorator
	InDefault
	InBase       // base class or class keyword
	InAnnotation // parameter, return or variable annotation
	InTypeAlias  // type X = …
	InTypeParam  // bound or default of a type parameter
)

var roleNames = [...]string{"plain", "decorator", "default", "base class", "annotation", "type alias", "type parameter"}

func (r Role) String() string { return nameOf(roleNames[:], int(r)) }

// A Use is one load of a name of Module.Names.
type Use struct {
	Name   int // index into Names
	Offset uint32
	Line   int
	Scope  ScopeID // the scope whose code runs it: module, def, lambda or class
	Role   Role
	// Annotation details, for InAnnotation: not evaluated (future import, or
	// inside a string), a local variable's, and whose signature or class body.
	Quoted        bool
	Local         bool
	Annotated     ScopeID
	TypeComment   bool
	Chain         string // attribute path that follows: "b.c" for a.b.c
	Store         bool   // the chain is assigned or deleted: a.b = …
	Item          bool   // an item of the whole chain is assigned or deleted, or something in one: a.b[c] = …
	Called        bool   // the whole chain is called
	Applied       bool   // the whole chain is a decorator: called with what it decorates
	PassedTo      string // dotted callee, as written, when the chain is an argument; "?" when it has no name; "" otherwise
	Keyword       string // with PassedTo: the keyword it is passed as
	Argument      int    // with PassedTo: which of the plain arguments it is, from 1; 0 for a keyword or where it may be any
	InLoop        bool
	InMain        bool // inside a main guard
	Conditional   bool // under a compound statement of its scope
	Comprehension bool // inside a comprehension or generator expression, but not in its first iterable
	TypeChecking  bool // inside an `if TYPE_CHECKING:`: it never runs
	ClassFirst    bool // a class body that binds the name too: looked up there first, then in the module
}

// All is what is known of __all__.
type All struct {
	Present bool
	Static  bool // every element is known
	Names   []string
	Line    int
}

// A Dynamic is one access to a namespace, or to the code or annotations of an
// object, that names cannot see.
type Dynamic struct {
	// What is one of: globals, locals, vars, dir, eval, exec, frame,
	// sys.modules; getattr (hasattr too), setattr (of a computed name),
	// getmembers, __dict__, __globals__, __subclasses__; inspect.getsource,
	// FunctionType, __code__; get_type_hints, __annotations__; sys.modules[] (of a
	// constant key that is asked for).
	What  string
	Line  int
	Scope ScopeID
	// Object is the dotted text of the argument for getattr, vars(x), dir(x),
	// getmembers(x), x.__dict__; "" for the module's own namespace.
	Object string
	Attr   string // for getattr with a constant name: that name
	Begins string // for getattr with a computed name: how that begins, as far as it is known
	Loaded bool   // Object may be a module that the file imports by string
	Sets   bool   // for globals and vars of the module itself: names are set in it
}

// A ClassName is a name that the body of a class binds and reads: the read
// falls through to the module when the binding has not run.
type ClassName struct {
	Scope ScopeID
	Name  string
	Line  int // of the first read
}

// A StringRef is a string literal that could name something by path. Its value
// is module.* where an import statement in a string takes names we do not see.
type StringRef struct {
	Value string
	Line  int
	Span  syntax.Span // the literal with its quotes
}

// A Mention is an import-bound name inside a string or a doctest.
type Mention struct {
	Name    string
	Line    int
	Doctest bool
}

// A PatchForm is how something is replaced.
type PatchForm uint8

const (
	PatchString   PatchForm = iota // patch("a.b.c"), monkeypatch.setattr("a.b.c", v), mocker.patch(…)
	PatchObject                    // patch.object(a.b, "c"), monkeypatch.setattr(a.b, "c", v), setattr(a.b, "c", v)
	PatchMultiple                  // patch.multiple("a.b", c=…)
	PatchModules                   // sys.modules written, popped or patch.dict'ed
	PatchReload                    // importlib.reload(m)
	PatchContent                   // patch.dict("a.b"), monkeypatch.setitem(a.b, …)
)

var patchNames = [...]string{"string", "object", "multiple", "modules", "reload", "content"}

func (f PatchForm) String() string { return nameOf(patchNames[:], int(f)) }

// A Patch is one such replacement.
type Patch struct {
	Form PatchForm
	// Target is a dotted path: of what is replaced for PatchString and
	// PatchMultiple ("a.b.*" and "*" for a computed rest), of the object for
	// PatchObject, of the module for PatchModules ("a.b.*" or "a*" for a computed rest)
	// and PatchReload, of the mapping for PatchContent. Objects are resolved through this file's imports; "" when
	// it is not known.
	Target string
	Attr   string // PatchObject and PatchMultiple: the attribute, "" when computed
	Line   int
	Span   syntax.Span // the string literal, where there is one that is no f-string
	Plain  bool        // no create, spec, autospec, new_callable …
	Passes bool        // for PatchString and PatchObject: it ends with a with block, a function or a test
	Root   string      // dotted path of the object up to the module import it came from
}

// A Call is an attribute call, at import time or in a def, that a method of
// the file could answer.
type Call struct {
	Attr   string // method name for x.attr(…); "?" for a call, at import time, of what cannot be told
	Line   int
	Scope  ScopeID
	InMain bool // inside a main guard
}

// An Effect is something that a module does to others.
//
// In Effects and Changes, to the whole process: signal, locale, environ, cwd,
// sys.path, sys.modules, logging, warnings, excepthook, builtins, event-loop,
// socket, start-method, backend, random, registry (of codecs, mimetypes and the
// like), process. To an object of another module: store (an attribute or item)
// and call (in Effects, a call as a statement, outside the standard library; in
// Changes, one of a method that adds to what the object holds). In Effects only:
// register (it decorates). In Changes and Touches also state: it sets one of the
// states that states.go lists and is nothing else, with the path of what does in
// Detail, or "=" and the name of the state, and for files the key of the path (see
// pathKey). In Changes alone method: any other method is called by way of another
// name for the object (see readAliases). By way of such names, Changes also hold
// what is done to variables of the module itself.
//
// In Touches: value (a call whose value is used), subclass, metaclass, and of
// consequence when the interpreter goes down, atexit, thread, pool.
type Effect struct {
	Code   string
	Detail string // dotted path, through this file's imports
	Key    string // constant subscript or first argument: the variable of environ, the key of a table; "=" where environ itself is replaced, sys.path as it was comes back, or the loggers that there are stay on; for setlocale see localeKey, for signal the signal
	Item   bool   // for store: an item of it is stored
	Line   int
	Scope  ScopeID
}

// A Read is process state that the top level, or a function, reads: environ, cwd,
// process (another program runs), locale, signal, socket, start-method, sys.path,
// sys.argv, sys.stdin, sys.stdout, sys.stderr, or a state of states.go by its name.
type Read struct {
	Code  string
	Key   string // constant subscript or first argument: the variable of environ, "" where it may be any; the key of the path of a file
	Line  int
	Scope ScopeID
}

// A Barrier is a statement that imports must not cross.
type Barrier struct {
	Why  string
	Line int
	Span syntax.Span
}

// A Keep is one `# fastpath: keep` comment.
type Keep struct {
	Line   int
	Code   string // keep(CODE); "" without
	Reason string // "" when none is given
}

// A StringImport is an import by constant string.
type StringImport struct {
	Module string // "" where it is computed
	Begins string // how a computed one begins, as far as it is known
	Line   int
	Scope  ScopeID
	Used   bool // something is done with what it gives
}

// An Attribute is an attribute name that a file reads or stores.
type Attribute struct {
	Name string
	Line int // of the first place
}

// A Way is another path on which code comes to an object: a variable of the module or
// of a class that was given it, with "[]" behind it one that holds it, with "()" a
// function that gives it.
type Way struct {
	Of   string // the dotted path of the object
	Path string
	Line int
}

// A Farewell is a function or method, by its own name alone, that a call of
// atexit.register, weakref.finalize, weakref.ref or the like is given to run
// when the interpreter or an object goes down.
type Farewell struct {
	Name string
	Exit bool // at the end of the interpreter
	Line int
}

// A Sorting is a control comment of an import sorter or formatter.
type Sorting struct {
	Text string
	Line int
}

// DefAround is the innermost def around s, s itself included; -1 when s runs
// at module level.
func (m *Module) DefAround(s ScopeID) ScopeID {
	for s >= 0 && m.Scopes[s].Kind != DefScope {
		s = m.Scopes[s].Parent
	}
	return s
}

// OutermostDef is the outermost def around s; -1 when s runs at module level.
func (m *Module) OutermostDef(s ScopeID) ScopeID {
	out := ScopeID(-1)
	for s >= 0 {
		if m.Scopes[s].Kind == DefScope {
			out = s
		}
		s = m.Scopes[s].Parent
	}
	return out
}

// Inside tells whether s is outer or a scope within it.
func (m *Module) Inside(s, outer ScopeID) bool {
	for ; s >= 0; s = m.Scopes[s].Parent {
		if s == outer {
			return true
		}
	}
	return false
}
