package scope_test

import (
	"bytes"
	"testing"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// BenchmarkParse and BenchmarkResolve run on the same bytes, so that their
// times compare.
func BenchmarkParse(b *testing.B) {
	src := benchSource(b)
	parser := syntax.NewParser()
	defer parser.Close()
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := parser.Parse(src); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkResolve(b *testing.B) {
	src := benchSource(b)
	parser := syntax.NewParser()
	defer parser.Close()
	tree, err := parser.Parse(src)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		scope.Resolve(tree)
	}
}

func benchSource(b *testing.B) []byte {
	b.Helper()
	all := snippets(b)
	var src bytes.Buffer
	for _, name := range []string{"classes", "comprehensions", "match", "statements"} {
		src.Write(all["testdata/snippets/"+name+".py"])
	}
	return bytes.ReplaceAll(bytes.Repeat(src.Bytes(), 20), []byte("from __future__ import division\n"), nil)
}
