package plan_test

import (
	"strings"
	"testing"

	"fastpath/plan"
)

// A target that reads the environment at its module level stays only where the
// tree changes what it reads, as far as names tell.
func TestEnvironmentByVariable(t *testing.T) {
	const reader = "-- settings.py --\nimport os, shutil\nX = READ\n-- a.py --\nimport settings\ndef f(): return settings.X\n-- b.py --\nimport os, dotenv\ndef g(name):\n    CHANGE\n"
	for _, c := range []struct {
		read, change string
		blocked      bool
	}{
		{`os.environ["HOME"]`, `os.environ["HOME"] = "/"`, true},
		{`os.environ["HOME"]`, `os.environ["LANG"] = "C"`, false},
		{`os.getenv("HOME")`, `os.environ.pop("LANG", None)`, false},
		{`os.getenv("home")`, `os.putenv("HOME", "/")`, true},
		{`os.environ.get("HOME")`, `os.environ[name] = "/"`, true},
		{`os.environ.get("HOME")`, `os.environ.update(LANG="C")`, true},
		{`os.environ.get("HOME")`, `dotenv.load_dotenv("LANG")`, true},
		{`dict(os.environ)`, `os.environ["LANG"] = "C"`, true},
		{`shutil.which("git")`, `os.environ["PATH"] = "/bin"`, true},
		{`os.path.expandvars("$HOME")`, `os.environ["HOME"] = "/"`, true},
	} {
		in := plan.Input{Policy: plan.Default(), Modules: tree(t, strings.NewReplacer("READ", c.read, "CHANGE", c.change).Replace(reader))}
		everything(&in, 500, 1)
		got := lines(in, plan.Make(in))
		if blocked := strings.Contains(got, "a.py settings: state-at-import"); blocked != c.blocked || !blocked && !strings.Contains(got, "a.py settings: sink f") {
			t.Errorf("%s after %s: want blocked %v, got\n%s", c.read, c.change, c.blocked, got)
		}
	}
}
