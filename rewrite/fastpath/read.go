package fastpath

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"fastpath/plan/syntax"
)

// Comment lines that rendering writes by itself and reading forgets.
const (
	sorterOff    = "# isort: skip_file"
	formatterOff = "# fmt: off"
	formatterOn  = "# fmt: on"
	departed     = "# Exceptions whose import has left:"
)

const onlyHolds = "; fast_path.py may hold only imports, __all__, strings and comments"

var (
	cookie    = regexp.MustCompile(`^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)`)
	utf8Names = regexp.MustCompile(`(?i)^(utf-?8(-.*)?|utf_8(_.*)?|ascii|us-ascii)$`)
	heading   = regexp.MustCompile(`^#+\s*Tier ([123])\b`)
	histories = regexp.MustCompile(`(?i)^#\s*HISTORY:?\s*$`)
	historic  = regexp.MustCompile(`^#\s*\d{4}-\d{2}-\d{2}\b`)
	exempt    = regexp.MustCompile(`HOT PATH EXCEPTION:?\s+([\w.]+)`)
)

// A reading is the state of one walk over the top level of the file.
type reading struct {
	tree    *syntax.Tree
	d       document
	tier    int
	group   []string // comments since the last blank line or statement
	last    int      // line of the last item's end; 0 before the first
	started bool     // a statement was met
}

func read(src []byte) (*document, error) {
	r := &reading{}
	if rest, found := bytes.CutPrefix(src, []byte("\xef\xbb\xbf")); found {
		r.d.bom, src = true, rest
	}
	r.d.eol = lineEnd(src)
	if err := checkEncoding(src); err != nil {
		return nil, err
	}
	r.d.cut = len(src) > 0 && src[len(src)-1] != '\n'
	parser := syntax.NewParser()
	defer parser.Close()
	tree, err := parser.Parse(src)
	if err != nil {
		if e, ok := err.(*syntax.Error); ok {
			return nil, &Refusal{Line: e.Line, Col: e.Col, Reason: e.Reason}
		}
		return nil, err
	}
	r.tree = tree
	if err := r.walk(); err != nil {
		return nil, err
	}
	r.flush()
	return &r.d, nil
}

