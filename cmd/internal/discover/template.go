package discover

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A function is one Lambda function of a deployment template.
type function struct {
	template string // slash path
	name     string
	folder   string // of its code, a slash path
	handler  string // app.handler, or src/app.handler
	runtime  string // python3.12; "" when the template does not say
}

// templateNames are the files that hold deployment templates.
var templateNames = []string{
	"template.yaml", "template.yml", "template.json", "sam.yaml", "sam.yml",
	"serverless.yml", "serverless.yaml", "serverless.json",
}

// templates reads the functions of the templates in root and in the folders
// directly below it. A file that is no template, or cannot be read, has none.
func templates(root string) []function {
	folders := []string{"."}
	if entries, err := os.ReadDir(root); err == nil {
		for _, e := range entries {
			if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && e.Name() != "node_modules" {
				folders = append(folders, e.Name())
			}
		}
	}
	var found []function
	for _, folder := range folders {
		for _, name := range templateNames {
			shown := path.Join(folder, name)
			data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(shown)))
			if err != nil {
				continue
			}
			var document yaml.Node
			if yaml.Unmarshal(data, &document) != nil || len(document.Content) == 0 {
				continue
			}
			top := document.Content[0]
			if strings.HasPrefix(name, "serverless") {
				found = append(found, serverless(shown, top)...)
			} else {
				found = append(found, cloudFormation(shown, top)...)
			}
		}
	}
	return found
}

// cloudFormation reads AWS::Serverless::Function and AWS::Lambda::Function
// resources, with what SAM's Globals say of all functions.
func cloudFormation(shown string, top *yaml.Node) []function {
	globals := at(top, "Globals", "Function")
	var found []function
	each(at(top, "Resources"), func(name string, resource *yaml.Node) {
		kind := text(at(resource, "Type"))
		if kind != "AWS::Serverless::Function" && kind != "AWS::Lambda::Function" {
			return
		}
		properties := at(resource, "Properties")
		property := func(key string) string {
			if own := at(properties, key); own != nil {
				return text(own)
			}
			return text(at(globals, key))
		}
		f := function{template: shown, name: name, handler: property("Handler"), runtime: property("Runtime"),
			folder: path.Join(path.Dir(shown), property("CodeUri"))}
		found = append(found, f)
	})
	return found
}

// serverless reads the functions of a serverless.yml.
func serverless(shown string, top *yaml.Node) []function {
	var found []function
	each(at(top, "functions"), func(name string, properties *yaml.Node) {
		f := function{template: shown, name: name, handler: text(at(properties, "handler")), folder: path.Dir(shown)}
		if f.runtime = text(at(properties, "runtime")); f.runtime == "" {
			f.runtime = text(at(top, "provider", "runtime"))
		}
		found = append(found, f)
	})
	return found
}

// module is the slash path of the function's module without its ending; "" when
// the template computes it.
func (f function) module() string {
	module, _, found := cutLast(f.handler, ".")
	if !found || strings.ContainsAny(f.handler, "${}") || strings.Contains(f.folder, ":") {
		return ""
	}
	return path.Join(f.folder, strings.ReplaceAll(module, ".", "/"))
}

var runtimeName = regexp.MustCompile(`^python(3\.\d+)$`)

// python is the version that the runtime names.
func (f function) python() string {
	if m := runtimeName.FindStringSubmatch(f.runtime); m != nil {
		return m[1]
	}
	return ""
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// at is the node below n by keys, nil when there is none.
func at(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		var next *yaml.Node
		each(n, func(name string, value *yaml.Node) {
			if name == key && next == nil {
				next = value
			}
		})
		n = next
	}
	return n
}

// each calls f for the members of a mapping, in their order.
func each(n *yaml.Node, f func(name string, value *yaml.Node)) {
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for pair := range slices.Chunk(n.Content, 2) {
		f(pair[0].Value, pair[1])
	}
}

// text is a plain scalar; "" for what a tag such as !Ref computes.
func text(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode || strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		return ""
	}
	return n.Value
}
