// Package rewrite spells decisions in bytes.
package rewrite

import (
	"fastpath/plan"
	"fastpath/plan/facts"
)

// A Job is one file to rewrite: its bytes, the facts gathered from exactly
// these bytes, and the decisions for its units that move.
type Job struct {
	Source    []byte
	Facts     *facts.Module
	Decisions []plan.Decision // those with StatusMove, in unit order
	FastPath  *FastPathUse    // for a consolidated module
}

// A FastPathUse replaces the consolidated imports of a module by an import of
// fast_path.py.
type FastPathUse struct {
	Units  []int  // units that leave for fast_path.py
	Import string // "from fast_path import *" or "from .fast_path import (a, b)"
	Insert bool   // the module does not import fast_path.py yet
}
