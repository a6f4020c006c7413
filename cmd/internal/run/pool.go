package run

import (
	"sync"
	"sync/atomic"
)

// each calls do for every index below n on the given number of workers. Each
// worker starts with begin and ends with the function that begin returns, so
// that it can own what must not be shared, such as a parser. Results belong in
// slices at their index: the order of work never shows.
func each[W any](n, workers int, begin func() (W, func()), do func(w W, i int)) {
	workers = max(1, min(workers, n))
	var next atomic.Int64
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			own, end := begin()
			defer end()
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				do(own, i)
			}
		})
	}
	all.Wait()
}
