// Package run is the pipeline: files in, facts, plan and proven changes out.
//
// It knows the order of the stages and how to spread them over workers. It
// must not know flags, output formats or how anything is written to disk. Its
// invariant: what it returns depends on the bytes of the files, the policy and
// the data alone, never on the number of workers or the order they finish in;
// and every change it returns has passed its proof.
package run

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"fastpath/plan"
	"fastpath/plan/profile"
	"fastpath/plan/usage"
	"fastpath/rewrite"
)

// A File is one Python file of the tree.
type File struct {
	Path  string // slash path relative to the root
	Named bool   // named by the user, not found by walking
	// Mark is the same as long as the content is; "" promises nothing.
	Mark string
}

// A Job is what a run works on.
type Job struct {
	Files    []File // the whole tree, sorted by path
	Read     func(path string) ([]byte, error)
	Policy   plan.Policy
	Layout   func(path string) rewrite.Layout // of a file's imports; nil: as the files show
	Profile  *profile.Profile
	Usage    *usage.Usage
	Selected func(path string) bool // the files that may change; nil: all
	Workers  int
	Memory   *Memory
	// MovesOnly asks for what moves and nothing else: no facts are gathered of
	// files that have no part in that, and only the other files are looked at
	// for damage.
	MovesOnly bool
	// OnDemand leaves facts that are known from the cache there until a plan asks
	// for them: see ondemand.go.
	OnDemand bool
	// Progress, when set, hears from any worker how far a stage is.
	Progress func(stage string, done, total int)
}

// A Skip is a file that could not be read or parsed.
type Skip struct {
	Path string
	Line int // 0 when the file could not be read at all
	Err  error
}

func (s Skip) Error() string {
	if s.Line > 0 {
		return fmt.Sprintf("%s:%s", s.Path, s.Err)
	}
	return fmt.Sprintf("%s: %s", s.Path, s.Err)
}

// Unwrap gives the reason.
func (s Skip) Unwrap() error { return s.Err }

// A Survey is the tree as facts.
type Survey struct {
	job     Job
	digests map[string][sha256.Size]byte // of the bytes each module's facts describe
	own     map[string]bool              // top-level modules of the tree itself

	Input   plan.Input
	Chosen  []bool // which of Input.Modules may change
	Skipped []Skip // in path order
	Passed  int    // how many of Input.Modules are no more than names, or outlines: see Job.MovesOnly and Job.OnDemand
}

// ErrChanged tells that a file is no longer what its facts were made from.
var ErrChanged = errors.New("the file changed while it was being worked on; run again")

// reread gives the bytes that the facts of path were made from.
func (s *Survey) reread(path string) ([]byte, error) {
	data, err := s.job.Read(path)
	if err != nil {
		return nil, err
	}
	if sha256.Sum256(data) != s.digests[path] {
		return nil, fmt.Errorf("reading %q again: %w", path, ErrChanged)
	}
	return data, nil
}

// SortFiles puts files into the order that a job needs.
func SortFiles(files []File) {
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
}
