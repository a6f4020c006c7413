package render

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestSARIFMeetsThePublishedSchema validates with a second implementation of
// JSON Schema. The 2.1.0 schema is the one that the SARIF library carries, in
// its source, as a constant.
func TestSARIFMeetsThePublishedSchema(t *testing.T) {
	text := publishedSchema(t)
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	const name = "sarif-schema-2.1.0.json"
	if err := compiler.AddResource(name, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	for what, r := range map[string]Report{"findings": report(t), "nothing": {}} {
		var out bytes.Buffer
		if err := FindingsSARIF(&out, r); err != nil {
			t.Fatal(err)
		}
		written, err := jsonschema.UnmarshalJSON(&out)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(written); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		// The schema must be one that can refuse.
		written.(map[string]any)["version"] = "1.0.0"
		if schema.Validate(written) == nil {
			t.Error("the schema accepts another version")
		}
	}
}

func publishedSchema(t *testing.T) string {
	t.Helper()
	const library = "github.com/owenrumney/go-sarif/v3"
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", library).Output()
	if err != nil || len(bytes.TrimSpace(dir)) == 0 {
		t.Skipf("the source of %s, which holds the schema, is not here: %v", library, err)
	}
	file := filepath.Join(string(bytes.TrimSpace(dir)), "pkg", "report", "v210", "sarif", "schema.go")
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Skipf("reading the schema: %v", err)
	}
	found := ""
	ast.Inspect(tree, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && v.Names[0].Name == "schema" && len(v.Values) == 1 {
			if literal, ok := v.Values[0].(*ast.BasicLit); ok {
				found, _ = strconv.Unquote(literal.Value)
			}
		}
		return true
	})
	if !strings.Contains(found, "2.1.0") {
		t.Skipf("%s holds no schema of SARIF 2.1.0", file)
	}
	return found
}
