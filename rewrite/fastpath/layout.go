package fastpath

import (
	"strings"
	"unicode/utf8"
)

// A writer gathers the lines of the document.
type writer struct {
	lines []string
}

// paragraph adds lines after a blank one.
func (w *writer) paragraph(lines ...string) {
	if len(lines) == 0 {
		return
	}
	if len(w.lines) > 0 {
		w.lines = append(w.lines, "")
	}
	w.lines = append(w.lines, lines...)
}

func (w *writer) add(lines ...string) { w.lines = append(w.lines, lines...) }

// bytes lays the document out.
func (d *document) bytes() []byte {
	w := &writer{}
	w.add(d.opening...)
	w.add(join(d.docstring, d.docTail))
	w.paragraph(d.futures...)
	for _, group := range d.tiers[0].free {
		w.paragraph(group...)
	}
	imports := len(d.tiers[1].imports)+len(d.tiers[2].imports)+len(d.tiers[3].imports) > 0
	if imports {
		w.paragraph(sorterOff, formatterOff)
	}
	column := d.column()
	for n := 1; n <= 3; n++ {
		t := &d.tiers[n]
		if len(t.imports) > 0 {
			w.paragraph(t.heading...)
		}
		for _, i := range t.imports {
			w.add(i.above...)
			w.add(i.spell(n, column))
		}
		if n == 3 {
			w.blocks(d.blocks, len(t.imports) > 0)
		}
		for _, group := range t.free {
			w.paragraph(group...)
		}
	}
	if len(d.departed) > 0 {
		w.paragraph(departed)
		w.blocks(d.departed, true)
	}
	if imports {
		w.paragraph(formatterOn)
	}
	for _, group := range d.loose {
		w.paragraph(group...)
	}
	w.paragraph(d.all.above...)
	if len(d.all.above) == 0 {
		w.add("")
	}
	w.add(join(d.all.before+d.all.literal, d.all.tail))
	for _, group := range d.afterAll {
		w.paragraph(group...)
	}
	w.paragraph(d.history...)
	for _, group := range d.closing {
		w.paragraph(group...)
	}
	text := strings.Join(w.lines, d.eol)
	if !d.cut {
		text += d.eol
	}
	if d.bom {
		text = "\ufeff" + text
	}
	return []byte(text)
}

// column is where the remarks start: two blanks behind the longest statement.
func (d *document) column() int {
	widest := 0
	for _, t := range d.tiers {
		for _, i := range t.imports {
			if n := utf8.RuneCountInString(i.statement()); n <= maxColumn {
				widest = max(widest, n)
			}
		}
	}
	return widest + 2
}

func (i imported) spell(tier, column int) string {
	text := i.statement()
	return text + strings.Repeat(" ", max(2, column-utf8.RuneCountInString(text))) + i.remark.text(tier)
}

// blocks adds exception blocks, the first of them directly below the line
// before it if that is what it justifies.
func (w *writer) blocks(blocks []block, below bool) {
	for _, b := range blocks {
		if !below {
			w.add("")
		}
		below = false
		w.add(b.above...)
		w.add(join(b.literal, b.tail))
	}
}
