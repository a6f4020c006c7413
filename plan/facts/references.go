package facts

import (
	"slices"
	"strings"

	"fastpath/plan/syntax"
)

// readReferences looks at what the file does with the modules and objects
// that it imports.
func (g *gatherer) readReferences() {
	for i := range g.references {
		r := &g.references[i]
		u := &g.m.Uses[r.use]
		if r.ctx.has(inTypes) {
			continue
		}
		if u.PassedTo != "" && !looksOnly(u.PassedTo) {
			g.namedBeside(r)
		}
		if u.Store && g.afterOwnClass(r.top) {
			continue
		}
		for _, p := range g.pathsOf(u.Name) {
			if u.Chain != "" {
				p += "." + u.Chain
			}
			g.reference(r, u, p)
		}
	}
}

// afterOwnClass tells whether the statement before the one of the store defines
// a plain class of the name: the class is what the attribute is stored into,
// whatever an import binds the name to on another way through the module.
//
//	try:
//	    import PIL.Image
//	except ImportError:
//	    class PIL: pass
//	    PIL.Image = None
func (g *gatherer) afterOwnClass(store syntax.NodeID) bool {
	statement := store
	for p := g.tree.Parent(statement); g.kind(p) != syntax.Block && g.kind(p) != syntax.Module; p = g.tree.Parent(statement) {
		if statement = p; p == syntax.NoNode {
			return false
		}
	}
	before := syntax.NoNode
	for n := g.firstNamed(g.tree.Parent(statement)); n != statement && n != syntax.NoNode; n = g.tree.AfterNamed(n) {
		if g.kind(n) != syntax.Comment {
			before = n
		}
	}
	root := g.rootOf(store)
	return g.kind(before) == syntax.ClassDefinition && g.child(before, syntax.FieldSuperclasses) == syntax.NoNode &&
		root != syntax.NoNode && g.is(g.child(before, syntax.FieldName), g.text(root))
}

// namedBeside takes a text in the arguments of a call for the name of an
// attribute of an object that the call is given as well.
func (g *gatherer) namedBeside(r *reference) {
	list := g.tree.Parent(r.top)
	for g.kind(list) != syntax.ArgumentList {
		if list = g.tree.Parent(list); list == syntax.NoNode {
			return
		}
	}
	for n := g.firstNamed(list); n != syntax.NoNode; n = g.tree.AfterNamed(n) {
		value := n
		if g.kind(n) == syntax.KeywordArgument {
			value = g.child(n, syntax.FieldValue)
		}
		if name, ok := g.stringValue(value); ok && isIdentifier(name) {
			g.m.Dynamic = append(g.m.Dynamic, Dynamic{What: "getattr", Line: g.line(value), Scope: r.ctx.scope, Object: g.objectText(r.top), Attr: name})
		}
	}
}

// reference judges one use of the object at path p.
func (g *gatherer) reference(r *reference, u *Use, p string) {
	call := g.callOf(r.top)
	switch {
	case strings.HasPrefix(p, "sys.modules"):
		g.sysModules(r.top, p, &r.ctx)
	case isReload(p):
		if call != syntax.NoNode {
			g.reload(call)
		}
	case isImporter(p):
		if call != syntax.NoNode {
			g.stringImport(call, &r.ctx)
		}
	case p == "runpy.run_path", p == "importlib.util.spec_from_file_location":
		if call != syntax.NoNode {
			g.fileImport(call, &r.ctx)
		}
	}
	g.decoratedFarewell(p, r.top)
	if call != syntax.NoNode && (p == "runpy.run_path" || p == "runpy.run_module") && g.kind(g.tree.Parent(call)) != syntax.ExpressionStatement {
		g.m.Dynamic = append(g.m.Dynamic, Dynamic{What: "vars", Line: g.line(call), Scope: r.ctx.scope, Object: "?", Loaded: true})
	}
	if call != syntax.NoNode {
		g.mockCall(call, p, &r.ctx)
		g.typingCall(call, p, &r.ctx)
		g.namedGetter(p, call)
		g.farewell(p, call)
	}
	g.watched(r, p, call)
	g.processState(r, u, p, call)
}

// callOf is the call whose callee is exactly n; NoNode for none.
func (g *gatherer) callOf(n syntax.NodeID) syntax.NodeID {
	nd := &g.tree.Nodes[n]
	if nd.Field == syntax.FieldFunction && g.kind(nd.Parent) == syntax.Call {
		return nd.Parent
	}
	return syntax.NoNode
}

func isReload(p string) bool {
	return p == "importlib.reload" || p == "imp.reload" || p == "six.moves.reload_module"
}

func isImporter(p string) bool {
	return p == "importlib.import_module" || p == "importlib.__import__" || p == "pytest.importorskip" ||
		p == "builtins.__import__" || p == "runpy.run_module"
}

