package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the prefix of the project's own import paths.
const module = "fastpath/"

// layers is the table of the README's code map as data: which packages of the
// project a package may import in code that is not a test. A package that is
// not listed fails the test, so that a new one is placed deliberately.
var layers = map[string][]string{
	"plan/syntax/scan": {},
	"plan/syntax":      {"plan/syntax/scan"},
	"plan/scope":       {"plan/syntax"},
	"plan/facts":       {"plan/syntax", "plan/syntax/scan", "plan/scope", "plan/stdlib"},
	"plan/sieve":       {"plan/syntax/scan", "plan/scope", "plan/facts", "plan/stdlib"},
	"plan/graph":       {"plan/syntax", "plan/facts"},
	"plan/glob":        {},
	"plan/stdlib":      {},
	"plan/jsondoc":     {},
	"plan/profile":     {"plan/jsondoc"},
	"plan/usage":       {"plan/jsondoc"},
	"plan/evidence":    {"plan/jsondoc"},
	"plan": {"plan/syntax", "plan/facts", "plan/graph", "plan/glob", "plan/stdlib",
		"plan/profile", "plan/usage", "plan/evidence"},

	"rewrite/edit":     {},
	"rewrite/udiff":    {},
	"rewrite/fastpath": {"plan", "plan/facts", "plan/scope", "plan/syntax", "rewrite/edit"},
	"rewrite/mocks":    {"plan", "plan/facts", "plan/scope", "plan/syntax", "rewrite/edit"},
	"rewrite/check":    {"plan", "plan/facts", "plan/scope", "plan/syntax"},
	"rewrite": {"plan", "plan/facts", "plan/scope", "plan/stdlib", "plan/syntax", "plan/syntax/scan",
		"rewrite/edit", "rewrite/fastpath", "rewrite/mocks", "rewrite/check"},

	"fixtures": {},

	"cmd/internal/lock":     {},
	"cmd/internal/git":      {"cmd/internal/lock"},
	"cmd/internal/tree":     {"cmd/internal/git", "plan/glob"},
	"cmd/internal/python":   {"plan/jsondoc", "plan/profile", "plan/evidence"},
	"cmd/internal/cache":    {},
	"cmd/internal/config":   {"plan", "cmd/internal/check", "plan/glob", "rewrite"},
	"cmd/internal/discover": {"plan/facts", "plan/glob", "cmd/internal/config"},
	"cmd/internal/write":    {"cmd/internal/lock", "cmd/internal/tree"},
	"cmd/internal/check":    {"plan", "plan/evidence", "plan/facts", "plan/glob", "plan/jsondoc", "rewrite/fastpath"},
	"cmd/internal/audit":    {"plan", "plan/evidence", "plan/facts", "plan/glob", "plan/profile", "cmd/internal/check"},
	"cmd/internal/render":   {"cmd/internal/audit", "plan", "plan/evidence", "plan/facts", "cmd/internal/check"},
	"cmd/internal/run": {"plan", "plan/facts", "plan/glob", "plan/profile", "plan/stdlib", "plan/sieve", "plan/scope", "plan/syntax", "plan/usage",
		"rewrite", "rewrite/check", "rewrite/fastpath", "rewrite/mocks", "rewrite/udiff", "cmd/internal/cache"},
	"cmd/fastpath": {"plan", "plan/evidence", "plan/facts", "plan/glob", "plan/profile", "plan/syntax", "plan/usage", "fixtures",
		"cmd/internal/audit", "cmd/internal/check", "cmd/internal/config", "cmd/internal/discover", "cmd/internal/git", "cmd/internal/python",
		"cmd/internal/render", "cmd/internal/run", "cmd/internal/tree", "cmd/internal/write", "rewrite/fastpath"},
}

