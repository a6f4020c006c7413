package python

import (
	"maps"
	"slices"
	"strings"

	"fastpath/plan/profile"
)

// findings join the reports of many processes.
type findings struct {
	entries        []string
	floor          []float64       // start-up of the bare interpreter, ms
	preloaded      map[string]bool // loaded before any import
	loaded         map[string]bool
	failed         map[string]string
	attributes     map[string]bool
	edges          map[string]map[string]profile.Edge // importer, imported
	effects        map[string]map[string]bool
	names          map[string]map[string]bool
	places         map[string][2]string // kind, file
	implementation string
	platform       string

	alone map[string][]*report // samples by the module that was imported
}

func newFindings() *findings {
	return &findings{
		preloaded: map[string]bool{}, loaded: map[string]bool{}, failed: map[string]string{}, attributes: map[string]bool{},
		edges: map[string]map[string]profile.Edge{}, effects: map[string]map[string]bool{}, names: map[string]map[string]bool{},
		places: map[string][2]string{}, alone: map[string][]*report{},
	}
}

// known tells whether a dotted name needs no process of its own to be
// understood.
func (f *findings) known(name string) bool {
	return f.loaded[name] || f.attributes[name] || f.failed[name] != ""
}

// add takes the report of a trace.
func (f *findings) add(r *report) {
	f.implementation, f.platform = r.Implementation, r.Platform
	for _, name := range r.Floor {
		f.preloaded[name], f.loaded[name] = true, true
	}
	for _, name := range r.Loaded {
		f.loaded[name] = true
	}
	for _, name := range r.Attributes {
		f.attributes[name] = true
	}
	maps.Copy(f.places, r.Places)
	for _, edge := range r.Edges {
		if f.edges[edge.From] == nil {
			f.edges[edge.From] = map[string]profile.Edge{}
		}
		known, seen := f.edges[edge.From][edge.To]
		f.edges[edge.From][edge.To] = profile.Edge{Module: edge.To,
			Lazy: edge.Lazy && (known.Lazy || !seen), Called: edge.Called || known.Called}
	}
	for module, effects := range r.Effects {
		merge(f.effects, module, effects)
	}
	for module, names := range r.Names {
		merge(f.names, module, names)
	}
}

func merge(into map[string]map[string]bool, key string, values []string) {
	if into[key] == nil {
		into[key] = map[string]bool{}
	}
	for _, value := range values {
		into[key][value] = true
	}
}

// profile works out the figures.
func (f *findings) profile(o Options) *profile.Profile {
	p := &profile.Profile{
		Schema: profile.Schema, Date: o.Date, Implementation: f.implementation, Platform: f.platform,
		Entry: o.Entry, Runs: o.Runs, FloorMS: profile.Median(f.floor), Modules: map[string]profile.Module{},
	}
	for name := range f.loaded {
		p.Modules[name] = f.module(name, o.Vendored)
	}
	for name, reason := range f.failed {
		if !f.loaded[name] {
			p.Modules[name] = profile.Module{Unmeasured: true, Failed: reason}
		}
	}
	f.times(p)
	return p
}

// module is what is known of a module but its times.
func (f *findings) module(name string, vendored []string) profile.Module {
	place := f.places[name]
	m := profile.Module{Kind: place[0], File: place[1]}
	for _, folder := range vendored {
		folder = strings.TrimSuffix(strings.TrimPrefix(folder, "./"), "/")
		if m.Kind == "first-party" && strings.HasPrefix(m.File, folder+"/") {
			m.Kind = "third-party"
		}
	}
	edges := maps.Clone(f.edges[name])
	if edges == nil {
		edges = map[string]profile.Edge{}
	}
	// Importing a.b loads a first, whoever asks.
	if around := parent(name); f.loaded[around] {
		edges[around] = profile.Edge{Module: around, Called: edges[around].Called}
	}
	for _, imported := range slices.Sorted(maps.Keys(edges)) {
		if f.loaded[imported] {
			m.Imports = append(m.Imports, edges[imported])
		}
	}
	m.Effects = slices.Sorted(maps.Keys(f.effects[name]))
	m.Names = slices.Sorted(maps.Keys(f.names[name]))
	return m
}

