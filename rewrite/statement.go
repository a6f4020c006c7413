package rewrite

import (
	"strings"

	"fastpath/plan/syntax"
)

// An importStatement is one import statement as it is written.
type importStatement struct {
	node   syntax.NodeID
	span   syntax.Span // with a leading `lazy`
	from   bool
	module string // after `from`, dots included; "" for a plain import
	items  []item
	parens syntax.Span // from ( to ), empty without
	open   string      // the comment behind (
	below  []string    // comments on lines of their own after the last item
	comma  bool        // a comma follows the last item
}

// An item is one name of the list, in the order of the facts' units.
type item struct {
	span  syntax.Span
	comma uint32 // end of the comma that follows, the item's own end without one
	text  string // "x as y", on one line
	name  string // x
	alias string // y
	above []comment
	after string // the comment on its line
}

type comment struct {
	span syntax.Span
	text string
}

func (st *importStatement) head() string {
	if st.from {
		return "from " + st.module + " import"
	}
	return "import"
}

func isImport(k syntax.Kind) bool {
	return k == syntax.ImportStatement || k == syntax.ImportFromStatement || k == syntax.FutureImportStatement
}

// readImport takes the import statement n apart.
func (s *source) readImport(n syntax.NodeID) *importStatement {
	t := s.tree
	st := &importStatement{node: n, span: t.Span(n), from: t.Kind(n) != syntax.ImportStatement}
	for _, lazy := range t.Lazy {
		if lazy.End <= st.span.Start && strings.TrimSpace(s.slice(lazy.End, st.span.Start)) == "" {
			st.span.Start = lazy.Start
		}
	}
	if t.Kind(n) == syntax.FutureImportStatement {
		st.module = "__future__"
	}
	var above []comment
	last := func() *item {
		if len(st.items) == 0 {
			return nil
		}
		return &st.items[len(st.items)-1]
	}
	listed := false // the keyword `import` was met
	for c := t.First(n); c != syntax.NoNode; c = t.After(c) {
		switch kind := t.Kind(c); {
		case t.Nodes[c].Field == syntax.FieldModuleName:
			st.module = squeeze(t.Text(c), "")
		case kind == syntax.TokImport:
			listed = true
		case kind == syntax.TokLParen:
			st.parens.Start = t.Span(c).Start
		case kind == syntax.TokRParen:
			st.parens.End = t.Span(c).End
		case kind == syntax.TokComma:
			if it := last(); it != nil {
				it.comma = t.Span(c).End
			}
		case kind == syntax.Comment:
			note := comment{t.Span(c), string(t.Text(c))}
			_, own := s.indentAt(note.span.Start)
			switch it := last(); {
			case own:
				above = append(above, note)
			case it == nil:
				st.open = note.text
			default:
				it.after = note.text
			}
		case listed && (kind == syntax.DottedName || kind == syntax.AliasedImport || kind == syntax.WildcardImport):
			st.items = append(st.items, s.readItem(c, above))
			above = nil
		}
	}
	for _, note := range above {
		st.below = append(st.below, note.text)
	}
	if it := last(); it != nil {
		st.comma = it.comma > it.span.End
	}
	return st
}

func (s *source) readItem(n syntax.NodeID, above []comment) item {
	t := s.tree
	it := item{span: t.Span(n), comma: t.Span(n).End, text: squeeze(t.Text(n), " "), above: above}
	it.name = it.text
	if t.Kind(n) == syntax.AliasedImport {
		it.name = squeeze(t.Text(t.Child(n, syntax.FieldName)), "")
		it.alias = string(t.Text(t.Child(n, syntax.FieldAlias)))
	}
	if t.Kind(n) == syntax.DottedName {
		it.text = squeeze(t.Text(n), "")
		it.name = it.text
	}
	return it
}

// squeeze puts the words of text on one line. Line continuations and the
// blanks that Python allows around dots go.
func squeeze(text []byte, between string) string {
	words := strings.FieldsFunc(string(text), func(r rune) bool {
		return r == ' ' || r == '\t' || r == '\f' || r == '\r' || r == '\n' || r == '\\'
	})
	return strings.Join(words, between)
}

// bound is the name that the item puts in its scope.
func (st *importStatement) bound(i int) string {
	it := st.items[i]
	if it.alias != "" {
		return it.alias
	}
	if root, _, dotted := strings.Cut(it.name, "."); dotted && !st.from {
		return root
	}
	return it.name
}

// comments tells whether a comment stands inside the statement.
func (st *importStatement) comments() bool {
	if st.open != "" || len(st.below) > 0 {
		return true
	}
	for _, it := range st.items {
		if it.after != "" || len(it.above) > 0 {
			return true
		}
	}
	return false
}
