package python

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed probe.py
var probe []byte

// maxOutput bounds what is kept of the output of one process.
const maxOutput = 1 << 20

// A Session runs one interpreter with byte code of its own, kept outside the
// user's tree and warm from one run to the next. It is safe for use by several
// goroutines.
type Session struct {
	Python  string        // the interpreter
	Dir     string        // working directory of the processes
	Env     []string      // added to the environment, "NAME=value"
	Timeout time.Duration // of one process; 0 means a minute
	temp    string
}

// NewSession prepares a temporary folder; Close removes it.
func NewSession(python, dir string, env []string) (*Session, error) {
	temp, err := os.MkdirTemp("", "fastpath-python-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for byte code: %w", err)
	}
	s := &Session{Python: python, Dir: dir, Env: env, temp: temp}
	if err := os.WriteFile(s.probe(), probe, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("writing the probe: %w", err), s.Close())
	}
	return s, nil
}

// Close removes the byte code and all else that the session wrote.
func (s *Session) Close() error {
	if err := os.RemoveAll(s.temp); err != nil {
		return fmt.Errorf("removing the folder of byte code: %w", err)
	}
	return nil
}

func (s *Session) probe() string { return filepath.Join(s.temp, "probe.py") }

// A RunError is a process that did not do what it was started for.
type RunError struct {
	Reason string // "took longer than 1m0s", "exit status 1"
	Output string // the end of what it wrote to stderr, the traceback above all
}

func (e *RunError) Error() string {
	if e.Output == "" {
		return e.Reason
	}
	return e.Reason + ": " + lastLine(e.Output)
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// run starts one fresh process, gives it the arguments after the probe's file,
// and returns what it wrote to its result file.
func (s *Session) run(ctx context.Context, args ...string) ([]byte, error) {
	limit := s.Timeout
	if limit == 0 {
		limit = time.Minute
	}
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	result, err := os.CreateTemp(s.temp, "result-*.json")
	if err != nil {
		return nil, fmt.Errorf("making a file for the result: %w", err)
	}
	defer os.Remove(result.Name())
	if err := result.Close(); err != nil {
		return nil, fmt.Errorf("making a file for the result: %w", err)
	}

	cmd := exec.CommandContext(timed, s.Python, append([]string{s.probe(), result.Name()}, args...)...)
	cmd.Dir = s.Dir
	cmd.Env = s.environ()
	var output tail
	cmd.Stdout, cmd.Stderr = &output, &output
	// A grandchild may hold the pipes open after the process has ended.
	cmd.WaitDelay = 2 * time.Second
	ownGroup(cmd)
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case timed.Err() != nil:
		return nil, &RunError{Reason: fmt.Sprintf("took longer than %v", limit), Output: output.String()}
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return nil, &RunError{Reason: exit.Error(), Output: output.String()}
		}
		return nil, fmt.Errorf("starting %q: %w", s.Python, err)
	}
	data, err := os.ReadFile(result.Name())
	if err != nil {
		return nil, fmt.Errorf("reading the result: %w", err)
	}
	if len(data) == 0 {
		// The module ended the process: sys.exit, os._exit.
		return nil, &RunError{Reason: "the process ended while it was importing", Output: output.String()}
	}
	return data, nil
}

// environ is the user's environment with the byte code moved out of the tree
// and without what would distort the figures.
func (s *Session) environ() []string {
	env := slices.DeleteFunc(append(os.Environ(), s.Env...), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		switch name {
		case "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "PYTHONVERBOSE",
			"PYTHONINSPECT", "PYTHONFAULTHANDLER", "PYTHONTRACEMALLOC", "PYTHONDEVMODE":
			return true
		}
		return false
	})
	// Sets order by the hash of their strings: a fixed seed makes the runs alike.
	return append(env, "PYTHONPYCACHEPREFIX="+filepath.Join(s.temp, "pycache"), "PYTHONHASHSEED=0", "PYTHONIOENCODING=utf-8")
}

// ColdStart imports module in one fresh process after another and gives the
// time each import took inside the process: the start-up of the interpreter is
// not in it. module is a dotted name, or the path of a file below dir. The first
// process only warms the byte code and is not among the runs.
func ColdStart(ctx context.Context, python, dir string, env []string, module string, runs int) (samples []time.Duration, err error) {
	s, err := NewSession(python, dir, env)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for run := range runs + 1 {
		took, err := s.ColdStart(ctx, module)
		if err != nil {
			return nil, err
		}
		if run > 0 {
			samples = append(samples, took)
		}
	}
	return samples, nil
}

// ColdStart imports module once in a fresh process. The caller discards the
// first sample of a session, which compiles byte code.
func (s *Session) ColdStart(ctx context.Context, module string) (time.Duration, error) {
	data, err := s.run(ctx, "time", s.Dir, module)
	if err != nil {
		if ctx.Err() != nil {
			return 0, err
		}
		return 0, fmt.Errorf("importing %s: %w", module, err)
	}
	ns, err := strconv.ParseInt(string(bytes.TrimSpace(data)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("reading the time of importing %s: %w", module, err)
	}
	return time.Duration(ns), nil
}

// A tail keeps the end of what is written to it.
type tail struct{ data []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.data = append(t.data, p...)
	if len(t.data) > 2*maxOutput {
		t.data = slices.Clone(t.data[len(t.data)-maxOutput:])
	}
	return len(p), nil
}

func (t *tail) String() string {
	return strings.ToValidUTF8(string(t.data[max(0, len(t.data)-maxOutput):]), "?")
}
