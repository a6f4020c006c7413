package facts_test

import (
	"os"
	"testing"

	"fastpath/plan/facts"
	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// BenchmarkGather times each stage, and the codec, on a part of the standard
// library; FASTPATH_CORPUS names other trees.
func BenchmarkGather(b *testing.B) {
	parser := syntax.NewParser()
	defer parser.Close()
	var sources [][]byte
	var trees []*syntax.Tree
	var tables []*scope.Table
	var modules []*facts.Module
	var encoded [][]byte
	size, coded := 0, 0
	for _, path := range corpus(b, python(b)) {
		src, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		tree, err := parser.Parse(src)
		if err != nil {
			continue
		}
		table := scope.Resolve(tree)
		m := facts.Gather(table, facts.Place{Path: path, Name: "m"})
		data := m.Encode()
		sources, trees, tables = append(sources, src), append(trees, tree), append(tables, table)
		modules, encoded = append(modules, m), append(encoded, data)
		size += len(src)
		coded += len(data)
	}
	stage := func(name string, run func(i int)) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				for i := range sources {
					run(i)
				}
			}
		})
	}
	stage("parse", func(i int) {
		if _, err := parser.Parse(sources[i]); err != nil {
			b.Fatal(err)
		}
	})
	stage("resolve", func(i int) { scope.Resolve(trees[i]) })
	stage("gather", func(i int) { facts.Gather(tables[i], facts.Place{Path: "m.py", Name: "m"}) })
	stage("encode", func(i int) { modules[i].Encode() })
	stage("decode", func(i int) {
		if _, err := facts.Decode(encoded[i]); err != nil {
			b.Fatal(err)
		}
	})
	b.Logf("%d files, %d bytes; encoded %d bytes", len(sources), size, coded)
}
