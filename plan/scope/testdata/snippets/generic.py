class Z:
    class A[__T: __B, U = __D](__B, m=[__T for q in __X]):
        __y: __T
        def f[__K](self, a: __K = __y) -> __D: return super().x, __T
    type __Al[V] = [__T, lambda: __W]
    def g(self):
        import __a.b, __c as __d
        global __e
        for __f in []: pass
def f():
    x = 1
    class K:
        global x
        x = 2
        def m(self): return x
        y = [i for i in x if y]
        type Q = (x, y, [x, y], lambda: (x, y))
        def n[T: x](self) -> y: return T
    def h():
        global x
        def k(): return x
    (v): int
    (w): int = 3
    z: zz
    for x[0] in y: pass
    [a := b for b in [c for c in d]]
    print(__class__)
[u := 1 for t in s]
class W:
    [i for i in [super, __class__]]
    def m(self):
        return [super for _ in []]
