package usage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"fastpath/plan/jsondoc"
)

// marker starts a line of the recorder in a log: `fastpath-usage {…}`.
const marker = "fastpath-usage {"

// maxNotes bounds what is said of one log.
const maxNotes = 20

// readLines adds up the recorder's lines, each of which counts the requests
// since the line before. Log collectors put a prefix in front of them and may
// wrap them in a JSON string.
func readLines(name string, text []byte) (*Usage, error) {
	var all []*Usage
	var notes []string
	number, skipped := 0, 0
	for line := range bytes.Lines(text) {
		number++
		for rest := string(line); ; {
			start := strings.Index(rest, marker)
			if start < 0 {
				break
			}
			rest = rest[start+len(marker)-1:]
			object := rest
			if next := strings.Index(rest, marker); next >= 0 {
				object = rest[:next]
			}
			u, err := readLine(fmt.Sprintf("%s:%d", name, number), object)
			switch {
			case err == nil:
				all = append(all, u)
			case len(notes) < maxNotes:
				notes = append(notes, fmt.Sprintf("a line of the recorder was skipped: %v", err))
			default:
				skipped++
			}
		}
	}
	if skipped > 0 {
		notes = append(notes, fmt.Sprintf("%s: %d more lines were skipped", name, skipped))
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no whole line of the recorder in %d lines; %s", name, number, strings.Join(notes, "; "))
	}
	u, err := Merge(all...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	u.Notes = append(u.Notes, notes...)
	return u, nil
}

// readLine reads the object that text starts with.
func readLine(name, text string) (*Usage, error) {
	if strings.HasPrefix(text, `{\"`) {
		// The line is inside a JSON string, which ends at the first plain quote.
		end := 0
		for end < len(text) && text[end] != '"' {
			if text[end] == '\\' {
				end++
			}
			end++
		}
		var inner string
		if err := json.Unmarshal([]byte(`"`+text[:min(end, len(text))]+`"`), &inner); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		text = inner
	}
	var object json.RawMessage
	if err := json.NewDecoder(strings.NewReader(text)).Decode(&object); err != nil {
		return nil, fmt.Errorf("%s: the line is cut: %w", name, err)
	}
	d, err := jsondoc.Parse(name, object)
	if err != nil {
		return nil, err
	}
	return fromDocument(d)
}
