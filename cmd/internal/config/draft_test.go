package config

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fastpath/plan"
)

// TestDraftKeepsWhatIsThere writes to files of every shape: the old bytes lead,
// and what comes back is what was written.
func TestDraftKeepsWhatIsThere(t *testing.T) {
	draft := Draft{
		Entry: []Reasoned{{"a \"b\"\t.py", "a\x01reason # of two\nlines"}}, Src: []Reasoned{{Value: "."}, {Value: "ü"}},
		RequiresPython: Reasoned{">=3.9", "x"}, ImportStyle: Reasoned{"names", "ruff"},
		Exceptions: []plan.Exception{{Module: "boto3", Reason: "first\nsecond \x7f", ApprovedBy: "Ann", Date: "2025-11-08", Review: "soon"}},
	}
	for _, old := range []string{"", "[project]\nname = 'x'\n", "[project]", "x = 1\n\n", "# ä\r\n[tool.x]\r\ny = 1\r\n", "tool.black.x = 1\n", "\n"} {
		got, err := draft.Write("pyproject.toml", []byte(old))
		if err != nil {
			t.Errorf("%q: %v", old, err)
			continue
		}
		if !bytes.HasPrefix(got, []byte(old)) {
			t.Errorf("%q does not lead %q", old, got)
		}
		if bare := strings.ReplaceAll(string(got), "\r\n", ""); strings.Contains(old, "\r\n") && strings.Contains(bare, "\n") {
			t.Errorf("%q: line ends are mixed in %q", old, got)
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "pyproject.toml"), got, 0o666); err != nil {
			t.Fatal(err)
		}
		c, err := Load(dir, "")
		if err != nil {
			t.Fatalf("%q: %v\n%s", old, err, got)
		}
		p := c.Policy
		want := plan.Exception{Module: "boto3", Reason: "first\nsecond \x7f", ApprovedBy: "Ann", Date: "2025-11-08"}
		if p.Entry[0] != draft.Entry[0].Value || p.Src[1] != "ü" || p.RequiresPython != ">=3.9" ||
			p.FastPath.ImportStyle != "names" || len(p.Exceptions) != 1 || p.Exceptions[0] != want {
			t.Errorf("%q: read back %+v", old, p)
		}
	}
}

// TestDraftRefuses: what would break the file is not written.
func TestDraftRefuses(t *testing.T) {
	exceptions := []plan.Exception{{Module: "boto3"}}
	for name, old := range map[string]string{
		"a list that cannot be added to": "[tool.fastpath]\nexception = []\n",
		"no TOML":                        "[tool.fastpath\n",
	} {
		if got, err := AddExceptions("pyproject.toml", []byte(old), exceptions); err == nil {
			t.Errorf("%s: wrote %q", name, got)
		}
	}
	if _, err := (Draft{}).Write("pyproject.toml", []byte("tool = 1\n")); err == nil {
		t.Error("a table was added to a number")
	}
}
