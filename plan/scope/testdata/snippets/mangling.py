class _Z:
    __a = 1
    import __b, __c as __d, __e.__f, __g__
    from __h import __i as __j, __k
    def __m(self, __p, *__q, __r=__a, **__s):
        global __t
        __t = __a.__b(__c=__p)
        try: pass
        except __E as __e: del __e
        for __f in __g__: [__h for __i in __j]
        with __k as (__l, *__m): pass
        lambda __n: __o__ + __o
        class __N(__M):
            __z = __y
        return f"{__x!r:{__w}}", (__v := 1)
    class ___:
        __u = __v
        def __x(self): return __u
class __:
    __x = __y
class Q__:
    __x = __y
    nonlocal_ = 1
    def f(self):
        __n = 1
        def g():
            nonlocal __n
            __n += 1
__x
