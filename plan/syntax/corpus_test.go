package syntax

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// judge asks CPython, file by file, whether it compiles them. It skips the
// test when there is no CPython that knows the newest syntax.
func judge(t testing.TB, paths []string) []bool {
	t.Helper()
	cmd := exec.Command(cpython(t), "-c", `
import sys, warnings
warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)
for path in sys.stdin.read().split("\0"):
    try:
        with open(path, "rb") as f:
            compile(f.read(), "f", "exec", dont_inherit=True)
        print("y")
    except Exception:
        print("n")
`)
	cmd.Stdin = strings.NewReader(strings.Join(paths, "\x00"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("asking CPython: %v", err)
	}
	var ok []bool
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		ok = append(ok, s.Text() == "y")
	}
	if len(ok) != len(paths) {
		t.Fatalf("CPython judged %d of %d files", len(ok), len(paths))
	}
	return ok
}

// cpython is a CPython of at least 3.13.
func cpython(t testing.TB) string {
	t.Helper()
	home, _ := os.UserHomeDir()
	found, _ := filepath.Glob(filepath.Join(home, ".pyenv/versions/3.1[3-9]*/bin/python"))
	for _, name := range append(found, "python3.14", "python3.13", "python3") {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if exec.Command(path, "-c", "import sys; sys.exit(sys.version_info < (3, 13))").Run() == nil {
			return path
		}
	}
	t.Skip("no CPython 3.13 or newer on this machine to judge by")
	return ""
}

// library is the standard library of the judging CPython.
func library(t testing.TB) string {
	t.Helper()
	out, err := exec.Command(cpython(t), "-c", "import os; print(os.path.dirname(os.__file__))").Output()
	if err != nil {
		t.Skipf("asking CPython for its library: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// corpora are the files to go through: those of the trees that FASTPATH_CORPUS
// names, or else every tenth of the standard library.
func corpora(t testing.TB) (paths []string) {
	t.Helper()
	roots := filepath.SplitList(os.Getenv("FASTPATH_CORPUS"))
	for _, root := range roots {
		paths = append(paths, everyFile(t, root)...)
	}
	if len(roots) > 0 {
		return paths
	}
	for i, path := range everyFile(t, library(t)) {
		if i%10 == 0 {
			paths = append(paths, path)
		}
	}
	return paths
}

func everyFile(t testing.TB, root string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(path, ".py") {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatalf("walking %q: %v", root, err)
	}
	return paths
}

// TestCorpusAccepts counts the files on which this package and CPython differ.
// CPython 3.13 judges, so what only a newer Python accepts counts as a false
// accept and is listed, not failed.
func TestCorpusAccepts(t *testing.T) {
	paths := corpora(t)
	valid := judge(t, paths)
	p := NewParser()
	defer p.Close()
	rejects, accepts := 0, 0
	for i, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := p.Parse(src)
		switch {
		case err != nil && valid[i]:
			rejects++
			t.Errorf("%s: CPython compiles it: %v", path, err)
		case err == nil && !valid[i]:
			accepts++
			t.Logf("false accept: %s", path)
		}
		if err == nil {
			checkNodes(t, path, tree)
		}
	}
	t.Logf("%d files: %d false rejects, %d false accepts", len(paths), rejects, accepts)
}

// checkNodes holds a tree to its invariants.
func checkNodes(t testing.TB, name string, tree *Tree) {
	t.Helper()
	n := NodeID(len(tree.Nodes))
	size := uint32(len(tree.Source))
	if n == 0 || tree.Nodes[0].Next != n || tree.Nodes[0].Parent != NoNode {
		t.Errorf("%s: the root is not around all %d nodes", name, n)
		return
	}
	last := make(map[NodeID]uint32)
	for i := NodeID(0); i < n; i++ {
		node := tree.Nodes[i]
		if node.Start > node.End || node.End > size || node.Next <= i || node.Next > n {
			t.Errorf("%s: node %d %+v is out of range", name, i, node)
			return
		}
		if i == 0 {
			continue
		}
		p := node.Parent
		if p < 0 || p >= i || node.Next > tree.Nodes[p].Next || !tree.Span(p).Contains(tree.Span(i)) {
			t.Errorf("%s: node %d %v %+v is not inside its parent %v %+v", name, i, node.Kind, node, tree.Kind(p), tree.Nodes[max(p, 0)])
			return
		}
		if i != p+1 && i != follower(tree, p, i) {
			t.Errorf("%s: node %d %v does not follow its sibling", name, i, node.Kind)
			return
		}
		if node.Start < last[p] {
			t.Errorf("%s: node %d %v starts before its sibling ends", name, i, node.Kind)
			return
		}
		last[p] = node.End
	}
}

// follower is i when hopping over p's children meets i.
func follower(tree *Tree, p, i NodeID) NodeID {
	// The record before i ends a subtree whose chain of ancestors has a child
	// of p; that child's Next must be i.
	c := i - 1
	for c != NoNode && tree.Nodes[c].Parent != p {
		c = tree.Nodes[c].Parent
	}
	if c == NoNode {
		return NoNode
	}
	return tree.Nodes[c].Next
}
