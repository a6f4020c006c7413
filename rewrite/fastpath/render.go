package fastpath

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fastpath/plan"
)

// maxColumn is the widest import statement that the column of figures is
// pushed out for.
const maxColumn = 44

// allWidth is the widest __all__ on one line: within the limit of every common
// formatter setting.
const allWidth = 79

// oneALine tells a list whose last comma asks formatters to keep it one name a
// line.
var oneALine = regexp.MustCompile(`,\s*\n\s*[])]$`)

// maxSettle is the number of renderings that may follow the first.
const maxSettle = 3

// Render gives the content of the wanted fast_path.py, on top of existing, the
// content the file has now; nil when there is no file. The error is a *Refusal
// when existing holds what rendering would lose.
//
// The imports are those of want, in its order within each tier. Dates come
// from want.Date alone.
func Render(existing []byte, want plan.FastPathFile) ([]byte, error) {
	for _, e := range want.Entries {
		if err := checkEntry(e); err != nil {
			return nil, err
		}
	}
	out, err := render(existing, want)
	if err != nil {
		return nil, err
	}
	// A comment that looks like a heading and was hidden in parentheses can
	// mean something else where it now stands; it settles at once.
	for range maxSettle {
		again, err := render(out, want)
		if err != nil {
			return nil, fmt.Errorf("internal error: reading the rendered %s: %w", want.Path, err)
		}
		if bytes.Equal(again, out) {
			return out, verify(out, want)
		}
		out = again
	}
	return nil, &Refusal{Line: 1, Reason: "its comments cannot be kept in their places; move those that look like tier headings"}
}

func render(existing []byte, want plan.FastPathFile) ([]byte, error) {
	old, err := read(existing)
	if err != nil {
		return nil, err
	}
	d := merge(old, want)
	if d.docstring == "" {
		d.docstring = newDocstring(want, d.eol)
	} else if !d.pieced {
		d.docstring = refreshDocstring(d.docstring, want, d.eol)
	}
	return d.bytes(), nil
}

func checkEntry(e plan.FastPathEntry) error {
	relative := strings.HasPrefix(e.Module, ".")
	parts := strings.Split(strings.TrimLeft(e.Module, "."), ".")
	if relative && len(parts) == 1 && parts[0] == "" {
		parts = nil
	}
	parts = append(parts, e.Bound)
	if e.Attr != "" {
		parts = append(parts, e.Attr)
	}
	for _, part := range parts {
		if !identifier(part) {
			return fmt.Errorf("internal error: fast path entry %q, %q, %q is no import", e.Module, e.Attr, e.Bound)
		}
	}
	if relative && e.Attr == "" || e.Tier < 1 || e.Tier > 3 {
		return fmt.Errorf("internal error: fast path entry %q in tier %d cannot be spelled", e.Module, e.Tier)
	}
	return nil
}

func identifier(text string) bool {
	for i, c := range text {
		if c != '_' && !unicode.IsLetter(c) && (i == 0 || !unicode.IsDigit(c) && !unicode.Is(unicode.Mn, c)) {
			return false
		}
	}
	return text != ""
}

// wanted is the import that an entry asks for.
func wanted(e plan.FastPathEntry) imported {
	natural := e.Attr
	if natural == "" {
		natural, _, _ = strings.Cut(e.Module, ".")
	}
	return imported{module: e.Module, attr: e.Attr, bound: e.Bound, alias: e.Alias || e.Bound != natural,
		remark: remark{ms: e.ImportMS, usage: e.UsagePct}}
}

