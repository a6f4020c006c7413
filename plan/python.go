package plan

import (
	"strconv"
	"strings"
)

// atLeast tells whether every version that the PEP 440 specifier admits is
// major.minor or later.
func atLeast(specifier string, major, minor int) bool {
	for _, clause := range strings.Split(specifier, ",") {
		clause = strings.TrimSpace(clause)
		op := strings.TrimRight(clause, "0123456789.* ")
		a, b, ok := majorMinor(strings.TrimSpace(strings.TrimPrefix(clause, op)))
		if !ok {
			continue
		}
		switch strings.TrimSpace(op) {
		case ">=", "~=", "==", "===":
			if a > major || a == major && b >= minor {
				return true
			}
		case ">":
			if a > major || a == major && b >= minor {
				return true
			}
		}
	}
	return false
}

func majorMinor(version string) (major, minor int, ok bool) {
	first, rest, _ := strings.Cut(version, ".")
	second, _, _ := strings.Cut(rest, ".")
	major, err := strconv.Atoi(first)
	if err != nil {
		return 0, 0, false
	}
	minor, err = strconv.Atoi(second)
	if err != nil {
		minor = 0
	}
	return major, minor, true
}
