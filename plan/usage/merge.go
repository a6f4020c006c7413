package usage

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// Merge adds up what several processes or several sources counted. Sources that
// count only modules do not thin out the shares of functions, nor the other way
// round.
//
// Percentages without a number of requests cannot be added to counts: they are
// an error unless they are the only source.
func Merge(all ...*Usage) (*Usage, error) {
	if len(all) == 1 {
		return all[0], nil
	}
	sum := &Usage{Modules: map[string]float64{}, Functions: map[string]float64{}, Complete: len(all) > 0}
	var modules, functions float64 // requests behind either table
	sets := map[string]float64{}
	for _, u := range all {
		if u.Requests == 0 {
			return nil, errors.New("percentages without a number of requests cannot be merged with other sources; give counts, or that source alone")
		}
		sum.Requests += u.Requests
		sum.Notes = append(sum.Notes, u.Notes...)
		sum.Period = span(sum.Period, u.Period)
		if len(u.Modules) > 0 {
			modules += u.Requests
		}
		for _, name := range slices.Sorted(maps.Keys(u.Modules)) {
			sum.Modules[name] += u.Modules[name] * u.Requests
		}
		if len(u.Functions) == 0 && !u.Complete {
			continue
		}
		functions += u.Requests
		sum.Complete = sum.Complete && u.Complete
		for _, key := range slices.Sorted(maps.Keys(u.Functions)) {
			sum.Functions[key] += u.Functions[key] * u.Requests
		}
		for _, set := range u.Sets {
			sets[strings.Join(set.Functions, "\n")] += set.Share * u.Requests
		}
	}
	for name := range sum.Modules {
		sum.Modules[name] = min(round(sum.Modules[name]/modules), 100)
	}
	for key := range sum.Functions {
		sum.Functions[key] = min(round(sum.Functions[key]/functions), 100)
	}
	for joined, weighted := range sets {
		set := Set{Share: min(round(weighted/functions), 100)}
		if joined != "" {
			set.Functions = strings.Split(joined, "\n")
		}
		sum.Sets = append(sum.Sets, set)
	}
	sum.Complete = sum.Complete && functions > 0
	sortSets(sum.Sets)
	return sum, nil
}

// span is the period from the earlier start to the later end.
func span(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	fromA, toA, _ := strings.Cut(a, "/")
	fromB, toB, _ := strings.Cut(b, "/")
	return min(fromA, fromB) + "/" + max(toA, toB)
}

// Relative gives the usage with the paths of functions below root made relative
// to it. Coverage.py writes absolute paths unless it is told otherwise.
func (u *Usage) Relative(root string) *Usage {
	prefix := strings.TrimSuffix(strings.ReplaceAll(root, `\`, "/"), "/") + "/"
	shorter := *u
	shorter.Functions = map[string]float64{}
	for key, pct := range u.Functions {
		shorter.Functions[strings.TrimPrefix(key, prefix)] = pct
	}
	shorter.Sets = slices.Clone(u.Sets)
	for i, set := range shorter.Sets {
		set.Functions = slices.Clone(set.Functions)
		for j, key := range set.Functions {
			set.Functions[j] = strings.TrimPrefix(key, prefix)
		}
		slices.Sort(set.Functions)
		shorter.Sets[i] = set
	}
	sortSets(shorter.Sets)
	return &shorter
}