// times fills in the figures: self and cumulative times as in the first entry
// that loads the module, otherwise as in the first module imported alone that
// does; the cost of an import as measured alone, otherwise added up from the
// self times of all that the module loads.
func (f *findings) times(p *profile.Profile) {
	timed := map[string]bool{}
	for _, imported := range slices.Concat(f.entries, slices.Sorted(maps.Keys(f.alone))) {
		for name, t := range parts(f.alone[imported]) {
			m, there := p.Modules[name]
			if there && !timed[name] {
				timed[name] = true
				m.SelfMS, m.CumulativeMS, m.SpreadMS = t.self, t.cumulative, t.spread
				p.Modules[name] = m
			}
		}
	}
	for name, m := range p.Modules {
		m.Unmeasured = m.Unmeasured || !timed[name] && !f.preloaded[name]
		p.Modules[name] = m
	}
	for name, m := range p.Modules {
		if alone, rss := f.cold(name); len(alone) > 0 {
			m.ImportMS, m.SpreadMS, m.RSSKB = profile.Median(alone), profile.Spread(alone), profile.Median(rss)
		} else if !m.Unmeasured {
			m.ImportMS = max(sumOfParts(p, name), m.CumulativeMS)
		}
		p.Modules[name] = m
	}
}

// A part is one module's share of an import, in ms.
type part struct{ self, cumulative, spread float64 }

// parts divides the samples of one import among the modules that it loaded.
//
// Delays fall on few modules in each run, so that the medians of the parts add
// up to less than the median of the whole. The self times are stretched to make
// up for it: a prediction adds them up.
func parts(reports []*report) map[string]part {
	selves, cumulatives := map[string][]float64{}, map[string][]float64{}
	var totals []float64
	for _, r := range reports {
		total := int64(0)
		for name, t := range r.Times {
			selves[name] = append(selves[name], milliseconds(t[0]))
			cumulatives[name] = append(cumulatives[name], milliseconds(t[1]))
			total += t[0]
		}
		totals = append(totals, milliseconds(total))
	}
	sum := 0.0
	for _, name := range slices.Sorted(maps.Keys(selves)) {
		sum += profile.Median(selves[name])
	}
	stretch := 1.0
	if sum > 0 {
		stretch = profile.Median(totals) / sum
	}
	divided := map[string]part{}
	for name, samples := range selves {
		divided[name] = part{profile.Median(samples) * stretch, profile.Median(cumulatives[name]), profile.Spread(cumulatives[name])}
	}
	return divided
}

// cold gives the samples of a module that was imported alone, in ms and KB.
func (f *findings) cold(name string) (ms, kb []float64) {
	for _, r := range f.alone[name] {
		ms = append(ms, milliseconds(r.NS))
		kb = append(kb, r.RSSKB)
	}
	return ms, kb
}

// waiting is the wall time of all samples over their CPU time.
func (f *findings) waiting() float64 {
	var wall, cpu int64
	for _, reports := range f.alone {
		for _, r := range reports {
			wall += r.NS
			cpu += r.CPUNS
		}
	}
	if cpu == 0 {
		return 0
	}
	return float64(wall) / float64(cpu)
}

// sumOfParts adds up the self times of all modules that importing name loads.
func sumOfParts(p *profile.Profile, name string) float64 {
	seen := map[string]bool{name: true}
	sum := 0.0
	for queue := []string{name}; len(queue) > 0; queue = queue[1:] {
		m := p.Modules[queue[0]]
		sum += m.SelfMS
		for _, edge := range m.Imports {
			if !edge.Lazy && !seen[edge.Module] {
				seen[edge.Module] = true
				queue = append(queue, edge.Module)
			}
		}
	}
	return sum
}
