// Package profile reads what each import costs.
//
// It knows the written forms of a profile (profile.json, the hand-written short
// form, the log of `python -X importtime`) and the arithmetic of their figures.
// It must not know Python source, files on disk or the policy that judges the
// figures. Invariant: every figure of a Profile is finite and not negative, and
// Write gives the same bytes for the same Profile.
package profile

import "strings"

// Schema is the newest version of profile.json that this package knows.
const Schema = 1

// Sources of a profile. The short form and the log cannot tell a module that
// loaded from one that failed to.
const (
	SourceMeasured   = ""           // profile.json as `fastpath profile` measures it
	SourceShort      = "short"      // {"json": 0.8}
	SourceImportTime = "importtime" // the log of python -X importtime
)

// A Profile is the measured cost of imports. Times are milliseconds.
type Profile struct {
	Schema         int
	Short          bool   // hand-written {"json": 0.8}: a figure is no evidence that the module exists
	Source         string // one of the Source constants
	Date           string // "2006-01-02"; "" in short forms
	Python         string // "3.11.7"
	Implementation string
	Platform       string
	Entry          []string
	Runs           int
	FloorMS        float64 // start-up of the bare interpreter
	Modules        map[string]Module
	// Notes tell what was read over: cut rows, unknown keys. They are not written.
	Notes []string
}

// A Module is one profiled module.
type Module struct {
	ImportMS     float64 // own cold cumulative time in a fresh interpreter
	Unmeasured   bool    // ImportMS is unknown: the module was seen but has no figure of its own
	SelfMS       float64
	CumulativeMS float64
	SpreadMS     float64 // interquartile range of the samples of ImportMS
	RSSKB        float64
	Kind         string // stdlib, third-party, first-party
	File         string
	Imports      []Edge
	Effects      []string // see EffectKind
	Names        []string // sorted: attributes that denote a module, class or function, or are bound once
	Failed       string   // why the module could not be imported; "" when it could
}

// An Edge is one import seen while measuring.
type Edge struct {
	Module string
	Lazy   bool // made after the importer had finished loading
	// Called tells that a call, and not only an import statement at module
	// level, loads Module whenever the importer loads: a function that imports,
	// of whichever module, or a computed name.
	Called bool
}

// KnowsImports tells whether the profile says what the measured modules import.
// It is no for a profile written by hand, and for none.
func (p *Profile) KnowsImports() bool {
	if p == nil {
		return false
	}
	for _, m := range p.Modules {
		if len(m.Imports) > 0 {
			return true
		}
	}
	return false
}

// Cost gives the cold cumulative import time of a dotted module in
// milliseconds. Where the module itself has no figure, the nearest measured
// parent package gives a lower bound (importing a.b.c always loads a.b first)
// and exact is false. ok is false when nothing is known.
func (p *Profile) Cost(module string) (ms float64, exact, ok bool) {
	if p == nil {
		return 0, false, false
	}
	for name := module; name != ""; name = parent(name) {
		if m, found := p.Modules[name]; found && !m.Unmeasured {
			return m.ImportMS, name == module, true
		}
	}
	return 0, false, false
}

// Loaded reports whether the profile proves that module is a module which can
// be imported: it was measured, and the import did not fail. The short form and
// the log of -X importtime prove nothing: a failed import has a row as well.
func (p *Profile) Loaded(module string) bool {
	if p == nil || p.Short || p.Source != SourceMeasured {
		return false
	}
	m, found := p.Modules[module]
	return found && m.Failed == ""
}

// parent is the dotted name of the package around a module, "" for none.
func parent(module string) string {
	return module[:max(strings.LastIndexByte(module, '.'), 0)]
}
