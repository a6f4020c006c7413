package jsondoc

import (
	"strings"
	"testing"
)

func TestParseKeepsOrderAndPlaces(t *testing.T) {
	d, err := Parse("p.json", []byte("{\n  \"b\": [1, {\"x.y\": \"z\"}],\n  \"a\": null, \"t\": true\n}"))
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Root.Members[0].Name + d.Root.Members[1].Name; got != "ba" {
		t.Errorf("members in order %q, want ba", got)
	}
	inner := d.Root.Members[0].Value.Items[1].Members[0].Value
	if inner.Path != `b[1]["x.y"]` || inner.Text != "z" {
		t.Errorf("inner value is %+v", inner)
	}
	if line, col := d.Position(inner); line != 2 || col != 20 {
		t.Errorf("inner value at %d:%d, want 2:20", line, col)
	}
	a, _ := d.Root.Get("a")
	if err := d.Errorf(a, "no good"); err.Error() != "p.json:3:8: a: no good" {
		t.Errorf("error reads %q", err)
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"empty", " \n", "p:1:1: the file is empty"},
		{"cut", "{\"a\": 1,\n", "p:1:9: the JSON text ends too early"},
		{"comma", "{\"a\": 1,\n}", "p:2:1: malformed JSON: invalid character '}'"},
		{"single quotes", "{'a': 1}", "p:1:2: malformed JSON"},
		{"nan", "{\n \"a\": NaN}", "p:2:7: NaN and Infinity are no JSON numbers"},
		{"infinity", "{\"a\": Infinity}", "p:1:7: NaN and Infinity"},
		{"minus infinity", "{\"a\": -Infinity}", "p:1:8: NaN and Infinity"},
		{"twice", "{\"a\": 1,\n \"a\": 2}", "p:2:2: a: the key \"a\" stands here for the second time, first on line 1"},
		{"twice by escape", `{"a": 1, "\u0061": 2}`, "second time"},
		{"twice inside", `{"m": {"": 1, "": 2}}`, `p:1:15: m[""]: `},
		{"latin-1", "{\"caf\xe9\": 1}", "p:1:6: byte 0xe9 is not UTF-8"},
		{"after", "{} x", "p:1:4: malformed JSON"},
		{"deep", strings.Repeat("[", 20000), "exceeded max depth"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("p", []byte(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q in it", err, c.want)
			}
		})
	}
}

func TestTextAcceptsWhatWindowsShellsWrite(t *testing.T) {
	for name, in := range map[string]string{
		"utf-8 mark": "\xef\xbb\xbf{\"a\": 1}",
		"utf-16 le":  "\xff\xfe{\x00\"\x00a\x00\"\x00:\x00 \x001\x00}\x00",
		"utf-16 be":  "\xfe\xff\x00{\x00\"\x00a\x00\"\x00:\x00 \x001\x00}",
	} {
		d, err := Parse(name, []byte(in))
		if err != nil || len(d.Root.Members) != 1 || d.Root.Members[0].Name != "a" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFloat(t *testing.T) {
	d, err := Parse("p", []byte(`[1.5, 1e999, "2"]`))
	if err != nil {
		t.Fatal(err)
	}
	if f, ok := d.Root.Items[0].Float(); !ok || f != 1.5 {
		t.Errorf("1.5 reads %v, %v", f, ok)
	}
	for _, v := range d.Root.Items[1:] {
		if _, ok := v.Float(); ok {
			t.Errorf("%s passes for a number", v.Text)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"a": [1, {"b": null}], "c": -1e5}`))
	f.Add([]byte("\xff\xfe{\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if d, err := Parse("p", data); (d == nil) == (err == nil) {
			t.Fatalf("document %v with error %v", d, err)
		}
	})
}
