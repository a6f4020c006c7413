package discover

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fastpath/cmd/internal/config"
	"fastpath/plan/facts"
	"fastpath/plan/glob"
)

// Draft proposes a configuration for the project in the folder root, whose
// files are modules. tests are the globs of test files that hold by default.
// missed says, a sentence each, which functions of templates have no module
// here: somebody has to name it.
func Draft(root string, modules []*facts.Module, tests []string) (d config.Draft, missed []string) {
	declared := config.Declare(root)
	s := search{modules: modules, tests: slices.Clone(tests), functions: templates(root), declared: declared}
	d.Tests = s.moreTests()
	d.Entry = s.entries()
	d.Src = s.roots()
	if declared.RequiresPython == "" {
		d.RequiresPython = s.python(root)
	}
	if declared.Linter != "" {
		d.ImportStyle = config.Reasoned{Value: "names", Why: declared.Linter}
	}
	return d, s.missed()
}

type search struct {
	modules   []*facts.Module
	tests     []string
	functions []function
	declared  config.Declared
}

// entries are what a cold start imports: the handlers that templates name, else
// functions that look like handlers, and console scripts; without any of these
// what web servers load, then __main__ modules, then files that run as scripts.
func (s *search) entries() []config.Reasoned {
	var found []config.Reasoned
	add := func(m *facts.Module, why string) {
		if m == nil || glob.Match(s.tests, m.Path) {
			return
		}
		i := slices.IndexFunc(found, func(r config.Reasoned) bool { return r.Value == m.Path })
		if i >= 0 {
			found[i].Why += "; " + why
			return
		}
		found = append(found, config.Reasoned{Value: m.Path, Why: why})
	}
	for _, f := range s.functions {
		if stem := f.module(); stem != "" {
			add(s.at(stem), fmt.Sprintf("%s: %s runs %s", f.template, f.name, f.handler))
		}
	}
	if len(found) == 0 {
		for _, m := range s.modules {
			if name := handler(m); name != "" {
				add(m, "looks like a Lambda handler: "+name)
			}
		}
	}
	handlers := len(found) > 0
	for _, script := range s.declared.Scripts {
		add(s.named(script.Module), "console script "+script.Name)
	}
	if handlers {
		return found
	}
	if len(found) == 0 {
		for _, m := range s.modules {
			if why := s.served(m); why != "" {
				add(m, why)
			}
		}
	}
	for _, m := range s.modules {
		if path.Base(m.Path) == "__main__.py" {
			add(m, "python -m "+cmp.Or(path.Base(path.Dir(m.Path)), "."))
		}
	}
	if len(found) > 0 {
		return found
	}
	imported := s.imported()
	for _, m := range s.modules {
		if len(m.MainGuard) > 0 && (m.Name == "" || !imported[m.Name]) {
			add(m, "runs as a script, and nothing imports it")
		}
	}
	return found
}

// imported are the names that some import of the project's own code could
// stand for; what tests import may well be a script.
func (s *search) imported() map[string]bool {
	names := map[string]bool{}
	for _, m := range s.modules {
		for i := range m.Units {
			if u := &m.Units[i]; !glob.Match(s.tests, m.Path) {
				names[u.Module], names[u.Path()] = true, true
			}
		}
	}
	return names
}

// missed tells of the Python functions of templates whose code is not found.
func (s *search) missed() (list []string) {
	for _, f := range s.functions {
		stem := f.module()
		if f.handler == "" || f.runtime != "" && f.python() == "" || stem != "" && s.at(stem) != nil {
			continue
		}
		list = append(list, fmt.Sprintf("%s: %s runs %s of %s, which is not found: add its file to entry", f.template, f.name, f.handler, cmp.Or(f.folder, ".")))
	}
	return list
}

// at is the module whose file is stem.py or the package at stem.
func (s *search) at(stem string) *facts.Module {
	for _, file := range []string{stem + ".py", stem + "/__init__.py"} {
		for _, m := range s.modules {
			if m.Path == file {
				return m
			}
		}
	}
	return nil
}

// named is the module with the dotted name, from the root or from a root that
// packages stand in.
func (s *search) named(name string) *facts.Module {
	stem := strings.ReplaceAll(name, ".", "/")
	for _, folder := range append([]string{".", "src", "lib"}, s.declared.Roots...) {
		if m := s.at(path.Join(folder, stem)); m != nil {
			return m
		}
	}
	return nil
}

