package run

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"fastpath/plan"
)

// peers parses the files named on standard input with CPython's own parser,
// and one in forty with LibCST where it is installed. It prints CPU seconds
// and bytes of each.
const peers = `
import ast, sys, time, warnings
warnings.simplefilter("ignore")
sources = []
for path in sys.stdin.read().split("\0"):
    if path:
        with open(path, "rb") as file:
            sources.append(file.read())
def run(parse, sources):
    begin, size = time.process_time(), 0
    for source in sources:
        try:
            parse(source)
            size += len(source)
        except Exception:
            pass
    return time.process_time() - begin, size
sys.setrecursionlimit(5000)
print(*run(ast.parse, sources))
try:
    import libcst
except ImportError:
    print(0, 0)
else:
    print(*run(libcst.parse_module, sources[::40]))
`

// BenchmarkFacts gathers the facts of a whole standard library, cold and from
// the cache, on all cores, and reads the same bytes with CPython's ast.parse
// in the same run. Speeds are given for a second of CPU time, so that they can
// be compared; the ratios are what counts. FASTPATH_BENCH_TREE names another
// tree.
func BenchmarkFacts(b *testing.B) {
	root := libraryOf(b)
	job, bytesRead := jobOver(b, root)
	b.Setenv("XDG_CACHE_HOME", b.TempDir())
	parse, parsed, cst, cstParsed := peersOver(b, root, job)
	for b.Loop() {
		cold, coldWall := cpuOf(func() { Gather(job) })
		job.Memory = OpenMemory(root)
		Gather(job)
		job.Memory.Close()
		job.Memory = OpenMemory(root)
		warm, warmWall := cpuOf(func() { Gather(job) })
		job.Memory.Close()
		job.Memory = nil
		mb := float64(bytesRead) / 1e6
		b.ReportMetric(mb/cold, "cold-MB/cpu-s")
		b.ReportMetric(mb/coldWall, "cold-MB/s")
		b.ReportMetric(mb/warmWall, "cached-MB/s")
		b.ReportMetric(warm/cold, "cached/cold")
		b.ReportMetric(float64(parsed)/1e6/parse, "ast.parse-MB/cpu-s")
		b.ReportMetric((mb/cold)/(float64(parsed)/1e6/parse), "cold-vs-ast.parse")
		if cst > 0 {
			b.ReportMetric((mb/cold)/(float64(cstParsed)/1e6/cst), "cold-vs-libcst")
		}
		b.ReportMetric(peakMB(), "peak-MB")
	}
}

// libraryOf is the folder of the standard library of python3.
func libraryOf(b *testing.B) string {
	if tree := os.Getenv("FASTPATH_BENCH_TREE"); tree != "" {
		return tree
	}
	out, err := exec.Command(python(), "-c", "import os; print(os.path.dirname(os.__file__))").Output()
	if err != nil {
		b.Skipf("%s does not run: %v", python(), err)
	}
	return strings.TrimSpace(string(out))
}

func python() string {
	if p := os.Getenv("FASTPATH_PYTHON"); p != "" {
		return p
	}
	return "python3"
}

func jobOver(b *testing.B, root string) (Job, int) {
	size := 0
	job := Job{Policy: plan.Default(), Workers: runtime.NumCPU(), Read: func(path string) ([]byte, error) {
		return os.ReadFile(filepath.Join(root, path))
	}}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "site-packages" {
			return filepath.SkipDir
		}
		if !d.Type().IsRegular() || filepath.Ext(path) != ".py" {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		size += int(info.Size())
		rel, err := filepath.Rel(root, path)
		job.Files = append(job.Files, File{Path: filepath.ToSlash(rel)})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	sort.Slice(job.Files, func(i, j int) bool { return job.Files[i].Path < job.Files[j].Path })
	return job, size
}

func peersOver(b *testing.B, root string, job Job) (parse float64, parsed int, cst float64, cstParsed int) {
	var names bytes.Buffer
	for _, f := range job.Files {
		names.WriteString(filepath.Join(root, f.Path) + "\x00")
	}
	cmd := exec.Command(python(), "-c", peers)
	cmd.Stdin, cmd.Stderr = &names, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("running the peers: %v", err)
	}
	fields := strings.Fields(string(out))
	if len(fields) != 4 {
		b.Fatalf("the peers printed %q", out)
	}
	number := func(i int) float64 {
		x, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			b.Fatal(err)
		}
		return x
	}
	return number(0), int(number(1)), number(2), int(number(3))
}

// cpuOf gives the CPU and the wall time of do in seconds.
func cpuOf(do func()) (cpu, wall float64) {
	before, begin := usageNow(), time.Now()
	do()
	after := usageNow()
	return seconds(after) - seconds(before), time.Since(begin).Seconds()
}

func usageNow() syscall.Rusage {
	var u syscall.Rusage
	// It fails only for an unknown target.
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u
}

func seconds(u syscall.Rusage) float64 {
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// peakMB is the largest resident size of this process so far.
func peakMB() float64 {
	u := usageNow()
	return float64(u.Maxrss) / 1024
}
