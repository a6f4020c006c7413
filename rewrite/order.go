package rewrite

import (
	"cmp"
	"slices"
	"strings"

	"fastpath/plan/stdlib"
	"fastpath/plan/syntax"
)

// A Section is a part of the import block as import sorters divide it, in
// their order.
type Section uint8

const (
	FutureSection Section = iota
	StandardSection
	ThirdPartySection
	FirstPartySection
	RelativeSection
)

// An importKey is what import sorters order statements by.
type importKey struct {
	section Section
	from    bool
	module  string // dots included
	name    string // the first name; "" for a plain import
}

func (w *writer) keyOf(st *importStatement, item int) importKey {
	if !st.from {
		return importKey{w.section(st.items[item].name), false, st.items[item].name, ""}
	}
	return importKey{w.section(st.module), true, st.module, st.items[item].name}
}

func (w *writer) section(module string) Section {
	switch {
	case module == "__future__":
		return FutureSection
	case strings.HasPrefix(module, "."):
		return RelativeSection
	case w.job.Section != nil:
		return w.job.Section(module)
	case stdlib.Root(module) && !strings.HasPrefix(module+".", "test."): // sorters do not know Python's own tests
		return StandardSection
	}
	return ThirdPartySection
}

// keyLines gives the import lines of u their keys, and unites groups that are
// apart only because formatters put a blank line above a comment.
func (w *writer) keyLines(u *suite) {
	prev := -1
	for i, l := range u.lines {
		if l.role != importLine {
			continue
		}
		if st := w.src.readImport(l.stmts[0]); len(st.items) > 0 {
			l.key = w.keyOf(st, 0)
		}
		if prev >= 0 && u.lines[prev].group != l.group && u.lines[prev].key.section == l.key.section && u.onlyCommented(prev, i) {
			for _, other := range u.lines[prev+1 : i] {
				other.group = u.lines[prev].group
			}
			l.group = u.lines[prev].group
		}
		prev = i
	}
	if u.module {
		w.src.tight = u.tightComments()
		w.src.order, _ = u.sortingOf()
	}
}

// tightComments tells whether the suite has a comment right below an import
// and above another. Formatters of today part the first two by a blank line.
func (u *suite) tightComments() bool {
	for i := 2; i < len(u.lines); i++ {
		a, note, b := u.lines[i-2], u.lines[i-1], u.lines[i]
		if a.role == importLine && note.role == commentLine && b.role == importLine && !a.fresh && !b.fresh && u.blanksBetween(a, note) == 0 {
			return true
		}
	}
	return false
}

// onlyCommented tells whether one comment run, glued to line j, is all that
// stands between the import lines i and j.
func (u *suite) onlyCommented(i, j int) bool {
	return j == i+2 && u.lines[i+1].role == commentLine && u.blanksBetween(u.lines[i], u.lines[i+1]) == 1 &&
		u.blanksBetween(u.lines[i+1], u.lines[j]) == 0
}

// sortingOf finds the order that all groups of the run follow, if several do
// the one that the other imports of the suite follow too; ok is false when they
// follow none, and when there is nothing to see.
func (u *suite) sortingOf() (found sorting, ok bool) {
	from, to := u.run()
	for _, o := range u.src.sortings() {
		fits, seen := o.fits(u.lines[from:to])
		if !fits {
			continue
		}
		if everywhere, _ := o.fits(u.lines); everywhere {
			return o, seen
		}
		if !ok {
			found, ok = o, seen
		}
	}
	return found, ok
}

// run is the first run of imports of the suite: from the first import to the
// last one before another statement, or before a comment that stops import
// sorters. Star imports are no bound: nothing goes up whose name one of them
// might bind. When there is none, both are the index where one would start.
func (u *suite) run() (from, to int) {
	start := u.beginning()
	from, to = -1, -1
	for i := start; i < len(u.lines); i++ {
		l := u.lines[i]
		switch {
		case l.role == importLine:
			if from < 0 {
				from = i
			}
			to = i + 1
			continue
		case l.role == commentLine && (from < 0 || !u.stopsSorters(l)):
			continue
		case from < 0 && u.constant(l):
			continue
		}
		break
	}
	if from < 0 {
		return start, start
	}
	return from, to
}

// constant tells whether a line gives names constant values, as __author__ and
// the like that stand above the imports of some files.
func (u *suite) constant(l *line) bool {
	t := u.src.tree
	for _, n := range l.stmts {
		a := t.FirstNamed(n)
		if t.Kind(n) != syntax.ExpressionStatement || t.Kind(a) != syntax.Assignment || t.Kind(t.Child(a, syntax.FieldLeft)) != syntax.Identifier {
			return false
		}
		switch t.Kind(t.Child(a, syntax.FieldRight)) {
		case syntax.String, syntax.ConcatenatedString, syntax.Integer, syntax.Float, syntax.True, syntax.False, syntax.None:
		default:
			return false
		}
	}
	return len(l.stmts) > 0
}