func lineEnd(src []byte) string {
	if i := bytes.IndexByte(src, '\n'); i > 0 && src[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// checkEncoding refuses what cannot hold the text that rendering adds.
func checkEncoding(src []byte) error {
	lines := bytes.SplitN(src, []byte("\n"), 3)
	for i, line := range lines[:min(2, len(lines))] {
		if m := cookie.FindSubmatch(line); m != nil && !utf8Names.Match(m[1]) {
			return &Refusal{Line: i + 1, Reason: "the file is encoded as " + string(m[1]) + "; save it as UTF-8"}
		}
	}
	for i := 0; i < len(src); {
		c, n := utf8.DecodeRune(src[i:])
		if c == utf8.RuneError && n == 1 {
			before := src[:i]
			return &Refusal{Line: bytes.Count(before, []byte("\n")) + 1, Col: i - bytes.LastIndexByte(before, '\n') - 1,
				Reason: "the file is not UTF-8"}
		}
		i += n
	}
	return nil
}

func (r *reading) walk() error {
	t := r.tree
	for n := t.First(syntax.Root); n != syntax.NoNode; n = t.After(n) {
		if t.Kind(n) == syntax.TokSemicolon {
			continue
		}
		line := t.Line(t.Span(n).Start)
		if t.Kind(n) == syntax.Comment && r.started && line == r.last {
			continue // taken with its statement
		}
		if line > r.last+1 {
			r.flush()
		}
		if t.Kind(n) == syntax.Comment {
			r.comment(n)
		} else if err := r.statement(n, line); err != nil {
			return err
		}
		r.last = t.Line(lastByte(t, n))
	}
	if !r.started {
		r.begin(false)
	}
	return nil
}

// lastByte is the offset of the last byte that belongs to n.
func lastByte(t *syntax.Tree, n syntax.NodeID) uint32 {
	s := t.Span(n)
	for s.End > s.Start && strings.IndexByte("\r\n", t.Source[s.End-1]) >= 0 {
		s.End--
	}
	return max(s.Start, s.End-1)
}

func (r *reading) comment(n syntax.NodeID) {
	text := strings.TrimRight(string(r.tree.Text(n)), "\r\n")
	if histories.MatchString(text) && r.d.history == nil {
		r.flush()
	}
	r.group = append(r.group, text)
}

// begin settles what stands above the first statement: with a docstring all of
// it, otherwise only the lines that Python or the system read there.
func (r *reading) begin(docstring bool) {
	r.started = true
	top := &r.d.tiers[0]
	if docstring {
		for _, group := range top.free {
			r.d.opening = append(append(r.d.opening, group...), "")
		}
		r.d.opening = append(r.d.opening, withoutDirectives(r.group)...)
		top.free, r.group = nil, nil
		return
	}
	first := &r.group
	if len(top.free) > 0 {
		first = &top.free[0]
	}
	for len(*first) > 0 && len(r.d.opening) < 2 && (strings.HasPrefix((*first)[0], "#!") || cookie.MatchString((*first)[0])) {
		r.d.opening = append(r.d.opening, (*first)[0])
		*first = (*first)[1:]
	}
	if len(top.free) > 0 && len(top.free[0]) == 0 {
		top.free = top.free[1:]
	}
}

// flush files the comments gathered so far as belonging to no statement.
func (r *reading) flush() {
	g := withoutDirectives(r.group)
	r.group = nil
	d := &r.d
	switch {
	case len(g) == 0:
	case d.history == nil && histories.MatchString(g[0]):
		d.history = g
	case d.history != nil && len(d.closing) == 0 && historic.MatchString(g[0]):
		d.history = append(append(d.history, ""), g...)
	case d.history != nil:
		d.closing = append(d.closing, g)
	case slices.ContainsFunc(g, isString):
		d.loose = append(d.loose, g)
	case headingIn(g) > 0:
		r.open(g)
	case d.all.line > 0:
		d.afterAll = append(d.afterAll, g)
	default:
		d.tiers[r.tier].free = append(d.tiers[r.tier].free, g)
	}
}

// above takes the comments that stand directly above a statement.
func (r *reading) above() []string {
	g := withoutDirectives(r.group)
	if len(g) > 0 && (headingIn(g) > 0 || histories.MatchString(g[0])) {
		r.flush()
		return nil
	}
	r.group = nil
	return g
}

// open starts the tier that the heading in g announces.
func (r *reading) open(g []string) {
	r.tier = headingIn(g)
	t := &r.d.tiers[r.tier]
	if t.heading != nil {
		t.free = append(t.free, g)
		return
	}
	t.heading = g
}

// headingIn is the tier that one of the lines announces; 0 for none.
func headingIn(group []string) int {
	for _, line := range group {
		if m := heading.FindStringSubmatch(line); m != nil {
			return int(m[1][0] - '0')
		}
	}
	return 0
}

// isString tells a loose string from a comment.
func isString(text string) bool { return !strings.HasPrefix(text, "#") }

func withoutDirectives(group []string) []string {
	var kept []string
	for _, line := range group {
		switch strings.TrimRight(line, " \t") {
		case sorterOff, formatterOff, formatterOn, departed:
		default:
			kept = append(kept, line)
		}
	}
	return kept
}

// trailing is the comment behind the statement n on its last line, with the
// node that holds it.
func (r *reading) trailing(n syntax.NodeID) string {
	t := r.tree
	c := t.After(n)
	if c == syntax.NoNode || t.Kind(c) != syntax.Comment || t.Line(t.Span(c).Start) != t.Line(lastByte(t, n)) {
		return ""
	}
	return strings.TrimRight(string(t.Text(c)), "\r\n")
}
