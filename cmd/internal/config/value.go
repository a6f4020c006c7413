package config

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
	"github.com/pelletier/go-toml/v2"
)

// A value is one value of a document with the way to it. Its readers report
// what is wrong to the document and then return a zero value, so that one run
// shows every fault.
type value struct {
	doc *document
	key []string
	raw any // nil where the document has nothing
}

func (v value) present() bool { return v.raw != nil }

// at is the value below v that the names lead to.
func (v value) at(names ...string) value {
	for _, name := range names {
		next := value{doc: v.doc, key: append(slices.Clone(v.key), name)}
		switch raw := v.raw.(type) {
		case map[string]any:
			next.raw = raw[name]
		case []any:
			if i, err := strconv.Atoi(strings.Trim(name, "[]")); err == nil && i < len(raw) {
				next.raw = raw[i]
			}
		}
		v = next
	}
	return v
}

func (v value) fail(format string, args ...any) { v.doc.fail(v.key, format, args...) }

// broken tells whether v or something below it was reported already.
func (v value) broken() bool {
	way := dotted(v.key)
	return slices.ContainsFunc(v.doc.faults, func(e *Error) bool { return strings.HasPrefix(e.Key, way) })
}

// found describes what stands there, for messages.
func (v value) found() string {
	switch raw := v.raw.(type) {
	case string:
		return strconv.Quote(raw)
	case bool, int64, float64:
		return fmt.Sprint(raw)
	case []any:
		return "an array"
	case map[string]any:
		return "a table"
	case toml.LocalDate, toml.LocalDateTime, toml.LocalTime:
		return fmt.Sprint(raw)
	case time.Time:
		return raw.Format(time.RFC3339)
	}
	return fmt.Sprintf("%T", v.raw)
}

// A rule says what is wrong with a text, "" when nothing is.
type rule func(string) string

func (v value) text(rules ...rule) string {
	s, ok := v.raw.(string)
	if !ok {
		v.fail("want a string, not %s", v.found())
		return ""
	}
	for _, c := range rules {
		if wrong := c(s); wrong != "" {
			v.fail("%s", wrong)
			return ""
		}
	}
	return s
}

// list reads an array of strings. It is never nil, so that an empty list in
// the file differs from no list.
func (v value) list(rules ...rule) []string {
	raw, ok := v.raw.([]any)
	if !ok {
		hint := ""
		if s, isText := v.raw.(string); isText {
			hint = fmt.Sprintf(": write [%q]", s)
		}
		v.fail("want an array of strings, not %s%s", v.found(), hint)
		return nil
	}
	list := make([]string, 0, len(raw))
	for i := range raw {
		list = append(list, v.at(index(i)).text(rules...))
	}
	return list
}

// lists reads a table of globs to arrays of strings.
func (v value) lists(rules ...rule) map[string][]string {
	raw, ok := v.raw.(map[string]any)
	if !ok {
		v.fail(`want a table such as {"app/**" = [...]}, not %s`, v.found())
		return nil
	}
	all := map[string][]string{}
	for _, pattern := range slices.Sorted(maps.Keys(raw)) {
		element := v.at(pattern)
		if wrong := glob(pattern); wrong != "" {
			element.fail("%s", wrong)
		}
		all[pattern] = element.list(rules...)
	}
	return all
}

// number reads an integer or a float between low and high, both included.
func (v value) number(low, high float64, unit string) float64 {
	var n float64
	switch raw := v.raw.(type) {
	case int64:
		n = float64(raw)
	case float64:
		n = raw
	default:
		v.fail("want %s, not %s", bounds(low, high, unit), v.found())
		return low
	}
	// The comparison is written so that nan fails it.
	if !(n >= low && n <= high) || math.IsInf(n, 0) {
		v.fail("want %s, not %s", bounds(low, high, unit), v.found())
		return low
	}
	return n
}

func bounds(low, high float64, unit string) string {
	if math.IsInf(high, 1) {
		return fmt.Sprintf("%s of at least %v", unit, low)
	}
	return fmt.Sprintf("%s from %v to %v", unit, low, high)
}

// whole reads an integer of at least low.
func (v value) whole(low int64) int {
	n, ok := v.raw.(int64)
	if !ok || n < low || n > math.MaxInt32 {
		v.fail("want a whole number of at least %d, not %s", low, v.found())
		return int(low)
	}
	return int(n)
}

// date reads a TOML date or a string of the form 2006-01-02.
func (v value) date() string {
	switch raw := v.raw.(type) {
	case toml.LocalDate:
		return raw.String()
	case string:
		if _, err := time.Parse(time.DateOnly, raw); err == nil {
			return raw
		}
	}
	v.fail("want a date such as 2025-11-08, not %s", v.found())
	return ""
}

// settings are the keys of a table and how each is read into a T.
type settings[T any] map[string]func(value, *T)

// read applies the settings to the table v; unknown keys are reported.
func (s settings[T]) read(v value, into *T) {
	raw, ok := v.raw.(map[string]any)
	if !ok {
		v.fail("want a table, not %s", v.found())
		return
	}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		element := v.at(name)
		if setting, known := s[name]; known {
			setting(element, into)
			continue
		}
		element.fail("unknown key%s", suggestion(name, slices.Sorted(maps.Keys(s))))
	}
}

// table is the setting of a table within a table.
func table[T any](s settings[T]) func(value, *T) {
	return func(v value, into *T) { s.read(v, into) }
}

// suggestion names the key that was probably meant, or all where none is near.
func suggestion(name string, known []string) string {
	best, least := "", math.MaxInt
	for _, candidate := range append(slices.Clone(known), elsewhere()...) {
		last := candidate[strings.LastIndex(candidate, ".")+1:]
		if d := distance(name, last); d < least {
			best, least = candidate, d
		}
	}
	if least <= 1+max(len(name), 3)/3 {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	return "; known here: " + strings.Join(known, ", ")
}

// distance is the edit distance of two keys, blind to the ways of joining words.
func distance(a, b string) int {
	plain := strings.NewReplacer("_", "-", " ", "-")
	return levenshtein.ComputeDistance(plain.Replace(strings.ToLower(a)), plain.Replace(strings.ToLower(b)))
}
