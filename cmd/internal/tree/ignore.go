package tree

import (
	"regexp"
	"strings"
)

// A rule is one line of an ignore file, as gitignore(5) describes it. (The
// matcher of go-git reads whitelists such as `*`, `!*/`, `!*.py`, and `x/**` and
// `[!a]`, otherwise than git does; the glob library lets `[!a]` match a slash.)
type rule struct {
	match  *regexp.Regexp // of the path below the folder of the ignore file
	folder string         // that folder, with a slash behind it unless it is the root
	dirs   bool           // matches folders only
	back   bool           // takes back what earlier rules ignore
}

// ruleOf reads a line of an ignore file that lies in the folder; false for
// lines that say nothing.
func ruleOf(line, folder string) (rule, bool) {
	r := rule{folder: folder}
	if folder != "" {
		r.folder += "/"
	}
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	if strings.HasPrefix(line, "#") {
		return r, false
	}
	line, r.back = strings.CutPrefix(line, "!")
	line, r.dirs = strings.CutSuffix(line, "/")
	if line == "" {
		return r, false
	}
	if !strings.Contains(line, "/") {
		line = "**/" + line
	}
	var err error
	r.match, err = regexp.Compile(`(?s)\A` + expression(strings.TrimPrefix(line, "/")) + `\z`)
	// A pattern that means nothing, such as one with an open bracket, matches
	// nothing.
	return r, err == nil
}

// ignores tells whether the last rule that matches a path ignores it. Whether
// a folder around it is ignored is for the caller to know: git does not look
// into such folders.
func ignores(rules []rule, path string, dir bool) bool {
	for i := len(rules) - 1; i >= 0; i-- {
		r := rules[i]
		if below, in := strings.CutPrefix(path, r.folder); in && (dir || !r.dirs) && r.match.MatchString(below) {
			return !r.back
		}
	}
	return false
}

// nothing stands for what no path matches.
const nothing = `[^\x00-\x{10FFFF}]`

// expression is the regular expression of a pattern.
func expression(pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '\\':
			if i++; i == len(pattern) {
				return nothing
			}
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		case '?':
			b.WriteString(`[^/]`)
		case '*':
			n := len(pattern[i:]) - len(strings.TrimLeft(pattern[i:], "*"))
			after := i + n
			switch {
			case n == 1 || i > 0 && pattern[i-1] != '/' || after < len(pattern) && pattern[after] != '/':
				b.WriteString(`[^/]*`)
			case after == len(pattern):
				b.WriteString(`.+`)
			default:
				b.WriteString(`(?:.*/)?`)
				after++
			}
			i = after - 1
		case '[':
			class, n := bracket(pattern[i:])
			if n == 0 {
				return nothing
			}
			b.WriteString(class)
			i += n - 1
		default:
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		}
	}
	return b.String()
}

// bracket rewrites the bracket expression that text starts with, and tells its
// length: 0 when it does not end.
func bracket(text string) (string, int) {
	i, class := 1, "["
	if i < len(text) && (text[i] == '!' || text[i] == '^') {
		class += "^/"
		i++
	}
	for first := i; i < len(text); {
		switch {
		case text[i] == ']' && i > first:
			return class + "]", i + 1
		case strings.HasPrefix(text[i:], "[:"):
			name, _, closed := strings.Cut(text[i:], ":]")
			if !closed {
				return "", 0
			}
			class += name + ":]"
			i += len(name) + 2
		case text[i] == '\\' && i+1 < len(text):
			class += regexp.QuoteMeta(text[i+1 : i+2])
			i += 2
		case text[i] == '-' && i > first && i+1 < len(text) && text[i+1] != ']':
			class += "-"
			i++
		default:
			if strings.IndexByte(`[]^\-&~`, text[i]) >= 0 {
				class += `\`
			}
			class += text[i : i+1]
			i++
		}
	}
	return "", 0
}
