package python

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Default is the interpreter of a configuration that names none. Only then are
// virtual environments looked for.
const Default = "python3"

// An Interpreter is a Python that can run the probe.
type Interpreter struct {
	Path    string // the executable itself, not a shim in front of it
	Version string // "3.11.7"
	// Implementation is what kind of Python it is: "CPython", "PyPy".
	Implementation string
}

const inspect = `import sys
sys.stdout.write("%d.%d.%d\n%s\n%s" % (tuple(sys.version_info[:3]) + (sys.implementation.name, sys.executable)))`

// implementations are spelled as platform.python_implementation does.
var implementations = map[string]string{"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalVM"}

// Find gives the project's interpreter. configured is a path relative to dir, or
// a command. For Default (or "") the active virtual environment comes first, then
// .venv, venv and env below dir, then the commands python3 and python.
//
// A Python before 3.8 is an error.
func Find(ctx context.Context, dir, configured string) (Interpreter, error) {
	path, err := locate(dir, configured)
	if err != nil {
		return Interpreter{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "-c", inspect)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return Interpreter{}, fmt.Errorf("asking %q for its version: %w; set python in the configuration to a Python from 3.8", path, err)
	}
	version, rest, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	name, executable, _ := strings.Cut(rest, "\n")
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil {
		return Interpreter{}, fmt.Errorf("asking %q for its version: it says %q", path, version)
	}
	if major < 3 || major == 3 && minor < 8 {
		return Interpreter{}, fmt.Errorf("%q is Python %s; set python in the configuration to a Python from 3.8", path, version)
	}
	if executable = strings.TrimSpace(executable); executable != "" {
		path = executable
	}
	if known, found := implementations[strings.TrimSpace(name)]; found {
		name = known
	}
	return Interpreter{Path: path, Version: version, Implementation: name}, nil
}

func locate(dir, configured string) (string, error) {
	if configured != "" && configured != Default {
		path := configured
		if strings.ContainsAny(path, `/\`) && !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		found, err := exec.LookPath(path)
		if err != nil {
			return "", fmt.Errorf("finding the interpreter %q of the configuration: %w", configured, err)
		}
		return filepath.Abs(found)
	}
	var environments []string
	if active := os.Getenv("VIRTUAL_ENV"); active != "" {
		environments = append(environments, active)
	}
	for _, name := range []string{".venv", "venv", "env"} {
		environments = append(environments, filepath.Join(dir, name))
	}
	inside := filepath.Join("bin", "python")
	if runtime.GOOS == "windows" {
		inside = filepath.Join("Scripts", "python.exe")
	}
	for _, environment := range environments {
		if _, err := os.Stat(filepath.Join(environment, "pyvenv.cfg")); err != nil {
			continue
		}
		if found, err := exec.LookPath(filepath.Join(environment, inside)); err == nil {
			return filepath.Abs(found)
		}
	}
	for _, command := range []string{"python3", "python"} {
		if found, err := exec.LookPath(command); err == nil {
			return filepath.Abs(found)
		}
	}
	return "", errors.New("finding an interpreter: neither a virtual environment nor python3 on PATH; set python in the configuration")
}
