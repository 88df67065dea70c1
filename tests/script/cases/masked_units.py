import numpy as np
np.random.seed(17)
T, D, H = 6, 3, 4
X = np.random.randn(T, D)
mask = (np.random.rand(H) > 0.3) / 0.7
W = np.random.randn(D + H, H) * 0.2
b = np.zeros(H)
h = np.zeros(H)
H_all = np.zeros((T, H))
for t in range(T):
    concat = np.hstack([X[t], h])
    h = np.tanh(concat @ W + b) * mask
    H_all[t] = h
print(H_all.sum(axis=1))
print(f"{H_all.mean():.6f} {np.max(np.abs(H_all)):.3f}")
