package usage

import (
	"slices"
	"strings"

	"fastpath/plan/jsondoc"
)

// coverage reads the JSON report of coverage.py. One context is one request;
// the empty context is what ran outside of any, the imports above all.
//
// The report repeats the contexts of the whole file under each function, so the
// lines of a function decide which of them are its own.
func (r *reader) coverage(meta, files jsondoc.Value) error {
	if shown, found := meta.Get("show_contexts"); found && !shown.Bool {
		return r.Errorf(shown, "the report has no contexts; make it with `coverage json --show-contexts`")
	}
	ran := map[string][]string{} // functions by context
	for _, file := range files.Members {
		contexts, found := file.Value.Get("contexts")
		if !found {
			return r.Errorf(file.Value, "the report has no contexts; make it with `coverage json --show-contexts`")
		}
		functions, found := file.Value.Get("functions")
		if !found {
			return r.Errorf(file.Value, "the report has no functions; make it with coverage.py 7.6 or newer")
		}
		byLine := map[string][]string{}
		for _, line := range contexts.Members {
			for _, context := range line.Value.Items {
				if request := requestOf(context.Text); request != "" {
					byLine[line.Name] = append(byLine[line.Name], request)
					if _, seen := ran[request]; !seen {
						ran[request] = nil // a request that ran no function is one
					}
				}
			}
		}
		for _, function := range functions.Members {
			if function.Name == "" {
				continue // the module's own lines
			}
			key := Key(file.Name + "::" + function.Name)
			lines, _ := function.Value.Get("executed_lines")
			for _, line := range lines.Items {
				for _, request := range byLine[line.Text] {
					ran[request] = append(ran[request], key)
				}
			}
			r.u.Functions[key] = 0
		}
	}
	if len(ran) == 0 {
		return r.Errorf(files, "no context names a request; call Coverage.switch_context for each, or set dynamic_context in coverage's configuration")
	}
	r.u.Requests = float64(len(ran))
	r.u.Complete = true
	r.fill(ran)
	return nil
}

// requestOf gives the request that a context stands for. pytest-cov counts the
// phases of one test apart.
func requestOf(context string) string {
	for _, phase := range []string{"|setup", "|run", "|teardown"} {
		context = strings.TrimSuffix(context, phase)
	}
	return context
}

// fill counts the functions of each request and folds equal sets.
func (r *reader) fill(ran map[string][]string) {
	counts := map[string]float64{}
	sets := map[string]float64{}
	for _, functions := range ran {
		slices.Sort(functions)
		functions = slices.Compact(functions)
		for _, key := range functions {
			counts[key]++
		}
		sets[strings.Join(functions, "\n")]++
	}
	for key, n := range counts {
		r.u.Functions[key] = round(100 * n / r.u.Requests)
	}
	for joined, n := range sets {
		set := Set{Share: round(100 * n / r.u.Requests)}
		if joined != "" {
			set.Functions = strings.Split(joined, "\n")
		}
		r.u.Sets = append(r.u.Sets, set)
	}
	sortSets(r.u.Sets)
}

func sortSets(sets []Set) {
	slices.SortFunc(sets, func(a, b Set) int { return slices.Compare(a.Functions, b.Functions) })
}
