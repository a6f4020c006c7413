package facts

import (
	"slices"
	"strings"

	"fastpath/plan/syntax"
)

// grows are methods that add to what a list or set holds.
var grows = map[string]bool{"append": true, "appendleft": true, "add": true, "insert": true, "extend": true, "register": true}

// Grows tells whether a method of that name adds to a list or set.
func Grows(method string) bool { return grows[method] }

// enterChange notes a change that a method makes by way of its first parameter or
// its class: that it alters the object, and an attribute to whose content it adds,
// as in self.all.append(…), type(self).all[k] = …
func (g *gatherer) enterChange(n syntax.NodeID) {
	g.keepsParam(n)
	g.asksParam(n)
	adds := false
	target := n
	if method := g.tree.Text(g.child(n, syntax.FieldAttribute)); changesObject(string(method)) && g.callOf(n) != syntax.NoNode {
		if adds = grows[string(method)]; adds {
			target = g.child(n, syntax.FieldObject)
		}
	} else if adds = g.itemIsTarget(n); !adds && !g.isTarget(n) {
		return
	}
	id := g.m.DefAround(g.here().scope)
	if id < 0 {
		return
	}
	s := &g.m.Scopes[id]
	inClass := g.m.Scopes[s.Parent].Kind == ClassScope
	g.changesParam(n, s, inClass)
	if !inClass {
		return
	}
	if object := g.instanceOf(n, s); object && s.Name != "__init__" && s.Name != "__new__" {
		s.Alters = true
		s.Registers = s.Registers || adds && !g.here().has(conditional)
	}
	if !adds || g.kind(target) != syntax.Attribute || target == n && s.Name == "__new__" {
		return // that is how instances are remembered
	}
	name := g.text(g.child(target, syntax.FieldAttribute))
	if g.meansInstance(g.child(target, syntax.FieldObject), s) && !slices.Contains(s.Adds, name) {
		s.Adds = append(s.Adds, name)
	}
}

// changesItem notes that a def changes an item of a parameter.
func (g *gatherer) changesItem(object syntax.NodeID) {
	if id := g.m.DefAround(g.here().scope); id >= 0 {
		s := &g.m.Scopes[id]
		g.changesParam(object, s, g.m.Scopes[s.Parent].Kind == ClassScope)
	}
}

// changesParam notes the parameter of a def that a change is one of, or the attribute
// of an instance whose object is changed.
func (g *gatherer) changesParam(n syntax.NodeID, s *Scope, inClass bool) {
	base, tail := g.baseOf(n)
	for i, param := range s.Params {
		switch {
		case !g.is(base, param):
		case inClass && i == 0:
			if attr, _, _ := strings.Cut(tail, "."); attr != "" && (attr != tail || !g.isTarget(n)) {
				g.changedIn[attribute{s.Parent, attr}] = true
			}
		case !slices.Contains(s.Changes, param):
			s.Changes = append(s.Changes, param)
		}
	}
}

// An attribute is one of the instances of a class.
type attribute struct {
	class ScopeID
	name  string
}

// A keeping says that a def puts a parameter into an attribute of the instance.
type keeping struct {
	def   ScopeID
	param string
	in    attribute
}

// keepsParam notes that n, as in self.app = app, is such an attribute.
func (g *gatherer) keepsParam(n syntax.NodeID) {
	p, id := g.tree.Parent(n), g.m.DefAround(g.here().scope)
	if id < 0 || g.kind(p) != syntax.Assignment || g.tree.Nodes[n].Field != syntax.FieldLeft {
		return
	}
	s, right := &g.m.Scopes[id], g.child(p, syntax.FieldRight)
	if g.m.Scopes[s.Parent].Kind == ClassScope && len(s.Params) > 1 && g.is(g.child(n, syntax.FieldObject), s.Params[0]) &&
		g.kind(right) == syntax.Identifier && slices.Contains(s.Params[1:], string(g.tree.Text(right))) {
		g.keepings = append(g.keepings, keeping{id, g.text(right), attribute{s.Parent, g.text(g.child(n, syntax.FieldAttribute))}})
	}
}

