// Package usage reads what share of requests needs a module or ran a function.
//
// It knows the written forms of usage (usage.json, the hand-written short form,
// the recorder's lines, coverage.py's JSON) and how shares combine. It must not
// know Python source, files on disk or the threshold that a share is held
// against. Invariant: every share of a Usage lies from 0 to 100, and Write gives
// the same bytes for the same Usage.
package usage

import (
	"math"
	"strings"
)

// Schema is the newest version of usage.json that this package knows.
const Schema = 1

// A Usage is what ran. Shares are percent of requests, 0 to 100.
type Usage struct {
	Requests  float64            // 0 when unknown
	Modules   map[string]float64 // percent
	Functions map[string]float64 // "app/report.py::Report.render": percent
	// Complete tells that a function which is not listed ran in no request,
	// rather than that nothing is known of it.
	Complete bool
	// Sets say which functions ran together. They may cover a part of the
	// requests only, because the recorder keeps a bounded number of them.
	Sets   []Set
	Period string // ISO 8601 interval, "2025-10-01/2025-10-31"; "" when unknown
	// Notes tell what was read over: cut lines, unknown keys. They are not written.
	Notes []string
}

// A Set is the requests that ran exactly these functions.
type Set struct {
	Functions []string // sorted keys of Usage.Functions
	Share     float64  // percent
}

// A Range holds a share between two bounds, in percent.
type Range struct{ Low, High float64 }

// Exact reports whether the bounds meet.
func (r Range) Exact() bool { return r.Low == r.High }

// Share gives the percentage of requests that use a dotted module. It falls
// back to the nearest parent package that has a figure, as the cost does.
func (u *Usage) Share(module string) (pct float64, ok bool) {
	if u == nil {
		return 0, false
	}
	for name := module; name != ""; name = name[:max(strings.LastIndexByte(name, '.'), 0)] {
		if pct, ok := u.Modules[name]; ok {
			return pct, true
		}
	}
	return 0, false
}

// FunctionShare gives the percentage of requests that ran a function, named as
// "app/report.py::Report.render". ok is false when nothing is known of it.
func (u *Usage) FunctionShare(function string) (pct float64, ok bool) {
	if u == nil {
		return 0, false
	}
	pct, ok = u.Functions[Key(function)]
	return pct, ok || u.Complete
}

// Any gives the percentage of requests that ran at least one of the functions.
//
// It is exact where one function is asked for or where sets tell which ones ran
// together. Requests without a set count between two bounds: all of them may
// be the same requests (the largest share) or all different ones (the sum). A
// function of which nothing is known leaves the upper bound at 100.
//
// ok is false when nothing is known of any of the functions. A caller with a
// threshold decides if both bounds lie on one side of it, and otherwise does
// not know.
func (u *Usage) Any(functions ...string) (share Range, ok bool) {
	if u == nil {
		return Range{}, false
	}
	// rest is the share of each function outside the sets.
	rest := map[string]float64{}
	unknown := false
	for _, function := range functions {
		key := Key(function)
		pct, known := u.FunctionShare(key)
		if !known {
			unknown = true
			continue
		}
		rest[key] = pct
	}
	if len(rest) == 0 {
		return Range{}, false
	}
	var inSets, hit float64
	for _, set := range u.Sets {
		inSets += set.Share
		met := false
		for _, function := range set.Functions {
			if _, wanted := rest[function]; wanted {
				rest[function] -= set.Share
				met = true
			}
		}
		if met {
			hit += set.Share
		}
	}
	var largest, sum float64
	for _, key := range functions { // in the caller's order: sums of floats depend on it
		if pct, wanted := rest[Key(key)]; wanted {
			pct = max(round(pct), 0)
			largest = max(largest, pct)
			sum += pct
			delete(rest, Key(key))
		}
	}
	share.Low = round(min(hit+largest, 100))
	share.High = round(min(hit+min(sum, max(100-inSets, largest)), 100))
	if unknown {
		share.High = 100
	}
	return share, true
}

// Key spells the name of a function as the tables do: slashes in the path, and
// nested functions without Python's "<locals>".
func Key(function string) string {
	file, name, found := strings.Cut(function, "::")
	file = strings.TrimPrefix(strings.ReplaceAll(file, `\`, "/"), "./")
	if !found {
		return file
	}
	return file + "::" + strings.ReplaceAll(name, "<locals>.", "")
}

// round takes off what adding floats puts on, so that 80 of 100 requests never
// pass for more than 80 percent.
func round(pct float64) float64 { return math.Round(pct*1e9) / 1e9 }
