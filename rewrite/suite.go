package rewrite

import (
	"bytes"
	"slices"
	"strings"

	"fastpath/plan/syntax"
	"fastpath/rewrite/edit"
)

// A suite is the body of the module, a function or an `if`, as a list of
// lines. Lines are taken away and put in; what stands between two lines that
// stay neighbours is not touched.
type suite struct {
	src    *source
	node   syntax.NodeID // the module or the block
	module bool
	inline bool        // on the line of its header: def f(): return 1
	colon  uint32      // inline: the end of the header's colon
	indent string      // of its statements; for an inline suite, of the block it would become
	start  uint32      // where its first line begins
	lines  []*line     // in order, put-in ones included
	edits  []edit.Edit // inside lines that stay
	stmts  []syntax.NodeID
}

// A line is a logical line of a suite: one compound statement, simple
// statements with semicolons between, or a run of comments on lines of their
// own.
type line struct {
	span  syntax.Span // whole physical lines with the last line end; empty for a new one
	stmts []syntax.NodeID
	gone  bool
	fresh bool
	text  string // of a fresh line: without the last line end
	noted bool   // fresh, with comments above its statement
	role  lineRole
	key   importKey // of its first import
	group int       // imports of one group stand without a blank line between; 0: none
}

type lineRole uint8

const (
	otherLine lineRole = iota
	importLine
	commentLine
	docLine   // the docstring, or another string as the first statement
	blockLine // a definition, which formatters set off by two blank lines
)

// suiteOf reads the suite of node, a block or the module.
func (s *source) suiteOf(node syntax.NodeID) *suite {
	t := s.tree
	u := &suite{src: s, node: node, module: node == syntax.Root, start: s.body}
	for c := t.First(node); c != syntax.NoNode; c = t.After(c) {
		if k := t.Kind(c); t.Named(c) && k != syntax.Comment && k != syntax.LineContinuation {
			u.stmts = append(u.stmts, c)
		}
	}
	if !u.module {
		u.colon = s.colonBefore(node)
		if len(u.stmts) > 0 && s.inlineAfter(u.colon, u.stmts[0]) {
			outer, _ := s.indentAt(t.Span(s.definition(node)).Start)
			u.inline, u.indent = true, outer+s.unit
			return u
		}
		u.start = s.lineEnd(u.colon)
	}
	if len(u.stmts) > 0 {
		u.indent, _ = s.indentAt(t.Span(u.stmts[0]).Start)
	}
	u.readLines()
	return u
}

// definition is the statement whose body node is, without a decorator.
func (s *source) definition(node syntax.NodeID) syntax.NodeID { return s.tree.Parent(node) }

func (s *source) colonBefore(block syntax.NodeID) uint32 {
	at := uint32(0)
	for c := s.tree.First(s.tree.Parent(block)); c != syntax.NoNode && c != block; c = s.tree.After(c) {
		if s.tree.Kind(c) == syntax.TokColon {
			at = s.tree.Span(c).End
		}
	}
	return at
}

// inlineAfter tells whether the suite starts on its header's logical line.
func (s *source) inlineAfter(colon uint32, first syntax.NodeID) bool {
	between := s.text[colon:s.tree.Span(first).Start]
	between = bytes.TrimLeft(between, " \t\f")
	return len(between) == 0 || between[0] == '\\'
}

func (u *suite) readLines() {
	s, t := u.src, u.src.tree
	at := u.start
	for i := 0; i < len(u.stmts); {
		first := t.Span(u.stmts[i]).Start
		j := i + 1
		end := s.end(u.stmts[i])
		for j < len(u.stmts) && t.Line(end) == t.Line(t.Span(u.stmts[j]).Start) {
			end = s.end(u.stmts[j])
			j++
		}
		l := &line{span: syntax.Span{Start: s.lineStart(first), End: s.lineEnd(max(end, first+1) - 1)}, stmts: u.stmts[i:j]}
		l.role = u.role(l.stmts, len(u.lines) == 0 || i == 0)
		u.readComments(at, l.span.Start)
		u.lines = append(u.lines, l)
		at = l.span.End
		i = j
	}
	if u.module {
		u.readComments(at, uint32(len(s.text)))
	}
	u.readGroups()
}

// readComments makes a line of each run of comment lines between at and end.
func (u *suite) readComments(at, end uint32) {
	var run *line
	for at < end {
		next := min(u.src.lineEnd(at), end)
		if strings.TrimLeft(u.src.slice(at, next), " \t\f\r\n\\;") == "" {
			run = nil
		} else if run != nil {
			run.span.End = next
		} else {
			run = &line{span: syntax.Span{Start: at, End: next}, role: commentLine}
			u.lines = append(u.lines, run)
		}
		at = next
	}
}

func (u *suite) role(stmts []syntax.NodeID, first bool) lineRole {
	t := u.src.tree
	imports := true
	for _, n := range stmts {
		imports = imports && isImport(t.Kind(n))
	}
	switch k := t.Kind(stmts[0]); {
	case imports:
		return importLine
	case first && len(stmts) == 1 && k == syntax.ExpressionStatement && isString(t, t.FirstNamed(stmts[0])):
		return docLine
	case k == syntax.FunctionDefinition || k == syntax.ClassDefinition || k == syntax.DecoratedDefinition:
		return blockLine
	}
	return otherLine
}

func isString(t *syntax.Tree, n syntax.NodeID) bool {
	return t.Kind(n) == syntax.String || t.Kind(n) == syntax.ConcatenatedString
}

// readGroups numbers the groups of imports: a blank line or another statement
// ends one. Comments that stand directly above an import belong to its group.
func (u *suite) readGroups() {
	group := 0
	for i, l := range u.lines {
		if l.role != importLine {
			continue
		}
		first := i
		for first > 0 && u.lines[first-1].role == commentLine && u.blanksBetween(u.lines[first-1], u.lines[first]) == 0 {
			first--
		}
		joined := first > 0 && u.lines[first-1].role == importLine && u.blanksBetween(u.lines[first-1], u.lines[first]) == 0
		if !joined {
			group++
		}
		for ; first <= i; first++ {
			u.lines[first].group = group
		}
	}
}

// groups is the number of the last group.
func (u *suite) groups() int {
	last := 0
	for _, l := range u.lines {
		last = max(last, l.group)
	}
	return last
}

func (u *suite) blanksBetween(a, b *line) int { return u.src.blanks(a.span.End, b.span.Start) }

// blanks counts the lines between two offsets that are line starts.
func (s *source) blanks(start, end uint32) int {
	if start >= end {
		return 0
	}
	return s.tree.Line(end) - s.tree.Line(start)
}

// insert puts a fresh line in before index i.
func (u *suite) insert(i int, l *line) {
	l.fresh = true
	u.lines = slices.Insert(u.lines, i, l)
}

// lineOf finds the line that the statement n stands on.
func (u *suite) lineOf(n syntax.NodeID) *line {
	for _, l := range u.lines {
		if slices.Contains(l.stmts, n) {
			return l
		}
	}
	return nil
}
