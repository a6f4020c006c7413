package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

// A workflow is what the recipe for GitHub Actions says, as far as it is run
// here.
type workflow struct {
	On   map[string]any
	Jobs map[string]struct {
		If    string
		Steps []recipeStep
	}
}

type recipeStep struct {
	Name, Uses, Run, If string
	With                map[string]string
}

var eventOf = regexp.MustCompile(`^github\.event_name == '(\w+)'$`)

// TestRecipe runs the steps of the recipe, one by one and as they are written,
// on the sample application: what its actions set up is set up by hand.
func TestRecipe(t *testing.T) {
	if testing.Short() {
		t.Skip("builds, profiles and measures: not with -short")
	}
	for _, tool := range []string{"bash", "git", "make"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the recipe needs %s: install it with the system's package manager", tool)
		}
	}
	text, err := os.ReadFile(filepath.Join(root(t), "fixtures", "recipe", "fastpath.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var w workflow
	if err := yaml.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	r := &runner{t: t, dir: t.TempDir(), workflow: w}
	r.repository()

	// A pull request that moves what is slow, and one that adds what is slow.
	r.git("switch", "-q", "-c", "faster")
	r.fastpath("apply")
	r.fastpath("init", "--tests")
	r.git("add", ".")
	r.git("commit", "-q", "-m", "Move slow imports to where they are used")
	r.want(r.event("pull_request", "main"), "")
	r.shows("# Cold start: ", "| min-improvement | 40 % |", "## fastpath: 0 errors")
	r.git("add", ".")
	r.git("commit", "-q", "-m", "Measured")
	r.git("push", "-q", "origin", "faster:main")

	r.git("switch", "-q", "-c", "slower")
	r.append("gateway.py", "import pandas\n\n\ndef table(rows):\n    return pandas.DataFrame(rows)\n")
	r.git("commit", "-q", "-a", "-m", "Add tables")
	r.want(r.event("pull_request", "main"), "Check that imports stand where they belong")
	r.shows("FP104 new-eager-module")

	// A month later. Whether the figures of this machine need a person is not
	// asked: those of the sample were written by hand.
	r.git("switch", "-q", "faster")
	if failed := r.event("schedule", ""); failed != "" {
		r.want(failed, "Profile again and review, and fail if something needs a person")
	}
	r.shows("# fastpath audit, ", "## Entries of fast_path.py", "| fast_path.py:", "## Trend of the cold start")
	branch := r.git("show", "--stat", "--format=%s", "refs/remotes/origin/fastpath-review")
	for _, want := range []string{"Review the imports", "profile.json", "history.jsonl", "audit.md"} {
		if !strings.Contains(branch, want) {
			t.Errorf("the branch of the review holds no %s:\n%s", want, branch)
		}
	}
}

// A runner runs a workflow in a repository of its own.
type runner struct {
	t        *testing.T
	dir      string
	workflow workflow
	summary  string // what the last event left in GITHUB_STEP_SUMMARY
}

func (r *runner) path(parts ...string) string {
	return filepath.Join(append([]string{r.dir}, parts...)...)
}

// repository makes a work tree with the sample and the origin that it pushes to.
func (r *runner) repository() {
	r.t.Helper()
	if err := os.CopyFS(r.path("work"), os.DirFS(filepath.Join(root(r.t), "fixtures", "sample"))); err != nil {
		r.t.Fatal(err)
	}
	// A busy machine must not miss a target.
	config := r.path("work", "pyproject.toml")
	text, err := os.ReadFile(config)
	if err == nil {
		err = os.WriteFile(config, []byte(strings.Replace(string(text), "cold-start-ms = 2000", "cold-start-ms = 600000", 1)), 0o666)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	place(r.t, r.path("work"), "requirements.txt", nil)
	place(r.t, r.path("work"), ".gitignore", []byte("__pycache__/\n/fastpath-source\n"))
	if err := os.Mkdir(r.path("tools"), 0o777); err != nil {
		r.t.Fatal(err)
	}
	for _, name := range []string{"python", "python3"} {
		if err := os.Symlink(r.python(), r.path("tools", name)); err != nil {
			r.t.Fatal(err)
		}
	}
	r.git("init", "-q", "-b", "main")
	r.git("add", ".")
	r.git("commit", "-q", "-m", "The sample")
	r.git("init", "-q", "--bare", r.path("origin"))
	r.git("remote", "add", "origin", r.path("origin"))
	r.git("push", "-q", "origin", "main")
}

func (r *runner) python() string {
	r.t.Helper()
	full, err := exec.LookPath(interpreter(r.t))
	if err != nil {
		r.t.Fatal(err)
	}
	if err := exec.Command(full, "-m", "pip", "--version").Run(); err != nil {
		r.t.Skipf("the recipe needs pip: run %s -m ensurepip", full)
	}
	// On a machine that is this busy, imports run into the limits of time.
	began := time.Now()
	if err := exec.Command(full, "-c", "pass").Run(); err != nil {
		r.t.Fatal(err)
	}
	if took := time.Since(began); took > time.Second {
		r.t.Skipf("the machine is too busy to measure on, starting Python took %v: run it again when it is idle", took)
	}
	return full
}

func (r *runner) environment(more ...string) []string {
	env := append(os.Environ(), "HOME="+r.dir, "XDG_CACHE_HOME="+r.path("cache"), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
		"GIT_AUTHOR_NAME=Test", "GIT_AUTHOR_EMAIL=test@example.invalid", "GIT_COMMITTER_NAME=Test", "GIT_COMMITTER_EMAIL=test@example.invalid",
		"BUDGET=20s", "PIP_NO_INDEX=1", "PIP_DISABLE_PIP_VERSION_CHECK=1")
	// Another home must not empty the caches of the build.
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
		if value, err := exec.Command("go", "env", name).Output(); err == nil {
			env = append(env, name+"="+strings.TrimSpace(string(value)))
		}
	}
	return append(env, more...)
}

func (r *runner) command(name string, args ...string) string {
	r.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = r.path("work"), r.environment()
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (r *runner) git(args ...string) string { r.t.Helper(); return r.command("git", args...) }

// fastpath is what a person runs before the pull request.
func (r *runner) fastpath(args ...string) {
	r.t.Helper()
	if _, stderr, code := invoke(r.path("work"), append(args, "--no-cache")...); code != exitDone {
		r.t.Fatalf("fastpath %s ends with %d:\n%s", strings.Join(args, " "), code, stderr)
	}
}

func (r *runner) append(file, text string) {
	r.t.Helper()
	f, err := os.OpenFile(r.path("work", file), os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// event runs the jobs of an event and names the step that failed; "" for none.
func (r *runner) event(event, base string) (failed string) {
	r.t.Helper()
	if _, on := r.workflow.On[event]; !on {
		r.t.Fatalf("the recipe does not run on %s", event)
	}
	ran := 0
	for name, job := range r.workflow.Jobs {
		m := eventOf.FindStringSubmatch(job.If)
		if m == nil {
			r.t.Fatalf("job %s: the condition %q is not understood", name, job.If)
		}
		if m[1] == event {
			failed = r.job(job.Steps, event, base)
			ran++
		}
	}
	if ran != 1 {
		r.t.Fatalf("%d jobs run on %s", ran, event)
	}
	return failed
}

func (r *runner) job(steps []recipeStep, event, base string) (failed string) {
	r.t.Helper()
	temp, err := os.MkdirTemp(r.dir, "runner")
	if err != nil {
		r.t.Fatal(err)
	}
	summary, added := filepath.Join(temp, "summary.md"), filepath.Join(temp, "path")
	for _, s := range steps {
		if failed != "" && s.If != "always()" {
			continue
		}
		switch action, _, _ := strings.Cut(s.Uses, "@"); action {
		case "":
		case "actions/setup-go", "actions/setup-python":
			continue
		case "actions/checkout":
			if path := s.With["path"]; path != "" {
				if err := os.Symlink(root(r.t), r.path("work", path)); err != nil {
					r.t.Fatal(err)
				}
			}
			continue
		default:
			r.t.Fatalf("the action %s is not known here", s.Uses)
		}
		paths := r.path("tools")
		if data, err := os.ReadFile(added); err == nil {
			paths = strings.Join(strings.Fields(string(data)), ":") + ":" + paths
		}
		cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", s.Run)
		cmd.Dir = r.path("work")
		cmd.Env = r.environment("RUNNER_TEMP="+temp, "GITHUB_PATH="+added, "GITHUB_STEP_SUMMARY="+summary,
			"GITHUB_EVENT_NAME="+event, "GITHUB_BASE_REF="+base, "PATH="+paths+":"+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		r.t.Logf("%s\n%s", s.Name, out)
		if err != nil && failed == "" {
			failed = s.Name
		}
	}
	data, err := os.ReadFile(summary)
	if err != nil {
		r.t.Fatal(err)
	}
	r.summary = string(data)
	return failed
}

func (r *runner) want(failed, want string) {
	r.t.Helper()
	if failed != want {
		r.t.Fatalf("the step that failed is %q, want %q", failed, want)
	}
}

func (r *runner) shows(texts ...string) {
	r.t.Helper()
	for _, text := range texts {
		if !strings.Contains(r.summary, text) {
			r.t.Errorf("the summary shows\n%s\nwithout %q", r.summary, text)
		}
	}
}
