package check

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"fastpath/plan"
	"fastpath/rewrite/fastpath"
)

// entries judges what fast_path.py says of its imports against the data and
// the configuration.
func (s *search) entries() {
	for _, path := range slices.Sorted(maps.Keys(s.FastPaths)) {
		for _, e := range s.FastPaths[path].Entries {
			s.figures(path, e)
			s.block(path, e)
		}
	}
}

// figures finds an import without figures, or with others than the profile's.
func (s *search) figures(path string, e fastpath.Entry) {
	name := entryName(e)
	f := Finding{File: path, Line: e.Line, Module: name, ImportMS: e.ImportMS, UsagePct: e.UsagePct}
	if !e.ImportMS.Known {
		f.Message = fmt.Sprintf("%s has no figures", name)
		if _, _, known := s.cost(name); !known {
			f.Hint = "Measure it: run `fastpath profile`, then `fastpath apply` to write the figures; or move it out of " + path + "."
		}
		s.add("FP401", f)
		return
	}
	if s.Input.Profile == nil {
		return
	}
	if ms, exact, ok := s.Input.Profile.Cost(name); ok && exact && contradicts(e.ImportMS.Value, ms) {
		f.Message = fmt.Sprintf("%s is said to take %s ms, and the profile says %s ms", name, figure(e.ImportMS), figure(plan.Measure{Value: ms, Known: true}))
		s.add("FP401", f)
		return
	}
	if s.Input.Usage == nil || !e.UsagePct.Known {
		return
	}
	if pct, ok := s.Input.Usage.Share(name); ok && math.Abs(pct-e.UsagePct.Value) > 5 {
		f.Message = fmt.Sprintf("%s is said to be used by %s %% of requests, and the data says %s %%", name, figure(e.UsagePct), figure(plan.Measure{Value: pct, Known: true}))
		s.add("FP401", f)
	}
}

// contradicts allows for rounding and for the noise of a measurement.
func contradicts(said, measured float64) bool {
	return math.Abs(said-measured) > math.Max(1, 0.2*measured)
}

// block finds an exception block that the configuration does not bear out.
func (s *search) block(path string, e fastpath.Entry) {
	if e.Block == nil {
		return
	}
	name := entryName(e)
	f := Finding{File: path, Line: e.Block.Line, Module: name, ImportMS: e.Block.ImportMS, UsagePct: e.Block.UsagePct}
	i := slices.IndexFunc(s.Input.Policy.Exceptions, func(x plan.Exception) bool { return x.Module == name })
	if i < 0 {
		f.Message = fmt.Sprintf("%s has a block here and no exception in the configuration, which is the authority", name)
		f.Hint = "Run `fastpath init` to take it over, or `fastpath apply` to let the import move."
		s.add("exception-untrue", f)
		return
	}
	x, b := s.Input.Policy.Exceptions[i], e.Block.Exception
	if b.ApprovedBy != x.ApprovedBy || b.Review != x.Review || b.Date != "" && b.Date != x.Date {
		f.Message = fmt.Sprintf("the block of %s differs from its exception in the configuration, which is the authority", name)
		f.Hint = "Run `fastpath apply` to write what the configuration says."
		s.add("exception-untrue", f)
	}
}

// refusals lists the imports that fast_path.py cannot take in. Nobody can mend
// them by running apply, so they fail nothing.
func (s *search) refusals() {
	for _, fp := range s.Plan.FastPaths {
		for _, r := range fp.Refusals {
			if s.module(fp.Path) == nil || !s.askedPath(r.File) {
				continue
			}
			s.add("FP404", Finding{File: r.File, Line: r.Line, Message: fmt.Sprintf("left out of %s: %s (%s)", fp.Path, r.Message, r.Code),
				Hint: "Nothing, where that is meant to be; else rename the one or break the cycle, and run `fastpath apply`."})
			s.found[len(s.found)-1].Code.Severity = Warning
		}
	}
}

// entryName is the module that an entry loads, as the profile would name it.
func entryName(e fastpath.Entry) string { return strings.TrimLeft(e.Module, ".") }