// doors names, for each outside library that code other than tests may use,
// the packages that may import it.
var doors = map[string][]string{
	"github.com/smacker/go-tree-sitter":        {"plan/syntax"},
	"github.com/sergi/go-diff":                 {"rewrite/udiff"},
	"gonum.org/v1/gonum":                       {"plan/graph", "plan/evidence"},
	"github.com/pelletier/go-toml/v2":          {"cmd/internal/config"},
	"gopkg.in/yaml.v3":                         {"cmd/internal/discover"},
	"github.com/agnivade/levenshtein":          {"cmd/internal/config"},
	"github.com/bmatcuk/doublestar/v4":         {"plan/glob"},
	"github.com/google/renameio/v2":            {"cmd/internal/write"},
	"github.com/jedib0t/go-pretty/v6":          {"cmd/internal/render"},
	"github.com/schollz/progressbar/v3":        {"cmd/internal/render"},
	"github.com/owenrumney/go-sarif/v3":        {"cmd/internal/render"},
	"github.com/spf13/cobra":                   {"cmd/fastpath"},
	"github.com/santhosh-tekuri/jsonschema/v6": {"cmd/internal/render"},
	"github.com/prometheus/client_model":       {"cmd/internal/render"},
	"github.com/prometheus/common":             {"cmd/internal/render"},
	"golang.org/x/text":                        {"plan/scope"},
	"golang.org/x/term":                        {"cmd/fastpath"},
}

// worldly are the packages of the standard library that plan and rewrite must
// not import: they touch the world or make output depend on it.
var worldly = []string{"os", "os/exec", "os/signal", "io/fs", "io/ioutil", "log", "log/slog", "math/rand", "math/rand/v2", "net", "net/http"}

// topLevel is all that may stand beside dotfiles at the top of the repository.
var topLevel = []string{"cmd", "rewrite", "plan", "fixtures", "go.mod", "go.sum", "Makefile", "README.md", "LICENSE", "CHANGELOG.md", "bin"}

const longestFile = 600 // lines

// A source is one Go file of the project.
type source struct {
	path string // relative to the root, with slashes
	text []byte
	ast  *ast.File
	fset *token.FileSet
}

func (s source) pkg() string { return path.Dir(s.path) }
func (s source) test() bool  { return strings.HasSuffix(s.path, "_test.go") }
func (s source) pure() bool {
	return strings.HasPrefix(s.path, "plan/") || strings.HasPrefix(s.path, "rewrite/")
}
func (s source) lines() int           { return bytes.Count(s.text, []byte("\n")) }
func (s source) at(n ast.Node) string { return s.fset.Position(n.Pos()).String() }

func root(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	top := root(t)
	for _, dir := range []string{"cmd", "plan", "rewrite", "fixtures"} {
		err := filepath.WalkDir(filepath.Join(top, dir), func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") {
				if d != nil && d.Name() == "testdata" {
					return fs.SkipDir
				}
				return err
			}
			text, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			rel, _ := filepath.Rel(top, p)
			rel = filepath.ToSlash(rel)
			fset := token.NewFileSet()
			tree, err := parser.ParseFile(fset, rel, text, parser.ParseComments)
			if err != nil {
				return err
			}
			all = append(all, source{path: rel, text: text, ast: tree, fset: fset})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(all) < 10 {
		t.Fatalf("found only %d Go files: the walk is wrong", len(all))
	}
	return all
}

func imports(s source) []string {
	var paths []string
	for _, spec := range s.ast.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		paths = append(paths, p)
	}
	return paths
}

func TestLayersBetweenPackages(t *testing.T) {
	for _, s := range sources(t) {
		allowed, placed := layers[s.pkg()]
		if !placed {
			t.Errorf("%s: package %s has no place in the layers table", s.path, s.pkg())
			continue
		}
		for _, p := range imports(s) {
			own, ok := strings.CutPrefix(p, module)
			if !ok {
				continue
			}
			if strings.HasPrefix(s.pkg(), own+"/") {
				t.Errorf("%s imports its parent %s", s.path, own)
			}
			if strings.HasPrefix(s.pkg(), "plan") && strings.HasPrefix(own, "rewrite") {
				t.Errorf("%s: plan never imports rewrite, yet it imports %s", s.path, own)
			}
			if !s.test() && !slices.Contains(allowed, own) {
				t.Errorf("%s may not import %s: allowed are %v", s.path, own, allowed)
			}
		}
	}
}

