package rewrite

import (
	"fmt"
	"slices"

	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/plan/syntax"
	"fastpath/rewrite/edit"
	"fastpath/rewrite/mocks"
)

// A Job is one file to rewrite: its bytes, the facts gathered from exactly
// these bytes, and the decisions for its units that move.
type Job struct {
	Source    []byte
	Facts     *facts.Module
	Decisions []plan.Decision  // those with StatusMove, in unit order
	FastPath  *FastPathUse     // for a consolidated module
	Patches   []plan.PatchEdit // of strings in this file

	Layout Layout
	// Annotations is what happens to evaluated annotations that name a unit
	// which goes under `if TYPE_CHECKING:`: "quote", "future", or nothing.
	Annotations string
	// Section tells the import sorter's sections apart, for absolute modules.
	// Without it the standard library is known and all else is third party.
	Section func(module string) Section
}

// A Layout is how the project's formatter and import sorter are configured. What
// is zero is not known and has to be seen from the file.
type Layout struct {
	LineLength int
	Lists      string // how long lists are broken: "hanging", "grid", "vertical" or "grouped"
	Comma      bool   // behind the last name of a broken list
	Single     bool   // each name in a statement of its own
	Mixed      bool   // plain and from imports in one order
	Aliases    bool   // names with an alias stand in one statement with others
	BreakFrom  int    // so many names are a list to break, however short it is
	LinesAfter int    // blank lines between the imports of a module and what follows
}

// A FastPathUse replaces the consolidated imports of a module by an import of
// fast_path.py.
type FastPathUse struct {
	Units  []int  // units that leave for fast_path.py
	Import string // "from fast_path import *" or "from .fast_path import (a, b)"
	Insert bool   // the module does not import fast_path.py yet
}

// Rewrite returns the file with all decisions of the job carried out. The
// error says what does not fit together: facts of other bytes, a decision
// without a place to go to, or source that does not parse.
func Rewrite(job Job) ([]byte, error) {
	parser := syntax.NewParser()
	defer parser.Close()
	tree, err := parser.Parse(job.Source)
	if err != nil {
		return nil, err
	}
	w := &writer{job: job, src: newSource(job.Source, tree, job.Layout), suites: map[syntax.NodeID]*suite{},
		above: map[int]syntax.Span{}, splits: map[int][]edit.Edit{}, joined: map[int][]string{}, joinedNotes: map[int][]string{}}
	if err := w.readStatements(); err != nil {
		return nil, err
	}
	if err := w.mark(); err != nil {
		return nil, err
	}
	w.takeOut()
	if err := w.sink(); err != nil {
		return nil, err
	}
	w.hoist()
	w.consolidate()
	if err := w.typeOnly(); err != nil {
		return nil, err
	}
	if err := w.annotate(); err != nil {
		return nil, err
	}
	edits, err := mocks.Edits(job.Source, job.Patches)
	if err != nil {
		return nil, err
	}
	edits = append(edits, w.quotes...)
	for i := range w.statements {
		edits = append(edits, w.splits[i]...)
	}
	for _, u := range w.order {
		edits = append(edits, u.finish()...)
	}
	return edit.Apply(job.Source, edits)
}

// A writer carries out one job.
type writer struct {
	job         Job
	src         *source
	statements  []*importStatement // as Facts.Statements
	gone        [][]bool           // by statement and item
	suites      map[syntax.NodeID]*suite
	order       []*suite            // in the order they were first needed
	splits      map[int][]edit.Edit // inside statements of which something stays
	joined      map[int][]string    // names added to a statement
	joinedNotes map[int][]string
	quotes      []edit.Edit              // around annotations
	moves       map[int]plan.Decision    // by unit
	defs        map[uint32]syntax.NodeID // by start
	above       map[int]syntax.Span      // comment lines that go with a statement
}

