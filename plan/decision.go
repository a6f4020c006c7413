package plan

import (
	"fastpath/plan/facts"
	"fastpath/plan/profile"
	"fastpath/plan/usage"
)

// A Level is the placement that the decision rules ask for.
type Level string

const (
	ModuleLevel   Level = "module"
	FunctionLevel Level = "function"
	TypeChecking  Level = "type-checking"
)

// A Rule is the decision rule that chose the level.
type Rule string

const (
	RuleFast        Rule = "fast"
	RuleHeavy       Rule = "heavy"
	RuleException   Rule = "exception"
	RuleHotPath     Rule = "hot-path"
	RuleCold        Rule = "cold"
	RuleNotProfiled Rule = "not-profiled"
	RuleNoUsage     Rule = "no-usage"
)

// A Status says what happens to the unit.
type Status string

const (
	StatusMove    Status = "move"
	StatusKeep    Status = "keep"
	StatusBlocked Status = "blocked"
	StatusNoGain  Status = "no-gain"
)

// An Action is the kind of move, for StatusMove.
type Action uint8

const (
	Stay           Action = iota
	Sink                  // module level into functions
	Hoist                 // function to module level
	Drop                  // a local import that repeats the module level is removed
	ToTypeChecking        // module level to `if TYPE_CHECKING:`, no function needs it
	Consolidate           // module level into fast_path.py
)

// A Landing is one place a sunk unit goes to: a def, or the main guard.
type Landing struct {
	Scope facts.ScopeID // the def; -1 for the main guard
	Guard int           // index into Module.MainGuard when Scope is -1
	// Present tells that the def already imports the same thing where it is
	// needed: nothing is inserted.
	Present bool
}

// A Blocker is one reason why a unit stays.
type Blocker struct {
	Code    string `json:"code"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
	Hint    string `json:"hint"`

	// The first loads by which alone it holds, see waive; those of this module, and of
	// the packages around it, aside.
	firstLoads *firstLoads
	within     string
	proven     bool // no presumption, whatever its code: the move would break what stands at the place
}

// Liftable tells whether the configuration may lift it.
func (b Blocker) Liftable() bool { return Liftable(b.Code) && !b.proven }

// A Decision is the plan for one import unit. There is one for every unit.
type Decision struct {
	File   int // index into Input.Modules
	Unit   int // index into that module's Units
	Level  Level
	Rule   Rule
	Status Status
	Action Action

	ImportMS Measure // cold cumulative time of the loaded module
	UsagePct Measure
	SavesMS  float64  // what this move alone saves at a cold start; 0 where it only shifts
	ShiftsMS float64  // what it only shifts into the first request that needs the module
	NoGain   []string // the eager path that loads the module anyway

	Into []Landing
	// KeepForTypes: the unit also stays visible under `if TYPE_CHECKING:`.
	KeepForTypes bool
	Blockers     []Blocker
	waived       []Blocker // see waive
	Cautions     []Blocker

	patches []PatchEdit // that the move asks for
}

// A Measure is a number that may be unknown.
type Measure struct {
	Value float64
	Known bool
}

// An Input is everything a plan is made from. The same input gives the same
// plan.
type Input struct {
	Policy  Policy
	Modules []*facts.Module  // sorted by path; the whole tree, tests included
	Profile *profile.Profile // nil without one
	Usage   *usage.Usage     // nil without one
	// Rest, where there is one, has the facts that Modules leaves out.
	Rest Rest
	// Asked marks the modules whose decisions are wanted; nil for all. The plan
	// is Partial where the others turn out to have no say in those.
	Asked []bool
	// Frozen are the files that keep every byte, by path: no move may rest on a
	// change of them.
	Frozen map[string]bool
	// Fixed lists decisions already found wrong by the proof, by file and
	// byte offset of the statement: their units are kept.
	Fixed []FixedUnit
}

// A FixedUnit is a unit that must stay because a proof failed.
type FixedUnit struct {
	Path string
	Unit int
}

// A Plan is total: one decision for each unit of each module, in module and
// unit order. In a Partial one the units of files that nobody asked for are
// left where they are, without a rule, and there are no Sets.
type Plan struct {
	Decisions []Decision
	FastPaths []FastPathFile
	Patches   []PatchEdit // by file and place; what the moves ask for
	Summary   Summary
	Start     *Start
	Sets      *Sets
	Partial   bool
}

// A FastPathFile is the wanted content of one fast_path.py.
type FastPathFile struct {
	Path      string // slash path of the file
	Entries   []FastPathEntry
	Consumers []Consumer
	Refusals  []Blocker
	Date      string // of the profile; "" when unknown
	TotalMS   float64
	Limits    Limits
}

// Limits are the thresholds that the text of fast_path.py states, in
// milliseconds and percent. A zero is a threshold left unsaid.
type Limits struct {
	FastMS   float64
	HeavyMS  float64
	HotUsage float64
	TargetMS float64 // cold start
}

// A FastPathEntry is one import of fast_path.py.
type FastPathEntry struct {
	Module    string // absolute, or relative to the package of fast_path.py with leading dots
	Attr      string // for `from Module import Attr`
	Bound     string
	Alias     bool // written with `as`: tells `import a.b as a` from `import a.b`
	Tier      int  // 1 fast, 2 hot path, 3 exception
	ImportMS  Measure
	UsagePct  Measure
	Exception *Exception
	Daily     Daily // what the exception block weighs
}

// Daily is the load and the cost of one import in a day: of being loaded at
// each cold start, and of being loaded by each request that uses it. All zero
// when unknown.
type Daily struct {
	ColdStarts float64
	Uses       float64
	ModuleMS   float64
	FunctionMS float64
}

// A Consumer is one consolidated module.
type Consumer struct {
	File  int    // index into Input.Modules
	Units []int  // its units that leave for fast_path.py
	From  string // how it names fast_path.py: "fast_path" or ".fast_path"
	Star  bool
	Why   string   // why names style where star was asked for
	Names []string // names style: what it imports
}
