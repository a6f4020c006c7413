"""The future import keeps annotations as text."""
from __future__ import annotations as ann, division
import json
def f(a: json.A, *b: [x for x in json], c: (lambda: json) = json) -> json.R:
    v: json.V = c
    w: a
    def g(d: a) -> v: return c
    class K:
        a: a
        k: K = 1
        def m(self, x: k, y: __class__, z: __p) -> super: return a
    return g
class C[T]:
    x: T
    def m[U](self, a: U, b: T) -> x: pass
x: json = 1
(y): json
z.z: json
q: "json"
