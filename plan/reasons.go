package plan

// A Reason documents one blocker or caution code.
type Reason struct {
	Code     string
	Meaning  string
	Liftable bool // a presumption that `allow` may lift
}

// Blockers is the closed list of what keeps a unit where it is, in the order
// in which the blockers of a unit are given.
var Blockers = []Reason{
	{"future", "from __future__ imports must stand first", false},
	{"star", "a star import binds names that cannot be listed", false},
	{"guarded", "it stands in if, try, with, a loop or a class body at module level, or its failing is handled where the module is imported", false},
	{"eager-use", "a reference runs while the module is imported", false},
	{"class-scope", "a class body in a function binds and reads the name; such a load skips the function", false},
	{"called-at-import", "a function that needs it is called while the module loads", true},
	{"runs-at-import", "a function that needs it is handed on while the module loads and may run then", false},
	{"unused", "nothing refers to it", true},
	{"rebound", "the name has another binding", false},
	{"late-value", "the imported value could be another one later", false},
	{"provides-submodule", "it loads a submodule that is used through another import", false},
	{"exported", "the name is part of what this module offers to others", true},
	{"patched", "a test or another file replaces the name", false},
	{"stubbed", "a test replaces the module in sys.modules or mocks what it takes at load", true},
	{"dynamic", "the namespace is read in ways that names do not show", true},
	{"doctest", "a docstring example uses the name", false},
	{"compiled", "the function's source or code object is consumed elsewhere", false},
	{"side-effect", "importing it changes the process for others", true},
	{"state-at-import", "it could load differently later", false},
	{"finalizer", "a function that needs it can run while objects or the interpreter go down", false},
	{"import-system", "the import system itself uses it, or runs the function that needs it", true},
	{"cycle-order", "modules of an import cycle would first execute in another order", false},
	{"mangled", "the name is mangled by a class around one end of the move", false},
	{"pinned", "the configuration or a keep comment says so", false},
	{"syntax", "the file does not parse", false},
	// Up only.
	{"cycle", "loading the target eagerly would close an import cycle", false},
	{"conditional", "it stands under a condition or after a statement that can leave or have an effect", false},
	{"optional", "nothing shows that the module is always there", false},
	{"name-taken", "the module already uses the name for something else", false},
	{"discovered", "becoming a module attribute would have a meaning", false},
	{"local-rebind", "the function binds the name otherwise as well", false},
	{"relies-on-late", "a test replaces the target and needs the look-up at call time", false},
	{"main-only", "it runs only when the file is run as a script", false},
	{"proof", "the rewritten file did not pass its proof", false},
}

// Cautions is the closed list of what is worth knowing about a move.
var Cautions = []Reason{
	{"async-consumer", "the first call blocks the event loop while the module loads", false},
	{"hot-loop", "the function is called in a loop, so the look-up repeats", false},
	{"late-error", "a missing module now fails at first use", false},
	{"thread", "the function runs in worker threads, where the first import takes the import lock", false},
	{"handler-cost", "with the handler's slow-down the move costs more than it saves", false},
	{"hot-consumer", "the function runs in most requests: the cost is shifted, not saved", false},
	{"many-sites", "more functions need it than max-sites", false},
}

// liftable are the codes that `allow` may lift.
var liftable = func() map[string]bool {
	m := map[string]bool{}
	for _, r := range Blockers {
		m[r.Code] = r.Liftable
	}
	return m
}()

// Liftable tells whether the configuration may lift blockers of the code, those
// that are proven aside.
func Liftable(code string) bool { return liftable[code] }
