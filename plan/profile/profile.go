// Package profile reads what each import costs.
package profile

// A Profile is the measured cost of imports. Times are milliseconds.
type Profile struct {
	Schema         int
	Short          bool   // hand-written {"json": 0.8}: a figure is no evidence that the module exists
	Date           string // "2006-01-02"; "" in short forms
	Python         string // "3.11.7"
	Implementation string
	Platform       string
	Entry          []string
	Runs           int
	Modules        map[string]Module
}

// A Module is one profiled module.
type Module struct {
	ImportMS     float64 // own cold cumulative time in a fresh interpreter
	SelfMS       float64
	CumulativeMS float64
	SpreadMS     float64
	RSSKB        float64
	Kind         string // stdlib, third-party, first-party
	File         string
	Imports      []Edge
	Effects      []string
}

// An Edge is one import seen while measuring.
type Edge struct {
	Module string
	Lazy   bool // made after the importer had finished loading
}
