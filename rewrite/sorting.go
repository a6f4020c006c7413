package rewrite

import (
	"cmp"
	"slices"
	"strings"
)

// A sorting is one way in which sorters order the statements of a section.
type sorting struct {
	mixed      bool // plain and from imports in one order
	fromFirst  bool
	cased      bool
	dotsAscend bool // `from .` before `from ..`
}

var sortings = []sorting{{}, {mixed: true}, {fromFirst: true}, {cased: true}, {mixed: true, cased: true},
	{fromFirst: true, cased: true}, {dotsAscend: true}, {mixed: true, dotsAscend: true}, {fromFirst: true, dotsAscend: true}}

// sortings are those to try, the configured kind first.
func (s *source) sortings() []sorting {
	if !s.layout.Mixed {
		return sortings
	}
	first := slices.Clone(sortings)
	slices.SortStableFunc(first, func(a, b sorting) int {
		switch {
		case a.mixed == b.mixed:
			return 0
		case a.mixed:
			return -1
		}
		return 1
	})
	return first
}

func (o sorting) compare(a, b importKey) int {
	if !o.mixed && a.from != b.from {
		if a.from == o.fromFirst {
			return -1
		}
		return 1
	}
	if c := naturally(o.moduleKey(a), o.moduleKey(b)); c != 0 {
		return c
	}
	if a.from != b.from {
		if b.from {
			return -1
		}
		return 1
	}
	return naturally(byType(a.name), byType(b.name))
}

func (o sorting) moduleKey(k importKey) string {
	dots := len(k.module) - len(strings.TrimLeft(k.module, "."))
	module := k.module
	if dots > 0 {
		between := "_" // sorts behind the dot: the furthest package first
		if o.dotsAscend {
			between = " "
		}
		module = k.module[:dots] + between + k.module[dots:]
	}
	if !o.cased {
		module = strings.ToLower(module)
	}
	return module
}

// naturally compares texts with their runs of digits as numbers.
func naturally(a, b string) int {
	for a != "" && b != "" {
		m, n := digits(a), digits(b)
		if m > 0 && n > 0 {
			x, y := strings.TrimLeft(a[:m], "0"), strings.TrimLeft(b[:n], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[m:], b[n:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func digits(text string) int {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return n
}

// fits tells whether the groups of lines are sorted in this way, and whether
// any holds two statements at all.
func (o sorting) fits(lines []*line) (fits, seen bool) {
	prev := (*line)(nil)
	for _, l := range lines {
		if l.role != importLine || l.fresh || l.key.section == FutureSection {
			continue
		}
		if prev != nil && prev.group == l.group {
			seen = true
			if prev.key.section > l.key.section || prev.key.section == l.key.section && o.compare(prev.key, l.key) > 0 {
				return false, true
			}
		}
		prev = l
	}
	return true, seen
}
