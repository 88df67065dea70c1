import numpy as np
rng = np.random.default_rng(5)
W, U = rng.normal(size=(3, 4)) * 0.5, rng.normal(size=(4, 4)) * 0.3
xs = rng.uniform(-1, 1, (6, 3))
h = np.zeros(4)
kept = []
for x in xs:
    f = 1 / (1 + np.exp(-(x @ W + h @ U)))
    share = np.cumprod(f)
    h = share * h + (1 - share) * np.tanh(x @ W)
    kept.append(f)
F = np.array(kept)
decay = np.cumprod(F, axis=0)
back = F[::-1].cumprod(axis=0)[::-1]
whole = F.cumprod()
twice = F.repeat(2, axis=0)
sums = F.cumsum(axis=1)
counts = np.cumprod(np.arange(1, 7))
print(counts, decay.shape, whole.shape)
print(np.round(decay[-1], 4))
