package check

import (
	"fmt"
	"slices"
	"strings"

	"fastpath/plan"
	"fastpath/rewrite/fastpath"
)

// A Review answers the checklist for a change of one fast_path.py.
type Review struct {
	Path  string
	Boxes []Box
}

// A Box is one question with the answer that the data gives.
type Box struct {
	Question string
	Ticked   bool
	Answer   string
}

// Reviews answers the checklist for each fast_path.py that was asked about, in
// path order.
func Reviews(t Tree) []Review {
	s := &search{Tree: t}
	var reviews []Review
	for _, fp := range t.Plan.FastPaths {
		doc, stands := t.FastPaths[fp.Path]
		if !stands || !s.askedPath(fp.Path) {
			continue
		}
		r := Review{Path: fp.Path}
		s.review(&r, fp, doc)
		reviews = append(reviews, r)
	}
	slices.SortFunc(reviews, func(a, b Review) int { return strings.Compare(a.Path, b.Path) })
	return reviews
}

func (s *search) review(r *Review, fp plan.FastPathFile, doc fastpath.Doc) {
	policy := s.Input.Policy
	tick := func(question string, lacking []string, answer, otherwise string) {
		box := Box{Question: question, Ticked: len(lacking) == 0, Answer: answer}
		if !box.Ticked {
			box.Answer = otherwise + ": " + strings.Join(lacking, ", ")
		}
		r.Boxes = append(r.Boxes, box)
	}
	which := func(lacks func(fastpath.Entry) bool) []string {
		var names []string
		for _, e := range doc.Entries {
			if name := entryName(e); lacks(e) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		return names
	}
	measured := func(e fastpath.Entry) plan.Measure {
		ms, exact, known := s.cost(entryName(e))
		return plan.Measure{Value: ms, Known: known && exact}
	}
	// What the profile does not know, the file's own figure stands for.
	cost := func(e fastpath.Entry) plan.Measure {
		if m := measured(e); m.Known {
			return m
		}
		return e.ImportMS
	}
	usage := func(e fastpath.Entry) plan.Measure {
		if s.Input.Usage != nil {
			if pct, ok := s.Input.Usage.Share(entryName(e)); ok {
				return plan.Measure{Value: pct, Known: true}
			}
		}
		return e.UsagePct
	}
	exception := func(e fastpath.Entry) *plan.Exception {
		for i := range policy.Exceptions {
			if policy.Exceptions[i].Module == entryName(e) {
				return &policy.Exceptions[i]
			}
		}
		return nil
	}
	heavy := func(e fastpath.Entry) bool { return cost(e).Known && cost(e).Value > policy.HeavyMS }

	profiled := "the profile has no date"
	if s.Input.Profile != nil && s.Input.Profile.Date != "" {
		profiled = "profiled " + s.Input.Profile.Date
	}
	tick("Profiling data provided?", which(func(e fastpath.Entry) bool { return !measured(e).Known }), profiled, "not in the profile")
	tick("Import time documented?", which(func(e fastpath.Entry) bool { return !e.ImportMS.Known }), "every import states its milliseconds", "without figures")
	tick(fmt.Sprintf("Usage data provided (if >%gms)?", policy.FastMS),
		which(func(e fastpath.Entry) bool {
			return cost(e).Known && cost(e).Value >= policy.FastMS && !usage(e).Known
		}), "known wherever it decides", "unknown")
	tick("Justification clear?", which(func(e fastpath.Entry) bool {
		x := exception(e)
		switch c, u := cost(e), usage(e); {
		case heavy(e):
			return x == nil || x.Reason == ""
		case c.Known && c.Value >= policy.FastMS:
			return !u.Known || u.Value <= policy.HotUsage
		default:
			return !c.Known
		}
	}), "each import is fast, hot, or a documented exception", "neither fast nor hot nor a documented exception")

	total := Box{Question: fmt.Sprintf("Total time still <%gms?", policy.FastPath.MaxTotalMS),
		Ticked: policy.FastPath.MaxTotalMS == 0 || fp.TotalMS < policy.FastPath.MaxTotalMS,
		Answer: fmt.Sprintf("%.1f ms for %d imports", fp.TotalMS, len(fp.Entries))}
	r.Boxes = append(r.Boxes, total)

	tick("Alternative considered (function level)?", cheaperInside(fp), "module level costs less per day for each import whose use is known", "function level would cost less per day")
	approvals := "no exception needs an approval"
	if len(which(heavy)) > 0 {
		approvals = "every exception names who approved it"
	}
	tick("Team lead approved?", which(func(e fastpath.Entry) bool {
		x := exception(e)
		return heavy(e) && (x == nil || x.ApprovedBy == "")
	}), approvals, "no approval")
}

// cheaperInside are the imports that would cost less per day inside the
// functions that use them. Fast ones are left out: there the look-up on each
// call outweighs the difference.
func cheaperInside(fp plan.FastPathFile) []string {
	var names []string
	for _, e := range fp.Entries {
		if d := e.Daily; e.Tier > 1 && d.FunctionMS < d.ModuleMS {
			names = append(names, fmt.Sprintf("%s (%.0f s against %.0f s)", strings.TrimLeft(e.Module, "."), d.FunctionMS/1000, d.ModuleMS/1000))
		}
	}
	return names
}
