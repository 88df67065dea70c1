import numpy as np
rng = np.random.default_rng(7)
L, D, N = 6, 3, 4
u = rng.normal(size=(L, D))
A = -np.exp(rng.normal(size=(D, N)))
delta = np.log1p(np.exp(rng.normal(size=(L, D))))
B, C = rng.normal(size=(L, N)), rng.normal(size=(L, N))
x = np.zeros((D, N))
ys = []
for i in range(L):
    dA = np.exp(delta[i][:, None] * A)
    dB = delta[i][:, None] * B[i][None, :]
    x = dA * x + dB * u[i][:, None]
    ys.append(x @ C[i])
print(np.array(ys)[-1])
