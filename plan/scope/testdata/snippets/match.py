def f(command, A, B):
    match command, A:
        case x: pass
    match command:
        case A.B: pass
        case A(x, y=z, w=A.B): pass
        case A.C(x) as q: pass
        case [x, *y, _]: pass
        case (x, *_): pass
        case {"a": b, A.B: c, **rest}: pass
        case {-1: b, 1+2j: c, None: d, "x" "y": e}: pass
        case A.B | "x" | None | -1: pass
        case (A() | B()) as c if c > d: pass
        case x, y: pass
        case [a, (b as c)]: pass
        case *a, b: pass
        case [(x), ((y))]: pass
        case [x] | {"k": x}: pass
        case {**rest2}: pass
        case {"a": {"b": (v.w | "u") as t, **r}}: pass
        case {"k": [*s], **z}: pass
        case print(match=case, type=type): pass
        case match if rest: return lambda: (match, rest)
        case _ if _: _
    match (command): 
        case str() | int(): pass
    match = {}
    match[a]
    match(a)
    match.a = 1
    case = match
    match -a, b:
        case []: pass
        case (): pass
        case -0.5: pass
        case _: pass
