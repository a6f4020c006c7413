package plan

// A Policy is what the project's configuration decides; Default gives the
// documented defaults. Times are milliseconds, shares are percent.
type Policy struct {
	Entry    []string // modules a cold start imports: paths or dotted names; empty: every file is its own entry
	Src      []string // import roots, first match wins
	Vendored []string // folders below the root
	Tests    []string // doublestar globs of test files

	Dependencies       []string // required distributions of the project, extras aside
	RequiresPython     string   // PEP 440 specifier, ">=3.8"
	Keep               []string
	SideEffects        []string
	Annotations        string // keep, quote, future
	Allow              []string
	PerPathAllow       map[string][]string
	BlockCautions      []string
	AnnotationReaders  []string
	HarmlessDecorators []string
	CompiledDecorators []string
	MaxSites           int

	FastMS   float64
	HeavyMS  float64
	HotUsage float64

	Traffic    Traffic
	FastPath   FastPath
	Exceptions []Exception

	All bool // move units that bring no gain too
}

// Traffic describes the load that the costs per day are computed for.
type Traffic struct {
	RequestsPerDay   float64
	ColdStartRatio   float64 // share of requests that meet a cold instance, 0 to 1
	HandlerSlowdown  float64 // handler CPU time / start-up CPU time for the same work
	MemoryMB         float64
	PricePerGBSecond float64
}

// FastPath configures consolidation.
type FastPath struct {
	File        string
	Consolidate []string // nil for the entries, empty for none
	ImportStyle string   // star or names
	MaxImports  int
	MaxTotalMS  float64
	Forbidden   []string
}

// An Exception documents a heavy import that stays at module level. Dates are
// "2006-01-02".
type Exception struct {
	Module     string
	Reason     string
	ApprovedBy string
	Date       string
	Review     string
}

// Default is the policy of the contract without any configuration.
func Default() Policy {
	return Policy{
		Src:            []string{"."},
		Tests:          []string{"tests/**", "**/test_*.py", "**/*_test.py", "**/conftest.py"},
		RequiresPython: ">=3.8",
		Annotations:    "keep",
		MaxSites:       5,
		FastMS:         10,
		HeavyMS:        100,
		HotUsage:       80,
		Traffic: Traffic{RequestsPerDay: 10000, ColdStartRatio: 0.10, HandlerSlowdown: 1,
			MemoryMB: 512, PricePerGBSecond: 0.0000166667},
		FastPath: FastPath{File: "fast_path.py", ImportStyle: "star", MaxImports: 20, MaxTotalMS: 200,
			Forbidden: []string{"pandas", "numpy", "matplotlib", "scipy"}},
	}
}
