package fastpath

import (
	"fmt"

	"fastpath/plan"
)

// A Refusal says why a file cannot be read as fast_path.py: something in it is
// neither an import, __all__, a string nor a comment, and rendering would lose
// or reorder it. Line is 1-based, Col a 0-based byte column.
type Refusal struct {
	Line, Col int
	Reason    string
}

func (r *Refusal) Error() string { return fmt.Sprintf("%d:%d: %s", r.Line, r.Col+1, r.Reason) }

// A Doc is what a fast_path.py says.
type Doc struct {
	Profiled string // date of the docstring's "Last profiled" line; "" without one
	Entries  []Entry
	All      []string // names in __all__; nil without one
	AllLine  int
	History  []string // HISTORY lines, oldest first, without "# "
}

// An Entry is one name that fast_path.py imports.
type Entry struct {
	Module string // with leading dots when relative
	Attr   string // for `from Module import Attr`
	Bound  string
	Alias  bool // written with `as`
	Line   int
	Tier   int // 1 to 3; 0 above the first tier heading

	ImportMS plan.Measure // as the comment behind the import claims
	UsagePct plan.Measure
	Profiled string // date of the figures; "" when they carry none
	Note     string // what people wrote behind the figures

	Block *Block // its exception block
}

// A Block is one exception block: the bare string that justifies a heavy
// import.
type Block struct {
	Line      int
	ImportMS  plan.Measure
	UsagePct  plan.Measure
	Exception plan.Exception // Reason joins the lines of the justification
}

// Parse reads an existing fast_path.py, written by this package or by hand in
// the same spirit. The error is a *Refusal.
func Parse(existing []byte) (Doc, error) {
	d, err := read(existing)
	if err != nil {
		return Doc{}, err
	}
	doc := Doc{Profiled: profiled(d.docstring), All: d.all.names, AllLine: d.all.line}
	if len(d.history) > 0 {
		for _, line := range d.history[1:] {
			doc.History = append(doc.History, trimComment(line))
		}
	}
	for tier, s := range d.tiers {
		for _, i := range s.imports {
			e := Entry{Module: i.module, Attr: i.attr, Bound: i.bound, Alias: i.alias, Line: i.line, Tier: tier,
				ImportMS: i.remark.ms, UsagePct: i.remark.usage, Profiled: i.remark.date, Note: i.remark.note}
			if b := d.block(i); b != nil {
				parsed := b.parse()
				e.Block = &parsed
			}
			doc.Entries = append(doc.Entries, e)
		}
	}
	return doc, nil
}

// A document is the parsed file, split into what is kept and what is generated.
// Texts hold no line end, except inside a docstring or block, which is raw.
type document struct {
	bom       bool
	eol       string
	cut       bool     // the last line has no end
	opening   []string // what stands above the docstring
	docstring string   // the literal; "" without one
	pieced    bool     // the docstring is several literals side by side
	docTail   string   // comment on the line where the docstring ends
	futures   []string // `from __future__` lines
	tiers     [4]tier  // 0 is what stands above the first heading
	blocks    []block
	departed  []block    // those whose import has left; filled by merge
	loose     [][]string // groups with a bare string that is no exception block
	all       allList
	history   []string   // "# HISTORY:" and its lines
	afterAll  [][]string // groups between __all__ and the HISTORY
	closing   [][]string // groups below the HISTORY
}

// A tier is one heading with its imports.
type tier struct {
	heading []string // comment lines; the last of them is the heading itself
	imports []imported
	free    [][]string // groups of comments that belong to no import
}

// An imported is one import unit.
type imported struct {
	module, attr, bound string
	alias               bool
	line                int
	above               []string // comment lines, "" for a blank one in between
	remark              remark
}

// A block is an exception block and the module it speaks of.
type block struct {
	module  string
	literal string
	tail    string // comment behind it
	line    int
	above   []string
}

// An allList is the __all__ statement.
type allList struct {
	names   []string
	line    int
	above   []string
	before  string   // "__all__ = ", as written
	literal string   // the list, as written
	tail    string   // comment behind it
	inside  []string // comments within the list
}

// block finds the exception block of i, by the module or by the bound name.
func (d *document) block(i imported) *block {
	for n := range d.blocks {
		if d.blocks[n].speaksOf(i) {
			return &d.blocks[n]
		}
	}
	return nil
}

func (b block) speaksOf(i imported) bool {
	return b.module == i.module || b.module == i.bound || i.attr != "" && b.module == i.module+"."+i.attr
}

// same tells whether both are the same import, however it is spelled.
func (i imported) same(o imported) bool { return i.statement() == o.statement() }

// statement spells the import.
func (i imported) statement() string {
	text := "import " + i.module
	if i.attr != "" {
		text = "from " + i.module + " import " + i.attr
	}
	if i.alias {
		text += " as " + i.bound
	}
	return text
}
