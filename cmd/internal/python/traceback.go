package python

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// frameLine is a line of a traceback that names a place.
var frameLine = regexp.MustCompile(`^\s*File "(.*)", line (\d+)`)

// mostTraceback bounds the lines of a traceback that a person is shown.
const mostTraceback = 30

// traceback is what the output of a process says of its end: its traceback, or
// the end of the output where there is none, without the frames of the probe
// and of the import system.
func (s *Session) traceback(output string) string {
	output = strings.TrimSpace(output)
	for _, head := range []string{"Timeout (", "Fatal Python error", "Traceback (most recent call last)"} {
		if at := strings.LastIndex(output, head); at >= 0 {
			output = output[at:]
			break
		}
	}
	var kept []string
	foreign := false
	for _, line := range strings.Split(output, "\n") {
		if m := frameLine.FindStringSubmatch(line); m != nil {
			foreign = s.temp != "" && strings.HasPrefix(m[1], s.temp) || strings.HasPrefix(m[1], "<frozen importlib")
		} else if !strings.HasPrefix(line, "    ") {
			foreign = false // the source of a frame stands below it, further in
		}
		if !foreign {
			kept = append(kept, line)
		}
	}
	if len(kept) > mostTraceback {
		kept = append(kept[:1:1], kept[len(kept)-mostTraceback:]...)
		kept[1] = "  …"
	}
	return strings.Join(kept, "\n")
}

// endsAt is where an import stood when its time was over or when it crashed: the
// innermost place in the project, else the innermost of all; "" when the
// traceback does not tell.
func (s *Session) endsAt(traceback string) string {
	first := ""
	for _, line := range strings.Split(traceback, "\n") {
		m := frameLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		file := m[1]
		// The interpreter escapes what is not ASCII.
		if plain, err := strconv.Unquote(`"` + strings.ReplaceAll(file, `\x`, `\u00`) + `"`); err == nil {
			file = plain
		}
		below, inside := strings.CutPrefix(file, s.Dir+"/")
		switch place := fmt.Sprintf(", at %s:%s", below, m[2]); {
		case inside && !strings.Contains(below, "site-packages"):
			return place
		case first == "":
			first = place
		}
	}
	return first
}

// absolute is a path that would tell of the machine.
var absolute = regexp.MustCompile(`(^|[\s'"(=:])(?:/|~/|[A-Za-z]:\\)[^\s'"]+`)

// portable is a reason as the profile keeps it, which is committed.
func portable(reason string) string { return absolute.ReplaceAllString(reason, "$1…") }
