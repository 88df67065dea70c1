import numpy as np
rng = np.random.RandomState(1)
B, T, D, H = 2, 4, 3, 5
x = rng.randn(B, T, D)
W = rng.randn(D, H) * .3
U = rng.randn(H, H) * .3
h = np.zeros((B, H))
outs = []
for t in range(T):
    h = np.tanh(np.tensordot(x[:, t], W, axes=1) + np.tensordot(h, U, axes=([1], [0])))
    outs.append(h)
out = np.stack(outs, axis=1)
print(out.shape)
print(np.tensordot(out, U, axes=(2, 0)).sum().round(12))
