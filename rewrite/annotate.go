package rewrite

import (
	"fmt"
	"slices"
	"strings"

	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/plan/syntax"
	"fastpath/rewrite/edit"
)

// annotate keeps evaluated annotations from needing the units that only type
// checkers will see: each is quoted, or all become text by the future import.
func (w *writer) annotate() error {
	if w.job.Annotations != "quote" && w.job.Annotations != "future" || w.job.Facts.Future {
		return nil
	}
	names := map[int]bool{}
	for _, d := range w.job.Decisions {
		if d.Action == plan.ToTypeChecking || d.Action == plan.Sink && d.KeepForTypes {
			names[w.job.Facts.Units[d.Unit].Name] = true
		}
	}
	var quoted []syntax.NodeID
	for _, use := range w.job.Facts.Uses {
		if use.Role != facts.InAnnotation || use.Quoted || use.Local || use.TypeComment || !names[use.Name] {
			continue
		}
		if w.job.Annotations == "future" {
			w.addFuture()
			return nil
		}
		n := w.src.annotationAt(use.Offset)
		if n == syntax.NoNode {
			return fmt.Errorf("line %d: no annotation to quote", use.Line)
		}
		if slices.Contains(quoted, n) {
			continue
		}
		quoted = append(quoted, n)
		text := string(w.src.tree.Text(n))
		quote := `"`
		if strings.Contains(text, quote) {
			quote = "'"
		}
		if strings.ContainsAny(text, quote+"\\\r\n") {
			return fmt.Errorf("line %d: annotation %q cannot be put in quotes", use.Line, text)
		}
		span := w.src.tree.Span(n)
		w.quotes = append(w.quotes, edit.Edit{Start: span.Start, End: span.Start, Text: quote},
			edit.Edit{Start: span.End, End: span.End, Text: quote})
	}
	return nil
}

// annotationAt is the whole annotation around offset.
func (s *source) annotationAt(offset uint32) syntax.NodeID {
	t := s.tree
	found := syntax.NoNode
	for n := t.First(syntax.Root); n != syntax.NoNode; {
		span := t.Span(n)
		switch {
		case offset < span.Start || offset >= span.End:
			n = t.After(n)
			continue
		case t.Kind(n) == syntax.Type && found == syntax.NoNode:
			found = n
		case t.Kind(n) == syntax.Block || t.Kind(n) == syntax.Lambda:
			found = syntax.NoNode
		}
		n = t.First(n)
	}
	return found
}

// addFuture makes annotations text from here on.
func (w *writer) addFuture() {
	const head, name = "from __future__ import", "annotations"
	top := w.suite(syntax.Root)
	l := &line{role: importLine, text: head + " " + name, key: importKey{FutureSection, true, "__future__", name}}
	for i, other := range top.lines {
		if other.role == importLine && other.key.section == FutureSection && !other.gone {
			if w.join(top, head, []string{name}, "") {
				return
			}
			l.group = other.group
			top.insert(i+1, l)
			return
		}
	}
	l.group = top.groups() + 1
	top.insert(top.beginning(), l)
}
