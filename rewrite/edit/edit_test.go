package edit

import (
	"bytes"
	"math/rand"
	"strings"
	"testing"
)

func TestApply(t *testing.T) {
	const src = "0123456789"
	cases := []struct {
		name  string
		edits []Edit
		want  string
		err   string
	}{
		{"none", nil, src, ""},
		{"replace", []Edit{{2, 4, "ab"}}, "01ab456789", ""},
		{"unsorted", []Edit{{8, 10, ""}, {0, 1, "x"}}, "x1234567", ""},
		{"inserts keep their order", []Edit{{5, 5, "a"}, {5, 5, "b"}, {5, 5, "c"}}, "01234abc56789", ""},
		{"insert before a replacement given first", []Edit{{5, 6, "R"}, {5, 5, "i"}}, "01234iR6789", ""},
		{"insert at the end of a replacement", []Edit{{3, 5, "R"}, {5, 5, "i"}}, "012Ri56789", ""},
		{"at the end of the text", []Edit{{10, 10, "!"}}, "0123456789!", ""},
		{"touching", []Edit{{3, 5, "a"}, {5, 7, "b"}}, "012ab789", ""},
		{"overlap", []Edit{{3, 6, "left"}, {5, 7, "right"}}, "", `edit [3,6) to "left" overlaps edit [5,7) to "right"`},
		{"same range twice", []Edit{{3, 6, "left"}, {3, 6, "right"}}, "", `edit [3,6) to "left" overlaps edit [3,6) to "right"`},
		{"insert inside", []Edit{{3, 6, "left"}, {4, 4, "in"}}, "", "overlaps"},
		{"beyond", []Edit{{9, 11, ""}}, "", "outside the text of 10 bytes"},
		{"backwards", []Edit{{4, 3, ""}}, "", "outside"},
		{"long text is cut in the message", []Edit{{9, 11, strings.Repeat("z", 99)}}, "", `zzz..."`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Apply([]byte(src), c.edits)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error %v, want one with %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestApplyLeavesItsArgumentsAlone(t *testing.T) {
	src := []byte("abc")
	edits := []Edit{{2, 3, "x"}, {0, 1, "y"}}
	if _, err := Apply(src, edits); err != nil {
		t.Fatal(err)
	}
	if string(src) != "abc" || edits[0].Start != 2 {
		t.Errorf("Apply changed its arguments: %q %v", src, edits)
	}
}

// Random edits against the slow way: from the back, one at a time.
func TestApplyAgainstSplicing(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	for range 2000 {
		src := make([]byte, random.Intn(40))
		for i := range src {
			src[i] = byte('a' + random.Intn(26))
		}
		var edits []Edit
		for at := 0; at <= len(src); at += 1 + random.Intn(6) {
			end := min(len(src), at+random.Intn(3))
			edits = append(edits, Edit{uint32(at), uint32(end), strings.Repeat("X", random.Intn(3))})
			at = end
		}
		want := bytes.Clone(src)
		for i := len(edits) - 1; i >= 0; i-- {
			e := edits[i]
			want = append(want[:e.Start:e.Start], append([]byte(e.Text), want[e.End:]...)...)
		}
		random.Shuffle(len(edits), func(i, j int) { edits[i], edits[j] = edits[j], edits[i] })
		got, err := Apply(src, edits)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("src %q edits %v: got %q, want %q", src, edits, got, want)
		}
	}
}
