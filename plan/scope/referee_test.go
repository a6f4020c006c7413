package scope_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// A transcript writes a table the way testdata/referee.py writes CPython's.
type transcript struct {
	tree   *syntax.Tree
	table  *scope.Table
	inline bool
	views  []view
	lines  []string
}

// transcribe gives the sorted lines for a table. With inline, symbols are
// shown as CPython 3.12 and later do, after merging comprehensions.
func transcribe(table *scope.Table, inline bool) []string {
	x := &transcript{tree: table.Tree, table: table, inline: inline, views: views(table, inline)}
	for id := range table.Scopes {
		x.scope(scope.ID(id))
	}
	for i := range table.Occurrences {
		x.occurrence(&table.Occurrences[i])
	}
	for n := range table.Tree.Nodes {
		switch table.Tree.Nodes[n].Kind {
		case syntax.ImportStatement, syntax.ImportFromStatement, syntax.FutureImportStatement:
			x.imports(syntax.NodeID(n))
		}
	}
	sort.Strings(x.lines)
	return x.lines
}

func (x *transcript) print(format string, args ...any) {
	x.lines = append(x.lines, fmt.Sprintf(format, args...))
}

// key names a scope as the referee does.
func (x *transcript) key(id scope.ID) string {
	s := &x.table.Scopes[id]
	node := s.Node
	kind := s.Name
	switch s.Kind {
	case scope.KindModule:
		return "module@0"
	case scope.KindFunction:
		kind = "def"
	case scope.KindLambda:
		kind = "lambda"
	case scope.KindClass:
		kind = "class"
	case scope.KindTypeParameters:
		kind = "typeparams"
		node = x.tree.FirstNamed(node)
	case scope.KindTypeAlias:
		kind = "alias"
	case scope.KindTypeVariable:
		kind = "typevar"
		// The ast does not count the parentheses around an expression.
		for k := x.tree.Kind(node); k == syntax.Type || k == syntax.ParenthesizedExpression; k = x.tree.Kind(node) {
			node = x.tree.FirstNamed(node)
		}
	}
	return fmt.Sprintf("%s@%d", kind, x.tree.Nodes[node].Start)
}

func (x *transcript) scope(id scope.ID) {
	if x.views[id].detached {
		return
	}
	s := &x.table.Scopes[id]
	parent := "-"
	if s.Parent != scope.NoScope {
		parent = x.key(s.Parent)
	}
	x.print("S %s %s %s", x.key(id), parent, s.Name)
	if x.views[id].inlined {
		return
	}
	for _, k := range x.views[id].symbols {
		if !x.inline && k.Flags&(boundFlags|scope.DeclaredGlobal) == 0 {
			// Before 3.12 symtable told this only of names of the class itself.
			k.Flags &^= scope.PassedThrough
		}
		x.print("N %s %s %s %s", x.key(id), k.Name, flags(k.Flags), bindings[k.Binding])
	}
}

var bindings = map[scope.Binding]string{
	scope.Local: "local", scope.Cell: "cell", scope.Free: "free",
	scope.GlobalExplicit: "explicit", scope.GlobalImplicit: "implicit",
}

func flags(f scope.Flag) string {
	var b strings.Builder
	for _, p := range []struct {
		flag   scope.Flag
		letter byte
	}{
		{scope.Referenced, 'r'}, {scope.Assigned, 'a'}, {scope.Parameter, 'p'}, {scope.Imported, 'i'},
		{scope.Annotated, 't'}, {scope.DeclaredGlobal, 'g'}, {scope.DeclaredNonlocal, 'n'}, {scope.PassedThrough, 'c'},
	} {
		if f&p.flag != 0 {
			b.WriteByte(p.letter)
		}
	}
	if b.Len() == 0 {
		return "-"
	}
	return b.String()
}

var roles = map[scope.Role]string{
	scope.Load: "load", scope.Delete: "del", scope.DeclareGlobal: "global", scope.DeclareNonlocal: "nonlocal",
	scope.Assign: "store", scope.AugAssign: "store", scope.AnnAssign: "store", scope.AnnOnly: "store",
	scope.BindParameter: "store", scope.BindImport: "import", scope.BindDef: "def", scope.BindClass: "class",
	scope.BindExcept: "handler", scope.BindMatch: "store", scope.BindTypeParameter: "typeparam", scope.BindTypeAlias: "store",
}