func TestLayersOutsideLibraries(t *testing.T) {
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		for _, p := range imports(s) {
			if strings.HasPrefix(p, module) || p == "C" || !strings.Contains(strings.Split(p, "/")[0], ".") {
				continue
			}
			library := ""
			for name := range doors {
				if p == name || strings.HasPrefix(p, name+"/") {
					library = name
				}
			}
			switch {
			case library == "":
				t.Errorf("%s imports %s, which has no door in the layers table", s.path, p)
			case !slices.Contains(doors[library], s.pkg()):
				t.Errorf("%s imports %s: its door is %v", s.path, p, doors[library])
			}
		}
	}
}

func TestLayersPlanAndRewriteArePure(t *testing.T) {
	for _, s := range sources(t) {
		if s.test() || !s.pure() {
			continue
		}
		for _, p := range imports(s) {
			if slices.Contains(worldly, p) {
				t.Errorf("%s imports %s: only cmd touches the world", s.path, p)
			}
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && x.Obj == nil && (sel.Sel.Name == "Now" || sel.Sel.Name == "Since") {
				t.Errorf("%s: time.%s: the same inputs must give the same bytes", s.at(sel), sel.Sel.Name)
			}
			return true
		})
	}
}

// outline is what Input.Modules holds of a file whose facts are left in the cache,
// see plan.Rest.
var outline = []string{"Path", "Name", "Package", "Units", "Statements", "Loads"}

// The planner takes more than an outline only where it asks for the facts.
func TestLayersPlanAsksForFacts(t *testing.T) {
	read := 0
	for _, s := range sources(t) {
		if s.test() || path.Dir(s.path) != "plan" {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok || !ofModules(sel.X) {
				return true
			}
			read++
			if !slices.Contains(outline, sel.Sel.Name) {
				t.Errorf("%s: %s of an element of Modules may be left in the cache: ask facts for it", s.at(sel), sel.Sel.Name)
			}
			return true
		})
	}
	if read < 20 {
		t.Errorf("%d places read Modules: the test looks for something else", read)
	}
}

// ofModules tells whether an expression is an element of Modules, or a variable
// that was only ever set to such an element.
func ofModules(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.IndexExpr:
		list, ok := x.X.(*ast.SelectorExpr)
		return ok && list.Sel.Name == "Modules" && !isField(list.X, "Profile", "Usage")
	case *ast.Ident:
		if x.Obj == nil {
			return false
		}
		set, ok := x.Obj.Decl.(*ast.AssignStmt)
		if !ok {
			return false
		}
		for i, name := range set.Lhs {
			if of, ok := name.(*ast.Ident); ok && of.Obj == x.Obj && len(set.Rhs) == len(set.Lhs) {
				return ofModules(set.Rhs[i])
			}
			// for i, m := range w.Modules
			if of, ok := name.(*ast.Ident); ok && of.Obj == x.Obj && i == 1 {
				if all, ok := set.Rhs[0].(*ast.UnaryExpr); ok && all.Op == token.RANGE {
					list, ok := all.X.(*ast.SelectorExpr)
					return ok && list.Sel.Name == "Modules" && !isField(list.X, "Profile", "Usage")
				}
			}
		}
	}
	return false
}

func isField(x ast.Expr, names ...string) bool {
	sel, ok := x.(*ast.SelectorExpr)
	return ok && slices.Contains(names, sel.Sel.Name)
}

func TestLayersFileSizes(t *testing.T) {
	for _, s := range sources(t) {
		if n := s.lines(); !s.test() && n > longestFile {
			t.Errorf("%s has %d lines: a file is about one thing and has at most %d", s.path, n, longestFile)
		}
	}
}

func TestLayersPackageComments(t *testing.T) {
	documented := map[string]int{}
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		if s.ast.Doc != nil {
			documented[s.pkg()]++
		} else {
			documented[s.pkg()] += 0
		}
	}
	for pkg, n := range documented {
		if n != 1 {
			t.Errorf("package %s has %d package comments, want 1", pkg, n)
		}
	}
}

func TestLayersTopLevel(t *testing.T) {
	entries, err := os.ReadDir(root(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(topLevel, e.Name()) {
			t.Errorf("%s stands at the top of the repository, which is fixed: %v", e.Name(), topLevel)
		}
	}
}
