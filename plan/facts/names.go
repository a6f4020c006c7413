package facts

import (
	"sort"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// findVariables decides which variables get a Name: all that the module
// binds, and those that an import binds in a function.
func (g *gatherer) findVariables() {
	g.occurrences = g.table.Occurrences
	inOrder := func(i, j int) bool { return g.occurrences[i].Node < g.occurrences[j].Node }
	if !sort.SliceIsSorted(g.occurrences, inOrder) {
		g.occurrences = append([]scope.Occurrence(nil), g.occurrences...)
		sort.SliceStable(g.occurrences, inOrder)
	}
	g.imports = make([]bool, len(g.table.Scopes))
	for i := range g.occurrences {
		o := &g.occurrences[i]
		switch {
		case o.Owner == scope.NoScope:
		case o.Owner == scope.Module:
			if o.Role.Binds() || o.Role == scope.Delete || o.Role == scope.AnnOnly || o.Role == scope.DeclareGlobal {
				g.track(o)
			}
		case o.Role == scope.BindImport:
			if k := g.table.Scopes[o.Owner].Kind; k == scope.KindFunction || k == scope.KindLambda {
				g.imports[o.Owner] = true
				g.track(o)
			}
		}
	}
}

func (g *gatherer) track(o *scope.Occurrence) {
	v := variable{o.Owner, o.Name}
	i, known := g.owned[v]
	if !known {
		v.name = g.intern([]byte(o.Name))
		i = len(g.m.Names)
		g.owned[v] = i
		g.m.Names = append(g.m.Names, Name{Text: v.name})
		g.rights = append(g.rights, nil)
		g.fromImport = append(g.fromImport, false)
	}
	if o.Role == scope.BindImport {
		g.fromImport[i] = true
	}
}

// occurrence files one appearance of a name, in the context of its node.
func (g *gatherer) occurrence(o scope.Occurrence) {
	unit := -1
	if o.Role == scope.BindImport {
		unit = g.unitOf(o.Node)
	}
	name, known := g.find(o.Owner, o.Name)
	if !known {
		switch {
		case o.Role != scope.Load && o.Role != scope.AugAssign:
		case o.Owner == scope.Module:
			if isBuiltin(o.Name) {
				g.keep(&g.builtins, o.Node)
			}
		case o.Owner > 0 && g.table.Scopes[o.Owner].Kind == scope.KindClass:
			// A class that binds the name reads its own, and the module's
			// when it has none yet: `class C: json = json`.
			g.className(o)
			if name, known = g.find(scope.Module, o.Name); known {
				g.use(o, name, true)
			}
		}
		return
	}
	g.m.Names[name].Scope = g.ownerScope(o.Owner)
	if unit >= 0 {
		g.m.Units[unit].Name = name
		g.m.Units[unit].Outer = o.Owner > scope.Module && g.boundAround(o.Owner, o.Name)
	}
	switch o.Role {
	case scope.Load:
		g.use(o, name, false)
	case scope.DeclareGlobal:
		n := &g.m.Names[name]
		n.GlobalIn = append(n.GlobalIn, g.here().scope)
	case scope.DeclareNonlocal:
	case scope.AugAssign:
		g.use(o, name, false)
		g.bind(o, name, unit)
	default:
		g.bind(o, name, unit)
	}
}

// boundAround tells whether the name, read in the function without a binding
// of its own, would be a variable of a function around it.
func (g *gatherer) boundAround(function scope.ID, name string) bool {
	p := g.table.Scopes[function].Parent
	for p > scope.Module && g.table.Scopes[p].Kind == scope.KindClass {
		p = g.table.Scopes[p].Parent
	}
	if p <= scope.Module {
		return false
	}
	owner, bound := g.table.Lookup(p, name)
	return owner > scope.Module && bound
}

// className notes a name that a class body binds and reads, once.
func (g *gatherer) className(o scope.Occurrence) {
	key := nameKey{g.ownerScope(o.Owner), o.Name}
	if g.classReads[key] {
		return
	}
	g.classReads[key] = true
	g.m.ClassNames = append(g.m.ClassNames, ClassName{Scope: key.scope, Name: g.intern([]byte(o.Name)), Line: g.line(o.Node)})
}

func (g *gatherer) find(owner scope.ID, name string) (int, bool) {
	if owner < 0 || owner != scope.Module && !g.imports[owner] {
		return 0, false
	}
	i, known := g.owned[variable{owner, name}]
	return i, known
}

// unitOf is the unit that the identifier at node binds; -1 for none.
func (g *gatherer) unitOf(node syntax.NodeID) int {
	for ; g.nextUnit < len(g.binders); g.nextUnit++ {
		switch b := g.binders[g.nextUnit]; {
		case b == node:
			return g.nextUnit
		case b > node:
			return -1
		}
	}
	return -1
}

// ownerScope is the recorded scope of a table scope.
func (g *gatherer) ownerScope(id scope.ID) ScopeID {
	for id > scope.Module {
		if s, ok := g.scopes[g.table.Scopes[id].Node]; ok {
			return s
		}
		id = g.table.Scopes[id].Parent
	}
	return Top
}

func (g *gatherer) bind(o scope.Occurrence, name, unit int) {
	c := g.here()
	n := &g.m.Names[name]
	b := Bind{Unit: unit, Defines: -1, Line: g.line(o.Node), Offset: g.tree.Nodes[o.Node].Start, Scope: c.scope}
	right := syntax.NoNode
	statementLevel := true
	switch o.Role {
	case scope.BindImport:
		b.Kind = ByImport
		if unit < 0 {
			b.Kind = ByOther // no import that statement knows of
		}
	case scope.BindDef:
		b.Kind, b.Defines = ByDef, c.opens
	case scope.BindClass:
		b.Kind, b.Defines = ByClass, c.opens
	case scope.AugAssign:
		b.Kind = ByAugAssign
	case scope.Delete:
		b.Kind = ByDelete
	case scope.BindParameter:
		b.Kind = ByParameter
	case scope.AnnOnly:
		b.Kind = ByDeclaration
	case scope.Assign, scope.AnnAssign:
		b.Kind = ByAssign
		right = g.assigned(o.Node)
		b.Value = g.value(right)
		if g.kind(right) == syntax.Call {
			b.Made = g.dotted(g.child(right, syntax.FieldFunction))
		}
		statementLevel = g.atStatement(o.Node)
	case scope.BindExcept, scope.BindMatch:
		b.Kind = ByAssign
	default:
		b.Kind = ByOther
	}
	b.Plain = statementLevel && b.Scope == n.Scope && !c.has(conditional|comprehension|inMain|inTypes)
	n.Bindings = append(n.Bindings, b)
	g.rights[name] = append(g.rights[name], right)
}

// assigned is the value of the assignment whose whole target is id; NoNode for
// other targets.
func (g *gatherer) assigned(id syntax.NodeID) syntax.NodeID {
	nd := &g.tree.Nodes[id]
	parent := nd.Parent
	switch g.kind(parent) {
	case syntax.Assignment:
		if nd.Field != syntax.FieldLeft {
			return syntax.NoNode
		}
		right := g.child(parent, syntax.FieldRight)
		for g.kind(right) == syntax.Assignment {
			right = g.child(right, syntax.FieldRight)
		}
		return right
	case syntax.NamedExpression:
		if nd.Field == syntax.FieldName {
			return g.child(parent, syntax.FieldValue)
		}
	}
	return syntax.NoNode
}

// atStatement tells whether id is a target of an assignment statement, rather
// than a walrus, which may never run.
func (g *gatherer) atStatement(id syntax.NodeID) bool {
	for n := g.tree.Parent(id); n != syntax.NoNode; n = g.tree.Parent(n) {
		switch g.kind(n) {
		case syntax.PatternList, syntax.TuplePattern, syntax.ListPattern, syntax.ListSplatPattern,
			syntax.ExpressionList, syntax.Tuple, syntax.List, syntax.ParenthesizedExpression:
		default:
			return g.kind(n) == syntax.Assignment
		}
	}
	return false
}

// value is a dotted name, "literal" for a constant, "" for anything else.
func (g *gatherer) value(n syntax.NodeID) string {
	if n == syntax.NoNode {
		return ""
	}
	if g.isConstant(n) {
		return "literal"
	}
	return g.dotted(n)
}

// isConstant tells whether n is a number, a string without code in it, True,
// False, None or an ellipsis.
func (g *gatherer) isConstant(n syntax.NodeID) bool {
	for g.kind(n) == syntax.ParenthesizedExpression || g.kind(n) == syntax.UnaryOperator {
		n = g.firstNamed(n)
	}
	switch g.kind(n) {
	case syntax.Integer, syntax.Float, syntax.True, syntax.False, syntax.None, syntax.Ellipsis:
		return true
	case syntax.String, syntax.ConcatenatedString:
		for i := n; i < g.tree.Nodes[n].Next; i++ {
			if g.kind(i) == syntax.Interpolation {
				return false
			}
		}
		return true
	}
	return false
}

// readStray finds code that reads a global which nothing binds, of the name that an
// import in a function has: at module level, it would bind that too.
func (g *gatherer) readStray() {
	units := map[string][]int{}
	for i := range g.m.Units {
		if u := &g.m.Units[i]; g.m.Statements[u.Statement].Site == SiteFunction && u.Bound != "" {
			units[u.Bound] = append(units[u.Bound], i)
		}
	}
	if len(units) == 0 {
		return
	}
	for i := range g.table.Occurrences {
		o := &g.table.Occurrences[i]
		if o.Owner != scope.Module || o.Role.Binds() || len(units[o.Name]) == 0 {
			continue
		}
		if _, bound := g.find(scope.Module, o.Name); !bound {
			for _, unit := range units[o.Name] {
				g.m.Units[unit].Stray = g.line(o.Node)
			}
		}
	}
}