// merge is the old document with the imports of want.
func merge(old *document, want plan.FastPathFile) *document {
	d := *old
	var before []imported
	for n := range old.tiers {
		before = append(before, old.tiers[n].imports...)
		d.tiers[n].imports = nil
	}
	taken := make([]bool, len(before))
	d.blocks = nil
	d.departed = nil
	var after []imported
	for _, e := range byTier(want.Entries) {
		i := wanted(e)
		if slices.ContainsFunc(after, i.same) {
			continue
		}
		i.remark.date = want.Date
		if n := match(before, taken, i); n >= 0 {
			taken[n] = true
			i.above, i.remark.markers, i.remark.note = before[n].above, before[n].remark.markers, before[n].remark.note
		}
		after = append(after, i)
		d.tiers[e.Tier].imports = append(d.tiers[e.Tier].imports, i)
		d.justify(old, i, e)
	}
	// What speaks of an import that leaves is kept, for somebody to judge.
	at := 0
	for n := range old.tiers {
		for range old.tiers[n].imports {
			if above := before[at].above; !taken[at] && len(above) > 0 {
				d.tiers[n].free = append(d.tiers[n].free, above)
			}
			at++
		}
	}
	for n := range old.blocks {
		if !slices.ContainsFunc(after, old.blocks[n].speaksOf) {
			d.departed = append(d.departed, old.blocks[n])
		}
	}
	for tier := 1; tier <= 3; tier++ {
		t := &d.tiers[tier]
		if len(t.imports) == 0 {
			if extra := slices.DeleteFunc(slices.Clone(t.heading), heading.MatchString); len(extra) > 0 {
				t.free = append([][]string{extra}, t.free...)
			}
			continue
		}
		if len(t.heading) == 0 {
			t.heading = []string{newHeading(tier, want.Limits)}
		}
		t.heading = slices.Clone(t.heading)
		for n, line := range t.heading {
			t.heading[n] = refreshThresholds(line, want.Limits)
		}
	}
	d.all = exported(old.all, after, d.eol)
	d.history = chronicle(old, before, after, want)
	return &d
}

func byTier(entries []plan.FastPathEntry) []plan.FastPathEntry {
	sorted := slices.Clone(entries)
	slices.SortStableFunc(sorted, func(a, b plan.FastPathEntry) int { return a.Tier - b.Tier })
	return sorted
}

// match finds the written import that became i: the same statement, or else one
// that binds the same name.
func match(before []imported, taken []bool, i imported) int {
	for n := range before {
		if !taken[n] && before[n].same(i) {
			return n
		}
	}
	for n := range before {
		if !taken[n] && before[n].bound == i.bound && !before[n].same(i) {
			return n
		}
	}
	return -1
}

// justify gives the document the block for one entry: the written one, or a new
// one for an exception.
func (d *document) justify(old *document, i imported, e plan.FastPathEntry) {
	if d.block(i) != nil {
		return
	}
	if b := old.block(i); b != nil {
		d.blocks = append(d.blocks, b.refresh(e))
	} else if e.Tier == 3 {
		d.blocks = append(d.blocks, newBlock(e, d.eol))
	}
}

// exported is the __all__ that lists what the imports bind. A written list
// that says so already and holds comments is left as it is.
func exported(old allList, imports []imported, eol string) allList {
	names := []string{}
	for _, i := range imports {
		if !slices.Contains(names, i.bound) {
			names = append(names, i.bound)
		}
	}
	all := old
	all.names = names
	if all.line == 0 {
		all.above, all.before = []string{"# Export for easy import"}, "__all__ = "
	} else if len(old.inside) > 0 && slices.Equal(old.names, names) {
		return all
	}
	all.above = append(slices.Clone(all.above), all.inside...)
	quoted := make([]string, len(names))
	for n, name := range names {
		quoted[n] = `"` + name + `"`
	}
	all.literal = "[" + strings.Join(quoted, ", ") + "]"
	if len(names) > 0 && (oneALine.MatchString(old.literal) || utf8.RuneCountInString(all.before+all.literal) > allWidth) {
		all.literal = "[" + eol + "    " + strings.Join(quoted, ","+eol+"    ") + "," + eol + "]"
	}
	return all
}

// verify reads the result back: it must say what was wanted.
func verify(out []byte, want plan.FastPathFile) error {
	doc, err := read(out)
	if err != nil {
		return fmt.Errorf("internal error: reading the rendered %s: %w", want.Path, err)
	}
	var written, asked []string
	for tier := range doc.tiers {
		for _, i := range doc.tiers[tier].imports {
			written = append(written, fmt.Sprint(tier, " ", i.statement()))
		}
		for _, e := range want.Entries {
			if text := fmt.Sprint(tier, " ", wanted(e).statement()); e.Tier == tier && !slices.Contains(asked, text) {
				asked = append(asked, text)
			}
		}
	}
	if !slices.Equal(written, asked) {
		return fmt.Errorf("internal error: the rendered %s imports %q where %q was wanted", want.Path, written, asked)
	}
	return nil
}
