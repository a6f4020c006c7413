package rewrite

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/plan/syntax"
)

// A cargo is what goes to one place: some names of one statement.
type cargo struct {
	statement int
	items     []int
	more      []string // names of other statements for the same module
}

// load collects units into cargoes, those of one statement together, and those
// of one module that follow each other where the file writes one statement a module.
func (w *writer) load(units []int) []cargo {
	slices.Sort(units)
	var cargoes []cargo
	for _, unit := range units {
		st := w.job.Facts.Units[unit].Statement
		if n := len(cargoes); n == 0 || cargoes[n-1].statement != st {
			cargoes = append(cargoes, cargo{statement: st})
		}
		last := &cargoes[len(cargoes)-1]
		last.items = append(last.items, w.item(unit))
	}
	if !w.mergesNames() {
		return cargoes
	}
	var merged []cargo
	for _, c := range cargoes {
		n := len(merged)
		if n > 0 && w.bare(merged[n-1]) && w.bare(c) && w.statements[merged[n-1].statement].head() == w.statements[c.statement].head() {
			merged[n-1].more = append(merged[n-1].more, w.statements[c.statement].pick(c.items)...)
			continue
		}
		merged = append(merged, c)
	}
	return merged
}

// bare tells whether a cargo is nothing but names from a module, without alias
// or comment.
func (w *writer) bare(c cargo) bool {
	st := w.statements[c.statement]
	return st.from && !st.aliased() && !st.comments() &&
		(!w.leavesWhole(c.statement) || w.src.noteAfter(st) == "" && w.above[c.statement].Len() == 0)
}

// namesOf are the names of a bare cargo in their order.
func (w *writer) namesOf(c cargo) []string {
	names := w.statements[c.statement].pick(c.items)
	for _, name := range c.more {
		names = slices.Insert(names, nameRank(names, name), name)
	}
	return names
}

func (st *importStatement) pick(items []int) []string {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = st.items[item].text
	}
	return names
}

// sink puts the sunk units into their functions and guards.
func (w *writer) sink() error {
	type place struct {
		scope facts.ScopeID
		guard int
	}
	landing := map[place][]int{}
	var places []place
	for _, d := range w.job.Decisions {
		if d.Action != plan.Sink {
			continue
		}
		if len(d.Into) == 0 && !d.KeepForTypes {
			return fmt.Errorf("unit %d sinks, but into no function", d.Unit)
		}
		for _, into := range d.Into {
			p := place{into.Scope, into.Guard}
			if into.Scope >= 0 {
				p.guard = -1
			}
			if into.Present {
				continue
			}
			if landing[p] == nil {
				places = append(places, p)
			}
			landing[p] = append(landing[p], d.Unit)
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.scope != b.scope {
			return int(a.scope) - int(b.scope)
		}
		return a.guard - b.guard
	})
	for _, p := range places {
		body, err := w.bodyOf(p.scope, p.guard)
		if err != nil {
			return err
		}
		w.landIn(w.suite(body), w.load(landing[p]))
	}
	return nil
}

// bodyOf finds the block of a landing.
func (w *writer) bodyOf(scope facts.ScopeID, guard int) (syntax.NodeID, error) {
	t := w.src.tree
	if scope < 0 {
		if guard < 0 || guard >= len(w.job.Facts.MainGuard) {
			return 0, fmt.Errorf("a landing names main guard %d of %d", guard, len(w.job.Facts.MainGuard))
		}
		start := w.job.Facts.MainGuard[guard].Start
		for i := range t.Nodes {
			if n := syntax.NodeID(i); t.Kind(n) == syntax.Block && t.Span(n).Start == start {
				return n, nil
			}
		}
		return 0, fmt.Errorf("no main guard at offset %d", start)
	}
	if int(scope) >= len(w.job.Facts.Scopes) {
		return 0, fmt.Errorf("a landing names scope %d of %d", scope, len(w.job.Facts.Scopes))
	}
	sc := w.job.Facts.Scopes[scope]
	def, ok := w.defs[sc.Span.Start]
	if !ok {
		return 0, fmt.Errorf("line %d: no function %q to put an import into", sc.Line, sc.Qualified)
	}
	return t.Child(def, syntax.FieldBody), nil
}

// landIn puts cargoes at the top of a body: after the docstring and the
// imports that stand there.
func (w *writer) landIn(u *suite, cargoes []cargo) {
	top := w.suite(syntax.Root)
	at := u.top()
	joined := 0 // the group of the imports that are there already
	for _, l := range u.lines[:at] {
		if l.role == importLine && !l.gone {
			joined = l.group
		}
	}
	if joined != 0 && top.sorted() {
		for _, c := range cargoes {
			w.put(u, c)
		}
		return
	}
	base := u.groups() + 1
	sorted := top.sorted()
	if sorted {
		cargoes = w.inSections(cargoes)
	}
	for _, c := range cargoes {
		l := w.lineFor(u, c)
		if home := top.lineOf(w.statements[c.statement].node); home != nil {
			l.group = base + home.group
		}
		if sorted && top.partsSections() {
			l.group = base + int(l.key.section)
		}
		if joined != 0 {
			l.group = joined
		}
		u.insert(at, l)
		at++
	}
}

