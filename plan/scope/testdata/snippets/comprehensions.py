def f(a):
    y = [x for x in a if (z := q)]
    global s
    [(s := t) for t in a]
    {u: (v := u) for u in a for w in u if (lambda: w)}
    return [lambda: (k, w) for k in a for w in b], [[d for d in c] for c in a]
def g(s):
    curdir = "."
    r = [[c for c in s if c != curdir] for s in s]
    n = ((m, o) for m in [p for p in s] for o in (lambda: m)())
    def h():
        nonlocal curdir
        return [curdir := 1 for _ in s]
    return lambda: [l := 1 for _ in s], lambda: l
[i := 1 for j in k]
[[o := 1 for m in n] for n in k]
(lambda: [w := 1 for _ in k])
class C:
    u = [v for v in u]
    t = [[v for v in u] for u in (x for x in t)]
    def f(self): return [super().f for _ in self]
x = [x for x in x for y in x for x in y]
x = {x: y for x, y in x}
x = {*a, *[b for b in a]}
x = [a for a, *b in c for d.e in f for g[h] in i for (j, [k]) in l]
async def k():
    return [await x async for x in y if await z], (x async for x in y)
x = [(lambda: x, y) for x in z if [x for y in x] for y in (lambda x=x: x)]
any(x for x in y)
any((x for x in y))
def outer():
    a = b = c = 1
    def inner():
        return [a for _ in b], [(lambda: c) for _ in c]
    class K:
        returned = [a for _ in b]
        c2 = [(lambda: c) for _ in c]
    return [lambda: (inner, d) for d in a]