// stringImport records an import by name; a computed name has no Module.
func (g *gatherer) stringImport(call syntax.NodeID, c *context) {
	args := g.arguments(call)
	n := args.at(0, "name", "modname", "mod_name")
	name, known := g.moduleGiven(args)
	begins := ""
	if !known {
		begins = g.beginning(n)
		if value := g.valueOf(n); begins == "" && value != syntax.NoNode {
			begins = g.beginning(value)
		}
		if strings.HasPrefix(begins, ".") {
			begins = g.anchor() + begins
		}
	}
	g.load(StringImport{Module: g.intern([]byte(name)), Begins: g.intern([]byte(begins))}, call, c)
}

// moduleGiven is the module that a call is given by a constant name; "" where it is
// relative to what cannot be told.
func (g *gatherer) moduleGiven(args arguments) (name string, constant bool) {
	n := args.at(0, "name", "modname", "mod_name")
	if name, constant = g.constant(n); !constant {
		return "", false
	}
	if !strings.HasPrefix(name, ".") {
		return name, constant
	}
	n = args.at(1, "package")
	anchor, ok := g.constant(n)
	if !ok && g.is(n, "__package__") {
		anchor, ok = g.anchor(), g.m.Name != ""
	}
	if !ok {
		return "", true
	}
	rest := strings.TrimLeft(name, ".")
	return ResolveLevel(anchor, true, len(name)-len(rest), rest), true
}

// fileImport records the running of a file as a module. Where its path is known it
// is the module of that path.
func (g *gatherer) fileImport(call syntax.NodeID, c *context) {
	args := g.arguments(call)
	file := args.at(1, "location", "path_name")
	if len(args.positional) == 1 {
		file = args.positional[0]
	}
	s, ok := g.constant(file)
	if !ok {
		s = g.pathKey(file)
	}
	module, isPython := strings.CutSuffix(strings.TrimPrefix(s, beside), ".py")
	if !isPython || strings.HasPrefix(module, "/") || strings.Contains(module, ".") {
		module = ""
	}
	g.load(StringImport{Module: g.intern([]byte(strings.ReplaceAll(module, "/", ".")))}, call, c)
}

func (g *gatherer) load(s StringImport, call syntax.NodeID, c *context) {
	s.Line, s.Scope, s.Used = g.line(call), c.scope, g.kind(g.tree.Parent(call)) != syntax.ExpressionStatement
	g.m.Loads = append(g.m.Loads, s)
}

// anchor is the package that relative names of this module begin at.
func (g *gatherer) anchor() string {
	if g.m.Package {
		return g.m.Name
	}
	return parentOf(g.m.Name)
}

// watchedPaths are the functions of the library that reach names behind
// Python's back, with the word that Dynamic uses for them. Those with an
// argument act on their first one.
var watchedPaths = map[string]string{
	"sys._getframe":                    "frame",
	"sys._getframemodulename":          "frame",
	"sys._current_frames":              "frame",
	"inspect.currentframe":             "frame",
	"inspect.stack":                    "frame",
	"inspect.trace":                    "frame",
	"inspect.getmembers":               "getmembers",
	"inspect.getmembers_static":        "getmembers",
	"inspect.getattr_static":           "getattr",
	"inspect.getsource":                "inspect.getsource",
	"inspect.getsourcelines":           "inspect.getsource",
	"inspect.getsourcefile":            "inspect.getsource",
	"inspect.findsource":               "inspect.getsource",
	"inspect.get_annotations":          "get_type_hints",
	"annotationlib.get_annotations":    "get_type_hints",
	"typing.get_type_hints":            "get_type_hints",
	"typing_extensions.get_type_hints": "get_type_hints",
	"types.FunctionType":               "FunctionType",
	"types.LambdaType":                 "FunctionType",
	"types.CodeType":                   "FunctionType",
	"builtins.globals":                 "globals",
	"builtins.locals":                  "locals",
	"builtins.vars":                    "vars",
	"builtins.dir":                     "dir",
	"builtins.eval":                    "eval",
	"builtins.exec":                    "exec",
	"builtins.getattr":                 "getattr",
}

func (g *gatherer) watched(r *reference, p string, call syntax.NodeID) {
	what, ok := watchedPaths[p]
	if call != syntax.NoNode && p == "inspect.signature" {
		if _, evaluates := g.arguments(call).keywords["eval_str"]; evaluates {
			what, ok = "get_type_hints", true
		}
	}
	if !ok || call != syntax.NoNode && (what == "frame" && g.asksWhere(call) || g.unseeing(what, call)) {
		return
	}
	d := Dynamic{What: what, Line: g.line(r.top), Scope: r.ctx.scope}
	if call != syntax.NoNode {
		g.describe(&d, g.arguments(call))
	} else if !d.ownByName() {
		d.Object = "?"
	}
	g.m.Dynamic = append(g.m.Dynamic, d)
}

