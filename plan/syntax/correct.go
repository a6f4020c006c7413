package syntax

// correct makes the nodes those of CPython's reading where the grammar's
// differs, in place, and says what of the tree is no Python 3. lines are the
// starts of the logical lines.
func correct(t *Tree, lines []uint32) *lexError {
	nodes := t.Nodes
	for i := range nodes {
		n := &nodes[i]
		// To the grammar a line end is a blank wherever no statement can end.
		for len(lines) > 0 && lines[0] < n.Start {
			lines = lines[1:]
		}
		if len(lines) > 0 && lines[0] == n.Start && i > 0 {
			lines = lines[1:]
			if !startsLine(n.Kind, nodes[n.Parent].Kind) {
				return &lexError{int(n.Start), "invalid syntax"}
			}
		}
		switch n.Kind {
		case Identifier:
			// A keyword where the grammar expects none is a name to it.
			if k := kindOfWord(t.Source[n.Start:n.End]); k != name && k != softKeyword {
				return &lexError{int(n.Start), "invalid syntax: a keyword is no name"}
			}
		case ExpressionStatement:
			if k := nodes[i+1].Kind; k == NamedExpression || k == AsPattern {
				return &lexError{int(n.Start), "invalid syntax"}
			}
		case ListSplat:
			unbindSplat(nodes, NodeID(i))
		case ArgumentList:
			if i+2 < len(nodes) && nodes[i+2].Kind == TokComma {
				return &lexError{int(nodes[i+2].Start), "invalid syntax"}
			}
			if at := disorder(nodes, NodeID(i), KeywordArgument); at >= 0 {
				return &lexError{at, "positional argument follows keyword argument"}
			}
		case Parameters, LambdaParameters:
			if at := disorder(nodes, NodeID(i), DefaultParameter); at >= 0 {
				return &lexError{at, "parameter without a default follows parameter with a default"}
			}
		case ImportStatement, ImportFromStatement, FutureImportStatement:
			if last := n.Next - 1; nodes[last].Kind == TokComma {
				return &lexError{int(nodes[last].Start), "trailing comma not allowed without surrounding parentheses"}
			}
		case NonlocalStatement:
			around := n.Parent
			for k := nodes[around].Kind; k != Module && k != FunctionDefinition && k != ClassDefinition; k = nodes[around].Kind {
				around = nodes[around].Parent
			}
			if nodes[around].Kind == Module {
				return &lexError{int(n.Start), "nonlocal declaration not allowed at module level"}
			}
		case RaiseStatement:
			if first := NodeID(i) + 2; first < n.Next && nodes[first].Kind == ExpressionList {
				return &lexError{int(n.Start), "raise statement of Python 2"}
			}
		case TuplePattern:
			switch p := nodes[n.Parent]; p.Kind {
			case Parameters, LambdaParameters, DefaultParameter:
				return &lexError{int(n.Start), "tuple parameter of Python 2"}
			}
		}
	}
	return nil
}

// startsLine tells whether a node of kind k in one of kind parent can start a
// logical line.
func startsLine(k, parent Kind) bool {
	switch parent {
	case Module, Block, DecoratedDefinition:
		return true
	}
	switch k {
	case Block, ElifClause, ElseClause, ExceptClause, ExceptGroupClause, FinallyClause, CaseClause:
		return true
	}
	return false
}

// disorder finds a plain argument or parameter after one of kind named, or its
// typed form; -1 when all are in order.
func disorder(nodes []Node, list NodeID, named Kind) int {
	seen := false
	for c := list + 1; c < nodes[list].Next; c = nodes[c].Next {
		n := nodes[c]
		switch n.Kind {
		case named, TypedDefaultParameter:
			seen = true
		case DictionarySplat:
			seen = true
		case KeywordSeparator, ListSplatPattern:
			return -1 // after a star the order is free
		case TypedParameter:
			if k := nodes[c+1].Kind; k == ListSplatPattern || k == DictionarySplatPattern {
				return -1
			}
			if seen {
				return int(n.Start)
			}
		case ListSplat, DictionarySplatPattern, PositionalSeparator, Comment:
		default:
			if seen && n.Flags&FlagNamed != 0 {
				return int(n.Start)
			}
		}
	}
	return -1
}

// unbindSplat mends `[*a.b()]`, in which the grammar splats a and then takes
// the attribute and calls it. The chain of nodes that start with the splat
// becomes its operand.
func unbindSplat(nodes []Node, s NodeID) {
	top := s
	for p := nodes[top].Parent; p != NoNode && p == top-1; p = nodes[p].Parent {
		switch nodes[p].Kind {
		case Attribute, Call, Subscript:
		default:
			p = NoNode
		}
		if p == NoNode {
			break
		}
		top = p
	}
	if top == s {
		return
	}
	operand := s + 2 // after the star
	splat, star := nodes[s], nodes[s+1]
	outer := nodes[top]
	// Children further right of a node in the chain follow it by two.
	for i := operand; i < outer.Next; i++ {
		switch p := nodes[i].Parent; {
		case p == s:
			nodes[i].Parent = s + 1
		case p >= top && p < s:
			nodes[i].Parent = p + 2
		}
	}
	nodes[operand].Field = nodes[s].Field
	copy(nodes[top+2:operand], nodes[top:s])
	for i := top + 2; i < operand; i++ {
		nodes[i].Start = nodes[operand].Start
		nodes[i].Parent = i - 1
	}
	nodes[top+2].Parent, nodes[top+2].Field = top, NoField
	splat.Parent, splat.Next, splat.Field, splat.End = outer.Parent, outer.Next, outer.Field, outer.End
	star.Parent, star.Next = top, top+2
	nodes[top], nodes[top+1] = splat, star
}
