package rewrite

import (
	"slices"
	"strings"

	"fastpath/plan"
	"fastpath/plan/syntax"
	"fastpath/rewrite/edit"
)

// A bundle is one import statement that comes to module level, from however
// many functions.
type bundle struct {
	key   importKey
	head  string
	names []string
	above []string // comments on lines of their own, each run as one text
	notes []string
	below []string // comments on lines of their own below a last name
}

// hoist brings the hoisted units to module level, each binding once.
func (w *writer) hoist() {
	var bundles []*bundle
	top := w.suite(syntax.Root)
	singles := w.singles()
	for _, d := range w.job.Decisions {
		if d.Action != plan.Hoist {
			continue
		}
		index := w.job.Facts.Units[d.Unit].Statement
		st := w.statements[index]
		it := st.items[w.item(d.Unit)]
		if w.standsIn(syntax.Root, st.head(), it.text) {
			continue
		}
		b := w.findBundle(bundles, st, it, singles)
		if b == nil {
			b = &bundle{key: w.keyOf(st, w.item(d.Unit)), head: st.head()}
			bundles = append(bundles, b)
		}
		if !slices.Contains(b.names, it.text) {
			b.names = slices.Insert(b.names, nameRank(b.names, it.text), it.text)
		}
		b.above = addNew(b.above, strings.Join(w.notesAbove(index), w.src.eol+top.indent))
		for _, note := range it.above {
			b.notes = addNew(b.notes, note.text)
		}
		b.notes = addNew(b.notes, it.after)
		for _, note := range []string{st.open, w.src.noteAfter(st)} {
			if w.leavesWhole(index) || keepsMeaning(note) {
				b.notes = addNew(b.notes, note)
			}
		}
		if w.leavesWhole(index) {
			b.below = addNew(b.below, st.below...)
		}
	}
	for _, b := range bundles {
		w.bring(top, b)
	}
}

// bring puts a bundle into u, joined to a statement that is there or on a line
// of its own.
func (w *writer) bring(u *suite, b *bundle) {
	s := w.src
	note := strings.Join(addNew(b.notes, b.below...), "  ")
	if st, _ := w.partner(u, b.head); st != nil && w.join(u, b.head, b.names, note) {
		u.comment(u.lineOf(st.node), b.above)
		return
	}
	var out strings.Builder
	for _, above := range b.above {
		out.WriteString(u.indent + above + s.eol)
	}
	out.WriteString(u.indent + s.spellNoted(b.head, b.names, u.indent, note))
	u.place(&line{role: importLine, text: out.String(), key: b.key, noted: len(b.above) > 0})
}

// comment puts notes above an import, as sorters do with those of a statement that
// they join to another.
func (u *suite) comment(l *line, notes []string) {
	if len(notes) == 0 {
		return
	}
	text := u.indent + strings.Join(notes, u.src.eol+u.indent)
	u.insert(slices.Index(u.lines, l), &line{role: commentLine, text: text, group: l.group, noted: true})
}

// findBundle is the bundle that an item goes with: of the same module, unless names
// stand alone, or are spelled with an alias.
func (w *writer) findBundle(bundles []*bundle, st *importStatement, it item, singles bool) *bundle {
	for _, b := range bundles {
		if b.head != st.head() {
			continue
		}
		plain := it.alias == "" && !isAliased(b.names[0])
		if slices.Contains(b.names, it.text) || st.from && !singles && (plain || w.job.Layout.Aliases) {
			return b
		}
	}
	return nil
}

func addNew(list []string, texts ...string) []string {
	for _, text := range texts {
		if text != "" && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

// standsIn tells whether a statement that stays in a suite imports the same.
func (w *writer) standsIn(node syntax.NodeID, head, text string) bool {
	for i, st := range w.statements {
		if st.head() != head || w.src.tree.Parent(st.node) != node {
			continue
		}
		for j, it := range st.items {
			if it.text == text && !w.gone[i][j] {
				return true
			}
		}
	}
	return false
}

// consolidate puts the import of fast_path.py where the first of the imports
// stood that it replaces, or brings the names of the one that is there up to
// date.
func (w *writer) consolidate() {
	use := w.job.FastPath
	if use == nil {
		return
	}
	s := w.src
	top := w.suite(syntax.Root)
	text := strings.ReplaceAll(use.Import, "\n", s.eol)
	module, _, _ := strings.Cut(strings.TrimPrefix(use.Import, "from "), " ")
	if !use.Insert {
		for i, st := range w.statements {
			if st.module == module && s.tree.Parent(st.node) == syntax.Root && w.splits[i] == nil {
				if old := s.slice(st.span.Start, st.span.End); old != text {
					w.splits[i] = []edit.Edit{{Start: st.span.Start, End: st.span.End, Text: text}}
				}
				return
			}
		}
	}
	fresh := &line{role: importLine, text: text, key: importKey{w.section(module), true, module, ""}}
	if strings.HasSuffix(text, "*") {
		fresh.key.name = "*"
	}
	for _, unit := range use.Units {
		st := w.statements[w.job.Facts.Units[unit].Statement]
		if l := top.lineOf(st.node); l != nil {
			fresh.group = l.group
			top.insert(slices.Index(top.lines, l), fresh)
			return
		}
	}
	top.place(fresh)
}
