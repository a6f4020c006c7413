package facts_test

import (
	"strings"
	"testing"
	"time"
)

// TestShared asks which statements have their lines to themselves, in files
// whose bytes are written in uncommon ways.
func TestShared(t *testing.T) {
	tests := []struct {
		about, src string
		want       bool
	}{
		{"alone", "import a\n", false},
		{"without a line end", "import a", false},
		{"after a BOM", "\xef\xbb\xbfimport a\n", false},
		{"after blanks and a form feed", "\f  \nimport a\n", false},
		{"after a form feed", "\fimport a\n", false},
		{"before a comment", "import a  # c; d\n", false},
		{"before blanks", "import a \t\n", false},
		{"CRLF", "x = 1\r\nimport a\r\n", false},
		{"lone CR", "x = 1\rimport a\ry = 1\r", false},
		{"before a semicolon", "import a;\n", true},
		{"after a semicolon", "x = 1; import a\n", true},
		{"inline suite", "if x: import a\n", true},
		{"inline suite on the next line", "if x: \\\n  import a\n", true},
		{"after a comment that ends in a backslash", "x = 1 # \\\nimport a\n", false},
		{"inside a block", "if x:\n    import a\n", false},
		{"over lines", "from a import (\n  b,\n  c)\n", false},
		{"over lines, then a semicolon", "from a import (\n  b); x = 1\n", true},
	}
	for _, test := range tests {
		t.Run(test.about, func(t *testing.T) {
			m := gather(t, "m.py", test.src)
			if len(m.Statements) != 1 {
				t.Fatalf("%d statements", len(m.Statements))
			}
			if got := m.Statements[0].Shared; got != test.want {
				t.Errorf("shared is %v", got)
			}
		})
	}
}

// extremes are sources that grow in one direction, to so many parts.
func extremes(n int) map[string]string {
	return map[string]string{
		"sum":         "import a\nx = a" + strings.Repeat(" + a", n) + "\n",
		"text sum":    "__all__ = ['a']" + strings.Repeat(" + ['a']", n) + "\n",
		"chain":       "import a\na" + strings.Repeat(".b", n) + "\n",
		"calls":       "import a\na" + strings.Repeat(".b(a)", n) + "\n",
		"method":      "class C:\n def b(self): ...\nx" + strings.Repeat(".b()", n) + "\n",
		"targets":     "import a\n" + strings.Repeat("x = ", n/4) + "a\n",
		"elif":        "import a\nif a: a\n" + strings.Repeat("elif a: a\n", n/4),
		"imports":     strings.Repeat("import a\n", n),
		"names":       "from a import (" + strings.Repeat("b, ", n) + ")\n",
		"locals":      "import a\n" + strings.Repeat("def f():\n import a\n a.b()\n", n/4),
		"class reads": "class C:\n" + strings.Repeat(" a = a\n", n),
		"strings":     "import a\nx = [" + strings.Repeat("'@a.b(c)', ", n) + "]\n",
		"quoted":      "import a\n" + strings.Repeat("x: 'a.b'\n", n),
		"comments":    strings.Repeat("# noqa # type: int # fmt: off\n", n),
		"patches":     "from unittest.mock import patch\n" + strings.Repeat("patch('a.b.c')\n", n),
		"one patch":   "import sys\nfrom unittest.mock import patch\npatch.dict(sys.modules, {" + strings.Repeat("'a': 1, ", n) + "})\n",
		"aliases":     "import a\n" + strings.Repeat("x = a\na = x\n", n),
		"lambdas":     "import a\nx = " + strings.Repeat("lambda: ", 1000) + "a\n",
		"classes":     deep(90, "class C:", "import a"),
		"defs":        deep(90, "def f():", "import a"),
		"loops":       "import a\nx = [a" + strings.Repeat(" for b in a if a", n/8) + "]\n",
		"effects":     "import os\n" + strings.Repeat("os.environ['a'] = 'b'\n", n),
		"functions":   "import os\n" + strings.Repeat("def f(): f(); os.chdir(x)\nf()\n", n/8),
	}
}

func TestExtremes(t *testing.T) {
	for name, src := range extremes(10_000) {
		t.Run(name, func(t *testing.T) {
			if m := gather(t, "m.py", src); len(m.Scopes) == 0 {
				t.Error("no scopes")
			}
		})
	}
}

// BenchmarkExtremes tells how much longer it takes to gather what is twice as long:
// twice as long, not four times.
func BenchmarkExtremes(b *testing.B) {
	once, twice := extremes(10_000), extremes(20_000)
	for name := range once {
		b.Run(name, func(b *testing.B) {
			timed := func(src string) time.Duration {
				start := time.Now()
				gather(b, "m.py", src)
				return time.Since(start)
			}
			var short, long time.Duration
			for b.Loop() {
				short += timed(once[name])
				long += timed(twice[name])
			}
			b.ReportMetric(float64(long)/float64(short), "twice/once")
		})
	}
}

// deep nests blocks, one blank a level.
func deep(levels int, head, last string) string {
	var b strings.Builder
	for i := 0; i < levels; i++ {
		b.WriteString(strings.Repeat(" ", i) + head + "\n")
	}
	b.WriteString(strings.Repeat(" ", levels) + last + "\n")
	return b.String()
}
