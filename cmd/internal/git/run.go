package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ErrNone is returned where there is no repository, or no git to ask.
var ErrNone = errors.New("not in a git repository")

// A Failure is a git command that ended with an error.
type Failure struct {
	Command string // "commit", "worktree add", …
	Code    int    // exit code; -1 when it was killed
	Output  string // what it wrote to both streams, trimmed
}

func (f *Failure) Error() string {
	if f.Output == "" {
		return fmt.Sprintf("git %s ended with exit code %d", f.Command, f.Code)
	}
	return fmt.Sprintf("git %s ended with exit code %d:\n%s", f.Command, f.Code, f.Output)
}

// local are the variables by which git tells its hooks which repository they
// run for; inherited, they would lead our commands to that one.
var local = []string{"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG", "GIT_OBJECT_DIRECTORY", "GIT_DIR",
	"GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS",
	"GIT_REPLACE_REF_BASE", "GIT_PREFIX", "GIT_SHALLOW_FILE", "GIT_COMMON_DIR", "GIT_INTERNAL_SUPER_PREFIX"}

// looking holds for commands that only read: messages in English, which Open
// recognises, no locks, and no magic in paths.
var looking = []string{"LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_LITERAL_PATHSPECS=1"}

// patience is how long a cancelled git, or a hook that it leaves running, may
// take to end.
const patience = 3 * time.Second

// A call is one git command. What it leaves in the environment is seen by the
// user's hooks too, so that commands which run hooks add nothing to it.
type call struct {
	dir   string
	env   []string // beside the process's own
	input []byte
	args  []string
}

func (c call) environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return slices.Contains(local, name)
	})
	return append(env, c.env...)
}

// run returns standard output. A *Failure is returned when git ends with
// another code than 0, ErrNone when there is no git.
func (c call) run(ctx context.Context) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-c", "core.quotepath=off"}, c.args...)...)
	// Git tidies up after a signal that it can catch.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = patience
	cmd.Dir = c.dir
	cmd.Env = c.environment()
	if c.input != nil {
		cmd.Stdin = bytes.NewReader(c.input)
	}
	var out bytes.Buffer
	var all transcript
	cmd.Stdout, cmd.Stderr = io.MultiWriter(&out, &all), &all
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return out.Bytes(), nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &exit):
		return out.Bytes(), &Failure{Command: c.name(), Code: exit.ExitCode(), Output: strings.TrimSpace(all.text.String())}
	case errors.Is(err, exec.ErrNotFound):
		return nil, ErrNone
	}
	return nil, fmt.Errorf("running git %s: %w", c.name(), err)
}

// name is the command without options and their values.
func (c call) name() string {
	for i := 0; i < len(c.args); i++ {
		if c.args[i] == "-c" {
			i++
			continue
		}
		if c.args[i] == "worktree" && i+1 < len(c.args) {
			return "worktree " + c.args[i+1]
		}
		return c.args[i]
	}
	return ""
}

// A transcript takes both streams in the order in which they come: a failure
// shows what the user would have seen.
type transcript struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (t *transcript) Write(p []byte) (int, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.text.Write(p)
}

// fields are the NUL-terminated fields of output with -z.
func fields(out []byte) []string {
	text := strings.TrimSuffix(string(out), "\x00")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\x00")
}

// A Repo is a git repository with a work tree.
type Repo struct {
	Top    string // top of the work tree, absolute, links resolved
	Dir    string // the git folder of this work tree
	Common string // the git folder that all work trees share
	index  string // the index that a hook's caller named, for looks only
}

// Open finds the repository whose work tree holds dir. It returns ErrNone
// where there is none (a bare repository has none either), and a *Failure
// where git refuses to answer, for instance for the owner of the folder.
func Open(ctx context.Context, dir string) (*Repo, error) {
	ask := func(what ...string) (string, error) {
		out, err := call{dir: dir, env: looking, args: append([]string{"rev-parse"}, what...)}.run(ctx)
		// Only the last line end is git's; a path may hold others.
		return strings.TrimSuffix(string(out), "\n"), err
	}
	top, err := ask("--show-toplevel")
	if err != nil {
		var failed *Failure
		if errors.As(err, &failed) && (strings.Contains(failed.Output, "not a git repository") ||
			strings.Contains(failed.Output, "must be run in a work tree")) {
			return nil, ErrNone
		}
		return nil, err
	}
	own, err := ask("--absolute-git-dir")
	if err != nil {
		return nil, err
	}
	common, err := ask("--path-format=absolute", "--git-common-dir")
	if err != nil {
		return nil, err
	}
	r := &Repo{Top: filepath.FromSlash(top), Dir: filepath.FromSlash(own), Common: filepath.FromSlash(common)}
	r.index = r.inherited()
	return r, nil
}

// inherited is the index that GIT_INDEX_FILE names, if it is one of this
// repository: `git commit PATH` and `git commit -a` run their hooks with an
// index of their own, and what is staged is what stands there.
func (r *Repo) inherited() string {
	file := os.Getenv("GIT_INDEX_FILE")
	if file == "" {
		return ""
	}
	full, err := filepath.Abs(file)
	if err != nil {
		return ""
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(full)); err != nil || folder != r.Dir {
		return ""
	}
	return full
}

// look runs a command that reads, at the top of the work tree.
func (r *Repo) look(ctx context.Context, args ...string) ([]byte, error) {
	c := call{dir: r.Top, env: looking, args: args}
	if r.index != "" {
		c.env = append(slices.Clone(c.env), "GIT_INDEX_FILE="+r.index)
	}
	return c.run(ctx)
}