// lineFor makes the line of a cargo.
func (w *writer) lineFor(u *suite, c cargo) *line {
	return &line{role: importLine, text: w.spellCargo(c, u.indent), key: w.keyOf(w.statements[c.statement], c.items[0]),
		noted: w.above[c.statement].Len() > 0}
}

// inSections puts cargoes in the order of a sorter: those of a module whose
// imports are sorted, but stand in several runs. What is the project's own
// keeps the order of the module, since its modules may depend on it.
func (w *writer) inSections(cargoes []cargo) []cargo {
	order, _ := w.suite(syntax.Root).sortingOf()
	key := func(c cargo) importKey { return w.keyOf(w.statements[c.statement], c.items[0]) }
	sorted := slices.Clone(cargoes)
	slices.SortStableFunc(sorted, func(a, b cargo) int {
		x, y := key(a), key(b)
		if x.section >= FirstPartySection && y.section >= FirstPartySection {
			return 0
		}
		return cmp.Or(cmp.Compare(x.section, y.section), order.compare(x, y))
	})
	return sorted
}

// top is the index where imports go in a body.
func (u *suite) top() int {
	at := 0
	if len(u.lines) > 0 && u.lines[0].role == commentLine && strings.HasPrefix(strings.TrimSpace(u.src.slice(u.lines[0].span.Start, u.lines[0].span.End)), "# type:") {
		at = 1
	}
	for i, l := range u.lines {
		switch l.role {
		case docLine, importLine:
			at = i + 1
		case commentLine:
		default:
			return at
		}
	}
	return at
}

// spellCargo writes a cargo as a statement of its own, indented, without the
// last line end.
func (w *writer) spellCargo(c cargo, indent string) string {
	s := w.src
	st := w.statements[c.statement]
	if len(c.more) > 0 {
		return indent + s.spell(st.head(), "", w.namesOf(c), indent, s.styles.usual, s.limit)
	}
	whole := w.leavesWhole(c.statement)
	var out strings.Builder
	for _, note := range w.notesAbove(c.statement) {
		out.WriteString(indent + note + s.eol)
	}
	out.WriteString(indent + s.spellItems(st, c.items, indent, count(w.gone[c.statement]) == len(st.items)))
	if note := s.noteAfter(st); note != "" && (whole || keepsMeaning(note)) {
		out.WriteString("  " + note)
	}
	return out.String()
}

// leavesWhole tells whether a statement goes with its whole line, comment
// included.
func (w *writer) leavesWhole(statement int) bool {
	st := w.statements[statement]
	if count(w.gone[statement]) < len(st.items) {
		return false
	}
	l := w.suite(w.src.tree.Parent(st.node)).lineOf(st.node)
	return l != nil && l.gone
}

// spellItems writes some items of a statement. A statement that moves whole
// keeps the layout that a person gave it; of one that is taken apart, nothing
// left of it, each part has the comments that speak of all.
func (s *source) spellItems(st *importStatement, items []int, indent string, gone bool) string {
	old, _ := s.indentAt(st.span.Start)
	style, _, mechanical := s.styleOf(st, old)
	text := s.slice(s.tree.Span(st.node).Start, st.span.End)
	if len(items) == len(st.items) && st.parens.Len() > 0 && !mechanical && strings.ContainsAny(text, "\r\n") {
		return s.reindent(text, old, indent)
	}
	if !mechanical {
		style = s.styles.usual
	}
	open, below := st.open, st.below
	if !gone {
		below = nil // they stay with the rest
		if !keepsMeaning(open) {
			open = ""
		}
	}
	if open != "" {
		style.mode = hanging // the only one with a place for it
	}
	var names []string
	noted := len(below) > 0
	for _, i := range items {
		it := st.items[i]
		names = append(names, it.text)
		noted = noted || len(it.above) > 0 || it.after != ""
	}
	if !noted {
		return s.spell(st.head(), open, names, indent, style, s.limit)
	}
	if it := st.items[items[0]]; len(items) == 1 && len(it.above) == 0 && open == "" && len(below) == 0 {
		if line := st.head() + " " + it.text; columns(indent+line) <= s.limit {
			return line + "  " + it.after
		}
	}
	var out strings.Builder
	out.WriteString(st.head() + " (")
	if open != "" {
		out.WriteString("  " + open)
	}
	inner := s.eol + indent + s.unit
	for _, i := range items {
		it := st.items[i]
		for _, note := range it.above {
			out.WriteString(inner + note.text)
		}
		out.WriteString(inner + it.text + ",")
		if it.after != "" {
			out.WriteString("  " + it.after)
		}
	}
	for _, note := range below {
		out.WriteString(inner + note)
	}
	out.WriteString(s.eol + indent + ")")
	return out.String()
}

// reindent moves the lines of text after the first from one indentation to
// another.
func (s *source) reindent(text, from, to string) string {
	lines := strings.Split(text, s.eol)
	for i := range lines {
		if i > 0 && strings.Trim(lines[i], " \t\f") != "" {
			lines[i] = to + strings.TrimPrefix(lines[i], from)
		}
	}
	return strings.Join(lines, s.eol)
}
