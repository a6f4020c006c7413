package rewrite

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"fastpath/plan"
	"fastpath/plan/syntax"
)

const typeCheckingName = "TYPE_CHECKING"

// typeOnly puts the units that type checkers need under `if TYPE_CHECKING:`.
func (w *writer) typeOnly() error {
	units := w.typeUnits()
	if len(units) == 0 {
		return nil
	}
	cargoes := w.load(units)
	if block := w.typeBlock(); block != syntax.NoNode {
		u := w.suite(block)
		for _, c := range cargoes {
			st := w.statements[c.statement]
			c.items = slices.DeleteFunc(c.items, func(i int) bool { return w.standsIn(block, st.head(), st.items[i].text) })
			if len(c.items) > 0 {
				w.put(u, c)
			}
		}
		return nil
	}
	condition, after, err := w.condition()
	if err != nil {
		return err
	}
	s := w.src
	top := w.suite(syntax.Root)
	lines := []string{"if " + condition + ":"}
	group := 0
	for i, c := range cargoes {
		home := top.lineOf(w.statements[c.statement].node)
		if home != nil {
			if i > 0 && home.group != group {
				lines = append(lines, "")
			}
			group = home.group
		}
		lines = append(lines, w.spellCargo(c, s.unit))
	}
	_, at := top.run()
	if after != nil {
		at = max(at, slices.Index(top.lines, after)+1)
	}
	top.insert(at, &line{text: strings.Join(lines, s.eol)})
	return nil
}

func (w *writer) typeUnits() []int {
	var units []int
	for _, d := range w.job.Decisions {
		if d.Action == plan.ToTypeChecking || d.Action == plan.Sink && d.KeepForTypes {
			units = append(units, d.Unit)
		}
	}
	return units
}

// put adds a cargo to imports that stand in u, in their order.
func (w *writer) put(u *suite, c cargo) {
	st := w.statements[c.statement]
	if w.bare(c) && w.join(u, st.head(), w.namesOf(c), "") {
		return
	}
	u.place(w.lineFor(u, c))
}

// typeBlock is the body of the module's first `if TYPE_CHECKING:`.
func (w *writer) typeBlock() syntax.NodeID {
	t := w.src.tree
	for n := t.First(syntax.Root); n != syntax.NoNode; n = t.After(n) {
		if isTypeChecking(t, n) {
			return t.Child(n, syntax.FieldConsequence)
		}
	}
	return syntax.NoNode
}

func isTypeChecking(t *syntax.Tree, n syntax.NodeID) bool {
	if t.Kind(n) != syntax.IfStatement || t.Child(n, syntax.FieldConsequence) == syntax.NoNode {
		return false
	}
	condition := string(t.Text(t.Child(n, syntax.FieldCondition)))
	return condition == typeCheckingName || strings.HasSuffix(condition, "."+typeCheckingName)
}

// condition is how the module can say TYPE_CHECKING, and the line of an import
// that has to run before. Where it cannot yet, the import is added.
func (w *writer) condition() (text string, after *line, err error) {
	top := w.suite(syntax.Root)
	for i, st := range w.statements {
		if w.src.tree.Parent(st.node) != syntax.Root {
			continue
		}
		for j, it := range st.items {
			switch {
			case w.gone[i][j]:
			case st.from && (st.module == "typing" || st.module == "typing_extensions") && it.name == typeCheckingName:
				return st.bound(j), top.lineOf(st.node), nil
			case !st.from && it.name == "typing":
				return st.bound(j) + "." + typeCheckingName, top.lineOf(st.node), nil
			}
		}
	}
	for _, name := range w.job.Facts.Names {
		if name.Scope == 0 && name.Text == typeCheckingName && len(name.Bindings) > 0 {
			return "", nil, fmt.Errorf("line %d: the name %s is taken, so no import can be kept for type checkers",
				name.Bindings[0].Line, typeCheckingName)
		}
	}
	w.bring(top, &bundle{key: importKey{StandardSection, true, "typing", typeCheckingName},
		head: "from typing import", names: []string{typeCheckingName}})
	return typeCheckingName, nil, nil
}

// dropTypeBlocks marks the `if TYPE_CHECKING:` statements that lose all they
// held, and the import of the name when nothing else needs it.
func (w *writer) dropTypeBlocks() map[syntax.NodeID]bool {
	t := w.src.tree
	empty := map[syntax.NodeID]bool{}
	if len(w.typeUnits()) > 0 {
		return empty
	}
	leaving := map[syntax.NodeID]bool{}
	for i, st := range w.statements {
		if count(w.gone[i]) == len(st.items) {
			leaving[st.node] = true
		}
	}
	for n := t.First(syntax.Root); n != syntax.NoNode; n = t.After(n) {
		if !isTypeChecking(t, n) || t.Child(n, syntax.FieldAlternative) != syntax.NoNode {
			continue
		}
		body := t.Child(n, syntax.FieldConsequence)
		all := true
		for c := t.FirstNamed(body); c != syntax.NoNode; c = t.AfterNamed(c) {
			all = all && leaving[c]
		}
		if all && w.commentsCarried(n, body) {
			empty[n] = true
		}
	}
	if len(empty) == 0 || bytes.Count(w.src.text, []byte(typeCheckingName)) != len(empty)+1 {
		return empty
	}
	for i, st := range w.statements {
		for j, it := range st.items {
			if st.module == "typing" && it.text == typeCheckingName && t.Parent(st.node) == syntax.Root {
				w.gone[i][j] = true
			}
		}
	}
	return empty
}

// commentsCarried tells whether all comments inside n, an `if` with that body, are
// lines above imports that are written again elsewhere, and notes those.
func (w *writer) commentsCarried(n, body syntax.NodeID) bool {
	t, u := w.src.tree, w.src.suiteOf(body)
	above := map[int]syntax.Span{}
	for i, st := range w.statements {
		if t.Parent(st.node) != body || !w.carried(i) {
			continue
		}
		if note := w.attached(u, u.lineOf(st.node)); note != nil {
			above[i] = note.span
		}
	}
	for c := n + 1; c < t.Nodes[n].Next; c++ {
		if t.Kind(c) == syntax.Comment && !covered(above, t.Span(c)) {
			return false
		}
	}
	maps.Copy(w.above, above)
	return true
}

func covered(spans map[int]syntax.Span, inner syntax.Span) bool {
	for _, span := range spans {
		if span.Start <= inner.Start && inner.End <= span.End {
			return true
		}
	}
	return false
}