var handlerName = regexp.MustCompile(`^(lambda_)?handler$|^\w+_handler$`)

// handler is the name of a top-level function that takes an event and a
// context; "" without one.
func handler(m *facts.Module) string {
	for i := range m.Scopes {
		s := &m.Scopes[i]
		if s.Kind != facts.DefScope || s.Parent != facts.Top || len(s.Params) != 2 || !handlerName.MatchString(s.Name) {
			continue
		}
		event, context := strings.TrimLeft(s.Params[0], "_"), strings.TrimLeft(s.Params[1], "_")
		if (event == "event" || event == "evt") && (context == "context" || context == "ctx") {
			return s.Name
		}
	}
	return ""
}

// frameworks are the classes whose instances web servers are given.
var frameworks = []string{"bottle.Bottle", "falcon.App", "falcon.asgi.App", "fastapi.FastAPI", "flask.Flask",
	"litestar.Litestar", "quart.Quart", "sanic.Sanic", "starlette.applications.Starlette"}

// served tells why a web server would load the module; "" if it would not. Of a
// wsgi.py and an asgi.py in one folder, which start the same, it is the first.
func (s *search) served(m *facts.Module) string {
	switch folder, name := path.Split(m.Path); {
	case name == "wsgi.py":
		return "a WSGI server loads it"
	case name == "asgi.py" && s.at(folder+"wsgi") == nil:
		return "an ASGI server loads it"
	}
	for _, app := range []string{"app", "application"} {
		if m.NameAt(facts.Top, app) < 0 {
			continue
		}
		for _, class := range frameworks {
			framework := class[:strings.LastIndexByte(class, '.')]
			if slices.ContainsFunc(m.Units, func(u facts.Unit) bool { return u.Path() == class || u.Path() == framework }) {
				return fmt.Sprintf("binds %s, an application of %s", app, framework)
			}
		}
	}
	return ""
}

// roots are the import roots: the project's folder, src where packages stand in
// it, what the metadata declares, and folders of code that templates name.
func (s *search) roots() []config.Reasoned {
	found := []config.Reasoned{{Value: "."}}
	add := func(folder, why string) {
		known := slices.ContainsFunc(found, func(r config.Reasoned) bool { return r.Value == folder })
		if folder == "." || known || !s.holds(folder) || s.at(folder+"/__init__") != nil {
			return
		}
		found = append(found, config.Reasoned{Value: folder, Why: why})
	}
	for _, folder := range s.declared.Roots {
		add(folder, "declared by the project's metadata")
	}
	for _, f := range s.functions {
		if f.module() != "" {
			add(path.Clean(f.folder), f.template+" runs code there")
		}
	}
	add("src", "packages stand there")
	return found
}

func (s *search) holds(folder string) bool {
	return slices.ContainsFunc(s.modules, func(m *facts.Module) bool { return strings.HasPrefix(m.Path, folder+"/") })
}

// moreTests adds the folders where pytest looks, or that are named like tests,
// to the globs that hold by default; nil where those are enough.
func (s *search) moreTests() []string {
	before := len(s.tests)
	for _, folder := range append(slices.Clone(s.declared.TestPaths), "test", "testing") {
		folder = strings.TrimSuffix(folder, "/")
		pattern := folder + "/**"
		if s.holds(folder) && !slices.Contains(s.tests, pattern) {
			s.tests = append(s.tests, pattern)
		}
	}
	if len(s.tests) == before {
		return nil
	}
	return s.tests
}

var minor = regexp.MustCompile(`^3\.(\d+)`)

// python is the lowest version that templates or .python-version name.
func (s *search) python(root string) config.Reasoned {
	lowest, why := 0, ""
	see := func(version, by string) {
		m := minor.FindStringSubmatch(version)
		if m == nil {
			return
		}
		if n, err := strconv.Atoi(m[1]); err == nil && (why == "" || n < lowest) {
			lowest, why = n, by
		}
	}
	for _, f := range s.functions {
		see(f.python(), f.template)
	}
	if why == "" {
		if data, err := os.ReadFile(filepath.Join(root, ".python-version")); err == nil {
			for line := range strings.Lines(string(data)) {
				see(strings.TrimSpace(line), ".python-version")
			}
		}
	}
	if why == "" {
		return config.Reasoned{}
	}
	return config.Reasoned{Value: fmt.Sprintf(">=3.%d", lowest), Why: why}
}
