package syntax

import (
	"strings"
	"testing"
	"time"
)

// TestRefusals pins line, column and reason of what is no Python 3, or is none
// that can be read byte by byte.
func TestRefusals(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"x = 1\n\x00", "2:1: source holds a NUL byte"},
		{"x = '\xff'\n", "1:6: source is not valid UTF-8, and no encoding is declared"},
		{"# coding: ascii\n'é'\n", "2:2: source is not ASCII, as it declares"},
		{"\n# vim: set fileencoding=shift_jis :\n", "2:25: encoding \"shift_jis\" has characters of several bytes: convert the file to UTF-8"},
		{"# coding: rot13\n", "1:11: unknown encoding \"rot13\": convert the file to UTF-8"},
		{"\xef\xbb\xbf# coding: latin-1\n", "1:14: encoding \"latin-1\" is declared, but the file starts with the mark of UTF-8"},
		{"if x:\ny\n", "2:1: expected an indented block"},
		{"if x:\n", "2:1: expected an indented block"},
		{"x\n  y\n", "2:3: unexpected indent"},
		{"  x\n", "1:3: unexpected indent"},
		{"if x:\n    y\n  z\n", "3:3: unindent does not match any outer indentation level"},
		{"if x:\n        y\n\tz\n", "3:2: inconsistent use of tabs and spaces in indentation"},
		{"if x:\n\ty\n        z\n", "3:9: inconsistent use of tabs and spaces in indentation"},
		{"x = (1,\n", "1:5: '(' was never closed"},
		{"x = (1]\n", "1:7: closing parenthesis ']' does not match opening parenthesis '('"},
		{"x = 1)\n", "1:6: unmatched ')'"},
		{"f'{x]}'\n", "1:5: unmatched ']'"},
		{"x = 'a\n", "1:5: unterminated string literal"},
		{"x = '''a\n", "1:5: unterminated triple-quoted string literal"},
		{"x = \\ \n", "1:5: unexpected character after line continuation character"},
		{"x = 1 \\", "1:7: unexpected end of file after a line continuation"},
		{"x = 1 $ 2\n", "1:7: invalid character '$'"},
		{"x = 1\v\n", "1:6: invalid non-printable character U+000B"},
		{"x\u00a0= 1\n", "1:2: invalid non-printable character U+00A0"},
		{"x = “a”\n", "1:5: invalid character '“' (U+201C)"},
		{"print 'a'\n", "1:1: print statement of Python 2"},
		{"if x: print a, b\n", "1:7: print statement of Python 2"},
		{"exec 'a' in b\n", "1:1: exec statement of Python 2"},
		{"x = `a`\n", "1:5: backquotes of Python 2"},
		{"x <> y\n", "1:3: the operator <> of Python 2"},
		{"raise A, 'b'\n", "1:1: raise statement of Python 2"},
		{"def f(a, (b, c)): pass\n", "1:10: tuple parameter of Python 2"},
		{"def f((b, c)=d): pass\n", "1:7: tuple parameter of Python 2"},
		{"lambda (a, b): a\n", "1:8: tuple parameter of Python 2"},
		{"x = 0777\n", "1:5: leading zeros in decimal integer literals are not permitted"},
		{"x = 10L\n", "1:7: invalid number literal"},
		{"x = ur'a'\n", "1:7: invalid syntax"},
		{"async = 1\n", "1:1: invalid syntax: async is a keyword"},
		{"await = 1\n", "1:1: invalid syntax: await is a keyword"},
		{"<html>\n", "1:1: invalid syntax"},
		{"x = = 1\n", "1:5: invalid syntax"},
		{"class A[T = ]: pass\n", "1:11: invalid syntax"},
		{"x =\ny\n", "2:1: invalid syntax"},
		{"from a\nimport b\n", "2:1: invalid syntax"},
		{"def f(in): pass\n", "1:7: invalid syntax: a keyword is no name"},
		{"a.from.b\n", "1:3: invalid syntax: a keyword is no name"},
		{"from a import b,\n", "1:16: trailing comma not allowed without surrounding parentheses"},
		{"if a:\n nonlocal a\n", "2:2: nonlocal declaration not allowed at module level"},
		{"f(,)\n", "1:3: invalid syntax"},
		{"x := 1\n", "1:1: invalid syntax"},
		{"f(a=1, b)\n", "1:8: positional argument follows keyword argument"},
		{"def f(a=1, b): pass\n", "1:12: parameter without a default follows parameter with a default"},
		{strings.Repeat("(", 300), "1:201: too many nested parentheses"},
	} {
		_, err := parse(t, c.src)
		if err == nil {
			t.Errorf("%q is accepted", c.src)
		} else if err.Error() != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.src, err, c.want)
		}
	}
}

// TestExtremes holds the time of large and deep input down.
func TestExtremes(t *testing.T) {
	nest := func(open, shut string, n int) string {
		return strings.Repeat(open, n) + "x" + strings.Repeat(shut, n) + "\n"
	}
	indented := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.Repeat(" ", i) + "if x:\n")
		}
		return b.String() + strings.Repeat(" ", n) + "y\n"
	}
	for _, c := range []struct {
		name, src string
		ok        bool
	}{
		{"parentheses", nest("(", ")", 10_000), false},
		{"parentheses that CPython takes", nest("(", ")", 150), true},
		{"fields", nest("f'{", "}'", 10_000), false},
		{"blocks", indented(1000), false},
		{"blocks that CPython takes", indented(99), true},
		{"operators", "x = " + strings.Repeat("-", 100_000) + "1\n", true},
		{"sum", "x = 1" + strings.Repeat(" + y", 100_000) + "\n", true},
		{"attributes", "x" + strings.Repeat(".y()", 50_000) + "\n", true},
		{"lambdas", "x = " + strings.Repeat("lambda: ", 20_000) + "y\n", true},
		{"elif", "if a: b\n" + strings.Repeat("elif c: d\n", 20_000), true},
		{"generated", strings.Repeat("TABLE = [1, 2.5, 'three', None]\n", 20_000), true},
		{"one list", "x = [" + strings.Repeat("1, 'two',\n", 20_000) + "]\n", true},
		{"Python 2", strings.Repeat("print 'a'\n", 500_000), false},
		{"prose", strings.Repeat("there is nothing of python here.\n", 150_000), false},
		{"damage", strings.Repeat("x = = 1\n", 100_000), false},
		{"commas", strings.Repeat("x = ,\n", 100_000), false},
		{"too large", strings.Repeat("#", MaxSize+1), false},
	} {
		start := time.Now()
		tree, err := parse(t, c.src)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: took %v", c.name, took)
		} else {
			t.Logf("%s: %v %v", c.name, took, err)
		}
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
		if err == nil {
			checkNodes(t, c.name, tree)
		}
	}
}
