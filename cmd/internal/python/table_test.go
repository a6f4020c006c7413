//go:build unix

package python

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"fastpath/plan/profile"
)

// profiled are the modules of the table, by the version of Python.
var profiled = map[string][]string{
	"packages": {"awscli.clidriver", "cfnlint", "moto", "boto3", "sympy", "networkx", "flask"},
	"stdlib":   {"asyncio", "email", "http.server"},
}

// processes is how many processes of each kind the wall time is the median of.
const processes = 11

// TestProfileTable profiles each module three times, and holds the sum of the
// self times against the wall time of python -c "import MODULE" less that of the
// bare interpreter, the same of its CPU time, and the CPU time without the
// shut-down of the interpreter, which frees what was imported. It wants an idle machine and takes minutes, so it
// runs on demand: make profiles.
func TestProfileTable(t *testing.T) {
	which := os.Getenv("FASTPATH_PROFILES")
	if which == "" {
		t.Skip("takes minutes of an idle machine: make profiles")
	}
	versions := []string{"3.11"}
	if which == "stdlib" {
		versions = []string{"3.8", "3.9", "3.10", "3.11", "3.12", "3.13"}
	}
	if profiled[which] == nil {
		t.Fatalf("no table %q; there are %v", which, slices.Sorted(maps.Keys(profiled)))
	}
	found := pythons(t)
	t.Logf("%-6s %-18s %36s %9s %9s %7s %9s %7s %9s %7s", "python", "module", "import_ms and spread, three profiles", "sum self", "wall", "ratio", "CPU", "ratio", "no exit", "ratio")
	for _, version := range versions {
		python, ok := found[version]
		if !ok {
			t.Logf("%s: not under ~/.pyenv/versions", version)
			continue
		}
		for _, module := range profiled[which] {
			row, err := profileRow(t, python, module)
			if err != nil {
				t.Errorf("%s %s: %v", version, module, err)
				continue
			}
			t.Logf("%-6s %-18s %s", version, module, row)
		}
	}
}

func profileRow(t *testing.T, python, module string) (string, error) {
	ctx, dir := t.Context(), t.TempDir()
	var columns []string
	var sums []float64
	for range 3 {
		p, _, err := Profile(ctx, Options{Python: python, Dir: dir, Entry: []string{module}, Runs: 5, MaxIsolated: 1})
		if err != nil {
			return "", err
		}
		m := p.Modules[module]
		if m.Failed != "" {
			return "", fmt.Errorf("%s", m.Failed)
		}
		columns = append(columns, fmt.Sprintf("%7.1f ±%4.1f", m.ImportMS, m.SpreadMS))
		sum := 0.0
		for _, m := range p.Modules {
			sum += m.SelfMS
		}
		sums = append(sums, sum)
	}
	wall, cpu, short, err := wallTimes(ctx, python, dir, module)
	if err != nil {
		return "", err
	}
	sum := profile.Median(sums)
	return fmt.Sprintf("%s %9.1f %9.1f %7.2f %9.1f %7.2f %9.1f %7.2f", strings.Join(columns, ""), sum, wall, sum/wall, cpu, sum/cpu, short, sum/short), nil
}

// wallTimes is what importing the module adds to a process, in ms: to the life
// and the CPU time of one that shuts down, and to the CPU time of one that ends
// at once.
func wallTimes(ctx context.Context, python, dir, module string) (wall, cpu, short float64, err error) {
	s, err := NewSession(python, dir, nil)
	if err != nil {
		return 0, 0, 0, err
	}
	defer s.Close()
	programs := []string{"pass", "import " + module, "import os; os._exit(0)", "import os, " + module + "; os._exit(0)"}
	walls, cpus := make([][]float64, len(programs)), make([][]float64, len(programs))
	for run := range processes + 1 {
		for i, program := range programs {
			before := childrenCPU()
			took, _, err := s.start(ctx, s.limit(), "-c", program)
			if err != nil {
				return 0, 0, 0, err
			}
			if run > 0 { // the first compiles byte code
				walls[i] = append(walls[i], milliseconds(took.Nanoseconds()))
				cpus[i] = append(cpus[i], childrenCPU()-before)
			}
		}
	}
	less := func(samples [][]float64, a, b int) float64 {
		return profile.Median(samples[a]) - profile.Median(samples[b])
	}
	return less(walls, 1, 0), less(cpus, 1, 0), less(cpus, 3, 2), nil
}

// childrenCPU is the CPU time of all processes that have ended, in ms.
func childrenCPU() float64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_CHILDREN, &usage) != nil {
		return 0
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6
}
