package rewrite

import (
	"slices"
	"strings"

	"fastpath/plan/syntax"
	"fastpath/rewrite/edit"
)

// join adds names to a `from` import of the same module that stands in u, when
// the file writes one statement a module. It reports whether it did.
func (w *writer) join(u *suite, head string, names []string, note string) bool {
	st, index := w.partner(u, head)
	if st == nil {
		return false
	}
	if !w.job.Layout.Aliases && slices.ContainsFunc(names, isAliased) {
		return false // sorters give an alias a statement of its own
	}
	gone := w.gone[index]
	s := w.src
	var have []string
	for i, it := range st.items {
		if !gone[i] {
			have = append(have, it.text)
		}
	}
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.Contains(have, name) || slices.Contains(w.joined[index], name)
	})
	if len(names) == 0 && note == "" {
		return true
	}
	indent, _ := s.indentAt(st.span.Start)
	style, limit, mechanical := s.styleOf(st, indent)
	single := !strings.ContainsAny(s.slice(st.span.Start, st.span.End), "\r\n") && st.parens.Len() == 0
	w.joined[index] = append(w.joined[index], names...)
	all := have
	for _, name := range w.joined[index] {
		all = slices.Insert(slices.Clone(all), nameRank(all, name), name)
	}
	if note != "" {
		w.joinedNotes[index] = append(w.joinedNotes[index], note)
	}
	notes := strings.Join(w.joinedNotes[index], "  ")
	var edits []edit.Edit
	switch {
	case mechanical:
		edits = append(edits, edit.Edit{Start: st.span.Start, End: st.span.End,
			Text: s.spell(st.head(), st.open, all, indent, style, limit)})
	case single:
		text := s.spell(st.head(), "", all, indent, s.styles.usual, s.limit)
		if s.noteAfter(st) == "" {
			text, notes = s.spellNoted(st.head(), all, indent, notes), ""
		}
		edits = append(edits, edit.Edit{Start: st.span.Start, End: st.span.End, Text: text})
	default:
		if count(gone) > 0 {
			edits = s.split(st, gone)
		}
		edits = append(edits, s.addByHand(st, gone, w.joined[index])...)
	}
	if notes != "" {
		end := s.lineEnd(st.span.End - 1)
		for end > st.span.End && (isLineEnd(s.text[end-1]) || isBlank(s.text[end-1])) {
			end--
		}
		edits = append(edits, edit.Edit{Start: end, End: end, Text: "  " + notes})
	}
	w.splits[index] = edits
	return true
}

// partner finds the statement of u that imports from the same module and takes
// more names: alone on its line, no star, some name staying.
func (w *writer) partner(u *suite, head string) (*importStatement, int) {
	if !strings.HasPrefix(head, "from") || !w.mergesNames() {
		return nil, 0
	}
	from, to := u.run()
	for i, st := range w.statements {
		if st.head() != head || count(w.gone[i]) == len(st.items) || w.src.tree.Parent(st.node) != u.node || st.items[0].name == "*" {
			continue
		}
		l := u.lineOf(st.node)
		if l != nil && slices.Contains(u.lines[from:to], l) && len(l.stmts) == 1 && (!st.aliased() || w.aliasesJoin()) && !st.lazy(w.src.tree) {
			return st, i
		}
	}
	return nil, 0
}

func (st *importStatement) lazy(t *syntax.Tree) bool { return st.span.Start != t.Span(st.node).Start }

// mergesNames tells whether the file has no two `from` statements for one
// module at module level, apart from those that aliases need.
func (w *writer) mergesNames() bool {
	if w.job.Layout.Single {
		return false
	}
	plain, aliased := map[string]int{}, map[string]bool{}
	for _, st := range w.statements {
		if st.from && w.src.tree.Parent(st.node) == syntax.Root && st.items[0].name != "*" {
			if st.aliased() {
				aliased[st.module] = true
			} else {
				plain[st.module]++
			}
		}
	}
	for module, n := range plain {
		if n > 1 && !aliased[module] {
			return false
		}
	}
	return true
}

