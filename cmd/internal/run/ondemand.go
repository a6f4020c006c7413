package run

import (
	"errors"
	"slices"

	"fastpath/plan"
	"fastpath/plan/facts"
	"fastpath/plan/syntax"
)

// A demand is a tree of whose files most are outlines from the table, until the
// plan asks for their facts. What the plan asks is asked of all files that can have
// an answer, so it is the same as with the facts of the whole tree at hand:
//
//   - who imports whom: the outlines say it of every file;
//   - the facts of one file: they come from the cache, or from the file;
//   - what files say of something: the table tells by plan.Keys which files may say
//     it, and those are read. Files that changed since the table was made count as
//     if they said everything.
type demand struct {
	survey *Survey
	table  *table
	file   []int // by index into Input.Modules: the file of the job
	module []int // by file of the job: its index into Input.Modules, -1 for none
	whole  []bool
}

// onDemand lets the plan ask for what is left in the cache, and keeps the table up
// to date.
func (s *Survey) onDemand(g *gathering, t *table) {
	d := &demand{survey: s, table: t, module: make([]int, len(g.found)), whole: make([]bool, len(s.Input.Modules))}
	known := 0
	for i, f := range g.found {
		if d.module[i] = -1; f.err == nil {
			d.module[i] = len(d.file)
			d.file = append(d.file, i)
			if d.whole[d.module[i]] = !t.knows(i); t.knows(i) {
				known++
			}
		}
	}
	if known > 0 {
		s.Input.Rest = d
	}
	if known < len(s.Input.Modules) || t == nil || known < t.count() {
		s.job.Memory.keepTable(g, d)
	}
}

// errStale tells that the table speaks of facts that are there no more.
var errStale = errors.New("facts left the cache")

// Facts gets the facts of a file that are not there yet.
func (d *demand) Facts(module int) *facts.Module {
	if !d.whole[module] {
		d.fetch([]int{module})
	}
	return d.survey.Input.Modules[module]
}

// All gets the facts of every file, on all workers.
func (d *demand) All() {
	var left []int
	for module, whole := range d.whole {
		if !whole {
			left = append(left, module)
		}
	}
	d.fetch(left)
}

// fetch gets facts from the cache or, where they left it, from the files again.
func (d *demand) fetch(list []int) {
	modules := d.survey.Input.Modules
	alone := func() (none struct{}, end func()) { return none, func() {} }
	each(len(list), d.survey.job.Workers, alone, func(_ struct{}, n int) {
		if m, ok := d.find(list[n]); ok {
			modules[list[n]], d.whole[list[n]] = m, true
		}
	})
	for _, module := range list {
		if !d.whole[module] {
			panic(errStale)
		}
	}
}

func (d *demand) find(module int) (*facts.Module, bool) {
	job, outline := d.survey.job, d.survey.Input.Modules[module]
	if m, ok := job.Memory.recall(d.table.entries[d.table.at[d.file[module]]].key); ok {
		return m, true
	}
	p := syntax.NewParser()
	defer p.Close()
	data, err := job.Read(outline.Path)
	if err != nil {
		return nil, false
	}
	f := gatherFile(job, p, data, facts.Place{Path: outline.Path, Name: outline.Name, Package: outline.Package})
	return f.module, f.err == nil && f.digest == d.survey.digests[outline.Path]
}

// Speaking lists the files of the table that have the key, and all others.
func (d *demand) Speaking(key string) []int {
	var list []int
	for _, i := range d.table.speaking(key) {
		if n := d.module[i]; n >= 0 {
			list = append(list, n)
		}
	}
	for n, i := range d.file {
		if !d.table.knows(i) {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	return list
}

// planOf makes a plan. Where facts turn out to be gone it gathers those of the
// whole tree.
func (s *Survey) planOf(asked []bool) (made *plan.Plan) {
	defer func() {
		switch r := recover(); r {
		case nil:
		case errStale:
			job := s.job
			job.OnDemand = false
			*s = *Gather(job)
			if asked != nil {
				asked = s.Chosen
			}
			made = s.planOf(asked)
		default:
			panic(r)
		}
	}()
	in := s.Input
	in.Asked = asked
	in.Frozen = s.holdUnchosen().files
	return plan.Make(in)
}
