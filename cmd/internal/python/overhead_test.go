package python

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"fastpath/plan/profile"
)

// server answers each line with the nanoseconds of CPU time that so many requests took: as
// they are for the mode plain, else recorded with every=mode, 0 for the default.
const server = `
import sys, time
from app import work
mode, handler = sys.argv[1], work.handle
if mode != "plain":
    from fastpath_recorder import Recorder
    recorder = Recorder("usage-%s.json" % mode, every=int(mode) or None, seconds=1e9)
    handler = recorder.handler(handler)
clock = time.process_time_ns
for line in sys.stdin:
    requests = range(int(line))
    start = clock()
    for n in requests:
        handler(n)
    print(clock() - start, flush=True)
`

// functions is how many functions of the application a request runs.
const functions = 50

// work is an application whose handler runs functions of some microseconds each.
func work() string {
	var text strings.Builder
	text.WriteString("import json\n")
	calls := ""
	for i := range functions - 1 {
		fmt.Fprintf(&text, "def s%d(n):\n    return json.dumps({'id': n, 'name': 'item', 'tags': [n, %d]})\n", i, i)
		calls += fmt.Sprintf("    s%d(n)\n", i)
	}
	return text.String() + "def handle(n):\n" + calls
}

// BenchmarkRecorder compares a handler that is recorded with the same handler
// by itself, in processes that take turns. The ratios are of the medians of
// many turns; ns/call is what the recorder adds to each call of a function.
func BenchmarkRecorder(b *testing.B) {
	const turns, requests = 41, 200
	found := pythons(b)
	for _, version := range []string{"3.9", "3.11", "3.13"} {
		python, ok := found[version]
		if !ok {
			continue
		}
		b.Run(version, func(b *testing.B) {
			dir := tree(b, map[string]string{
				"fastpath_recorder.py": string(Recorder()), "app/__init__.py": "", "app/work.py": work(), "server.py": server})
			modes := []string{"plain", "0", "1"}
			servers := make([]*conversation, len(modes))
			for i, mode := range modes {
				servers[i] = converse(b, dir, python, "server.py", mode)
			}
			samples := make([][]float64, len(modes))
			for b.Loop() {
				for turn := range turns + 1 {
					for i := range servers {
						at := (i + turn) % len(servers)
						took := servers[at].ask(b, requests)
						if turn > 0 { // the first names the functions
							samples[at] = append(samples[at], took/requests)
						}
					}
				}
			}
			plain := profile.Median(samples[0])
			b.ReportMetric(plain/1000, "us/request")
			for i, what := range []string{"default", "traced"} {
				recorded := profile.Median(samples[i+1])
				b.ReportMetric(recorded/plain, what+"-ratio")
				b.ReportMetric((recorded-plain)/functions, what+"-ns/call")
			}
			b.ReportMetric(0, "ns/op") // the time of the whole says nothing
		})
	}
}

// A conversation is a process that answers lines with lines.
type conversation struct {
	in  io.WriteCloser
	out *bufio.Scanner
}

func converse(b *testing.B, dir, python string, args ...string) *conversation {
	b.Helper()
	cmd := exec.Command(python, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			b.Error(err)
		}
	})
	return &conversation{in, bufio.NewScanner(out)}
}

func (c *conversation) ask(b *testing.B, n int) float64 {
	b.Helper()
	fmt.Fprintln(c.in, n)
	if !c.out.Scan() {
		b.Fatal("the server ended")
	}
	took, err := strconv.ParseFloat(c.out.Text(), 64)
	if err != nil {
		b.Fatal(err)
	}
	return took
}
