package facts_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"fastpath/plan/facts"
)

// cases are the modules of testdata.
func cases(t testing.TB) map[string]*facts.Module {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	modules := map[string]*facts.Module{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if !strings.HasPrefix(f.Name, "want ") {
				modules[filepath.Base(file)+"/"+f.Name] = gather(t, f.Name, string(f.Data))
			}
		}
	}
	return modules
}

func written(t testing.TB, m *facts.Module) string {
	t.Helper()
	var b bytes.Buffer
	if err := m.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCodecRoundTrip(t *testing.T) {
	for name, m := range cases(t) {
		data := m.Encode()
		back, err := facts.Decode(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, want := written(t, back), written(t, m); got != want {
			t.Errorf("%s: decoded\n%s\nencoded\n%s", name, got, want)
		}
		if !bytes.Equal(back.Encode(), data) {
			t.Errorf("%s: encoded again it differs", name)
		}
	}
}

// TestCodecKnowsEveryField fills every field of every record, so that a field
// that the coder forgets comes back empty. The references between such
// records are wrong on purpose; hence the one record of each list.
func TestCodecKnowsEveryField(t *testing.T) {
	m := new(facts.Module)
	fill(reflect.ValueOf(m).Elem(), "")
	m.Scopes[0].Parent = -1
	back, err := facts.Decode(m.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := written(t, back), written(t, m); got != want {
		t.Errorf("decoded\n%s\nencoded\n%s", got, want)
	}
	if empty := emptyFields(reflect.ValueOf(m).Elem(), "Module"); len(empty) > 0 {
		t.Errorf("not filled, and so not tested: %v", empty)
	}
}

// references are fields that count records: 0 is the only right value in a
// module that holds one record of each kind.
var references = map[string]bool{"Scope": true, "Name": true, "Unit": true, "Statement": true, "Uses": true,
	"Defines": true, "Annotated": true, "GlobalIn": true, "Units": true}

func fill(v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString("text of " + name)
	case reflect.Int, reflect.Int32:
		if !references[name] {
			v.SetInt(7)
		}
	case reflect.Uint8:
		if name != "Kind" {
			v.SetUint(1)
		}
	case reflect.Uint32:
		v.SetUint(9)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), name)
	case reflect.Struct:
		for i := 0; i < v.NumField(); i++ {
			if f := v.Type().Field(i); f.IsExported() {
				fill(v.Field(i), f.Name)
			}
		}
	}
}

func emptyFields(v reflect.Value, path string) []string {
	var out []string
	for i := 0; i < v.NumField(); i++ {
		f := v.Type().Field(i)
		switch {
		case !f.IsExported() || references[f.Name] || f.Name == "Kind":
		case v.Field(i).Kind() == reflect.Slice && v.Field(i).Len() > 0 && v.Field(i).Index(0).Kind() == reflect.Struct:
			out = append(out, emptyFields(v.Field(i).Index(0), path+"."+f.Name)...)
		case v.Field(i).IsZero():
			out = append(out, path+"."+f.Name)
		}
	}
	return out
}

// TestDecodeDamage changes, cuts and lengthens encoded facts everywhere: each
// time there must be an error and no module.
func TestDecodeDamage(t *testing.T) {
	data := gather(t, "app/mod.py", "import a\ndef f(x: a.T): return a.b(x)\n").Encode()
	refused := func(what string, i int, data []byte) {
		t.Helper()
		if m, err := facts.Decode(data); err == nil || m != nil {
			t.Errorf("%s at %d: decoded as %v, %v", what, i, m, err)
		}
	}
	for i := range data {
		refused("cut", i, data[:i])
		for _, bit := range []byte{1, 0x80} {
			bad := bytes.Clone(data)
			bad[i] ^= bit
			refused("flipped", i, bad)
		}
	}
	refused("longer", len(data), append(bytes.Clone(data), 0))
	refused("text", 0, []byte("{}"))
	refused("nothing", 0, nil)
}

func FuzzDecode(f *testing.F) {
	for _, m := range cases(f) {
		f.Add(m.Encode())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := facts.Decode(data)
		if (err == nil) != (m != nil) {
			t.Fatal("an error with a module, or neither")
		}
		if err == nil && !bytes.Equal(m.Encode(), data) {
			t.Fatal("encodes to other bytes")
		}
	})
}

// TestDecodeForgery skips the hash: content that is well formed but refers to
// records that are not there must be refused too.
func TestDecodeForgery(t *testing.T) {
	for i := 0; i < 4; i++ {
		m := gather(t, "m.py", "import a\ndef f(): return a\n")
		switch i {
		case 0:
			m.Uses[0].Name = 99
		case 1:
			m.Units[0].Statement = -1
		case 2:
			m.Scopes[1].Parent = 1
		case 3:
			m.Names[0].Bindings[0].Unit = 5
		}
		if back, err := facts.Decode(m.Encode()); err == nil || back != nil {
			t.Errorf("forgery %d passes", i)
		}
	}
}

func TestWriteJSON(t *testing.T) {
	m := gather(t, "app/mod.py", "import a as b\ndef f(): return b.c('<x>')\n")
	const want = `{"record":"module","path":"app/mod.py","name":"app.mod","all":{"line":0},"tail":41}
{"record":"scope","id":0,"kind":"module","parent":-1,"line":1,"span":[0,41],"body":[0,41]}
{"record":"scope","id":1,"kind":"def","parent":0,"name":"f","qualified":"f","line":2,"span":[14,40],"body":[23,40],"gives":["b.c"]}
{"record":"statement","id":0,"span":[0,13],"line":1,"site":"module","scope":0,"units":[0,1],"guard":"none"}
{"record":"unit","id":0,"statement":0,"index":0,"line":1,"bound":"b","module":"a","alias":true,"written":"a as b","level":0,"name":0,"stray":0,"span":[7,13]}
{"record":"name","id":0,"scope":0,"text":"b","bindings":[{"kind":"import","unit":0,"defines":-1,"line":1,"offset":12,"scope":0,"plain":true}],"uses":[0]}
{"record":"name","id":1,"scope":0,"text":"f","bindings":[{"kind":"def","unit":-1,"defines":1,"line":2,"offset":18,"scope":0,"plain":true}]}
{"record":"use","id":0,"name":0,"offset":30,"line":2,"scope":1,"role":"plain","annotated":-1,"chain":"c","called":true,"argument":0}
{"record":"attribute","id":0,"name":"c","line":2}
`
	if got := written(t, m); got != want {
		t.Errorf("got\n%s", got)
	}
	if err := m.WriteJSON(failingWriter{}); err == nil {
		t.Error("the writer's error is lost")
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, os.ErrClosed }

// TestDocumentedRecords holds the table of the package comment to the records
// that are written.
func TestDocumentedRecords(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	m := new(facts.Module)
	fill(reflect.ValueOf(m).Elem(), "")
	seen := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(written(t, m)), "\n") {
		record, _, _ := strings.Cut(strings.TrimPrefix(line, `{"record":"`), `"`)
		seen[record] = true
		if !strings.Contains(string(doc), "//\t"+record+" ") {
			t.Errorf("the package comment does not list %q", record)
		}
	}
	if len(seen) != 21 {
		t.Errorf("%d kinds of records are written; the package comment lists 21", len(seen))
	}
}
