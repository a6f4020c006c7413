package facts

import "strings"

// ResolveLevel is the absolute module that a from statement names: level dots,
// then module, in the file called name. It is "" when the dots leave the
// package, or when a relative import stands in a file that has none.
func ResolveLevel(name string, isPackage bool, level int, module string) string {
	if level == 0 {
		return module
	}
	base := name
	if !isPackage {
		base = parentOf(base)
	}
	for ; level > 1 && base != ""; level-- {
		base = parentOf(base)
	}
	switch {
	case base == "":
		return ""
	case module == "":
		return base
	}
	return base + "." + module
}

func parentOf(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return ""
	}
	return name[:i]
}
