package main

import (
	"fmt"
	"os"

	"fastpath/cmd/internal/render"
	"fastpath/plan/evidence"
)

// reported is the measurement that the reports of AWS Lambda give.
func (p *project) reported(g *globals, f *measureFlags, which, today string) (*evidence.Measurement, error) {
	var texts []evidence.Text
	for _, name := range f.from {
		data, err := os.ReadFile(absolute(g.here, name))
		if err != nil {
			return nil, fmt.Errorf("reading %q: %w", name, reasonOf(err))
		}
		texts = append(texts, evidence.Text{Name: name, Data: data})
	}
	m, notes, err := evidence.ReadLambda(float64(f.memory), texts...)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		fmt.Fprintln(p.err, printable(n))
	}
	m.Date = today
	if len(p.config.Policy.Entry) > 0 {
		m.Entry = p.config.Policy.Entry[0]
	}
	return m, p.adviseSlowdown(g, which, m)
}

// adviseSlowdown estimates the handler slow-down of a Lambda: by the local
// measurement that its reports replace where that saw requests, else by the
// memory.
func (p *project) adviseSlowdown(g *globals, which string, m *evidence.Measurement) error {
	name := p.artifact(which + ".json")
	data, err := p.optional(name)
	if err != nil {
		return err
	}
	var local *evidence.Measurement
	if data != nil {
		if local, err = evidence.Read(name, data); err != nil {
			return err
		}
	}
	measured, ok := evidence.HandlerSlowdown(local, m)
	switch by := m.Slowdown(); {
	case ok:
		p.say(g, "handler-slowdown = %.1f, by the first requests here and there; by its %g MB it would be %.1f", measured, m.MemoryMB, by)
	case m.MemoryMB > 0:
		p.say(g, "handler-slowdown = %.1f, by its %g MB: AWS Lambda gives a whole CPU at %s MB", by, m.MemoryMB, render.Grouped(evidence.FullCPU))
	}
	return nil
}
