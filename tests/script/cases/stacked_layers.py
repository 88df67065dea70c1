import numpy as np
np.random.seed(21)
L, T, D, H = 2, 6, 3, 3
Ws = [np.random.randn(D, H) * 0.5 for _ in range(L)]
Us = [np.random.randn(H, H) * 0.5 for _ in range(L)]
xs = np.random.randn(T, D)
h = [np.zeros(H) for _ in range(L)]
top = []
for t in range(T):
    inp = xs[t]
    for l in range(L):
        h[l] = np.tanh(inp @ Ws[l] + h[l] @ Us[l])
        inp = h[l]
    top.append(inp)
print(np.vstack(top))
