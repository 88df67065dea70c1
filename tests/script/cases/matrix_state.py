import numpy as np
rng = np.random.default_rng(9)
T, d = 8, 4
q, k, v = rng.normal(size=(3, T, d))
beta = 1 / (1 + np.exp(-rng.normal(size=T)))
S = np.zeros((d, d))
o = []
for t in range(T):
    kt = k[t] / np.sqrt((k[t] ** 2).sum())
    S = S + beta[t] * np.outer(v[t] - S @ kt, kt)
    o.append(S @ q[t])
o = np.array(o)
print(o.shape, round(float(o.sum()), 10))
