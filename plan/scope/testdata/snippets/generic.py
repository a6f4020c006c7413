class Z:
    class A[__T: __B, U = __D](__B, (lambda: __Q), m=[__T for q in __X]):
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
        type Q = (x, y, [x, y], lambda: (x, y), [x for y in x])
        def n[T: x](self) -> y: return T
        type R[S: (x, y) = [y for _ in y]] = (S, K, __class__)
        class L[T](x, y, [y for _ in y], lambda: y): z = x, y, T
    def h():
        global x
        def k(): return x
        type x2[x] = x
        return k
    class M:
        x = 1
        def p[T](self, a: x = x, *b: T, **c: x) -> x: return T, x, super
        @x
        async def q[*Ts, **P](self, *a: *Ts, b: P.args) -> Ts: return P, __class__
        type Y[x] = (x, lambda: x)
        nonlocal_ = x
    return M
def g[T: (int, str), *Ts = *tuple[int], **P = [T, int]](a: T, *args: *Ts) -> P:
    b: T
    def h[T](c: T = b): return T, Ts
    type In[V = T] = dict[T, V]
    return h
class D[T](Base[T], key=T):
    def m(self) -> T: return T
    class E[U](D[T]): u: U = T
type type = type
type X = a.b
type Y[T: int = str, *Ts = *tuple[T], **P = [T]] = lambda x=T: (x, T, Ts, P)
def deco[T](x=1, *, y=2): pass
lambda: (yield)
