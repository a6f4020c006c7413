package tree

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The ignore files must mean the same with and without git: git is the judge.
func TestIgnoreFilesAsGitReadsThem(t *testing.T) {
	files := map[string]string{"x/.gitignore": "/keep/deep\n!a.py\n"}
	for _, n := range []string{"a.py", "b.py", "x/a.py", "x/y/a.py", "x/y/z/b.py", "keep/a.py", "keep/b.py", "build/a.py", "x/build/a.py",
		"doc/frotz/a.py", "x/doc/frotz/a.py", "#odd.py", "!odd.py", "sp ace.py", "trail .py", "foo.pyc.py", "[z].py", "z.py", "x/keep/deep/a.py",
		"A.py", "v1/a.py", "v2/a.py", "a/b/x.py", "x/b{.py", "-.py", "a!b.py", "ab/a.py"} {
		files[n] = ""
	}
	with, without := plant(t, files), plant(t, files)
	gitIn(t, with, "init", "-q")
	agree := func(patterns string) {
		t.Helper()
		for _, root := range []string{with, without} {
			grow(t, root, map[string]string{".gitignore": patterns})
		}
		git, own := paths(sel(t, Query{Root: with})), paths(sel(t, Query{Root: without}))
		if !slices.Equal(git, own) {
			t.Errorf("%q:\n git %q\n own %q", patterns, git, own)
		}
	}
	for _, patterns := range []string{
		"build", "build/", "/build", "/build/", "x/build", "a.py", "/a.py", "x/*.py", "x/**", "x/**/a.py", "**/a.py", "**/build/", "x/**/b.py", "doc/frotz", "doc/frotz/",
		"/doc", "**/doc/frotz", "\\#odd.py", "\\!odd.py", "#odd.py", "*", "*\n!*/\n!a.py", "/*\n!/keep", "keep/*\n!keep/a.py", "keep\n!keep/a.py", "*.py\n!b.py",
		"x\n!x/y", "x/*\n!x/y/", "[ab].py", "[!a].py", "[^a].py", "?.py", "\\[z].py", "trail .py", "a.py   ", "sp ace.py", "a.py \\ ", "", "\n\n", "   ", "/", "!a.py", "*/a.py", "*/*/a.py",
		"v[0-9]", "v[12]/", "x/y/../y/a.py", "./a.py", "a.py/", "**", "**/", "x/y/z", "y/z", "x/**/z", "**/y/**", "a*", "*a.py", "[[:digit:]]*", "v[[:digit:]]/", "b.py\r\na.py\r",
		"***/a.py", "[]z]*", "[a-].py", "[-a].py", "[", "a[", "\\", "{a,b}.py", "x/b{.py", "[[:nonsense:]]", "*[!a]a.py", "[[:alpha:]-].py",
	} {
		agree(patterns)
	}
	tokens := []string{"a", "b", "x", "y", "/", "/", "*", "**", "?", "[ab]", "[!a]", "[a-c]", ".py", "*.py", "!", "\\a", "{a,b}", "-", "[", "]", "[]a]", "[!]a]", "***", " "}
	random := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		var lines []string
		for range 1 + random.IntN(3) {
			line := strings.Repeat("!", random.IntN(4)/3)
			for range 1 + random.IntN(5) {
				line += tokens[random.IntN(len(tokens))]
			}
			lines = append(lines, line)
		}
		agree(strings.Join(lines, "\n"))
	}
}

func TestIgnoreFilesInFolders(t *testing.T) {
	root := plant(t, map[string]string{".git/info/exclude": "secret.py\n", "secret.py": "", "a/.gitignore": "/b.py\nc.py\n", "a/b.py": "", "a/d/b.py": "", "a/d/c.py": "", "b.py": "", "c.py": ""})
	s := &selector{root: root, files: map[string]*File{}, barred: map[string]bool{}, skipped: map[string]string{}}
	found, err := s.walk("", true)
	if err != nil {
		t.Fatal(err)
	}
	found = slices.DeleteFunc(found, func(p string) bool { return filepath.Ext(p) != ".py" })
	slices.Sort(found)
	same(t, "files", found, "a/d/b.py", "b.py", "c.py")
}