// readKept adds to what a def changes the parameters that it keeps in attributes whose
// objects the methods of the class change.
func (g *gatherer) readKept() {
	for _, k := range g.keepings {
		if s := &g.m.Scopes[k.def]; g.changedIn[k.in] && !slices.Contains(s.Changes, k.param) {
			s.Changes = append(s.Changes, k.param)
		}
	}
}

// asksParam notes that n is a method of a parameter that is called.
func (g *gatherer) asksParam(n syntax.NodeID) {
	id := g.m.DefAround(g.here().scope)
	if id < 0 || g.callOf(n) == syntax.NoNode {
		return
	}
	s, object := &g.m.Scopes[id], g.child(n, syntax.FieldObject)
	if g.kind(object) != syntax.Identifier || !slices.Contains(s.Params, string(g.tree.Text(object))) || g.m.Scopes[s.Parent].Kind == ClassScope && g.is(object, s.Params[0]) {
		return
	}
	if ask := g.text(n); !slices.Contains(s.Asks, ask) {
		s.Asks = append(s.Asks, ask)
	}
}

// instanceOf tells whether a chain of attributes begins with what means the
// instance of a method, or its class.
func (g *gatherer) instanceOf(n syntax.NodeID, method *Scope) bool {
	for g.kind(n) == syntax.Attribute {
		if n = g.child(n, syntax.FieldObject); g.meansInstance(n, method) {
			return true
		}
	}
	return false
}

// changesObject tells whether a method of that name changes what a container holds.
func changesObject(method string) bool {
	switch method {
	case "update", "setdefault", "pop", "popitem", "popleft", "remove", "discard", "clear", "put", "sort", "reverse":
		return true
	}
	return grows[method]
}

// meansInstance tells whether n is the first parameter of the method, or the
// class, which it may also ask for its type.
func (g *gatherer) meansInstance(n syntax.NodeID, method *Scope) bool {
	switch g.kind(n) {
	case syntax.Call:
		args := g.arguments(n).positional
		return g.is(g.child(n, syntax.FieldFunction), "type") && len(args) == 1 && g.meansInstance(args[0], method)
	case syntax.Attribute:
		return g.is(g.child(n, syntax.FieldAttribute), "__class__") && g.meansInstance(g.child(n, syntax.FieldObject), method)
	}
	return g.is(n, "__class__") || g.is(n, g.m.Scopes[method.Parent].Name) || len(method.Params) > 0 && g.is(n, method.Params[0])
}

// readShared lists the containers that classes bind in their bodies: all their
// instances share them, unless a method gives each its own.
func (g *gatherer) readShared() {
	for i := range g.classes {
		class := g.classes[i].node
		s := &g.m.Scopes[g.scopes[class]]
		body := g.child(class, syntax.FieldBody)
		for n := g.firstNamed(body); n != syntax.NoNode; n = g.tree.AfterNamed(n) {
			a := n
			if g.kind(a) == syntax.ExpressionStatement {
				a = g.firstNamed(a)
			}
			name := g.child(a, syntax.FieldLeft)
			if g.kind(a) == syntax.Assignment && g.kind(name) == syntax.Identifier && g.holds(g.child(a, syntax.FieldRight)) && !g.setIn(class, name) {
				s.Shares = append(s.Shares, g.text(name))
			}
		}
	}
}

// holds tells whether an expression makes a container.
func (g *gatherer) holds(n syntax.NodeID) bool {
	switch g.kind(n) {
	case syntax.List, syntax.Set, syntax.Dictionary:
		return true
	case syntax.Call:
		switch last(g.dotted(g.child(n, syntax.FieldFunction))) {
		case "list", "set", "dict", "deque", "defaultdict", "OrderedDict", "Counter", "WeakSet", "WeakKeyDictionary", "WeakValueDictionary":
			return true
		}
	}
	return false
}

// setIn tells whether the code of a class assigns an attribute of that name.
func (g *gatherer) setIn(class, name syntax.NodeID) bool {
	for i := class; i < g.tree.Nodes[class].Next; i++ {
		if g.kind(i) == syntax.Attribute && g.isTarget(i) && g.is(g.child(i, syntax.FieldAttribute), string(g.tree.Text(name))) {
			return true
		}
	}
	return false
}