// beginning is the index behind the header and the docstring.
func (u *suite) beginning() int {
	for i, l := range u.lines {
		if l.role == docLine {
			return i + 1
		}
		if l.role != commentLine {
			break
		}
	}
	if len(u.lines) > 0 && u.lines[0].role == commentLine &&
		(len(u.lines) == 1 || u.blanksBetween(u.lines[0], u.lines[1]) > 0 || u.magicComment(u.lines[0])) {
		return 1
	}
	return 0
}

// stopsSorters tells whether a comment run holds a control comment that import
// statements must not cross.
func (u *suite) stopsSorters(l *line) bool {
	text := u.src.slice(l.span.Start, l.span.End)
	for _, mark := range []string{"isort: off", "isort:off", "isort: split", "isort:split", "isort: on", "isort:on",
		"isort:skip_file", "isort: skip_file", "usort: skip", "fmt: off", "ruff: noqa: I"} {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return false
}

// magicComment tells whether a comment run has to stay at the top of the file.
func (u *suite) magicComment(l *line) bool {
	text := u.src.slice(l.span.Start, l.span.End)
	return strings.HasPrefix(text, "#!") || strings.Contains(text, "coding")
}

// place puts a fresh import line where the order of the run asks for it.
func (u *suite) place(l *line) {
	from, to := u.run()
	var live []int
	for i := from; i < to; i++ {
		if u.lines[i].role == importLine && !u.lines[i].gone {
			live = append(live, i)
		}
	}
	if len(live) == 0 {
		l.group = u.groups() + 1
		u.insert(to, l)
		return
	}
	group, at := u.pickGroup(l, live)
	if group == 0 {
		l.group = u.groups() + 1
		u.insert(at, l)
		return
	}
	l.group = group
	var members []int
	for _, i := range live {
		if u.lines[i].group == group {
			members = append(members, i)
		}
	}
	u.insert(u.rank(l, members), l)
}

// pickGroup chooses the group that l joins; 0 with an index when it opens one.
func (u *suite) pickGroup(l *line, live []int) (group, at int) {
	mixed := false
	section := map[int]Section{}
	fellows := map[int]int{} // by group: members of l's section
	for _, i := range live {
		m := u.lines[i]
		if s, seen := section[m.group]; seen && s != m.key.section {
			mixed = true
		}
		section[m.group] = m.key.section
		if m.key.section == l.key.section {
			if fellows[m.group]++; group == 0 || fellows[m.group] >= fellows[group] {
				group = m.group
			}
		}
	}
	if group != 0 {
		return group, 0
	}
	last := u.lines[live[len(live)-1]]
	if mixed && last.key.section != FutureSection {
		return last.group, 0
	}
	at = live[0]
	for at > 0 && u.lines[at-1].group == u.lines[live[0]].group {
		at-- // before the heading of the first group
	}
	for _, i := range live {
		if u.lines[i].key.section < l.key.section {
			at = i + 1
		}
	}
	return 0, at
}

// rank is the index at which l stands among the members of its group.
func (u *suite) rank(l *line, members []int) int {
	o, ok := u.sortingOf()
	if !ok {
		o = u.src.order
	}
	if !slices.IsSortedFunc(members, func(a, b int) int {
		return cmp.Or(cmp.Compare(u.lines[a].key.section, u.lines[b].key.section), o.compare(u.lines[a].key, u.lines[b].key))
	}) {
		return u.lastOfKind(l, members)
	}
	at := members[0]
	if at > 0 && u.lines[at-1].group == l.group && u.explains(u.lines[at-1]) {
		at-- // the comment is about the import below it
	}
	for _, i := range members {
		m := u.lines[i]
		if m.key.section < l.key.section || m.key.section == l.key.section && o.compare(m.key, l.key) <= 0 {
			at = i + 1
		}
	}
	return at
}

// lastOfKind is the index for l in a group without an order: behind the others
// of its kind. Plain imports go before the first from import, future ones aside.
func (u *suite) lastOfKind(l *line, members []int) int {
	if l.key.from {
		return members[len(members)-1] + 1
	}
	at := members[0]
	for _, i := range members {
		if key := u.lines[i].key; !key.from || key.section == FutureSection {
			at = i + 1
		}
	}
	return at
}

// explains tells whether a comment run above an import speaks of it rather than
// heading the group: a heading is one line of a few words.
func (u *suite) explains(note *line) bool {
	text := strings.TrimSpace(u.src.slice(note.span.Start, note.span.End))
	return strings.ContainsAny(text, "\r\n") || len(strings.Fields(text)) > 5
}

// sorted tells whether the first run of imports of the module follows an order,
// or is too short to show that it does not.
func (u *suite) sorted() bool {
	from, to := u.run()
	for _, o := range sortings {
		if fits, _ := o.fits(u.lines[from:to]); fits {
			return true
		}
	}
	return false
}

// partsSections tells whether no group of the run holds two sections.
func (u *suite) partsSections() bool {
	from, to := u.run()
	section := map[int]Section{}
	for _, l := range u.lines[from:to] {
		if l.role != importLine {
			continue
		}
		if s, seen := section[l.group]; seen && s != l.key.section {
			return false
		}
		section[l.group] = l.key.section
	}
	return true
}
