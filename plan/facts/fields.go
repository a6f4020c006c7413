package facts

import (
	"bytes"
	"slices"
	"strings"

	"fastpath/plan/syntax"
)

// readsOff notes that code reads an attribute of the name off some object.
func (g *gatherer) readsOff(name string, line int) {
	if _, seen := g.firstRead[name]; !seen && isIdentifier(name) {
		g.firstRead[g.intern([]byte(name))] = line
	}
}

// namedGetter looks at a call that makes a function which reads attributes by
// name off whatever it is given: attrgetter("a.b"), methodcaller("a").
func (g *gatherer) namedGetter(p string, call syntax.NodeID) {
	args := g.arguments(call).positional
	switch p {
	case "operator.attrgetter":
	case "operator.methodcaller":
		args = args[:min(len(args), 1)]
	default:
		return
	}
	for _, n := range args {
		if path, ok := g.constant(n); ok {
			for _, name := range strings.Split(path, ".") {
				g.readsOff(name, g.line(n))
			}
		}
	}
}

// replacementFields notes what the fields of a format string read off the
// arguments of format: "{0.name}", "{m.a.b!r:>{width.value}}".
func (g *gatherer) replacementFields(n syntax.NodeID) {
	for i := n; i < g.tree.Nodes[n].Next; i++ {
		if g.kind(i) != syntax.StringContent {
			continue
		}
		text, line := g.tree.Text(i), g.line(i)
		for {
			open := bytes.IndexByte(text, '{')
			if open < 0 {
				break
			}
			text = text[open+1:]
			field := text
			if end := bytes.IndexAny(field, "{}!:"); end >= 0 {
				field = field[:end]
			}
			_, path, _ := strings.Cut(string(field), ".")
			for _, name := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
				g.readsOff(name, line)
			}
		}
	}
}

// decoratedFarewell notes a def that is decorated with atexit.register.
func (g *gatherer) decoratedFarewell(p string, n syntax.NodeID) {
	if p != "atexit.register" || g.kind(g.tree.Parent(n)) != syntax.Decorator {
		return
	}
	def := g.child(g.tree.Parent(g.tree.Parent(n)), syntax.FieldDefinition)
	if name := g.child(def, syntax.FieldName); name != syntax.NoNode {
		g.m.Farewells = append(g.m.Farewells, Farewell{Name: g.text(name), Exit: true, Line: g.line(name)})
	}
}

// farewell notes what a call is given to run when an object or the interpreter
// goes down: every name in the arguments, as the callback may be a method, a
// partial or a lambda.
func (g *gatherer) farewell(p string, call syntax.NodeID) {
	args := g.arguments(call)
	given := args.positional
	switch p {
	case "atexit.register":
	case "weakref.finalize", "weakref.ref", "weakref.proxy", "weakref.WeakMethod":
		given = given[min(len(given), 1):] // behind the object
		if callback, ok := args.keywords["callback"]; ok {
			given = append(slices.Clip(given), callback)
		}
	default:
		return
	}
	for _, n := range given {
		for i := n; i < g.tree.Nodes[n].Next; i++ {
			if g.kind(i) == syntax.Identifier {
				g.m.Farewells = append(g.m.Farewells, Farewell{Name: g.text(i), Exit: p == "atexit.register", Line: g.line(i)})
			}
		}
	}
}
