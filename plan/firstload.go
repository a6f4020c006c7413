package plan

import (
	"iter"
	"slices"
)

// A firstLoad is the first load of a module, by which a blocker holds.
type firstLoad struct {
	module string
	// Whoever can tell when the module loads has loaded one of the owners. The
	// blocker does not hold where none has begun yet and each brings the module.
	owners []string
	// Each of these groups stands for a moment from which on it matters whether
	// the module has loaded. Its modules have loaded by then. The blocker does
	// not hold where one of each group brings the module.
	earlier [][]string
	by      []string // modules outside the tree that load it whenever they do
}

// bringers are the modules of which it matters whether they bring this one.
func (f *firstLoad) bringers() []string {
	return append(slices.Concat(f.earlier...), f.owners...)
}

// tellers are the module, its bringers, and what loads it.
func (f *firstLoad) tellers() []string { return append(append(f.bringers(), f.module), f.by...) }

// firstLoads is a list of some, nil for none. Most imports of a large tree load
// nearly all of it, so those which load the same share the list.
type firstLoads struct {
	*firstLoad
	rest *firstLoads
}

func (l *firstLoads) all() iter.Seq[*firstLoad] {
	return func(yield func(*firstLoad) bool) {
		for ; l != nil && yield(l.firstLoad); l = l.rest {
		}
	}
}

// listWith is the list with another before it: the same one whenever that is asked for.
func (w *world) listWith(f *firstLoad, list *firstLoads) *firstLoads {
	key := firstLoads{f, list}
	if w.listed[key] == nil {
		w.listed[key] = &key
	}
	return w.listed[key]
}

// onFirstLoad marks the newest blocker as one that holds only if the import is
// the first to load one of the modules.
func (d *descent) onFirstLoad(loads ...firstLoad) {
	var list *firstLoads
	for i := range loads {
		list = &firstLoads{&loads[i], list}
	}
	d.blocks[len(d.blocks)-1].firstLoads = list
}

// onFirstLoadOf does so for those of some files, of the packages around the import
// and its own module aside: they have loaded before it can run.
func (d *descent) onFirstLoadOf(list *firstLoads) {
	b := &d.blocks[len(d.blocks)-1]
	b.firstLoads, b.within = list, d.m.Name
}

// speaksOf tells whether the blocker holds by a first load of its list.
func (b *Blocker) speaksOf(f *firstLoad) bool {
	return b.within == "" || !underOrSame(b.within, f.module)
}

// eachFirstLoad gives those by which the waived blockers of some decisions hold, of
// a list that they share each once.
func eachFirstLoad(decisions []*Decision, found func(*firstLoad)) {
	left := map[*firstLoads][]*firstLoad{}
	for _, d := range decisions {
		for _, b := range d.waived {
			list, begun := left[b.firstLoads]
			if !begun {
				list = slices.Collect(b.firstLoads.all())
			}
			left[b.firstLoads] = slices.DeleteFunc(list, func(f *firstLoad) bool {
				speaks := b.speaksOf(f)
				if speaks {
					found(f)
				}
				return speaks
			})
		}
	}
}
