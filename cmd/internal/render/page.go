package render

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"fastpath/cmd/internal/check"
	"fastpath/plan"
)

// A Page is everything that the HTML report shows.
type Page struct {
	Shown
	Findings Report
	Measured check.Measured
	Trend    Trend
}

//go:embed page
var pageFiles embed.FS

var pageTemplate = template.Must(template.New("report.html").Funcs(template.FuncMap{
	"ms":      Milliseconds,
	"grouped": func(n int) string { return Grouped(int64(n)) },
	"count":   Count,
	// Texts name code in backquotes: every second part is code.
	"parts": func(text string) []string { return strings.Split(text, "`") },
	"odd":   func(i int) bool { return i%2 == 1 },
	"color": func(series int) int { return series % colors },
}).ParseFS(pageFiles, "page/report.html", "page/parts.html"))

// HTML writes the report as one self-contained page. It needs no network and
// forbids it: its policy admits its own script and style, by their digests,
// and nothing else.
func HTML(w io.Writer, p Page) error {
	style, script := pageText("report.css"), pageText("report.js", "icicle.js", "decisions.js")
	stages := p.stages()
	chart := p.chart(stages)
	if chart.Lacking != "" {
		stages = nil
	}
	view := struct {
		Policy    string
		Style     template.CSS
		Script    template.JS
		Title     string
		Facts     []string
		Summary   summaryView
		Stages    []stageView
		Chart     chartView
		Rows      int
		Filters   []filterView
		Blockers  []blockerView
		BlockedMS float64
		Findings  findingsView
		Trend     trendView
		Data      pageData
	}{
		Policy: fmt.Sprintf("default-src 'none'; script-src '%s'; style-src '%s'; img-src data:; base-uri 'none'; form-action 'none'",
			digest(script), digest(style)),
		Style: template.CSS(style), Script: template.JS(script),
		Title: p.title(), Facts: p.facts(), Summary: p.summary(stages), Stages: stages, Chart: chart,
		Findings: p.findings(), Trend: p.Trend.view(),
	}
	view.Data = p.data(stages)
	view.Rows = len(view.Data.Rows)
	view.Filters = filtersOf(view.Data.Rows)
	view.Blockers, view.BlockedMS = p.blockers()
	var out bytes.Buffer
	if err := pageTemplate.Execute(&out, view); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// pageText joins files of the page; they are embedded, so that they are there.
func pageText(names ...string) string {
	var out strings.Builder
	for _, name := range names {
		text, err := pageFiles.ReadFile("page/" + name)
		if err != nil {
			panic(err)
		}
		out.Write(text)
	}
	return out.String()
}

// digest names a text as a content security policy does.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// title names the entries: a folder's name differs from machine to machine.
func (p Page) title() string {
	const most = 3
	entries := p.Input.Policy.Entry
	switch n := len(entries); {
	case n == 0:
		return "All files"
	case n > most:
		return Printable(strings.Join(entries[:most], ", ")) + fmt.Sprintf(" and %d more", n-most)
	}
	return Printable(strings.Join(entries, ", "))
}

// facts say what the report rests on.
func (p Page) facts() []string {
	sum := p.Summarize()
	list := []string{Count(sum.Imports, "import") + " in " + Count(sum.Files, "file")}
	profile, usage := p.Input.Profile, p.Input.Usage
	switch {
	case profile == nil:
		list = append(list, "no profile: run fastpath profile")
	case profile.Date != "":
		list = append(list, "profiled "+profile.Date)
	default:
		list = append(list, "profile without a date")
	}
	if profile != nil && profile.Python != "" {
		list = append(list, "Python "+Printable(profile.Python))
	}
	if usage == nil {
		list = append(list, "no usage: run fastpath usage")
	}
	return list
}

// A stageView is one state of the tree in the chart.
type stageView struct {
	Name    string
	Slug    string
	Modules int
	MS      float64
	Less    float64 // than the stage before
	loads   []plan.Load
}

// stages are the states that differ: before the moves that were made, now, and
// with those of the plan.
func (p Page) stages() []stageView {
	if p.Plan.Sets == nil {
		return nil
	}
	made := make([]plan.Made, len(p.Measured.Moves))
	for i, m := range p.Measured.Moves {
		made[i] = plan.Made{File: m.File, Module: m.Module, Name: m.Name, To: plan.Level(m.To)}
	}
	var list []stageView
	for _, s := range []struct {
		stage      plan.Stage
		name, slug string
	}{{plan.Before, "Before", "before"}, {plan.Now, "Now", "now"}, {plan.After, "Planned", "planned"}} {
		v := stageView{Name: s.name, Slug: s.slug, loads: p.Plan.Sets.Loads(s.stage, made)}
		for _, l := range v.loads {
			v.MS += l.SelfMS
		}
		v.Modules = len(v.loads)
		v.MS = rounded(v.MS)
		if v.Modules == 0 {
			return nil
		}
		if n := len(list); n > 0 {
			v.Less = rounded(list[n-1].MS - v.MS)
			if sameLoads(list[n-1].loads, v.loads) {
				if s.stage == plan.Now {
					list = list[:0] // nothing was moved: what was before is what is now
				} else {
					continue
				}
			}
		}
		list = append(list, v)
	}
	return list
}

func sameLoads(a, b []plan.Load) bool {
	if len(a) != len(b) {
		return false
	}
	has := make(map[string]bool, len(a))
	for _, l := range a {
		has[l.Module] = true
	}
	for _, l := range b {
		if !has[l.Module] {
			return false
		}
	}
	return true
}

// A chartView is what is to be said of the chart, or instead of it.
type chartView struct {
	Lacking string // what is missing altogether
	Command string // that fills it
	Note    string
}

func (p Page) chart(stages []stageView) chartView {
	profile := p.Input.Profile
	switch {
	case profile == nil:
		return chartView{Lacking: "Nothing was measured yet, so no import has a width.", Command: "fastpath profile"}
	case len(stages) == 0:
		return chartView{Lacking: "No entry says where a cold start begins.", Command: "fastpath init"}
	case stages[0].MS == 0:
		return chartView{Lacking: "The profile knows none of the modules that a cold start loads.", Command: "fastpath profile"}
	case profile.Short:
		return chartView{Note: "The profile has figures but no edges, so what libraries load in turn is not shown; `fastpath profile` measures that."}
	}
	return chartView{}
}
