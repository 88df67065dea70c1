import numpy as np
np.random.seed(8)
T, D, H = 5, 2, 3
X = np.random.randn(T, D)
Wf, Uf = np.random.randn(D, H), np.random.randn(H, H)
Wb, Ub = np.random.randn(D, H), np.random.randn(H, H)
forward, backward = [None] * T, [None] * T
h = np.zeros(H)
for t in range(T):
    h = np.tanh(X[t] @ Wf + h @ Uf)
    forward[t] = h
h = np.zeros(H)
for t in range(T - 1, -1, -1):
    h = np.tanh(X[t] @ Wb + h @ Ub)
    backward[t] = h
both = np.concatenate([np.array(forward), np.array(backward)], axis=1)
print(both.shape)
