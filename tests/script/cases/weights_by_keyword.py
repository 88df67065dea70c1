import numpy as np
def gru_cell(x, h, *, Wz, Wr, Wn, bz=0.0, br=0.0, bn=0.0):
    sig = lambda a: 1 / (1 + np.exp(-a))
    xh = np.concatenate([x, h])
    z, r = sig(Wz @ xh + bz), sig(Wr @ xh + br)
    n = np.tanh(Wn @ np.concatenate([x, r * h]) + bn)
    return (1 - z) * n + z * h
rng = np.random.default_rng(1)
weights = {k: rng.normal(size=(4, 6)) * .4 for k in ('Wz', 'Wr', 'Wn')}
h = np.zeros(4)
for x in rng.normal(size=(5, 2)):
    h = gru_cell(x, h, **weights)
print(h)
