f"{et!r:{eu}>{ev.ew}} {ex=} {ey:=10} {(ez:=1)} {fa:%H:%M} {{fb}} {fc[fd]:{fe}}"
f"{ga:=w}{gb:={gc}}{gd!s:=+{ge}.{gf}}" rf"\d{gg}\{gh}" F'{gi}' "{gj}"
f'''{
gk} {gl
   :>{gm}}'''
f"{(lambda gn: gn)(go)} {[gp for gp in gq]} { {gr: gs}[gr] } {gt if gu else gv} {gw!r} {gx != gy} {gz == gz}"
class C:
    __a = f"{__b:{__c}}"