// singles tells whether the file gives each name a statement of its own: there
// are several for one module, and none that takes two names.
func (w *writer) singles() bool {
	if w.job.Layout.Single {
		return true
	}
	for _, st := range w.statements {
		if st.from && len(st.items) > 1 && w.src.tree.Parent(st.node) == syntax.Root {
			return false
		}
	}
	return !w.mergesNames()
}

func isAliased(name string) bool { return strings.Contains(name, " ") }

func (st *importStatement) aliased() bool {
	return slices.ContainsFunc(st.items, func(it item) bool { return it.alias != "" })
}

// aliasesJoin tells whether the file puts an aliased name into one statement
// with others.
func (w *writer) aliasesJoin() bool {
	if w.job.Layout.Aliases {
		return true
	}
	for _, st := range w.statements {
		if st.from && len(st.items) > 1 && st.aliased() {
			return true
		}
	}
	return false
}

// addByHand adds names between the staying items of a list that no sorter laid
// out, each where the order of the names puts it.
func (s *source) addByHand(st *importStatement, gone []bool, names []string) []edit.Edit {
	var kept []item
	var have []string
	for i, it := range st.items {
		if !gone[i] {
			kept = append(kept, it)
			have = append(have, it.text)
		}
	}
	sorted := slices.Clone(names)
	slices.SortStableFunc(sorted, func(a, b string) int { return nameRank(have, a) - nameRank(have, b) })
	var edits []edit.Edit
	for len(sorted) > 0 {
		rank, n := nameRank(have, sorted[0]), 1
		for n < len(sorted) && nameRank(have, sorted[n]) == rank {
			n++
		}
		edits = append(edits, s.addNames(st, kept, rank, sorted[:n])...)
		sorted = sorted[n:]
	}
	return edits
}

// addNames adds names before the kept item at rank.
func (s *source) addNames(st *importStatement, kept []item, rank int, names []string) []edit.Edit {
	inLine := strings.Join(names, ", ")
	if rank == 0 {
		first := kept[0]
		at := first.span.Start
		if len(first.above) > 0 {
			at = first.above[0].span.Start
		}
		text := inLine + ", "
		if indent, starts := s.indentAt(at); starts && s.endsLine(first) {
			text = strings.Join(names, ","+s.eol+indent) + "," + s.eol + indent
		}
		return []edit.Edit{{Start: at, End: at, Text: text}}
	}
	it := kept[rank-1]
	indent, starts := s.indentAt(it.span.Start)
	if !starts && it.after != "" && rank < len(kept) {
		at := kept[rank].span.Start // the comment stays with the name before it
		return []edit.Edit{{Start: at, End: at, Text: inLine + ", "}}
	}
	if !starts || !s.endsLine(it) || st.parens.Len() == 0 {
		return []edit.Edit{{Start: it.span.End, End: it.span.End, Text: ", " + inLine}}
	}
	at := s.lineEnd(it.comma)
	text := indent + strings.Join(names, ","+s.eol+indent)
	if rank < len(kept) || st.comma {
		return []edit.Edit{{Start: at, End: at, Text: text + "," + s.eol}}
	}
	return []edit.Edit{
		{Start: at, End: at, Text: text + s.eol},
		{Start: it.comma, End: it.comma, Text: ","}, // those that followed took theirs along
	}
}

// nameRank is where name goes in a list: where the list's own order puts it,
// otherwise at the end.
func nameRank(list []string, name string) int {
	for _, key := range []func(string) string{byType, strings.ToLower, func(n string) string { return n }} {
		compare := func(a, b string) int { return naturally(key(a), key(b)) }
		if slices.IsSortedFunc(list, compare) {
			at := 0
			for at < len(list) && compare(list[at], name) <= 0 {
				at++
			}
			return at
		}
	}
	return len(list)
}

// byType is the sorters' usual order of names: constants, classes, the rest.
func byType(name string) string {
	lower := strings.ToLower(name)
	switch {
	case name == "":
		return ""
	case len(name) > 1 && strings.ToUpper(name) == name && lower != name:
		return "A" + lower
	case name[:1] != lower[:1]:
		return "B" + lower
	}
	return "C" + lower
}
