def f(a):
    y = [x for x in a if (z := q)]
    return [lambda: (k, w) for k in a for w in b], [[d for d in c] for c in a]
class C:
    u = [v for v in [1]]
