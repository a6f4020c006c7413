package syntax

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"fastpath/plan/syntax/scan"
)

// treeImports is the list that package scan must give, read off a tree.
func treeImports(t *Tree) (list []scan.Import) {
	lazy := map[uint32]bool{}
	for _, s := range t.Lazy {
		at := s.End
		for strings.IndexByte(" \t\f", t.Source[at]) >= 0 {
			at++
		}
		lazy[at] = true
	}
	for i := range t.Nodes {
		n := NodeID(i)
		kind := t.Kind(n)
		if kind != ImportStatement && kind != ImportFromStatement && kind != FutureImportStatement {
			continue
		}
		imp := scan.Import{Start: t.Nodes[n].Start, From: kind != ImportStatement, Lazy: lazy[t.Nodes[n].Start]}
		names := !imp.From
		for c := t.First(n); c != NoNode; c = t.After(c) {
			switch k := t.Kind(c); {
			case k == Comment:
				continue
			case k == TokImport:
				names = true
			case k == TokFuture:
				imp.Module = "__future__"
			case k == WildcardImport:
				imp.Star = true
			case k == RelativeImport:
				for d := t.First(c); d != NoNode; d = t.After(d) {
					if t.Kind(d) == ImportPrefix {
						imp.Level = strings.Count(string(t.Text(d)), ".")
					} else {
						imp.Module = dotted(t, d)
					}
				}
			case k == DottedName && !names:
				imp.Module = dotted(t, c)
			case k == DottedName:
				imp.Names = append(imp.Names, scan.Name{Start: t.Nodes[c].Start, Name: dotted(t, c)})
			case k == AliasedImport:
				imp.Names = append(imp.Names, scan.Name{Start: t.Nodes[c].Start,
					Name: dotted(t, t.Child(c, FieldName)), As: string(t.Text(t.Child(c, FieldAlias)))})
			}
			imp.End = t.Nodes[c].End
		}
		list = append(list, imp)
	}
	return list
}

func dotted(t *Tree, n NodeID) string {
	var parts []string
	for c := t.First(n); c != NoNode; c = t.After(c) {
		if t.Kind(c) == Identifier {
			parts = append(parts, string(t.Text(c)))
		}
	}
	return strings.Join(parts, ".")
}

func sameImports(t testing.TB, name string, tree *Tree) int {
	t.Helper()
	got, want := scan.Imports(tree.Source), treeImports(tree)
	for i := range max(len(got), len(want)) {
		var g, w string
		if i < len(got) {
			g = fmt.Sprintf("%+v", got[i])
		}
		if i < len(want) {
			w = fmt.Sprintf("%+v", want[i])
		}
		if g != w {
			t.Errorf("%s: import %d\nscan   %s\nparser %s", name, i, g, w)
			break
		}
	}
	return len(want)
}

// TestScanEqualsParser holds the first look to the full parser.
func TestScanEqualsParser(t *testing.T) {
	for _, src := range []string{
		"import a, b.c as d, e\nfrom f import g as h, i\n",
		"from . import a\nfrom .. b . c import d\nfrom ...e import (f, # c ) import x\n g as h,)\nfrom ....i import *\n",
		"x = 'import a'; import b; '''\nimport c\n'''; import d # import e\n",
		"if x: import y\nelse: from z import w\n",
		"lazy import a\nlazy from b import c\nlazy = 1\nif x: lazy from d import e\n",
		"def f():\n    yield from a\n    raise b from c\n    raise b \\\n  from c\n    import d\n",
		"# c \\\nfrom a import b\n# d \\\r\nfrom a import c\n",
		"import a \\\n  as b, \\\n  c\nfrom a import \\\n b\n",
		"f'{x:{\"import a\"}}'; import b\nf\"{'}'}\" ; import c\nf'{{import d' ; import e\nf'\\{x[\"'\"]}'; import g\n",
		"f'\\N{DASH}{x!r:;}' ; import b\n",
		"rf'\\N{\"'\"}'; import b\nr'\\'; '; import c\n",
		"\xef\xbb\xbfimport a\nfrom b import c",
		"\xef\xbb\xbffrom a import b",
		"import a\rfrom b import c\r# d\rimport e\r",
		"from __future__ import annotations, division\n",
		"import_ = important = 1\nx.from_ = 2\nxs = [a\nfor y in z]\n",
		"import été.変数 as é\n",
		"class A:\n  try:\n    import a\n  except ImportError: import b as a; from c import(d)\n",
		"t'{x}'; import a\nb'import b'\nu'import c'\nBr'import d'\n",
		"x = (yield\n)\nimport a\n{'a': 'b'}['from']\n",
		"import a.b .c . d\n",
	} {
		tree, err := parse(t, src)
		if err != nil {
			t.Errorf("%q: %v", src, err)
			continue
		}
		sameImports(t, fmt.Sprintf("%q", src), tree)
	}
}

// TestScanCorpus does so on whole trees, see corpora.
func TestScanCorpus(t *testing.T) {
	p := NewParser()
	defer p.Close()
	files, imports := 0, 0
	for _, path := range corpora(t) {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if tree, err := p.Parse(src); err == nil {
			files++
			imports += sameImports(t, path, tree)
		}
	}
	t.Logf("%d files, %d imports", files, imports)
}

func BenchmarkScan(b *testing.B) {
	files := benchFiles(b)
	for b.Loop() {
		for _, src := range files {
			scan.Imports(src)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	files := benchFiles(b)
	p := NewParser()
	defer p.Close()
	for b.Loop() {
		for _, src := range files {
			p.Parse(src)
		}
	}
}

func BenchmarkLex(b *testing.B) {
	files := benchFiles(b)
	var l lexer
	for b.Loop() {
		for _, src := range files {
			l.reset(src, l.out)
			l.run()
		}
	}
}

// benchFiles reads the standard library and reports throughput over it.
func benchFiles(b *testing.B) (files [][]byte) {
	size := 0
	for _, path := range everyFile(b, library(b)) {
		src, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, src)
		size += len(src)
	}
	b.SetBytes(int64(size))
	return files
}
