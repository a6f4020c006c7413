package facts

import (
	"sort"
	"strings"
	"unicode"
)

// A Layout is how the files of a tree map to module names. It is made from
// paths alone.
type Layout struct {
	Places []Place // one for each path, in the order given

	files    map[string]int  // by dotted name: what an import of it finds
	packages map[string]bool // regular and namespace packages
}

// NewLayout maps slash paths, relative to the project root, to module names.
// roots are the import roots in the order of sys.path, "." for the project
// root itself. A file under several of them is named from the deepest, and can
// be found by its name under any.
//
// Only .py files are modules; a .pyi beside one is not. A file that another
// one hides from imports has no name.
func NewLayout(paths, roots []string) *Layout {
	l := &Layout{Places: make([]Place, len(paths)), files: map[string]int{}, packages: map[string]bool{}}
	prefixes := make([]string, len(roots))
	for i, r := range roots {
		prefixes[i] = rootPrefix(r)
	}
	found := map[string][]candidate{}
	for i, p := range paths {
		place := &l.Places[i]
		place.Path = p
		deepest := -1
		for r, prefix := range prefixes {
			name, isPackage, ok := moduleName(p, prefix)
			if !ok {
				continue
			}
			if len(prefix) > deepest {
				deepest = len(prefix)
				place.Name, place.Package = name, isPackage
			}
			if name != "" {
				found[name] = append(found[name], candidate{i, r, isPackage})
				for dir := parentOf(name); dir != ""; dir = parentOf(dir) {
					found[dir] = append(found[dir], candidate{-1, r, true})
				}
			}
		}
		if deepest < 0 {
			place.Package = p == "__init__.py" || strings.HasSuffix(p, "/__init__.py")
		}
	}
	l.search(found)
	for i := range l.Places {
		if at, ok := l.files[l.Places[i].Name]; l.Places[i].Name != "" && (!ok || at != i) {
			l.Places[i].Name = ""
		}
	}
	return l
}

// A candidate is a file, or a directory with modules somewhere below it, that
// could answer to a name under one root.
type candidate struct {
	file      int // -1 for a directory
	root      int
	isPackage bool
}

// order is Python's: along the roots, and under each a regular package before
// a module. Directories are portions of a namespace package, which only counts
// when no root has either.
func order(a, b candidate) bool {
	if (a.file < 0) != (b.file < 0) {
		return b.file < 0
	}
	if a.root != b.root {
		return a.root < b.root
	}
	return a.isPackage && !b.isPackage
}

// search answers each name as the import system would.
func (l *Layout) search(found map[string][]candidate) {
	names := make([]string, 0, len(found))
	for n := range found {
		names = append(names, n)
	}
	sort.Strings(names) // a parent sorts before what it holds
	within := map[string]int{}
	for _, name := range names {
		root := -1 // any
		if parent := parentOf(name); parent != "" {
			if !l.packages[parent] {
				continue
			}
			root = within[parent]
		}
		best := candidate{file: -1, root: -1}
		any := false
		for _, c := range found[name] {
			if root >= 0 && c.root != root {
				continue
			}
			if !any || order(c, best) {
				best, any = c, true
			}
		}
		switch {
		case !any:
		case best.file < 0:
			l.packages[name] = true
			within[name] = root
		default:
			l.files[name] = best.file
			if best.isPackage {
				l.packages[name] = true
				within[name] = best.root
			}
		}
	}
}

// File is the index of the path that `import name` finds in the tree.
func (l *Layout) File(name string) (index int, ok bool) {
	index, ok = l.files[name]
	return index, ok
}

// IsPackage tells whether name is a package of the tree, regular or namespace.
func (l *Layout) IsPackage(name string) bool { return l.packages[name] }

func rootPrefix(root string) string {
	root = strings.Trim(strings.TrimPrefix(root, "./"), "/")
	if root == "" || root == "." {
		return ""
	}
	return root + "/"
}

// moduleName is the name of the file at path under the root with this prefix,
// "" when no import can spell it. ok is false outside of the root and for
// files that are no modules.
func moduleName(path, prefix string) (name string, isPackage, ok bool) {
	rest, ok := strings.CutPrefix(path, prefix)
	if !ok {
		return "", false, false
	}
	rest, ok = strings.CutSuffix(rest, ".py")
	if !ok {
		return "", false, false
	}
	parts := strings.Split(rest, "/")
	if parts[len(parts)-1] == "__init__" {
		parts, isPackage = parts[:len(parts)-1], true
	}
	for _, p := range parts {
		if !isIdentifier(p) {
			return "", isPackage, true
		}
	}
	return strings.Join(parts, "."), isPackage, true
}

func isIdentifier(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Mc, r)) {
			return false
		}
	}
	return s != ""
}

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
