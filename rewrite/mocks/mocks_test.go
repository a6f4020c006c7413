package mocks

import (
	"bytes"
	"strings"
	"testing"

	"fastpath/plan"
	"fastpath/plan/syntax"
	"fastpath/rewrite/edit"
)

func TestEdits(t *testing.T) {
	for _, c := range []struct{ literal, want string }{
		{`"a.b"`, `"x.y.b"`},
		{`'a.b'`, `'x.y.b'`},
		{`r"a.b"`, `r"x.y.b"`},
		{`U'a.b'`, `U'x.y.b'`},
		{`"""a.b"""`, `"""x.y.b"""`},
		{`'''a.b'''`, `'''x.y.b'''`},
		{`f"a.b"`, ""},
		{`b"a.b"`, ""},
		{`"a." "b"`, ""},
		{`"a\x2eb"`, ""},
		{`"a.c"`, ""},
		{`a.b`, ""},
		{`"a.b`, ""},
		{`""`, ""},
		{``, ""},
	} {
		source := []byte("\npatch(" + c.literal + ")\n")
		at := syntax.Span{Start: 7, End: 7 + uint32(len(c.literal))}
		edits, err := Edits(source, []plan.PatchEdit{{Span: at, Old: "a.b", New: "x.y.b"}})
		if c.want == "" {
			if err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
				t.Errorf("%s: got %v and error %v", c.literal, edits, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.literal, err)
			continue
		}
		got, err := edit.Apply(source, edits)
		if want := bytes.Replace(source, []byte(c.literal), []byte(c.want), 1); err != nil || !bytes.Equal(got, want) {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
}

func TestEditsOutsideTheSource(t *testing.T) {
	for _, at := range []syntax.Span{{Start: 3, End: 2}, {Start: 0, End: 99}, {Start: 98, End: 99}} {
		if _, err := Edits([]byte("'a.b'"), []plan.PatchEdit{{Span: at, Old: "a.b", New: "c"}}); err == nil {
			t.Errorf("%v passed", at)
		}
	}
}
