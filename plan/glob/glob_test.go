package glob

import "testing"

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, file string
		want          bool
	}{
		{"**/*.py", "a.py", true},
		{"**/*.py", "x/y/a.py", true},
		{"**/test_*.py", "test_a.py", true},
		{"tests/**", "tests/a/b.py", true},
		{"tests/**", "src/tests/b.py", false},
		{"conftest.py", "a/b/conftest.py", true},
		{"build", "build/lib/a.py", true},
		{"build/", "build/lib/a.py", true},
		{"build", "x/build/lib/a.py", true},
		{"/build", "build/lib/a.py", true},
		{"/build", "x/build/lib/a.py", false},
		{"x/build", "x/build/lib/a.py", true},
		{"x/build", "y/x/build/a.py", false},
		{"*_pb2.py", "x/y/a_pb2.py", true},
		{"./app/*.py", "app/a.py", true},
		{"app/*.py", "app/sub/a.py", false},
	} {
		if got := Match([]string{c.pattern}, c.file); got != c.want {
			t.Errorf("Match(%q, %q) = %v", c.pattern, c.file, got)
		}
	}
}
