// Package check proves that a rewritten file means what it meant.
//
// It knows the file before and the file after, and what imports, bodies and
// names are in Python. It must not know which decisions were made or how they
// were spelled: it parses and resolves both texts itself. Its invariant: it
// never lets a file pass in which a reference could denote something else, or
// in which anything but imports, and what imports need around them, changed.
//
// What it holds for proven: leaving out import statements, `pass`, semicolons
// and `if TYPE_CHECKING:` blocks of imports, both files are the same tree with
// the same text, and the same bytes between any two tokens that have none of
// these between them; every name in that tree is looked up in the same scope
// and denotes the same import or the same variable; an import that moved runs
// before what needs it; no import and no comment is lost or invented.
package check

import (
	"bytes"
	"fmt"
	"strings"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// Options say which further changes were asked for.
type Options struct {
	// Package is the dotted package that relative imports of the file start
	// from; "" when it is not known, and dots are compared as written.
	Package string
	// FastPath is the consolidated module that imports may now go through.
	FastPath *FastPath
	// Quote allows annotations to become strings of the same text.
	Quote bool
	// Strings are the string literals that become others, each of which must.
	Strings []String
	// Future allows `from __future__ import annotations` to be added.
	Future bool
}

// A String is a literal that begins, with its quotes, at an offset of the file
// before. Only its text changes.
type String struct {
	At       uint32
	Old, New string
}

// FastPath is a module that hands imports on.
type FastPath struct {
	Module string            // as the file names it, leading dots included
	Names  map[string]Target // what each of its names denotes
}

// A Target is what an import statement names: a module, or an attribute of
// one. Relative modules keep their dots.
type Target struct {
	Module string
	Attr   string // "" for the module itself
}

func (t Target) String() string {
	if t.Attr == "" {
		return t.Module
	}
	return t.Module + "." + t.Attr
}

// Verify returns nil when after is proven to mean what before meant. The error
// names the line, in the file before unless it says otherwise, and the name.
func Verify(before, after []byte, options Options) error {
	if bytes.Equal(before, after) {
		return nil
	}
	parser := syntax.NewParser()
	defer parser.Close()
	old, err := newSide(parser, before)
	if err != nil {
		return fmt.Errorf("reading the file before: %w", err)
	}
	new, err := newSide(parser, after)
	if err != nil {
		return fmt.Errorf("reading the file after: %w", err)
	}
	p := &proof{old: old, new: new, options: options}
	for _, step := range []func() error{p.sameShape, p.sameNames, p.sameImports, p.sameComments} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// A proof compares two files.
type proof struct {
	old, new *side
	options  Options
	pairs    []pair
	strings  int        // of options.Strings: found
	scopes   []scope.ID // of the new file, by those of the old
}

// A pair is one name in both files.
type pair struct{ old, new *scope.Occurrence }

// A side is one of the two files.
type side struct {
	tree      *syntax.Tree
	table     *scope.Table
	occurs    []int32 // index+1 of the occurrence, by node
	bindings  map[variable]*binding
	imports   []imported
	typeBlock int // blocks of imports under if TYPE_CHECKING:
}

// A variable is a name in the scope that owns it.
type variable struct {
	owner scope.ID
	name  string
}

// A binding is all that gives a variable its value.
type binding struct {
	imports []imported
	others  int
}

// An imported is one name that an import statement binds.
type imported struct {
	target   Target
	loads    string // the module that the statement loads
	bound    string
	node     syntax.NodeID // the statement
	block    syntax.NodeID // the suite it stands in
	typeOnly bool
}

func newSide(parser *syntax.Parser, text []byte) (*side, error) {
	tree, err := parser.Parse(text)
	if err != nil {
		return nil, err
	}
	s := &side{tree: tree, table: scope.Resolve(tree), occurs: make([]int32, len(tree.Nodes)), bindings: map[variable]*binding{}}
	for i, o := range s.table.Occurrences {
		s.occurs[o.Node] = int32(i + 1)
		if !o.Role.Binds() && o.Role != scope.Delete {
			continue
		}
		v := variable{o.Owner, o.Name}
		b := s.bindings[v]
		if b == nil {
			b = &binding{}
			s.bindings[v] = b
		}
		if o.Role != scope.BindImport {
			b.others++
			continue
		}
		im := s.imported(o.Node)
		b.imports = append(b.imports, im)
		s.imports = append(s.imports, im)
	}
	return s, nil
}

// imported reads the import that binds the identifier n.
func (s *side) imported(n syntax.NodeID) imported {
	t := s.tree
	item := t.Parent(n) // dotted_name or aliased_import
	alias := t.Kind(item) == syntax.AliasedImport
	name := item
	if alias {
		name = t.Child(item, syntax.FieldName)
	} else if t.Kind(t.Parent(item)) == syntax.AliasedImport {
		item = t.Parent(item)
	}
	statement := t.Parent(item)
	im := imported{node: statement, block: t.Parent(statement), bound: string(t.Text(n))}
	dotted := compact(t.Text(name))
	switch t.Kind(statement) {
	case syntax.ImportStatement:
		im.loads = dotted
		im.target = Target{Module: dotted}
		if !alias {
			im.target.Module = im.bound
		}
	case syntax.FutureImportStatement:
		im.loads, im.target = "__future__", Target{"__future__", dotted}
	default:
		module := compact(t.Text(t.Child(statement, syntax.FieldModuleName)))
		im.loads, im.target = module, Target{module, dotted}
	}
	im.typeOnly = isTypeBlock(t, t.Parent(im.block))
	return im
}

// absolute resolves a relative module, so that the two spellings of one import
// compare equal.
func (p *proof) absolute(module string) string {
	name := strings.TrimLeft(module, ".")
	up := len(module) - len(name)
	around := p.options.Package
	if up == 0 || around == "" {
		return module
	}
	for ; up > 1; up-- {
		dot := strings.LastIndexByte(around, '.')
		if dot < 0 {
			return module
		}
		around = around[:dot]
	}
	if name == "" {
		return around
	}
	return around + "." + name
}

// compact takes blanks and line continuations out of a dotted name.
func compact(text []byte) string {
	return string(bytes.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\f', '\r', '\n', '\\':
			return -1
		}
		return r
	}, text))
}

// isTypeBlock tells whether n is an `if TYPE_CHECKING:`.
func isTypeBlock(t *syntax.Tree, n syntax.NodeID) bool {
	if n == syntax.NoNode || t.Kind(n) != syntax.IfStatement {
		return false
	}
	condition := t.Text(t.Child(n, syntax.FieldCondition))
	return string(condition) == "TYPE_CHECKING" || bytes.HasSuffix(condition, []byte(".TYPE_CHECKING"))
}

// forTypes tells whether the node stands in the body of an
// `if TYPE_CHECKING:`, which never runs.
func (s *side) forTypes(n syntax.NodeID) bool {
	t := s.tree
	for ; n != syntax.NoNode; n = t.Parent(n) {
		if t.Nodes[n].Field == syntax.FieldConsequence && isTypeBlock(t, t.Parent(n)) {
			return true
		}
	}
	return false
}

func isImport(k syntax.Kind) bool {
	return k == syntax.ImportStatement || k == syntax.ImportFromStatement || k == syntax.FutureImportStatement
}

func (p *proof) errorAt(s *side, n syntax.NodeID, format string, args ...any) error {
	where := ""
	if s == p.new {
		where = " of the result"
	}
	return fmt.Errorf("line %d%s: %s", s.tree.Line(s.tree.Span(n).Start), where, fmt.Sprintf(format, args...))
}
