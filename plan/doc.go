// Package plan decides the placement of every import: what the figures ask
// for, whether the import may move, and whether the move is worth it.
//
// It knows facts, measured costs, usage and policy. It must not know
// indentation, bytes or files. Its invariant: the plan is total, one decision
// for each import unit, each with a rule and, where the unit stays although
// the figures want it moved, with every blocker found.
//
// # Why moving an import is dangerous
//
// A move changes one thing on purpose: when a module loads. Everything else
// that could change with it is a hazard, and each blocker stands for one.
//
// The name may be needed before the function runs:
//
//	import decimal
//	def f(x=decimal.Decimal(0)): ...     # eager-use: defaults run with the def
//
// The function may run before the module has loaded completely:
//
//	import config
//	def setup(): config.load()
//	setup()                              # called-at-import: nothing gained
//	threading.Thread(target=setup).start()  # runs-at-import: can deadlock
//
// The name may be somebody else's business:
//
//	import json                          # a.json is imported from b.py: exported
//	patch("a.json.dumps")                # patched
//	globals()["json"]                    # dynamic
//
// The value may be a snapshot that is taken too late:
//
//	from config import LEVEL             # config.init() assigns LEVEL: late-value
//
// The statement may do more than bind its name:
//
//	import xml.etree.ElementTree         # elsewhere: import xml; xml.etree: provides-submodule
//	import readline                      # side-effect
//	import a                             # a before b is the only order that works: cycle-order
//
// Going up, the same hazards stand mirrored, and one more: what was lazy may
// have been lazy because it is not always there, or because loading it early
// closes an import cycle. Cycles are not guessed at: the load of the tree is
// played through, statement by statement, before and after the moves
// (order.go, cycle.go).
//
// # Where an import lands
//
// One import per outermost function, in the innermost function that contains
// all references; where that one itself runs at import (a decorator factory),
// in the inner functions that do not (land.go).
package plan
