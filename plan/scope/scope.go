package scope

import "fastpath/plan/syntax"

// An ID is an index into Table.Scopes. Module is the module's own scope.
type ID = int32

// Module is the outermost scope; NoScope stands for none.
const (
	Module  ID = 0
	NoScope ID = -1
)

// A Kind says which Python construct opened a scope.
type Kind uint8

const (
	KindModule Kind = iota
	KindFunction
	KindLambda
	KindClass
	KindComprehension  // list, set and dict comprehension, generator expression
	KindTypeParameters // the hidden scope around a generic def, class or type alias (PEP 695)
	KindTypeAlias      // the value of `type X = …`
	KindTypeVariable   // the bound, constraint or default of one type parameter
	KindAnnotation     // an annotation that is not evaluated (future import)
)

// A Binding says where a name of a scope lives, in symtable's terms.
type Binding uint8

const (
	Local          Binding = iota // bound here and nowhere captured
	Cell                          // bound here and captured by an inner scope
	Free                          // bound in an enclosing function
	GlobalExplicit                // declared global here
	GlobalImplicit                // not bound here nor in an enclosing function: module or builtin
)

// A Scope is one naming scope, in source order.
type Scope struct {
	Kind Kind
	// Node is the definition, lambda, comprehension or alias; Root for the
	// module. For type parameters it is their list, for a bound or default and
	// for an annotation that expression.
	Node   syntax.NodeID
	Parent ID     // NoScope for the module
	Name   string // of a def or class; otherwise "lambda", "genexpr", … as symtable names it
	// Symbols come in order of first occurrence. Names that only pass from an
	// outer function to an inner scope follow at the end, Free and without flags.
	Symbols []Symbol
	// Unknown tells that names may be bound here that cannot be seen: a star
	// import (module), exec or the like. Lookups that fall through such a
	// scope may find anything.
	Unknown bool
}

// A Symbol is one name of one scope.
type Symbol struct {
	Name    string
	Binding Binding
	Owner   ID // the scope whose variable it is; Module for globals, bound there or not
	Flags   Flag
}

// A Flag is a fact of a symbol that symtable reports too.
type Flag uint16

const (
	Assigned Flag = 1 << iota
	Referenced
	Parameter
	Imported
	Annotated
	DeclaredGlobal
	DeclaredNonlocal
	Deleted
	TypeParameter
	// PassedThrough marks a name of a class (or of a type scope in a class)
	// that inner scopes take, past the class, from a function around it.
	PassedThrough
)

// A Role says what an occurrence of a name does.
type Role uint8

const (
	Load Role = iota
	Delete
	DeclareGlobal
	DeclareNonlocal
	// The rest bind the name.
	Assign        // =, :=, for, with, starred and tuple targets
	AugAssign     // loads and binds
	AnnAssign     // x: T = v
	AnnOnly       // x: T without a value: makes the name local, binds nothing
	BindParameter // def and lambda parameters
	BindImport    // node: the alias, or the first identifier of the bound name
	BindDef
	BindClass
	BindExcept // except E as x: deleted at the end of the clause
	BindMatch  // capture patterns
	BindTypeParameter
	BindTypeAlias
)

// Binds tells whether the role gives the name a value.
func (r Role) Binds() bool { return r >= Assign && r != AnnOnly }

// An Annotation says whether an occurrence stands in an annotation, and when
// that annotation is evaluated.
type Annotation uint8

const (
	NoAnnotation Annotation = iota
	Evaluated               // when the def or the assignment around it runs
	Deferred                // kept as text: from __future__ import annotations
	Ignored                 // of a local variable in a function: never evaluated nor kept
)

// An Occurrence is one appearance of a name, in source order of its node.
type Occurrence struct {
	Node  syntax.NodeID // the identifier
	Name  string        // in normal form KC and after name mangling
	Scope ID            // the scope in which it is looked up or bound
	// Owner is the scope whose variable it refers to; Module for globals and
	// builtins. A walrus in a comprehension has the comprehension as Scope and
	// the function or module around it as Owner.
	Owner      ID
	Role       Role
	Annotation Annotation
}

// A Table is the complete name resolution of one file.
type Table struct {
	Tree        *syntax.Tree
	Scopes      []Scope
	Occurrences []Occurrence
	// Future tells that annotations are not evaluated (from __future__ import annotations).
	Future bool
}
