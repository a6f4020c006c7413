package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkCheckStaged checks 20 staged files in a tree of 5,000: without the
// cache, with it and the 20 files just edited, and once more with nothing
// changed; and has ruff check the same files in the same run. Times are of
// whole processes; cpu-ms holds on a busy machine too. Copies of the standard
// library make the tree; FASTPATH_RUFF names another ruff than that on PATH.
func BenchmarkCheckStaged(b *testing.B) {
	ruff, err := exec.LookPath(cmp.Or(os.Getenv("FASTPATH_RUFF"), "ruff"))
	if err != nil {
		b.Skip("needs ruff: pip install ruff")
	}
	b.Setenv("XDG_CACHE_HOME", b.TempDir())
	dir := b.TempDir()
	staged := stagedTree(b, dir, 5000, 20)
	check := append([]string{"fastpath", "check", "-q"}, staged...)
	style := append([]string{ruff, "check", "-q", "--isolated", "--cache-dir", b.TempDir()}, staged...)

	edits := 0
	edit := func() {
		edits++
		for _, name := range staged {
			f, err := os.OpenFile(filepath.Join(dir, name), os.O_APPEND|os.O_WRONLY, 0)
			if err == nil {
				_, err = fmt.Fprintf(f, "# edit %d\n", edits)
				err = errors.Join(err, f.Close())
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	timed(b, dir, append(check, "--verbose")...) // fills the cache
	timed(b, dir, style...)
	for b.Loop() {
		cold, coldCPU := timed(b, dir, append(check, "--no-cache")...)
		edit()
		edited, editedCPU := timed(b, dir, check...)
		same, sameCPU := timed(b, dir, check...)
		edit()
		other, otherCPU := timed(b, dir, style...)
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		b.ReportMetric(ms(cold), "no-cache-ms")
		b.ReportMetric(ms(edited), "edited-ms")
		b.ReportMetric(ms(same), "same-ms")
		b.ReportMetric(ms(other), "ruff-ms")
		b.ReportMetric(ms(coldCPU), "no-cache-cpu-ms")
		b.ReportMetric(ms(editedCPU), "edited-cpu-ms")
		b.ReportMetric(ms(sameCPU), "same-cpu-ms")
		b.ReportMetric(ms(otherCPU), "ruff-cpu-ms")
		b.ReportMetric(float64(edited)/float64(other), "edited-vs-ruff")
		b.ReportMetric(float64(editedCPU)/float64(coldCPU), "edited-vs-no-cache")
	}
}

// stagedTree makes a repository of so many files, the last of which are staged.
func stagedTree(b *testing.B, dir string, files, staged int) (names []string) {
	b.Helper()
	out, err := exec.Command(cmp.Or(os.Getenv("FASTPATH_PYTHON"), "python3"), "-c", "import os; print(os.path.dirname(os.__file__))").Output()
	if err != nil {
		b.Skipf("needs python3: %v", err)
	}
	library := strings.TrimSpace(string(out))
	var sources []string
	err = filepath.WalkDir(library, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "site-packages" || d.Name() == "lib2to3" || d.Name() == "test"):
			return filepath.SkipDir
		case d.Type().IsRegular() && filepath.Ext(path) == ".py":
			sources = append(sources, path)
		}
		return nil
	})
	if err != nil || len(sources) == 0 {
		b.Fatalf("the standard library at %q: %v", library, err)
	}
	all := []string{}
	for n := 0; len(all) < files-1; n++ {
		for _, source := range sources[:min(len(sources), files-1-len(all))] {
			rel, err := filepath.Rel(library, source)
			if err != nil {
				b.Fatal(err)
			}
			data, err := os.ReadFile(source)
			if err != nil {
				b.Fatal(err)
			}
			name := filepath.ToSlash(filepath.Join(fmt.Sprintf("copy%d", n), rel))
			place(b, dir, name, data)
			all = append(all, name)
		}
	}
	place(b, dir, "lambda_function.py", []byte("import json\n\nfrom copy0 import argparse, tarfile\n\n\ndef handler(event, context):\n    return json.dumps([argparse, tarfile])\n"))
	place(b, dir, "fastpath.toml", []byte("entry = [\"lambda_function.py\"]\n"))
	place(b, dir, ".fastpath/profile.json", []byte(`{"json": 0.8, "re": 3, "decimal": 12, "email": 40, "asyncio": 120, "copy0.argparse": 9, "copy0.tarfile": 30}`))
	place(b, dir, ".fastpath/usage.json", []byte(`{"copy0.tarfile": 95, "decimal": 5, "email": 90}`))
	place(b, dir, ".gitignore", []byte("__pycache__/\n"))
	git := func(args ...string) {
		cmd := exec.Command("git", append([]string{"-c", "user.name=Test", "-c", "user.email=test@example.invalid"}, args...)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
	git("init", "-q", "-b", "main")
	git("add", ".")
	git("commit", "-q", "-m", "start")
	for i := range staged {
		names = append(names, all[i*len(all)/staged])
	}
	return names
}

// timed runs a command that may find something, and gives its time and that of
// the processor.
func timed(b *testing.B, dir string, command ...string) (wall, cpu time.Duration) {
	b.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	var errs bytes.Buffer
	cmd.Stderr = &errs
	began := time.Now()
	err := cmd.Run()
	wall = time.Since(began)
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != exitFindings) {
		b.Fatalf("%s: %v\n%s", command[0], err, errs.String())
	}
	return wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}
