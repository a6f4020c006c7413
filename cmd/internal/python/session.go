package python

import (
	"context"
	_ "embed"
	"encoding/json"
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

//go:embed effects.py
var effects []byte

// grace is how long after its limit a process is killed: the probe ends a
// hanging import itself, which tells where it hangs.
const grace = 3 * time.Second

// maxOutput bounds what is kept of the output of one process.
const maxOutput = 1 << 20

// A Session runs one interpreter with byte code of its own, kept outside the
// user's tree and warm from one run to the next. It is safe for use by several
// goroutines.
type Session struct {
	Python  string        // the interpreter
	Dir     string        // working directory of the processes
	Env     []string      // added to the environment, "NAME=value"
	Src     []string      // import roots, relative to Dir; none means Dir
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
	if err := errors.Join(
		os.WriteFile(s.path("probe.py"), probe, 0o600),
		os.WriteFile(s.path("effects.py"), effects, 0o600),
	); err != nil {
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

// path names a file of the session's own.
func (s *Session) path(name string) string { return filepath.Join(s.temp, name) }

// A RunError is a process that did not do what it was started for.
type RunError struct {
	Reason string // "took longer than 1m0s", "exit status 1"
	Place  string // of a hang or a crash, where known: ", at app/main.py:3"
	Output string // its traceback, or the end of what it wrote
}

func (e *RunError) Error() string {
	last := lastLine(e.Output)
	switch {
	case e.Place != "":
		return e.Reason + e.Place
	case last == "" || last == e.Reason:
		return e.Reason
	}
	return e.Reason + ": " + last
}

func (s *Session) runError(reason, output string) *RunError {
	e := &RunError{Reason: reason, Output: s.traceback(output)}
	if !strings.HasPrefix(e.Output, "Traceback") {
		e.Place = s.endsAt(e.Output)
	}
	return e
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// A report is what the probe found in one process. Which parts are filled
// depends on the command.
type report struct {
	Name  string
	Done  bool // the import came to an end
	NS    int64
	CPUNS int64   `json:"cpu_ns"` // of all threads
	RSSKB float64 `json:"rss_kb"`
	Peak  float64 `json:"peak_kb"`
	Loads int     // modules
	File  string  // of the module itself
	First int64   `json:"first_ns"`
	Warm  []int64 `json:"warm_ns"`
	// Serving tells that Error was raised by a request and not by the import.
	Serving bool
	Error   *failure
	// Errors are of the modules of a batch, by name.
	Errors map[string]*failure
	Times  map[string][2]int64 // self and cumulative, nanoseconds

	Floor, Loaded []string
	Failed        map[string]string
	Edges         []struct {
		From, To     string
		Lazy, Called bool
	}
	Effects                          map[string][]string
	Attributes                       []string            // wanted names that are no modules
	Names                            map[string][]string // of each module: wanted attributes that are modules, classes, functions
	Places                           map[string][2]string
	Python, Implementation, Platform string
}

// A failure is what an import raised.
type failure struct{ Line, Traceback, Missing string }

// probe runs one command of the probe on a module in a fresh process. An import
// that raises is no error: the report holds what it raised.
func (s *Session) probe(ctx context.Context, command, module string, more ...string) (*report, error) {
	return s.probeWithin(ctx, s.limit(), command, module, more...)
}

// probeWithin is probe with a limit for the process that is not that of one
// import.
func (s *Session) probeWithin(ctx context.Context, within time.Duration, command, module string, more ...string) (*report, error) {
	result, err := os.CreateTemp(s.temp, "result-*.json")
	if err != nil {
		return nil, fmt.Errorf("making a file for the result: %w", err)
	}
	defer os.Remove(result.Name())
	if err := result.Close(); err != nil {
		return nil, fmt.Errorf("making a file for the result: %w", err)
	}
	limit := strconv.FormatFloat(s.limit().Seconds(), 'f', 3, 64)
	args := slices.Concat([]string{s.path("probe.py"), result.Name(), command, limit, s.Dir}, s.roots(), []string{"--", module}, more)
	_, output, ended := s.start(ctx, within+grace, args...)
	data, err := os.ReadFile(result.Name())
	if err != nil {
		return nil, errors.Join(ended, fmt.Errorf("reading the result: %w", err))
	}
	r := &report{Name: module}
	if len(data) > 0 {
		if err := json.Unmarshal(data, r); err != nil {
			return nil, errors.Join(ended, fmt.Errorf("reading the result: %w", err))
		}
	}
	if r.Error != nil {
		r.Error.Traceback = s.traceback(r.Error.Traceback)
	}
	if ended == nil && !r.Done {
		ended = &RunError{Reason: "the process ended while it was importing", Output: output}
	}
	return r, ended
}

// start runs the interpreter to its end, and gives the time from its start and
// the end of its output.
func (s *Session) start(ctx context.Context, within time.Duration, args ...string) (time.Duration, string, error) {
	timed, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	cmd := exec.CommandContext(timed, s.Python, args...)
	cmd.Dir = s.Dir
	cmd.Env = s.environ()
	var output tail
	cmd.Stdout, cmd.Stderr = &output, &output
	// A grandchild may hold the pipes open after the process has ended.
	cmd.WaitDelay = 2 * time.Second
	ownGroup(cmd)
	began := time.Now()
	err := cmd.Run()
	took := time.Since(began)
	endGroup(cmd)
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return took, "", ctx.Err()
	case timed.Err() != nil || err != nil && strings.Contains(output.String(), "Timeout (0:"):
		return took, "", s.runError(fmt.Sprintf("took longer than %v", s.limit()), output.String())
	case errors.As(err, &exit):
		return took, "", s.runError(exit.Error(), output.String())
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return took, "", fmt.Errorf("starting %q: %w", s.Python, err)
	}
	return took, output.String(), nil
}

func (s *Session) limit() time.Duration {
	if s.Timeout <= 0 {
		return time.Minute
	}
	return s.Timeout
}

// roots are the import roots.
func (s *Session) roots() []string {
	if len(s.Src) == 0 {
		return []string{s.Dir}
	}
	var roots []string
	for _, root := range s.Src {
		if !filepath.IsAbs(root) {
			root = filepath.Join(s.Dir, root)
		}
		roots = append(roots, root)
	}
	return roots
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
	sample, err := s.Sample(ctx, Target{Module: module}, 0)
	return time.Duration(sample.WallMS * float64(time.Millisecond)), err
}

// Floor starts the bare interpreter and ends it at once: what every cold start
// pays before the first import.
func (s *Session) Floor(ctx context.Context) (time.Duration, error) {
	took, _, err := s.start(ctx, s.limit(), "-c", "import os; os._exit(0)")
	if err != nil {
		return 0, fmt.Errorf("starting the bare interpreter: %w", err)
	}
	return took, nil
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
