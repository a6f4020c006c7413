package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"fastpath/cmd/internal/check"
)

// FindingsSARIF writes the findings as SARIF 2.1.0, for code scanning.
func FindingsSARIF(w io.Writer, r Report) error {
	run := sarif.NewRun()
	run.Tool = sarif.NewTool()
	run.Tool.Driver = sarif.NewToolComponent().WithName("fastpath")
	run.Results = []*sarif.Result{}
	for _, c := range check.Codes {
		run.AddRule(c.ID).WithName(c.Name).
			WithShortDescription(sarif.NewMultiformatMessageString().WithText(c.What)).
			WithFullDescription(sarif.NewMultiformatMessageString().WithText(c.Why)).
			WithHelp(sarif.NewMultiformatMessageString().WithText(c.Fix)).
			WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(string(c.Severity)))
	}
	for _, f := range r.Findings {
		where := sarif.NewPhysicalLocation().
			WithArtifactLocation(sarif.NewSimpleArtifactLocation(pathURI(f.File))).
			WithRegion(sarif.NewRegion().WithStartLine(f.Line))
		run.CreateResultForRule(f.Code.ID).
			WithLevel(string(f.Code.Severity)).
			WithMessage(sarif.NewTextMessage(valid(sentence(f)))).
			AddLocation(sarif.NewLocationWithPhysicalLocation(where)).
			WithPartialFingerprints(map[string]string{"fastpath/v1": fingerprint(f)})
	}
	report := sarif.NewReport()
	report.AddRun(run)
	var out bytes.Buffer
	if err := report.PrettyWrite(&out); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err := w.Write(out.Bytes())
	return err
}

// fingerprint tells a finding from others across runs. Lines move; the path,
// the code and the import stay.
func fingerprint(f check.Finding) string {
	sum := sha256.Sum256([]byte(f.File + "\x00" + f.Code.ID + "\x00" + f.Module))
	return hex.EncodeToString(sum[:16])
}

// pathURI is a slash path as a relative URI.
func pathURI(path string) string {
	return (&url.URL{Path: path}).String()
}

// valid replaces bytes that are no UTF-8, which JSON cannot hold.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// codeQuality is one entry of GitLab's code quality report.
type codeQuality struct {
	Description string `json:"description"`
	CheckName   string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"`
	Location    struct {
		Path  string `json:"path"`
		Lines struct {
			Begin int `json:"begin"`
		} `json:"lines"`
	} `json:"location"`
}

// FindingsGitLab writes a GitLab code quality report.
func FindingsGitLab(w io.Writer, r Report) error {
	entries := []codeQuality{}
	seen := map[string]int{}
	for _, f := range r.Findings {
		e := codeQuality{Description: valid(f.Code.ID + ": " + sentence(f)), CheckName: f.Code.Name,
			Severity: map[check.Severity]string{check.Error: "major", check.Warning: "minor", check.Note: "info"}[f.Code.Severity]}
		e.Location.Path, e.Location.Lines.Begin = valid(f.File), f.Line
		e.Fingerprint = fingerprint(f)
		// GitLab drops entries that share a fingerprint.
		if seen[e.Fingerprint]++; seen[e.Fingerprint] > 1 {
			sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", e.Fingerprint, seen[e.Fingerprint]))
			e.Fingerprint = hex.EncodeToString(sum[:16])
		}
		entries = append(entries, e)
	}
	return writeJSON(w, entries)
}

// FindingsMarkdown writes the findings as a table, for a pull request.
func FindingsMarkdown(w io.Writer, r Report) error {
	var out bytes.Buffer
	out.WriteString("## fastpath: " + r.Summary() + "\n")
	if len(r.Findings) > 0 {
		out.WriteString("\n| place | finding | what to do |\n| --- | --- | --- |\n")
	}
	cell := strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;")
	for _, f := range r.Findings {
		place, fence := fmt.Sprintf("%s:%d", cell.Replace(Printable(f.File)), f.Line), "`"
		if strings.Contains(place, "`") {
			fence, place = "``", " "+place+" "
		}
		message := f.Message
		if chain := loadedBy(f); chain != "" {
			message += ", " + chain
		}
		fmt.Fprintf(&out, "| %s%s%s | **%s %s** %s | %s |\n", fence, place, fence, f.Code.ID, f.Code.Name,
			cell.Replace(Printable(message)), cell.Replace(Printable(f.Hint)))
	}
	_, err := w.Write(out.Bytes())
	return err
}
