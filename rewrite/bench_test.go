package rewrite

import (
	"os"
	"testing"

	"fastpath/rewrite/check"
)

func BenchmarkRewriteAndVerify(b *testing.B) {
	var jobs []Job
	size := int64(0)
	for _, path := range corpusFiles(b, 200) {
		src, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		if j, ok := sinkAll(b, src); ok {
			jobs = append(jobs, j)
			size += int64(len(src))
		}
	}
	for _, part := range []string{"rewrite", "verify"} {
		var results [][]byte
		for _, j := range jobs {
			out, err := Rewrite(j)
			if err != nil {
				b.Fatal(err)
			}
			results = append(results, out)
		}
		b.Run(part, func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				for i, j := range jobs {
					if part == "rewrite" {
						_, _ = Rewrite(j)
					} else {
						_ = check.Verify(j.Source, results[i], check.Options{})
					}
				}
			}
		})
	}
}
