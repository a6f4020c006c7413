package plan_test

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/plan/profile"
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
	"fastpath/plan/usage"
)

// tree gathers the facts of a txtar archive of Python files.
func tree(t *testing.T, archive string) []*facts.Module {
	t.Helper()
	p := syntax.NewParser()
	defer p.Close()
	ar := txtar.Parse([]byte(archive))
	var paths []string
	for _, f := range ar.Files {
		paths = append(paths, f.Name)
	}
	layout := facts.NewLayout(paths, []string{"."})
	var list []*facts.Module
	for i, f := range ar.Files {
		parsed, err := p.Parse(f.Data)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		list = append(list, facts.Gather(scope.Resolve(parsed), layout.Places[i]))
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Path < list[j].Path })
	return list
}

// everything costs the given milliseconds and is used by the given percentage.
func everything(in *plan.Input, ms, pct float64) {
	in.Profile = &profile.Profile{Short: true, Modules: map[string]profile.Module{}}
	in.Usage = &usage.Usage{Modules: map[string]float64{}, Functions: map[string]float64{}}
	for _, m := range in.Modules {
		for _, u := range m.Units {
			for _, name := range []string{u.Module, u.Module + "." + u.Attr} {
				if name == u.Module || inTree(in.Modules, name) {
					in.Profile.Modules[name] = profile.Module{ImportMS: ms}
					in.Usage.Modules[name] = pct
				}
			}
		}
	}
}

func inTree(modules []*facts.Module, name string) bool {
	for _, m := range modules {
		if m.Name == name {
			return true
		}
	}
	return false
}

// lines writes a plan down: "file bound: action into…" or the blocker codes.
func lines(in plan.Input, p *plan.Plan) string {
	actions := map[plan.Action]string{plan.Sink: "sink", plan.Hoist: "hoist", plan.Drop: "drop",
		plan.ToTypeChecking: "type-checking", plan.Consolidate: "consolidate"}
	var out strings.Builder
	for _, d := range p.Decisions {
		m := in.Modules[d.File]
		u := m.Units[d.Unit]
		fmt.Fprintf(&out, "%s %s: ", m.Path, u.Bound+map[bool]string{true: "*"}[u.Attr == "*"])
		switch d.Status {
		case plan.StatusMove:
			out.WriteString(actions[d.Action])
			for _, l := range d.Into {
				if l.Scope < 0 {
					out.WriteString(" <main>")
				} else {
					out.WriteString(" " + m.Scopes[l.Scope].Qualified)
				}
			}
			if d.KeepForTypes {
				out.WriteString(" +types")
			}
		case plan.StatusBlocked:
			var codes []string
			for _, b := range d.Blockers {
				if n := len(codes); n == 0 || codes[n-1] != b.Code {
					codes = append(codes, b.Code)
				}
			}
			out.WriteString(strings.Join(codes, ","))
		default:
			fmt.Fprintf(&out, "%s (%s)", d.Status, d.Rule)
		}
		out.WriteString("\n")
	}
	return out.String()
}

func TestMoves(t *testing.T) {
	for _, c := range moves {
		t.Run(c.name, func(t *testing.T) {
			in := plan.Input{Modules: tree(t, c.tree), Policy: plan.Default()}
			if c.annotations != "" {
				in.Policy.Annotations = c.annotations
			}
			if c.up {
				everything(&in, 1, 99)
			} else {
				everything(&in, 500, 1)
			}
			got := lines(in, plan.Make(in))
			if want := strings.TrimLeft(c.want, "\n"); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}
