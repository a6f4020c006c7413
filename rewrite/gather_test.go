package rewrite

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// gather reads the few facts that rewriting needs, straight from the tree, so
// that these tests say nothing about how facts are gathered.
func gather(t testing.TB, src []byte) *facts.Module {
	t.Helper()
	p := syntax.NewParser()
	defer p.Close()
	tree, err := p.Parse(src)
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	m := &facts.Module{Scopes: []facts.Scope{{Kind: facts.ModuleScope, Parent: -1}}}
	g := &gatherer{tree: tree, m: m, src: newSource(src, tree, Layout{})}
	g.walk(syntax.Root, 0, facts.SiteModule)
	names := map[string]int{}
	for _, o := range scope.Resolve(tree).Occurrences {
		if o.Owner != scope.Module {
			continue
		}
		n, ok := names[o.Name]
		if !ok {
			n = len(m.Names)
			names[o.Name] = n
			m.Names = append(m.Names, facts.Name{Text: o.Name})
		}
		line := tree.Line(tree.Span(o.Node).Start)
		if o.Role.Binds() {
			m.Names[n].Bindings = append(m.Names[n].Bindings, facts.Bind{Line: line})
		} else if o.Annotation != scope.NoAnnotation {
			m.Uses = append(m.Uses, facts.Use{Name: n, Offset: tree.Span(o.Node).Start, Line: line, Role: facts.InAnnotation,
				Quoted: o.Annotation == scope.Deferred, Local: o.Annotation == scope.Ignored})
		}
	}
	for i := range m.Units {
		m.Units[i].Name = names[m.Units[i].Bound]
	}
	return m
}

type gatherer struct {
	tree *syntax.Tree
	m    *facts.Module
	src  *source
}

func (g *gatherer) walk(n syntax.NodeID, scope facts.ScopeID, site facts.Site) {
	for c := g.tree.First(n); c != syntax.NoNode; c = g.tree.After(c) {
		inner, at := scope, site
		switch k := g.tree.Kind(c); {
		case isImport(k):
			g.statement(c, scope, site)
			continue
		case k == syntax.FunctionDefinition:
			inner = g.scope(c, scope, facts.DefScope)
			at = facts.SiteFunction
		case k == syntax.ClassDefinition:
			inner = g.scope(c, scope, facts.ClassScope)
			if at != facts.SiteFunction {
				at = facts.SiteClass
			}
		case k == syntax.Lambda:
			inner = g.scope(c, scope, facts.LambdaScope)
		case isTypeChecking(g.tree, c) && scope == 0:
			at = facts.SiteTypeChecking
		case k == syntax.IfStatement && scope == 0 && strings.Contains(string(g.tree.Text(g.tree.Child(c, syntax.FieldCondition))), "__main__"):
			at = facts.SiteMain
			g.m.MainGuard = append(g.m.MainGuard, g.tree.Span(g.tree.Child(c, syntax.FieldConsequence)))
		case k == syntax.IfStatement || k == syntax.TryStatement || k == syntax.WithStatement || k == syntax.ForStatement || k == syntax.WhileStatement:
			if scope == 0 {
				at = facts.SiteGuarded
			}
		}
		g.walk(c, inner, at)
	}
}

func (g *gatherer) scope(n syntax.NodeID, parent facts.ScopeID, kind facts.ScopeKind) facts.ScopeID {
	name := "<lambda>"
	if kind != facts.LambdaScope {
		name = string(g.tree.Text(g.tree.Child(n, syntax.FieldName)))
	}
	qualified := name
	if q := g.m.Scopes[parent].Qualified; q != "" {
		qualified = q + "." + name
	}
	g.m.Scopes = append(g.m.Scopes, facts.Scope{Kind: kind, Parent: parent, Name: name, Qualified: qualified,
		Line: g.tree.Line(g.tree.Span(n).Start), Span: g.tree.Span(n), Body: g.tree.Span(g.tree.Child(n, syntax.FieldBody))})
	return facts.ScopeID(len(g.m.Scopes) - 1)
}

