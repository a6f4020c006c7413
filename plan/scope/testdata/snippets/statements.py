from __future__ import division
import a.b.c, d as e, f.g as h, \
    i . j
from . import k
from .. l . m import (n as o, p,  # comment
    q)
from r import *
(s) = (t, u), [v, *w] = x.y = z[aa] = ab
with ac as ad, ae.af as (ag, ah), ai() as aj.ak, al as am[an]: pass
with (ao as ap, aq as (ar),): pass
with (as_): pass
with (at, au): pass
for (av), aw in ax: pass
else: ay
for az.ba in bb: pass
for bc in *bd, be: pass
del (bf, bg), [bh], bi.bj, bk[bl], (bm)
bn += 1
bo.bp -= bq
br[bs] *= bt
try: bu
except bv as bw: bx
except (by, bz) as ca: pass
else: cb
finally: cc
cd: ce = cf
cg: ch
(ci): cj
(ck): cl = cm
cn.co: cp = cq
cr[cs]: ct
cu: List[Dict[cv, cw.cx]] | None = cy
print >> cz, da
type(db).dc = dd
type(de)[0] = df
if (dg := dh(di=dj)) and dk[dl:dm:dn, (do := dp)]: pass
dq = yield_ = lambda dr, ds=dt, *du, dv=dw, **dx: (dr, ds, du, dv, dx, dy)
raise dz from ea
assert eb, ec
ed if ee else ef
[*eg.eh(), ei]
{**ej, ek: el}
em(*en, eo=ep, **eq)
match = case = type = _ = print = exec = 1
match + case[type] + _.match
print(exec, file=match)
global er
er = es
rb"fg{fg}", "{fh}" f"{fi}"
while fj: break
else: continue_
async def fk(fl, fm: fn, fo=fp, *fq: fr, fs: ft = fu, **fv: fw) -> fx:
    fy: fz = ga
    gb: gc
    (gd): ge
    gf.gg: gh = gi
    async with gj as gk: await gl
    async for gm in gn: yield go
    yield gp
@gq.gr(gs)
@(lambda gt: gt)
class gu(gv, metaclass=gw, *gx, **gy): pass
def gz(ha, hb, *, hc): 
    nonlocal_ = 1
    def hd():
        nonlocal ha, hb
        ha = hb
        global he
        he += 1
        import hf.hg
        from hh import hi
        del hb
a.b.print = a.exec = 1
ａ = ﬁ = 1
a
x = not a
x: not a = 1
x: a[b](c).d[e] = 1
if True:
	tabs = tabs
