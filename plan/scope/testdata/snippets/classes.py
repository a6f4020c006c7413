import decimal, json
class A:
    x = 1
    y = [x for _ in range(x)]
    z = [x for x in [x] if (lambda: x)]
    f = lambda self, a=x: (a, x)
    def m(self, a=x, *, b: "x" = x) -> x:
        return x, __class__, super().m, A
    class B(x):
        x = x
        def n(self): return __class__, [super for _ in x]
    @property
    def p(self): return self.x
    [__class__ for i in [super, __class__]]
    {(lambda: i) for i in y}
    def __class__(self): return super
    w: x = x
    (q): x
    global g
    g = 1
    def h(self): return g
    k = staticmethod(lambda: decimal.Decimal(1))
    del y
    if json: json = None
    json
def f(v):
    class C:
        v = v
        def m(self): return v
    class D:
        nonlocal v
        v = 2
        def m(self): return v, __class__
        class E:
            def m(self): return super().m(), v
    class F:
        global v
        def m(self): return v
        u = [v for _ in v]
        def n(self):
            def o(): return __class__, v
            return o
    class G:
        def m(self):
            __class__ = 1
            def n(): return __class__, super()
    return [v for _ in [lambda: v]], lambda: super
def g():
    print(__class__, super)
    def h(): return __class__
class Same:
    class Same:
        def m(self): return super(Same, self), Same
class H(lambda: q, metaclass=lambda: q, **{(lambda: k): v for k in H}): pass