func (g *gatherer) statement(n syntax.NodeID, scope facts.ScopeID, site facts.Site) {
	st := g.src.readImport(n)
	first := len(g.m.Units)
	line := g.tree.Line(st.span.Start)
	for i, it := range st.items {
		u := facts.Unit{Statement: len(g.m.Statements), Index: i, Line: line, Bound: st.bound(i), Module: it.name,
			Alias: it.alias != "", Written: it.text}
		if st.from {
			u.Module, u.Attr = st.module, it.name
		}
		g.m.Units = append(g.m.Units, u)
	}
	g.m.Statements = append(g.m.Statements, facts.Statement{Span: st.span, Line: line, From: st.from, Site: site,
		Scope: scope, Units: [2]int{first, len(g.m.Units)}})
}

// job reads moves, one a line:
//
//	sink NAME into f, C.m, main()   sink-typed NAME into f     types NAME
//	hoist NAME@f                    drop NAME@f
//	fast NAME, NAME: from fast_path import *
//	limit 79                        annotations quote
func job(t testing.TB, src []byte, moves string) Job {
	t.Helper()
	j := Job{Source: src, Facts: gather(t, src)}
	for _, line := range strings.Split(strings.TrimSpace(moves), "\n") {
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		d := plan.Decision{Status: plan.StatusMove}
		switch verb {
		case "":
			continue
		case "annotations":
			j.Annotations = rest
			continue
		case "limit":
			j.Layout.LineLength, _ = strconv.Atoi(rest)
			continue
		case "fast":
			names, text, _ := strings.Cut(rest, ": ")
			j.FastPath = &FastPathUse{Import: strings.TrimSuffix(text, " again"), Insert: !strings.HasSuffix(text, " again")}
			for _, name := range strings.Split(names, ", ") {
				if name != "-" {
					j.FastPath.Units = append(j.FastPath.Units, unit(t, j.Facts, name))
				}
			}
			continue
		case "sink", "sink-typed":
			name, into, _ := strings.Cut(rest, " into ")
			d.Action, d.KeepForTypes, d.Unit = plan.Sink, verb == "sink-typed", unit(t, j.Facts, name)
			for _, f := range strings.Split(into, ", ") {
				if f == "" {
					continue
				}
				f, present := strings.CutSuffix(f, " present")
				d.Into = append(d.Into, landing(t, j.Facts, f, present))
			}
		case "types":
			d.Action, d.Unit = plan.ToTypeChecking, unit(t, j.Facts, rest)
		case "hoist":
			d.Action, d.Unit = plan.Hoist, unit(t, j.Facts, rest)
		case "drop":
			d.Action, d.Unit = plan.Drop, unit(t, j.Facts, rest)
		default:
			t.Fatalf("unknown move %q", line)
		}
		j.Decisions = append(j.Decisions, d)
	}
	return j
}

// unit finds NAME or NAME@scope; NAME:2 is the second one.
func unit(t testing.TB, m *facts.Module, name string) int {
	t.Helper()
	name, scope, _ := strings.Cut(name, "@")
	name, nth, _ := strings.Cut(name, ":")
	n, _ := strconv.Atoi(nth)
	for i, u := range m.Units {
		if u.Bound == name && m.Scopes[m.Statements[u.Statement].Scope].Qualified == scope {
			if n--; n <= 0 {
				return i
			}
		}
	}
	t.Fatalf("no unit %s@%s", name, scope)
	return 0
}

func landing(t testing.TB, m *facts.Module, name string, present bool) plan.Landing {
	t.Helper()
	if name == "main()" {
		return plan.Landing{Scope: -1, Present: present}
	}
	for i, s := range m.Scopes {
		if s.Kind == facts.DefScope && (s.Qualified == name || fmt.Sprintf("%s:%d", s.Qualified, s.Line) == name) {
			return plan.Landing{Scope: facts.ScopeID(i), Present: present}
		}
	}
	t.Fatalf("no function %s", name)
	return plan.Landing{}
}
