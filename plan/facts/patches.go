package facts

import (
	"slices"
	"strings"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// mockCall records what a call of the mock library replaces; p is the path of
// the callee.
func (g *gatherer) mockCall(call syntax.NodeID, p string, c *context) {
	rest, ok := mockFunction(p)
	if !ok || g.spent[call] {
		return // or met by another path already
	}
	g.spend(call)
	g.mock(call, rest, c)
}

// mockFunction finds the patch function in a path: unittest.mock.patch.object,
// mock.patch and the like give "patch.object" and "patch".
func mockFunction(p string) (string, bool) {
	for _, module := range [...]string{"unittest.mock.", "mock.mock.", "mock.", "asynctest.mock.", "asynctest."} {
		if rest, ok := strings.CutPrefix(p, module); ok && isPatchFunction(rest) {
			return rest, true
		}
	}
	return "", false
}

func isPatchFunction(name string) bool {
	switch name {
	case "patch", "patch.object", "patch.multiple", "patch.dict":
		return true
	}
	return false
}

// unnamedPatch looks at methods that are named like those of mock, pytest's
// monkeypatch and pytest-mock, on objects whose type cannot be known. Their
// arguments tell: only calls that replace something look that way.
func (g *gatherer) unnamedPatch(attribute, object syntax.NodeID, attr string, c *context) {
	if root := g.rootOf(object); root != syntax.NoNode {
		if name, known := g.lookup(root); known && g.fromImport[name] && len(g.pathsOf(name)) > 0 {
			return // a reference; judged by its path
		}
	}
	call := g.callOf(attribute)
	if call == syntax.NoNode {
		return
	}
	switch attr {
	case "setattr", "delattr":
		g.monkeypatch(call, object, attr, c)
	case "setenv", "delenv", "chdir", "syspath_prepend":
		if isMonkeypatch(g.dotted(object)) {
			g.effect(c, monkeyStates[attr], g.dotted(attribute), attribute)
		}
	case "setitem", "delitem":
		args := g.arguments(call)
		if g.isSysModules(args.at(0, "dic")) {
			g.modulePatch(call, args.at(1, "name"))
		} else {
			g.contentPatch(call, args.at(0, "dic"))
		}
	case "patch":
		target := g.arguments(call).at(0, "target")
		if target == syntax.NoNode || !g.couldBePath(target) {
			return
		}
		if _, known := g.constant(target); known || isMocker(g.dotted(object)) {
			g.mock(call, "patch", c)
		}
	case "spy":
		if args := g.arguments(call); isMocker(g.dotted(object)) && args.at(1, "name") != syntax.NoNode {
			g.addPatches(g.objectPatches(c, call, args.at(0, "obj"), args.at(1, "name"), false))
		}
	case "object", "multiple", "dict":
		if g.kind(object) == syntax.Attribute && g.is(g.child(object, syntax.FieldAttribute), "patch") ||
			g.is(object, "patch") {
			g.mock(call, "patch."+attr, c)
		}
	}
}

// monkeyStates are the methods of monkeypatch that change the process.
var monkeyStates = map[string]string{"setenv": "environ", "delenv": "environ", "chdir": "cwd", "syspath_prepend": "sys.path"}

// couldBePath rules out what is certainly no target of patch: the URL of
// session.patch(url), for one.
func (g *gatherer) couldBePath(n syntax.NodeID) bool {
	if s, ok := g.constant(n); ok {
		return isDottedName(s)
	}
	if g.kind(n) == syntax.String || g.kind(n) == syntax.ConcatenatedString {
		return !strings.ContainsAny(string(g.tree.Text(n)), "/ ")
	}
	return g.kind(n) == syntax.BinaryOperator || g.kind(n) == syntax.Call
}

func (g *gatherer) mock(call syntax.NodeID, function string, c *context) {
	args := g.arguments(call)
	switch function {
	case "patch":
		p := g.stringPatch(call, args.at(0, "target"))
		p.Plain = g.plainMock(args, 2)
		g.addPatch(p)
	case "patch.object":
		g.addPatches(g.objectPatches(c, call, args.at(0, "target"), args.at(1, "attribute"), g.plainMock(args, 3)))
	case "patch.dict":
		in := args.at(0, "in_dict")
		if g.isEnviron(in) {
			g.environPatch(call, args, c)
		}
		// Other mappings stay the objects they are: their text, if any, names
		// something like any other.
		g.contentPatch(call, in)
		if s, ok := g.constant(in); ok && strings.HasSuffix(s, ".__dict__") {
			g.m.Dynamic = append(g.m.Dynamic, Dynamic{What: "setattr", Line: g.line(call), Scope: c.scope, Object: strings.TrimSuffix(s, ".__dict__")})
		}
		if g.isSysModules(in) {
			g.spend(in)
			g.modulePatches(call, args, 1)
		}
	case "patch.multiple":
		g.multiple(call, args)
	}
}

// contentPatch records that a mapping gets other items, which an import or text says
// where to find.
func (g *gatherer) contentPatch(call, mapping syntax.NodeID) {
	p := Patch{Form: PatchContent, Line: g.line(call)}
	if s, ok := g.constant(mapping); ok {
		p.Target = g.intern([]byte(s))
	} else if list := g.pathsAt(mapping); len(list) > 0 {
		p.Target = list[0]
	}
	switch p.Target {
	case "", "os.environ", "sys.modules": // the process's, with records of their own
		return
	}
	g.addPatch(p)
}

// plainMock tells whether a patch call has none of the arguments that tie the
// mock to the object it replaces; limit counts its plain positional ones.
func (g *gatherer) plainMock(args arguments, limit int) bool {
	if args.splat || len(args.positional) > limit {
		return false
	}
	for _, k := range [...]string{"create", "spec", "autospec", "spec_set", "new_callable"} {
		if _, ok := args.keywords[k]; ok {
			return false
		}
	}
	return true
}

// stringPatch is a replacement by dotted text. Of text that is put together
// here, Target is what is known up to a dot, with a star for the rest. Text that
// a variable holds was written somewhere else, and is found there; its Target is
// "".
func (g *gatherer) stringPatch(call, target syntax.NodeID) Patch {
	p := Patch{Form: PatchString, Line: g.line(call), Passes: g.passes(call)}
	if target == syntax.NoNode {
		return p
	}
	if s, ok := g.constant(target); ok {
		p.Target = g.intern([]byte(s))
	} else if k := g.kind(target); k == syntax.BinaryOperator || k == syntax.Call || k == syntax.String {
		s := g.beginning(target)
		p.Target = g.intern([]byte(s[:strings.LastIndexByte(s, '.')+1] + "*"))
	}
	if g.kind(target) == syntax.String {
		if _, ok := g.stringValue(target); ok && !g.isFormatted(target) {
			p.Span = g.tree.Span(target)
		}
	}
	g.spend(target)
	return p
}

// isFormatted recognizes an f-string, with or without fields.
func (g *gatherer) isFormatted(n syntax.NodeID) bool {
	return strings.ContainsAny(string(g.tree.Text(g.tree.First(n))), "fF")
}

// objectPatches are the replacements of an attribute of an object: one for each name
// that it can be, one without a name where it may be any.
func (g *gatherer) objectPatches(c *context, call, object, attr syntax.NodeID, plain bool) []Patch {
	p := Patch{Form: PatchObject, Line: g.line(call), Plain: plain, Passes: g.passes(call), Root: g.rootPath(object)}
	if g.kind(attr) == syntax.String {
		p.Span = g.tree.Span(attr)
	}
	if list := g.pathsAt(object); len(list) > 0 {
		p.Target = list[0]
	} else if s, ok := g.moduleObject(object); ok {
		p.Target, p.Root = s, s
	}
	names := g.alternatives(attr)
	if len(names) == 0 {
		if p.Target != "" {
			g.m.Dynamic = append(g.m.Dynamic, Dynamic{What: "setattr", Line: p.Line, Scope: c.scope, Object: g.objectText(object)})
		}
		p.Span = syntax.Span{}
		return []Patch{p}
	}
	list := make([]Patch, len(names))
	for i, name := range names {
		list[i] = p
		list[i].Attr = g.intern([]byte(name))
	}
	return list
}

// passes tells that what a call replaces comes back by itself: at the end of a with
// block, of the function that it decorates, or of the test that asked for the fixture
// of pytest or pytest-mock.
func (g *gatherer) passes(call syntax.NodeID) bool {
	switch g.kind(g.tree.Parent(call)) {
	case syntax.WithItem, syntax.Decorator:
		return true
	}
	fixture := g.rootOf(g.child(call, syntax.FieldFunction))
	if !g.is(fixture, "monkeypatch") && !g.is(fixture, "mocker") {
		return false
	}
	o := g.occurrenceAt(g.soleBinding(fixture))
	return o != nil && o.Role == scope.BindParameter
}

// moduleObject is the module that `sys.modules["x"]` or import_module("x")
// gives.
func (g *gatherer) moduleObject(n syntax.NodeID) (string, bool) {
	if g.isOwnModule(n) && g.m.Name != "" {
		return g.m.Name, true
	}
	s := g.importedBy(n)
	return s, s != ""
}

// rootPath is the path that the first name of the expression has by itself.
func (g *gatherer) rootPath(n syntax.NodeID) string {
	root := g.rootOf(n)
	if root == syntax.NoNode {
		return ""
	}
	if list := g.pathsAt(root); len(list) > 0 {
		return list[0]
	}
	return ""
}

// multiple gives one patch for each keyword of patch.multiple.
func (g *gatherer) multiple(call syntax.NodeID, args arguments) {
	target := args.at(0, "target")
	base := g.stringPatch(call, target)
	base.Form = PatchMultiple
	if base.Target == "" {
		if list := g.pathsAt(target); len(list) > 0 {
			base.Target = list[0]
		}
	}
	list := g.child(call, syntax.FieldArguments)
	for a := g.firstNamed(list); a != syntax.NoNode; a = g.tree.AfterNamed(a) {
		switch g.kind(a) {
		case syntax.KeywordArgument:
			name := g.text(g.child(a, syntax.FieldName))
			switch name {
			case "target", "create", "spec", "autospec", "spec_set", "new_callable":
				continue
			}
			g.addPatch(base.of(name))
		case syntax.DictionarySplat:
			g.addPatch(base.of(""))
		}
	}
}

// of is the patch of one attribute, "" for any.
func (p Patch) of(attr string) Patch {
	p.Attr = attr
	switch {
	case p.Target == "":
	case attr == "":
		p.Target += ".*"
	default:
		p.Target += "." + attr
	}
	return p
}

// monkeypatch reads setattr("a.b.c", v), setattr(a.b, "c", v) and the delattr
// forms. Other objects have methods of these names too: text that is no path
// tells them apart, or else the name of the object.
func (g *gatherer) monkeypatch(call, object syntax.NodeID, attr string, c *context) {
	args := g.arguments(call)
	target, name := args.at(0, "target"), args.at(1, "name")
	if target == syntax.NoNode {
		return
	}
	forText := 1 // arguments when the target is a path in text
	if attr == "setattr" {
		forText = 2
	}
	_, named := args.keywords["name"]
	if !named && len(args.positional) <= forText {
		s, ok := g.constant(target)
		switch {
		case ok && !strings.Contains(s, "."), !ok && !isMonkeypatch(g.dotted(object)):
			return
		}
		p := g.stringPatch(call, target)
		p.Plain = true
		g.addPatch(p)
		return
	}
	list := g.objectPatches(c, call, target, name, true)
	if list[0].Target != "" || isMonkeypatch(g.dotted(object)) {
		g.addPatches(list)
	}
}

// isMocker recognizes the fixture of pytest-mock by the name of the object.
func isMocker(name string) bool { return strings.Contains(name, "mock") }

func isMonkeypatch(name string) bool {
	return strings.Contains(name, "patch") || name == "mp" || name == "m"
}

// plainSet reads the builtin setattr and delattr. An object that is no import
// of this file is none of our business.
func (g *gatherer) plainSet(call syntax.NodeID, c *context) {
	args := g.arguments(call)
	object := args.at(0)
	if object == syntax.NoNode || g.is(object, "self") || g.is(object, "cls") {
		return
	}
	list := g.objectPatches(c, call, object, args.at(1), true)
	if list[0].Target == "" && !g.isOwnModule(object) {
		return
	}
	g.addPatches(list)
	for _, p := range list {
		if atImport(c) && p.Root != "" && !g.isOwn(p.Root) {
			code := "store"
			if p.Target == "builtins" {
				code = "builtins"
			}
			g.effect(c, code, p.Target+"."+p.Attr, call)
		}
	}
}

func (g *gatherer) reload(call syntax.NodeID) {
	p := Patch{Form: PatchReload, Line: g.line(call)}
	object := g.arguments(call).at(0, "module")
	if object == syntax.NoNode {
		return
	}
	modules := g.objects(object)
	if len(modules) == 0 {
		modules = []string{""}
	}
	for _, p.Target = range modules {
		g.addPatch(p)
	}
}

// isSysModules recognizes sys.modules, imported in any way.
func (g *gatherer) isSysModules(n syntax.NodeID) bool {
	for _, p := range g.pathsAt(n) {
		if p == "sys.modules" {
			return true
		}
	}
	s, _ := g.stringValue(n)
	return s == "sys.modules"
}

// isEnviron recognizes os.environ as an object or as text.
func (g *gatherer) isEnviron(n syntax.NodeID) bool {
	if slices.Contains(g.pathsAt(n), "os.environ") {
		return true
	}
	s, _ := g.stringValue(n)
	return s == "os.environ"
}

// environPatch records which variables patch.dict changes.
func (g *gatherer) environPatch(call syntax.NodeID, args arguments, c *context) {
	change := Effect{Code: "environ", Detail: "os.environ", Line: g.line(call), Scope: c.scope}
	values := args.at(1, "values")
	keys := sortedKeys(args.keywords)
	if g.kind(values) == syntax.Dictionary && !args.splat {
		for e := g.firstNamed(values); e != syntax.NoNode; e = g.tree.AfterNamed(e) {
			key, _ := g.constant(g.child(e, syntax.FieldKey))
			keys = append(keys, key)
		}
	} else if values != syntax.NoNode || args.splat {
		keys = append(keys, "")
	}
	for _, key := range keys {
		switch key {
		case "in_dict", "values":
			continue
		case "clear":
			key = ""
		}
		change.Key = g.intern([]byte(key))
		g.fileEffect(c, change)
	}
}

// modulePatch records a write to sys.modules. Of a computed key, Target is what
// is known, up to a dot if there is one, with a star for the rest; "" where that is
// nothing.
func (g *gatherer) modulePatch(n, key syntax.NodeID) {
	p := Patch{Form: PatchModules, Line: g.line(n)}
	if s, ok := g.constant(key); ok {
		p.Target = g.intern([]byte(s))
		g.spend(key)
	} else if s, ok := g.localConstant(key); ok {
		p.Target = g.intern([]byte(s))
	} else if s := g.keyBegins(key); s != "" {
		p.Target = g.intern([]byte(s + "*"))
	}
	g.addPatch(p)
}

// keyBegins is how the name of a module begins that an expression puts together: up to
// a dot, or the beginning of its first part.
func (g *gatherer) keyBegins(n syntax.NodeID) string {
	s := g.beginning(n)
	if dot := strings.LastIndexByte(s, '.'); dot >= 0 {
		return s[:dot+1]
	}
	return s
}

// modulePatches records a write of several modules: a mapping at position
// first, and keywords.
func (g *gatherer) modulePatches(call syntax.NodeID, args arguments, first int) {
	values := args.at(first, "values")
	if value := g.valueOf(values); g.kind(value) == syntax.Dictionary {
		g.modulePatch(call, syntax.NoNode) // it may have got more meanwhile
		values = value
	}
	found := false
	if g.kind(values) == syntax.Dictionary {
		for e := g.firstNamed(values); e != syntax.NoNode; e = g.tree.AfterNamed(e) {
			key := syntax.NoNode
			if g.kind(e) == syntax.Pair {
				key = g.child(e, syntax.FieldKey)
			}
			g.modulePatch(call, key)
			found = true
		}
		found = true
	}
	for _, k := range sortedKeys(args.keywords) {
		switch k {
		case "values", "in_dict", "clear":
			continue
		}
		g.addPatch(Patch{Form: PatchModules, Line: g.line(call), Target: k})
		found = true
	}
	if _, clear := args.keywords["clear"]; clear || args.splat || !found && values != syntax.NoNode {
		g.modulePatch(call, syntax.NoNode)
	}
}

func (g *gatherer) addPatch(p Patch) { g.addPatches([]Patch{p}) }

func (g *gatherer) addPatches(list []Patch) { g.m.Patches = append(g.m.Patches, list...) }

// isOwn tells whether a path leads into this very module.
func (g *gatherer) isOwn(p string) bool {
	return g.m.Name != "" && (p == g.m.Name || strings.HasPrefix(p, g.m.Name+"."))
}

// spend marks a string literal or a call as accounted for.
func (g *gatherer) spend(n syntax.NodeID) {
	if n != syntax.NoNode {
		g.spent[n] = true
	}
}