// readStatements pairs the statements of the facts with those of the tree.
func (w *writer) readStatements() error {
	t := w.src.tree
	at := map[uint32]syntax.NodeID{}
	w.defs = map[uint32]syntax.NodeID{}
	for n := range t.Nodes {
		id := syntax.NodeID(n)
		switch k := t.Kind(id); {
		case isImport(k):
			at[t.Span(id).Start] = id
		case k == syntax.FunctionDefinition:
			w.defs[t.Span(id).Start] = id
		}
	}
	for _, lazy := range t.Lazy {
		for next := lazy.End; int(next) < len(w.src.text); next++ {
			if n, ok := at[next]; ok {
				at[lazy.Start] = n
				break
			}
			if !isBlank(w.src.text[next]) && w.src.text[next] != '\\' && !isLineEnd(w.src.text[next]) {
				break
			}
		}
	}
	for i, st := range w.job.Facts.Statements {
		n, ok := at[st.Span.Start]
		if !ok {
			return fmt.Errorf("line %d: the facts name an import statement that is not there", st.Line)
		}
		read := w.src.readImport(n)
		if len(read.items) != st.Units[1]-st.Units[0] {
			return fmt.Errorf("line %d: the facts see %d names in statement %d, the source has %d",
				st.Line, st.Units[1]-st.Units[0], i, len(read.items))
		}
		w.statements = append(w.statements, read)
		w.gone = append(w.gone, make([]bool, len(read.items)))
	}
	return nil
}

// mark notes the units that leave their place.
func (w *writer) mark() error {
	w.moves = map[int]plan.Decision{}
	leave := func(unit int) error {
		if unit < 0 || unit >= len(w.job.Facts.Units) {
			return fmt.Errorf("a decision names unit %d of %d", unit, len(w.job.Facts.Units))
		}
		u := w.job.Facts.Units[unit]
		w.gone[u.Statement][w.item(unit)] = true
		return nil
	}
	for _, d := range w.job.Decisions {
		if d.Action == plan.Stay {
			continue
		}
		if err := leave(d.Unit); err != nil {
			return err
		}
		w.moves[d.Unit] = d
	}
	if w.job.FastPath != nil {
		for _, unit := range w.job.FastPath.Units {
			if err := leave(unit); err != nil {
				return err
			}
		}
	}
	return nil
}

// item is the position of a unit in its statement.
func (w *writer) item(unit int) int {
	u := w.job.Facts.Units[unit]
	return unit - w.job.Facts.Statements[u.Statement].Units[0]
}

// suite is the suite of node, read once.
func (w *writer) suite(node syntax.NodeID) *suite {
	u := w.suites[node]
	if u == nil {
		u = w.src.suiteOf(node)
		w.keyLines(u)
		w.suites[node] = u
		w.order = append(w.order, u)
	}
	return u
}

// takeOut removes the units that leave.
func (w *writer) takeOut() {
	whole := map[syntax.NodeID]map[syntax.NodeID]bool{}
	var parents []syntax.NodeID
	take := func(n syntax.NodeID) {
		parent := w.src.tree.Parent(n)
		if whole[parent] == nil {
			whole[parent] = map[syntax.NodeID]bool{}
			parents = append(parents, parent)
		}
		whole[parent][n] = true
	}
	empty := w.dropTypeBlocks()
	for n := range empty {
		take(n)
	}
	for i, st := range w.statements {
		gone := count(w.gone[i])
		if gone == 0 {
			continue
		}
		if gone < len(st.items) {
			w.splits[i] = w.src.split(st, w.gone[i])
			continue
		}
		if block := w.src.tree.Parent(st.node); !empty[w.src.tree.Parent(block)] || block == syntax.Root {
			take(st.node)
		}
	}
	for _, parent := range parents {
		w.suite(parent).remove(whole[parent])
	}
	for i, st := range w.statements {
		parent := w.src.tree.Parent(st.node)
		if !whole[parent][st.node] || w.suite(parent).inline || !w.carried(i) {
			continue
		}
		u := w.suite(parent)
		if note := w.attached(u, u.lineOf(st.node)); note != nil {
			note.gone = true
			w.above[i] = note.span
		}
	}
}

// carried tells whether a statement that leaves is written again elsewhere,
// so that the comment above it has somewhere to go.
func (w *writer) carried(statement int) bool {
	units := w.job.Facts.Statements[statement].Units
	st := w.statements[statement]
	for unit := units[0]; unit < units[1]; unit++ {
		d, moves := w.moves[unit]
		switch {
		case !moves:
		case d.Action == plan.ToTypeChecking:
			return true
		case d.Action == plan.Sink && slices.ContainsFunc(d.Into, func(l plan.Landing) bool { return !l.Present }):
			return true
		case d.Action == plan.Hoist && !w.standsIn(syntax.Root, st.head(), st.items[unit-units[0]].text):
			return true
		}
	}
	return false
}

func count(flags []bool) int {
	n := 0
	for _, f := range flags {
		if f {
			n++
		}
	}
	return n
}
