package run

import (
	"path"
	"strings"

	"fastpath/plan/facts"
)

// layoutOf gives the place of every file under the import roots of the policy.
//
// A file belongs to the deepest root that holds it, for that is the root by
// which a vendored package is imported. Where two files answer to one name the
// root that comes first in the configuration wins, as on sys.path, and the
// other file has no name.
func layoutOf(job Job) func(path string) facts.Place {
	type claim struct {
		path string
		rank int // of the root; lower wins
	}
	owner := map[string]claim{}
	places := make(map[string]facts.Place, len(job.Files))
	for _, f := range job.Files {
		where, rank := placeUnder(job.Policy.Src, f.Path)
		places[f.Path] = where
		if first, taken := owner[where.Name]; where.Name != "" && (!taken || rank < first.rank) {
			owner[where.Name] = claim{f.Path, rank}
		}
	}
	return func(p string) facts.Place {
		where := places[p]
		if where.Name != "" && owner[where.Name].path != p {
			where.Name = ""
		}
		return where
	}
}

// placeUnder names the file by the deepest root that holds it.
func placeUnder(roots []string, file string) (where facts.Place, rank int) {
	where = facts.Place{Path: file, Package: path.Base(file) == "__init__.py"}
	best := -1
	for i, r := range roots {
		root := strings.TrimPrefix(path.Clean("/"+r), "/")
		rest := file
		if root != "" {
			var inside bool
			if rest, inside = strings.CutPrefix(file, root+"/"); !inside {
				continue
			}
		}
		if len(root) > best {
			best, rank = len(root), i
			where.Name = moduleName(rest)
		}
	}
	return where, rank
}

// moduleName is the dotted name of a slash path below an import root; "" when
// a part of it is no identifier, for then no import statement can name it.
func moduleName(rest string) string {
	rest = strings.TrimSuffix(rest, ".py")
	rest = strings.TrimSuffix(strings.TrimSuffix(rest, "__init__"), "/")
	if rest == "" {
		return ""
	}
	for part := range strings.SplitSeq(rest, "/") {
		if strings.ContainsAny(part, ".- ") {
			return ""
		}
	}
	return strings.ReplaceAll(rest, "/", ".")
}
