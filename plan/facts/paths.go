package facts

import (
	"path"
	"slices"
	"strings"

	"fastpath/plan/syntax"
)

// beside begins the key of a file that lies by the module, as what is made of
// __file__ does.
const beside = "./"

// pathKey says what is known of the file that an expression is the path of: the
// last part of the path, behind "./" where the file lies by the module; the whole
// path where it begins at the root; nothing of it otherwise.
func (g *gatherer) pathKey(n syntax.NodeID) string {
	key := g.lastPart(n, 0)
	if !strings.HasPrefix(key, "/") && g.madeOfFile(n) {
		key = beside + key
	}
	return g.intern([]byte(key))
}

// isWhole tells that the key of a path does not depend on the working directory.
func isWhole(key string) bool { return strings.HasPrefix(key, "/") || strings.HasPrefix(key, beside) }

// SameFile tells whether what is read under one key can be what is written under
// the other.
func SameFile(read, written string) bool {
	a, b := namePart(read), namePart(written)
	switch {
	case a != "" && b != "":
		same, err := path.Match(a, b)
		return a == b || err == nil && same
	case strings.HasPrefix(read, "/"):
		return false // nobody writes by accident where the system keeps its files
	}
	return strings.HasPrefix(read, beside) == strings.HasPrefix(written, beside)
}

func namePart(key string) string {
	if key = strings.TrimPrefix(key, beside); key == "" {
		return ""
	}
	return path.Base(key)
}

// lastPart is the last part of the path that an expression gives, or the whole
// of one that is known to begin at the root.
func (g *gatherer) lastPart(n syntax.NodeID, depth int) string {
	if n == syntax.NoNode || depth > 8 {
		return ""
	}
	if s, ok := g.constant(n); ok {
		if s == "" || strings.HasPrefix(s, "/") {
			return s
		}
		return path.Base(s)
	}
	switch g.kind(n) {
	case syntax.ParenthesizedExpression:
		return g.lastPart(g.firstNamed(n), depth+1)
	case syntax.BinaryOperator:
		right := g.child(n, syntax.FieldRight)
		switch string(g.tree.Text(g.child(n, syntax.FieldOperator))) {
		case "/":
			return path.Base("./" + g.lastPart(right, depth+1))
		case "+":
			if s, ok := g.constant(right); ok && strings.Contains(s, "/") {
				return path.Base(s)
			}
		}
	case syntax.Call:
		args := g.arguments(n).positional
		callee := g.child(n, syntax.FieldFunction)
		name := last(g.dotted(callee))
		if g.kind(callee) == syntax.Attribute {
			name = g.text(g.child(callee, syntax.FieldAttribute))
		}
		switch name {
		case "join", "joinpath", "Path", "PurePath", "PosixPath", "with_name":
			if len(args) > 0 {
				return path.Base("./" + g.lastPart(args[len(args)-1], depth+1))
			}
		case "str", "fspath", "abspath", "realpath", "normpath", "expanduser", "expandvars":
			if len(args) > 0 {
				return g.lastPart(args[0], depth+1)
			}
			return g.lastPart(g.child(callee, syntax.FieldObject), depth+1)
		case "resolve", "absolute":
			return g.lastPart(g.child(callee, syntax.FieldObject), depth+1)
		}
	case syntax.Identifier:
		return g.lastPart(g.valueOf(n), depth+1)
	}
	return ""
}

// valueOf is the expression that one plain assignment, all that binds it, gives to
// the variable n of the module or of a function.
func (g *gatherer) valueOf(n syntax.NodeID) syntax.NodeID {
	if name, known := g.lookup(n); known {
		if b := g.m.Names[name].Bindings; len(b) == 1 && b[0].Plain {
			return g.rights[name][0]
		}
		return syntax.NoNode
	}
	return g.localValue(n)
}

// madeOfFile tells whether an expression is made of __file__, or asks for the
// resources of a package.
func (g *gatherer) madeOfFile(n syntax.NodeID) bool {
	return g.madeOf(n, func(i syntax.NodeID) bool {
		return g.is(i, "__file__") || g.beginsWith(i, "importlib.resources") || g.beginsWith(i, "importlib_resources") || g.beginsWith(i, "pkgutil")
	})
}

// isPath tells whether an expression is made of an object of pathlib, or of what
// pytest makes for temporary files.
func (g *gatherer) isPath(n syntax.NodeID) bool {
	return g.madeOf(n, func(i syntax.NodeID) bool {
		return g.is(i, "tmp_path") || g.is(i, "tmpdir") || g.beginsWith(i, "pathlib")
	})
}

// isParser tells whether an expression is made of a parser of configuration files.
func (g *gatherer) isParser(n syntax.NodeID) bool {
	return g.madeOf(n, func(i syntax.NodeID) bool { return g.beginsWith(i, "configparser") })
}

// beginsWith tells whether a name may lead to what a dotted path of that beginning
// denotes.
func (g *gatherer) beginsWith(n syntax.NodeID, beginning string) bool {
	return slices.ContainsFunc(g.pathsAt(n), func(p string) bool { return strings.HasPrefix(p, beginning) })
}

// madeOf tells whether one of the names in an expression, or in what its variables
// were given, is such. It looks at so many nodes at most: no path is longer.
func (g *gatherer) madeOf(n syntax.NodeID, is func(syntax.NodeID) bool) bool {
	work, left := []syntax.NodeID{n}, 400
	for len(work) > 0 {
		n := work[len(work)-1]
		if work = work[:len(work)-1]; n == syntax.NoNode {
			continue
		}
		for i := n; i < g.tree.Nodes[n].Next && left > 0; i++ {
			left--
			if g.kind(i) != syntax.Identifier || g.tree.Nodes[i].Field == syntax.FieldAttribute {
				continue
			}
			if is(i) {
				return true
			}
			work = append(work, g.valueOf(i))
		}
	}
	return false
}

// opened files what a call of open reads or writes, as its mode says.
func (g *gatherer) opened(c *context, key string, mode, call syntax.NodeID) {
	text, known := g.constant(mode)
	if known || mode == syntax.NoNode {
		if strings.ContainsAny(text, "wax+") {
			g.fileSet(c, key, call)
		}
		if !strings.ContainsAny(text, "wax") {
			g.fileRead(c, key, call)
		}
		return
	}
	g.fileSet(c, key, call)
	g.fileRead(c, key, call)
}

func (g *gatherer) fileSet(c *context, key string, n syntax.NodeID) {
	g.setsByName(c, "files", key, g.line(n))
}

// fileRead files the reading of a file, and that its name may be one in the working
// directory.
func (g *gatherer) fileRead(c *context, key string, n syntax.NodeID) {
	g.readAs(c, "files", key, n)
	if !isWhole(key) {
		g.readAs(c, "cwd", "", n)
	}
}
