package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

const preCommitVersion = "4.0.1"

// TestPreCommit runs the hooks of .pre-commit-hooks.yaml under the real
// pre-commit. The binary under test stands in for the one that pre-commit would
// build; FASTPATH_HOOK_BUILD=1 lets it build the last commit as well, which
// takes minutes.
func TestPreCommit(t *testing.T) {
	if testing.Short() {
		t.Skip("installs pre-commit: not with -short")
	}
	tools := preCommit(t)
	hooks, err := os.ReadFile(filepath.Join(root(t), ".pre-commit-hooks.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	local := strings.ReplaceAll(string(hooks), "language: golang", "language: system")
	if local == string(hooks) {
		t.Fatal(".pre-commit-hooks.yaml has no hook of the language golang")
	}
	goPath, _ := exec.Command("go", "env", "GOPROXY").Output()
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "hooks"),
		Setup: func(env *testscript.Env) error {
			gitEnvironment(env)
			env.Setenv("PATH", tools+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("PRE_COMMIT_HOME", filepath.Join(env.WorkDir, ".pre-commit"))
			env.Setenv("PROJECT", root(t))
			env.Setenv("PYTHON", interpreter(t))
			env.Setenv("GOPROXY", strings.TrimSpace(string(goPath)))
			return os.WriteFile(filepath.Join(env.WorkDir, "hooks.yaml"), []byte(local), 0o666)
		},
		Condition: func(name string) (bool, error) {
			return name == "build" && os.Getenv("FASTPATH_HOOK_BUILD") != "", nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// preCommit is the folder of a pre-commit, installed once from the package
// index into a virtual environment in the user's cache.
func preCommit(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skipf("no folder for a virtual environment: %v", err)
	}
	home := filepath.Join(cache, "fastpath-tests", "pre-commit-"+preCommitVersion)
	tools := filepath.Join(home, "bin")
	if exec.Command(filepath.Join(tools, "pre-commit"), "--version").Run() == nil {
		return tools
	}
	for _, command := range [][]string{
		{interpreter(t), "-m", "venv", "--clear", home},
		{filepath.Join(tools, "pip"), "install", "--quiet", "--disable-pip-version-check", "pre-commit==" + preCommitVersion},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Skipf("pre-commit %s cannot be installed here: %v\n%s", preCommitVersion, err, out)
		}
	}
	return tools
}
