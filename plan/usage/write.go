package usage

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"fastpath/plan/jsondoc"
)

// Write gives usage.json: keys sorted, one module, function or set a line. The
// same usage gives the same bytes on every machine. Functions under an absolute
// path are left out, so that a committed file names no one's home.
//
// Where the number of requests is unknown, the short form in percent is
// written.
func (u *Usage) Write() []byte {
	functions := slices.DeleteFunc(slices.Sorted(maps.Keys(u.Functions)), absolute)
	modules := slices.Sorted(maps.Keys(u.Modules))
	if u.Requests == 0 {
		all := maps.Clone(u.Modules)
		if all == nil {
			all = map[string]float64{}
		}
		for _, key := range functions {
			all[key] = u.Functions[key]
		}
		return append(table(slices.Sorted(maps.Keys(all)), "  ", func(key string) float64 { return all[key] }), '\n')
	}
	count := func(pct float64) float64 { return pct * u.Requests / 100 }
	var members [][]byte
	add := func(name string, value []byte) {
		members = append(members, slices.Concat([]byte("  "), jsondoc.Quote(name), []byte(": "), value))
	}
	if u.Complete {
		add("complete", []byte("true"))
	}
	add("functions", table(functions, "    ", func(key string) float64 { return count(u.Functions[key]) }))
	add("modules", table(modules, "    ", func(key string) float64 { return count(u.Modules[key]) }))
	if u.Period != "" {
		add("period", jsondoc.Quote(u.Period))
	}
	add("requests", number(u.Requests))
	add("schema", number(Schema))
	if sets := setLines(u.Sets, functions, count); sets != nil {
		add("sets", sets)
	}
	return slices.Concat([]byte("{\n"), bytes.Join(members, []byte(",\n")), []byte("\n}\n"))
}

// setLines spells each set as its requests and the positions of its functions.
func setLines(sets []Set, functions []string, count func(float64) float64) []byte {
	var lines [][]byte
	ordered := slices.Clone(sets)
	sortSets(ordered)
	for _, set := range ordered {
		line := append([]byte("    ["), number(count(set.Share))...)
		for _, key := range set.Functions {
			if at, found := slices.BinarySearch(functions, key); found {
				line = append(line, ", "+strconv.Itoa(at)...)
			}
		}
		lines = append(lines, append(line, ']'))
	}
	if lines == nil {
		return nil
	}
	return slices.Concat([]byte("[\n"), bytes.Join(lines, []byte(",\n")), []byte("\n  ]"))
}

func table(keys []string, indent string, value func(string) float64) []byte {
	if len(keys) == 0 {
		return []byte("{}")
	}
	lines := make([][]byte, len(keys))
	for i, key := range keys {
		lines[i] = slices.Concat([]byte(indent), jsondoc.Quote(key), []byte(": "), number(value(key)))
	}
	return slices.Concat([]byte("{\n"), bytes.Join(lines, []byte(",\n")), []byte("\n"+indent[2:]+"}"))
}

// absolute tells an absolute path, a drive's included, from "a::f".
func absolute(key string) bool {
	drive := len(key) > 2 && key[1] == ':' && key[2] != ':'
	return drive || strings.HasPrefix(key, "/") || strings.HasPrefix(key, "~")
}

func number(n float64) []byte {
	return strconv.AppendFloat(nil, math.Round(n*1e6)/1e6, 'f', -1, 64)
}
