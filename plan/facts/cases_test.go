package facts_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"fastpath/plan/facts"
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

var update = flag.Bool("update", false, "rewrite the want sections of testdata/*.txtar")

// gather reads the facts of a source in the place that its path gives it.
func gather(t testing.TB, path, src string) *facts.Module {
	t.Helper()
	p := syntax.NewParser()
	defer p.Close()
	tree, err := p.Parse([]byte(src))
	if err != nil {
		t.Fatalf("%s:%v", path, err)
	}
	return facts.Gather(scope.Resolve(tree), facts.NewLayout([]string{path}, []string{"."}).Places[0])
}

// TestCases runs testdata/*.txtar: a source file, and sections "want KIND"
// with the facts of that kind, one a line, as describe words them.
func TestCases(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var m *facts.Module
			var src []byte
			changed := false
			for i := range archive.Files {
				f := &archive.Files[i]
				kind, isWant := strings.CutPrefix(f.Name, "want ")
				if !isWant {
					src = f.Data
					m = gather(t, f.Name, string(src))
					continue
				}
				got := describe(m, src, kind)
				if got == string(f.Data) {
					continue
				}
				if *update {
					f.Data, changed = []byte(got), true
					continue
				}
				t.Errorf("%s:\ngot:\n%swant:\n%s", kind, got, f.Data)
			}
			if changed {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// A sentence is one line of a description: words, some of them only there
// when they hold.
type sentence []string

func (s *sentence) say(format string, args ...any) { *s = append(*s, fmt.Sprintf(format, args...)) }
func (s *sentence) when(holds bool, word string) {
	if holds {
		*s = append(*s, word)
	}
}
func (s *sentence) named(name, value string) { s.when(value != "", name+"="+value) }

// describe words all facts of one kind.
func describe(m *facts.Module, src []byte, kind string) string {
	var out strings.Builder
	line := func(s sentence) { out.WriteString(strings.Join(s, " ") + "\n") }
	in := func(id facts.ScopeID) string {
		if q := m.Scopes[id].Qualified; q != "" {
			return q
		}
		return "-"
	}
	switch kind {
	case "statements":
		for _, x := range m.Statements {
			var s sentence
			s.say("%d: %s in %s", x.Line, x.Site, in(x.Scope))
			s.when(x.Guard != facts.NoGuard, "guard="+x.Guard.String())
			s.named("preceded", x.Preceded)
			s.when(x.Optional, "optional")
			s.when(x.Conditional, "conditional")
			s.when(x.Shared, "shared")
			s.when(x.Lazy, "lazy")
			for _, c := range x.Comments {
				s.say("%q", src[c.Start:c.End])
			}
			line(s)
		}
	case "units":
		for _, x := range m.Units {
			var s sentence
			s.say("%d: %q binds %q from %q", x.Line, x.Written, x.Bound, x.Module)
			s.named("attr", x.Attr)
			s.when(x.Level > 0, fmt.Sprint("level=", x.Level))
			s.named("path", x.Path())
			s.when(x.Name < 0, "unnamed")
			s.when(x.Alias, "alias")
			s.when(x.Reexport, "reexport")
			s.when(x.Outer, "outer")
			s.when(x.Noqa, "noqa")
			line(s)
		}
	case "names":
		for _, x := range m.Names {
			for _, b := range x.Bindings {
				var s sentence
				s.say("%s of %s: %d %s", x.Text, in(x.Scope), b.Line, b.Kind)
				s.when(b.Scope != x.Scope, "in "+in(b.Scope))
				s.when(b.Plain, "plain")
				s.named("value", b.Value)
				if b.Defines >= 0 {
					s.say("defines=%s", in(b.Defines))
				}
				line(s)
			}
			for _, g := range x.GlobalIn {
				line(sentence{x.Text, "global in", in(g)})
			}
		}
	case "uses":
		for _, x := range m.Uses {
			var s sentence
			n := m.Names[x.Name]
			s.say("%d: %s of %s in %s", x.Line, n.Text, in(n.Scope), in(x.Scope))
			s.when(x.Role != facts.Plain, "("+x.Role.String()+")")
			s.named("chain", x.Chain)
			s.when(x.Called, "called")
			s.when(x.Applied, "applied")
			s.when(x.Store, "store")
			s.named("to", x.PassedTo)
			s.named("as", x.Keyword)
			s.when(x.Quoted, "quoted")
			s.when(x.Local, "local")
			s.when(x.TypeComment, "comment")
			if x.Annotated >= 0 {
				s.say("annotates=%s", in(x.Annotated))
			}
			s.when(x.InLoop, "loop")
			s.when(x.InMain, "main")
			s.when(x.Comprehension, "comprehension")
			s.when(x.TypeChecking, "type-checking")
			s.when(x.ClassFirst, "class-first")
			line(s)
		}
	case "scopes":
		for _, x := range m.Scopes[1:] {
			var s sentence
			s.say("%d: %s %s", x.Line, x.Kind, x.Qualified)
			s.when(x.Async, "async")
			s.when(x.Generator, "generator")
			for _, d := range x.Decorators {
				s.say("@%s", d.Name)
				s.when(d.Call, "(…)")
			}
			s.named("bases", strings.Join(x.Bases, ","))
			s.named("keywords", strings.Join(x.Keywords, ","))
			s.named("params", strings.Join(x.Params, ","))
			s.named("shares", strings.Join(x.Shares, ","))
			s.named("adds", strings.Join(x.Adds, ","))
			s.named("changes", strings.Join(x.Changes, ","))
			s.named("asks", strings.Join(x.Asks, ","))
			s.named("gives", strings.Join(x.Gives, ","))
			s.when(x.Given, "given")
			s.when(x.InLoop, "loop")
			s.when(x.Guarded, "guarded")
			line(s)
		}
	case "all":
		var s sentence
		s.when(m.All.Present, "present")
		s.when(m.All.Static, "static")
		s = append(s, m.All.Names...)
		line(s)
	case "dynamic":
		for _, x := range m.Dynamic {
			var s sentence
			s.say("%d: %s in %s", x.Line, x.What, in(x.Scope))
			s.named("object", x.Object)
			s.named("attr", x.Attr)
			s.named("begins", x.Begins)
			line(s)
		}
		for _, x := range m.ClassNames {
			line(sentence{fmt.Sprintf("%d: class %s reads %s", x.Line, in(x.Scope), x.Name)})
		}
	case "strings":
		for _, x := range m.Strings {
			line(sentence{fmt.Sprintf("%d: %s", x.Line, x.Value)})
		}
		for _, x := range m.Loads {
			line(sentence{fmt.Sprintf("%d: loads %q in %s", x.Line, x.Module, in(x.Scope))})
		}
	case "mentions":
		for _, x := range m.Mentions {
			s := sentence{fmt.Sprintf("%d: %s", x.Line, x.Name)}
			s.when(x.Doctest, "doctest")
			line(s)
		}
	case "patches":
		for _, x := range m.Patches {
			var s sentence
			s.say("%d: %s %q", x.Line, x.Form, x.Target)
			s.named("attr", x.Attr)
			s.named("root", x.Root)
			s.when(x.Plain, "plain")
			s.when(x.Passes, "passes")
			s.when(x.Span.Len() > 0, fmt.Sprint("literal=", x.Span.Len()))
			line(s)
		}
	case "calls":
		for _, x := range m.Calls {
			s := sentence{fmt.Sprintf("%d: %s in %s", x.Line, x.Attr, in(x.Scope))}
			s.when(x.InMain, "main")
			line(s)
		}
	case "effects":
		for _, list := range []struct {
			word    string
			effects []facts.Effect
		}{{"effect", m.Effects}, {"touch", m.Touches}, {"change", m.Changes}} {
			for _, x := range list.effects {
				s := sentence{fmt.Sprintf("%s %d: %s %s in %s", list.word, x.Line, x.Code, x.Detail, in(x.Scope))}
				s.named("key", x.Key)
				line(s)
			}
		}
		for _, x := range m.Reads {
			s := sentence{fmt.Sprintf("read %d: %s", x.Line, x.Code)}
			s.named("key", x.Key)
			line(s)
		}
	case "ways":
		for _, x := range m.Ways {
			line(sentence{fmt.Sprintf("%d: %s is %s", x.Line, x.Path, x.Of)})
		}
	case "barriers":
		for _, x := range m.Barriers {
			line(sentence{fmt.Sprintf("%d: %s", x.Line, x.Why)})
		}
		line(sentence{fmt.Sprintf("tail %d", m.Tail)})
		for _, x := range m.MainGuard {
			line(sentence{fmt.Sprintf("main %d-%d", x.Start, x.End)})
		}
	case "comments":
		for _, x := range m.Keeps {
			line(sentence{fmt.Sprintf("%d: keep %q %q", x.Line, x.Code, x.Reason)})
		}
		for _, x := range m.Sorting {
			line(sentence{fmt.Sprintf("%d: %s", x.Line, x.Text)})
		}
	case "flags":
		var s sentence
		s.when(m.Future, "future")
		s.when(m.Lazy, "lazy")
		s = append(s, m.Dunder...)
		line(s)
	default:
		return "no such kind: " + kind + "\n"
	}
	return out.String()
}
