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

// Facts gets the facts of a file from the cache or, where they left it, from the
// file again.
func (d *demand) Facts(module int) *facts.Module {
	modules := d.survey.Input.Modules
	if d.whole[module] {
		return modules[module]
	}
	i := d.file[module]
	job := d.survey.job
	m, ok := job.Memory.recall(d.table.entries[d.table.at[i]].key)
	if !ok {
		p := syntax.NewParser()
		defer p.Close()
		where := facts.Place{Path: modules[module].Path, Name: modules[module].Name, Package: modules[module].Package}
		data, err := job.Read(where.Path)
		if err != nil {
			panic(errStale)
		}
		f := gatherFile(job, p, data, where)
		if f.err != nil || f.digest != d.survey.digests[where.Path] {
			panic(errStale)
		}
		m = f.module
	}
	modules[module], d.whole[module] = m, true
	return m
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