func (x *transcript) occurrence(o *scope.Occurrence) {
	role, node := roles[o.Role], o.Node
	up := func(kinds ...syntax.Kind) {
		for node != syntax.NoNode {
			for _, k := range kinds {
				if x.tree.Kind(node) == k {
					return
				}
			}
			node = x.tree.Parent(node)
		}
	}
	// The ast has no place for these names but that of the construct.
	switch o.Role {
	case scope.BindDef:
		up(syntax.FunctionDefinition)
	case scope.BindClass:
		up(syntax.ClassDefinition)
	case scope.BindExcept:
		up(syntax.ExceptClause, syntax.ExceptGroupClause)
	case scope.DeclareGlobal, scope.DeclareNonlocal:
		node = x.tree.Parent(node)
	case scope.BindTypeParameter:
		for p := x.tree.Parent(node); x.tree.Kind(p) != syntax.TypeParameter; p = x.tree.Parent(p) {
			node = p
		}
	case scope.BindMatch:
		parent := x.tree.Parent(node)
		if x.tree.Kind(parent) == syntax.SplatPattern && x.tree.Kind(x.tree.Parent(parent)) == syntax.DictPattern {
			role, node = "rest", x.tree.Parent(parent)
		}
	}
	where, owner := "-", "-"
	if !x.views[o.Scope].detached {
		where, owner = x.key(o.Scope), x.key(o.Owner)
		if x.views[o.Scope].merged || x.table.Symbol(o.Scope, o.Name) == nil {
			owner = "?"
		}
	}
	x.print("O %d %s %s %s %s", x.tree.Nodes[node].Start, role, o.Name, where, owner)
}

func (x *transcript) imports(n syntax.NodeID) {
	t := x.tree
	module := "-"
	if t.Kind(n) == syntax.FutureImportStatement {
		module = "__future__"
	} else if m := t.Child(n, syntax.FieldModuleName); m != syntax.NoNode {
		module = x.dotted(m)
	}
	var names []string
	for c := t.First(n); c != syntax.NoNode; c = t.After(c) {
		switch {
		case t.Kind(c) == syntax.WildcardImport:
			names = append(names, "*")
		case t.Nodes[c].Field != syntax.FieldName:
		case t.Kind(c) == syntax.AliasedImport:
			names = append(names, x.dotted(t.Child(c, syntax.FieldName))+"="+x.dotted(t.Child(c, syntax.FieldAlias)))
		default:
			names = append(names, x.dotted(c))
		}
	}
	x.print("I %d %s %s", t.Line(t.Nodes[n].Start), module, strings.Join(names, ","))
}

// dotted is the text of a dotted name without blanks, continuations and comments.
func (x *transcript) dotted(n syntax.NodeID) string {
	var b strings.Builder
	for i := n; i < x.tree.Nodes[n].Next; i++ {
		switch x.tree.Kind(i) {
		case syntax.Identifier, syntax.TokDot:
			b.Write(x.tree.Text(i))
		}
	}
	return b.String()
}

// A referee is one run of testdata/referee.py.
type referee struct {
	inline bool // this CPython merges comprehensions in its tables
	lines  *bufio.Scanner
	wait   func() error
}

// newReferee starts python on the files. The caller reads a block for each
// file, in order.
func newReferee(t *testing.T, python string, files []string) *referee {
	t.Helper()
	cmd := exec.Command(python, filepath.Join("testdata", "referee.py"))
	cmd.Stdin = strings.NewReader(strings.Join(files, "\n"))
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "PYTHONWARNINGS=ignore")
	var trouble bytes.Buffer
	cmd.Stderr = &trouble
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := &referee{lines: bufio.NewScanner(out)}
	r.lines.Buffer(nil, 16<<20)
	r.wait = func() error {
		_, _ = io.Copy(io.Discard, out)
		if err := cmd.Wait(); err != nil {
			return fmt.Errorf("running the referee: %w: %s", err, trouble.String())
		}
		return nil
	}
	var major, minor int
	if !r.lines.Scan() {
		t.Fatal(r.wait())
	}
	if _, err := fmt.Sscanf(r.lines.Text(), "V %d %d", &major, &minor); err != nil {
		t.Fatal(err)
	}
	r.inline = minor >= 12
	return r
}

// block reads what CPython says of the next file; refused is its message
// where it does not compile.
func (r *referee) block() (path string, lines []string, refused string, err error) {
	for r.lines.Scan() {
		line := r.lines.Text()
		switch {
		case path == "" && strings.HasPrefix(line, "F "):
			path = line[2:]
		case path == "" && strings.HasPrefix(line, "E "):
			path, refused, _ = strings.Cut(line[2:], " ")
		case line == ".":
			sort.Strings(lines)
			return path, lines, refused, nil
		default:
			lines = append(lines, line)
		}
	}
	if err := r.lines.Err(); err != nil {
		return "", nil, "", err
	}
	return "", nil, "", io.ErrUnexpectedEOF
}

// differences lists the lines of only one side, in two sorted lists.
func differences(got, want []string) (diff []string) {
	for len(got) > 0 || len(want) > 0 {
		switch {
		case len(want) == 0 || len(got) > 0 && got[0] < want[0]:
			diff = append(diff, "ours    "+got[0])
			got = got[1:]
		case len(got) == 0 || want[0] < got[0]:
			diff = append(diff, "CPython "+want[0])
			want = want[1:]
		default:
			got, want = got[1:], want[1:]
		}
	}
	return diff
}
