package check

import (
	"strconv"
	"strings"
)

// admits tells whether a PEP 440 specifier admits some release of the minor
// version that a full version such as 3.11.7 belongs to. What cannot be read
// admits everything: the configuration has been checked already.
func admits(specifier, version string) bool {
	have := numbers(version)
	if len(have) < 2 {
		return true
	}
	have = have[:2]
	for clause := range strings.SplitSeq(specifier, ",") {
		clause = strings.TrimSpace(clause)
		text := strings.TrimLeft(clause, "=~!<>")
		op := strings.TrimSpace(clause[:len(clause)-len(text)])
		wildcard := strings.HasSuffix(strings.TrimSpace(text), ".*")
		want := numbers(text)
		if len(want) == 0 {
			continue
		}
		patched := len(want) > 2 // it distinguishes releases of one minor
		order := compare(have, want[:min(len(want), 2)])
		switch op {
		case ">=", ">":
			// 3.9.1 is above 3.9.
			if order < 0 {
				return false
			}
		case "<=":
			if order > 0 {
				return false
			}
		case "<":
			if order > 0 || order == 0 && !patched {
				return false
			}
		case "~=":
			if order < 0 || have[0] != want[0] || patched && order != 0 {
				return false
			}
		case "==", "===":
			if len(want) == 1 && wildcard {
				order = have[0] - want[0]
			}
			if order != 0 {
				return false
			}
		case "!=":
			if order == 0 && wildcard && len(want) == 2 {
				return false
			}
		}
	}
	return true
}

// compare orders two versions; what one does not state is 0.
func compare(a, b []int) int {
	for i := range max(len(a), len(b)) {
		x, y := 0, 0
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return x - y
		}
	}
	return 0
}

// numbers are the leading numbers of a version.
func numbers(version string) []int {
	var list []int
	for part := range strings.SplitSeq(strings.TrimPrefix(strings.TrimSpace(version), "v"), ".") {
		digits := part[:len(part)-len(strings.TrimLeft(part, "0123456789"))]
		n, err := strconv.Atoi(digits)
		if err != nil {
			break
		}
		list = append(list, n)
		if digits != part {
			break // 3.13rc1
		}
	}
	return list
}