// describe fills in the object and the attribute that a call reaches for.
func (g *gatherer) describe(d *Dynamic, args arguments) {
	switch d.What {
	case "frame", "globals", "locals", "eval", "exec":
		return
	}
	object := args.at(0, "obj", "object")
	if object == syntax.NoNode {
		if args.splat || !d.ownByName() {
			d.Object = "?"
		}
		return
	}
	d.Object, d.Loaded = g.objectText(object), g.mayBeLoaded(object, 0)
	if d.What == "getattr" {
		name, constant := g.constant(args.at(1, "attr"))
		begins := g.beginning(args.at(1, "attr"))
		switch {
		case name == "__dict__", !constant && strings.HasPrefix(begins, "__"): // which has them all
		case constant:
			d.Attr = name
		default:
			d.Begins = g.intern([]byte(begins))
		}
	}
	if d.What == "vars" && d.Object != "" && g.changesMapping(args.call) {
		d.What = "setattr" // of any name
	}
	if d.What == "dir" || d.What == "vars" {
		g.seeksOne(d, args.call)
	}
}

// seeksOne sees to an access to the whole namespace at n of which one name is looked
// for: that is what getattr and hasattr do.
func (g *gatherer) seeksOne(d *Dynamic, n syntax.NodeID) {
	if name, ok := g.soughtIn(n); ok && d.Object != "" {
		d.What, d.Attr = "getattr", name
	}
}

// soughtIn is the name that is looked for in the mapping or list at n, if that is all
// that is done with it: `"name" in n`, n["name"], n.get("name").
func (g *gatherer) soughtIn(n syntax.NodeID) (string, bool) {
	parent := g.tree.Parent(n)
	switch g.kind(parent) {
	case syntax.ComparisonOperator:
		if name := g.firstNamed(parent); name != n && g.tree.AfterNamed(name) == n && g.tree.AfterNamed(n) == syntax.NoNode {
			return g.constant(name)
		}
	case syntax.Subscript:
		if g.tree.Nodes[n].Field == syntax.FieldValue && !g.isTarget(parent) {
			return g.constant(g.child(parent, syntax.FieldSubscript))
		}
	case syntax.Attribute:
		if call := g.callOf(parent); call != syntax.NoNode && g.is(g.child(parent, syntax.FieldAttribute), "get") {
			return g.constant(g.arguments(call).at(0))
		}
	}
	return "", false
}

// ownByName tells whether the access, without an argument, reaches the names
// of the module or function it stands in.
func (d *Dynamic) ownByName() bool {
	switch d.What {
	case "frame", "globals", "locals", "vars", "dir", "eval", "exec":
		return true
	}
	return false
}

// objectText is how Dynamic names an object: as written, so that the reader
// can resolve it; resolved where a local import says what it is; "" for this
// module itself, "?" for an expression.
func (g *gatherer) objectText(n syntax.NodeID) string {
	if g.isOwnModule(n) {
		return ""
	}
	if root := g.rootOf(n); root != syntax.NoNode {
		if name, known := g.lookup(root); known && g.m.Names[name].Scope != Top {
			return g.objectOf(n)
		}
		return g.dotted(n)
	}
	if s := g.importedBy(n); s != "" {
		return s
	}
	return "?"
}

// mayBeLoaded tells whether an expression may be a module that a call of the file
// has imported by its name: what such a call gives, and a variable of which it is
// not known what else it holds.
func (g *gatherer) mayBeLoaded(n syntax.NodeID, depth int) bool {
	switch g.kind(n) {
	case syntax.Call:
		for _, f := range g.named(g.child(n, syntax.FieldFunction)) {
			if isImporter(f) || f == "__import__" || f == "importlib.util.module_from_spec" || f == "runpy.run_path" || f == "sys.modules.get" {
				return true
			}
		}
	case syntax.Subscript:
		return slices.Contains(g.pathsAt(g.child(n, syntax.FieldValue)), "sys.modules")
	case syntax.Identifier:
		if value := g.valueOf(n); value != syntax.NoNode {
			return depth < 4 && g.mayBeLoaded(value, depth+1)
		}
		name, known := g.lookup(n)
		if !known {
			return !g.is(n, "self") && !g.is(n, "cls")
		}
		for i, b := range g.m.Names[name].Bindings {
			if value := g.rights[name][i]; b.Kind == ByAssign && (value == syntax.NoNode || depth < 4 && g.mayBeLoaded(value, depth+1)) {
				return true
			}
		}
	}
	return false
}

// isOwnModule recognizes sys.modules[__name__].
func (g *gatherer) isOwnModule(n syntax.NodeID) bool {
	if g.kind(n) != syntax.Subscript {
		return false
	}
	for _, p := range g.pathsAt(g.child(n, syntax.FieldValue)) {
		if p == "sys.modules" {
			return g.is(g.child(n, syntax.FieldSubscript), "__name__")
		}
	}
	return false
}
