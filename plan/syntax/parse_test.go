package syntax

import "testing"

func TestParseFlat(t *testing.T) {
	p := NewParser()
	defer p.Close()
	tr, err := p.Parse([]byte("import a\ndef f(x):\n    return a.b(x)\n"))
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range tr.Nodes {
		t.Log(i, n.Kind, n.Field, tr.Span(int32(i)), n.Parent, n.Next)
	}
}
