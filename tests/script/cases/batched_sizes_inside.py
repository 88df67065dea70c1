import numpy as np
np.random.seed(0)
N, T, D, H = 2, 4, 3, 5
x = np.random.randn(N, T, D)
Wx, Wh, b = np.random.randn(D, H), np.random.randn(H, H), np.zeros(H)
h = np.zeros((N, H))
for t in range(T):
    N, H = h.shape
    h = np.tanh(x[:, t, :] @ Wx + h @ Wh + b)
print(h)
