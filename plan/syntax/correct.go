package syntax

// correct makes the nodes those of CPython's reading where the grammar's
// differs, in place, and says what of the tree is no Python 3.
func correct(nodes []Node) *lexError {
	for i := range nodes {
		switch n := &nodes[i]; n.Kind {
		case ListSplat:
			unbindSplat(nodes, NodeID(i))
		case RaiseStatement:
			if first := NodeID(i) + 2; first < n.Next && nodes[first].Kind == ExpressionList {
				return &lexError{int(n.Start), "raise statement of Python 2"}
			}
		case TuplePattern:
			if k := nodes[n.Parent].Kind; k == Parameters || k == LambdaParameters {
				return &lexError{int(n.Start), "tuple parameter of Python 2"}
			}
		case DefaultParameter:
			if first := NodeID(i) + 1; first < n.Next && nodes[first].Kind == TuplePattern {
				return &lexError{int(n.Start), "tuple parameter of Python 2"}
			}
		case PrintStatement, ExecStatement:
			return &lexError{int(n.Start), "print or exec statement of Python 2"}
		}
	}
	return nil
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
