f"{a:{b:{c}}}" f'{f"{f'{d}'}"}' f"{e["f"]}" f"{
    g  # comment {h}
    :{i}}" f"{[x for x in j]!r:{[z for z in k][0]}}" f'{f"{(w := [v for v in y])}"}'
f"{lambda_(lambda l: {l: m})}" f"{'\n'.join(n)}" f"{o:\n{p}}"
